"""Passwords and codes: what is let in, what is counted, and what nobody can learn from the answers."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.utils import timezone

from junheng.web.accounts.actions import second_factor, sign_in
from junheng.web.accounts.actions.sign_in import LOCKED_FOR, MAX_FAILURES, try_code, try_password
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import FailedSignIns, User
from junheng.web.accounts.roles import Role
from junheng.web.accounts.sealing import unseal
from junheng.web.accounts.totp import matching_step
from junheng.web.audit.models import PLATFORM_CHAIN, Entry
from tests.web.accounts.people import PASSWORD, SECRET, code_at, person


def attempt(login: str, password: str = PASSWORD) -> sign_in.Attempt:
    return try_password(login=login, password=password, address="10.0.0.9")


def fail(login: str, times: int) -> list[str]:
    return [attempt(login, "wrong").message for _number in range(times)]


def test_try_password_when_right_then_gives_the_person(world) -> None:
    user = person(world)

    assert attempt(f" {user.login} ").user == user


@pytest.mark.parametrize("login", ["reporter@school", "nobody@nowhere"])
def test_try_password_when_wrong_too_often_then_known_and_unknown_names_are_answered_alike(world, login) -> None:
    person(world)

    messages = fail(login, MAX_FAILURES + 1)

    expected = [sign_in.wrong_message()] * (MAX_FAILURES - 1) + [sign_in.locked_message()] * 2
    assert messages == expected


def test_try_password_when_locked_then_the_right_one_does_not_help_until_the_time_is_over(world) -> None:
    user = person(world)
    fail(user.login, MAX_FAILURES)
    assert attempt(user.login).message == sign_in.locked_message()

    FailedSignIns.objects.update(locked_until=timezone.now() - timedelta(seconds=1))

    assert attempt(user.login).user == user


def test_try_password_when_the_lock_is_over_then_counting_begins_anew(world) -> None:
    user = person(world)
    fail(user.login, MAX_FAILURES)
    FailedSignIns.objects.update(locked_until=timezone.now() - timedelta(seconds=1))

    fail(user.login, 1)

    assert FailedSignIns.objects.get().count == 1


def test_try_password_when_the_last_failure_is_long_ago_then_counting_begins_anew(world) -> None:
    user = person(world)
    fail(user.login, MAX_FAILURES - 1)
    FailedSignIns.objects.update(last_at=timezone.now() - LOCKED_FOR - timedelta(seconds=1))

    assert fail(user.login, 1) == [sign_in.wrong_message()]
    assert FailedSignIns.objects.get().count == 1


def test_try_password_when_failures_are_a_day_old_then_they_are_forgotten(world) -> None:
    fail("nobody", 1)
    FailedSignIns.objects.update(last_at=timezone.now() - timedelta(days=2))

    fail("somebody", 1)

    assert FailedSignIns.objects.count() == 1


@pytest.mark.parametrize("state", ["unknown", "disabled", "without_password", "wrong", "locked"])
def test_try_password_when_it_fails_then_one_hash_is_computed_whatever_the_reason(world, monkeypatch, state) -> None:
    user = person(world)
    login = "nobody" if state == "unknown" else user.login
    if state == "disabled":
        User.objects.update(is_active=False)
    if state == "without_password":
        User.objects.update(password="!unusable")
    if state == "locked":
        fail(login, MAX_FAILURES)
    hashed = []
    kind = type(hashers.get_hasher())
    encode = kind.encode

    def counted(*given):
        hashed.append(given)
        return encode(*given)

    monkeypatch.setattr(kind, "encode", counted)

    result = attempt(login, "wrong")

    assert result.user is None
    assert len(hashed) == 1


def test_try_password_when_it_fails_then_the_typed_name_is_kept_nowhere(world) -> None:
    fail("my-secret-typed-into-the-wrong-field", 1)

    entry = Entry.objects.get()
    assert (entry.organisation_id, entry.action) == (PLATFORM_CHAIN, "sign_in.fail")
    assert "my-secret" not in str(vars(entry)) + FailedSignIns.objects.get().login_hash


def test_try_password_when_a_known_person_fails_then_their_place_tells(world) -> None:
    user = person(world)

    fail(user.login, MAX_FAILURES)

    entries = Entry.objects.filter(organisation_id=world["school"].pk, subject=f"user:{user.pk}").order_by("id")
    assert [entry.action for entry in entries] == ["sign_in.fail"] * (MAX_FAILURES - 1) + ["sign_in.lock"]


def test_try_code_when_right_then_lets_in_once(world) -> None:
    user = person(world, has_totp=True)
    code = code_at()

    first = try_code(user_id=user.pk, code=code, address="")
    again = try_code(user_id=user.pk, code=code, address="")

    assert first.user == user
    assert again.message == sign_in.wrong_message()


def test_try_code_when_older_than_the_last_one_then_is_refused(world) -> None:
    user = person(world, has_totp=True)
    assert try_code(user_id=user.pk, code=code_at(1), address="").user == user

    assert try_code(user_id=user.pk, code=code_at(), address="").user is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_try_code_when_it_is_no_code_then_is_counted(world, code) -> None:
    user = person(world, has_totp=True)

    assert try_code(user_id=user.pk, code=code, address="").user is None
    assert FailedSignIns.objects.get().count == 1


def test_try_code_when_wrong_too_often_then_is_locked_like_a_password(world) -> None:
    user = person(world, has_totp=True)
    for _number in range(MAX_FAILURES):
        try_code(user_id=user.pk, code="000", address="")

    assert try_code(user_id=user.pk, code=code_at(), address="").message == sign_in.locked_message()
    assert User.objects.get(pk=user.pk).totp_last_step == 0  # the good code was not used up


def test_try_code_when_a_recovery_code_is_typed_then_it_works_once_however_written(world) -> None:
    user = person(world)
    codes = second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(), address="")
    typed = codes[3].lower().replace("-", " ")

    assert try_code(user_id=user.pk, code=typed, address="").user == user
    assert try_code(user_id=user.pk, code=typed, address="").user is None


def test_try_code_when_the_person_was_disabled_meanwhile_then_is_refused(world) -> None:
    user = person(world, has_totp=True)
    User.objects.update(is_active=False)

    assert try_code(user_id=user.pk, code=code_at(), address="").user is None


def test_set_up_when_the_code_fits_then_gives_ten_codes_and_keeps_hashes(world) -> None:
    user = person(world)

    codes = second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(), address="")

    kept = set(user.recovery_codes.values_list("code_hash", flat=True))
    assert len(set(codes)) == len(kept) == 10
    assert not kept & set(codes)
    assert unseal(User.objects.get(pk=user.pk).totp_secret) == SECRET


def test_set_up_when_the_code_is_wrong_then_nothing_is_kept(world) -> None:
    user = person(world)

    with pytest.raises(RefusedError, match="验证码不对"):
        second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(5), address="")

    assert User.objects.get(pk=user.pk).totp_secret == ""


def test_set_up_when_it_is_there_already_then_is_refused(world) -> None:
    user = person(world, has_totp=True)

    with pytest.raises(RefusedError, match="已经开启"):
        second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(), address="")


def test_remove_when_no_role_asks_for_it_then_codes_go_too(world) -> None:
    user = person(world)
    second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(), address="")

    second_factor.remove(user_id=user.pk, address="")

    assert User.objects.get(pk=user.pk).totp_secret == ""
    assert not user.recovery_codes.exists()


def test_remove_when_a_role_asks_for_it_then_is_refused(world, settings) -> None:
    settings.SECOND_FACTOR_ROLES = (Role.COUNTY_OFFICE.value,)
    user = person(world, Role.COUNTY_OFFICE, "county", has_totp=True)

    with pytest.raises(RefusedError, match="必须使用二次验证"):
        second_factor.remove(user_id=user.pk, address="")


def test_renew_codes_when_set_up_then_the_old_ones_stop(world) -> None:
    user = person(world)
    old = second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(), address="")

    new = second_factor.renew_codes(user_id=user.pk, address="")

    assert not set(old) & set(new)
    assert try_code(user_id=user.pk, code=old[0], address="").user is None
    assert try_code(user_id=user.pk, code=new[0], address="").user == user


def test_renew_codes_when_there_is_no_second_factor_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="还没有开启"):
        second_factor.renew_codes(user_id=person(world).pk, address="")


@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_matching_step_when_the_clock_is_off_then_one_step_is_forgiven(steps, is_good) -> None:
    assert bool(matching_step(SECRET, code_at(steps), timezone.now())) is is_good


def test_matching_step_when_there_is_no_secret_then_no_code_fits() -> None:
    assert matching_step("", "123456", timezone.now()) == 0
