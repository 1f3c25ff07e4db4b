"""People and their roles, for the system and the security administrator."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.web.accounts import queries
from junheng.web.accounts.access import page
from junheng.web.accounts.actions import invitations, memberships, people, standing
from junheng.web.accounts.actors import SignedInRequest
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.forms import InviteForm, PersonForm, RoleForm
from junheng.web.accounts.models import MembershipRequest, User
from junheng.web.accounts.roles import Permission, Role
from junheng.web.accounts.views.answers import MESSAGES, add_refusal, go, posted, show_link, try_action
from junheng.web.organisations.models import Organisation

PER_PAGE = 50


@page(Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES)
@require_GET
def list_people(request: SignedInRequest) -> HttpResponse:
    """The people of the area, searched and paged."""
    asked = {key: request.GET.get(key, "").strip() for key in ("text", "role", "state", "place")}
    place = _number(asked["place"])
    found = queries.find_people(
        queries.visible_people(request.actor),
        text=asked["text"],
        role=asked["role"],
        state=asked["state"],
        place=place,
    )
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    held = queries.held_roles(request.actor, [user.pk for user in shown])
    roles_of: dict[int, list[Any]] = {}
    for each in held:
        roles_of.setdefault(each.user_id, []).append(each)
    locked = queries.locked_hashes(list(shown))
    context = {
        "page": shown,
        "rows": [(user, roles_of.get(user.pk, []), user.pk in locked) for user in shown],
        "asked": asked,
        "roles": Role.choices,
        "states": _states(),
        "waiting": queries.pending_requests(request.actor).count(),
    }
    return render(request, "accounts/people.html", context)


def _states() -> tuple[tuple[str, str], ...]:
    return (("waiting", _("有角色待批准")), ("invited", _("未设密码")), ("disabled", _("已停用")))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@page(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest) -> HttpResponse:
    """A new person: first the organisation, then name and role; then the link, once."""
    place = _chosen_place(request)
    if place is None:
        return _choose_place(request, _("邀请人员"))
    form = InviteForm(posted(request), roles=queries.roles_for(place))
    if form.is_valid():
        try:
            made = people.invite(by=request.actor, organisation=place, **form.cleaned_data)
        except RefusedError as error:
            add_refusal(form, error)
        else:
            step = _("角色还须安全管理员批准:请在「角色申请」中查看进度。")
            return show_link(request, made.user, made.secret, step)
    return render(request, "accounts/invite.html", {"form": form, "place": place})


@page(Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES)
@require_GET
def person(request: SignedInRequest, user_id: int) -> HttpResponse:
    """One person: roles now and before, requests, and what may be done."""
    return _person_page(request, _person(request, user_id), None)


def _person_page(request: SignedInRequest, user: User, form: PersonForm | None) -> HttpResponse:
    asked = queries.visible_requests(request.actor).filter(user=user)
    context = {
        "person": user,
        "held": list(queries.held_roles(request.actor, [user.pk])),
        "past": queries.past_roles(request.actor, user),
        "requests": [each for each in asked if each.state == MembershipRequest.State.PENDING],
        "decided": [each for each in asked if each.state == MembershipRequest.State.REFUSED],
        "is_locked": user.pk in queries.locked_hashes([user]),
        "is_oneself": user.pk == request.actor.user_id,
        "invitation": queries.latest_invitation(user),
        "form": form or PersonForm(instance=user),
    }
    return render(request, "accounts/person.html", context)


@page(Permission.MANAGE_ACCOUNTS)
@require_POST
def correct(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Another name or telephone number."""
    user = _person(request, user_id)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, user, form)
    try_action(request, _("已更正。"), lambda: people.correct(by=request.actor, user_id=user.pk, **form.cleaned_data))
    return go("accounts:person", user_id=user.pk)


@page(Permission.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def add_role(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Asks for one more role of a person."""
    user = _person(request, user_id)
    place = _chosen_place(request)
    if place is None:
        return _choose_place(request, _("为%(name)s申请角色") % {"name": user.name}, user)
    form = RoleForm(posted(request), roles=queries.roles_for(place))
    if form.is_valid():
        try:
            memberships.request(by=request.actor, user=user, organisation=place, role=form.cleaned_data["role"])
        except RefusedError as error:
            add_refusal(form, error)
        else:
            MESSAGES.success(request, _("已提交申请,等待安全管理员批准。"))
            return go("accounts:person", user_id=user.pk)
    return render(request, "accounts/add_role.html", {"form": form, "place": place, "person": user})


@page(Permission.MANAGE_ACCOUNTS)
@require_POST
def renew_invitation(request: SignedInRequest, user_id: int) -> HttpResponse:
    """A fresh link for somebody without a password."""
    user = _person(request, user_id)
    try:
        secret = invitations.renew(by=request.actor, user_id=user.pk)
    except RefusedError as error:
        MESSAGES.error(request, str(error))
        return go("accounts:person", user_id=user.pk)
    return show_link(request, user, secret, _("以前发出的链接已失效。"))


@page(Permission.GRANT_ROLES)
@require_POST
def reset(request: SignedInRequest, user_id: int) -> HttpResponse:
    """A fresh link for somebody who forgot the password."""
    user = _person(request, user_id)
    is_phone_lost = request.POST.get("second_factor") == "remove"
    try:
        secret = invitations.reset(by=request.actor, user_id=user.pk, removes_second_factor=is_phone_lost)
    except RefusedError as error:
        MESSAGES.error(request, str(error))
        return go("accounts:person", user_id=user.pk)
    return show_link(request, user, secret, _("原密码已失效,其所有登录已退出。请当面或电话核实身份后再转交。"))


@page(Permission.GRANT_ROLES)
@require_POST
def disable(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Keeps a person out."""
    user = _person(request, user_id)
    done = _("已停用%(name)s的账号,其所有登录已退出。") % {"name": user.name}
    try_action(request, done, lambda: standing.disable(by=request.actor, user_id=user.pk))
    return go("accounts:person", user_id=user.pk)


@page(Permission.GRANT_ROLES)
@require_POST
def enable(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Lets a person in again."""
    user = _person(request, user_id)
    done = _("已恢复%(name)s的账号。") % {"name": user.name}
    try_action(request, done, lambda: standing.enable(by=request.actor, user_id=user.pk))
    return go("accounts:person", user_id=user.pk)


@page(Permission.GRANT_ROLES)
@require_POST
def unlock(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Ends a lock-out before its time."""
    user = _person(request, user_id)
    done = _("已解除锁定,%(name)s可以立即登录。") % {"name": user.name}
    try_action(request, done, lambda: standing.unlock(by=request.actor, user_id=user.pk))
    return go("accounts:person", user_id=user.pk)


def _person(request: SignedInRequest, user_id: int) -> User:
    return get_object_or_404(queries.visible_people(request.actor), pk=user_id)


def _chosen_place(request: SignedInRequest) -> Organisation | None:
    """The organisation named in the address; 404 for one outside the area or closed."""
    number = _number(request.GET.get("organisation", ""))
    return None if number is None else get_object_or_404(queries.places_for(request.actor), pk=number)


def _choose_place(request: SignedInRequest, title: str, user: User | None = None) -> HttpResponse:
    text = request.GET.get("text", "").strip()
    shown = Paginator(queries.places_for(request.actor, text), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "text": text, "heading": title, "person": user}
    return render(request, "accounts/choose_place.html", context)
