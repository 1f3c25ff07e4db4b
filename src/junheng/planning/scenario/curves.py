"""What more time, more money or fewer passing schools would do: points of cost against one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil

from junheng.core.findings import Finding, Level
from junheng.planning.plan.frontier import Point, by_budget, by_passing, by_target_year
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.problem import MOST_YEARS, Problem
from junheng.planning.plan.solver import Effort
from junheng.planning.scenario.asking import County, question_of, with_year_added
from junheng.planning.scenario.entries import refusal
from junheng.planning.scenario.scenario import Scenario

SHARES = (Fraction(1, 2), Fraction(3, 4), Fraction(1), Fraction(5, 4), Fraction(3, 2))
PASSING = (Fraction(90, 100), Fraction(95, 100), Fraction(98, 100), Fraction(1))
_YEARS = (-1, 0, 1, 2)


class Axis(StrEnum):
    """What is varied."""

    TARGET_YEAR = "target_year"
    BUDGET = "budget"
    PASSING = "passing"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"target_year": "目标年度", "budget": "预算（原预算的倍数）", "passing": "达标的校段数"}[self.value]


@dataclass(frozen=True)
class Curve:
    """Cost along one axis; `points` in the order asked. Findings that block leave it without points."""

    axis: Axis
    points: tuple[Point, ...]
    findings: tuple[Finding, ...] = ()


def curve_of(
    axis: Axis, scenario: Scenario, county: County, effort: Effort, values: Sequence[Fraction | int] = ()
) -> Curve:
    """The points of an axis. `values` are years, shares of the budget, or numbers of passing stages; usual ones where empty.

    Every point has the scenario's seconds. A year after the target year has the budget of the year before it.
    """
    years = _years(scenario, county, values) if axis is Axis.TARGET_YEAR else []
    asked = with_year_added(scenario, max([scenario.target_year, *years]))
    question = question_of(asked, county)
    findings = question.findings
    if axis is Axis.BUDGET and scenario.limits.budgets is None:
        text = "资金不设上限，没有预算可以增减。"
        findings = (*findings, refusal("money", "plan-curve", text, "请先填写年度预算。"))
    if question.problem is None or any(entry.level is Level.ERROR for entry in findings):
        return Curve(axis, (), findings)
    tried = replace(effort, seconds=float(scenario.seconds), optimality_gap=float(scenario.optimality_gap))
    if axis is Axis.TARGET_YEAR:
        points = by_target_year(question.problem, years, _for(tried, years))
    elif axis is Axis.BUDGET:
        shares = [Fraction(value) for value in values] or list(SHARES)
        points = by_budget(question.problem, shares, _for(tried, shares))
    else:
        points = _by_passing(question.problem, tried, [int(value) for value in values])
    return Curve(axis, points, findings)


def _by_passing(problem: Problem, effort: Effort, values: list[int]) -> tuple[Point, ...]:
    planner = Planner.of(problem)
    total = len(planner.model.county.rows)
    counts = values or sorted({ceil(share * total) for share in PASSING})
    return by_passing(planner, counts, _for(effort, counts))


def _years(scenario: Scenario, county: County, values: Sequence[Fraction | int]) -> list[int]:
    """The years asked for, or those around the target year that can be planned for."""
    if values:
        return [int(value) for value in values]
    first, last = county.facts.year + 1, county.facts.year + MOST_YEARS
    return [year for year in (scenario.target_year + step for step in _YEARS) if first <= year <= last]


def _for(effort: Effort, points: Sequence[Fraction | int]) -> Effort:
    """The effort for all points together, of which each gets its part."""
    return replace(effort, seconds=effort.seconds * len(points))
