"""Submitting a draft: once, whatever happens on the way."""

from django.db import transaction
from django.utils import timezone

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.organisations.models import Kind
from junheng.web.returns.actions.holding import hold, move, open_draft, record, tell
from junheng.web.returns.checking import find, plain, previous_of, standing
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
    if not 0 < len(key) <= LONGEST_KEY:
        raise RefusedError("提交缺少防重编号。请刷新页面后再提交。")
    entry = hold(by, return_id)
    if not may_edit(by, entry):
        raise RefusedError("当前角色不能提交这份填报。请在右上角切换为本单位的填报角色。")
    done = Version.objects.filter(entry=entry, submit_key=key).first()
    if done is not None:
        return done
    version = open_draft(entry)
    earlier = previous_of(entry)
    version.findings = plain(find(entry, Document.of(version), earlier.values if earlier else None))
    left = standing(version.findings, reasons_of(entry))
    if left:
        raise BlockedError(left)
    _freeze(by, version, key)
    Remark.objects.filter(entry=entry, kind=Remark.Kind.RETURN, resolved_at=None).update(resolved_at=timezone.now())
    state = first_level(entry)
    move(entry, state=state, error_count=0, warning_count=0)
    tell_reviewers(entry)
    record(
        by, "return.submit", entry, before={}, after={"version": version.number, "digest": version.digest, "to": state}
    )
    return version


def _freeze(by: Actor, version: Version, key: str) -> None:
    now = timezone.now()
    version.digest, version.submit_key = digest_of(version.values), key
    version.submitted_at, version.submitted_by_id, version.submitted_by = now, by.user_id, by.name
    version.save(update_fields=["findings", "digest", "submit_key", "submitted_at", "submitted_by_id", "submitted_by"])
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
    text = f"{place.name}的“{entry.round.title}”等您审核。"
    tell(entry, organisation_id=organisation_id, role=role, kind=Notice.Kind.TO_REVIEW, text=text)
