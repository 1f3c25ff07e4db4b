"""Submitting a draft: once, whatever happens on the way."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.core.findings import Level
from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.organisations.models import Kind
from junheng.web.returns.actions.drafts import type_tables
from junheng.web.returns.actions.holding import hold, move, record, refuse_unless_open, tell
from junheng.web.returns.checking import counts, find, plain, previous_of, standing
from junheng.web.returns.coverage import covers_of
from junheng.web.returns.document import Document, digest_of
from junheng.web.returns.errors import BlockedError, RefusedError
from junheng.web.returns.models import Decision, Notice, Remark, Return, State, Version
from junheng.web.returns.queries import may_edit, reasons_of, township_above

LONGEST_KEY = 64


@transaction.atomic
def submit(*, by: Actor, return_id: int, key: str) -> Version:
    """Hands a draft to the first level that decides on it and freezes it. The same key gives the same version again.

    BlockedError lists errors and warnings without a written reason; RefusedError when the actor may not, the time is over, or
    the return is not a draft.
    """
    entry, version, is_done = _hold(by, return_id, key)
    if not is_done:
        _hand_over(by, entry, version, key, Document.of(version))
    return version


@transaction.atomic
def report(*, by: Actor, return_id: int, key: str, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Version:
    """Types whole tables and submits, all in one go or not at all; for programs. The same key gives the same version again.

    `tables` as in `drafts.fill`. BlockedError also when a text cannot be taken: then a finding names it.
    """
    entry, version, is_done = _hold(by, return_id, key)
    if is_done:
        return version
    document = Document.of(version)
    problems = type_tables(entry, document, tables, by)
    if problems:
        raise BlockedError([problem.as_finding() for problem in problems])
    version.values, version.row_ids, version.origins = document.values, document.row_ids, document.origins
    entry.filled_count, entry.cell_count = counts(document, covers_of(entry))
    _hand_over(by, entry, version, key, document, "values", "row_ids", "origins")
    return version


def _hold(by: Actor, return_id: int, key: str) -> tuple[Return, Version, bool]:
    """The held return with its open draft, or with the version that this key has submitted already."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise RefusedError(_("提交缺少防重编号。请刷新页面后再提交。"))
    entry = hold(by, return_id)
    if not may_edit(by, entry):
        raise RefusedError(_("当前角色不能提交这份填报。请在右上角切换为本单位的填报角色。"))
    draft = Q(pk=entry.version_id, submitted_at=None)
    found = {version.submit_key: version for version in Version.objects.filter(draft | Q(submit_key=key), entry=entry)}
    if key in found:
        return entry, found[key], True
    refuse_unless_open(entry)
    return entry, found[""], False


def _hand_over(by: Actor, entry: Return, version: Version, key: str, document: Document, *written: str) -> None:
    """Checks a draft, freezes it, and hands it to the first level; `written` are columns of it that changed as well."""
    earlier = previous_of(entry)
    version.findings = plain(find(entry, document, earlier.values if earlier else None))
    has_warnings = any(finding["level"] == Level.WARNING for finding in version.findings)
    left = standing(version.findings, reasons_of(entry) if has_warnings else {})
    if left:
        raise BlockedError(left)
    _freeze(by, version, key, *written)
    if version.number > 1:
        returned = Remark.objects.filter(entry=entry, kind=Remark.Kind.RETURN, resolved_at=None)
        returned.update(resolved_at=timezone.now())
    state = first_level(entry)
    counted = {"filled_count": entry.filled_count, "cell_count": entry.cell_count}
    move(entry, state=state, error_count=0, warning_count=0, **counted)
    tell_reviewers(entry)
    after = {"version": version.number, "digest": version.digest, "to": state}
    record(by, "return.submit", entry, before={}, after=after)


def _freeze(by: Actor, version: Version, key: str, *written: str) -> None:
    now = timezone.now()
    version.digest, version.submit_key = digest_of(version.values), key
    version.submitted_at, version.submitted_by_id, version.submitted_by = now, by.user_id, by.name
    columns = ("findings", "digest", "submit_key", "submitted_at", "submitted_by_id", "submitted_by")
    version.save(update_fields=[*columns, *written])
    Decision(
        version=version,
        level=State.DRAFT,
        verdict=Decision.Verdict.SUBMITTED,
        by_id=by.user_id,
        by_name=by.name,
        at=now,
        reason=version.reason,
    ).save(force_insert=True)


def first_level(entry: Return) -> State:
    """Who decides first: the principal of a school; the county office on county facts."""
    return State.AT_PRINCIPAL if entry.organisation.kind == Kind.SCHOOL else State.AT_COUNTY


def next_level(entry: Return) -> State:
    """Who decides after the level that approves now. A township decides when somebody holds that role there."""
    match entry.state:
        case State.AT_PRINCIPAL:
            return State.AT_TOWNSHIP if township_above(entry.organisation) else State.AT_COUNTY
        case State.AT_TOWNSHIP:
            return State.AT_COUNTY
        case _:
            return State.APPROVED


def tell_reviewers(entry: Return) -> None:
    """Leaves a notice for the level that decides next."""
    place = entry.organisation
    organisation_id, role = {
        State.AT_PRINCIPAL: (place.pk, Role.PRINCIPAL),
        State.AT_TOWNSHIP: (place.parent_id or place.pk, Role.TOWNSHIP),
        State.AT_COUNTY: (entry.round.county_id, Role.COUNTY_OFFICE),
    }[State(entry.state)]
    kind, said = Notice.Kind.TO_REVIEW, Notice.Said.TO_REVIEW
    tell(entry, organisation_id=organisation_id, role=role, kind=kind, said=said, place=place.name)
