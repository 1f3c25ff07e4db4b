"""People are made without a password; a link lets them set one, once, for a while."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from junheng.web.accounts import queries
from junheng.web.accounts.actions import invitations, people
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Invitation, RecoveryCode, User
from junheng.web.accounts.roles import Role
from tests.web.accounts.people import (
    OTHER_PASSWORD,
    PASSWORD,
    actions_of,
    asked,
    person,
    security,
    stranger,
    system,
)
from tests.web.installation import installation


def invited(world, **changed):
    told = {"login": "Li.Hua", "name": " 李华 ", "phone": "", "organisation": world["school"], "role": Role.REPORTER}
    return people.invite(by=system(world), **{**told, **changed})


def test_invite_when_new_then_there_is_a_person_a_request_and_a_hash(world) -> None:
    made = invited(world)

    assert (made.user.login, made.user.name, made.user.has_usable_password()) == ("li.hua", "李华", False)
    assert made.request.role == Role.REPORTER
    assert made.secret not in Invitation.objects.get().secret_hash
    assert actions_of(f"user:{made.user.pk}") == ["user.create", "membership.request", "invitation.issue"]


def test_invite_when_the_login_is_taken_then_is_refused(world) -> None:
    invited(world)

    with pytest.raises(RefusedError, match="已有人使用"):
        invited(world, login="li.hua ")


@pytest.mark.parametrize("login", ["ab", "-abc", "李华", "a b c", "x" * 61])
def test_invite_when_the_login_has_other_letters_then_is_refused(world, login) -> None:
    with pytest.raises(RefusedError, match="登录名用"):
        invited(world, login=login)


def test_invite_when_the_role_cannot_be_held_there_then_no_person_is_left(world) -> None:
    with pytest.raises(RefusedError):
        invited(world, role=Role.TOWNSHIP)

    assert not User.objects.filter(login="li.hua").exists()


def test_invite_when_outside_the_area_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="管辖范围"):
        invited(world, organisation=world["far_school"])


def test_correct_when_inside_the_area_then_before_and_after_are_kept(world) -> None:
    made = invited(world)

    people.correct(by=system(world), user_id=made.user.pk, name="李花", phone="0990 1")

    made.user.refresh_from_db()
    assert (made.user.name, made.user.phone) == ("李花", "0990 1")


@pytest.mark.parametrize("way", ["held", "asked"])
def test_correct_when_the_person_belongs_elsewhere_too_then_is_refused(world, way) -> None:
    user = world.member(Role.REPORTER, "school").user
    if way == "held":
        user.memberships.create(organisation=world["far_school"], role=Role.REPORTER)
    else:
        asked(world, user, "far_school", Role.PRINCIPAL)

    with pytest.raises(RefusedError, match="管辖范围之外另有角色"):
        people.correct(by=system(world), user_id=user.pk, name="别名", phone="")


def test_accept_when_the_link_is_fresh_then_the_password_works(world) -> None:
    made = invited(world)

    user = invitations.accept(secret=made.secret, password=PASSWORD, address="10.0.0.1")

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert actions_of(f"user:{user.pk}")[-1] == "invitation.accept"


def test_accept_when_used_before_then_is_refused(world) -> None:
    made = invited(world)
    invitations.accept(secret=made.secret, password=PASSWORD, address="")

    with pytest.raises(RefusedError, match="已经用过或已过期"):
        invitations.accept(secret=made.secret, password=OTHER_PASSWORD, address="")

    assert User.objects.get(pk=made.user.pk).check_password(PASSWORD)
    assert queries.open_invitation(made.secret) is None


def test_accept_when_out_of_date_then_is_refused(world) -> None:
    made = invited(world)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(RefusedError, match="已过期"):
        invitations.accept(secret=made.secret, password=PASSWORD, address="")


@pytest.mark.parametrize("is_known", [True, False])
def test_accept_when_unknown_or_disabled_then_is_refused(world, is_known) -> None:
    made = invited(world)
    User.objects.filter(pk=made.user.pk).update(is_active=False)

    with pytest.raises(RefusedError, match="链接无效"):
        invitations.accept(secret=made.secret if is_known else "guess", password=PASSWORD, address="")


@pytest.mark.parametrize("password", ["short1a", "12345678901234", "password123", "xli.hua.99"])
def test_accept_when_the_password_is_weak_then_the_link_stays_open(world, password) -> None:
    made = invited(world)

    with pytest.raises(ValidationError):
        invitations.accept(secret=made.secret, password=password, address="")

    assert queries.open_invitation(made.secret) is not None


def test_renew_when_no_password_was_set_then_the_old_link_stops(world) -> None:
    made = invited(world)

    secret = invitations.renew(by=system(world), user_id=made.user.pk)

    assert queries.open_invitation(made.secret) is None
    assert queries.open_invitation(secret) is not None


def test_renew_when_a_password_was_set_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="由安全管理员重置"):
        invitations.renew(by=system(world), user_id=person(world).pk)


@pytest.mark.parametrize("removes", [True, False])
def test_reset_when_a_password_is_forgotten_then_it_stops_at_once(world, removes) -> None:
    user = person(world, has_totp=True)
    RecoveryCode.objects.create(user=user, code_hash="x")

    secret = invitations.reset(by=security(world), user_id=user.pk, removes_second_factor=removes)

    user.refresh_from_db()
    assert not user.has_usable_password()
    assert (user.totp_secret == "", user.recovery_codes.exists()) == (removes, not removes)
    assert queries.open_invitation(secret) is not None


def test_reset_when_the_system_administrator_tries_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="当前角色不能"):
        invitations.reset(by=system(world), user_id=person(world).pk)


def test_reset_when_it_would_take_over_the_other_administrator_then_is_refused(world) -> None:
    other = person(world, Role.SYSTEM_ADMIN, "county")

    with pytest.raises(RefusedError, match="上级的安全管理员"):
        invitations.reset(by=security(world), user_id=other.pk)

    assert User.objects.get(pk=other.pk).has_usable_password()


def test_reset_when_the_person_stands_above_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="管辖范围之外"):
        invitations.reset(by=security(world), user_id=person(world, Role.SUPERVISOR, "city").pk)


def test_open_invitation_when_nobody_was_invited_then_there_is_none(world) -> None:
    assert queries.open_invitation("") is None
    assert queries.latest_invitation(stranger()) is None


RACE = """
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection
from junheng.web.accounts.actions import invitations
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import User
from tests.web.accounts.test_invitations import invited
from tests.web.world import build_world

made = invited(build_world())
gate = Barrier(4, timeout=60)
passwords = [f"quiet lantern {number}{number}" for number in range(4)]

def accept(password):
    gate.wait()
    try:
        invitations.accept(secret=made.secret, password=password, address="")
        return True
    except RefusedError:
        return False
    finally:
        connection.close()

with ThreadPoolExecutor(4) as pool:
    results = list(pool.map(accept, passwords))
user = User.objects.get(pk=made.user.pk)
print(json.dumps([results, [user.check_password(password) for password in passwords]]))
"""


@pytest.mark.slow(seconds=6)
def test_accept_when_four_come_at_once_then_one_is_let_in_by_their_own_password(tmp_path) -> None:
    with installation(tmp_path / "data") as place:
        let_in, works = place.run(RACE)

    assert sorted(let_in) == [False, False, False, True]
    assert works == let_in
