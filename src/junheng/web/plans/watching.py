"""Between the solver and who looks: keeps the trail of a search where pages find it, and hears whether to stop.

The solver asks and tells from inside its own loop, where nothing may be raised: what the job's report raises (cancelled, worker
stops) is kept, ends the search, and is raised when the search has come back.
"""

import logging
import math
import time
from collections.abc import Callable

from django.utils.translation import gettext_noop

from junheng.web.jobs.registry import JobEndedError, Progress
from junheng.web.plans.actions.plans import keep_trail
from junheng.web.plans.models import Plan

log = logging.getLogger(__name__)

EVERY_SECONDS = 0.5
MOST_POINTS = 240

Point = tuple[float, float | None, float | None, float | None]


class Ears:
    """Hears whether a search is to end. `stop` is given to the planner, `settle` is called after it.

    `look` reports how far the search is, and tells whether somebody wants it to end.
    """

    def __init__(self, look: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._asked_at = float("-inf")
        self._raised: Exception | None = None
        self.is_over = False

    def stop(self) -> bool:
        """True once somebody wants the best so far, or the job is to end. Looks twice a second at most."""
        now = self._clock()
        if not self.is_over and now - self._asked_at >= EVERY_SECONDS:
            self._asked_at = now
            self.mind(self._look)
        return self.is_over

    def settle(self) -> None:
        """Raises what was held back."""
        if self._raised is not None:
            raise self._raised

    def mind(self, work: Callable[[], bool]) -> None:
        """Does the work. The search ends when it says so, or when it raised; then the error is kept for `settle`."""
        try:
            self.is_over |= work()
            return
        except JobEndedError as held:
            self._raised = held
        except Exception as held:
            log.exception("a search is ended")
            self._raised = held
        self.is_over = True


class Watch:
    """The ears and the mouth of one search. `stop` and `progress` are given to the planner, `settle` is called after it."""

    def __init__(
        self, plan_id: int, report: Progress, seconds: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._plan_id = plan_id
        self._report = report
        self._seconds = max(1, seconds)
        self._clock = clock
        self._began = clock()
        self._kept_at = float("-inf")
        self._ears = Ears(self._look, clock)
        self.trail: list[Point] = []

    def stop(self) -> bool:
        """True once somebody wants the best so far, or the job is to end."""
        return self._ears.stop()

    def progress(self, cost: float, bound: float, optimality_gap: float, seconds: float) -> None:
        """Notes a better plan: 万元, 万元, a share, seconds."""
        point = (round(seconds, 2), _finite(cost), _finite(bound), _finite(optimality_gap))
        if not self.trail or self.trail[-1][1:3] != point[1:3]:
            self.trail = [*_thinned(self.trail), point]
        if self._clock() - self._kept_at >= EVERY_SECONDS:
            self._ears.mind(self._keep)

    def settle(self) -> None:
        """Raises what was held back; keeps the whole trail."""
        self._ears.settle()
        self._keep()

    def _keep(self) -> bool:
        """Puts the trail where pages find it; nothing there ends the search."""
        self._kept_at = self._clock()
        keep_trail(plan_id=self._plan_id, trail=self.trail)
        return False

    def _look(self) -> bool:
        """Reports how far the search is; whether somebody wants it to end."""
        spent = min(int(self._clock() - self._began), self._seconds)
        self._report(gettext_noop("求解"), spent, self._seconds + 1)
        return Plan.objects.filter(pk=self._plan_id, stop_asked_at__isnull=False).exists()


def _thinned(trail: list[Point]) -> list[Point]:
    """Every second point of a trail that has grown too long."""
    return trail if len(trail) < MOST_POINTS else trail[::2]


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
