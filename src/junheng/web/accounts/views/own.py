"""What people do to their own account: password, second factor, sessions, keys that act as them."""

from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.web.accounts import queries, totp
from junheng.web.accounts.access import signed_in
from junheng.web.accounts.actions import password as own_password
from junheng.web.accounts.actions import second_factor as factor
from junheng.web.accounts.actions import sessions, tokens
from junheng.web.accounts.actions import sign_in as attempts
from junheng.web.accounts.actors import address_of, person_actor
from junheng.web.accounts.browsers import browser_name
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.forms import ChangePasswordForm, CodeForm, ConfirmForm
from junheng.web.accounts.middleware import owes_second_factor
from junheng.web.accounts.models import User
from junheng.web.accounts.sealing import seal, unseal
from junheng.web.accounts.views.answers import MESSAGES, add_refusal, go, posted, try_action

SECRET_KEY = "totp_secret"  # noqa: S105 - the name of a place in the session


class OwnRequest(HttpRequest):
    """A request behind `@signed_in`."""

    user: User


@signed_in
@require_GET
def security(request: OwnRequest) -> HttpResponse:
    """The state of one's own account."""
    user = request.user
    context = {
        "person": user,
        "sessions": [(each, browser_name(each.browser)) for each in queries.own_sessions(user)],
        "current": request.session.session_key,
        "codes_left": user.recovery_codes.filter(used_at=None).count(),
        "tokens": queries.own_tokens(user),
    }
    return render(request, "accounts/security.html", context)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: OwnRequest) -> HttpResponse:
    """A new password. Every other session ends."""
    form = ChangePasswordForm(posted(request))
    if form.is_valid() and _is_confirmed(request, form):
        before = request.session.session_key or ""
        try:
            user = own_password.change(
                user_id=request.user.pk, password=form.cleaned_data["password"], address=address_of(request)
            )
        except ValidationError as error:
            add_refusal(form, error, "password")
        else:
            update_session_auth_hash(request, user)
            _keep_only_this(request, user, before)
            MESSAGES.success(request, _("密码已修改,其他设备上的登录已退出。"))
            return go("accounts:security")
    return render(request, "accounts/password.html", {"form": form, "person": request.user})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: OwnRequest) -> HttpResponse:
    """Sets up the second factor: a picture for the app, one code as proof, then the recovery codes, once."""
    user = request.user
    if user.totp_secret:
        return go("accounts:security")
    secret = unseal(request.session.get(SECRET_KEY, ""))
    if not secret:
        secret = totp.make_totp_secret()
        request.session[SECRET_KEY] = seal(secret)
    form = CodeForm(posted(request))
    if form.is_valid():
        try:
            codes = factor.set_up(
                user_id=user.pk, secret=secret, code=form.cleaned_data["code"], address=address_of(request)
            )
        except RefusedError as error:
            add_refusal(form, error, "code")
        else:
            del request.session[SECRET_KEY]
            sessions.end_others(user=user, keep=request.session.session_key or "", address=address_of(request))
            return _show_codes(request, codes, is_new=True)
    context = {
        "form": form,
        "picture": totp.picture(secret, user.login),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "is_owed": owes_second_factor(request),
    }
    return render(request, "accounts/second_factor.html", context)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def remove_second_factor(request: OwnRequest) -> HttpResponse:
    """Back to the password alone."""
    form = ConfirmForm(posted(request))
    if form.is_valid() and _is_confirmed(request, form):
        done = _("二次验证已关闭。")
        try_action(request, done, lambda: factor.remove(user_id=request.user.pk, address=address_of(request)))
        return go("accounts:security")
    return render(request, "accounts/confirm.html", {"form": form, "what": "remove"})


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recovery_codes(request: OwnRequest) -> HttpResponse:
    """Fresh recovery codes, shown once."""
    form = ConfirmForm(posted(request))
    if form.is_valid() and _is_confirmed(request, form):
        try:
            codes = factor.renew_codes(user_id=request.user.pk, address=address_of(request))
        except RefusedError as error:
            add_refusal(form, error)
        else:
            return _show_codes(request, codes, is_new=False)
    return render(request, "accounts/confirm.html", {"form": form, "what": "codes"})


@signed_in
@require_POST
def end_session(request: OwnRequest, session_id: int) -> HttpResponse:
    """Ends one of one's own sessions."""
    done = _("已退出那次登录。")
    try_action(
        request,
        done,
        lambda: sessions.end_one(user=request.user, session_id=session_id, address=address_of(request)),
    )
    return go("accounts:security")


@signed_in
@require_POST
def end_other_sessions(request: OwnRequest) -> HttpResponse:
    """Ends all of one's own sessions but this one."""
    keep = request.session.session_key or ""
    done = _("其他设备上的登录已全部退出。")
    try_action(request, done, lambda: sessions.end_others(user=request.user, keep=keep, address=address_of(request)))
    return go("accounts:security")


@signed_in
@require_POST
def give_up_token(request: OwnRequest, token_id: int) -> HttpResponse:
    """Stops a key that acts as oneself."""
    user = request.user
    actor = person_actor(user, address_of(request))
    queries_own = queries.own_tokens(user).filter(pk=token_id)
    if not queries_own.exists():
        MESSAGES.error(request, _("这个令牌已经失效。"))
        return redirect("accounts:security")
    try_action(request, _("令牌已撤销。"), lambda: tokens.give_up(by=actor, user=user, token_id=token_id))
    return redirect("accounts:security")


def _is_confirmed(request: OwnRequest, form: BaseForm) -> bool:
    """True when the current password is right; wrong ones count like those at the sign-in page."""
    attempt = attempts.try_password(
        login=request.user.login, password=form.cleaned_data["current"], address=address_of(request)
    )
    if attempt.user is None:
        form.add_error("current", attempt.message)
    return attempt.user is not None


def _keep_only_this(request: OwnRequest, user: User, before: str) -> None:
    key = request.session.session_key or ""
    sessions.move(user=user, before=before, after=key)
    sessions.end_others(user=user, keep=key, address=address_of(request))


def _show_codes(request: OwnRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    response = render(request, "accounts/recovery_codes.html", {"codes": codes, "is_new": is_new})
    response.headers["Cache-Control"] = "no-store"
    return response
