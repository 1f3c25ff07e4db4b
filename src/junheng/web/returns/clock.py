"""Until when a return may be changed: the round's due date, a lock, and extensions with an end.

The due date binds. An extension opens a return again up to its last day; a lock closes everything at once, and only an
extension granted after the lock opens one return again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from junheng.web.returns.models import Extension, Return, Round

EXTRA_DAYS = 3
"""Days for correcting what was sent back after the due date."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of one return: the last day on which it may be changed (None while locked without extension), and today."""

    last_day: date | None
    today: date
    is_locked: bool

    @property
    def is_open(self) -> bool:
        """True while the return may be changed."""
        return self.last_day is not None and self.today <= self.last_day

    @property
    def days_left(self) -> int:
        """Days until the last one: 0 on it, negative afterwards; 0 when locked."""
        return (self.last_day - self.today).days if self.last_day else 0


def clock_of(chosen: Round, extensions: Iterable[Extension], today: date | None = None) -> Clock:
    """The clock of a return with these extensions."""
    locked = chosen.locked_at
    days = [each.until for each in extensions if locked is None or each.granted_at > locked]
    if locked is None:
        days.append(chosen.due_on)
    return Clock(max(days, default=None), today or timezone.localdate(), is_locked=locked is not None)


def clock_of_entry(entry: Return, today: date | None = None) -> Clock:
    """The same for a return; its round should be loaded and its extensions prefetched when there are many."""
    return clock_of(entry.round, entry.extensions.all(), today)
