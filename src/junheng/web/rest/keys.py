"""Bearer tokens: who asks, and whether their role may."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from junheng.web.access.actor import Actor
from junheng.web.access.pages import Access
from junheng.web.access.roles import ADMINISTRATORS, Permission
from junheng.web.accounts.actions.tokens import note_used
from junheng.web.accounts.actors import actor_of, address_of
from junheng.web.accounts.models import Membership, Token
from junheng.web.accounts.queries import token_of
from junheng.web.rest import limits

LONGEST_NAME = 100


class ApiRequest(HttpRequest):
    """A request behind `BearerToken`: `auth` is who acts, `membership` as whom the token acts."""

    auth: Actor
    membership: Membership


class BearerToken(HttpBearer):
    """Asks for a working token whose role has one of the permissions (any role but an administrator's when none is named).

    401 without a working token, 429 when it asks too often, 403 when the role may not. `access` says the same as the
    decorator of a page.
    """

    def __init__(self, *permissions: Permission) -> None:
        super().__init__()
        self.access = Access(permissions=permissions)

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Who acts; None for a token that does not work."""
        found = token_of(token)
        if found is None:
            return None
        limits.count(found)
        note_used(token=found)
        membership = found.membership
        if membership.role in ADMINISTRATORS or not self.access.allows(membership.role):
            raise PermissionDenied(_("令牌代表的角色不能做这件事。请为有此权限的角色另发令牌。"))
        request.membership = membership  # type: ignore[attr-defined]
        return _program(found, address_of(request))


def _program(token: Token, address: str) -> Actor:
    """The actor of a token: the person, with the name of the token behind, so that the audit tells programs from people."""
    actor = actor_of(token.membership, address)
    return replace(actor, name=f"{actor.name}（接口:{token.name}）"[:LONGEST_NAME])
