"""Disabled, enabled, unlocked: by a security administrator, never to oneself or to an equal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from junheng.web.accounts import queries
from junheng.web.accounts.actions import standing
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import FailedSignIns, SignedInSession, Token
from junheng.web.accounts.one_time import digest
from junheng.web.accounts.roles import Role
from tests.web.accounts.people import actions_of, person, security, system

STEPS = (standing.disable, standing.enable, standing.unlock)


def test_disable_when_active_then_sessions_and_keys_stop(world) -> None:
    user = person(world)
    SignedInSession.objects.create(user=user, session_key="k")
    later = timezone.now() + timedelta(days=1)
    Token.objects.create(
        membership=world.member(Role.REPORTER, "school"), name="t", secret_hash=digest("s"), expires_at=later
    )
    assert queries.token_of("s") is not None

    standing.disable(by=security(world), user_id=user.pk)

    assert not SignedInSession.objects.exists()
    assert queries.token_of("s") is None
    assert actions_of(f"user:{user.pk}") == ["user.disable"]


def test_disable_when_disabled_then_is_refused(world) -> None:
    user = person(world)
    standing.disable(by=security(world), user_id=user.pk)

    with pytest.raises(RefusedError, match="已经停用"):
        standing.disable(by=security(world), user_id=user.pk)


def test_enable_when_disabled_then_is_active_again(world) -> None:
    user = person(world)
    standing.disable(by=security(world), user_id=user.pk)

    standing.enable(by=security(world), user_id=user.pk)

    user.refresh_from_db()
    assert user.is_active


def test_enable_when_active_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="没有停用"):
        standing.enable(by=security(world), user_id=person(world).pk)


def test_unlock_when_locked_then_the_lock_is_gone(world) -> None:
    user = person(world)
    now = timezone.now()
    FailedSignIns.objects.create(
        login_hash=digest(user.login.casefold()), count=5, last_at=now, locked_until=now + timedelta(minutes=9)
    )
    assert queries.locked_hashes([user]) == {user.pk}

    standing.unlock(by=security(world), user_id=user.pk)

    assert queries.locked_hashes([user]) == set()


@pytest.mark.parametrize("step", STEPS)
def test_standing_when_the_system_administrator_tries_then_is_refused(world, step) -> None:
    with pytest.raises(RefusedError, match="当前角色不能"):
        step(by=system(world), user_id=person(world).pk)


@pytest.mark.parametrize("step", STEPS)
def test_standing_when_it_is_about_oneself_then_is_refused(world, step) -> None:
    with pytest.raises(RefusedError, match="自己的账号"):
        step(by=security(world), user_id=world.member(Role.SECURITY_ADMIN, "county").user_id)


@pytest.mark.parametrize("step", STEPS)
def test_standing_when_the_person_is_outside_the_area_then_is_refused(world, step) -> None:
    with pytest.raises(RefusedError, match="管辖范围之外"):
        step(by=security(world), user_id=person(world, Role.REPORTER, "far_school").pk)


@pytest.mark.parametrize("step", STEPS[:2])
def test_standing_when_the_person_is_an_equal_then_is_refused(world, step) -> None:
    with pytest.raises(RefusedError, match="本级的管理员"):
        step(by=security(world), user_id=person(world, Role.AUDIT_ADMIN, "county").pk)
