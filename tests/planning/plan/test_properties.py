"""What must hold of every plan, on invented counties of random needs."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from junheng.core.standard import Dated, Parameter
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.plan import Goal
from junheng.planning.plan.planner import Planner, make_plan
from junheng.planning.plan.solver import Effort, Status
from tests.planning.plan.counties import WAN, Sample, bare_standard, budgets, question, some

EXACT = Effort(seconds=60, optimality_gap=0.0)
SEEDS = range(3)


def _samples(seed, count=6):
    random = Random(seed)

    def amounts():
        return {
            name: random.choice([0.6, 0.8, 0.95, 1.1, 1.6]) for name in ("arts", "backbone", "sports", "rooms", "floor")
        }

    return [
        Sample(
            f"{number}",
            pupils=random.choice([300, 450, 900]),
            stage=random.choice(["primary", "junior"]),
            has={**amounts(), "above": 1.2},
        )
        for number in range(count)
    ]


def _cost(problem):
    found = Planner.of(problem).search.run(EXACT)
    assert found.bound <= found.cost + 1e-6
    return found.cost


@pytest.mark.parametrize("seed", SEEDS)
def test_cost_when_there_is_more_money_then_it_is_never_dearer_and_no_fewer_pass(seed):
    samples = _samples(seed)
    costs, failing = [], []
    for amount in (30, 90, 100_000):
        problem = question(samples, target_year=2027, budgets=budgets([2026, 2027], amount * WAN))
        answer = make_plan(problem, EXACT, Goal.FEWEST_FAILING)
        failing.append(len(answer.plan.failing) if answer.plan else len(samples) + 1)
        costs.append(_cost(problem))
    assert costs == sorted(costs, reverse=True)
    assert failing == sorted(failing, reverse=True)
    assert failing[-1] == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_cost_when_the_standard_is_looser_then_it_is_never_dearer(seed):
    samples, standard = _samples(seed), bare_standard()
    first = _cost(question(samples, standard=standard))

    def loosened(parameter):
        return Parameter(tuple(replace(row, value=row.value * Fraction(9, 10)) for row in parameter.rows))

    fewer = replace(
        some(standard.school_rule),
        required_met=Parameter((Dated(Fraction(5), some(standard.school_rule).floor.rows[0].since, "测试"),)),
    )
    entries = tuple(
        replace(entry, thresholds={stage: loosened(row) for stage, row in entry.thresholds.items()})
        for entry in standard.indicators
    )
    for looser in (
        replace(standard, school_rule=fewer),
        replace(standard, indicators=entries),
        replace(standard, dispersion=None),
    ):
        assert _cost(question(samples, standard=looser)) <= first + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_plan_when_teachers_move_and_are_hired_then_people_are_conserved(seed):
    problem = question(_samples(seed), target_year=2027)
    plan = some(make_plan(problem, EXACT).plan)
    hired = sum(
        entry.amount for entry in plan.actions if entry.measure in (Measure.HIRE_TEACHER, Measure.HIRE_PE_ART_TEACHER)
    )
    before, after = (
        facts.table("stages")["full_time_teacher_count"].sum() for facts in (problem.facts, plan.facts[2027])
    )
    assert after == before + hired
    moves = [entry for entry in plan.actions if entry.measure is Measure.MOVE_TEACHER]
    for stage in ("primary", "junior"):
        for kind in range(8):
            assert sum(entry.amount for entry in moves if (entry.stage, entry.kind) == (stage, kind)) == 0
    assert plan.bound_fen <= plan.cost_fen


@pytest.mark.parametrize("seed", SEEDS)
def test_cost_when_schools_are_renamed_and_shuffled_then_it_is_the_same(seed):
    samples = _samples(seed)
    order = np.random.default_rng(seed).permutation(len(samples))
    shuffled = [replace(samples[place], school_id=f"9{number}") for number, place in enumerate(order)]
    assert _cost(question(shuffled)) == pytest.approx(_cost(question(samples)), abs=1e-6)


def test_cost_when_a_longer_time_is_given_then_it_is_never_dearer():
    samples = _samples(9)
    costs = [_cost(question(samples, target_year=year, moves_in=1, moves_out=1)) for year in (2026, 2027, 2028)]
    assert costs == sorted(costs, reverse=True)


def test_run_when_a_gap_is_allowed_then_the_bound_is_as_near_as_said():
    found = Planner.of(question(_samples(5, count=12))).search.run(Effort(optimality_gap=0.05))
    assert found.status is Status.OPTIMAL
    assert found.cost - found.bound <= 0.05 * found.cost + 1e-6
