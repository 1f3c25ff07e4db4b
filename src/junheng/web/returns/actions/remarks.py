"""What people write beside cells: comments, reasons for warnings, and that a remark is dealt with."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.core.findings import Level
from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, may
from junheng.web.returns.actions.drafts import open_counts
from junheng.web.returns.actions.holding import hold, hold_draft, move, record
from junheng.web.returns.coverage import covers_of
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Remark, WrittenReason
from junheng.web.returns.queries import may_edit, reasons_of

LONGEST = 500


@transaction.atomic
def comment(*, by: Actor, return_id: int, table: str, row_key: str, field: str, text: str) -> Remark:
    """Leaves a comment at a cell, for those who fill in and those who decide. RefusedError for others, or without text.

    The same words of the same person at the same cell stand there once until they are dealt with.
    """
    entry = hold(by, return_id)
    is_reviewer = may(by.role, Permission.REVIEW_RETURN) and entry.organisation.is_within(by.own_path)
    if not may_edit(by, entry) and not is_reviewer:
        raise RefusedError(_("只有填报人和审核人可以写备注。"))
    if not text.strip() or len(text) > LONGEST:
        raise RefusedError(_("请写 1 至 %(most)d 字的备注。") % {"most": LONGEST})
    if field not in covers_of(entry).get(table, ()) or entry.version_id is None:
        raise RefusedError(_("这份填报没有这一格。请刷新页面后重试。"))
    said: dict[str, Any] = {
        "entry": entry,
        "version_id": entry.version_id,
        "table": table,
        "row_key": row_key[:200],
        "field": field,
        "kind": Remark.Kind.COMMENT,
        "text": text.strip(),
        "by_id": by.user_id,
    }
    known = Remark.objects.filter(**said, resolved_at=None).first()
    if known is not None:
        return known
    remark = Remark(**said, by_name=by.name, at=timezone.now())
    remark.save(force_insert=True)
    record(by, "return.comment", entry, before={}, after={f"{table}|{row_key}|{field}": remark.text})
    return remark


@transaction.atomic
def explain(*, by: Actor, return_id: int, reference: str, text: str) -> WrittenReason | None:
    """Writes why a warning of the draft is right as it stands; an empty text takes the reason back.

    RefusedError when the draft has no such warning, or may not be changed.
    """
    entry, version = hold_draft(by, return_id)
    warnings = {each["reference"] for each in version.findings if each["level"] == Level.WARNING}
    if reference not in warnings:
        raise RefusedError(_("这条警告已经不存在,或不需要说明。请刷新页面。"))
    words = text.strip()[:LONGEST]
    written = None
    if words:
        who = {"text": words, "by_id": by.user_id, "by_name": by.name, "at": timezone.now()}
        written, _is_new = WrittenReason.objects.update_or_create(entry=entry, reference=reference, defaults=who)
    else:
        WrittenReason.objects.filter(entry=entry, reference=reference).delete()
    errors, left = open_counts(version.findings, reasons_of(entry))
    move(entry, error_count=errors, warning_count=left)
    record(by, "return.explain", entry, before={}, after={reference: words})
    return written


@transaction.atomic
def resolve(*, by: Actor, return_id: int, remark_id: int) -> None:
    """Marks a remark as dealt with. Marking it twice changes nothing."""
    entry, _ = hold_draft(by, return_id)
    if Remark.objects.filter(pk=remark_id, entry=entry, resolved_at=None).update(resolved_at=timezone.now()):
        record(by, "return.resolve_remark", entry, before={}, after={"remark": remark_id})
