"""Sessions, one's own password, and keys for programs."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone

from junheng.web.accounts import queries
from junheng.web.accounts.actions import password, sessions, tokens
from junheng.web.accounts.actors import person_actor
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import FailedSignIns, Token
from junheng.web.accounts.one_time import digest
from junheng.web.accounts.roles import Role
from tests.web.accounts.people import OTHER_PASSWORD, actions_of, person, security, system


def opened(user, browser: str = "浏览器"):
    store = SessionStore()
    store.create()
    return sessions.open_session(user=user, session_key=str(store.session_key), address="10.0.0.1", browser=browser)


def test_open_session_when_signed_in_then_failures_are_forgotten_and_dead_sessions_go(world) -> None:
    user = person(world)
    FailedSignIns.objects.create(login_hash=digest(user.login.casefold()), count=3, last_at=timezone.now())
    dead = opened(user)
    Session.objects.filter(session_key=dead.session_key).delete()

    now = opened(user, "x" * 500)

    assert not FailedSignIns.objects.exists()
    assert list(queries.own_sessions(user)) == [now]
    assert len(now.browser) == 200


def test_end_one_when_it_is_ones_own_then_the_browser_is_signed_out(world) -> None:
    user = person(world)
    there = opened(user)

    sessions.end_one(user=user, session_id=there.pk, address="")

    assert not Session.objects.filter(session_key=there.session_key).exists()
    assert not queries.own_sessions(user).exists()


def test_end_one_when_it_is_somebody_elses_then_is_refused(world) -> None:
    theirs = opened(person(world, Role.PRINCIPAL))

    with pytest.raises(RefusedError, match="已经结束"):
        sessions.end_one(user=person(world), session_id=theirs.pk, address="")

    assert Session.objects.filter(session_key=theirs.session_key).exists()


def test_end_others_when_there_are_three_then_this_one_stays(world) -> None:
    user = person(world)
    here, *_others = [opened(user) for _number in range(3)]

    assert sessions.end_others(user=user, keep=here.session_key, address="") == 2
    assert list(queries.own_sessions(user)) == [here]


def test_close_when_somebody_leaves_then_it_is_recorded(world) -> None:
    user = person(world)
    here = opened(user)

    sessions.close(user=user, session_key=here.session_key, address="")

    assert not queries.own_sessions(user).exists()
    assert actions_of(f"user:{user.pk}") == ["session.start", "session.end"]


def test_move_when_the_key_changes_then_the_list_follows(world) -> None:
    user = person(world)
    here = opened(user)

    sessions.move(user=user, before=here.session_key, after="other")

    assert queries.own_sessions(user).get().session_key == "other"


def test_change_when_the_new_password_is_good_then_it_works(world) -> None:
    user = password.change(user_id=person(world).pk, password=OTHER_PASSWORD, address="")

    assert user.check_password(OTHER_PASSWORD)
    assert actions_of(f"user:{user.pk}") == ["password.change"]


def test_change_when_the_new_password_is_weak_then_the_old_one_stays(world) -> None:
    user = person(world)
    before = user.password

    with pytest.raises(ValidationError):
        password.change(user_id=user.pk, password="1234567890", address="")

    user.refresh_from_db()
    assert user.password == before


def issued(world, days: float = 30, role: Role = Role.REPORTER, place: str = "school", by=None) -> tokens.Made:
    return tokens.issue(
        by=by or security(world),
        membership_id=world.member(role, place).pk,
        name=" 夜间同步 ",
        expires_at=timezone.now() + timedelta(days=days),
    )


def test_issue_when_allowed_then_the_secret_finds_the_key_and_is_kept_nowhere(world) -> None:
    made = issued(world)

    found = queries.token_of(made.secret)
    assert (found, made.token.name) == (made.token, "夜间同步")
    assert made.secret.startswith("jh_")
    assert made.secret not in made.token.secret_hash
    assert queries.token_of("jh_guess") is None


def test_issue_when_sent_twice_then_there_is_one_key_until_it_is_revoked(world) -> None:
    made = issued(world)

    with pytest.raises(RefusedError, match="同名的有效令牌"):
        issued(world)

    tokens.revoke(by=security(world), token_id=made.token.pk)
    assert issued(world).token != made.token


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_issue_when_it_would_last_too_long_or_not_at_all_then_is_refused(world, days) -> None:
    with pytest.raises(RefusedError, match="有效期"):
        issued(world, days)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_issue_when_it_would_act_as_an_administrator_then_is_refused(world, role) -> None:
    with pytest.raises(RefusedError, match="不能代表管理员"):
        issued(world, role=role, place="county")


def test_issue_when_the_role_has_ended_then_is_refused(world) -> None:
    held = world.member(Role.REPORTER, "school")
    held.ended_at = timezone.now()
    held.save()

    with pytest.raises(RefusedError, match="已结束的角色"):
        issued(world)


def test_issue_when_outside_the_area_or_another_role_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="管辖范围"):
        issued(world, place="far_school")
    with pytest.raises(RefusedError, match="当前角色不能"):
        issued(world, by=system(world))


def test_issue_when_it_would_act_as_oneself_then_is_refused(world) -> None:
    oneself = world.member(Role.SECURITY_ADMIN, "county")
    held = oneself.user.memberships.create(organisation=world["county"], role=Role.LEADER)

    with pytest.raises(RefusedError, match="自己的账号"):
        tokens.issue(by=security(world), membership_id=held.pk, name="x", expires_at=timezone.now() + timedelta(days=1))


def test_revoke_when_it_works_then_it_stops_once(world) -> None:
    made = issued(world)

    tokens.revoke(by=security(world), token_id=made.token.pk)

    assert queries.token_of(made.secret) is None
    with pytest.raises(RefusedError, match="已经撤销"):
        tokens.revoke(by=security(world), token_id=made.token.pk)


def test_token_of_when_it_ran_out_then_there_is_none(world) -> None:
    made = issued(world)
    Token.objects.update(expires_at=timezone.now())

    assert queries.token_of(made.secret) is None


def test_give_up_when_it_acts_as_oneself_then_stops(world) -> None:
    made = issued(world)
    user = made.token.membership.user

    tokens.give_up(by=person_actor(user), user=user, token_id=made.token.pk)

    assert queries.token_of(made.secret) is None


def test_give_up_when_it_acts_as_another_then_is_refused(world) -> None:
    made = issued(world)
    other = person(world, Role.PRINCIPAL)

    with pytest.raises(RefusedError, match="不代表您"):
        tokens.give_up(by=person_actor(other), user=other, token_id=made.token.pk)


def test_note_used_when_called_often_then_writes_once_a_minute(world) -> None:
    token = issued(world).token
    tokens.note_used(token=token)
    first = Token.objects.get().used_at
    token.refresh_from_db()

    tokens.note_used(token=token)
    assert Token.objects.get().used_at == first

    token.used_at = timezone.now() - timedelta(minutes=2)
    tokens.note_used(token=token)
    assert Token.objects.filter(used_at__gt=first).exists()
