"""The rows that tie what a school has at the end of a year to the measures: people, changes, indicators, the school rule.

They hold for the end state and for the states of years with milestones alike.
"""

from collections.abc import Iterator

import numpy as np

from junheng.core.standard import Stage
from junheng.planning.plan.county import County, Floats, Ints
from junheng.planning.plan.measures import (
    HIRES,
    KIND_OF_HIRE,
    KINDS,
    MATERIALS,
    TRAININGS,
    TRAIT_OF_TRAINING,
    Measure,
)
from junheng.planning.plan.model import Cone, State, kinds_lacking

STAGES = (Stage.PRIMARY, Stage.JUNIOR)


def weights_of(county: County, stage: int) -> Floats:
    """The share of a stage's pupils that each of its rows has."""
    pupils = county.pupils[county.members(stage)]
    weights: Floats = pupils / pupils.sum()
    return weights


def groups_of(county: County) -> Iterator[tuple[int, int]]:
    """The (stage, indicator) pairs whose coefficient is judged: more than one school, and a limit."""
    for stage in (0, 1):
        if len(county.members(stage)) > 1 and np.isfinite(county.cv_limits[stage]):
            for index in range(len(county.indicators)):
                yield stage, index


def people(state: State) -> None:
    """No kind of teacher becomes negative, and in every stage and zone as many arrive as leave, kind by kind."""
    sketch, county = state.sketch, state.county
    height = len(county.rows)
    left = sketch.add_rows(height * KINDS, lower=-county.people.ravel(), clause="people").reshape(height, KINDS)
    sketch.put(left, state.into, 1.0)
    sketch.put(left, state.out, -1.0)
    for place, measure in enumerate(HIRES):
        sketch.put(left[:, KIND_OF_HIRE[measure]], state.hire[:, place], 1.0)
    for place, measure in enumerate(TRAININGS):
        for kind, becomes in kinds_lacking(TRAIT_OF_TRAINING[measure]).items():
            sketch.put(left[:, kind], state.train[place, :, kind], -1.0)
            sketch.put(left[:, becomes], state.train[place, :, kind], 1.0)
    for members in county.pools():
        pool = sketch.add_rows(KINDS, lower=0.0, upper=0.0, clause="people")
        sketch.put(pool[None, :], state.into[members], 1.0)
        sketch.put(pool[None, :], state.out[members], -1.0)


def moves(state: State) -> None:
    """No school stage gives or takes more teachers than so many a year, added up over the years."""
    limits, years = state.problem.limits, len(state.problem.years)
    for name, columns, most in (("moves_out", state.out, limits.moves_out), ("moves_in", state.into, limits.moves_in)):
        rows = state.sketch.add_rows(len(columns), upper=float(most * years), clause=name)
        state.sketch.put(rows[:, None], columns, 1.0)


def changes(state: State) -> None:
    """Ties the change of every indicator to the measures that move it."""
    sketch, county = state.sketch, state.county
    for index, lever in enumerate(county.lever):
        rows = sketch.add_rows(len(county.rows), lower=0.0, upper=0.0, clause="people")
        sketch.put(rows, state.change[:, index], -1.0)
        if isinstance(lever, Measure):
            sketch.put(rows, state.material[county.school_of, MATERIALS.index(lever)], 1.0)
        else:
            _trait_change(state, rows, lever)


def _trait_change(state: State, rows: Ints, trait: int) -> None:
    sketch = state.sketch
    holds = [kind for kind in range(KINDS) if kind & trait]
    sketch.put(rows[:, None], state.into[:, holds], 1.0)
    sketch.put(rows[:, None], state.out[:, holds], -1.0)
    for place, measure in enumerate(HIRES):
        if KIND_OF_HIRE[measure] & trait:
            sketch.put(rows, state.hire[:, place], 1.0)
    for place, measure in enumerate(TRAININGS):
        if TRAIT_OF_TRAINING[measure] == trait:
            kinds = list(kinds_lacking(trait))
            sketch.put(rows[:, None], state.train[place][:, kinds], 1.0)


def shares(state: State) -> None:
    """X = base + step · change, and the mean of X by pupils."""
    sketch, county = state.sketch, state.county
    rows = sketch.add_rows(county.base.size, lower=county.base.ravel(), upper=county.base.ravel(), clause="people")
    rows = rows.reshape(county.base.shape)
    sketch.put(rows, state.share, 1.0)
    sketch.put(rows, state.change, -county.step)
    for stage in (0, 1):
        members = county.members(stage)
        means = sketch.add_rows(len(county.indicators), lower=0.0, upper=0.0, clause="people")
        sketch.put(means, state.mean[stage], -1.0)
        if len(members):
            sketch.put(means[None, :], state.share[members], weights_of(county, stage)[:, None])


def school_rule(state: State, clauses: tuple[str, str]) -> None:
    """At least the required indicators are met and all others reach the floor, unless the school may fail; in whole units.

    `clauses` names the rows of primary and of junior stages. For a standard that judges schools one by one.
    """
    sketch, county = state.sketch, state.county
    lowest, floor, full = state.caps.low, county.to_floor, county.to_met
    for stage, clause in enumerate(clauses):
        members = county.members(stage)
        shape = (len(members), len(county.indicators))
        rows = sketch.add_rows(shape[0] * shape[1], lower=floor[members].ravel(), clause=clause).reshape(shape)
        sketch.put(rows, state.change[members], 1.0)
        sketch.put(rows, state.met[members], (floor - full)[members])
        sketch.put(rows, state.fails[members][:, None], np.maximum(floor - lowest, 0)[members])
        enough = sketch.add_rows(shape[0], lower=float(county.required), clause=clause)
        sketch.put(enough[:, None], state.met[members], 1.0)
        sketch.put(enough, state.fails[members], float(county.required))


def hold(state: State, stage: int, index: int, limit: float, extra: int, clause: str) -> Cone:
    """Σ (p/P) w ≤ (1 + c²) · mean, with w ≥ X²/mean by the tangents of the cone that is given back. `extra` widens it."""
    members, weights = state.county.members(stage), weights_of(state.county, stage)
    row = state.sketch.add_rows(1, upper=0.0, clause=clause)
    state.sketch.put(row, state.square[members, index], weights)
    state.sketch.put(row, state.mean[stage, index], -(1.0 + limit**2))
    state.sketch.put(row, extra, -1.0)
    mean = int(state.mean[stage, index])
    return Cone(index, state.square[members, index], state.share[members, index], mean, weights, limit, extra)


def rule_rows(model: State) -> Ints:
    """The sketch's rows of the school rule, by row and indicator (R×K)."""
    rows: Ints = np.zeros(model.county.base.shape, dtype=np.int64)
    width = len(model.county.indicators)
    for number, stage in enumerate(STAGES):
        members = model.county.members(number)
        listed = model.sketch.rows_of([f"school_rule:{stage.value}"])[: len(members) * width]
        rows[members] = listed.reshape(len(members), width)
    return rows


def there(*columns: Ints) -> Ints:
    """The columns of several grids that there are, in one list."""
    listed = np.concatenate([entry.ravel() for entry in columns])
    found: Ints = listed[listed >= 0]
    return found
