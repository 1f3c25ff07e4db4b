"""Solving an end state: linear rounds until no coefficient is broken, then whole numbers, started from a rounding."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from junheng.planning.plan.county import Floats, Ints
from junheng.planning.plan.model import Model
from junheng.planning.plan.solver import Effort, Session, Solved, Status
from junheng.planning.plan.tangents import Tangents

_MOST_ROUNDS = 40
_FIRST_SHARE = 0.25


@dataclass(frozen=True)
class Opening:
    """A change of the question for one solve: bounds of columns and rows, and other costs (None: money)."""

    columns: tuple[tuple[Ints, ArrayLike, ArrayLike], ...] = ()
    rows: tuple[tuple[Ints, ArrayLike, ArrayLike], ...] = ()
    costs: Floats | None = None


AS_STATED = Opening()


@dataclass
class Clock:
    """What is left of the effort, by the solver's own time."""

    effort: Effort
    spent: float = 0.0

    def part(self, seconds: float | None = None, gap: float | None = None, progress: bool = True) -> Effort:
        """The effort for one solve: what is left, or fewer seconds; with another gap, or without telling."""
        left = max(0.0, self.effort.seconds - self.spent)
        return replace(
            self.effort,
            seconds=left if seconds is None else min(left, seconds),
            gap=self.effort.gap if gap is None else gap,
            progress=self.effort.progress if progress else None,
        )

    def add(self, solved: Solved) -> Solved:
        """Notes the time of a solve and gives it back."""
        self.spent += solved.seconds
        return solved

    @property
    def is_over(self) -> bool:
        """Whether time is up or the user asks to stop."""
        return self.spent >= self.effort.seconds or (self.effort.stop is not None and self.effort.stop())


@dataclass(frozen=True)
class Found:
    """What a search gave: the best solution (empty when none), its cost, the proven bound, and how it went.

    `relaxed` is the last linear solve, with its duals for the rows of the sketch that came first.
    """

    status: Status
    values: Floats
    cost: float
    bound: float
    seconds: float
    rounds: int
    nodes: int
    relaxed: Solved

    @property
    def has_solution(self) -> bool:
        """Whether there is anything to use."""
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


@dataclass
class Search:
    """One model inside the solver with its tangents; several questions can be put to it one after the other."""

    model: Model
    tangents: Tangents
    session: Session = field(init=False)
    _opened: list[Opening] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = Session(self.model.sketch)
        self.tangents.put_into_session(self.session)

    @classmethod
    def of(cls, model: Model) -> "Search":
        """A search without tangents yet."""
        return cls(model, Tangents(model))

    def run(self, effort: Effort, opening: Opening = AS_STATED) -> Found:
        """The cheapest solution of the question, with whole numbers."""
        clock = Clock(effort)
        self.open(opening)
        try:
            relaxed, rounds = self.relax(clock)
            if not relaxed.has_solution:
                status = Status.INFEASIBLE if relaxed.status is Status.INFEASIBLE else Status.NOTHING
                bound = np.inf if status is Status.INFEASIBLE else -np.inf
                return Found(status, np.zeros(0), np.inf, bound, clock.spent, rounds, 0, relaxed)
            return self._whole(clock, relaxed, rounds)
        finally:
            self.close(opening)

    def relax(self, clock: Clock) -> tuple[Solved, int]:
        """The linear model with all tangents it needs, and the number of rounds it took."""
        solved = clock.add(self.session.solve_relaxed(clock.part(progress=False)))
        rounds = 1
        while solved.has_solution and rounds < _MOST_ROUNDS and self.tangents.cut(solved.values, self.session):
            again = clock.add(self.session.solve_relaxed(clock.part(progress=False)))
            rounds += 1
            if not again.has_solution and again.status is not Status.INFEASIBLE:
                return solved, rounds
            solved = again
        return solved, rounds

    def open(self, opening: Opening) -> None:
        """Changes the question."""
        for columns, lower, upper in opening.columns:
            self.session.set_bounds(columns, lower, upper)
        for rows, lower, upper in opening.rows:
            self.session.set_row_bounds(rows, lower, upper)
        if opening.costs is not None:
            self.session.set_costs(opening.costs)

    def close(self, opening: Opening) -> None:
        """Takes the change back."""
        sketch = self.model.sketch
        (low, high), (row_low, row_high) = sketch.column_bounds, sketch.row_bounds
        for columns, _, _ in opening.columns:
            self.session.set_bounds(columns, low[columns], high[columns])
        for rows, _, _ in opening.rows:
            self.session.set_row_bounds(rows, row_low[rows], row_high[rows])
        if opening.costs is not None:
            self.session.set_costs(sketch.costs)

    def _whole(self, clock: Clock, relaxed: Solved, rounds: int) -> Found:
        """Whole numbers: first with the rounded choice of indicators, then with all choices open."""
        best, bound, nodes = self._first(clock, relaxed), relaxed.cost, 0
        status = Status.FEASIBLE
        while not clock.is_over:
            solved = clock.add(self.session.solve(clock.part(), best.values if best is not None else None))
            nodes += solved.nodes
            bound = max(bound, solved.bound)
            if solved.status is Status.INFEASIBLE:
                status = Status.INFEASIBLE
                break
            if not solved.has_solution:
                break
            is_cut = self.tangents.cut(solved.values, self.session)
            if not is_cut:
                best = solved if best is None or solved.cost <= best.cost else best
                status = Status.OPTIMAL if solved.status is Status.OPTIMAL else Status.FEASIBLE
                break
        if best is None:
            status = Status.INFEASIBLE if status is Status.INFEASIBLE else Status.NOTHING
            return Found(status, np.zeros(0), np.inf, bound, clock.spent, rounds, nodes, relaxed)
        return Found(status, best.values, best.cost, min(bound, best.cost), clock.spent, rounds, nodes, relaxed)

    def _first(self, clock: Clock, relaxed: Solved) -> Solved | None:
        """A solution with the choice of indicators taken from the linear model; None when there is none in time."""
        low, high = self.model.sketch.column_bounds
        met, fails = self.model.met, self.model.fails
        required, chosen = self.model.county.required, relaxed.values[met]
        rank = np.argsort(np.argsort(-chosen, axis=1, kind="stable"), axis=1)
        may_fail = relaxed.values[fails] > 0.5
        floor = ((rank < required) & ~may_fail[:, None]).astype(np.float64)
        self.session.set_bounds(met.ravel(), floor.ravel(), 1.0)
        try:
            seconds = max(3.0, _FIRST_SHARE * clock.effort.seconds)
            for _ in range(_MOST_ROUNDS):
                solved = clock.add(self.session.solve(clock.part(seconds, gap=max(clock.effort.gap, 1e-3))))
                if not solved.has_solution:
                    return None
                if not self.tangents.cut(solved.values, self.session):
                    return solved
                if clock.is_over:
                    return None
            return None
        finally:
            self.session.set_bounds(met.ravel(), low[met.ravel()], high[met.ravel()])


def relaxed_rows(model: Model, clauses: Sequence[str]) -> tuple[tuple[Ints, ArrayLike, ArrayLike], ...]:
    """Rows of these clauses with both bounds taken away."""
    rows = model.sketch.rows_of(clauses)
    return ((rows, -np.inf, np.inf),)
