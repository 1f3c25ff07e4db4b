"""Whether somebody may sign in at all: disabled and enabled, and freed from a lock-out before it ends."""

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.web.accounts.actions import bounds
from junheng.web.accounts.actions.sessions import end_all
from junheng.web.accounts.actors import place_of
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import FailedSignIns, User
from junheng.web.accounts.one_time import digest
from junheng.web.accounts.roles import Permission
from junheng.web.audit.actor import Actor
from junheng.web.audit.chain import record


@transaction.atomic
def disable(*, by: Actor, user_id: int) -> User:
    """The person, who can no longer sign in; sessions end and keys for programs stop at once."""
    user = _person(by, user_id)
    bounds.require_no_peer(by, user)
    if not user.is_active:
        raise RefusedError(_("%(name)s的账号已经停用。") % {"name": user.name})
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_all(user)
    return _recorded(by, user, "user.disable")


@transaction.atomic
def enable(*, by: Actor, user_id: int) -> User:
    """The person, who may sign in again with the password they had."""
    user = _person(by, user_id)
    bounds.require_no_peer(by, user)
    if user.is_active:
        raise RefusedError(_("%(name)s的账号没有停用。") % {"name": user.name})
    user.is_active = True
    user.save(update_fields=["is_active"])
    return _recorded(by, user, "user.enable")


@transaction.atomic
def unlock(*, by: Actor, user_id: int) -> User:
    """The person, who need not wait for the end of a lock-out."""
    user = _person(by, user_id)
    FailedSignIns.objects.filter(login_hash=digest(user.login.casefold())).delete()
    return _recorded(by, user, "user.unlock")


def _person(by: Actor, user_id: int) -> User:
    bounds.require_permission(by, Permission.GRANT_ROLES)
    user = User.objects.select_for_update().get(pk=user_id)
    bounds.require_other(by, user)
    bounds.require_whole_person(by, user)
    return user


def _recorded(by: Actor, user: User, action: str) -> User:
    record(by=by, action=action, organisation_id=place_of(user), subject=f"user:{user.pk}", after={"name": user.name})
    return user
