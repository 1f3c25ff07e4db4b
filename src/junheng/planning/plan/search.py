"""Solving an end state: linear rounds until no coefficient is broken, then whole numbers, started from a rounding."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from junheng.planning.plan.county import Bools, Floats, Ints
from junheng.planning.plan.diving import Dive, units_of
from junheng.planning.plan.model import Cone, Model, State
from junheng.planning.plan.rounding import best_met, bettered
from junheng.planning.plan.solver import Effort, Session, Solved, Status
from junheng.planning.plan.states import there
from junheng.planning.plan.tangents import Tangents

_MOST_ROUNDS = 40
Telling = Callable[[float, float], None]
_FIRST_SHARE, _FIRST_SECONDS = 0.25, 3.0
_LEAST_OPTIMALITY_GAP = 1e-4
_HALF = 0.5
_TINY = 1e-6
_MOST_MENDS, _REACH = 8, 2
_NEARER, _FIRST_OPTIMALITY_GAP = 0.8, 0.7


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
    bound: float = -np.inf

    def part(
        self, seconds: float | None = None, optimality_gap: float | None = None, tell: Telling | None = None
    ) -> Effort:
        """The effort for one solve: what is left, or fewer seconds, another optimality gap; telling by `tell` or not at all."""
        left = max(0.0, self.effort.seconds - self.spent)
        return replace(
            self.effort,
            seconds=left if seconds is None else min(left, seconds),
            optimality_gap=self.effort.optimality_gap if optimality_gap is None else optimality_gap,
            progress=tell if self.effort.progress is not None else None,
        )

    def tell(self, cost: float, bound: float) -> None:
        """Tells of a better solution and the best bound so far."""
        if self.effort.progress is not None:
            self.bound = max(self.bound, bound)
            self.effort.progress(cost, self.bound)

    def tell_cost(self, cost: float, _bound: float) -> None:
        """The same where the solver looks at a part of the question only, whose bound means nothing."""
        self.tell(cost, -np.inf)

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
    _ruled: list[State] = field(init=False)

    def __post_init__(self) -> None:
        self._ruled = [self.model, *self.model.layers]
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
            clock.bound = relaxed.bound
            if not relaxed.has_solution:
                status = Status.INFEASIBLE if relaxed.status is Status.INFEASIBLE else Status.NOTHING
                bound = np.inf if status is Status.INFEASIBLE else -np.inf
                return Found(status, np.zeros(0), np.inf, bound, clock.spent, rounds, 0, relaxed)
            return self._whole(clock, relaxed, rounds)
        finally:
            self.close(opening)

    def relax(self, clock: Clock) -> tuple[Solved, int]:
        """The linear model with all tangents it needs, and the number of rounds it took."""
        solved = clock.add(self.session.solve_relaxed(clock.part()))
        rounds = 1
        while solved.has_solution and rounds < _MOST_ROUNDS and self.tangents.cut(solved.values, self.session):
            again = clock.add(self.session.solve_relaxed(clock.part()))
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
        """Whole numbers: first with the rounded choice of indicators, then with all choices open.

        Where the open solution breaks a coefficient by a hair, it is mended with its own choice of indicators: the bound stays.
        """
        chosen = self._bettered(clock, relaxed.values, self._rounding(relaxed.values))
        best, bound, nodes = self._chosen(clock, chosen), relaxed.cost, 0
        status = Status.NOTHING
        while not clock.is_over and not _is_close(best, bound, clock.effort.optimality_gap):
            solved = clock.add(
                self.session.solve(clock.part(tell=clock.tell), best.values if best is not None else None)
            )
            nodes += solved.nodes
            bound = clock.bound = max(bound, solved.bound)
            status = solved.status
            if not solved.has_solution:
                break
            broken = self.tangents.cut(solved.values, self.session)
            if not broken:
                best = _cheaper(best, solved)
                break
            mended = self._mended(clock, solved.values, broken)
            chosen = [solved.values[state.met] > _HALF for state in self._ruled]
            best = _cheaper(best, mended or self._chosen(clock, chosen))
        if best is None:
            status = status if status is Status.INFEASIBLE else Status.NOTHING
            return Found(status, np.zeros(0), np.inf, bound, clock.spent, rounds, nodes, relaxed)
        status = Status.OPTIMAL if _is_close(best, bound, clock.effort.optimality_gap) else Status.FEASIBLE
        return Found(status, best.values, best.cost, min(bound, best.cost), clock.spent, rounds, nodes, relaxed)

    def _rounding(self, values: Floats) -> list[Bools]:
        """For every row that need not fail the required number of indicators, those that the linear model meets best; so for the
        end state and every year with milestones."""
        return [best_met(state, values) for state in self._ruled]

    def _bettered(self, clock: Clock, values: Floats, chosen: list[Bools]) -> list[Bools]:
        """The same with a choice for the end state at which the linear model costs less."""
        if not self.model.county.has_rule:
            return chosen

        def solve(tried: Bools) -> Solved:
            self._demand([tried, *chosen[1:]])
            return clock.add(self.session.solve_relaxed(clock.part()))

        try:
            return [bettered(self.model, values, chosen[0], solve), *chosen[1:]]
        finally:
            self._demand(None)

    def _demand(self, chosen: list[Bools] | None) -> None:
        """Holds a choice of indicators in all states, or opens it again."""
        met = np.concatenate([state.met.ravel() for state in self._ruled])
        low, high = self.model.sketch.column_bounds
        if chosen is None:
            self.session.set_bounds(met, low[met], high[met])
        else:
            self.session.set_bounds(met, np.concatenate([entry.ravel() for entry in chosen]).astype(np.float64), 1.0)

    def _chosen(self, clock: Clock, chosen: list[Bools]) -> Solved | None:
        """A solution in which at least the chosen indicators are met; None when there is none in time."""
        self._demand(chosen)
        try:
            relaxed = self.relax(clock)[0]
            solvable = relaxed.has_solution
            dived = self._dived(clock, relaxed.values) if solvable else None
            if dived is not None:
                return dived
            while solvable and not clock.is_over:
                seconds = max(_FIRST_SECONDS, _FIRST_SHARE * clock.effort.seconds)
                part = clock.part(
                    seconds,
                    optimality_gap=max(_FIRST_OPTIMALITY_GAP * clock.effort.optimality_gap, _LEAST_OPTIMALITY_GAP),
                    tell=clock.tell_cost,
                )
                enough = clock.bound * (1 + _NEARER * clock.effort.optimality_gap) if clock.bound > 0 else -np.inf
                solved = clock.add(self.session.solve(part, enough=enough))
                solvable = solved.has_solution
                broken = self.tangents.cut(solved.values, self.session) if solvable else []
                if solvable and not broken:
                    return solved
                mended = self._mended(clock, solved.values, broken) if solvable else None
                if mended is not None:
                    return mended
            return None
        finally:
            self._demand(None)

    def _dived(self, clock: Clock, values: Floats) -> Solved | None:
        """A solution in whole numbers near a linear one, told of when there is one."""

        def solve() -> Solved | None:
            solved = None if clock.is_over else clock.add(self.session.solve_relaxed(clock.part()))
            return solved if solved is not None and solved.has_solution else None

        solved = Dive(self.model, self.tangents, self.session, solve).down(values)
        if solved is not None:
            clock.tell_cost(solved.cost, -np.inf)
        return solved

    def _mended(self, clock: Clock, values: Floats, broken: list[Cone]) -> Solved | None:
        """A solution near one that breaks coefficients by a hair: nobody moves otherwise, and only what moves the broken ones may
        change, by a few units. None when that is not enough; the bounds of the question are as before."""
        low, high = self.model.sketch.column_bounds
        states = [self.model, *(layer.done for layer in self.model.layers)]
        units = units_of(self.model)
        touched: set[int] = set()
        try:
            for _ in range(_MOST_MENDS):
                touched |= {cone.index for cone in broken}
                now, free = (
                    np.rint(values[units]),
                    there(*(state.levers(index) for state in states for index in touched)),
                )
                self.session.set_bounds(units, now, now)
                self.session.set_bounds(free, *_around(np.rint(values[free]), low[free], high[free]))
                solved = clock.add(
                    self.session.solve(
                        clock.part(
                            _FIRST_SECONDS, optimality_gap=max(clock.effort.optimality_gap / 4, _LEAST_OPTIMALITY_GAP)
                        )
                    )
                )
                if not solved.has_solution:
                    return None
                broken = self.tangents.cut(solved.values, self.session)
                if not broken:
                    return solved
            return None
        finally:
            self.session.set_bounds(units, low[units], high[units])


def dearest_enough(bound: float, optimality_gap: float) -> float:
    """The highest cost that is proven to be as good as asked by a bound."""
    return bound / (1.0 - optimality_gap) if bound > 0 and optimality_gap < 1 else bound


def _around(values: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    return np.maximum(low, values - _REACH), np.minimum(high, values + _REACH)


def _cheaper(one: Solved | None, other: Solved | None) -> Solved | None:
    if one is None or other is None:
        return one or other
    return one if one.cost < other.cost else other


def _is_close(best: Solved | None, bound: float, optimality_gap: float) -> bool:
    """Whether the best solution is proven to be as good as asked."""
    return best is not None and best.cost - bound <= optimality_gap * abs(best.cost) + _TINY
