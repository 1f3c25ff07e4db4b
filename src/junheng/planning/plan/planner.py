"""Asking for a plan: the question is checked, the end state found, scheduled over the years, put into the facts and judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from junheng.core.errors import PlanningError
from junheng.core.findings import Finding, Level
from junheng.planning.plan.apply import planned_facts
from junheng.planning.plan.county import build_county, county_findings
from junheng.planning.plan.end_state import build_end_state
from junheng.planning.plan.model import FEN_PER_MONEY, Model
from junheng.planning.plan.plan import Answer, Goal, Plan, SolverReport, cost_of
from junheng.planning.plan.problem import Problem, findings
from junheng.planning.plan.promises import milestone_findings
from junheng.planning.plan.proof import failing_rows, judge_years, prove
from junheng.planning.plan.schedule import Scheduled, make_schedule
from junheng.planning.plan.search import AS_STATED, Clock, Found, Opening, Search
from junheng.planning.plan.solver import Effort, Status

_COST_TOLERANCE = 1e-6
_FIRST_HALF = 0.5
_LEAST_SECONDS = 10.0


def problem_findings(problem: Problem) -> tuple[Finding, ...]:
    """Everything to say about a question: how it is stated, and facts that cannot be told."""
    found = findings(problem)
    if not _blocks(found):
        found = (*found, *county_findings(problem))
    return found if _blocks(found) else (*found, *milestone_findings(problem))


def make_plan(problem: Problem, effort: Effort | None = None, goal: Goal = Goal.CHEAPEST) -> Answer:
    """The cheapest plan of a question, or why there is none.

    Blocking findings give an answer with the findings and no plan. A time limit that is hit gives the best plan so far with its
    optimality gap, or says that none was found. PlanningError when core does not bear the plan out.
    """
    found = problem_findings(problem)
    if _blocks(found):
        return Answer(found, Status.NOTHING, None, None, 0.0)
    planner = Planner.of(problem)
    answer = planner.answer(effort or Effort(), goal)
    return Answer(found, answer.status, answer.plan, answer.bound_fen, answer.seconds)


@dataclass
class Planner:
    """A question inside the solver, ready for several answers (frontiers, relaxations). The question has no blocking findings."""

    problem: Problem
    model: Model
    search: Search

    @classmethod
    def of(cls, problem: Problem) -> "Planner":
        """Builds the model of a question."""
        model = build_end_state(problem, build_county(problem))
        return cls(problem, model, Search.of(model))

    def answer(self, effort: Effort, goal: Goal = Goal.CHEAPEST, opening: Opening = AS_STATED) -> Answer:
        """The best plan within the effort. `opening` changes the question, as elastic models do."""
        clock = Clock(effort)
        if goal is Goal.FEWEST_FAILING:
            fewest = self.fewest_failing(clock, opening)
            if not fewest.has_solution:
                return Answer((), fewest.status, None, None, clock.spent)
            opening = at_most_failing(self.model, len(failing_rows(self.model, fewest.values)), opening)
        found = self.search.run(clock.part(tell=clock.effort.progress), opening)
        clock.spent += found.seconds
        return self.settle(found, clock, goal, opening)

    def fewest_failing(self, clock: Clock, opening: Opening = AS_STATED) -> Found:
        """The solution that leaves the fewest school stages failing, whatever it costs within the limits."""
        costs = np.zeros(self.model.sketch.width)
        costs[self.model.fails] = 1.0
        everyone = at_most_failing(self.model, len(self.model.fails), opening)
        seconds = _FIRST_HALF * (clock.effort.seconds - clock.spent)
        counting = Opening(everyone.columns, everyone.rows, costs)
        found = self.search.run(clock.part(seconds, optimality_gap=0.0), counting)
        clock.spent += found.seconds
        return found

    def settle(self, found: Found, clock: Clock, goal: Goal = Goal.CHEAPEST, opening: Opening = AS_STATED) -> Answer:
        """Schedules, applies and judges what a search found. The schedule has a few seconds even when time is up."""
        bound = _fen(found.bound) if np.isfinite(found.bound) else None
        if not found.has_solution:
            return Answer((), found.status, None, bound, clock.spent)
        extra = Clock(replace(clock.effort, seconds=max(_LEAST_SECONDS, clock.effort.seconds - clock.spent), stop=None))
        scheduled = make_schedule(self.model, self.search.tangents, found, extra, opening)
        clock.spent += extra.spent
        if scheduled is None:
            return Answer((), Status.NOTHING, None, bound, clock.spent)
        return Answer((), found.status, self._plan(found, scheduled, goal, clock), bound, clock.spent)

    def _plan(self, found: Found, scheduled: Scheduled, goal: Goal, clock: Clock) -> Plan:
        problem, sketch = self.problem, self.model.sketch
        cost = cost_of(problem, scheduled.actions, scheduled.rotated)
        if cost > scheduled.cost * FEN_PER_MONEY + _COST_TOLERANCE * max(cost, FEN_PER_MONEY):
            raise PlanningError("方案逐项相加的费用高于求解结果，方案不能使用。请把数据和这条信息交给维护者。")
        facts = {
            year: planned_facts(problem, scheduled.actions, year, scheduled.rotated, scheduled.rotated_backbone)
            for year in problem.years
        }
        verdicts = judge_years(problem, facts)
        prove(self.model, verdicts, scheduled.values, scheduled.actions)
        return Plan(
            problem=problem,
            status=found.status,
            goal=goal,
            actions=scheduled.actions,
            cost_fen=cost,
            bound_fen=max(0, min(cost, _fen(found.bound))),
            failing=failing_rows(self.model, scheduled.values),
            rotated=scheduled.rotated,
            rotated_backbone=scheduled.rotated_backbone,
            facts=facts,
            verdicts=verdicts,
            report=SolverReport(
                clock.spent, found.rounds, found.nodes, sketch.width, sketch.height, scheduled.widening
            ),
        )


def at_most_failing(model: Model, count: int, opening: Opening = AS_STATED) -> Opening:
    """The question in which at most so many school stages may fail."""
    columns = (*opening.columns, (model.fails, 0.0, 1.0))
    return Opening(columns, (*opening.rows, (model.sketch.rows_of(["failing"]), -np.inf, float(count))), opening.costs)


def _fen(money: float) -> int:
    return int(np.floor(money * FEN_PER_MONEY + 0.5))


def _blocks(found: Sequence[Finding]) -> bool:
    return any(entry.level is Level.ERROR for entry in found)
