"""Notices of the active role, and marking them as read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junheng.web.access.actor import Actor
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, Role
from junheng.web.returns.actions import notices as actions
from junheng.web.returns.models import Notice
from junheng.web.returns.notice_texts import text_of
from junheng.web.returns.queries import visible_notices

PER_PAGE = 50
_REVIEWERS = frozenset({Role.PRINCIPAL, Role.TOWNSHIP, Role.COUNTY_OFFICE})


@page(Permission.SEE_RETURNS)
@require_safe
def notices(request: ActorRequest) -> HttpResponse:
    """What the active role was told, unread first, each with where it leads."""
    listed = Paginator(visible_notices(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(notice, text_of(notice), address_of(request.actor, notice)) for notice in listed]
    has_unread = any(notice.read_at is None for notice in listed)
    return render(request, "returns/notices.html", {"page": listed, "lines": lines, "has_unread": has_unread})


def address_of(actor: Actor, notice: Notice) -> str:
    """The page a notice leads to: the decision for those who decide, the form for those who fill in, else the round."""
    if notice.entry_id is not None:
        decides = notice.kind == Notice.Kind.TO_REVIEW and actor.role in _REVIEWERS
        return reverse("returns:review_entry" if decides else "returns:edit", args=[notice.entry_id])
    return reverse("returns:round", args=[notice.round_id]) if notice.round_id is not None else ""


@page(Permission.SEE_RETURNS)
@require_POST
def notices_read(request: ActorRequest) -> HttpResponse:
    """Marks the chosen notices as read, or all of the page, for everyone in the role."""
    ids = [int(text) for text in request.POST.getlist("chosen") if text.isdecimal() and len(text) < 16]
    count = actions.mark_read(by=request.actor, notice_ids=ids)
    messages.success(request, _("已标为已读:%(count)s 条。") % {"count": count})
    return redirect("returns:notices")
