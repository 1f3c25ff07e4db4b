"""The bodies of jobs. Each app registers its own in `background.py`, imported by its AppConfig's `ready()`.

    @job("evaluations.run", title=_("评估"))
    def run(job: Job, report: Progress) -> dict[str, Any]: ...

A body may be run again after its worker died, from the start: what it writes must come out the same the second time.
It runs outside any transaction. It calls `report(label, done, total)` often: that shows progress, and is where a cancelled
job, or a worker that is asked to stop, ends by an exception that the body must let through.
An InputError (or any JunhengError) says in Chinese what people read; anything else is a fault of the program.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from junheng.web.jobs.models import Job

Progress = Callable[[str, int, int], None]
"""What is being done (Chinese), how many steps are done, of how many."""

Body = Callable[[Job, Progress], dict[str, Any]]


class JobEndedError(Exception):
    """What a report raises when the body is to end: the job was called off, is another worker's now, or the worker stops."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its body and how pages call it."""

    body: Body
    title: str | Promise


_KINDS: dict[str, Kind] = {}


def job(kind: str, *, title: str | Promise = "") -> Callable[[Body], Body]:
    """Registers the decorated function as the body of all jobs of a kind. ValueError when the kind has another body."""

    def register(body: Body) -> Body:
        known = _KINDS.get(kind)
        if known is not None and known.body.__qualname__ != body.__qualname__:
            raise ValueError(f"two bodies for jobs of kind {kind}")
        _KINDS[kind] = Kind(body, title or kind)
        return body

    return register


def is_registered(kind: str) -> bool:
    """True when a body of this kind has been registered."""
    return kind in _KINDS


def body_of(kind: str) -> Body:
    """The body of a kind. KeyError when nobody registered one."""
    return _KINDS[kind].body


def title_of(kind: str) -> str:
    """How pages call a kind; the kind itself when it is no longer known."""
    return str(_KINDS[kind].title) if kind in _KINDS else kind
