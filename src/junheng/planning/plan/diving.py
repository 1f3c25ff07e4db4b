"""Whole numbers from a linear solution without a tree: units are rounded part by part, and the linear model mends the rest.

Of a linear solution with a choice of indicators only what keeps the coefficients is in parts: some units in the lowest schools of
an indicator. Half of them are rounded to the nearest and held, the linear model is solved again from its last basis, and so
on. Where the last ones cannot make up for what was rounded down, all are let go upwards and rounded up instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from junheng.planning.plan.county import Floats, Ints
from junheng.planning.plan.model import Model
from junheng.planning.plan.solver import Session, Solved
from junheng.planning.plan.states import there
from junheng.planning.plan.tangents import Tangents

_MOST_STEPS, _GENTLE_STEPS = 120, 40
_SHARE, _NEAR = 0.5, 0.2
_WHOLE = 1e-6


@dataclass
class Dive:
    """One way down to whole numbers, in a session that holds a choice of indicators. `solve` solves the linear model; None when
    there is no solution or time is up."""

    model: Model
    tangents: Tangents
    session: Session
    solve: Callable[[], Solved | None]
    _units: Ints = field(init=False)
    _others: Ints = field(init=False)
    _most: Floats = field(init=False)
    _steps: int = field(init=False, default=0)
    _is_rising: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._units = units_of(self.model)
        self._others = np.setdiff1d(np.flatnonzero(self.model.sketch.is_integer), self._units)
        self._most = np.full(self.model.sketch.width, np.inf)

    def down(self, values: Floats) -> Solved | None:
        """A solution in whole numbers that keeps every coefficient, near the linear one; None when none is found. Bounds are as
        before afterwards."""
        columns = np.concatenate([self._units, self._others])
        low, high = self.session.bounds_of(columns)
        self._most[columns] = high
        try:
            self._hold_choice(values)
            solved = self.solve()
            for _ in range(_MOST_STEPS):
                if solved is None:
                    return None
                loose = self._loose(solved.values)
                if not len(loose) and not self.tangents.cut(solved.values, self.session):
                    return solved
                solved = self._step(solved.values, loose)
            return None
        finally:
            self.session.set_bounds(columns, low, high)

    def _hold_choice(self, values: Floats) -> None:
        """Who may fail, and the indicators that are met in full, are settled first."""
        for state in (self.model, *self.model.layers):
            fails = np.rint(values[state.fails])
            self.session.set_bounds(state.fails, fails, fails)
            met = np.floor(values[state.met].ravel() + _WHOLE)
            self.session.set_bounds(state.met.ravel(), met, met)

    def _loose(self, values: Floats) -> Ints:
        """Units in parts; when there are none, other columns in parts."""
        units = _in_parts(values, self._units)
        return units if len(units) else _in_parts(values, self._others)

    def _step(self, values: Floats, loose: Ints) -> Solved | None:
        if self._is_rising:
            return self._raised(values, loose)
        self._steps += 1
        solved = self._rounded(values, loose) if self._steps < _GENTLE_STEPS else None
        return solved or self._let_go(values, loose)

    def _rounded(self, values: Floats, loose: Ints) -> Solved | None:
        """Holds the half that is nearest to whole numbers; what cannot be held is let go again."""
        away = np.abs(values[loose] - np.rint(values[loose]))
        count = max(int((away < _NEAR).sum()), int(np.ceil(_SHARE * len(loose))))
        columns = loose[np.argsort(away, kind="stable")[:count]]
        whole = np.rint(values[columns])
        self.session.set_bounds(columns, whole, whole)
        return self.solve()

    def _let_go(self, values: Floats, loose: Ints) -> Solved | None:
        """From here on nothing falls any more, and what was held may rise."""
        self._is_rising = True
        self.session.set_bounds(self._units, np.floor(values[self._units] + _WHOLE), self._most[self._units])
        return self._raised(values, loose)

    def _raised(self, values: Floats, loose: Ints) -> Solved | None:
        """Rounds up the half with the largest parts."""
        part = values[loose] - np.floor(values[loose])
        columns = loose[np.argsort(-part, kind="stable")[: int(np.ceil(_SHARE * len(loose)))]]
        self.session.set_bounds(columns, np.ceil(values[columns] - _WHOLE), self._most[columns])
        return self.solve()


def _in_parts(values: Floats, columns: Ints) -> Ints:
    return columns[np.abs(values[columns] - np.rint(values[columns])) > _WHOLE]


def units_of(model: Model) -> Ints:
    """The columns of the units of all measures, in the end state and in what is done by the years with milestones."""
    states = [model, *(layer.done for layer in model.layers)]
    return there(
        *(part for state in states for part in (state.out, state.into, state.hire, state.train, state.material))
    )
