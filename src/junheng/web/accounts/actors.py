"""From a membership to the actor that actions and queries know."""

from django.http import HttpRequest

from junheng.web.accounts.models import Membership, MembershipRequest, User
from junheng.web.accounts.roles import Role
from junheng.web.audit.actor import Actor
from junheng.web.organisations.models import BLOCK

SESSION_KEY = "membership"
SEEN_KEY = "seen"


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


def person_actor(user: User, address: str = "") -> Actor:
    """A person who acts on their own account, in no role: signing in, a new password."""
    return Actor(user_id=user.pk, name=user.name, role="", organisation_id=None, address=address)


def place_of(user: User) -> int | None:
    """The organisation whose audit chain tells about a person's own account; None: the chain of the platform."""
    held = Membership.objects.filter(user=user, ended_at=None).order_by("pk")
    asked = MembershipRequest.objects.filter(user=user).order_by("-pk")
    first = held.values_list("organisation_id", flat=True).first()
    return first or asked.values_list("organisation_id", flat=True).first()
