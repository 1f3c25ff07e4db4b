"""From a membership to the actor that actions and queries know."""

from django.http import HttpRequest

from junheng.web.accounts.models import Membership, User
from junheng.web.accounts.roles import Role
from junheng.web.audit.actor import Actor
from junheng.web.organisations.models import BLOCK

SESSION_KEY = "membership"


class SignedInRequest(HttpRequest):
    """A request behind `@page`: a person in an active role."""

    user: User
    actor: Actor
    membership: Membership


def actor_of(membership: Membership, address: str = "") -> Actor:
    """The actor of a membership; its organisation must be loaded."""
    place = membership.organisation
    is_department = membership.role == Role.DEPARTMENT
    return Actor(
        user_id=membership.user_id,
        name=membership.user.name,
        role=membership.role,
        organisation_id=place.id,
        organisation_name=place.name,
        own_path=place.path,
        area_path=place.path[:-BLOCK] if is_department else place.path,
        address=address,
    )


def address_of(request: HttpRequest) -> str:
    """The address of the browser as the server sees it."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
