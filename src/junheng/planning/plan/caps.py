"""How many units every school can have at most, as arrays: what measures, limits and sense allow.

Sense: no hiring, building or buying lifts a school above both the threshold and the best school of today. Cutting a lift off at
that height lowers cost and no coefficient (it lessens inequality in the sense of Lorenz), so nothing better is lost.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from junheng.planning.plan.county import County, Floats, Ints
from junheng.planning.plan.measures import HIRES, KINDS, MATERIALS, TRAININGS, TRAIT_OF_TRAINING, Measure
from junheng.planning.plan.problem import Problem


@dataclass(frozen=True)
class Caps:
    """Upper bounds: `out`, `into` R×8, `hire` R×2, `train` 3×R×8 (−1: no such training), `material` S×4; `low`, `high` R×K bound
    the change of every indicator in units."""

    out: Ints
    into: Ints
    hire: Ints
    train: Ints
    material: Ints
    low: Ints
    high: Ints


def caps_of(problem: Problem, county: County, needed: Ints | None = None) -> Caps:
    """The bounds of one problem. `needed`: units of every indicator (R×K) that earlier years may need, beyond its own lift.

    A school that opens after the first year gives no teacher away: before it opens it has none.
    """
    limits, years = problem.limits, len(problem.years)
    moves = county.is_movable[:, None] & (Measure.MOVE_TEACHER in limits.allowed)
    is_there = np.array([problem.opens.get(school, 0) <= problem.base_year + 1 for school, _ in county.rows])
    out = np.where(moves & is_there[:, None], np.minimum(county.people, limits.moves_out * years), 0)
    pool = np.zeros_like(out)
    for rows in county.pools():
        pool[rows] = out[rows].sum(axis=0)
    into = np.where(moves, np.minimum(pool - out, limits.moves_in * years), 0)
    lift = lift_of(county) if needed is None else np.maximum(lift_of(county), needed)
    hire = np.stack([_hires(problem, county, lift, measure) for measure in HIRES], axis=1)
    train = np.stack([_trainings(problem, county, into, measure) for measure in TRAININGS])
    material = np.stack([_materials(problem, county, lift, measure) for measure in MATERIALS], axis=1)
    low, high = range_of_changes(county, out, into, hire, train, material)
    return Caps(out, into, hire, train, material, low, high)


def lift_of(county: County) -> Ints:
    """Units that bring each row to the threshold or to the best row of its stage, whichever is higher (R×K, at least 0)."""
    best = np.ones_like(county.base)
    for stage in (0, 1):
        rows = county.members(stage)
        if len(rows):
            best[rows] = np.maximum(1.0, county.base[rows].max(axis=0))
    units = np.ceil((best - county.base) / county.step - 1e-9).astype(np.int64)
    return np.maximum(np.maximum(units, county.to_met), 0)


def _allowed(problem: Problem, measure: Measure, schools: list[str], caps: Ints) -> Ints:
    """Caps with what is not allowed, forbidden, fixed or limited per school taken into account."""
    limits = problem.limits
    if measure not in limits.allowed:
        return np.zeros_like(caps)
    made = caps.copy()
    for place, school in enumerate(schools):
        if (school, measure) in limits.fixed:
            made[place] = max(made[place], ceil(limits.fixed[school, measure] / limits.lump(measure)))
        if (school, measure) in limits.forbidden:
            made[place] = 0
    return (
        np.minimum(made, limits.per_school[measure] // limits.lump(measure)) if measure in limits.per_school else made
    )


def _hires(problem: Problem, county: County, lift: Ints, measure: Measure) -> Ints:
    traits = [index for index, lever in enumerate(county.lever) if not isinstance(lever, Measure)]
    caps = lift[:, traits].max(axis=1, initial=0)
    return _allowed(problem, measure, [school for school, _ in county.rows], caps)


def _trainings(problem: Problem, county: County, into: Ints, measure: Measure) -> Ints:
    trait = TRAIT_OF_TRAINING[measure]
    everyone = county.people.sum(axis=1) + into.max(axis=1)
    caps = _allowed(problem, measure, [school for school, _ in county.rows], everyone)
    lacks = np.array([not kind & trait for kind in range(KINDS)])
    return np.where(lacks[None, :], caps[:, None], -1)


def _materials(problem: Problem, county: County, lift: Ints, measure: Measure) -> Ints:
    caps = np.zeros(len(county.schools), dtype=np.int64)
    for index, lever in enumerate(county.lever):
        if lever is measure:
            np.maximum.at(caps, county.school_of, lift[:, index])
    return _allowed(problem, measure, list(county.schools), caps)


def range_of_changes(
    county: County, out: Ints, into: Ints, hire: Ints, train: Ints, material: Ints
) -> tuple[Ints, Ints]:
    """The least and the most that every indicator can change (R×K units), from the bounds of the measures."""
    low, high = np.zeros_like(county.to_met), np.zeros_like(county.to_met)
    for index, lever in enumerate(county.lever):
        if isinstance(lever, Measure):
            high[:, index] = material[county.school_of, MATERIALS.index(lever)]
        else:
            holds = np.array([bool(kind & lever) for kind in range(KINDS)])
            low[:, index] = -out[:, holds].sum(axis=1)
            grown = np.maximum(train, 0).max(axis=(0, 2))
            high[:, index] = into[:, holds].sum(axis=1) + hire.sum(axis=1) + grown
    return low, high


def tops(county: County, caps: Caps) -> Floats:
    """The highest value of every indicator that the bounds allow, in thresholds (R×K)."""
    return county.base + county.step * np.maximum(caps.high, 0)
