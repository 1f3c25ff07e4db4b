"""Notices that were read."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.returns.queries import visible_notices


@transaction.atomic
def mark_read(*, by: Actor, notice_ids: Sequence[int]) -> int:
    """Marks notices of the actor's role as read, for everyone in that role; gives how many were unread."""
    unread = visible_notices(by).filter(pk__in=notice_ids, read_at=None).order_by().select_related(None)
    count = unread.update(read_at=timezone.now(), read_by=by.name)
    if count:
        chain.record(by=by, action="notice.read", organisation_id=by.organisation_id, after={"notices": count})
    return count
