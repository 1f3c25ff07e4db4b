"""Audit rows, for the audit administrator, who sees nothing else. Looking at them is recorded too."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from junheng import api
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, Role
from junheng.web.audit import actions, exports
from junheng.web.audit.actor import PLATFORM
from junheng.web.audit.forms import FilterForm
from junheng.web.audit.labels import action_label
from junheng.web.audit.models import PLATFORM_CHAIN, Entry
from junheng.web.audit.places import places
from junheng.web.audit.queries import differences, find, visible_entries

PER_PAGE = 50
MOST_EXPORTED = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(Permission.READ_AUDIT)
@require_GET
def list_entries(request: ActorRequest) -> HttpResponse:
    """The rows of the area, filtered and paged."""
    form = FilterForm(request.GET)
    filters = form.filters()
    shown = Paginator(find(request.actor, filters), PER_PAGE).get_page(request.GET.get("page"))
    rows = _described(list(shown))
    actions.note_reading(by=request.actor, looked_for=filters.as_json())
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {"form": form, "page": shown, "rows": rows, "parameters": parameters.urlencode(), "most": MOST_EXPORTED}
    return render(request, "audit/list.html", context)


@page(Permission.READ_AUDIT)
@require_GET
def entry(request: ActorRequest, entry_id: int) -> HttpResponse:
    """One row: what was before and what is after."""
    found = get_object_or_404(visible_entries(request.actor), pk=entry_id)
    neighbours = Entry.objects.filter(
        organisation_id=found.organisation_id, sequence__in=(found.sequence - 1, found.sequence + 1)
    )
    by_sequence = {each.sequence: each for each in neighbours}
    actions.note_reading(by=request.actor, subject=f"entry:{found.pk}")
    context = {
        "row": _described([found])[0],
        "differences": differences(found.before, found.after),
        "earlier": by_sequence.get(found.sequence - 1),
        "later": by_sequence.get(found.sequence + 1),
    }
    return render(request, "audit/entry.html", context)


@page(Permission.READ_AUDIT)
@require_GET
def export(request: ActorRequest, file_format: str) -> HttpResponse:
    """The filtered rows as a file. Too many are refused, with the advice to narrow the period."""
    if file_format not in {"csv", "xlsx"}:
        raise Http404
    filters = FilterForm(request.GET).filters()
    found = list(find(request.actor, filters)[: MOST_EXPORTED + 1])
    if len(found) > MOST_EXPORTED:
        messages.error(request, _("一次最多导出 %(most)d 行,请缩短时间范围后分次导出。") % {"most": MOST_EXPORTED})
        return redirect("audit:list")
    names = _names(found)
    rows = [exports.cells(each, names) for each in found]
    actions.note_export(by=request.actor, rows=len(rows), looked_for=filters.as_json())
    if file_format == "csv":
        return _file(exports.as_csv(rows), "text/csv; charset=utf-8", file_format)
    return _file(api.plain_table(_("审计日志"), exports.heads(), rows), XLSX, file_format)


@page(Permission.READ_AUDIT)
@require_POST
def check(request: ActorRequest) -> HttpResponse:
    """Checks the chains of the area and shows what was found."""
    result = actions.check(by=request.actor)
    if result is None:
        messages.error(request, _("行数太多,请在服务器上运行 junheng manage verify_audit 校验。"))
        return redirect("audit:list")
    chains, rows, breaks = result
    names = places().names([each.organisation_id for each in breaks])
    found = [(names.get(each.organisation_id, ""), each) for each in breaks]
    return render(request, "audit/check.html", {"chains": chains, "count": rows, "breaks": found})


def _described(entries: list[Entry]) -> list[dict[str, object]]:
    """The rows with the words that people use."""
    names = _names(entries)
    return [
        {
            "entry": each,
            "place": names.get(each.organisation_id, ""),
            "action": action_label(each.action),
            "person": _("平台") if each.role == PLATFORM.role else each.user_name,
            "role": Role(each.role).label if each.role in Role.values else "",
        }
        for each in entries
    ]


def _names(entries: list[Entry]) -> dict[int, str]:
    return {PLATFORM_CHAIN: _("平台"), **places().names({each.organisation_id for each in entries})}


def _file(content: bytes, content_type: str, ending: str) -> HttpResponse:
    day = timezone.localdate().isoformat()
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="audit-{day}.{ending}"',
            "Cache-Control": "no-store",
        },
    )
