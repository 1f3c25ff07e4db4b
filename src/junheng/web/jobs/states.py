"""The moves of a job from state to state, as workers make them. Each is one short transaction that other workers respect.

PostgreSQL skips rows that another worker has locked; SQLite, whose transactions here begin IMMEDIATE, lets one worker
after the other look. On both, every later write names the attempt it belongs to, so a worker that was given up for dead
and comes back changes nothing.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from junheng.web.jobs.models import Job, State


def claim() -> Job | None:
    """Takes the oldest job that waits; None when there is none."""
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(state=State.QUEUED).order_by("id").first()
        if job is None:
            return None
        now = timezone.now()
        job.state, job.attempts, job.heartbeat_at = State.RUNNING, job.attempts + 1, now
        job.started_at = job.started_at or now
        job.done, job.total, job.label = 0, 0, ""
        job.save(update_fields=["state", "attempts", "heartbeat_at", "started_at", "done", "total", "label"])
        return job


def beat(job: Job, **progress: Any) -> bool:
    """Says that the worker is alive, and how far it is. False when the job is no longer its own (cancelled, or taken over)."""
    return bool(_own(job).update(heartbeat_at=timezone.now(), **progress))


def finish(job: Job, result: dict[str, Any]) -> bool:
    """Done. False when the job is no longer this worker's; then nothing changes."""
    done = {"done": F("total"), "result": result, "state": State.DONE}
    return bool(_own(job).update(finished_at=timezone.now(), error="", **done))


def fail(job: Job, error: str) -> bool:
    """Failed for good, with a sentence for people. False when the job is no longer this worker's."""
    return bool(_own(job).update(finished_at=timezone.now(), error=error[:500], state=State.FAILED))


def give_back(job: Job) -> bool:
    """Back into the queue, as if it had never been taken: the worker itself stops."""
    return bool(_own(job).update(state=State.QUEUED, attempts=F("attempts") - 1))


def try_again(job: Job) -> bool:
    """Back into the queue after a fault of the moment; False when it has had all its attempts or is another's now."""
    if job.attempts >= settings.JOB_ATTEMPTS:
        return False
    return bool(_own(job).update(state=State.QUEUED))


def reap() -> int:
    """Gives up workers that have not been heard of for too long: their jobs wait again, or fail after the last attempt.

    Returns how many jobs were moved.
    """
    limit = timezone.now() - timedelta(seconds=settings.JOB_STALE_SECONDS)
    lost = Job.objects.filter(state=State.RUNNING, heartbeat_at__lt=limit)
    ended = lost.filter(attempts__gte=settings.JOB_ATTEMPTS).update(
        state=State.FAILED,
        finished_at=timezone.now(),
        error=gettext_noop("后台程序在处理这项任务时多次中断,已停止重试。请联系系统管理员查看日志后重新发起。"),
    )
    return ended + lost.filter(attempts__lt=settings.JOB_ATTEMPTS).update(state=State.QUEUED)


def _own(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)
