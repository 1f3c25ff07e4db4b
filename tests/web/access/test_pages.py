"""What visitors get who may not enter: a page, or, when a part of a page was asked for, the way to one."""

import pytest
from django.test import Client
from django.urls import reverse

from junheng.web.accounts.models import Membership
from junheng.web.accounts.roles import Role

PART = {"HX-Request": "true"}


def test_page_when_a_visitor_asks_then_is_sent_to_sign_in_and_back(db, client) -> None:
    answer = client.get(reverse("returns:rounds") + "?page=2")

    assert (answer.status_code, answer.url) == (302, "/accounts/sign-in/?next=/returns/rounds/%3Fpage%3D2")


def test_page_when_a_visitor_asks_for_a_part_then_the_whole_page_signs_in(db, client) -> None:
    headers = {**PART, "HX-Current-URL": "http://testserver/returns/progress/?year=2026"}

    answer = client.get(reverse("returns:rounds"), headers=headers)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/accounts/sign-in/?next=/returns/progress/%3Fyear%3D2026"
    assert answer.content == b""


@pytest.mark.parametrize("current", ["http://elsewhere.example/returns/", ""])
def test_page_when_the_page_of_a_part_is_unknown_then_comes_back_to_what_was_asked_for(db, client, current) -> None:
    answer = client.get(reverse("returns:rounds"), headers={**PART, "HX-Current-URL": current})

    assert answer.headers["HX-Redirect"] == "/accounts/sign-in/?next=/returns/rounds/"


def test_page_when_somebody_without_a_role_asks_for_a_part_then_the_whole_page_says_so(world) -> None:
    member = world.member(Role.COUNTY_OFFICE, "county")
    Membership.objects.all().delete()
    client = Client()
    client.force_login(member.user)

    answer = client.get(reverse("returns:rounds"), headers=PART)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, reverse("accounts:roles"))
    assert client.get(reverse("returns:rounds")).headers["Location"] == reverse("accounts:roles")
