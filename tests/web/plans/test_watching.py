"""The ears and the mouth of a search."""

import pytest
from django.db import OperationalError

from junheng.web.jobs.registry import JobEndedError
from junheng.web.plans.actions import plans
from junheng.web.plans.models import Plan
from junheng.web.plans.watching import MOST_POINTS, Watch
from tests.web.plans.county import scenario_of


class Clock:
    """Goes on by a second at every look."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def told(*_progress) -> None:
    """Nobody listens."""


@pytest.fixture
def plan(office, run) -> Plan:
    return plans.start(by=office, scenario=scenario_of(office, run), run=run)


def test_progress_when_told_then_the_trail_is_where_pages_find_it(plan) -> None:
    watch = Watch(plan.pk, told, 60, Clock())
    watch.progress(120.0, float("-inf"), float("nan"), 1.0)
    watch.progress(100.0, 90.0, 0.1, 2.5)
    watch.progress(100.0, 90.0, 0.1, 3.0)  # nothing new
    watch.settle()
    plan.refresh_from_db()

    assert plan.trail == [[1.0, 120.0, None, None], [2.5, 100.0, 90.0, 0.1]]


def test_progress_when_there_are_many_points_then_the_trail_is_thinned(plan) -> None:
    watch = Watch(plan.pk, told, 60, lambda: 0.0)
    for number in range(3 * MOST_POINTS):
        watch.progress(float(-number), 0.0, 0.0, float(number))

    assert len(watch.trail) <= MOST_POINTS
    assert watch.trail[-1][0] == 3 * MOST_POINTS - 1


def test_stop_when_somebody_asks_then_is_true_from_then_on(plan, office) -> None:
    watch = Watch(plan.pk, told, 60, Clock())
    before = watch.stop()
    plans.stop(by=office, plan_id=plan.pk)

    assert (before, watch.stop(), watch.stop()) == (False, True, True)


def test_stop_when_asked_often_then_looks_twice_a_second_at_most(plan) -> None:
    looks = []
    watch = Watch(plan.pk, lambda *progress: looks.append(progress), 60, lambda: 5.0)

    assert [watch.stop() for _time in range(10)] == [False] * 10
    assert looks == [("求解", 0, 61)]


@pytest.mark.parametrize("error", [JobEndedError, OperationalError])
def test_settle_when_the_report_raised_then_the_search_ends_and_it_is_raised_afterwards(plan, error) -> None:
    def report(*_progress) -> None:
        raise error

    watch = Watch(plan.pk, report, 60, Clock())

    assert watch.stop()
    with pytest.raises(error):
        watch.settle()


def test_progress_when_the_trail_cannot_be_kept_then_the_search_ends(plan, monkeypatch) -> None:
    def fail(**_point) -> None:
        raise OperationalError

    monkeypatch.setattr("junheng.web.plans.watching.keep_trail", fail)
    watch = Watch(plan.pk, told, 60, Clock())
    watch.progress(1.0, 1.0, 0.0, 1.0)

    assert watch.stop()
    with pytest.raises(OperationalError):
        watch.settle()
