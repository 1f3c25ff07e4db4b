"""Links that let one person set a password, once."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.accounts.actions import bounds
from junheng.web.accounts.actions.sessions import end_all
from junheng.web.accounts.actors import person_actor, place_of
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import FailedSignIns, Invitation, User
from junheng.web.accounts.one_time import digest, make_secret
from junheng.web.accounts.roles import Permission
from junheng.web.audit.actor import Actor
from junheng.web.audit.chain import record

VALID_FOR = timedelta(days=7)


def issue(*, by: Actor, user: User, organisation_id: int | None) -> str:
    """The secret of a fresh link; earlier links of the person stop. In the caller's transaction."""
    now = timezone.now()
    Invitation.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    secret = make_secret()
    made = Invitation.objects.create(
        secret_hash=digest(secret), user=user, invited_by=by.name, expires_at=now + VALID_FOR
    )
    record(
        by=by,
        action="invitation.issue",
        organisation_id=organisation_id,
        subject=f"user:{user.pk}",
        after={"name": user.name, "expires_at": made.expires_at.isoformat()},
    )
    return secret


@transaction.atomic
def renew(*, by: Actor, user_id: int) -> str:
    """The secret of a fresh link for somebody who never set a password: the first one was lost or ran out."""
    bounds.require_permission(by, Permission.MANAGE_ACCOUNTS)
    user = User.objects.select_for_update().get(pk=user_id)
    bounds.require_other(by, user)
    bounds.require_whole_person(by, user)
    if user.has_usable_password():
        raise RefusedError(_("%(name)s已设置过密码。忘记密码时请由安全管理员重置。") % {"name": user.name})
    return issue(by=by, user=user, organisation_id=place_of(user))


@transaction.atomic
def reset(*, by: Actor, user_id: int, removes_second_factor: bool = False) -> str:
    """The secret of a link to set a new password; the old one stops at once and all sessions end.

    `removes_second_factor`: the telephone is lost too; without it the link alone does not let anybody in.
    """
    bounds.require_permission(by, Permission.GRANT_ROLES)
    user = User.objects.select_for_update().get(pk=user_id)
    bounds.require_other(by, user)
    bounds.require_whole_person(by, user)
    bounds.require_no_peer(by, user)
    place = place_of(user)
    record(
        by=by,
        action="user.reset",
        organisation_id=place,
        subject=f"user:{user.pk}",
        after={"name": user.name, "removes_second_factor": removes_second_factor},
    )
    return clear(by=by, user=user, organisation_id=place, removes_second_factor=removes_second_factor)


def clear(*, by: Actor, user: User, organisation_id: int | None, removes_second_factor: bool) -> str:
    """Takes the password (and the second factor) away and gives the secret of a fresh link. In the caller's transaction."""
    user.set_unusable_password()
    fields = ["password"]
    if removes_second_factor:
        user.totp_secret = ""
        user.recovery_codes.all().delete()
        fields.append("totp_secret")
    user.save(update_fields=fields)
    end_all(user)
    return issue(by=by, user=user, organisation_id=organisation_id)


@transaction.atomic
def accept(*, secret: str, password: str, address: str) -> User:
    """The person of the link, with their new password. Only one of many calls at once succeeds.

    RefusedError for a link that is unknown, used or out of date; Django's ValidationError for a password that is too weak.
    """
    now = timezone.now()
    link = Invitation.objects.select_related("user").filter(secret_hash=digest(secret)).first()
    if link is None or not link.user.is_active:
        raise RefusedError(_("这个链接无效。请核对是否复制完整,或请发出邀请的管理员重新生成。"))
    validate_password(password, link.user)
    if not Invitation.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now):
        raise RefusedError(_("这个链接已经用过或已过期。请联系发出邀请的管理员重新生成。"))
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    FailedSignIns.objects.filter(login_hash=digest(user.login.casefold())).delete()
    end_all(user)
    record(
        by=person_actor(user, address),
        action="invitation.accept",
        organisation_id=place_of(user),
        subject=f"user:{user.pk}",
    )
    return user
