"""What every page of a return starts with: the return as far as the actor may see it, and what stands beside it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from junheng.web.access.actor import Actor
from junheng.web.access.pages import ActorRequest
from junheng.web.returns.checking import previous_of
from junheng.web.returns.clock import clock_of_entry
from junheng.web.returns.coverage import covers_of
from junheng.web.returns.models import Remark, Return, State, Version
from junheng.web.returns.queries import may_edit, visible_returns
from junheng.web.returns.sheets import Beside, Sheet, sheet_of


def seen(request: ActorRequest, return_id: int) -> Return:
    """A return that the actor may see; 404 for the rest."""
    found = visible_returns(request.actor).select_related("version", "approved").prefetch_related("extensions")
    return get_object_or_404(found, pk=return_id)


def own(request: ActorRequest, return_id: int) -> Return:
    """A return that the actor fills in; 404 when it is out of sight, 403 when it is somebody else's to fill in."""
    entry = seen(request, return_id)
    if not may_edit(request.actor, entry):
        raise PermissionDenied
    return entry


def current(entry: Return) -> Version:
    """The version that is filled in or decided on. Every return has one from its opening on."""
    assert entry.version is not None
    return entry.version


def shown(actor: Actor, entry: Return) -> Version:
    """The version an actor looks at: those who fill it in see their draft, all others what was submitted last.

    While a return is sent back or corrected, what is being typed is nobody else's business. Only a return that was never
    submitted shows its draft to all who may see it, so that they can help.
    """
    if entry.state != State.DRAFT or may_edit(actor, entry):
        return current(entry)
    submitted = Version.objects.filter(entry=entry, submitted_at__isnull=False).order_by("-number")
    return submitted.first() or current(entry)


def is_writable(request: ActorRequest, entry: Return) -> bool:
    """True when the actor may change the draft now."""
    return may_edit(request.actor, entry) and entry.state == State.DRAFT and clock_of_entry(entry).is_open


def drawn(entry: Return, version: Version, **typed: Any) -> Sheet:
    """The sheet of a version with last year's values, the last approved ones and the remarks that stand."""
    earlier = previous_of(entry)
    approved = entry.approved if entry.approved_id and entry.approved_id != version.pk else None
    beside = Beside(
        previous=earlier.values if earlier else None,
        approved=approved.values if approved else None,
        remarks=Remark.objects.filter(entry=entry, resolved_at=None).order_by("at"),
        **typed,
    )
    return sheet_of(version, covers_of(entry), beside)
