"""Which changes of catchments, mergers and new schools make the plan cheaper: each is planned whole and judged by core.

What is proven: each option's cost and its own lower bound, and that an option left out by its bound cannot beat the best plan
found. What is not: that no other choice of shifted pupils would be cheaper still; the shifts that are tried follow the shadow
prices of a pupil in each school.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from junheng.core.findings import Finding
from junheng.planning.plan.catchments import (
    Catchments,
    Merger,
    NewSchool,
    Shift,
    catchment_findings,
    merger_findings,
    opening_findings,
    with_merger,
    with_opening,
    with_shifts,
)
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.model import FEN_PER_MONEY
from junheng.planning.plan.plan import Answer
from junheng.planning.plan.planner import Planner, problem_findings
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.search import Clock, Opening, Search
from junheng.planning.plan.solver import Effort, Status
from junheng.planning.plan.states import rule_rows

_STAGE_LABELS = {"primary": "小学", "junior": "初中"}
_MOST_PLANNED = 4
_ENOUGH_MONEY = 1e6  # 万元


@dataclass(frozen=True)
class Option:
    """One change and what becomes of the plan with it; all money in 分, discounted, the change itself included.

    `bound_fen`: no plan with this change costs less (None: nothing proven). `answer` is None where the bound alone shows that it
    cannot beat the best (`is_ruled_out`), or where the changed question has findings.
    """

    label: str
    shifts: tuple[Shift, ...]
    merger: Merger | None
    opening: NewSchool | None
    change_fen: int
    cost_fen: int | None
    bound_fen: int | None
    answer: Answer | None
    findings: tuple[Finding, ...] = ()
    is_ruled_out: bool = False


@dataclass(frozen=True)
class Comparison:
    """The plan as things are, every option that was tried (cheapest first, then those without a plan), and what it all says."""

    unchanged: Answer
    options: tuple[Option, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def best(self) -> Option | None:
        """The cheapest option that beats the plan without changes; None when none does."""
        plan = self.unchanged.plan
        better = [entry for entry in self.options if entry.cost_fen is not None]
        best = min(better, key=lambda entry: entry.cost_fen or 0, default=None)
        is_better = best is not None and (plan is None or (best.cost_fen or 0) < plan.cost_fen)
        return best if is_better else None

    @property
    def text(self) -> str:
        """One Chinese sentence."""
        best, plan = self.best, self.unchanged.plan
        if best is None or best.cost_fen is None:
            return f"试过 {len(self.options)} 种调整，没有一种比不调整更省。"
        if plan is None:
            return f"不调整没有方案；{best.label}后费用 {best.cost_fen / FEN_PER_MONEY:.2f} 万元。"
        saved = (plan.cost_fen - best.cost_fen) / FEN_PER_MONEY
        return f"试过 {len(self.options)} 种调整，最省的是{best.label}，比不调整少 {saved:.2f} 万元。"


def compare_options(
    problem: Problem,
    effort: Effort,
    *,
    catchments: Catchments | None = None,
    mergers: Sequence[Merger] = (),
    openings: Sequence[NewSchool] = (),
) -> Comparison:
    """Plans the question as it is and with each change allowed. Seconds are shared out among all that have to be planned.

    Findings on what was given are in the comparison; nothing is tried then. The question itself has no blocking findings.
    """
    wrong = [*(catchment_findings(problem, catchments) if catchments else ())]
    wrong += [entry for merger in mergers for entry in merger_findings(problem, merger)]
    wrong += [entry for opening in openings for entry in opening_findings(problem, opening)]
    count = 1 + len(mergers) + len(openings) + (_MOST_PLANNED if catchments else 0)
    part = replace(effort, seconds=effort.seconds / count, progress=None)
    planner = Planner.of(problem)
    unchanged = planner.answer(part)
    if wrong:
        return Comparison(unchanged, (), tuple(wrong))
    options = [_merged(problem, merger, part) for merger in mergers]
    options += [_opened(problem, opening, part) for opening in openings]
    if catchments is not None:
        options += _shifted(planner, unchanged, catchments, part)
    return Comparison(unchanged, tuple(sorted(options, key=_order)))


def _order(option: Option) -> tuple[bool, int, str]:
    return (option.cost_fen is None, option.cost_fen or 0, option.label)


def _planned(base: Option, problem: Problem, effort: Effort) -> Option:
    found = problem_findings(problem)
    if any(entry.level.value == "error" for entry in found):
        return replace(base, findings=found)
    answer = Planner.of(problem).answer(effort)
    cost = None if answer.plan is None else answer.plan.cost_fen + base.change_fen
    bound = None if answer.bound_fen is None else answer.bound_fen + base.change_fen
    return replace(base, answer=answer, cost_fen=cost, bound_fen=bound, findings=found)


def _merged(problem: Problem, merger: Merger, effort: Effort) -> Option:
    names = problem.school_names
    label = f"把{names[merger.closed]}并入{names[merger.into]}"
    changed, fen = with_merger(problem, merger)
    return _planned(Option(label, (), merger, None, fen, None, None, None), changed, effort)


def _opened(problem: Problem, opening: NewSchool, effort: Effort) -> Option:
    changed, fen = with_opening(problem, opening)
    label = f"新开{opening.school.get('school_name') or opening.school['school_id']}"
    return _planned(Option(label, (), None, opening, fen, None, None, None), changed, effort)


def _shifted(planner: Planner, unchanged: Answer, catchments: Catchments, effort: Effort) -> list[Option]:
    """Sets of shifts, looked at by their linear bounds first; the most promising few are planned."""
    problem, looked = planner.problem, []
    for shifts in _proposals(planner, catchments, effort):
        changed, fen = with_shifts(problem, catchments, shifts)
        empty = Option(_label(problem, shifts), shifts, None, None, fen, None, None, None)
        found = problem_findings(changed)
        if any(entry.level.value == "error" for entry in found):
            looked.append((float("inf"), replace(empty, findings=found), changed))
            continue
        relaxed = Search.of(Planner.of(changed).model).relax(Clock(effort))[0]
        bound = relaxed.bound * FEN_PER_MONEY + fen
        looked.append((bound, replace(empty, bound_fen=int(bound) if np.isfinite(bound) else None), changed))
    looked.sort(key=lambda entry: (entry[0], entry[1].label))
    best = unchanged.plan.cost_fen if unchanged.plan else float("inf")
    made = []
    for place, (bound, option, changed) in enumerate(looked):
        if option.findings or place >= _MOST_PLANNED or bound >= best:
            made.append(replace(option, is_ruled_out=bool(bound >= best) and not option.findings))
            continue
        made.append(_planned(option, changed, effort))
        best = min(best, made[-1].cost_fen or best)
    return made


def _label(problem: Problem, shifts: Sequence[Shift]) -> str:
    names = problem.school_names
    listed = [
        f"{names[shift.source]}{_STAGE_LABELS[shift.stage.value]}向{names[shift.target]}调整 {shift.pupils} 人"
        for shift in shifts[:2]
    ]
    return "、".join(listed) + (f"等 {len(shifts)} 处学区调整" if len(shifts) > 2 else "")


def _proposals(planner: Planner, catchments: Catchments, effort: Effort) -> Iterator[tuple[Shift, ...]]:
    """The best shift, the best two, four, … that each use a school stage once; each set also with fewer pupils, by quarters."""
    listed = _worthwhile(planner, catchments, effort)
    count, seen = 1, set()
    while listed:
        for quarters in (4, 3, 2, 1):
            shifts = tuple(_part_of(shift, quarters, catchments.step) for shift in listed[:count])
            shifts = tuple(shift for shift in shifts if shift.pupils)
            if shifts and shifts not in seen:
                seen.add(shifts)
                yield shifts
        if count >= len(listed):
            return
        count *= 2


def _part_of(shift: Shift, quarters: int, step: int) -> Shift:
    return replace(shift, pupils=shift.pupils * quarters // 4 // step * step)


def _worthwhile(planner: Planner, catchments: Catchments, effort: Effort) -> list[Shift]:
    """Shifts from where a pupil costs most to where one costs least, dearest first, no school stage twice."""
    problem = planner.problem
    worth = pupil_prices(planner, effort)
    today = problem.pupils[problem.target_year]
    fen = catchments.fen_per_pupil / FEN_PER_MONEY
    found: list[tuple[float, Shift]] = []
    for pair in catchments.near:
        stage = pair.stage.value
        ends = sorted((pair.first, pair.second), key=lambda school: -worth.get((school, stage), 0.0))
        gain = worth.get((ends[0], stage), 0.0) - worth.get((ends[1], stage), 0.0) - fen
        room = min(catchments.most_a_year * len(problem.years), today[ends[0], stage] // 2)
        if catchments.largest is not None:
            room = min(room, catchments.largest - today[ends[1], stage])
        pupils = max(0, room) // catchments.step * catchments.step
        if gain > 0 and pupils:
            found.append((gain * pupils, Shift(ends[0], ends[1], pair.stage, pupils)))
    used: set[RowKey] = set()
    chosen = []
    for _, shift in sorted(found, key=lambda entry: (-entry[0], entry[1].source, entry[1].target)):
        keys = {(shift.source, shift.stage.value), (shift.target, shift.stage.value)}
        if not keys & used:
            used |= keys
            chosen.append(shift)
    return chosen


def pupil_prices(planner: Planner, effort: Effort) -> dict[RowKey, float]:
    """万元 that one pupil more would cost in each judged school stage by the school rule, from the linear model's shadow prices.

    What a pupil does to coefficients is left out, so this only tells what is worth trying. Where money does not reach, it is told
    for as much money as it takes. Empty where nothing is known.
    """
    model, county, search = planner.model, planner.model.county, planner.search
    relaxed = search.relax(Clock(replace(effort, progress=None)))[0]
    if relaxed.status is Status.INFEASIBLE:
        opening = Opening(((model.more_money.ravel(), 0.0, _ENOUGH_MONEY),))
        search.open(opening)
        relaxed = search.relax(Clock(replace(effort, progress=None)))[0]
        search.close(opening)
    if relaxed.status is not Status.OPTIMAL or not county.has_rule:
        return {}
    duals = np.abs(relaxed.duals[rule_rows(model)])
    met = relaxed.values[model.met]
    floor = 1.0 - (county.to_met - county.to_floor) * county.step
    share = floor + (1.0 - floor) * met  # of the threshold that is asked for
    per_pupil = (duals * share / county.step).sum(axis=1) / county.pupils
    return dict(zip(county.rows, per_pupil.tolist(), strict=True))
