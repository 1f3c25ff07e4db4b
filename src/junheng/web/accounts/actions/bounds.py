"""The limits that every administrator has: what the role may do, where, and to whom."""

from django.utils.translation import gettext as _

from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Membership, MembershipRequest, User
from junheng.web.accounts.roles import ADMINISTRATORS, HELD_AT, Permission, Role, may
from junheng.web.audit.actor import Actor
from junheng.web.organisations.models import Organisation


def require_permission(by: Actor, permission: Permission) -> None:
    """RefusedError unless the role of the actor has the permission."""
    if by.role not in Role.values or not may(by.role, permission):
        raise RefusedError(
            _("当前角色不能「%(what)s」。请切换角色,或请有此权限的管理员办理。") % {"what": permission.label}
        )


def require_in_area(by: Actor, place: Organisation) -> None:
    """RefusedError for a place outside the part of the tree that the actor administers."""
    if not place.is_within(by.area_path):
        raise RefusedError(_("%(place)s不在您的管辖范围内,请由其上级的管理员办理。") % {"place": place.name})


def require_other(by: Actor, user: User) -> None:
    """RefusedError when an administrator acts on their own account."""
    if user.pk == by.user_id:
        raise RefusedError(_("不能对自己的账号做这件事,请由另一位管理员办理。"))


def require_whole_person(by: Actor, user: User) -> None:
    """RefusedError when the person also holds, or waits for, a role outside the area: only a higher level may act on them."""
    area = Organisation.objects.within(by.area_path)
    held = Membership.objects.filter(user=user, ended_at=None).exclude(organisation__in=area)
    asked = MembershipRequest.objects.filter(user=user, state=MembershipRequest.State.PENDING)
    if held.exists() or asked.exclude(organisation__in=area).exists():
        raise RefusedError(_("%(name)s在您的管辖范围之外另有角色,请由两处共同的上级管理员办理。") % {"name": user.name})


def require_no_peer(by: Actor, user: User) -> None:
    """RefusedError for an administrator of the actor's own organisation: who could take them over would hold both roles."""
    is_peer = Membership.objects.filter(
        user=user, ended_at=None, role__in=ADMINISTRATORS, organisation__path=by.own_path
    ).exists()
    if is_peer:
        raise RefusedError(
            _("%(name)s是本级的管理员,请由上级的安全管理员办理;最高一级由服务器上的命令办理。") % {"name": user.name}
        )


def require_holdable(user: User, place: Organisation, role: str) -> None:
    """RefusedError for a role that cannot be held there, or not by this person."""
    if role not in Role.values or place.kind not in HELD_AT[Role(role)]:
        raise RefusedError(
            _("%(place)s(%(kind)s)不设这个角色,请另选角色或机构。")
            % {"place": place.name, "kind": place.get_kind_display()}
        )
    if not place.is_open:
        raise RefusedError(_("%(place)s已撤销,不能再授予角色。") % {"place": place.name})
    if Membership.objects.filter(user=user, organisation=place, role=role, ended_at=None).exists():
        raise RefusedError(_("%(name)s已在%(place)s担任该角色。") % {"name": user.name, "place": place.name})
    _require_one_administrator(user, role)


def _require_one_administrator(user: User, role: str) -> None:
    if role not in ADMINISTRATORS:
        return
    others = ADMINISTRATORS - {Role(role)}
    if Membership.objects.filter(user=user, ended_at=None, role__in=others).exists():
        raise RefusedError(
            _("%(name)s已是另一类管理员:系统、安全、审计三类管理员必须由不同的人担任。") % {"name": user.name}
        )
