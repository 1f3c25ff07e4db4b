"""From end state to years, where the years make it hard."""

import numpy as np
import pytest

from junheng.planning.plan import schedule as schedule_module
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.schedule import make_schedule
from junheng.planning.plan.search import Clock
from junheng.planning.plan.solver import Effort, Status
from tests.planning.plan.counties import Sample, question, some

EXACT = Effort(optimality_gap=0.0)


def _solved(**limits):
    samples = [
        Sample("1", has={"arts": 0.6, "rooms": 0.9}),
        Sample("2", has={"arts": 2.0}),
        Sample("3", has={"arts": 1.2, "backbone": 1.5}),
    ]
    planner = Planner.of(question(samples, **limits))
    return planner, planner.search.run(EXACT)


def test_make_schedule_when_schools_may_take_one_a_year_then_moves_are_spread():
    planner, found = _solved(
        target_year=2028, moves_in=1, allowed=frozenset({Measure.MOVE_TEACHER, Measure.TRAIN_PE_ART})
    )
    scheduled = some(make_schedule(planner.model, planner.search.tangents, found, Clock(EXACT)))
    arrivals = [entry.year for entry in scheduled.actions if entry.school_id == "1" and entry.amount > 0]
    assert sorted(arrivals) == [2026, 2027, 2028]
    assert scheduled.widening == 0
    assert scheduled.cost == pytest.approx(found.cost)


def test_make_schedule_when_the_totals_fit_no_year_then_they_give_way():
    planner, found = _solved(target_year=2026, moves_in=3)
    values = found.values.copy()
    # an end state that buys two rooms too few in school 1 can only be put right by widening by three
    rooms = planner.model.material[:, 3]
    broken = type(found)(**{**vars(found), "values": values})
    broken.values[rooms[0]] += (
        2  # two rooms that the yearly totals do not know: the totals are free, so this still fits
    )
    scheduled = some(make_schedule(planner.model, planner.search.tangents, broken, Clock(EXACT)))
    assert scheduled.widening == 0
    broken.values[planner.model.into[0, 5]] += 2  # two teachers who come from nowhere
    scheduled = some(make_schedule(planner.model, planner.search.tangents, broken, Clock(EXACT)))
    assert scheduled.widening in (1, 3)


def test_make_schedule_when_no_margin_helps_then_there_is_none(monkeypatch):
    monkeypatch.setattr(schedule_module, "WIDENINGS", (0,))
    planner, found = _solved()
    found.values[planner.model.into[0, 5]] += 2
    assert make_schedule(planner.model, planner.search.tangents, found, Clock(EXACT)) is None


def test_make_schedule_when_time_is_up_then_there_is_none():
    planner, found = _solved()
    clock = Clock(EXACT, spent=EXACT.seconds)
    assert make_schedule(planner.model, planner.search.tangents, found, clock) is None


def test_make_schedule_when_a_widened_end_state_breaks_a_coefficient_then_it_is_cut_again():
    planner, found = _solved()
    cuts = iter([True, False])
    tangents = planner.search.tangents
    tangents.cut = lambda values, session: next(cuts)
    scheduled = some(make_schedule(planner.model, tangents, found, Clock(EXACT)))
    assert found.status is Status.OPTIMAL
    assert np.isfinite(scheduled.cost)
