"""Workbooks on their way into drafts: received and read, looked at, then applied or discarded."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.audit import chain
from junheng.web.returns.actions.drafts import store
from junheng.web.returns.actions.holding import open_draft, record, refuse_when_closed
from junheng.web.returns.clock import clock_of_entry
from junheng.web.returns.coverage import SCHOOL_TABLES, covers_of
from junheng.web.returns.document import Document, Origin
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.merging import Merge, ReadRows, by_school, merge, strangers
from junheng.web.returns.models import Return, Round, State, Upload, Version
from junheng.web.returns.queries import may_edit, visible_returns, visible_rounds, visible_uploads
from junheng.web.returns.uploading import Kept, clean_name, keep, path_of, read_rows

MAY_NOT = gettext_lazy("当前角色不能为这份填报上传工作簿。请切换角色。")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an upload would do to one return: the merge, or why the return is left alone."""

    entry: Return
    version: Version | None
    merge: Merge | None
    refusal: str = ""


def receive(*, by: Actor, round_id: int, file: UploadedFile, return_id: int | None = None) -> Upload:
    """Keeps a workbook and reads it; nothing in any draft changes yet.

    With `return_id` it is for that return alone, else (county office) for every school of the round. Reading takes place
    outside any transaction, in a child process. The same file sent again by the same person gives the upload that still waits
    to be applied. RefusedError for a wrong file, or when the actor may not or it is too late.
    """
    found, entry = _target(by, round_id, return_id)
    kept, name = keep(file), clean_name(file.name or "")
    waiting = _waiting(by, found, entry, kept)
    if waiting is not None:
        path_of(kept.stored_name).unlink()
        return waiting
    rows, findings = read_rows(kept.stored_name, name, found.year)
    if rows is not None:
        known = _school_codes(found, entry)
        findings += strangers(by_school({table: rows.get(table, []) for table in SCHOOL_TABLES}), known, name)
    upload = Upload(
        round=found,
        entry=entry,
        state=Upload.State.READ if rows is not None else Upload.State.UNREADABLE,
        name=name,
        stored_name=kept.stored_name,
        size=kept.size,
        sha256=kept.sha256,
        rows=rows or {},
        findings=[finding.as_dict() for finding in findings],
        by_id=by.user_id,
        by_name=by.name,
        organisation_id=entry.organisation_id if entry else found.county_id,
    )
    return _add(by, upload)


def _waiting(by: Actor, found: Round, entry: Return | None, kept: Kept) -> Upload | None:
    sent = Upload.objects.filter(round=found, entry=entry, by_id=by.user_id, sha256=kept.sha256)
    return sent.filter(state=Upload.State.READ).order_by("-pk").first()


@transaction.atomic
def _add(by: Actor, upload: Upload) -> Upload:
    upload.save(force_insert=True)
    after = {"name": upload.name, "size": upload.size, "sha256": upload.sha256, "state": upload.state}
    _record(by, "upload.receive", upload, after)
    return upload


@transaction.atomic
def apply(*, by: Actor, upload_id: int, seen: str) -> Upload:
    """Puts a workbook into the drafts, as the preview showed it.

    `seen` is the `fingerprint` of the preview: when a draft moved on since, RefusedError asks to look again. Returns that are
    not drafts, or whose time is over, are left alone. Applying twice changes nothing.
    """
    upload = _hold_upload(by, upload_id)
    if upload.state == Upload.State.APPLIED:
        return upload
    if upload.state != Upload.State.READ:
        known = {"state": Upload.State(upload.state).label}
        raise RefusedError(_("这个工作簿的状态是“%(state)s”,不能采用。请重新上传。") % known)
    if upload.entry is not None:
        refuse_when_closed(upload.entry)
    drawn = plans(upload, is_locked=True)
    if fingerprint(drawn) != seen:
        raise RefusedError(_("预览之后草稿又有改动。请重新核对预览,再确认采用。"))
    filled = 0
    for plan in drawn:
        if plan.merge is not None and plan.version is not None and not plan.merge.is_empty:
            store(plan.entry, plan.version, plan.merge.document)
            after = {"upload": upload.pk, "sha256": upload.sha256, "cells": len(plan.merge.changes)}
            record(by, "return.fill_from_workbook", plan.entry, before={}, after=after)
            filled += 1
    upload.state, upload.applied_at, upload.rows = Upload.State.APPLIED, timezone.now(), {}
    upload.save(update_fields=["state", "applied_at", "rows"])
    _record(by, "upload.apply", upload, {"returns": filled})
    return upload


@transaction.atomic
def discard(*, by: Actor, upload_id: int) -> Upload:
    """Gives up a workbook that was not applied; the file is kept, as what was sent stays known."""
    upload = _hold_upload(by, upload_id)
    if upload.state == Upload.State.READ:
        upload.state, upload.rows = Upload.State.DISCARDED, {}
        upload.save(update_fields=["state", "rows"])
        _record(by, "upload.discard", upload, {})
    return upload


def plans(upload: Upload, *, is_locked: bool = False) -> list[Plan]:
    """What an upload would do now, return by return; with `is_locked` the returns are held until the transaction ends."""
    origin = Origin(
        kind="workbook",
        by=upload.by_name,
        by_id=upload.by_id,
        at=timezone.localtime(upload.at).isoformat(timespec="minutes")[:16],
        file=upload.name,
    )
    entries = Return.objects.filter(round_id=upload.round_id).select_related("organisation", "round__county")
    if is_locked:
        entries = entries.select_for_update(of=("self",))
    if upload.entry_id is not None:
        return [_plan(entry, upload.rows, origin) for entry in entries.filter(pk=upload.entry_id)]
    schools = by_school({table: upload.rows.get(table, []) for table in SCHOOL_TABLES})
    found = entries.filter(organisation__code__in=list(schools), organisation__kind="school")
    ordered = found.order_by("organisation__code").prefetch_related("extensions")
    versions = Version.objects.in_bulk([entry.version_id for entry in ordered if entry.state == State.DRAFT])
    return [_plan(entry, schools[entry.organisation.code], origin, versions) for entry in ordered]


def _plan(entry: Return, rows: ReadRows, origin: Origin, versions: Mapping[int, Version] | None = None) -> Plan:
    if entry.state != State.DRAFT or entry.version_id is None:
        return Plan(entry, None, None, _("状态是“%(state)s”,没有采用") % {"state": State(entry.state).label})
    if not clock_of_entry(entry).is_open:
        return Plan(entry, None, None, _("已锁定或已截止,没有采用"))
    version = versions[entry.version_id] if versions is not None else Version.objects.get(pk=entry.version_id)
    own = _own_rows(entry, rows)
    return Plan(entry, version, merge(Document.of(version), covers_of(entry), own, origin))


def _own_rows(entry: Return, rows: ReadRows) -> ReadRows:
    """The rows of a workbook that are about the organisation of a return: those of one school, or the county's."""
    code = entry.organisation.code
    return {
        table: [item for item in items if table not in SCHOOL_TABLES or item["values"].get("school_id") == code]
        for table, items in rows.items()
    }


def fingerprint(drawn: Sequence[Plan]) -> str:
    """A short text that changes when any of the returns moves on."""
    text = ",".join(f"{plan.entry.pk}:{plan.entry.lock_version}" for plan in drawn)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _target(by: Actor, round_id: int, return_id: int | None) -> tuple[Round, Return | None]:
    found = visible_rounds(by).filter(pk=round_id).first()
    if found is None:
        raise RefusedError(_("没有这一轮填报,或您看不到它。请返回列表重新选择。"))
    if return_id is None:
        if by.role != Role.COUNTY_OFFICE or by.organisation_id != found.county_id:
            raise RefusedError(str(MAY_NOT))
        if found.locked_at is not None:
            raise RefusedError(_("本轮填报已锁定,网页填写和上传都已停止。请先解锁。"))
        return found, None
    entry = visible_returns(by).filter(pk=return_id, round=found).first()
    if entry is None or not may_edit(by, entry):
        raise RefusedError(str(MAY_NOT))
    open_draft(entry)
    return found, entry


def _school_codes(found: Round, entry: Return | None) -> set[str]:
    if entry is not None:
        return {entry.organisation.code}
    codes = Return.objects.filter(round=found, organisation__kind="school").values_list("organisation__code", flat=True)
    return set(codes)


def _hold_upload(by: Actor, upload_id: int) -> Upload:
    upload = visible_uploads(by).order_by().select_for_update(of=("self",)).filter(pk=upload_id).first()
    if upload is None:
        raise RefusedError(_("没有这个工作簿,或您看不到它。"))
    is_own = upload.entry is not None and may_edit(by, upload.entry)
    is_office = upload.entry is None and by.role == Role.COUNTY_OFFICE and by.organisation_id == upload.round.county_id
    if not (is_own or is_office):
        raise RefusedError(str(MAY_NOT))
    return upload


def _record(by: Actor, action: str, upload: Upload, after: Mapping[str, object]) -> None:
    place = upload.entry.organisation_id if upload.entry is not None else upload.round.county_id
    chain.record(by=by, action=action, organisation_id=place, subject=f"upload:{upload.pk}", after=after)
