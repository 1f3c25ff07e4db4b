"""Correcting what was approved: a new version with a reason, while the old one stays valid."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.returns.actions.holding import hold, hold_draft, move, record, refuse_when_closed
from junheng.web.returns.actions.reviews import next_version
from junheng.web.returns.actions.rounds import grant
from junheng.web.returns.clock import EXTRA_DAYS, clock_of_entry
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import State, Version
from junheng.web.returns.queries import may_edit


@transaction.atomic
def start(*, by: Actor, return_id: int, reason: str) -> Version:
    """Opens a new draft of an approved return; it goes through all levels again.

    Those who fill it in may while it is open; the county office may at any time, which gives a few days where the time was
    over. RefusedError without a reason, and when the return is not approved.
    """
    entry = hold(by, return_id)
    is_office = by.role == Role.COUNTY_OFFICE and entry.organisation.is_within(by.own_path)
    if not may_edit(by, entry) and not is_office:
        raise RefusedError(_("只有填报单位和县级管理员可以发起更正。"))
    if entry.state != State.APPROVED or entry.approved_id is None:
        raise RefusedError(_("只有已通过的填报才需要更正;还没有通过的,直接修改或由审核人退回。"))
    if not reason.strip():
        raise RefusedError(_("请写明更正的理由。"))
    if is_office and not clock_of_entry(entry).is_open:
        grant(by, entry, timezone.localdate() + timedelta(days=EXTRA_DAYS), "更正")
    elif not is_office:
        refuse_when_closed(entry)
    draft = next_version(Version.objects.get(pk=entry.approved_id), reason.strip())
    move(entry, state=State.DRAFT, version=draft)
    record(by, "return.correct", entry, before={}, after={"version": draft.number, "reason": draft.reason})
    return draft


@transaction.atomic
def withdraw(*, by: Actor, return_id: int) -> None:
    """Gives up a correction that was not submitted: the approved version is the current one again."""
    entry, version = hold_draft(by, return_id)
    if entry.approved_id is None:
        raise RefusedError(_("这份填报还没有通过过的版本,没有更正可以放弃。"))
    move(entry, state=State.APPROVED, version_id=entry.approved_id, error_count=0, warning_count=0)
    record(by, "return.withdraw_correction", entry, before={"version": version.number}, after={})
