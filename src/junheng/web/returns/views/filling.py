"""The form: one's own returns, the cells of one, saving as one types, rows, conflicts, submitting."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.returns.actions import drafts, submissions
from junheng.web.returns.actions.drafts import CellProblem, Saved
from junheng.web.returns.checking import standing, table_counts
from junheng.web.returns.clock import clock_of_entry
from junheng.web.returns.coverage import covers_of
from junheng.web.returns.differences import differences
from junheng.web.returns.errors import BlockedError, ConflictError, RefusedError
from junheng.web.returns.forms import chosen_edits, edits_of, lock_version_of
from junheng.web.returns.models import Remark, Return
from junheng.web.returns.notice_texts import text_of
from junheng.web.returns.queries import own_returns, reasons_of, visible_notices
from junheng.web.returns.sheets import cell_name
from junheng.web.returns.views.finding_out import current, drawn, is_writable, own, seen, shown

FILLS_IN = (Permission.EDIT_RETURN, Permission.REVIEW_RETURN)
"""The county office fills in the county facts that no department owns; actions say who fills in what."""


@page(*FILLS_IN)
@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """The returns of the actor's own organisation: how each stands, until when, what to do next."""
    entries = list(own_returns(request.actor).select_related("version"))
    remarks = Remark.objects.filter(entry__in=entries, kind=Remark.Kind.RETURN, resolved_at=None).order_by("at")
    by_entry: dict[int, list[Remark]] = {}
    for remark in remarks:
        by_entry.setdefault(remark.entry_id, []).append(remark)
    cards = [
        {
            "entry": entry,
            "clock": clock_of_entry(entry),
            "remarks": by_entry.get(entry.pk, []),
            "is_writable": is_writable(request, entry),
        }
        for entry in entries
    ]
    notices = [(notice, text_of(notice)) for notice in visible_notices(request.actor).filter(read_at=None)[:5]]
    return render(request, "returns/mine.html", {"cards": cards, "notices": notices})


@page(Permission.SEE_RETURNS)
def edit(request: ActorRequest, return_id: int) -> HttpResponse:
    """The form of a return; only to read for those who do not fill it in, or when it is not open. POST saves it whole."""
    if request.method == "POST":
        return _save(request, own(request, return_id))
    return _form(request, seen(request, return_id))


def _form(request: ActorRequest, entry: Return, problems: tuple[CellProblem, ...] = ()) -> HttpResponse:
    version = shown(request.actor, entry)
    names = {cell_name(each.table, each.row_id, each.field): each for each in problems}
    sheet = drawn(
        entry,
        version,
        problems={name: each.message for name, each in names.items()},
        typed={name: each.text for name, each in names.items()},
    )
    reasons = reasons_of(entry)
    context = {
        "entry": entry,
        "version": version,
        "sheet": sheet,
        "clock": clock_of_entry(entry),
        "is_writable": is_writable(request, entry),
        "reasons": reasons,
        "findings": _told(sheet.findings, reasons),
        "now": timezone.now(),
    }
    return render(request, "returns/edit.html", context, status=422 if problems else 200)


def _told(findings: object, reasons: dict[str, str]) -> list[dict[str, object]]:
    """Findings with the written reason of each, what stands in the way first."""
    listed = [{**finding, "reason": reasons.get(finding["reference"], "")} for finding in list(findings)]  # type: ignore[call-overload]
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(listed, key=lambda finding: (bool(finding["reason"]), order[finding["level"]]))


def _save(request: ActorRequest, entry: Return, anchor: str = "") -> HttpResponse:
    """Saves all cells of the form and comes back to it; the page of conflicts, or the form with what could not be taken."""
    try:
        saved = _saved(request, entry)
    except ConflictError as conflict:
        return _conflict_page(request, entry, conflict)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("returns:edit", return_id=entry.pk)
    if saved.problems:
        messages.error(request, _("有%(count)s格没有保存,请看标出的格。") % {"count": len(saved.problems)})
        return _form(request, seen(request, entry.pk), saved.problems)
    if not anchor:
        messages.success(request, _("已保存。"))
    return redirect(reverse("returns:edit", args=[entry.pk]) + anchor)


def _saved(request: ActorRequest, entry: Return) -> Saved:
    return drafts.save(
        by=request.actor,
        return_id=entry.pk,
        lock_version=lock_version_of(request.POST),
        edits=chosen_edits(request.POST),
    )


def _conflict_page(request: ActorRequest, entry: Return, conflict: ConflictError) -> HttpResponse:
    """Base, theirs and mine beside each other; the other cells that were typed travel along."""
    inside = {(each.table, each.row_id, each.field) for each in conflict.conflicts}
    others = [edit for edit in edits_of(request.POST) if (edit.table, edit.row_id, edit.field) not in inside]
    context = {
        "entry": entry,
        "conflicts": [(cell_name(one.table, one.row_id, one.field), one) for one in conflict.conflicts],
        "others": [(cell_name(one.table, one.row_id, one.field), one) for one in others],
        "lock_version": conflict.lock_version,
    }
    return render(request, "returns/conflict.html", context, status=409)


@page(*FILLS_IN)
@require_POST
def autosave(request: ActorRequest, return_id: int) -> HttpResponse:
    """Saves one cell (or a few) while the form stays open; gives the parts of the page that change."""
    entry = own(request, return_id)
    context: dict[str, object] = {"entry": entry, "now": timezone.localtime()}
    edits = edits_of(request.POST)
    context["edits"] = edits
    try:
        saved = drafts.save(
            by=request.actor, return_id=entry.pk, lock_version=lock_version_of(request.POST), edits=edits
        )
    except ConflictError as conflict:
        context["conflicts"] = [(cell_name(one.table, one.row_id, one.field), one) for one in conflict.conflicts]
        return render(request, "returns/parts/autosaved.html", context)
    except RefusedError as refusal:
        context["refusal"] = str(refusal)
        return render(request, "returns/parts/autosaved.html", context)
    entry = seen(request, return_id)
    names = [cell_name(each.table, each.row_id, each.field) for each in edits]
    problems = {cell_name(each.table, each.row_id, each.field): each.message for each in saved.problems}
    context |= {
        "entry": entry,
        "cells": [(name, edit.text, problems.get(name, "")) for name, edit in zip(names, edits, strict=True)],
        "findings": _told(saved.findings, reasons_of(entry)),
        "is_writable": True,
        "table_counts": table_counts(current(entry).values, covers_of(entry)).items(),
    }
    return render(request, "returns/parts/autosaved.html", context)


@page(*FILLS_IN)
@require_POST
def row_add(request: ActorRequest, return_id: int) -> HttpResponse:
    """Saves what was typed and adds an empty row to a table."""
    entry = own(request, return_id)
    table = request.POST.get("table", "")
    try:
        drafts.add_row(by=request.actor, return_id=entry.pk, table=table)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("returns:edit", return_id=entry.pk)
    return _save(request, entry, f"#table-{table}")


@page(*FILLS_IN)
@require_POST
def row_remove(request: ActorRequest, return_id: int) -> HttpResponse:
    """Removes the row `remove` = `<table>-<row>`; what was typed elsewhere is saved as well."""
    entry = own(request, return_id)
    table, _dash, row = request.POST.get("remove", "").partition("-")
    is_fresh = lock_version_of(request.POST) == entry.lock_version
    try:
        saved = _saved(request, entry)
        drafts.remove_row(
            by=request.actor,
            return_id=entry.pk,
            lock_version=saved.lock_version if is_fresh else 0,
            table=table,
            row_id=int(row) if row.isdecimal() else 0,
        )
    except ConflictError as conflict:
        return _conflict_page(request, entry, conflict)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("returns:edit", return_id=entry.pk)
    return redirect(reverse("returns:edit", args=[entry.pk]) + f"#table-{table}")


@page(*FILLS_IN)
def submit(request: ActorRequest, return_id: int) -> HttpResponse:
    """What stands in the way, what changed since the last approved version, and the button that submits once."""
    entry = own(request, return_id)
    version, reasons = current(entry), reasons_of(entry)
    findings = version.findings
    if request.method == "POST":
        try:
            submissions.submit(by=request.actor, return_id=entry.pk, key=request.POST.get("key", ""))
        except BlockedError as blocked:
            messages.error(request, str(blocked))
            findings = list(blocked.findings)
        except RefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect("returns:edit", return_id=entry.pk)
        else:
            messages.success(request, _("已提交,等待审核。"))
            return redirect("returns:mine")
    approved = entry.approved.values if entry.approved else None
    context = {
        "entry": entry,
        "version": version,
        "clock": clock_of_entry(entry),
        "is_writable": is_writable(request, entry),
        "left": _told(standing(findings, reasons), reasons),
        "explained": [finding for finding in _told(findings, reasons) if finding["reason"]],
        "differences": differences(approved, version.values),
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    return render(request, "returns/submit.html", context, status=422 if request.method == "POST" else 200)
