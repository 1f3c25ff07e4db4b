"""When there is no plan: what would have to give way, by how much, and what the rest would then cost.

One elastic model per family: more money, school stages that fail, larger coefficients, or both of the latter. Each first finds
the least that has to give, then the cheapest plan with just that. One more year is another question (see `frontier`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from junheng.planning.plan.county import Floats, Ints
from junheng.planning.plan.milestones import Milestone, MilestoneKind
from junheng.planning.plan.model import FEN_PER_MONEY, Model
from junheng.planning.plan.planner import Planner, at_most_failing
from junheng.planning.plan.promises import text_of
from junheng.planning.plan.proof import failing_rows
from junheng.planning.plan.search import Clock, Found, Opening
from junheng.planning.plan.solver import Effort, Status
from junheng.planning.plan.states import STAGES

_WIDEST = 100.0
_SLACK = 1e-6
_STAGE_LABELS = {"primary": "小学", "junior": "初中"}


class Family(StrEnum):
    """What may give way."""

    BUDGET = "budget"
    SCHOOLS = "schools"
    SPREAD = "spread"
    SCHOOLS_AND_SPREAD = "schools_and_spread"
    MILESTONES = "milestones"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "budget": "增加预算",
            "schools": "部分学校暂不达标",
            "spread": "放宽差异系数",
            "schools_and_spread": "部分学校暂不达标并放宽差异系数",
            "milestones": "降低阶段目标",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Give:
    """One thing that gives way: `subject` names the year and source, the school, or the coefficient; `amount` in `unit`."""

    subject: str
    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The least that has to give in one family, and the cost in 分 of the cheapest plan then (None: not known in time).

    `is_enough` is False when even the whole family giving way leaves no plan; `bound` is the proven least amount in all (万元,
    school stages, or squared coefficients added up).
    """

    family: Family
    is_enough: bool
    gives: tuple[Give, ...] = ()
    amount: float = 0.0
    bound: float = 0.0
    cost_fen: int | None = None
    status: Status = Status.NOTHING

    @property
    def text(self) -> str:
        """One Chinese sentence."""
        if not self.is_enough:
            ending = "也没有可行方案" if self.status is Status.INFEASIBLE else "在给定时间内没有结果"
            return f"只{self.family.label}，{ending}。"
        listed = "；".join(f"{entry.subject} {entry.amount:g} {entry.unit}".rstrip() for entry in self.gives)
        cost = "" if self.cost_fen is None else f"，方案费用 {self.cost_fen / FEN_PER_MONEY:.2f} 万元"
        return f"{self.family.label}：{listed or '不需要'}{cost}。"


def find_relaxations(
    planner: Planner, effort: Effort, families: Sequence[Family] | None = None
) -> tuple[Relaxation, ...]:
    """The smallest relaxation of every family (None: all; milestones only where there are some), each with its share of the
    effort."""
    if families is None:
        families = [entry for entry in Family if entry is not Family.MILESTONES or len(planner.model.lacks)]
    share = replace(effort, seconds=effort.seconds / max(1, len(families)))
    return tuple(relax(planner, family, share) for family in families)


def relax(planner: Planner, family: Family, effort: Effort) -> Relaxation:
    """The smallest relaxation of one family, and the cheapest plan with it."""
    model, clock = planner.model, Clock(effort)
    opening = _opening(model, family)
    found = planner.search.run(clock.part(effort.seconds / 2, optimality_gap=1e-3), opening)
    clock.spent += found.seconds
    if not found.has_solution:
        return Relaxation(family, is_enough=False, status=found.status)
    second = planner.search.run(clock.part(tell=effort.progress), _held(model, family, found))
    cost = _cost_fen(model, second) if second.has_solution else None
    best = second if second.has_solution else found
    return Relaxation(
        family=family,
        is_enough=True,
        gives=_gives(model, family, best.values),
        amount=found.cost,
        bound=found.bound,
        cost_fen=cost,
        status=second.status,
    )


def _opening(model: Model, family: Family) -> Opening:
    """Opens what may give way and asks for as little of it as possible."""
    costs = np.zeros(model.sketch.width)
    columns: list[tuple[Ints, ArrayLike, ArrayLike]] = []
    if family is Family.BUDGET:
        costs[model.more_money] = 1.0
        columns.append((model.more_money.ravel(), 0.0, 1e6))
    if family in (Family.SPREAD, Family.SCHOOLS_AND_SPREAD):
        costs[model.more_spread] = 1.0
        columns.append((model.more_spread.ravel(), 0.0, _WIDEST))
    if family is Family.MILESTONES:
        costs[model.lacks] = 1.0 / most_lacking(model)
        columns.append((model.lacks, 0.0, most_lacking(model)))
    opening = Opening(tuple(columns), (), costs)
    if family in (Family.SCHOOLS, Family.SCHOOLS_AND_SPREAD):
        costs[model.fails] = 1.0
        opening = at_most_failing(model, len(model.fails), opening)
    return opening


def _held(model: Model, family: Family, found: Found) -> Opening:
    """Holds what gave way at the least amount found and asks for money again."""
    columns = []
    if family is Family.BUDGET:
        columns.append((model.more_money.ravel(), 0.0, found.values[model.more_money].ravel() + _SLACK))
    if family in (Family.SPREAD, Family.SCHOOLS_AND_SPREAD):
        columns.append((model.more_spread.ravel(), 0.0, found.values[model.more_spread].ravel() + _SLACK))
    if family is Family.MILESTONES:
        columns.append((model.lacks, 0.0, found.values[model.lacks] + _SLACK))
    opening = Opening(tuple(columns))
    if family in (Family.SCHOOLS, Family.SCHOOLS_AND_SPREAD):
        opening = at_most_failing(model, len(failing_rows(model, found.values)), opening)
    return opening


def _gives(model: Model, family: Family, values: Floats) -> tuple[Give, ...]:
    gives: list[Give] = []
    if family is Family.BUDGET:
        gives += _money(model, values)
    if family in (Family.SCHOOLS, Family.SCHOOLS_AND_SPREAD):
        names = model.problem.school_names
        gives += [
            Give(f"{names[school]}（{_STAGE_LABELS[stage]}）暂不达标", 1, "个学段")
            for school, stage in failing_rows(model, values)
        ]
    if family in (Family.SPREAD, Family.SCHOOLS_AND_SPREAD):
        gives += _spreads(model, values)
    if family is Family.MILESTONES:
        gives += _milestones(model, values)
    return tuple(gives)


def most_lacking(model: Model) -> Floats:
    """The most that each milestone can lack: all school stages, all units, or any coefficient."""
    listed = model.problem.limits.milestones
    return np.array([float(_units(model, entry)) for entry in listed])


def _units(model: Model, entry: Milestone) -> int:
    if entry.kind is MilestoneKind.ADDED:
        assert entry.amount is not None
        assert entry.measure is not None
        return ceil(entry.amount / model.problem.limits.lump(entry.measure))
    return int(_WIDEST) if entry.kind is MilestoneKind.SPREAD else len(model.problem.facts.table("stages"))


def _milestones(model: Model, values: Floats) -> list[Give]:
    """What each milestone is short of; a coefficient's as the limit that it needs, with the margin given back."""
    gives = []
    limits = model.problem.limits
    for number, entry in enumerate(limits.milestones):
        lack, text = float(values[model.lacks[number]]), f"阶段目标“{text_of(model.problem, entry)}”"
        if lack <= 10 * _SLACK:
            continue
        if entry.kind is MilestoneKind.SPREAD:
            cones = [cone for cone in model.cones if cone.extra == model.lacks[number]]
            needed = max(float(np.sqrt(cone.limit**2 + lack / values[cone.mean])) for cone in cones)
            gives.append(Give(f"{text}上限放宽到", round(needed + float(limits.cv_margin) + 5e-4, 3), ""))
        elif entry.kind is MilestoneKind.ADDED:
            assert entry.measure is not None
            short = ceil(lack - 10 * _SLACK) * limits.lump(entry.measure)
            gives.append(Give(f"{text}减少", short, entry.measure.unit))
        else:
            gives.append(Give(f"{text}减少", ceil(lack - 10 * _SLACK), "个学段"))
    return gives


def _money(model: Model, values: Floats) -> list[Give]:
    years = model.problem.years
    return [
        Give(f"{years[place]} 年{source}增加", round(float(values[model.more_money[number, place]]), 2), "万元")
        for number, source in enumerate(model.sources)
        for place in range(len(years))
        if values[model.more_money[number, place]] > 10 * _SLACK
    ]


def _spreads(model: Model, values: Floats) -> list[Give]:
    """The limits that the coefficients need: CV² ≤ c² + slack/mean, with the margin given back."""
    gives = []
    for stage, index in np.argwhere(values[model.more_spread] > 10 * _SLACK):
        mean, extra = values[model.mean[stage, index]], values[model.more_spread[stage, index]]
        needed = np.sqrt(model.county.cv_limits[stage] ** 2 + extra / mean)
        entry, name = model.county.indicators[index], _STAGE_LABELS[STAGES[stage].value]
        limit = float(needed) + float(model.problem.limits.cv_margin)
        gives.append(Give(f"{name}“{entry.short_name}”差异系数上限放宽到", round(limit + 5e-4, 3), ""))
    return gives


def _cost_fen(model: Model, found: Found) -> int:
    return int(np.floor(float(model.sketch.costs @ found.values) * FEN_PER_MONEY + 0.5))
