"""A small tree of organisations, a person for every role in it, and browsers that are signed in."""

from collections.abc import Callable

import django
import pytest

django.setup()  # this file is read before pytest-django sets Django up

from django.test import Client  # noqa: E402

from junheng.web.accounts.models import Membership  # noqa: E402
from tests.web.world import World, build_world  # noqa: E402

ClientFor = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def quick_and_plain(settings, tmp_path) -> None:
    """Cheap hashes, no second factor, files in a folder of the test, background work that waits to be run by the test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_ROLES = ()  # the tests of accounts switch it on
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.WHITENOISE_AUTOREFRESH = (
        True  # looks for a file when it is asked for, and not for all at every new browser
    )


@pytest.fixture
def world(db) -> World:
    """Two provinces; the first with a city, two counties, a township, departments and schools."""
    return build_world()


@pytest.fixture
def client_for() -> ClientFor:
    """A browser in which the person of a membership is signed in, in that role."""

    def signed_in(membership: Membership) -> Client:
        client = Client()
        client.force_login(membership.user)
        session = client.session
        session["membership"] = membership.pk
        session.save()
        return client

    return signed_in
