"""The planner against every possible plan of tiny counties, judged by arithmetic of its own."""

import itertools
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from junheng.core.standard import Dated, Parameter
from junheng.planning.plan.limits import Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import make_plan
from junheng.planning.plan.solver import Effort, Status
from tests.planning.plan.counties import PER_PUPIL, PRICES, WAN, Sample, bare_standard, budgets, question, some

EXACT = Effort(seconds=60, optimality_gap=0.0)
LUMP = 300  # ㎡ of sports ground
CV_LIMIT = 0.5 - 1e-4  # with the margin that is part of the question


def _passes(values, pupils, required=6):
    """values: …×R×K in thresholds. The school rule (6 of 7, the last at least 0.85) and every coefficient."""
    met, floor = values >= 1 - 1e-12, values >= 0.85 - 1e-12
    is_met = ((met.sum(axis=-1) >= required) & floor.all(axis=-1)).all(axis=-1)
    weights = pupils / pupils.sum()
    mean = np.einsum("...rk,r->...k", values, weights)
    square = np.einsum("...rk,r->...k", values**2, weights)
    spread = np.sqrt(np.maximum(square / mean**2 - 1, 0))
    return is_met & (spread <= CV_LIMIT).all(axis=-1)


def _values(samples):
    names = ("above", "backbone", "arts", "floor", "sports", "equipment", "rooms")
    per = [[float(PER_PUPIL[name][0]) * sample.pupils for name in names] for sample in samples]
    return np.array([[sample.amount(name) for name in names] for sample in samples]) / np.array(per), np.array(per)


def _cheapest_of_things(samples, sports_lumps, rooms):
    """The least cost over all ways to build 0…sports_lumps lumps of 300 ㎡ and fit 0…rooms rooms in every school."""
    base, per = _values(samples)
    pupils = np.array([sample.pupils for sample in samples])
    best = np.inf
    grid = np.array(list(itertools.product(range(rooms + 1), repeat=len(samples))))
    for lumps in itertools.product(range(sports_lumps + 1), repeat=len(samples)):
        cost = (
            sum(lumps) * LUMP * PRICES[Measure.BUILD_SPORTS_AREA]
            + grid.sum(axis=1) * PRICES[Measure.FIT_MULTIMEDIA_ROOM]
        )
        cheaper = np.flatnonzero(cost < best)  # what costs as much as the best so far need not be looked at
        if not len(cheaper):
            continue
        values = np.repeat(base[None], len(cheaper), axis=0)
        values[:, :, 4] += np.array(lumps) * LUMP * 100 / per[:, 4]
        values[:, :, 6] += grid[cheaper] / per[:, 6]
        best = min([best, *cost[cheaper][_passes(values, pupils)].tolist()])
    return best


@pytest.mark.parametrize("seed", range(6))
def test_plan_when_things_are_missing_then_it_costs_what_the_best_of_all_plans_costs(seed):
    random = Random(seed)
    samples = [
        Sample(
            f"999000000{number}",
            pupils=random.choice([200, 300, 400]),
            has={
                "sports": random.choice([0.5, 0.8, 0.9, 1.0, 2.5]),
                "rooms": random.choice([0.7, 0.86, 1.0, 1.3]),
                "floor": random.choice([0.9, 1.0, 1.1]),
            },
        )
        for number in range(4)
    ]
    allowed = frozenset({Measure.BUILD_SPORTS_AREA, Measure.FIT_MULTIMEDIA_ROOM})
    # up to the threshold the most that a school lacks is 400 × 7.5 × 0.5 = 1 500 ㎡, or 5 lumps; 400 × 0.023 × 0.3 = 3 rooms
    least = _cheapest_of_things(samples, 5, 3)
    problem = question(samples, allowed=allowed, lumps={Measure.BUILD_SPORTS_AREA: LUMP})
    answer = make_plan(problem, EXACT)
    if np.isinf(least):
        assert answer.plan is None
        assert answer.status is Status.INFEASIBLE
    else:
        assert answer.plan is not None
        assert answer.plan.cost_fen == least
        assert answer.plan.bound_fen <= least


def _cheapest_of_people(samples, hires):
    """The least cost over all moves of PE and art teachers (kind known: no degree shortage) and hires of such teachers."""
    base, per = _values(samples)
    pupils = np.array([sample.pupils for sample in samples])
    best = np.inf
    grid = np.array(list(itertools.product(range(hires + 1), repeat=len(samples))))
    for moved in itertools.product(range(-3, 4), repeat=len(samples)):
        if sum(moved):
            continue
        people = sum(count for count in moved if count > 0)
        cost = people * PRICES[Measure.MOVE_TEACHER] + grid.sum(axis=1) * PRICES[Measure.HIRE_PE_ART_TEACHER]
        cheaper = np.flatnonzero(cost < best)
        if not len(cheaper):
            continue
        values = np.repeat(base[None], len(cheaper), axis=0)
        # who moves holds a degree as well, and so does who is hired
        values[:, :, 0] += (np.array(moved) + grid[cheaper]) / per[:, 0]
        values[:, :, 2] += (np.array(moved) + grid[cheaper]) / per[:, 2]
        best = min([best, *cost[cheaper][_passes(values, pupils, required=7)].tolist()])
    return best


@pytest.mark.parametrize("seed", range(5))
def test_plan_when_pe_teachers_are_uneven_then_it_costs_what_the_best_of_all_plans_costs(seed):
    random = Random(100 + seed)
    samples = [
        Sample(
            f"999000000{number}",
            pupils=random.choice([250, 340, 500]),
            has={"arts": random.choice([0.45, 0.9, 1.4, 2.0]), "above": 1.6},
            row={"backbone_teacher_count": 9},
        )
        for number in range(4)
    ]
    # all seven are asked for, and only kinds of PE and art teachers are missing: all of them hold a degree and no backbone title
    samples = [
        Sample(s.school_id, s.pupils, s.stage, {**s.has, "backbone": 9 / (s.pupils * 0.01)}, s.school) for s in samples
    ]
    problem = question(
        samples,
        allowed=frozenset({Measure.MOVE_TEACHER, Measure.HIRE_PE_ART_TEACHER}),
        standard=_all_seven(),
        moves_out=3,
        moves_in=3,
    )
    answer = make_plan(problem, EXACT)
    assert answer.plan is not None
    assert answer.plan.cost_fen == _cheapest_of_people(samples, 5)


def _all_seven():
    standard = bare_standard()
    seven = Parameter((Dated(Fraction(7), date(2017, 1, 1), "测试"),))
    return replace(standard, school_rule=replace(some(standard.school_rule), required_met=seven))


def _cheapest_over_years(need, yearly, prices, factors):
    """Rooms bought in 3 years: all splits of the needed number over the years within the yearly money."""
    best = np.inf
    for split in itertools.product(range(need + 1), repeat=len(factors)):
        if sum(split) == need and all(count * prices <= money for count, money in zip(split, yearly, strict=True)):
            best = min(best, sum(count * prices * factor for count, factor in zip(split, factors, strict=True)))
    return best


def test_plan_when_money_is_given_by_year_then_the_split_over_years_is_the_cheapest():
    samples = [Sample("9990000001", has={"rooms": 0.7}), Sample("9990000002", has={"rooms": 0.75, "sports": 0.9})]
    years = [2026, 2027, 2028]
    money = budgets(years, 30 * WAN) | {(2028, "县级财政"): 15 * WAN}
    problem = question(
        samples,
        allowed=frozenset({Measure.FIT_MULTIMEDIA_ROOM}),
        target_year=2028,
        prices=Prices(PRICES, discount_rate=Fraction(5, 100)),
        budgets=money,
    )
    answer = make_plan(problem, EXACT)
    # 1 000 pupils need 23 rooms, 20 at the floor: the first has 17 and leaves rooms at the floor (+3); the second has 18 and must
    # meet rooms (+5), for sports stay at 0.9: 8 rooms of 5 万元, 6 a year at most and 3 in the last
    least = _cheapest_over_years(8, [30 * WAN, 30 * WAN, 15 * WAN], 5 * WAN, [1.05**-year for year in (1, 2, 3)])
    assert answer.plan is not None
    assert answer.plan.cost_fen == round(least)
    assert all(spent <= money[key] for key, spent in answer.plan.spending.items())
