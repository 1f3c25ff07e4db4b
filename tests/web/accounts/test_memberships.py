"""Roles are asked for by one administrator and given by another, within their area, never to themselves."""

import pytest

from junheng.web.accounts.actions import memberships
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Membership, MembershipRequest, SignedInSession, Token
from junheng.web.accounts.roles import Role
from tests.web.accounts.people import actions_of, asked, holds, security, stranger, system

State = MembershipRequest.State


def test_request_when_the_system_administrator_asks_then_it_waits_and_nobody_holds_the_role(world) -> None:
    user = stranger()

    made = memberships.request(by=system(world), user=user, organisation=world["school"], role=Role.REPORTER)

    assert made.state == State.PENDING
    assert not holds(user, Role.REPORTER)
    assert actions_of(f"user:{user.pk}") == ["membership.request"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_request_when_another_role_asks_then_is_refused(world, role) -> None:
    home = {
        Role.REPORTER: "school",
        Role.PRINCIPAL: "school",
        Role.TOWNSHIP: "township",
        Role.DEPARTMENT: "finance",
        Role.SUPERVISOR: "city",
    }
    by = world.actor(role, home.get(role, "county"))

    with pytest.raises(RefusedError, match="当前角色不能"):
        memberships.request(by=by, user=stranger(), organisation=world["school"], role=Role.REPORTER)


@pytest.mark.parametrize("place", ["neighbour_school", "city", "far_school"])
def test_request_when_the_place_is_outside_the_area_then_is_refused(world, place) -> None:
    with pytest.raises(RefusedError, match="不在您的管辖范围内"):
        memberships.request(by=system(world), user=stranger(), organisation=world[place], role=Role.LEADER)


def test_request_when_for_oneself_then_is_refused(world) -> None:
    oneself = world.member(Role.SYSTEM_ADMIN, "county").user

    with pytest.raises(RefusedError, match="自己的账号"):
        memberships.request(by=system(world), user=oneself, organisation=world["county"], role=Role.COUNTY_OFFICE)


@pytest.mark.parametrize(
    ("place", "role"), [("county", Role.REPORTER), ("school", Role.COUNTY_OFFICE), ("school", "emperor")]
)
def test_request_when_the_role_cannot_be_held_there_then_is_refused(world, place, role) -> None:
    with pytest.raises(RefusedError, match="不设这个角色"):
        memberships.request(by=system(world), user=stranger(), organisation=world[place], role=role)


def test_request_when_the_place_is_closed_then_is_refused(world) -> None:
    world["school"].closed_on = "2025-08-31"
    world["school"].save()
    world["school"].refresh_from_db()

    with pytest.raises(RefusedError, match="已撤销"):
        memberships.request(by=system(world), user=stranger(), organisation=world["school"], role=Role.REPORTER)


def test_request_when_the_role_is_held_then_is_refused(world) -> None:
    reporter = world.member(Role.REPORTER, "school").user

    with pytest.raises(RefusedError, match="已在青石镇示例小学担任"):
        memberships.request(by=system(world), user=reporter, organisation=world["school"], role=Role.REPORTER)


def test_request_when_it_waits_already_then_is_refused(world) -> None:
    user = stranger()
    asked(world, user)

    with pytest.raises(RefusedError, match="正在等待"):
        memberships.request(by=system(world), user=user, organisation=world["school"], role=Role.REPORTER)


def test_request_when_the_person_is_another_administrator_then_is_refused(world) -> None:
    auditor = world.member(Role.AUDIT_ADMIN, "county").user

    with pytest.raises(RefusedError, match="另一类管理员"):
        memberships.request(by=system(world), user=auditor, organisation=world["county"], role=Role.SECURITY_ADMIN)


def test_request_when_an_administrator_gets_the_same_role_elsewhere_then_it_waits(world) -> None:
    auditor = world.member(Role.AUDIT_ADMIN, "county").user

    made = memberships.request(
        by=system(world, "city"), user=auditor, organisation=world["neighbour"], role=Role.AUDIT_ADMIN
    )

    assert made.state == State.PENDING


def test_decide_when_approved_then_the_roles_are_held(world) -> None:
    user = stranger()
    both = [asked(world, user), asked(world, user, role=Role.PRINCIPAL)]

    memberships.decide(by=security(world), request_ids=[each.pk for each in both], is_approved=True)

    assert holds(user, Role.REPORTER)
    assert holds(user, Role.PRINCIPAL)
    assert actions_of(f"user:{user.pk}") == ["membership.approve", "membership.approve"]


def test_decide_when_refused_then_the_note_is_kept_and_no_role_is_held(world) -> None:
    user = stranger()
    one = asked(world, user)

    memberships.decide(by=security(world), request_ids=[one.pk], is_approved=False, note=" 不是本校教师 ")

    one.refresh_from_db()
    assert (one.state, one.note, one.decided_by) == (State.REFUSED, "不是本校教师", security(world).name)
    assert not holds(user, Role.REPORTER)


def test_decide_when_refused_without_a_note_then_is_refused(world) -> None:
    one = asked(world, stranger())

    with pytest.raises(RefusedError, match="写明原因"):
        memberships.decide(by=security(world), request_ids=[one.pk], is_approved=False, note="  ")


def test_decide_when_nothing_is_chosen_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="先勾选"):
        memberships.decide(by=security(world), request_ids=[], is_approved=True)


def test_decide_when_the_system_administrator_tries_then_is_refused(world) -> None:
    one = asked(world, stranger())

    with pytest.raises(RefusedError, match="当前角色不能"):
        memberships.decide(by=system(world), request_ids=[one.pk], is_approved=True)


def test_decide_when_one_is_outside_the_area_then_none_is_given(world) -> None:
    user = stranger()
    inside, outside = asked(world, user), asked(world, user, "neighbour_school")

    with pytest.raises(RefusedError, match="白沙县第一小学不在您的管辖范围内"):
        memberships.decide(by=security(world), request_ids=[inside.pk, outside.pk], is_approved=True)

    assert not holds(user, Role.REPORTER)


def test_decide_when_it_is_for_oneself_then_is_refused(world) -> None:
    one = asked(world, world.member(Role.SECURITY_ADMIN, "county").user, "county", Role.LEADER)

    with pytest.raises(RefusedError, match="自己的账号"):
        memberships.decide(by=security(world), request_ids=[one.pk], is_approved=True)


def test_decide_when_the_same_person_asked_for_it_then_is_refused(world) -> None:
    one = asked(world, stranger(), by=security(world))

    with pytest.raises(RefusedError, match="您自己提出"):
        memberships.decide(by=security(world), request_ids=[one.pk], is_approved=True)


def test_decide_when_decided_before_then_tells_to_look_again(world) -> None:
    one = asked(world, stranger())
    memberships.decide(by=security(world), request_ids=[one.pk], is_approved=True)

    with pytest.raises(RefusedError, match="已由别人办理"):
        memberships.decide(by=security(world), request_ids=[one.pk], is_approved=True)

    assert Membership.objects.filter(user=one.user).count() == 1


def test_decide_when_two_kinds_of_administrator_wait_then_only_the_first_is_given(world) -> None:
    user = stranger()
    first = asked(world, user, "county", Role.AUDIT_ADMIN)
    second = asked(world, user, "county", Role.SYSTEM_ADMIN)
    memberships.decide(by=security(world), request_ids=[first.pk], is_approved=True)

    with pytest.raises(RefusedError, match="另一类管理员"):
        memberships.decide(by=security(world), request_ids=[second.pk], is_approved=True)


def test_withdraw_when_it_waits_then_nobody_can_approve_it(world) -> None:
    one = asked(world, stranger())

    memberships.withdraw(by=system(world), request_id=one.pk)

    with pytest.raises(RefusedError, match="已由别人办理"):
        memberships.decide(by=security(world), request_ids=[one.pk], is_approved=True)


def test_withdraw_when_decided_then_is_refused(world) -> None:
    one = asked(world, stranger())
    memberships.decide(by=security(world), request_ids=[one.pk], is_approved=True)

    with pytest.raises(RefusedError, match="已批准,不能再撤回"):
        memberships.withdraw(by=system(world), request_id=one.pk)


def test_end_when_held_then_sessions_and_keys_end_too(world) -> None:
    held = world.member(Role.REPORTER, "school")
    Token.objects.create(membership=held, name="同步", secret_hash="x", expires_at="2099-01-01T00:00Z")
    SignedInSession.objects.create(user=held.user, session_key="k")

    memberships.end(by=security(world), membership_id=held.pk)

    assert not holds(held.user, Role.REPORTER)
    assert Token.objects.get().revoked_at is not None
    assert not SignedInSession.objects.exists()


def test_end_when_ended_before_then_is_refused(world) -> None:
    held = world.member(Role.REPORTER, "school")
    memberships.end(by=security(world), membership_id=held.pk)

    with pytest.raises(RefusedError, match="已经结束"):
        memberships.end(by=security(world), membership_id=held.pk)


def test_end_when_an_administrator_of_the_same_place_then_only_a_higher_level_may(world) -> None:
    auditor = world.member(Role.AUDIT_ADMIN, "county")

    with pytest.raises(RefusedError, match="本级的管理员"):
        memberships.end(by=security(world), membership_id=auditor.pk)
    memberships.end(by=security(world, "city"), membership_id=auditor.pk)

    assert not holds(auditor.user, Role.AUDIT_ADMIN)
