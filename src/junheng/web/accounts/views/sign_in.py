"""Signing in and out, and accepting an invitation."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login as open_browser_session
from django.contrib.auth import logout as close_browser_session
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from junheng.web.accounts import queries
from junheng.web.accounts.access import public, signed_in
from junheng.web.accounts.actions import invitations, sessions
from junheng.web.accounts.actions import sign_in as attempts
from junheng.web.accounts.actors import SEEN_KEY, SESSION_KEY, address_of
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.forms import NewPasswordForm, RecoveryOrCodeForm, SignInForm
from junheng.web.accounts.models import Membership, User
from junheng.web.accounts.views.answers import MESSAGES, add_refusal, posted, safe_next

PENDING_KEY = "second_factor"
INVITATION_KEY = "invitation"
PENDING_SECONDS = 300
WITHOUT_SECRET = "link"  # noqa: S105 - what stands in the address instead of the secret


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Login name and password."""
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = SignInForm(posted(request))
    if form.is_valid():
        attempt = attempts.try_password(**form.cleaned_data, address=address_of(request))
        if attempt.user is not None:
            return _go_on(request, attempt.user)
        form.add_error(None, attempt.message)
    return render(request, "accounts/sign_in.html", {"form": form, "next": safe_next(request, "")})


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second factor."""
    user = _pending_user(request)
    if user is None:
        MESSAGES.info(request, _("登录已超时,请重新输入登录名和密码。"))
        return redirect("accounts:sign_in")
    form = RecoveryOrCodeForm(posted(request))
    if form.is_valid():
        attempt = attempts.try_code(user_id=user.pk, code=form.cleaned_data["code"], address=address_of(request))
        if attempt.user is not None:
            return _enter(request, attempt.user)
        form.add_error(None, attempt.message)
    return render(request, "accounts/sign_in_code.html", {"form": form, "next": safe_next(request, "")})


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session."""
    user: User = request.user  # type: ignore[assignment]
    sessions.close(user=user, session_key=request.session.session_key or "", address=address_of(request))
    close_browser_session(request)
    MESSAGES.success(request, _("您已退出登录。"))
    return redirect("accounts:sign_in")


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Sets a password by a link. The secret moves from the address into the session, so that no history keeps it."""
    if secret != WITHOUT_SECRET:
        request.session[INVITATION_KEY] = secret
        return redirect("accounts:accept", secret=WITHOUT_SECRET)
    secret = request.session.get(INVITATION_KEY, "")
    invitation = queries.open_invitation(secret)
    if invitation is None:
        return render(request, "accounts/accept_closed.html", status=410)
    form = NewPasswordForm(posted(request))
    if form.is_valid():
        user = _accepted(request, secret, form)
        if user is not None:
            del request.session[INVITATION_KEY]
            close_browser_session(request)
            return _go_on(request, user)
    person = invitation.user
    context = {
        "form": form,
        "person": person,
        "roles": queries.own_roles(person),
        "requests": queries.own_requests(person),
    }
    return render(request, "accounts/accept.html", context)


def _accepted(request: HttpRequest, secret: str, form: NewPasswordForm) -> User | None:
    try:
        return invitations.accept(secret=secret, password=form.cleaned_data["password"], address=address_of(request))
    except ValidationError as error:
        add_refusal(form, error, "password")
    except RefusedError as error:
        add_refusal(form, error)
    return None


def _go_on(request: HttpRequest, user: User) -> HttpResponse:
    """To the second factor where there is one; otherwise in."""
    if not user.totp_secret:
        return _enter(request, user)
    request.session.cycle_key()
    request.session[PENDING_KEY] = {
        "user": user.pk,
        "at": timezone.now().timestamp(),
        "proof": user.get_session_auth_hash(),
    }
    return redirect(_with_next(request, "accounts:sign_in_code"))


def _pending_user(request: HttpRequest) -> User | None:
    """Who has given the right password in this session, not long ago, and has not changed it since."""
    pending = request.session.get(PENDING_KEY)
    if not pending or timezone.now().timestamp() - pending["at"] > PENDING_SECONDS:
        return None
    user: User | None = User.objects.filter(pk=pending["user"], is_active=True).exclude(totp_secret="").first()
    is_same = user is not None and constant_time_compare(user.get_session_auth_hash(), pending["proof"])
    return user if is_same else None


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Opens the session, under a new key; on to the choice of role, or straight on when there is no choice.

    It ends a working day later at the latest, whatever is done in it: a page that asks for news by itself keeps nobody
    signed in.
    """
    request.session.pop(PENDING_KEY, None)
    request.session.pop(SESSION_KEY, None)
    open_browser_session(request, user)
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session[SEEN_KEY] = timezone.now().timestamp()
    sessions.open_session(
        user=user,
        session_key=request.session.session_key or "",
        address=address_of(request),
        browser=request.headers.get("User-Agent", ""),
    )
    has_one = Membership.objects.filter(user=user, ended_at=None).count() == 1
    return redirect(
        safe_next(request, settings.LOGIN_REDIRECT_URL) if has_one else _with_next(request, "accounts:roles")
    )


def _with_next(request: HttpRequest, name: str) -> str:
    wanted = safe_next(request, "")
    return reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else "")
