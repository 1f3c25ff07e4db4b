"""Keys for programs: made by a security administrator, acting as one membership until they end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.accounts.actions import bounds
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Membership, Token, User
from junheng.web.accounts.one_time import digest, make_secret
from junheng.web.accounts.roles import ADMINISTRATORS, Permission
from junheng.web.audit.actor import Actor
from junheng.web.audit.chain import record

LONGEST = timedelta(days=366)
PREFIX = "jh_"
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A key, and its secret, which is never to be had again."""

    token: Token
    secret: str


@transaction.atomic
def issue(*, by: Actor, membership_id: int, name: str, expires_at: datetime) -> Made:
    """A key that acts as the membership. RefusedError for administrators' roles: no program administers; and for a name that
    a working key of the membership has, so that a form that is sent twice makes one key.
    """
    bounds.require_permission(by, Permission.MANAGE_TOKENS)
    locked = Membership.objects.select_for_update(of=("self",))
    held = locked.select_related("user", "organisation").get(pk=membership_id)
    bounds.require_in_area(by, held.organisation)
    bounds.require_other(by, held.user)
    if held.ended_at is not None or held.role in ADMINISTRATORS:
        raise RefusedError(_("令牌只能代表现任的业务角色,不能代表管理员或已结束的角色。"))
    if not timezone.now() < expires_at <= timezone.now() + LONGEST:
        raise RefusedError(_("有效期须在明天到一年之内,到期前可以另发新的令牌。"))
    if held.tokens.filter(name=name.strip(), revoked_at=None, expires_at__gt=timezone.now()).exists():
        raise RefusedError(_("这个角色已有同名的有效令牌。请换一个用途名;没有记下密文时,请撤销原来的再发。"))
    secret = make_secret(PREFIX)
    token = Token.objects.create(membership=held, name=name.strip(), secret_hash=digest(secret), expires_at=expires_at)
    _record(by, "token.create", token)
    return Made(token, secret)


@transaction.atomic
def revoke(*, by: Actor, token_id: int) -> Token:
    """The key, which stops at once."""
    bounds.require_permission(by, Permission.MANAGE_TOKENS)
    token = _locked(token_id)
    bounds.require_in_area(by, token.membership.organisation)
    return _revoked(by, token)


@transaction.atomic
def give_up(*, by: Actor, user: User, token_id: int) -> Token:
    """The same, by the person as whom the key acts."""
    token = _locked(token_id)
    if token.membership.user_id != user.pk:
        raise RefusedError(_("这个令牌不代表您,请由安全管理员撤销。"))
    return _revoked(by, token)


@transaction.atomic
def note_used(*, token: Token) -> None:
    """Remembers, once a minute, that a key is in use. No audit row: what the program writes has its own."""
    now = timezone.now()
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)


def _locked(token_id: int) -> Token:
    found = Token.objects.select_for_update(of=("self",)).select_related("membership__organisation", "membership__user")
    return found.get(pk=token_id)


def _revoked(by: Actor, token: Token) -> Token:
    if token.revoked_at is not None:
        raise RefusedError(_("这个令牌已经撤销。"))
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    _record(by, "token.revoke", token)
    return token


def _record(by: Actor, action: str, token: Token) -> None:
    held = token.membership
    record(
        by=by,
        action=action,
        organisation_id=held.organisation_id,
        subject=f"token:{token.pk}",
        after={
            "name": token.name,
            "role": held.role,
            "acts_as": held.user.name,
            "expires_at": token.expires_at.isoformat(),
        },
    )
