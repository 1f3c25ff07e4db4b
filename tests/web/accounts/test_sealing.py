"""Secrets of second factors: sealed in the database, readable under old keys, and gone without any."""

import importlib
import logging

import pytest
from cryptography.fernet import InvalidToken
from django.apps import apps

from junheng.web.accounts.actions.sign_in import try_code
from junheng.web.accounts.models import User
from junheng.web.accounts.sealing import reseal, seal, unseal
from tests.web.accounts.people import SECRET, code_at, person

migration = importlib.import_module("junheng.web.accounts.migrations.0002_sealed_second_factor")


def test_seal_when_opened_again_then_it_is_the_secret_and_the_same_secret_looks_different_each_time() -> None:
    sealed = [seal(SECRET) for _time in range(2)]

    assert [unseal(one) for one in sealed] == [SECRET, SECRET]
    assert sealed[0] != sealed[1]
    assert SECRET not in sealed[0]
    assert (seal(""), unseal("")) == ("", "")


def test_unseal_when_the_key_was_changed_then_only_with_the_old_one_beside_it(settings, caplog) -> None:
    sealed, old = seal(SECRET), settings.SECRET_KEY
    settings.SECRET_KEY = "another"

    with caplog.at_level(logging.ERROR):
        assert unseal(sealed) == ""
    assert "SECRET_KEY" in caplog.text
    with pytest.raises(InvalidToken):
        reseal(sealed)

    settings.SECRET_KEY_FALLBACKS = [old]
    again = reseal(sealed)
    assert unseal(sealed) == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(again) == SECRET


def test_sign_in_when_the_key_was_changed_then_the_code_opens_and_the_secret_moves_to_the_new_key(
    world, settings
) -> None:
    user = person(world, has_totp=True)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

    assert try_code(user_id=user.pk, code=code_at(), address="127.0.0.1").user == user

    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(User.objects.get(pk=user.pk).totp_secret) == SECRET


def test_migration_when_there_are_plain_secrets_then_they_are_sealed_once_and_can_be_taken_back(db) -> None:
    plain = User.objects.create(login="plain", name="甲", totp_secret=SECRET)
    none = User.objects.create(login="none", name="乙")

    for _time in range(2):
        migration.seal_secrets(apps, None)

    assert unseal(User.objects.get(pk=plain.pk).totp_secret) == SECRET
    assert User.objects.get(pk=plain.pk).totp_secret != SECRET
    assert User.objects.get(pk=none.pk).totp_secret == ""
    migration.unseal_secrets(apps, None)
    assert User.objects.get(pk=plain.pk).totp_secret == SECRET
