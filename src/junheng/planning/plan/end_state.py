"""The end state: which teachers and things every school has in the target year, and what each measure costs by year.

Measures are totals over all years per school, and yearly totals per measure in the county; budgets and yearly limits bind the
latter. Only who does what in which year is left to the schedule, so the optimum is a bound for the whole problem. Money is in
万元 here. Every row stands for a clause of the question, so that it can be told which clauses clash and what each one costs.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

import numpy as np

from junheng.core.standard import Stage
from junheng.planning.plan.county import County, Floats, Ints
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
from junheng.planning.plan.model import MEASURES, Model, kinds_lacking, lay_out, price
from junheng.planning.plan.problem import ROTATION_FIELDS, Problem, asks_rotation

STAGES = (Stage.PRIMARY, Stage.JUNIOR)
_MEAN_MARGIN = 1e-6
_EVERY_KIND = np.arange(KINDS)


def build_end_state(problem: Problem, county: County) -> Model:
    """The whole model; the tangents of the coefficients are added as they are needed (see `tangents`)."""
    model = lay_out(problem, county)
    for add in (
        _people,
        _moves,
        _changes,
        _school_rule,
        _shares,
        _means,
        _spread,
        _staff,
        _wishes,
        _totals,
        _budgets,
        _rotation,
    ):
        add(model)
    return model


def _people(model: Model) -> None:
    """No kind of teacher becomes negative, and in every stage as many arrive as leave, kind by kind."""
    sketch, county = model.sketch, model.county
    height = len(county.rows)
    left = sketch.add_rows(height * KINDS, lower=-county.people.ravel(), clause="people").reshape(height, KINDS)
    sketch.put(left, model.into, 1.0)
    sketch.put(left, model.out, -1.0)
    for place, measure in enumerate(HIRES):
        sketch.put(left[:, KIND_OF_HIRE[measure]], model.hire[:, place], 1.0)
    for place, measure in enumerate(TRAININGS):
        for kind, becomes in kinds_lacking(TRAIT_OF_TRAINING[measure]).items():
            sketch.put(left[:, kind], model.train[place, :, kind], -1.0)
            sketch.put(left[:, becomes], model.train[place, :, kind], 1.0)
    for stage in (0, 1):
        members = county.members(stage)
        pool = sketch.add_rows(KINDS, lower=0.0, upper=0.0, clause="people")
        sketch.put(pool[None, :], model.into[members], 1.0)
        sketch.put(pool[None, :], model.out[members], -1.0)


def _moves(model: Model) -> None:
    limits, years = model.problem.limits, len(model.problem.years)
    for name, columns, most in (("moves_out", model.out, limits.moves_out), ("moves_in", model.into, limits.moves_in)):
        rows = model.sketch.add_rows(len(columns), upper=float(most * years), clause=name)
        model.sketch.put(rows[:, None], columns, 1.0)


def _changes(model: Model) -> None:
    """Ties the change of every indicator to the measures that move it."""
    sketch, county = model.sketch, model.county
    for index, lever in enumerate(county.lever):
        rows = sketch.add_rows(len(county.rows), lower=0.0, upper=0.0, clause="people")
        sketch.put(rows, model.change[:, index], -1.0)
        if isinstance(lever, Measure):
            sketch.put(rows, model.material[county.school_of, MATERIALS.index(lever)], 1.0)
        else:
            _trait_change(model, rows, lever)


def _trait_change(model: Model, rows: Ints, trait: int) -> None:
    sketch = model.sketch
    holds = [kind for kind in range(KINDS) if kind & trait]
    sketch.put(rows[:, None], model.into[:, holds], 1.0)
    sketch.put(rows[:, None], model.out[:, holds], -1.0)
    for place, measure in enumerate(HIRES):
        if KIND_OF_HIRE[measure] & trait:
            sketch.put(rows, model.hire[:, place], 1.0)
    for place, measure in enumerate(TRAININGS):
        if TRAIT_OF_TRAINING[measure] == trait:
            kinds = list(kinds_lacking(trait))
            sketch.put(rows[:, None], model.train[place][:, kinds], 1.0)


def _school_rule(model: Model) -> None:
    """At least the required indicators are met and all others reach the floor, unless the school may fail; in whole units."""
    sketch, county = model.sketch, model.county
    sketch.put(sketch.add_rows(1, upper=float(len(county.rows)), clause="failing"), model.fails, 1.0)
    if not county.has_rule:
        return
    lowest, floor, full = model.caps.low, county.to_floor, county.to_met
    for stage in (0, 1):
        members = county.members(stage)
        shape = (len(members), len(county.indicators))
        clause = f"school_rule:{STAGES[stage].value}"
        rows = sketch.add_rows(shape[0] * shape[1], lower=floor[members].ravel(), clause=clause).reshape(shape)
        sketch.put(rows, model.change[members], 1.0)
        sketch.put(rows, model.met[members], (floor - full)[members])
        sketch.put(rows, model.fails[members][:, None], np.maximum(floor - lowest, 0)[members])
        enough = sketch.add_rows(shape[0], lower=float(county.required), clause=clause)
        sketch.put(enough[:, None], model.met[members], 1.0)
        sketch.put(enough, model.fails[members], float(county.required))


def _shares(model: Model) -> None:
    """X = base + step · change, and the mean of X by pupils."""
    sketch, county = model.sketch, model.county
    rows = sketch.add_rows(county.base.size, lower=county.base.ravel(), upper=county.base.ravel(), clause="people")
    rows = rows.reshape(county.base.shape)
    sketch.put(rows, model.share, 1.0)
    sketch.put(rows, model.change, -county.step)
    for stage in (0, 1):
        members = county.members(stage)
        means = sketch.add_rows(len(county.indicators), lower=0.0, upper=0.0, clause="people")
        sketch.put(means, model.mean[stage], -1.0)
        if len(members):
            sketch.put(means[None, :], model.share[members], weights_of(county, stage)[:, None])


def _means(model: Model) -> None:
    """County means reach the thresholds: in whole units where every row's unit weighs the same, else by a hair more."""
    sketch, county = model.sketch, model.county
    for (stage, index), lack in county.mean_lacks.items():
        members, lever = county.members(stage), county.lever[index]
        if isinstance(lever, Measure) and lack <= 0:
            continue  # things are never taken away
        clause = f"mean:{county.indicators[index].id}:{STAGES[stage].value}"
        if county.is_mean_whole[stage, index]:
            row = sketch.add_rows(1, lower=float(ceil(lack)), clause=clause)
            sketch.put(row, model.change[members, index], 1.0)
        else:
            row = sketch.add_rows(1, lower=1.0 + _MEAN_MARGIN, clause=clause)
            sketch.put(row, model.mean[stage, index], 1.0)


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


def _spread(model: Model) -> None:
    """Σ (p/P) w ≤ (1 + c²) · mean for every judged coefficient, with w ≥ X²/mean by tangents."""
    sketch, county = model.sketch, model.county
    for stage, index in groups_of(county):
        entry = county.indicators[index]
        row = sketch.add_rows(1, upper=0.0, clause=f"spread:{entry.id}:{STAGES[stage].value}")
        sketch.put(row, model.square[county.members(stage), index], weights_of(county, stage))
        sketch.put(row, model.mean[stage, index], -(1.0 + county.cv_limits[stage] ** 2))
        sketch.put(row, model.more_spread[stage, index], -1.0)


def _staff(model: Model) -> None:
    """Quota, the share of backbone teachers, and no net loss where a teacher has too many pupils."""
    sketch, county, limits = model.sketch, model.county, model.problem.limits
    height, crowd = len(county.rows), county.people.sum(axis=1)
    if limits.teacher_quota is not None:
        row = sketch.add_rows(1, upper=float(max(0, limits.teacher_quota - int(crowd.sum()))), clause="teacher_quota")
        sketch.put(row, model.hire.ravel(), 1.0)
    if limits.backbone_share is not None:
        _backbone_share(model, float(limits.backbone_share), crowd)
    least = np.array([_least_staff(county, row, limits.students_per_teacher) for row in range(height)])
    if limits.students_per_teacher:
        rows = sketch.add_rows(height, lower=(np.minimum(least, crowd) - crowd).astype(float), clause="staff_norm")
        _net(model, rows, _EVERY_KIND, 1.0)


def _least_staff(county: County, row: int, norms: Mapping[Stage, Fraction]) -> int:
    norm = norms.get(Stage(county.rows[row][1]))
    return 0 if norm is None else ceil(int(county.pupils[row]) / norm)


def _backbone_share(model: Model, share: float, crowd: Ints) -> None:
    county, sketch = model.county, model.sketch
    backbone = county.people[:, (_EVERY_KIND & BACKBONE) > 0].sum(axis=1)
    room = np.maximum(share * crowd - backbone, 0.0)
    rows = sketch.add_rows(len(crowd), upper=room, clause="backbone_share")
    _net(model, rows, _EVERY_KIND[(_EVERY_KIND & BACKBONE) > 0], 1.0)
    place = TRAININGS.index(Measure.GRANT_BACKBONE)
    sketch.put(rows[:, None], model.train[place][:, list(kinds_lacking(BACKBONE))], 1.0)
    _net(model, rows, _EVERY_KIND, -share)


def _net(model: Model, rows: Ints, kinds: Ints, factor: float) -> None:
    """Adds the net number of teachers of these kinds who come (moves and hires) to rows."""
    model.sketch.put(rows[:, None], model.into[:, kinds], factor)
    model.sketch.put(rows[:, None], model.out[:, kinds], -factor)
    for place, measure in enumerate(HIRES):
        if KIND_OF_HIRE[measure] in kinds:
            model.sketch.put(rows, model.hire[:, place], factor)


def _wishes(model: Model) -> None:
    """What the user fixes: exactly so many units of a measure in a school. What is forbidden has no columns to use."""
    limits, places = model.problem.limits, {school: index for index, school in enumerate(model.county.schools)}
    for (school, measure), amount in sorted(limits.fixed.items()):
        units = model.units(measure)
        if school in places and len(units):
            count = float(amount // limits.lump(measure))
            row = model.sketch.add_rows(1, lower=count, upper=count, clause="fixed")
            columns = units[model.schools_of(measure) == places[school]]
            model.sketch.put(row, columns[columns >= 0], 1.0)
    for measure, most in sorted(limits.per_school.items()):
        units = model.units(measure)
        for place in range(len(places)) if len(units) else ():
            columns = units[model.schools_of(measure) == place]
            row = model.sketch.add_rows(
                1, upper=float(most // limits.lump(measure)), clause=f"per_school:{measure.value}"
            )
            model.sketch.put(row, columns[columns >= 0], 1.0)


def _totals(model: Model) -> None:
    """Yearly totals per measure: they add up to the units of all schools, keep the yearly limits and the lead times."""
    sketch, problem = model.sketch, model.problem
    for measure in MEASURES:
        if measure is not Measure.ROTATE_TEACHER:
            demand = float(sum(count for (_, entry), count in model.county.demands.items() if entry is measure))
            need = demand if measure in DEMANDS else 0.0
            row = sketch.add_rows(1, lower=need, upper=need, clause="people")
            units = model.units(measure)
            sketch.put(row, model.totals(measure), 1.0)
            sketch.put(row, units[units >= 0], -1.0)
        _yearly_limits(model, measure, problem)


def _yearly_limits(model: Model, measure: Measure, problem: Problem) -> None:
    limits, totals = problem.limits, model.totals(measure)
    if measure in limits.per_year:
        most = float(limits.per_year[measure] // limits.lump(measure))
        rows = model.sketch.add_rows(len(totals), upper=most, clause=f"per_year:{measure.value}")
        model.sketch.put(rows, totals, 1.0)
    late = [place for place, year in enumerate(problem.years) if year + limits.lead(measure) > problem.target_year]
    closed = totals if measure is Measure.ROTATE_TEACHER and measure not in limits.allowed else totals[late]
    if len(closed):
        rows = model.sketch.add_rows(len(closed), upper=0.0, clause="target_year")
        model.sketch.put(rows, closed, 1.0)


def _budgets(model: Model) -> None:
    """Money spent in a year by each source; who is hired is paid in every year after."""
    problem = model.problem
    budgets = problem.limits.budgets
    if budgets is None:
        return
    for number, source in enumerate(model.sources):
        for place, year in enumerate(problem.years):
            row = model.sketch.add_rows(1, upper=budgets[year, source] / 1e6, clause=f"budget:{source}")
            model.sketch.put(row, model.more_money[number, place], -1.0)
            for measure in sorted(problem.limits.allowed):
                if problem.limits.source(measure) == source:
                    paid = model.totals(measure)[: place + 1] if measure in HIRES else model.totals(measure)[[place]]
                    model.sketch.put(row, paid, price(problem, measure))


def _rotation(model: Model) -> None:
    """Every year enough teachers change schools, and enough of them are backbone teachers; a move is a change as well."""
    sketch, problem, county = model.sketch, model.problem, model.county
    years, moves, swaps = len(problem.years), model.totals(Measure.MOVE_TEACHER), model.totals(Measure.ROTATE_TEACHER)
    kinds = (_EVERY_KIND & BACKBONE) > 0
    row = sketch.add_rows(1, lower=0.0, upper=0.0, clause="people")
    sketch.put(row, model.moved_backbone, 1.0)
    sketch.put(row, model.out[:, kinds], -1.0)
    tied = sketch.add_rows(years, upper=0.0, clause="people")
    sketch.put(tied, model.moved_backbone, 1.0)
    sketch.put(tied, moves, -1.0)
    tied = sketch.add_rows(years, upper=0.0, clause="people")
    sketch.put(tied, model.rotated_backbone, 1.0)
    sketch.put(tied, swaps, -1.0)
    everyone, best = float(county.people.sum()), float(county.people[:, kinds].sum())
    for most, columns in ((everyone, (moves, swaps)), (best, (model.moved_backbone, model.rotated_backbone))):
        rows = sketch.add_rows(years, upper=most, clause="people")
        for entry in columns:
            sketch.put(rows, entry, 1.0)
    values = problem.item_values("rotation")
    if values is None or not asks_rotation(problem):
        return
    need = ceil(problem.facts.county_value(ROTATION_FIELDS[0]) * values["exchange_share"])
    rows = sketch.add_rows(years, lower=float(need), clause="rotation")
    sketch.put(rows, moves, 1.0)
    sketch.put(rows, swaps, 1.0)
    rows = sketch.add_rows(years, lower=0.0, clause="rotation")
    for sign, columns in (
        (1.0, (model.moved_backbone, model.rotated_backbone)),
        (-float(values["backbone_share"]), (moves, swaps)),
    ):
        for entry in columns:
            sketch.put(rows, entry, sign)
