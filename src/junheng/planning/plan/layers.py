"""Milestones in the model: what schools have by the end of earlier years, tied to the end state.

A year with milestones on indicators has a state of its own: what is done by then is at most what is done in all, adds up to the
yearly totals that show by then, and conserves people. All of it holds for every schedule, so bounds stay valid. What is worn
out, what pupils are there and which schools are judged are those of that year. Each promise may be given up by a column
of `Model.lacks`, which is closed unless an elastic model opens it.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil

import numpy as np

from junheng.planning.plan.caps import Caps, lift_of, range_of_changes, tops
from junheng.planning.plan.county import County, Ints, build_county
from junheng.planning.plan.measures import HIRES, MATERIALS, TRAININGS, Measure
from junheng.planning.plan.milestones import Milestone, MilestoneKind
from junheng.planning.plan.model import Layer, Model, State, grid, tops_of_means, tops_of_squares
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.sketch import Sketch
from junheng.planning.plan.states import changes, hold, moves, people, school_rule, shares


def layer_counties(problem: Problem) -> Mapping[int, County]:
    """The county of every year before the target year with milestones that schools decide."""
    asked = {entry.year for entry in problem.limits.milestones if entry.kind is not MilestoneKind.ADDED}
    years = sorted(asked - {problem.target_year})
    return {year: build_county(problem.until(year)) for year in years}


def needed_lift(county: County, later: Mapping[int, County]) -> Ints | None:
    """Units of every indicator that the milestones' years may need, by the rows of the end state; None without such years."""
    if not later:
        return None
    needed = np.zeros_like(county.to_met)
    for entry in later.values():
        rows = _places(entry.rows, county.rows)
        needed[rows[rows >= 0]] = np.maximum(needed[rows[rows >= 0]], lift_of(entry)[rows >= 0])
    return needed


def _places(names: tuple[object, ...], among: tuple[object, ...]) -> Ints:
    """Where each name is among others, −1 where it is not."""
    known = {name: place for place, name in enumerate(among)}
    return np.array([known.get(name, -1) for name in names], dtype=np.int64)


def add_milestones(model: Model, later: Mapping[int, County]) -> None:
    """Adds the states of the years with milestones, and every promise as rows of the clause milestone:number."""
    model.layers = [_layer(model, county, year) for year, county in later.items()]
    states: dict[int, State] = {layer.year: layer for layer in model.layers}
    states[model.problem.target_year] = model
    ruled = {entry.year for entry in model.problem.limits.milestones if entry.kind is MilestoneKind.PASSING}
    for layer in model.layers:
        if layer.year in ruled:
            school_rule(layer, ("people", "people"))
    for number, entry in enumerate(model.problem.limits.milestones):
        if entry.kind is MilestoneKind.ADDED:
            _added(model, entry, number)
        else:
            _PROMISES[entry.kind](model, states[entry.year], entry, number)


def _layer(model: Model, county: County, year: int) -> Layer:
    problem, sketch = model.problem.until(year), model.sketch
    row_of, school_of = _places(county.rows, model.county.rows), _places(county.schools, model.county.schools)
    done = _done_by(model, problem)
    caps = _caps_of_rows(done.caps, county, row_of, school_of)
    closed, high, shape = int(sketch.add_columns(1, upper=0.0)[0]), tops(county, caps), county.base.shape
    layer = Layer(
        problem,
        county,
        caps,
        sketch,
        out=_taken(done.out, row_of, closed),
        into=_taken(done.into, row_of, closed),
        hire=_taken(done.hire, row_of, closed),
        train=np.stack([_taken(entry, row_of, closed) for entry in done.train]),
        material=_taken(done.material, school_of, closed),
        change=grid(sketch, caps.high, lower=caps.low, is_integer=False),
        met=grid(sketch, np.ones(shape)),
        fails=grid(sketch, np.ones(shape[0])),
        share=grid(sketch, high, is_integer=False),
        square=grid(sketch, tops_of_squares(county, high), is_integer=False),
        mean=grid(sketch, tops_of_means(high), is_integer=False),
        done=done,
    )
    changes(layer)
    shares(layer)
    return layer


def _done_by(model: Model, problem: Problem) -> Model:
    """What is done by the end of a year, with columns in the shapes of the end state's."""
    limits, years, sketch, last = problem.limits, len(problem.years), model.sketch, model.caps
    caps = replace(
        last, out=np.minimum(last.out, limits.moves_out * years), into=np.minimum(last.into, limits.moves_in * years)
    )
    done = replace(
        model,
        problem=problem,
        caps=caps,
        out=grid(sketch, caps.out),
        into=grid(sketch, caps.into),
        hire=grid(sketch, caps.hire),
        train=grid(sketch, caps.train),
        material=grid(sketch, caps.material),
    )
    _no_more_than(sketch, done.into, model.into)
    for measure in (Measure.MOVE_TEACHER, *HIRES, *TRAININGS, *MATERIALS):
        units = done.units(measure)
        _no_more_than(sketch, units, model.units(measure))
        row = sketch.add_rows(1, lower=0.0, upper=0.0, clause="people")
        sketch.put(row, units[units >= 0], 1.0)
        sketch.put(row, model.totals(measure)[shown_by(model.problem, measure, problem.target_year)], -1.0)
    people(done)
    moves(done)
    return done


def _no_more_than(sketch: Sketch, early: Ints, late: Ints) -> None:
    there = early >= 0
    rows = sketch.add_rows(int(there.sum()), upper=0.0, clause="people")
    sketch.put(rows, early[there], 1.0)
    sketch.put(rows, late[there], -1.0)


def shown_by(problem: Problem, measure: Measure, year: int) -> list[int]:
    """The numbers of the years in which a measure must begin to show in a year's facts."""
    return [place for place, begun in enumerate(problem.years) if begun + problem.limits.lead(measure) <= year]


def _caps_of_rows(caps: Caps, county: County, row_of: Ints, school_of: Ints) -> Caps:
    def taken(most: Ints, places: Ints) -> Ints:
        chosen: Ints = np.where((places >= 0)[:, None], most[places], 0)
        return chosen

    out, into, hire = (taken(part, row_of) for part in (caps.out, caps.into, caps.hire))
    train = np.stack([taken(entry, row_of) for entry in caps.train])
    material = taken(caps.material, school_of)
    low, high = range_of_changes(county, out, into, hire, train, material)
    return Caps(out, into, hire, train, material, low, high)


def _taken(columns: Ints, places: Ints, closed: int) -> Ints:
    """Columns by the rows of a layer; the closed one where nothing is done."""
    taken: Ints = np.where((places >= 0)[:, None], columns[places], closed)
    return taken


def _promised(state: State, entry: Milestone) -> Ints:
    """The rows of a state that a milestone counts."""
    return np.concatenate([state.county.members(stage) for stage in entry.stages])


def _index(model: Model, entry: Milestone) -> int:
    return [indicator.id for indicator in model.county.indicators].index(entry.indicator_id)


def _indicator(model: Model, state: State, entry: Milestone, number: int) -> None:
    """At least so many rows meet an indicator, in whole units."""
    sketch, rows, index = model.sketch, _promised(state, entry), _index(model, entry)
    low, full = state.caps.low[rows, index], state.county.to_met[rows, index]
    met = sketch.add_columns(len(rows), upper=1.0)
    reach = sketch.add_rows(len(rows), lower=np.minimum(low, full).astype(float), clause="people")
    sketch.put(reach, state.change[rows, index], 1.0)
    sketch.put(reach, met, np.minimum(low - full, 0))
    _at_least(model, met, len(rows) if entry.schools is None else entry.schools, number)


def _passing(model: Model, state: State, entry: Milestone, number: int) -> None:
    """At least so many rows pass the school rule."""
    rows = _promised(state, entry)
    least = len(rows) if entry.schools is None else entry.schools
    row = model.sketch.add_rows(1, upper=float(len(rows) - least), clause=f"milestone:{number}")
    model.sketch.put(row, state.fails[rows], 1.0)
    model.sketch.put(row, model.lacks[number], -1.0)


def _spread(model: Model, state: State, entry: Milestone, number: int) -> None:
    """The coefficients of an indicator keep the limit that was promised."""
    index, margin = _index(model, entry), float(model.problem.limits.cv_margin)
    for stage in entry.stages:
        limit = state.county.cv_limits[stage] if entry.limit is None else float(entry.limit) - margin
        if len(state.county.members(stage)) > 1:
            extra = int(model.lacks[number])
            model.cones.append(hold(state, stage, index, limit, extra, f"milestone:{number}"))


def _added(model: Model, entry: Milestone, number: int) -> None:
    """At least so many units of a measure are there."""
    assert entry.measure is not None
    assert entry.amount is not None
    columns = model.totals(entry.measure)[shown_by(model.problem, entry.measure, entry.year)]
    _at_least(model, columns, ceil(entry.amount / model.problem.limits.lump(entry.measure)), number)


def _at_least(model: Model, columns: Ints, least: int, number: int) -> None:
    row = model.sketch.add_rows(1, lower=float(least), clause=f"milestone:{number}")
    model.sketch.put(row, columns, 1.0)
    model.sketch.put(row, model.lacks[number], 1.0)


_PROMISES = {MilestoneKind.INDICATOR: _indicator, MilestoneKind.PASSING: _passing, MilestoneKind.SPREAD: _spread}
