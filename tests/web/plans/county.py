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
    facts = facts_of()
    scenario, _findings = planning.scenario_of(data(target_year=target_year), facts=facts)
    assert scenario is not None
    return answers.made(planning.make_plan(facts, [], scenario), ())


def scenario_of(by: Actor, run: Run, title: str = "方案甲", **other: Any) -> Scenario:
    """A scenario of the county of a run."""
    return scenarios.create(by=by, county=run.organisation, title=title, data=data(**other))


def finished_plan(by: Actor, run: Run, title: str = "方案甲", target_year: int = TARGET, **other: Any) -> Plan:
    """A plan with its answer, without documents."""
    scenario = Scenario.objects.filter(title=title).first() or scenario_of(
        by, run, title, target_year=target_year, **other
    )
    plan = plans.start(by=by, scenario=scenario, run=run)
    return plans.keep(by=by, plan_id=plan.pk, made=answered(target_year))
