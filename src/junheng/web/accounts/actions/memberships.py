"""Roles: asked for by a system administrator, given by a security administrator, ended."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.accounts.actions import bounds
from junheng.web.accounts.actions.sessions import end_all
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Membership, MembershipRequest, Token, User
from junheng.web.accounts.roles import Permission, Role
from junheng.web.audit.actor import Actor
from junheng.web.audit.chain import record
from junheng.web.organisations.models import Organisation

State = MembershipRequest.State


@transaction.atomic
def request(*, by: Actor, user: User, organisation: Organisation, role: str) -> MembershipRequest:
    """A request for a role that waits for a security administrator. RefusedError where the role may not be asked for."""
    bounds.require_permission(by, Permission.MANAGE_ACCOUNTS)
    bounds.require_in_area(by, organisation)
    bounds.require_other(by, user)
    bounds.require_holdable(user, organisation, role)
    if MembershipRequest.objects.filter(user=user, organisation=organisation, role=role, state=State.PENDING).exists():
        raise RefusedError(_("已经为%(name)s申请过这个角色,正在等待安全管理员批准。") % {"name": user.name})
    asked = MembershipRequest.objects.create(
        user=user, organisation=organisation, role=role, requested_by_id=by.user_id, requested_by=by.name
    )
    _record(by, "membership.request", asked)
    return asked


@transaction.atomic
def decide(*, by: Actor, request_ids: Collection[int], is_approved: bool, note: str = "") -> list[MembershipRequest]:
    """The requests, approved (each makes a membership) or refused; all of them or none.

    RefusedError names the request that may not be decided by this administrator, and when one was decided meanwhile.
    """
    bounds.require_permission(by, Permission.GRANT_ROLES)
    if not request_ids:
        raise RefusedError(_("请先勾选要办理的申请。"))
    waiting = MembershipRequest.objects.select_for_update(of=("self",)).filter(pk__in=request_ids, state=State.PENDING)
    asked = list(waiting.select_related("user", "organisation").order_by("pk"))
    if len(asked) != len(set(request_ids)):
        raise RefusedError(_("有的申请已由别人办理。请查看最新列表后重试。"))
    if not is_approved and not note.strip():
        raise RefusedError(_("退回时请写明原因,系统管理员才知道怎样改。"))
    for each in asked:
        _decide_one(by, each, is_approved, note.strip())
    return asked


def _decide_one(by: Actor, asked: MembershipRequest, is_approved: bool, note: str) -> None:
    bounds.require_in_area(by, asked.organisation)
    bounds.require_other(by, asked.user)
    if asked.requested_by_id == by.user_id:
        raise RefusedError(_("这项申请是您自己提出的,须由另一位管理员批准。"))
    if is_approved:
        User.objects.select_for_update().get(pk=asked.user_id)  # two approvals at once must see each other
        bounds.require_holdable(asked.user, asked.organisation, asked.role)
        Membership.objects.create(user=asked.user, organisation=asked.organisation, role=asked.role)
    asked.state = State.APPROVED if is_approved else State.REFUSED
    asked.decided_by, asked.decided_at, asked.note = by.name, timezone.now(), note
    asked.save(update_fields=["state", "decided_by", "decided_at", "note"])
    _record(by, "membership.approve" if is_approved else "membership.refuse", asked)


@transaction.atomic
def withdraw(*, by: Actor, request_id: int) -> MembershipRequest:
    """The request, taken back by a system administrator before anybody decided."""
    bounds.require_permission(by, Permission.MANAGE_ACCOUNTS)
    asked = (
        MembershipRequest.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .get(pk=request_id)
    )
    bounds.require_in_area(by, asked.organisation)
    if asked.state != State.PENDING:
        raise RefusedError(_("这项申请%(state)s,不能再撤回。") % {"state": asked.get_state_display()})
    asked.state, asked.decided_by, asked.decided_at = State.WITHDRAWN, by.name, timezone.now()
    asked.save(update_fields=["state", "decided_by", "decided_at"])
    _record(by, "membership.withdraw", asked)
    return asked


@transaction.atomic
def end(*, by: Actor, membership_id: int) -> Membership:
    """The membership, held no longer: its keys for programs stop, and the person is signed out everywhere."""
    bounds.require_permission(by, Permission.GRANT_ROLES)
    held = (
        Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=membership_id)
    )
    bounds.require_in_area(by, held.organisation)
    bounds.require_other(by, held.user)
    if held.ended_at is not None:
        raise RefusedError(_("这个角色已经结束。"))
    bounds.require_no_peer(by, held.user)
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    Token.objects.filter(membership=held, revoked_at=None).update(revoked_at=held.ended_at)
    end_all(held.user)
    record(
        by=by,
        action="membership.end",
        organisation_id=held.organisation_id,
        subject=f"user:{held.user_id}",
        before={"role": held.role, "name": held.user.name},
    )
    return held


def _record(by: Actor, action: str, asked: MembershipRequest) -> None:
    values = {"name": asked.user.name, "role": asked.role, "role_label": str(Role(asked.role).label)}
    if asked.note:
        values["note"] = asked.note
    record(
        by=by,
        action=action,
        organisation_id=asked.organisation_id,
        subject=f"user:{asked.user_id}",
        after=values,
    )
