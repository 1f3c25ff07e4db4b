"""The numbers beside the entries of the navigation."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, may
from junheng.web.returns.queries import awaiting, visible_notices


def navigation_counts(request: HttpRequest) -> dict[str, Any]:
    """`navigation_counts`: {route name: number}. Asked for only by pages that show the navigation; two queries at most."""
    actor = getattr(request, "actor", None)
    return {"navigation_counts": SimpleLazyObject(lambda: counts_of(actor)) if actor else {}}


def counts_of(actor: Actor) -> dict[str, int]:
    """Returns that wait for the actor's decision, and notices that nobody in the role has read."""
    counts = {}
    if may(actor.role, Permission.REVIEW_RETURN):
        counts["returns:review"] = awaiting(actor).order_by().count()
    if may(actor.role, Permission.SEE_RETURNS):
        counts["returns:notices"] = visible_notices(actor).filter(read_at=None).order_by().count()
    return counts
