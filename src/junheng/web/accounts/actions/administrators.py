"""The first administrators. They are made on the server by a command, because nobody is there yet to invite them."""

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.web.accounts.actions import bounds
from junheng.web.accounts.actions.invitations import clear, issue
from junheng.web.accounts.actions.people import make
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Membership, User
from junheng.web.accounts.roles import ADMINISTRATORS
from junheng.web.audit.actor import PLATFORM
from junheng.web.audit.chain import record
from junheng.web.organisations.models import BLOCK, Kind, Organisation

ROOT_KINDS = (Kind.NATION, Kind.PROVINCE, Kind.CITY, Kind.COUNTY)


@transaction.atomic
def create_root(*, kind: str, name: str, code: str = "") -> Organisation:
    """The organisation at the top of an empty tree."""
    if Organisation.objects.exists():
        raise RefusedError(_("机构树已经建立,请用 --organisation 指定其中的机构(代码或全称)。"))
    if kind not in ROOT_KINDS or not name.strip():
        raise RefusedError(_("请用 --kind(nation、province、city、county)和 --name 写明最高一级机构。"))
    root = Organisation.objects.create(path="1".zfill(BLOCK), kind=kind, name=name.strip(), code=code.strip())
    record(
        by=PLATFORM,
        action="organisation.create",
        organisation_id=root.pk,
        subject=f"organisation:{root.pk}",
        after={"kind": kind, "name": root.name, "code": root.code},
    )
    return root


@transaction.atomic
def appoint(*, organisation: Organisation, role: str, login: str, name: str) -> str:
    """The secret of a link for a new administrator, or for one who holds this very role there and can no longer sign in.

    RefusedError for other roles, for a second administrator's role, and for a login name of somebody else.
    """
    if role not in ADMINISTRATORS:
        raise RefusedError(_("这个命令只建立系统、安全、审计三类管理员,其他人由系统管理员邀请。"))
    user = User.objects.select_for_update().filter(login=login.strip().lower()).first()
    if user is not None and Membership.objects.filter(user=user, organisation=organisation, role=role, ended_at=None):
        return clear(by=PLATFORM, user=user, organisation_id=organisation.pk, removes_second_factor=True)
    if user is not None:
        raise RefusedError(_("登录名「%(login)s」已有人使用,请换一个。") % {"login": user.login})
    user = make(by=PLATFORM, login=login, name=name, phone="", organisation=organisation)
    bounds.require_holdable(user, organisation, role)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    record(
        by=PLATFORM,
        action="membership.approve",
        organisation_id=organisation.pk,
        subject=f"user:{user.pk}",
        after={"name": user.name, "role": role},
    )
    return issue(by=PLATFORM, user=user, organisation_id=organisation.pk)
