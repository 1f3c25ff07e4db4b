"""From the end state to the years: who does what when, within the yearly budgets, lead times and limits of every school.

The units of every school are split over the years at no other total; where no such split exists the totals may differ by one
unit, then by three, with the whole end state still in force.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from junheng.planning.plan.actions import Action, moved_by_year
from junheng.planning.plan.county import Bools, Floats, Ints
from junheng.planning.plan.layers import shown_by
from junheng.planning.plan.measures import (
    BACKBONE,
    DEMANDS,
    HIRES,
    KIND_OF_HIRE,
    KINDS,
    MATERIALS,
    TRAININGS,
    TRAIT_OF_TRAINING,
    Measure,
)
from junheng.planning.plan.model import Layer, Model, kinds_lacking
from junheng.planning.plan.problem import asks_rotation
from junheng.planning.plan.search import AS_STATED, Clock, Found, Opening, dearest_enough
from junheng.planning.plan.solver import Session, Solved, whole
from junheng.planning.plan.tangents import Tangents

WIDENINGS = (0, 1, 3)
_SLACK = 1e-7
_SHARE_OF_GAP = 0.125


@dataclass(frozen=True)
class Scheduled:
    """A plan by years: its actions, its cost in 万元, the widening it took, and how the teachers rotate.

    `rotated[year]` and `rotated_backbone[year]` count all who change schools that year, moves included.
    """

    actions: tuple[Action, ...]
    cost: float
    widening: int
    rotated: dict[int, int]
    rotated_backbone: dict[int, int]
    values: Floats


def make_schedule(
    model: Model, tangents: Tangents, found: Found, clock: Clock, opening: Opening = AS_STATED
) -> Scheduled | None:
    """The actions by year that reach the end state found; None when there is no way within the time and the widest margin.

    `opening` is the one the end state was found with: its rows stay open, and what gave way there gives way here as much.
    """
    for widening in WIDENINGS:
        years = _Years(model, tangents, found.values, widening)
        years.rows = opening.rows
        solved = years.solve(clock, dearest_enough(found.bound, clock.effort.optimality_gap))
        if solved is not None:
            return years.result(solved, widening)
    return None


class _Years:
    """The end state's model with a column for every unit and year."""

    def __init__(self, model: Model, tangents: Tangents, values: Floats, widening: int) -> None:
        self.model, self.tangents = model, tangents
        self.sketch = model.sketch.copy()
        self.rows: tuple[tuple[Ints, ArrayLike, ArrayLike], ...] = ()
        self.count = len(model.problem.years)
        self.low, self.high = self._bounds(values, widening)
        tangents.put_into(self.sketch)
        self.by_year = self._year_columns()
        self._totals()
        self._people()
        self._moves()
        for layer in model.layers:
            self._layer(layer)

    def solve(self, clock: Clock, enough: float) -> Solved | None:
        """A split that costs no more than `enough`, or else nearly the least."""
        session = Session(self.sketch)
        self._fix_ends(session)
        part = _SHARE_OF_GAP * clock.effort.optimality_gap
        while not clock.is_over:
            solved = clock.add(session.solve(clock.part(optimality_gap=part), enough=enough))
            if not solved.has_solution:
                return None
            width = self.model.sketch.width
            if not self.tangents.cut(solved.values[:width], session):
                return solved
        return None

    def result(self, solved: Solved, widening: int) -> Scheduled:
        model, values = self.model, solved.values
        years = model.problem.years
        swaps = whole(values[model.totals(Measure.ROTATE_TEACHER)])
        backbone = whole(values[model.rotated_backbone])
        actions = tuple(sorted([*self._actions(values), *_demands(model, values)], key=lambda entry: entry.order))
        moved, best = moved_by_year(actions), moved_by_year(actions, BACKBONE)
        return Scheduled(
            actions=actions,
            cost=solved.cost,
            widening=widening,
            rotated={year: moved.get(year, 0) + int(swaps[place]) for place, year in enumerate(years)},
            rotated_backbone={year: best.get(year, 0) + int(backbone[place]) for place, year in enumerate(years)},
            values=values[: model.sketch.width],
        )

    def _bounds(self, values: Floats, widening: int) -> tuple[Floats, Floats]:
        low, high = self.sketch.column_bounds
        units = np.concatenate([columns.ravel() for columns in self._unit_grids()])
        units = units[units >= 0]
        now = np.rint(values[units])
        low, high = low.copy(), high.copy()
        low[units], high[units] = np.maximum(low[units], now - widening), np.minimum(high[units], now + widening)
        model = self.model
        given = np.concatenate([model.more_money.ravel(), model.more_spread.ravel(), model.lacks])
        high[given] = np.where(values[given] > 0, values[given] + _SLACK, 0.0)
        high[self.model.fails] = np.rint(values[self.model.fails])
        return low, high

    def _unit_grids(self) -> list[Ints]:
        model = self.model
        return [model.out, model.into, model.hire, model.train, model.material]

    def _fix_ends(self, session: Session) -> None:
        everything = np.arange(self.model.sketch.width)
        session.set_bounds(everything, self.low, self.high)
        for rows, lower, upper in self.rows:
            session.set_row_bounds(rows, lower, upper)

    def _year_columns(self) -> Ints:
        """For every column of the end state its columns by year (−1: none)."""
        units = np.concatenate([columns.ravel() for columns in self._unit_grids()])
        units = units[units >= 0]
        units = units[self.high[units] > 0]
        columns = self.sketch.add_columns(len(units) * self.count, upper=np.repeat(self.high[units], self.count))
        table = np.full((self.model.sketch.width, self.count), -1, dtype=np.int64)
        table[units] = columns.reshape(len(units), self.count)
        rows = self.sketch.add_rows(len(units), lower=0.0, upper=0.0)
        self.sketch.put(rows, units, -1.0)
        self.sketch.put(rows[:, None], table[units], 1.0)
        return table

    def _put(self, rows: Ints, columns: Ints, factor: float) -> None:
        """Adds the year columns of end-state columns to rows; `rows` has the shape of `columns` and the years behind it."""
        places = np.broadcast_to(rows, (*columns.shape, self.count))
        by_year = np.where((columns >= 0)[..., None], self.by_year[columns], -1)
        there = by_year >= 0
        self.sketch.put(places[there], by_year[there], factor)

    def _totals(self) -> None:
        model = self.model
        for measure in (Measure.MOVE_TEACHER, *HIRES, *TRAININGS, *MATERIALS):
            rows = self.sketch.add_rows(self.count, lower=0.0, upper=0.0)
            self.sketch.put(rows, model.totals(measure), -1.0)
            self._put(rows, model.units(measure), 1.0)
        rows = self.sketch.add_rows(self.count, lower=0.0, upper=0.0)
        self.sketch.put(rows, model.moved_backbone, -1.0)
        self._put(rows, model.out[:, _has(BACKBONE)], 1.0)

    def _people(self) -> None:
        """In no year does a kind of teacher become negative anywhere, and each year as many arrive as leave."""
        model, county = self.model, self.model.county
        for members in county.pools():
            pool = self.sketch.add_rows(KINDS * self.count, lower=0.0, upper=0.0).reshape(KINDS, self.count)
            self._put(pool, model.into[members], 1.0)
            self._put(pool, model.out[members], -1.0)
        height = len(county.rows)
        lower = -np.repeat(county.people.ravel(), self.count)
        rows = self.sketch.add_rows(height * KINDS * self.count, lower=lower).reshape(height, KINDS, self.count)
        for first in range(self.count):
            self._change_from(first, rows[:, :, first:])

    def _change_from(self, first: int, rows: Ints) -> None:
        """Enters what is done in year number `first` into the balance of that year and all later ones."""
        model = self.model
        self._put_from(first, rows, model.into, 1.0)
        self._put_from(first, rows, model.out, -1.0)
        for place, measure in enumerate(HIRES):
            self._put_from(first, rows[:, KIND_OF_HIRE[measure]], model.hire[:, place], 1.0)
        for place, measure in enumerate(TRAININGS):
            for kind, becomes in kinds_lacking(TRAIT_OF_TRAINING[measure]).items():
                self._put_from(first, rows[:, kind], model.train[place, :, kind], -1.0)
                self._put_from(first, rows[:, becomes], model.train[place, :, kind], 1.0)

    def _put_from(self, first: int, rows: Ints, columns: Ints, factor: float) -> None:
        chosen = np.broadcast_to(self.by_year[columns, first][..., None], rows.shape)
        there = chosen >= 0
        self.sketch.put(rows[there], chosen[there], factor)

    def _moves(self) -> None:
        limits, model = self.model.problem.limits, self.model
        for columns, most in ((model.out, limits.moves_out), (model.into, limits.moves_in)):
            rows = self.sketch.add_rows(len(columns) * self.count, upper=float(most)).reshape(
                len(columns), 1, self.count
            )
            self._put(rows, columns, 1.0)

    def _layer(self, layer: Layer) -> None:
        """What is done by the year of a layer is what is begun early enough to show."""
        model = self.model
        for measure in (Measure.MOVE_TEACHER, *HIRES, *TRAININGS, *MATERIALS):
            shown = shown_by(model.problem, measure, layer.year)
            self._tie(layer.done.units(measure), model.units(measure), shown)
            if measure is Measure.MOVE_TEACHER:
                self._tie(layer.done.into, model.into, shown)

    def _tie(self, early: Ints, late: Ints, places: list[int]) -> None:
        there = early >= 0
        rows = self.sketch.add_rows(int(there.sum()), lower=0.0, upper=0.0)
        self.sketch.put(rows, early[there], -1.0)
        by_year = self.by_year[late[there]][:, places]
        self.sketch.put(np.broadcast_to(rows[:, None], by_year.shape)[by_year >= 0], by_year[by_year >= 0], 1.0)

    def _actions(self, values: Floats) -> Iterator[Action]:
        model, county = self.model, self.model.county
        years = model.problem.years
        for amounts in self._moved(values):
            for row, kind, place in np.argwhere(amounts):
                school, stage = county.rows[row]
                amount = int(amounts[row, kind, place])
                yield Action(years[place], Measure.MOVE_TEACHER, school, stage, int(kind), amount)
        for number, measure in enumerate(HIRES):
            amounts = self._amounts(values, model.hire[:, number])
            for row, place in np.argwhere(amounts):
                kind = KIND_OF_HIRE[measure]
                yield Action(
                    years[place], measure, county.rows[row][0], county.rows[row][1], kind, int(amounts[row, place])
                )
        for number, measure in enumerate(TRAININGS):
            amounts = self._amounts(values, model.train[number])
            for row, kind, place in np.argwhere(amounts):
                yield Action(
                    years[place],
                    measure,
                    county.rows[row][0],
                    county.rows[row][1],
                    int(kind),
                    int(amounts[row, kind, place]),
                )
        for number, measure in enumerate(MATERIALS):
            amounts = self._amounts(values, model.material[:, number]) * model.problem.limits.lump(measure)
            for school, place in np.argwhere(amounts):
                yield Action(years[place], measure, county.schools[school], "", None, int(amounts[school, place]))

    def _moved(self, values: Floats) -> list[Ints]:
        """Arrivals (positive) and departures (negative). Both of one kind in one school are an exchange where the standard asks
        for rotation; elsewhere they cancel."""
        into, out = self._amounts(values, self.model.into), self._amounts(values, self.model.out)
        return [into, -out] if asks_rotation(self.model.problem) else [into - out]

    def _amounts(self, values: Floats, columns: Ints) -> Ints:
        """Whole units by year of end-state columns (their shape and the years behind it)."""
        by_year = np.where((columns >= 0)[..., None], self.by_year[columns], -1)
        return np.where(by_year >= 0, whole(values[by_year]), 0)


def _demands(model: Model, values: Floats) -> Iterator[Action]:
    """Classes and rooms, each given to a year as its totals say, the schools in order; and what is renewed in its year."""
    for (school, year), amount in sorted(model.problem.renewals.items()):
        yield Action(year, Measure.RENEW_EQUIPMENT, school, "", None, amount)
    years = model.problem.years
    for measure in DEMANDS:
        left = [int(count) for count in whole(values[model.totals(measure)])]
        for school, stage, need in _needs(model, measure):
            count = need
            for place in range(len(years)):
                part = min(count, left[place])
                if part:
                    yield Action(years[place], measure, school, stage, None, part)
                    left[place] -= part
                    count -= part


def _needs(model: Model, measure: Measure) -> list[tuple[str, str, int]]:
    if measure is Measure.OPEN_CLASS:
        return [(school, stage, count) for (school, stage), count in sorted(model.county.classes.items())]
    return [(school, "", count) for (school, entry), count in sorted(model.county.demands.items()) if entry is measure]


def _has(trait: int) -> Bools:
    return np.array([bool(kind & trait) for kind in range(KINDS)])
