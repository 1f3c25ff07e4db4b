"""A plan and an answer: what a county gets when it asks how to reach a standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from junheng.core.digest import sha256_of
from junheng.core.facts import Facts
from junheng.core.findings import Finding
from junheng.core.verdict import Verdict
from junheng.planning.plan.actions import Action, moved_by_year
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.measures import HIRES, Measure
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.solver import Status


class Goal(StrEnum):
    """What is wanted: every school passing for least cost, or as few failing schools as limits allow, then least cost."""

    CHEAPEST = "cheapest"
    FEWEST_FAILING = "fewest_failing"


@dataclass(frozen=True, slots=True)
class SolverReport:
    """How a plan was found: the solver's seconds, linear rounds and nodes, the size of the model, the schedule's widening."""

    seconds: float
    rounds: int
    nodes: int
    columns: int
    rows: int
    widening: int


@dataclass(frozen=True)
class Plan:
    """A plan that core has judged.

    `cost_fen` is the discounted money plus the weight on moved teachers; no plan of the question costs less than `bound_fen`.
    `failing` are the school stages left failing (only when asked for). `facts` and `verdicts` are those of every year, `rotated`
    and `rotated_backbone` the teachers who change schools each year, moves included.
    """

    problem: Problem
    status: Status
    goal: Goal
    actions: tuple[Action, ...]
    cost_fen: int
    bound_fen: int
    failing: tuple[RowKey, ...]
    rotated: Mapping[int, int]
    rotated_backbone: Mapping[int, int]
    facts: Mapping[int, Facts]
    verdicts: Mapping[int, Verdict]
    report: SolverReport

    @property
    def optimality_gap(self) -> float:
        """How much cheaper a plan could be at most, as a share of the cost (0 when it costs nothing)."""
        return (self.cost_fen - self.bound_fen) / self.cost_fen if self.cost_fen else 0.0

    @property
    def spending(self) -> Mapping[tuple[int, str], int]:
        """分 spent per year and source, not discounted; sources that pay nothing in a year are left out."""
        return spending_of(self.problem, self.actions, self.rotated)

    @property
    def spent_fen(self) -> int:
        """分 spent in all, not discounted."""
        return sum(self.spending.values())

    @property
    def digest(self) -> str:
        """A hash over the actions, the cost and the verdict of the target year."""
        last = self.verdicts[self.problem.target_year].digest
        return sha256_of((self.actions, self.cost_fen, self.bound_fen, last))


@dataclass(frozen=True)
class Answer:
    """What planning gives: findings that block it, or a status with the best plan so far.

    `bound_fen` is None where nothing is proven. `failing_least` is the proven least number of failing school stages when the goal
    asked for it.
    """

    findings: tuple[Finding, ...]
    status: Status
    plan: Plan | None
    bound_fen: int | None
    seconds: float

    @property
    def text(self) -> str:
        """One Chinese sentence on how it ended."""
        if self.plan is not None:
            money, optimality_gap = self.plan.cost_fen / 1e6, self.plan.optimality_gap * 100
            return f"已找到方案，费用 {money:.2f} 万元，与理论下限相差不超过 {optimality_gap:.2f}%。"
        if self.findings:
            return f"有 {len(self.findings)} 处问题，改正后才能规划。"
        if self.status is Status.INFEASIBLE:
            return "在现有限制下没有可行方案；请查看哪些限制互相冲突，以及放宽哪一项最省。"
        return "在给定时间内没有找到方案；请延长时间再试。"


def spending_of(
    problem: Problem, actions: tuple[Action, ...], rotated: Mapping[int, int]
) -> Mapping[tuple[int, str], int]:
    """分 per year and source that the actions and the rotation of a problem cost, not discounted."""
    fen, limits = problem.prices.fen, problem.limits
    spent: dict[tuple[int, str], int] = {}

    def pay(year: int, measure: Measure, units: int) -> None:
        if units:
            key = (year, limits.source(measure))
            spent[key] = spent.get(key, 0) + units * fen[measure]

    for entry in actions:
        if entry.measure in HIRES:
            for year in range(entry.year, problem.target_year + 1):
                pay(year, entry.measure, entry.amount)
        else:
            pay(entry.year, entry.measure, max(entry.amount, 0))
    moved = moved_by_year(actions)
    for year, count in rotated.items():
        pay(year, Measure.ROTATE_TEACHER, count - moved.get(year, 0))
    return spent


def cost_of(problem: Problem, actions: tuple[Action, ...], rotated: Mapping[int, int]) -> int:
    """Discounted 分 plus the weight on moved teachers."""
    spent = spending_of(problem, actions, rotated)
    money = sum(fen * problem.prices.factor(year - problem.base_year) for (year, _), fen in sorted(spent.items()))
    return round(money + problem.limits.disruption_fen * sum(moved_by_year(actions).values()))
