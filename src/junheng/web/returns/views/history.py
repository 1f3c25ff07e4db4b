"""The versions of a return, what each changed, and correcting what was approved."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.returns.actions import corrections
from junheng.web.returns.clock import clock_of_entry
from junheng.web.returns.differences import differences
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.forms import ReasonForm
from junheng.web.returns.models import State, Version
from junheng.web.returns.queries import may_edit, versions_of
from junheng.web.returns.views.filling import FILLS_IN
from junheng.web.returns.views.finding_out import own, seen


@page(Permission.SEE_RETURNS)
@require_safe
def versions(request: ActorRequest, return_id: int) -> HttpResponse:
    """All versions with what was decided on each; `from` and `to` in the query choose two to compare."""
    entry = seen(request, return_id)
    listed = list(versions_of(entry))
    newest = listed[0].number
    after = _number(request, "to", newest)
    before = _number(request, "from", after - 1)
    chosen = {each.number: each for each in Version.objects.filter(entry=entry, number__in=[before, after])}
    compared = differences(chosen[before].values, chosen[after].values) if {before, after} <= set(chosen) else []
    context = {
        "entry": entry,
        "versions": listed,
        "from": before,
        "to": after,
        "differences": compared,
        "may_correct": entry.state == State.APPROVED and (may_edit(request.actor, entry) or _is_office(request)),
        "clock": clock_of_entry(entry),
    }
    return render(request, "returns/versions.html", context)


def _number(request: ActorRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _is_office(request: ActorRequest) -> bool:
    return request.actor.role == "county_office"


@page(*FILLS_IN)
def correct(request: ActorRequest, return_id: int) -> HttpResponse:
    """Asks for the reason and opens a correction; the approved version stays valid meanwhile."""
    entry = seen(request, return_id)
    if not (may_edit(request.actor, entry) or _is_office(request)):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            corrections.start(by=request.actor, return_id=entry.pk, reason=form.cleaned_data["reason"])
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("更正已开始:新的草稿由原版本复制而来,原版本在新版本通过前一直有效。"))
            return redirect("returns:edit", return_id=entry.pk)
    return render(request, "returns/correct.html", {"entry": entry, "form": form}, status=422 if form.is_bound else 200)


@page(*FILLS_IN)
@require_POST
def withdraw(request: ActorRequest, return_id: int) -> HttpResponse:
    """Gives up a correction that was not submitted."""
    entry = own(request, return_id)
    try:
        corrections.withdraw(by=request.actor, return_id=entry.pk)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已放弃更正,原版本继续有效。"))
    return redirect("returns:versions", return_id=entry.pk)
