"""What more or less of something costs: the target year, the budget, the number of school stages that pass."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from junheng.planning.plan.plan import Answer, Goal
from junheng.planning.plan.planner import Planner, at_most_failing, make_plan
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.solver import Effort, Status


@dataclass(frozen=True, slots=True)
class Point:
    """One point: what was asked (a year, a share of the budget, school stages passing), and the answer in 分.

    `cost_fen` is None where there is no plan or none was found; `passing` are the judged school stages that pass then.
    """

    asked: float
    status: Status
    cost_fen: int | None
    bound_fen: int | None
    passing: int | None
    text: str


def by_target_year(problem: Problem, years: Iterable[int], effort: Effort) -> tuple[Point, ...]:
    """Cost against target year. Pupils and budgets must cover the years; a year they do not cover gives a point without a plan,
    whose text is the first finding."""
    listed = list(years)
    return tuple(
        _points(listed, effort, lambda year: make_plan(replace(problem, target_year=int(year)), _part(effort, listed)))
    )


def by_budget(
    problem: Problem, shares: Sequence[Fraction], effort: Effort, goal: Goal = Goal.FEWEST_FAILING
) -> tuple[Point, ...]:
    """Cost and passing school stages against the budget, every year's and source's budget times each share."""
    given = problem.limits.budgets or {}

    def answer(share: Fraction | int) -> Answer:
        budgets = {key: int(amount * share) for key, amount in given.items()} if problem.limits.budgets else None
        return make_plan(replace(problem, limits=replace(problem.limits, budgets=budgets)), _part(effort, shares), goal)

    return tuple(_points(shares, effort, answer))


def by_passing(planner: Planner, counts: Sequence[int], effort: Effort) -> tuple[Point, ...]:
    """Cost against how many judged school stages pass at least."""
    total = len(planner.model.county.rows)

    def answer(count: Fraction | int) -> Answer:
        opening = at_most_failing(planner.model, total - int(count))
        return planner.answer(_part(effort, counts), opening=opening)

    return tuple(_points(counts, effort, answer))


def _part(effort: Effort, points: Sequence[Fraction | int]) -> Effort:
    return replace(effort, seconds=effort.seconds / max(1, len(points)))


def _points(
    asked: Sequence[Fraction | int], effort: Effort, answer: Callable[[Fraction | int], Answer]
) -> Iterable[Point]:
    for value in asked:
        if effort.stop is not None and effort.stop():
            return
        given = answer(value)
        plan = given.plan
        passing = None if plan is None else _passing(given)
        text = given.findings[0].message if given.findings and plan is None else given.text
        yield Point(float(value), given.status, plan.cost_fen if plan else None, given.bound_fen, passing, text)


def _passing(answer: Answer) -> int:
    assert answer.plan is not None
    verdict = answer.plan.verdicts[answer.plan.problem.target_year]
    return sum(school.outcome.value == "met" for school in verdict.schools)
