"""Scenarios and answers for the small county, each made once for all tests."""

from functools import cache
from typing import Any

from junheng.api import planning
from junheng.web.access.actor import Actor
from junheng.web.evaluations.models import Run
from junheng.web.example.plans import PRICES
from junheng.web.plans import answers
from junheng.web.plans.actions import plans, scenarios
from junheng.web.plans.actions.plans import MadePlan
from junheng.web.plans.models import Plan, Scenario
from tests.web.evaluations.county import STANDARD, YEAR, facts_of

TARGET = YEAR + 2
"""Building takes a year, so one year is too short."""


NEW_SCHOOL: dict[str, Any] = {
    "openings": [
        {
            "school_id": "9900000009",
            "name": "新区小学",
            "school_type": "primary_school",
            "area_type": "town",
            "year": YEAR + 1,
            "amount": 20,
            "floor_area": 5000,
            "sports_area": 6000,
            "equipment": 1_500_000,
            "multimedia_rooms": 20,
            "music_rooms": 2,
            "fine_art_rooms": 2,
        }
    ],
    "opening_stages": [
        {
            "school_id": "9900000009",
            "stage": "primary",
            "capacity": 600,
            "classes": 12,
            "teachers": 30,
            "above_standard": 25,
            "backbone": 6,
            "pe_teachers": 3,
            "music_teachers": 2,
            "fine_art_teachers": 2,
        }
    ],
    "opening_sources": [
        {"school_id": "9900000009", "giver_id": "9900000001", "stage": "primary", "pupils": 400},
    ],
}
"""A school that may be opened, with all that its 400 pupils need; whether it is decided is not said: it is to be compared."""
DECIDED: dict[str, Any] = {**NEW_SCHOOL, "openings": [{**NEW_SCHOOL["openings"][0], "decision": "decided"}]}


def data(**other: Any) -> dict[str, Any]:
    """A scenario that the small county can be planned with: same pupils, no limit of money."""
    made = planning.blank_scenario()
    made["prices"] |= PRICES
    made["pupils"]["source"] = "same"
    made["effort"] = {"seconds": 20, "optimality_gap": 1}
    made |= {"standard": STANDARD, "target_year": TARGET, "money": "unlimited", "discount_rate": 0, "disruption": 0}
    return {**made, "with_rotation": False, **other}


@cache
def answered(target_year: int = TARGET) -> MadePlan:
    """The planner's answer, as it is kept; there is none for a target in the next year."""
    return _answer(target_year=target_year)


@cache
def grown() -> MadePlan:
    """The answer with a new school, teachers who leave, distances and simulated futures."""
    codes = ("9900000001", "9900000002", "9900000009")
    distances = [{"first": one, "second": two, "km": 2.5} for one in codes for two in codes if one < two]
    given = {**DECIDED, "attrition": 3, "distances": distances, "farthest_move": 5}
    return _answer(pupils={"source": "forecast", "quantile": 50, "simulations": 40, "seed": 1}, **given)


def _answer(**other: Any) -> MadePlan:
    facts, is_forecast = facts_of(), "pupils" in other
    scenario, _findings = planning.scenario_of(data(**other), facts=facts)
    assert scenario is not None
    history = [facts_of(YEAR - 2, -40), facts_of(YEAR - 1, -20)] if is_forecast else []
    return answers.made(planning.make_plan(facts, history, scenario), ())


def scenario_of(by: Actor, run: Run, title: str = "方案甲", **other: Any) -> Scenario:
    """A scenario of the county of a run."""
    return scenarios.create(by=by, county=run.organisation, title=title, data=data(**other))


def grown_plan(by: Actor, run: Run) -> Plan:
    """The finished plan of `grown`."""
    plan = plans.start(by=by, scenario=scenario_of(by, run, "新区", **DECIDED), run=run)
    return plans.keep(by=by, plan_id=plan.pk, made=grown())


def finished_plan(by: Actor, run: Run, title: str = "方案甲", target_year: int = TARGET, **other: Any) -> Plan:
    """A plan with its answer, without documents."""
    scenario = Scenario.objects.filter(title=title).first() or scenario_of(
        by, run, title, target_year=target_year, **other
    )
    plan = plans.start(by=by, scenario=scenario, run=run)
    return plans.keep(by=by, plan_id=plan.pk, made=answered(target_year))
