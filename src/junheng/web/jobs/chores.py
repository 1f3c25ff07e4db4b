"""What the platform does by itself now and again: every worker sees to all of it when it starts and once an hour after.

    @chore
    def order_reminders() -> object: ...

Several workers do the same chores at about the same time, and any of them may be killed at it: a chore is short, changes
nothing when it has nothing left to do, and orders longer work as a job whose key holds the day.
Chores are registered like the bodies of jobs: in each app's `background.py`.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

log = logging.getLogger(__name__)

EVERY_SECONDS = 3600
"""How long a worker waits before it sees to the chores again."""

C = TypeVar("C", bound=Callable[[], object])
_CHORES: dict[str, Callable[[], object]] = {}


def chore(body: C) -> C:
    """Registers a function that workers call now and again."""
    _CHORES[f"{body.__module__}.{body.__qualname__}"] = body
    return body


def do_all() -> None:
    """Does every chore. One that fails is logged and does not keep the others back; a database that is away ends it all."""
    for name, body in _CHORES.items():
        try:
            body()
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # whatever a chore does wrong must not end the worker
            log.exception("chore %s", name)
