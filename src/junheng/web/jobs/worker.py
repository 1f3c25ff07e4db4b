"""The worker: takes jobs one after the other and runs their bodies.

`run_pending()` runs what waits in the present thread (tests, the demo). `Worker` is the process behind `junheng worker`.
Any number of workers may run at once, and any of them may be killed at any moment.
"""

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils.translation import gettext_noop

from junheng.core.errors import JunhengError
from junheng.web.jobs import chores, registry, states
from junheng.web.jobs.models import Job

log = logging.getLogger(__name__)

FAULT = gettext_noop("程序出错,任务没有完成(任务号 %(number)s)。请稍后重新发起;仍不行时,请把任务号告诉系统管理员。")

_SHOW_SECONDS = 0.25
_DATABASE_AWAY = (OperationalError, InterfaceError)


class _LostError(registry.JobEndedError):
    """The job was cancelled, or another worker has it now: stop without a word."""


class _StoppingError(registry.JobEndedError):
    """The worker is asked to stop: put the job back."""


def run_pending() -> int:
    """Runs all jobs that wait, in this thread, oldest first; returns how many there were."""
    count = 0
    while (job := states.claim()) is not None:
        _perform(job, _Report(job, lambda: False))
        count += 1
    return count


class _Report:
    """What a body calls: shows progress a few times a second, notices that the job is to stop."""

    def __init__(self, job: Job, is_stopping: Callable[[], bool]) -> None:
        self._job = job
        self._is_stopping = is_stopping
        self._shown_at = 0.0
        self._label = ""

    def __call__(self, label: str, done: int, total: int) -> None:
        if self._is_stopping():
            raise _StoppingError
        now = time.monotonic()
        if label == self._label and done < total and now - self._shown_at < _SHOW_SECONDS:
            return
        self._shown_at, self._label = now, label
        if not states.beat(self._job, label=label[:200], done=done, total=total):
            raise _LostError


class _Heart:
    """A thread that beats while a body computes for long without reporting."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heart of job {job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._is_over.wait(settings.JOB_STALE_SECONDS / 8):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            states.beat(self._job)
        except _DATABASE_AWAY as error:  # the next beat may reach it again
            log.warning("job %s: no heartbeat: %s", self._job.pk, error)
            connection.close()


class Worker:
    """Takes and runs jobs until it is asked to stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._reaped_at = float("-inf")
        self._chores_at = float("-inf")

    def stop(self) -> None:
        """Asks to stop: the present job goes back into the queue at its next report. May be called from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Works until `stop` is called, and sees to the chores. A database that is away for a while is waited for."""
        pause = min(1.0, settings.JOB_STALE_SECONDS / 8)
        while not self._stop.is_set():
            close_old_connections()
            try:
                is_idle = not self._take_one()
            except _DATABASE_AWAY as error:
                log.warning("the database does not answer: %s", error)
                connection.close()
                is_idle = True
            if is_idle:
                self._stop.wait(pause)

    def _take_one(self) -> bool:
        if time.monotonic() - self._reaped_at >= settings.JOB_STALE_SECONDS / 4:
            self._reaped_at = time.monotonic()
            if count := states.reap():
                log.warning("%s job(s) of lost workers taken back", count)
        if time.monotonic() - self._chores_at >= chores.EVERY_SECONDS:
            chores.do_all()
            self._chores_at = time.monotonic()
        job = states.claim()
        if job is None:
            return False
        with _Heart(job):
            _perform(job, _Report(job, self._stop.is_set))
        return True


def _perform(job: Job, report: registry.Progress) -> None:
    """Runs the body and moves the job to where it belongs; whatever the body raises ends here."""
    log.info("job %s (%s): attempt %s", job.pk, job.kind, job.attempts)
    try:
        result = registry.body_of(job.kind)(job, report)
        states.finish(job, result)
    except _LostError:
        log.info("job %s (%s): no longer ours", job.pk, job.kind)
    except _StoppingError:
        states.give_back(job)
    except JunhengError as error:
        log.info("job %s (%s): %s", job.pk, job.kind, error)
        states.fail(job, str(error))
    except _DATABASE_AWAY:
        log.exception("job %s (%s): database", job.pk, job.kind)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        if not states.try_again(job):
            states.fail(job, FAULT)
    except Exception:  # whatever a body does wrong must not end the worker
        log.exception("job %s (%s)", job.pk, job.kind)
        states.fail(job, FAULT)
