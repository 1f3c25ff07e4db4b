"""What several views answer alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from junheng.web.accounts.actions.invitations import VALID_FOR
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import User

MESSAGES = messages


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where the person wanted to go, when that is a place on this server."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else default


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, be it empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def try_action(request: HttpRequest, done: str, action: Callable[[], object]) -> bool:
    """Does it and says `done`, or says why it was refused; True when it was done."""
    try:
        action()
    except RefusedError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


def go(name: str, **named: Any) -> HttpResponse:
    """On to another page, after a write."""
    return redirect(reverse(name, kwargs=named))


def show_link(request: HttpRequest, user: User, secret: str, next_step: str) -> HttpResponse:
    """The page that shows the link of an invitation, this once; no cache keeps it."""
    address = request.build_absolute_uri(reverse("accounts:accept", kwargs={"secret": secret}))
    response = render(
        request,
        "accounts/link.html",
        {"person": user, "address": address, "days": VALID_FOR.days, "next_step": next_step},
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def add_refusal(form: BaseForm, error: RefusedError | ValidationError, field: str | None = None) -> None:
    """Puts a refusal where the person sees it: at a field, or above the form."""
    form.add_error(field, error if isinstance(error, ValidationError) else str(error))


def nothing_chosen() -> str:
    """For a form that was sent without a choice."""
    return _("请先选择一项。")
