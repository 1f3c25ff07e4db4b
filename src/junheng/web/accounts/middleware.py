"""Finds the active membership of the signed-in person, and keeps people out who owe a second factor."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from junheng.web.accounts.actions.sessions import note_seen
from junheng.web.accounts.actors import SEEN_KEY, SESSION_KEY, actor_of, address_of
from junheng.web.accounts.models import Membership

SEEN_EVERY = timedelta(minutes=10)
BEFORE_ENROLMENT = frozenset(
    {"accounts:second_factor", "accounts:roles", "accounts:sign_out", "accounts:sign_in", "set_language"}
)


class ActiveMembership:
    """The role chosen in the session, or the first one held; `actor` is None for visitors and people without a role.

    Whose role asks for a second factor and who has none gets no page but the one to set it up: the state is looked at with
    every request, so it holds too for roles given after signing in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Adds `membership` and `actor`."""
        membership = _active(request)
        request.membership = membership  # type: ignore[attr-defined]
        request.actor = actor_of(membership, address_of(request)) if membership else None  # type: ignore[attr-defined]
        _note_seen(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _arguments: Any, _named: Any
    ) -> HttpResponseBase | None:
        """Sends whoever owes a second factor to where it is set up."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        return (
            redirect("accounts:second_factor") if owes_second_factor(request) and name not in BEFORE_ENROLMENT else None
        )


def owes_second_factor(request: HttpRequest) -> bool:
    """True when the active role asks for a second factor and the person has none."""
    membership: Membership | None = getattr(request, "membership", None)
    return (
        membership is not None and membership.role in settings.SECOND_FACTOR_ROLES and not membership.user.totp_secret
    )


def _active(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    held = Membership.objects.select_related("organisation", "user").filter(user_id=request.user.pk, ended_at=None)
    chosen = request.session.get(SESSION_KEY)
    by_choice = held.filter(pk=chosen).first() if chosen else None
    return by_choice or held.order_by("pk").first()


def _note_seen(request: HttpRequest) -> None:
    """Once in ten minutes, for sessions that were opened by signing in."""
    seen = request.session.get(SEEN_KEY)
    now = timezone.now().timestamp()
    if seen is not None and now - seen > SEEN_EVERY.total_seconds() and request.session.session_key:
        request.session[SEEN_KEY] = now
        note_seen(session_key=request.session.session_key)
