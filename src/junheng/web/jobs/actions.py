"""Ordering work and calling it off."""

import hashlib
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.core.errors import InputError
from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.jobs import registry
from junheng.web.jobs.models import Job, State


@transaction.atomic
def enqueue(*, by: Actor, kind: str, arguments: dict[str, Any], organisation_id: int, key: str = "") -> Job:
    """A job that waits for a worker, part of the caller's transaction: no worker sees it before that commits.

    The same `key` for the same kind and organisation gives the same job, whatever has become of it; without a key every call
    makes a new one. LookupError for a kind nobody registered.
    """
    if not registry.is_registered(kind):
        raise LookupError(f"no body is registered for jobs of kind {kind}")
    job, is_new = Job.objects.get_or_create(
        key=_scoped(kind, organisation_id, key) if key else uuid.uuid4().hex,
        defaults={
            "kind": kind,
            "organisation_id": organisation_id,
            "created_by": by.name,
            "created_by_id": by.user_id,
            "arguments": arguments,
        },
    )
    if is_new:
        chain.record(
            by=by,
            action="job.enqueue",
            organisation_id=organisation_id,
            subject=f"job:{job.pk}",
            after={"kind": kind},
        )
    return job


def ordered(*, kind: str, organisation_id: int, key: str) -> Job | None:
    """The job that was enqueued with a key; None when there is none yet."""
    return Job.objects.filter(key=_scoped(kind, organisation_id, key)).first()


@transaction.atomic
def cancel(*, by: Actor, job: Job) -> Job:
    """Calls a job off. One that waits never starts; one that runs stops at its next report and its result is dropped.

    InputError when it has already ended.
    """
    waiting = Job.objects.filter(pk=job.pk, state__in=(State.QUEUED, State.RUNNING))
    before = job.state
    if not waiting.update(state=State.CANCELLED, finished_at=timezone.now()):
        raise InputError(_("这项任务已经结束,不能再取消。"))
    chain.record(
        by=by,
        action="job.cancel",
        organisation_id=job.organisation_id,
        subject=f"job:{job.pk}",
        before={"state": before},
        after={"state": State.CANCELLED.value},
    )
    job.refresh_from_db()
    return job


def _scoped(kind: str, organisation_id: int, key: str) -> str:
    """A key holds only within its kind and organisation: nobody comes upon another county's job with it."""
    return hashlib.sha256(f"{organisation_id}\n{kind}\n{key}".encode()).hexdigest()
