"""Requests for roles: seen by both administrators, decided by the security administrator."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from junheng.web.accounts import queries
from junheng.web.accounts.access import page
from junheng.web.accounts.actions import memberships
from junheng.web.accounts.actors import SignedInRequest
from junheng.web.accounts.models import Membership
from junheng.web.accounts.roles import Permission
from junheng.web.accounts.views.answers import go, try_action
from junheng.web.organisations.models import Organisation

PER_PAGE = 100


@page(Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES)
@require_GET
def list_requests(request: SignedInRequest) -> HttpResponse:
    """What waits for a decision."""
    waiting = queries.pending_requests(request.actor)
    shown = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/requests.html", {"page": shown})


@page(Permission.GRANT_ROLES)
@require_POST
def decide(request: SignedInRequest) -> HttpResponse:
    """Approves or refuses the chosen ones, all or none."""
    chosen = [int(text) for text in request.POST.getlist("chosen") if text.isascii() and text.isdigit()]
    is_approved = request.POST.get("verdict") == "approve"
    count = len(set(chosen))
    done = (
        ngettext(
            "已批准 %(count)d 项,本人下次打开页面即可使用。", "已批准 %(count)d 项,本人下次打开页面即可使用。", count
        )
        if is_approved
        else ngettext("已退回 %(count)d 项。", "已退回 %(count)d 项。", count)
    ) % {"count": count}
    try_action(
        request,
        done,
        lambda: memberships.decide(
            by=request.actor, request_ids=chosen, is_approved=is_approved, note=request.POST.get("note", "")[:200]
        ),
    )
    return go("accounts:requests")


@page(Permission.MANAGE_ACCOUNTS)
@require_POST
def withdraw(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Takes a request back."""
    asked = get_object_or_404(queries.visible_requests(request.actor), pk=request_id)
    try_action(request, _("已撤回申请。"), lambda: memberships.withdraw(by=request.actor, request_id=asked.pk))
    return go("accounts:person", user_id=asked.user_id)


@page(Permission.GRANT_ROLES)
@require_POST
def end_membership(request: SignedInRequest, membership_id: int) -> HttpResponse:
    """Ends a role that somebody holds."""
    area = Organisation.objects.within(request.actor.area_path)
    held = get_object_or_404(Membership, pk=membership_id, organisation__in=area)
    done = _("已结束该角色,其登录已退出、令牌已撤销。")
    try_action(request, done, lambda: memberships.end(by=request.actor, membership_id=held.pk))
    return go("accounts:person", user_id=held.user_id)
