"""Deciding: what waits for the actor's level, one return with everything beside it, approving and sending back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.returns.actions import reviews as actions
from junheng.web.returns.actions.reviews import CellRemark
from junheng.web.returns.clock import Clock, clock_of_entry
from junheng.web.returns.differences import differences
from junheng.web.returns.document import Document, Origin, editors_of
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Decision, Return, Version
from junheng.web.returns.progress import area_of
from junheng.web.returns.provenance import shown_origin
from junheng.web.returns.queries import awaiting, may_review, reasons_of
from junheng.web.returns.sheets import Sheet, cell_name
from junheng.web.returns.views.finding_out import current, drawn, seen, shown
from junheng.web.returns.words import spoken

PER_PAGE = 50
RESULTS = "returns_approved_many"
"""Where the session keeps what became of the last returns approved together, until the page of results was shown."""
CELL_REASON = "r-"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list. `changes` counts the cells that differ from the last approved version; None without one."""

    entry: Return
    version: Version
    clock: Clock
    area: str
    changes: int | None
    explained: int
    is_own: bool


@page(Permission.REVIEW_RETURN)
@require_safe
def review(request: ActorRequest) -> HttpResponse:
    """Everything that waits for the actor's level, with what to look at first; a constant number of queries."""
    entries = (
        awaiting(request.actor)
        .select_related("version", "approved", "organisation__parent")
        .defer("approved__origins", "approved__findings", "approved__row_ids")
        .prefetch_related("extensions")
    )
    listed = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    lines = [_waiting(request, entry) for entry in listed]
    may_choose = any(not line.is_own for line in lines)
    return render(request, "returns/review.html", {"page": listed, "lines": lines, "may_choose": may_choose})


def _waiting(request: ActorRequest, entry: Return) -> Waiting:
    version = current(entry)
    changes = len(differences(entry.approved.values, version.values)) if entry.approved else None
    return Waiting(
        entry=entry,
        version=version,
        clock=clock_of_entry(entry),
        area=area_of(entry.organisation),
        changes=changes,
        explained=sum(finding["level"] == "warning" for finding in version.findings),
        is_own=request.actor.user_id in editors_of(version),
    )


@page(Permission.REVIEW_RETURN)
def approve_many(request: ActorRequest) -> HttpResponse:
    """Approves the chosen versions, each on its own; shows afterwards what became of each."""
    if request.method != "POST":
        outcomes = request.session.pop(RESULTS, None)
        if outcomes is None:
            return redirect("returns:review")
        done = sum(one["is_approved"] for one in outcomes)
        return render(request, "returns/approve_many.html", {"outcomes": outcomes, "done": done})
    chosen = _chosen(request.POST)
    if not chosen:
        messages.error(request, _("没有选择。请先勾选要通过的填报。"))
        return redirect("returns:review")
    outcomes = actions.approve_many(by=request.actor, chosen=chosen)
    request.session[RESULTS] = [
        {"return_id": one.return_id, "name": one.name, "is_approved": one.is_approved, "message": one.message}
        for one in outcomes
    ]
    return redirect("returns:approve_many")


def _chosen(data: QueryDict) -> list[tuple[int, int]]:
    """`chosen=<return id>-<version id>`, as often as boxes were ticked; a page holds at most PER_PAGE of them."""
    pairs = [text.partition("-") for text in data.getlist("chosen")[:PER_PAGE]]
    return [(int(one), int(two)) for one, _dash, two in pairs if _is_id(one) and _is_id(two)]


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 16


@page(Permission.REVIEW_RETURN)
@require_safe
def review_entry(request: ActorRequest, return_id: int) -> HttpResponse:
    """One return: every value with the last approved one beside it, its origin, findings, reasons and remarks."""
    return _entry_page(request, seen(request, return_id))


def _entry_page(request: ActorRequest, entry: Return, typed: QueryDict | None = None) -> HttpResponse:
    version = shown(request.actor, entry)
    approved = entry.approved if entry.approved_id != version.pk else None
    reasons = reasons_of(entry)
    context = {
        "entry": entry,
        "version": version,
        "sheet": drawn(entry, version),
        "sources": _sources(version),
        "approved": approved,
        "differences": differences(approved.values, version.values) if approved else [],
        "findings": _with_reasons(version, reasons),
        "reasons": reasons,
        "clock": clock_of_entry(entry),
        "area": area_of(entry.organisation),
        "decides": may_review(request.actor, entry),
        "is_own": request.actor.user_id in editors_of(version),
        "decisions": Decision.objects.filter(version__entry=entry).select_related("version").order_by("-at", "-pk"),
        "typed": _typed_reasons(typed) if typed else {},
        "reason": typed.get("reason", "") if typed else "",
    }
    return render(request, "returns/review_entry.html", context, status=422 if typed else 200)


def _sources(version: Version) -> dict[str, str]:
    """Where every value came from, who brought it in and when, by the name of its cell."""
    return {
        cell_name(table, row.number, name): _told(origin)
        for table, rows in Document.of(version).tables.items()
        for row in rows
        for name, origin in row.origins.items()
    }


def _told(origin: Origin) -> str:
    brought = "" if origin.kind == "web" else f" · {spoken(origin.by)} · {origin.at.replace('T', ' ')}"
    return f"{shown_origin(origin)}{brought}"


def _with_reasons(version: Version, reasons: dict[str, str]) -> list[dict[str, Any]]:
    """The findings of a version with their written reasons, the gravest first."""
    order = {"error": 0, "warning": 1, "info": 2}
    told = [{**finding, "reason": reasons.get(finding["reference"], "")} for finding in version.findings]
    return sorted(told, key=lambda finding: order[finding["level"]])


def _typed_reasons(data: QueryDict) -> dict[str, str]:
    """What was typed at the cells: name of the cell → text; blank ones are left out."""
    return {
        name.removeprefix(CELL_REASON): str(text)
        for name, text in data.items()
        if name.startswith(CELL_REASON) and str(text).strip()
    }


@page(Permission.REVIEW_RETURN)
@require_POST
def approve(request: ActorRequest, return_id: int) -> HttpResponse:
    """Approves the version that was looked at; says readably when somebody was faster."""
    entry = seen(request, return_id)
    try:
        approved = actions.approve(
            by=request.actor,
            return_id=entry.pk,
            version_id=_version_id(request),
            reason=request.POST.get("reason", ""),
        )
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("returns:review_entry", return_id=entry.pk)
    said = {"name": entry.organisation.name, "state": approved.get_state_display()}
    messages.success(request, _("%(name)s:您已通过,现在的状态是“%(state)s”。") % said)
    return redirect("returns:review")


@page(Permission.REVIEW_RETURN)
@require_POST
def send_back(request: ActorRequest, return_id: int) -> HttpResponse:
    """Sends a version back with reasons at its cells; what was typed stays on the page when that is refused."""
    entry = seen(request, return_id)
    typed = _typed_reasons(request.POST)
    try:
        actions.send_back(
            by=request.actor,
            return_id=entry.pk,
            version_id=_version_id(request),
            reason=request.POST.get("reason", ""),
            cells=_cells(drawn(entry, current(entry)), typed),
        )
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        if may_review(request.actor, seen(request, return_id)):
            return _entry_page(request, seen(request, return_id), request.POST)
        return redirect("returns:review_entry", return_id=entry.pk)
    messages.success(request, _("已退回:%(name)s。填报单位会看到各格的意见。") % {"name": entry.organisation.name})
    return redirect("returns:review")


def _version_id(request: ActorRequest) -> int:
    """The version the page showed; 0, which is none, when it is missing."""
    text = request.POST.get("version", "")
    return int(text) if _is_id(text) else 0


def _cells(sheet: Sheet, typed: dict[str, str]) -> list[CellRemark]:
    """The remarks on the cells of a sheet; a name that the sheet does not have is left out."""
    cells = {cell.name: cell for section in sheet.sections for row in section.rows for cell in row.cells}
    return [
        CellRemark(cells[name].table, cells[name].row_key, cells[name].entry.id, text)
        for name, text in typed.items()
        if name in cells
    ]
