"""What reading the audit leaves behind: who read, exported or checked it is recorded like any write."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum

from junheng.web.access.actor import Actor
from junheng.web.audit.chain import Break, record, verify
from junheng.web.audit.models import Entry
from junheng.web.audit.queries import visible_chains

MOST_ROWS = 100_000
"""More than that is checked on the server by a command, not while a page waits."""


@transaction.atomic
def note_reading(*, by: Actor, subject: str = "", looked_for: Mapping[str, Any] | None = None) -> Entry:
    """Records that somebody looked at audit rows."""
    return record(by=by, action="audit.read", organisation_id=by.organisation_id, subject=subject, after=looked_for)


@transaction.atomic
def note_export(*, by: Actor, rows: int, looked_for: Mapping[str, Any]) -> Entry:
    """Records that somebody took audit rows away."""
    return record(by=by, action="audit.export", organisation_id=by.organisation_id, after={**looked_for, "rows": rows})


@transaction.atomic
def check(*, by: Actor) -> tuple[int, int, list[Break]] | None:
    """How many chains and rows of the area were checked, and where they are broken; None when there are too many rows."""
    chains = visible_chains(by)
    rows = chains.aggregate(rows=Sum("length"))["rows"] or 0
    if rows > MOST_ROWS:
        return None
    ids = list(chains.values_list("organisation_id", flat=True))
    breaks = list(verify(ids))
    record(
        by=by,
        action="audit.check",
        organisation_id=by.organisation_id,
        after={"rows": rows, "count": len(breaks)},
    )
    return len(ids), rows, breaks
