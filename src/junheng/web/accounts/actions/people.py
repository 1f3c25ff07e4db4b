"""People: made by a system administrator, together with the first role that is asked for them."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.web.accounts.actions import bounds, memberships
from junheng.web.accounts.actions.invitations import issue
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import MembershipRequest, User
from junheng.web.accounts.roles import Permission
from junheng.web.audit.actor import Actor
from junheng.web.audit.chain import record
from junheng.web.organisations.models import Organisation

LOGIN = re.compile(r"\A[a-z0-9][a-z0-9._@-]{2,59}\Z")


def login_rule() -> str:
    """What a login name may be made of, as people read it."""
    return _("登录名用 3 至 60 个字母、数字或 . _ @ -,以字母或数字开头。")


@dataclass(frozen=True, slots=True)
class Invited:
    """A new person, the role that waits for approval, and the secret of the link, which is never to be had again."""

    user: User
    request: MembershipRequest
    secret: str


@transaction.atomic
def invite(*, by: Actor, login: str, name: str, phone: str, organisation: Organisation, role: str) -> Invited:
    """A new person without a password, a request for their role and a link to set the password by."""
    bounds.require_permission(by, Permission.MANAGE_ACCOUNTS)
    bounds.require_in_area(by, organisation)
    user = make(by=by, login=login, name=name, phone=phone, organisation=organisation)
    asked = memberships.request(by=by, user=user, organisation=organisation, role=role)
    return Invited(user, asked, issue(by=by, user=user, organisation_id=organisation.pk))


def make(*, by: Actor, login: str, name: str, phone: str, organisation: Organisation) -> User:
    """A person without password or role. RefusedError for a login name that is taken. In the caller's transaction."""
    login = login.strip().lower()
    if not LOGIN.match(login):
        raise RefusedError(login_rule())
    if User.objects.filter(login=login).exists():
        raise RefusedError(_("登录名「%(login)s」已有人使用,请换一个,例如加上单位简称。") % {"login": login})
    user = User(login=login, name=name.strip(), phone=phone.strip())
    user.set_unusable_password()
    user.save()
    record(
        by=by,
        action="user.create",
        organisation_id=organisation.pk,
        subject=f"user:{user.pk}",
        after={"login": user.login, "name": user.name, "phone": user.phone},
    )
    return user


@transaction.atomic
def correct(*, by: Actor, user_id: int, name: str, phone: str) -> User:
    """The person with another name and telephone number."""
    bounds.require_permission(by, Permission.MANAGE_ACCOUNTS)
    user = User.objects.select_for_update().get(pk=user_id)
    bounds.require_whole_person(by, user)
    before = {"name": user.name, "phone": user.phone}
    user.name, user.phone = name.strip(), phone.strip()
    user.save(update_fields=["name", "phone"])
    record(
        by=by,
        action="user.correct",
        organisation_id=by.organisation_id,
        subject=f"user:{user.pk}",
        before=before,
        after={"name": user.name, "phone": user.phone},
    )
    return user
