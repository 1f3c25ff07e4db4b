"""A scenario: all that a person decides when asking for a plan. The facts of the county are no part of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.plan.catchments import Catchments, Merger
from junheng.planning.plan.limits import Limits, Prices
from junheng.planning.plan.measures import BUILDINGS, DEMANDS, THINGS, Measure
from junheng.planning.plan.plan import Goal
from junheng.planning.scenario.openings import OpenedSchool

FEN_PER_WAN = 1_000_000


class PupilSource(StrEnum):
    """Where the pupils of later years come from: the forecast, or today's (chosen on purpose)."""

    FORECAST = "forecast"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class PupilChoice:
    """Which pupils to plan for: the quantile of the simulated futures (0 to 1), how many of these and from which seed."""

    source: PupilSource = PupilSource.FORECAST
    quantile: Fraction = Fraction(1, 2)
    simulations: int = 2000
    seed: int = 20260101


def usual_department(measure: Measure) -> str:
    """The department that does a measure where the scenario names no other."""
    if measure in BUILDINGS:
        return "教育局（规划建设）"
    if measure in (*THINGS, *DEMANDS) and measure is not Measure.OPEN_CLASS:
        return "教育局（教育装备）"
    return "教育局（基础教育）" if measure is Measure.OPEN_CLASS else "教育局（教师管理）"


@dataclass(frozen=True)
class Scenario:
    """One named question: which standard by which year, with which pupils, prices and limits.

    `standard` is a pack id or the path of a standard file; `enabled` are ids of its exceptions. `departments`: who does a measure
    where it is not the usual one. `catchments`, `mergers`: changes that may be compared with things as they are, as `openings`
    that are not decided; those that are belong to the plan. Teachers move no farther than `farthest_move` metres by `distances`
    (metres by pair of schools, in order of their ids; None: no limit). `seconds` and `optimality_gap` (a share) say how hard to
    try.
    """

    title: str
    standard: str
    target_year: int
    prices: Prices
    limits: Limits
    enabled: frozenset[str] = frozenset()
    goal: Goal = Goal.CHEAPEST
    pupils: PupilChoice = field(default_factory=PupilChoice)
    assumptions: Assumptions = field(default_factory=Assumptions)
    departments: Mapping[Measure, str] = field(default_factory=dict)
    catchments: Catchments | None = None
    mergers: tuple[Merger, ...] = ()
    openings: tuple[OpenedSchool, ...] = ()
    farthest_move: int | None = None
    distances: Mapping[tuple[str, str], int] = field(default_factory=dict)
    seconds: int = 120
    optimality_gap: Fraction = Fraction(1, 200)

    def department(self, measure: Measure) -> str:
        """Who does a measure."""
        return self.departments.get(measure, usual_department(measure))


def with_budgets(scenario: Scenario, wan: Mapping[tuple[int | None, str], Fraction], base_year: int) -> Scenario:
    """The scenario with yearly budgets in 万元 by year and source, in place of its own; no year stands for every year of the plan
    that is not named itself. No budgets at all: money is not limited."""
    budgets: dict[tuple[int, str], int] = {}
    for (year, source), amount in sorted(wan.items(), key=lambda entry: entry[0][0] is not None):
        for each in range(base_year + 1, scenario.target_year + 1) if year is None else (year,):
            budgets[each, source] = int(amount * FEN_PER_WAN)
    return replace(scenario, limits=replace(scenario.limits, budgets=budgets if wan else None))
