"""The end state: which teachers and things every school has in the target year, and what each measure costs by year.

Measures are totals over all years per school, and yearly totals per measure in the county; budgets and yearly limits bind the
latter. Only who does what in which year is left to the schedule, so the optimum is a bound for the whole problem. Money is in
万元 here. Every row stands for a clause of the question, so that it can be told which clauses clash and what each one costs.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

import numpy as np

from junheng.core.standard import Stage
from junheng.planning.plan.county import County, Ints
from junheng.planning.plan.layers import add_milestones, layer_counties, needed_lift
from junheng.planning.plan.measures import (
    BACKBONE,
    DEMANDS,
    HIRES,
    KIND_OF_HIRE,
    KINDS,
    TRAININGS,
    Measure,
)
from junheng.planning.plan.model import MEASURES, Model, kinds_lacking, lay_out, price
from junheng.planning.plan.problem import ROTATION_FIELDS, Problem, asks_rotation
from junheng.planning.plan.states import STAGES, changes, groups_of, hold, moves, people, school_rule, shares

_MEAN_MARGIN = 1e-6
_EVERY_KIND = np.arange(KINDS)


def build_end_state(problem: Problem, county: County) -> Model:
    """The whole model; the tangents of the coefficients are added as they are needed (see `tangents`)."""
    later = layer_counties(problem)
    model = lay_out(problem, county, needed_lift(county, later))
    for add in (
        people,
        moves,
        changes,
        _school_rule,
        shares,
        _means,
        _spread,
        _staff,
        _wishes,
        _totals,
        _budgets,
        _rotation,
    ):
        add(model)
    add_milestones(model, later)
    return model


def _school_rule(model: Model) -> None:
    """At most so many school stages fail; all others keep the school rule."""
    row = model.sketch.add_rows(1, upper=float(len(model.county.rows)), clause="failing")
    model.sketch.put(row, model.fails, 1.0)
    if model.county.has_rule:
        primary, junior = (f"school_rule:{stage.value}" for stage in STAGES)
        school_rule(model, (primary, junior))


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


def _spread(model: Model) -> None:
    """Every judged coefficient keeps its limit."""
    county = model.county
    for stage, index in groups_of(county):
        clause = f"spread:{county.indicators[index].id}:{STAGES[stage].value}"
        extra = int(model.more_spread[stage, index])
        model.cones.append(hold(model, stage, index, county.cv_limits[stage], extra, clause))


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
            if measure is Measure.MOVE_TEACHER:  # net, or the same kind could leave and come back
                model.sketch.put(row, model.into[model.county.school_of == places[school]].ravel(), -1.0)
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
        if measure is Measure.RENEW_EQUIPMENT:
            _renewals(model)
        elif measure is not Measure.ROTATE_TEACHER:
            demand = float(sum(count for (_, entry), count in model.county.demands.items() if entry is measure))
            need = demand if measure in DEMANDS else 0.0
            row = sketch.add_rows(1, lower=need, upper=need, clause="people")
            units = model.units(measure)
            sketch.put(row, model.totals(measure), 1.0)
            sketch.put(row, units[units >= 0], -1.0)
        _yearly_limits(model, measure, problem)


def _renewals(model: Model) -> None:
    """Worn equipment is bought again in the year in which it wears out."""
    needs = dict.fromkeys(model.problem.years, 0)
    for (_, year), amount in model.problem.renewals.items():
        needs[year] += amount
    rows = model.sketch.add_rows(len(needs), lower=list(needs.values()), upper=list(needs.values()), clause="renewal")
    model.sketch.put(rows, model.totals(Measure.RENEW_EQUIPMENT), 1.0)


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
