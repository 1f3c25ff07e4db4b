"""Opening a year's reporting, moving its end, locking it, and reminding those who have not reported."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng import api
from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, may
from junheng.web.audit import chain
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.returns.actions.holding import hold, record, tell
from junheng.web.returns.carrying import take_over
from junheng.web.returns.checking import counts
from junheng.web.returns.coverage import Covers, covers_of, first_rows, school_covers, share_out
from junheng.web.returns.document import Document
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Extension, Notice, Return, Round, State, Version
from junheng.web.returns.queries import ENTRY_ROLES, visible_rounds

MAY_NOT = gettext_lazy("只有县级管理员(或上级督导)可以管理填报轮次。请切换角色。")


@transaction.atomic
def open_rounds(
    *, by: Actor, place: Organisation, year: int, standard: str, title: str, due_on: date
) -> tuple[Round, ...]:
    """Opens the year's round of a county, or of every open county below `place`, all or none; `place` is the issuer.

    Every open school gets a return, every department that owns county facts, and the county office when facts are left over.
    RefusedError when the actor may not, when a county has a round for the year, or when there is no county.
    StandardError for an unknown standard.
    """
    counties = counties_to_open(by=by, place=place, standard=standard, due_on=due_on)
    given: dict[str, Any] = {"year": year, "standard": standard, "title": title, "due_on": due_on}
    opened = [(county, open_county(by=by, county=county, issuer=place, **given)) for county in counties]
    if taken := [county.name for county, one in opened if one is None]:
        known = {"names": "、".join(taken[:5]), "year": year}
        raise RefusedError(_("%(names)s已有 %(year)s 年度的填报轮次。一个县一年只开一轮。") % known)
    return tuple(one for _county, one in opened if one is not None)


def counties_to_open(*, by: Actor, place: Organisation, standard: str, due_on: date) -> list[Organisation]:
    """The county itself, or every open county below `place`, by code.

    RefusedError when the actor may not, when the day is over, or when there is none. StandardError for an unknown standard.
    """
    if not may(by.role, Permission.OPEN_ROUNDS) or not place.is_within(by.own_path):
        raise RefusedError(str(MAY_NOT))
    if due_on < timezone.localdate():
        raise RefusedError(_("截止日期已经过去。请选择今天或以后的日期。"))
    api.standard_of(standard)
    counties = list(Organisation.objects.within(place.path).filter(kind=Kind.COUNTY).open().order_by("code", "name"))
    if not counties:
        raise RefusedError(_("“%(name)s”下面没有县(市、区),不能开始填报。") % {"name": place.name})
    return counties


@transaction.atomic
def open_county(
    *, by: Actor, county: Organisation, issuer: Organisation, year: int, standard: str, title: str, due_on: date
) -> Round | None:
    """The round of one county, opened; None when it has one for the year. The actor's right is the caller's to check."""
    Organisation.objects.select_for_update().get(pk=county.pk)
    if Round.objects.filter(county=county, year=year).exists():
        return None
    chosen = api.standard_of(standard).id
    one = Round(county=county, issuer=issuer, year=year, standard=chosen, title=title.strip(), due_on=due_on)
    one.save(force_insert=True)
    _open_returns(one)
    after = {"year": year, "standard": chosen, "due_on": due_on.isoformat(), "issuer": issuer.name}
    chain.record(by=by, action="round.open", organisation_id=county.pk, subject=f"round:{one.pk}", after=after)
    return one


def _open_returns(opened: Round) -> None:
    covers = reporters_of(opened.county)
    earlier = _earlier_versions(opened)
    places = Organisation.objects.in_bulk(covers)
    entries = [
        Return(round=opened, organisation=places[pk], covers={} if places[pk].kind == Kind.SCHOOL else dict(share))
        for pk, share in covers.items()
    ]
    Return.objects.bulk_create(entries)
    Version.objects.bulk_create(
        [_first_version(entry, opened, earlier.get(entry.organisation_id)) for entry in entries]
    )
    versions = dict(Version.objects.filter(entry__round=opened).values_list("entry_id", "pk"))
    for entry in entries:
        entry.version_id = versions[entry.pk]
    Return.objects.bulk_update(entries, ["version", "filled_count", "cell_count"], batch_size=200)
    _announce(opened, entries)


def reporters_of(county: Organisation) -> dict[int, Covers]:
    """Who reports in a county now, and what: open schools, departments that own county facts, the county office."""
    places = Organisation.objects.within(county.path).open().order_by("code", "name", "pk")
    shares = share_out(county, [place for place in places if place.kind == Kind.DEPARTMENT])
    schools: dict[int, Covers] = {place.pk: school_covers() for place in places if place.kind == Kind.SCHOOL}
    return schools | {pk: share for pk, share in shares.items() if share}


def _earlier_versions(opened: Round) -> dict[int, Version]:
    """The latest approved version of every organisation of the county, by organisation."""
    entries = Return.objects.filter(round__county=opened.county, approved__isnull=False, round__year__lt=opened.year)
    found = entries.order_by("round__year").select_related("approved")
    return {entry.organisation_id: entry.approved for entry in found if entry.approved is not None}


def _first_version(entry: Return, opened: Round, earlier: Version | None) -> Version:
    """The first draft, with what is known without asking; sets the counts of the return."""
    covers = covers_of(entry)
    rows = first_rows(covers, entry.organisation, opened.county, year=opened.year, standard=opened.standard)
    document = Document.from_stored(rows, {}, {})
    if earlier is not None:
        take_over(document, Document.of(earlier), covers)
    entry.filled_count, entry.cell_count = counts(document, covers)
    return Version(entry=entry, number=1, values=document.values, row_ids=document.row_ids, origins=document.origins)


def _announce(opened: Round, entries: Iterable[Return]) -> None:
    details = {"title": opened.title, "due_on": opened.due_on.isoformat()}
    Notice.objects.bulk_create(
        Notice(
            organisation_id=entry.organisation_id,
            role=ENTRY_ROLES[Kind(entry.organisation.kind)],
            kind=Notice.Kind.OPENED,
            said=Notice.Said.OPENED,
            details=details,
            round=opened,
            entry=entry,
            key=f"opened:{entry.pk}",
        )
        for entry in entries
    )


def _hold_round(by: Actor, round_id: int) -> Round:
    found = visible_rounds(by).order_by().select_for_update(of=("self",)).filter(pk=round_id).first()
    if found is None:
        raise RefusedError(_("没有这一轮填报,或您看不到它。请返回列表重新选择。"))
    if not may(by.role, Permission.OPEN_ROUNDS) or not found.county.is_within(by.own_path):
        raise RefusedError(str(MAY_NOT))
    return found


@transaction.atomic
def lock(*, by: Actor, round_id: int) -> Round:
    """Stops every change of every draft of the round, uploads included. Locking twice changes nothing."""
    return _set_lock(by, round_id, is_locked=True)


@transaction.atomic
def unlock(*, by: Actor, round_id: int) -> Round:
    """Lets drafts be changed again until the due date. Unlocking twice changes nothing."""
    return _set_lock(by, round_id, is_locked=False)


def _set_lock(by: Actor, round_id: int, *, is_locked: bool) -> Round:
    found = _hold_round(by, round_id)
    if (found.locked_at is not None) == is_locked:
        return found
    found.locked_at = timezone.now() if is_locked else None
    found.save(update_fields=["locked_at"])
    said = Notice.Said.LOCKED if is_locked else Notice.Said.UNLOCKED
    _tell_unfinished(found, Notice.Kind.LOCKED, said, key=f"{found.locked_at or timezone.now():%Y%m%d%H%M%S%f}")
    action = "round.lock" if is_locked else "round.unlock"
    chain.record(by=by, action=action, organisation_id=found.county_id, subject=f"round:{found.pk}")
    return found


@transaction.atomic
def change_due(*, by: Actor, round_id: int, due_on: date) -> Round:
    """Moves the due date of a round, to today or later."""
    found = _hold_round(by, round_id)
    if due_on < timezone.localdate():
        raise RefusedError(_("截止日期已经过去。请选择今天或以后的日期。"))
    before = {"due_on": found.due_on.isoformat()}
    found.due_on = due_on
    found.save(update_fields=["due_on"])
    chain.record(
        by=by,
        action="round.change_due",
        organisation_id=found.county_id,
        subject=f"round:{found.pk}",
        before=before,
        after={"due_on": due_on.isoformat()},
    )
    return found


@transaction.atomic
def extend(*, by: Actor, return_id: int, until: date, reason: str) -> Extension:
    """Gives one return more time, up to and including `until`; it also opens a locked round for this return.

    Granting just the same again gives the extension that is there.
    """
    entry = hold(by, return_id)
    if not may(by.role, Permission.OPEN_ROUNDS) or not entry.organisation.is_within(by.own_path):
        raise RefusedError(str(MAY_NOT))
    if not reason.strip():
        raise RefusedError(_("请写明延期的理由。"))
    if until < timezone.localdate():
        raise RefusedError(_("延期的最后一天已经过去。请选择今天或以后的日期。"))
    latest = entry.extensions.order_by("-pk").first()
    if latest is not None and (latest.until, latest.reason) == (until, reason.strip()[:300]):
        return latest
    return grant(by, entry, until, reason.strip())


def grant(by: Actor, entry: Return, until: date, reason: str, *, said: Notice.Said = Notice.Said.EXTENDED) -> Extension:
    """Writes an extension of a locked return, its notice (`said`: in which words) and its audit row."""
    granted = Extension(entry=entry, until=until, reason=reason[:300], by_name=by.name, granted_at=timezone.now())
    granted.save(force_insert=True)
    tell(
        entry,
        organisation_id=entry.organisation_id,
        role=ENTRY_ROLES[Kind(entry.organisation.kind)],
        kind=Notice.Kind.EXTENDED,
        said=said,
        key=f"extended:{granted.pk}",
        until=until.isoformat(),
        reason=granted.reason,
    )
    record(by, "return.extend", entry, before={}, after={"until": until.isoformat(), "reason": reason})
    return granted


@transaction.atomic
def remind(*, by: Actor, round_id: int) -> int:
    """Tells everyone whose draft is not submitted that it is due; at most once a day each. Gives how many were told."""
    found = _hold_round(by, round_id)
    return remind_round(by, found)


def remind_round(by: Actor, found: Round) -> int:
    """The same for a round that is at hand; used by the platform's own clock."""
    today = timezone.localdate()
    left, key = (found.due_on - today).days, today.isoformat()
    told = _tell_unfinished(found, Notice.Kind.REMINDER, Notice.Said.REMINDED, key=key, days_left=left)
    if told:
        chain.record(
            by=by,
            action="round.remind",
            organisation_id=found.county_id,
            subject=f"round:{found.pk}",
            after={"told": told},
        )
    return told


def _tell_unfinished(found: Round, kind: Notice.Kind, said: Notice.Said, *, key: str, **details: Any) -> int:
    """Notices to all who have a draft in the round, once per key; gives how many are new."""
    drafts = Return.objects.filter(round=found, state=State.DRAFT).select_related("organisation")
    notices = [
        Notice(
            organisation_id=entry.organisation_id,
            role=ENTRY_ROLES[Kind(entry.organisation.kind)],
            kind=kind,
            said=said,
            details={"title": found.title, **details},
            round=found,
            entry=entry,
            key=f"{kind}:{entry.pk}:{key}",
        )
        for entry in drafts
    ]
    known = set(Notice.objects.filter(key__in=[each.key for each in notices]).values_list("key", flat=True))
    fresh = [each for each in notices if each.key not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
