"""Deciding on a submitted version: approving it, sending it back at the cell, approving many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access.actor import Actor
from junheng.web.organisations.models import Kind
from junheng.web.returns.actions.holding import hold, move, record, tell
from junheng.web.returns.actions.rounds import grant
from junheng.web.returns.actions.submissions import next_level, tell_reviewers
from junheng.web.returns.clock import EXTRA_DAYS, clock_of_entry
from junheng.web.returns.coverage import covers_of
from junheng.web.returns.document import editors_of
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Decision, Notice, Remark, Return, State, Version
from junheng.web.returns.queries import ENTRY_ROLES, may_review


@dataclass(frozen=True, slots=True)
class CellRemark:
    """What is wrong with one cell; with an empty `field` it is about the row, with an empty `table` about the whole."""

    table: str
    row_key: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one return when many were approved: its organisation, and why not when it was not."""

    return_id: int
    name: str
    is_approved: bool
    message: str


@transaction.atomic
def approve(*, by: Actor, return_id: int, version_id: int, reason: str = "") -> Return:
    """Approves a version at the actor's level; at the county's it becomes the valid one and never changes again.

    RefusedError when the return waits for another level (somebody was faster), the version is not the one that was looked at,
    or the actor entered or submitted a value of it.
    """
    entry, version = _hold_submitted(by, return_id, version_id)
    if by.user_id is not None and by.user_id in editors_of(version):
        raise RefusedError(_("您填写或提交过这一版的数据,不能由您审核。请换一位审核人。"))
    _decide(by, entry, version, Decision.Verdict.APPROVED, reason.strip())
    before = {"state": entry.state}
    state = next_level(entry)
    if state == State.APPROVED:
        version.is_final, version.approved_at = True, timezone.now()
        version.save(update_fields=["is_final", "approved_at"])
        move(entry, state=state, approved=version)
        _tell_reporters(entry, Notice.Kind.APPROVED, Notice.Said.APPROVED)
    else:
        move(entry, state=state)
        tell_reviewers(entry)
    after = {"state": state, "version": version.number, "digest": version.digest}
    record(by, "return.approve", entry, before=before, after=after)
    return entry


@transaction.atomic
def send_back(*, by: Actor, return_id: int, version_id: int, reason: str, cells: Sequence[CellRemark] = ()) -> Return:
    """Sends a version back to those who fill it in, saying why and at which cells; they go on in a new draft of it.

    When the time is over they get a few more days. RefusedError as in `approve`, and without any reason.
    """
    entry, version = _hold_submitted(by, return_id, version_id)
    told = [cell for cell in cells if cell.text.strip()]
    if not reason.strip() and not told:
        raise RefusedError(_("请写明退回的理由,或在需要修改的格上写明意见。"))
    _refuse_unknown_cells(entry, told)
    _decide(by, entry, version, Decision.Verdict.RETURNED, reason.strip())
    level = entry.state
    move(entry, state=State.DRAFT, version=next_version(version, reason.strip()))
    _remark(by, entry, version, told)
    if not clock_of_entry(entry).is_open:
        until = timezone.localdate() + timedelta(days=EXTRA_DAYS)
        grant(by, entry, until, "退回修改", said=Notice.Said.EXTENDED_TO_CORRECT)
    why = (reason.strip() or told[0].text.strip())[:500]
    _tell_reporters(entry, Notice.Kind.RETURNED, Notice.Said.RETURNED, name=by.name, reason=why)
    after = {"version": version.number, "reason": reason.strip(), "cells": len(told)}
    record(by, "return.send_back", entry, before={"state": level}, after=after)
    return entry


def approve_many(*, by: Actor, chosen: Sequence[tuple[int, int]]) -> tuple[Outcome, ...]:
    """Approves `(return id, version id)` one by one, each on its own: what is refused does not hold up the others."""
    outcomes = []
    names = dict(Return.objects.filter(pk__in=[pk for pk, _version in chosen]).values_list("pk", "organisation__name"))
    for return_id, version_id in chosen:
        try:
            approve(by=by, return_id=return_id, version_id=version_id)
        except RefusedError as refusal:
            outcomes.append(Outcome(return_id, names.get(return_id, ""), False, str(refusal)))  # noqa: FBT003
        else:
            outcomes.append(Outcome(return_id, names[return_id], True, "已通过"))  # noqa: FBT003
    return tuple(outcomes)


def next_version(version: Version, reason: str) -> Version:
    """A new draft that starts from a version that may not change any more."""
    latest = Version.objects.filter(entry_id=version.entry_id).order_by("-number").values_list("number", flat=True)[0]
    draft = Version(
        entry_id=version.entry_id,
        number=latest + 1,
        values=version.values,
        row_ids=version.row_ids,
        origins=version.origins,
        findings=version.findings,
        reason=reason[:500],
    )
    draft.save(force_insert=True)
    return draft


def _hold_submitted(by: Actor, return_id: int, version_id: int) -> tuple[Return, Version]:
    entry = hold(by, return_id)
    if not may_review(by, entry):
        known = {"state": State(entry.state).label, "last": _last_word(entry)}
        raise RefusedError(_("这份填报现在的状态是“%(state)s”,不由您这一级审核%(last)s。") % known)
    if entry.version_id != version_id:
        raise RefusedError(_("您看的不是最新的一版。请刷新页面,看过最新的一版再审核。"))
    return entry, Version.objects.get(pk=version_id)


def _last_word(entry: Return) -> str:
    last = Decision.objects.filter(version__entry=entry).order_by("-at", "-pk").first()
    if last is None:
        return ""
    return _("(最近一次:%(name)s%(verdict)s)") % {
        "name": last.by_name,
        "verdict": Decision.Verdict(last.verdict).label,
    }


def _decide(by: Actor, entry: Return, version: Version, verdict: Decision.Verdict, reason: str) -> None:
    Decision(
        version=version,
        level=entry.state,
        verdict=verdict,
        by_id=by.user_id,
        by_name=by.name,
        at=timezone.now(),
        reason=reason[:500],
    ).save(force_insert=True)


def _refuse_unknown_cells(entry: Return, cells: Sequence[CellRemark]) -> None:
    covers = covers_of(entry)
    for cell in cells:
        is_known = not cell.table or (cell.table in covers and (not cell.field or cell.field in covers[cell.table]))
        if not is_known:
            known = {"cell": f"{cell.table} {cell.field}"}
            raise RefusedError(_("这份填报没有这一格:%(cell)s。请刷新页面后重填。") % known)


def _remark(by: Actor, entry: Return, version: Version, cells: Sequence[CellRemark]) -> None:
    now = timezone.now()
    Remark.objects.bulk_create(
        Remark(
            entry=entry,
            version=version,
            table=cell.table,
            row_key=cell.row_key[:200],
            field=cell.field,
            kind=Remark.Kind.RETURN,
            text=cell.text.strip()[:500],
            by_id=by.user_id,
            by_name=by.name,
            at=now,
        )
        for cell in cells
    )


def _tell_reporters(entry: Return, kind: Notice.Kind, said: Notice.Said, **details: str) -> None:
    role = ENTRY_ROLES[Kind(entry.organisation.kind)]
    tell(entry, organisation_id=entry.organisation_id, role=role, kind=kind, said=said, **details)
