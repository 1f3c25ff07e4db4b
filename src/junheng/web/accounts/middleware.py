"""Finds the active membership of the signed-in person and puts `actor` and `membership` on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from junheng.web.accounts.actors import SESSION_KEY, actor_of, address_of
from junheng.web.accounts.models import Membership


class ActiveMembership:
    """The role chosen in the session, or the first one held; `actor` is None for visitors and people without a role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Adds `membership` and `actor`."""
        membership = _active(request)
        request.membership = membership  # type: ignore[attr-defined]
        request.actor = actor_of(membership, address_of(request)) if membership else None  # type: ignore[attr-defined]
        return self.get_response(request)


def _active(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    held = Membership.objects.select_related("organisation", "user").filter(user_id=request.user.pk, ended_at=None)
    chosen = request.session.get(SESSION_KEY)
    by_choice = held.filter(pk=chosen).first() if chosen else None
    return by_choice or held.order_by("pk").first()
