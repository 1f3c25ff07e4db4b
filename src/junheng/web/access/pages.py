"""Who may open a route. Every view carries exactly one of these decorators; a test walks all routes and checks them.

    @page(Permission.SEE_RUNS)      signed in, in a role that has the permission; otherwise 302 to the sign-in page, or 403
    @page()                         signed in, any role
    @signed_in                      signed in, with or without a role
    @public                         anybody

A part of a page (htmx) is never answered with another page: the answer is 401 or 403 and `HX-Redirect` to that page.
Which *objects* a role may see is decided by queries that start from `request.actor` (404 for the rest).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, may


class ActorRequest(HttpRequest):
    """A request behind `@page`: somebody is signed in, in an active role."""

    actor: Actor


R = TypeVar("R", bound=HttpRequest)


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks for: nothing at all, being signed in, a role, or one of some permissions."""

    is_public: bool = False
    needs_role: bool = True
    permissions: tuple[Permission, ...] = ()

    def allows(self, role: str) -> bool:
        """True when the role may open the route."""
        return self.is_public or not self.permissions or any(may(role, entry) for entry in self.permissions)


View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """A route for anybody."""
    view.access = Access(is_public=True, needs_role=False)  # type: ignore[attr-defined]
    return view


def page(*permissions: Permission) -> Callable[[Callable[Concatenate[R, ...], HttpResponseBase]], View]:
    """A route for people who are signed in and, when permissions are named, whose active role has one of them."""
    access = Access(permissions=permissions)

    def decorate(view: Callable[Concatenate[R, ...], HttpResponseBase]) -> View:
        return _guarded(view, access)

    return decorate


def signed_in(view: Callable[Concatenate[R, ...], HttpResponseBase]) -> View:
    """A route for people who are signed in, even when nobody has given them a role; `request.actor` may be None."""
    return _guarded(view, Access(needs_role=False))


def _guarded(view: Callable[..., HttpResponseBase], access: Access) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        return _refusal(request, access) or view(request, *arguments, **named)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


def _refusal(request: HttpRequest, access: Access) -> HttpResponse | None:
    """Where to send those who may not enter; None for those who may. Raises PermissionDenied (403)."""
    if not request.user.is_authenticated:
        return _elsewhere(request, redirect_to_login(_page_address(request)), 401)
    if not access.needs_role:
        return None
    actor = getattr(request, "actor", None)
    if actor is None:
        return _elsewhere(request, redirect("accounts:roles"), 403)
    if not access.allows(actor.role):
        raise PermissionDenied
    return None


def _elsewhere(request: HttpRequest, answer: HttpResponseRedirectBase, status: int) -> HttpResponse:
    """The redirect; for a part of a page, an answer that makes the browser open the other page as a whole."""
    return HttpResponse(status=status, headers={"HX-Redirect": answer.url}) if HtmxDetails(request) else answer


def _page_address(request: HttpRequest) -> str:
    """Where to come back to after signing in: the page itself, or the one that asked for a part of itself."""
    return HtmxDetails(request).current_url_abs_path or request.get_full_path()
