"""The demo county on its way to the national standard, judged by core in every year."""

import pytest

from junheng.core.standard import Part
from junheng.core.verdict import Outcome
from junheng.demo.county import build_demo_county
from junheng.planning.plan.limits import Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import make_plan
from junheng.planning.plan.solver import Effort
from junheng.readers.standards import load_standard
from tests.planning.plan.counties import PRICES, QUALITY, WAN, budgets, question, some


@pytest.mark.slow(seconds=5)
def test_make_plan_when_the_demo_county_asks_then_it_passes_in_the_target_year():
    facts = build_demo_county().facts
    years = range(facts.year + 1, facts.year + 4)
    problem = question(
        facts,
        standard=load_standard(QUALITY),
        target_year=years[-1],
        prices=Prices(PRICES),
        budgets=budgets(years, 1_500 * WAN),
        lead_years={Measure.BUILD_FLOOR_AREA: 1, Measure.BUILD_SPORTS_AREA: 1},
        with_rotation=True,
        per_year={Measure.GRANT_BACKBONE: 40},
    )
    plan = make_plan(problem, Effort(seconds=200, optimality_gap=0.005)).plan
    assert plan is not None
    assert plan.optimality_gap <= 0.005
    first, last = plan.verdicts[years[0]], plan.verdicts[years[-1]]
    assert some(first.part(Part.RESOURCES)).outcome is Outcome.NOT_MET
    assert some(last.part(Part.RESOURCES)).outcome is Outcome.MET
    items = {entry.item_id: entry.outcome for entry in last.items}
    assert {items[name] for name in ("class_size", "music_and_art_rooms", "teacher_rotation")} == {Outcome.MET}
    assert all(spent <= 1_500 * WAN for spent in plan.spending.values())
