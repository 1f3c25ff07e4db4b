"""Keys for programs."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.web.accounts import queries
from junheng.web.accounts.access import page
from junheng.web.accounts.actions import tokens
from junheng.web.accounts.actors import SignedInRequest
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.forms import TokenForm
from junheng.web.accounts.roles import Permission
from junheng.web.accounts.views.answers import add_refusal, go, posted, try_action

PER_PAGE = 50


@page(Permission.MANAGE_TOKENS)
@require_GET
def list_tokens(request: SignedInRequest) -> HttpResponse:
    """The keys of the area, working and stopped."""
    shown = Paginator(queries.visible_tokens(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/tokens.html", {"page": shown, "now": timezone.now()})


@page(Permission.MANAGE_TOKENS)
@require_http_methods(["GET", "POST"])
def issue(request: SignedInRequest) -> HttpResponse:
    """A new key: first as whom it acts, then what for; then the secret, once."""
    number = request.GET.get("membership", "")
    if not (number.isascii() and number.isdigit()):
        return _choose(request)
    held = get_object_or_404(queries.memberships_for_tokens(request.actor), pk=number)
    form = TokenForm(posted(request))
    if form.is_valid():
        try:
            made = tokens.issue(
                by=request.actor,
                membership_id=held.pk,
                name=form.cleaned_data["name"],
                expires_at=form.expires_at(),
            )
        except RefusedError as error:
            add_refusal(form, error)
        else:
            response = render(request, "accounts/token_made.html", {"token": made.token, "secret": made.secret})
            response.headers["Cache-Control"] = "no-store"
            return response
    return render(request, "accounts/token_form.html", {"form": form, "held": held})


def _choose(request: SignedInRequest) -> HttpResponse:
    text = request.GET.get("text", "").strip()
    found = queries.memberships_for_tokens(request.actor, text)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/token_choose.html", {"page": shown, "text": text})


@page(Permission.MANAGE_TOKENS)
@require_POST
def revoke(request: SignedInRequest, token_id: int) -> HttpResponse:
    """Stops a key."""
    token = get_object_or_404(queries.visible_tokens(request.actor), pk=token_id)
    done = _("令牌已撤销,使用它的程序会立即被拒绝。")
    try_action(request, done, lambda: tokens.revoke(by=request.actor, token_id=token.pk))
    return go("accounts:tokens")
