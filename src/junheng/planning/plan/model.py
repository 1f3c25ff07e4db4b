"""The columns of the end state and where they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from junheng.planning.plan.caps import Caps, caps_of, tops
from junheng.planning.plan.county import County, Floats, Ints
from junheng.planning.plan.measures import HIRES, KIND_OF_HIRE, MATERIALS, TRAININGS, TRAIT_OF_TRAINING, Measure
from junheng.planning.plan.problem import Problem
from junheng.planning.plan.sketch import Sketch

FEN_PER_MONEY = 1_000_000
MEASURES = tuple(Measure)
_TRAINING_OF = {trait: [entry for entry, gained in TRAIT_OF_TRAINING.items() if gained == trait] for trait in (1, 2, 4)}
_MOST, _MOST_WORN = 1.0e6, 1.0e11


@dataclass
class State:
    """What every school has at the end of one year, as columns of a sketch (−1: there is none).

    Shapes (R rows, S schools, K indicators): `out`, `into` R×8; `hire` R×2; `train` 3×R×8; `material` S×4; `change` R×K (units
    beside today); `met` R×K (an indicator that must be met); `fails` R; `share` R×K (X, in thresholds); `square` R×K (at least
    X²/mean); `mean` 2×K.
    """

    problem: Problem
    county: County
    caps: Caps
    sketch: Sketch
    out: Ints
    into: Ints
    hire: Ints
    train: Ints
    material: Ints
    change: Ints
    met: Ints
    fails: Ints
    share: Ints
    square: Ints
    mean: Ints


@dataclass(frozen=True)
class Cone:
    """One coefficient that is held: indicator, columns of w, X and their mean, shares of the pupils, the limit, and the
    column that widens it."""

    index: int
    square: Ints
    share: Ints
    mean: int
    weights: Floats
    limit: float
    extra: int


@dataclass
class Model(State):
    """The end state, and what the county does by year.

    `total` M×Y (M measures, Y years: units by year); `moved_backbone`, `rotated_backbone` Y. Closed unless an elastic model opens
    them: `fails`, `more_money` sources×Y, `more_spread` 2×K, `lacks` (one per milestone). `cones` are all coefficients that are
    held, `layers` the states of the years with milestones.
    """

    total: Ints
    moved_backbone: Ints
    rotated_backbone: Ints
    more_money: Ints
    more_spread: Ints
    lacks: Ints
    sources: tuple[str, ...]
    cones: list[Cone] = field(default_factory=list)
    layers: "list[Layer]" = field(default_factory=list)

    def units(self, measure: Measure) -> Ints:
        """The columns of a measure's units by row, or by school for materials (n×…, −1: none); no rows for all others."""
        if measure is Measure.MOVE_TEACHER:
            return self.out
        if measure in HIRES:
            return self.hire[:, [HIRES.index(measure)]]
        if measure in TRAININGS:
            taken: Ints = self.train[TRAININGS.index(measure)]
            return taken
        if measure in MATERIALS:
            return self.material[:, [MATERIALS.index(measure)]]
        return np.zeros((0, 1), dtype=np.int64)

    def levers(self, index: int) -> Ints:
        """The columns of units that move one indicator without moving anybody (−1 among them: there is none)."""
        lever = self.county.lever[index]
        if isinstance(lever, Measure):
            return self.units(lever).ravel()
        hires = [self.units(entry).ravel() for entry in HIRES if KIND_OF_HIRE[entry] & lever]
        return np.concatenate([*hires, *(self.units(entry).ravel() for entry in _TRAINING_OF[lever])])

    def schools_of(self, measure: Measure) -> Ints:
        """The school of every row of `units`, as an index into the county's schools."""
        return np.arange(len(self.county.schools)) if measure in MATERIALS else self.county.school_of

    def totals(self, measure: Measure) -> Ints:
        """The columns of the yearly totals of a measure."""
        row: Ints = self.total[MEASURES.index(measure)]
        return row


@dataclass
class Layer(State):
    """The state of a year with milestones, by the rows that are judged in that year. `done` is a copy of the end state with the
    columns of what is done by then."""

    done: Model

    @property
    def year(self) -> int:
        """The year."""
        return self.problem.target_year


def yearly_costs(problem: Problem, measure: Measure) -> Floats:
    """What one unit (lump) of a measure costs over all years, in discounted 万元, by the year in which it is begun."""
    factors = np.array([problem.prices.factor(year - problem.base_year) for year in problem.years])
    if measure in HIRES:
        factors = np.cumsum(factors[::-1])[::-1]
    weight = problem.limits.disruption_fen / FEN_PER_MONEY if measure is Measure.MOVE_TEACHER else 0.0
    return price(problem, measure) * factors + weight


def price(problem: Problem, measure: Measure) -> float:
    """The price of one unit (lump) in 万元; of a year's work where people are hired. 0 for what is not allowed."""
    return problem.prices.fen.get(measure, 0) * problem.limits.lump(measure) / FEN_PER_MONEY


def lay_out(problem: Problem, county: County, lift: Ints | None = None) -> Model:
    """The columns with their bounds and costs, no rows yet. `lift`: units that earlier years may need (R×K)."""
    sketch, caps, years = Sketch(), caps_of(problem, county, lift), len(problem.years)
    high = tops(county, caps)
    costs = np.concatenate([yearly_costs(problem, entry) for entry in MEASURES])
    most = np.repeat([_MOST_WORN if entry is Measure.RENEW_EQUIPMENT else _MOST for entry in MEASURES], years)
    sources = tuple(sorted({problem.limits.source(entry) for entry in problem.limits.allowed}))
    shape = county.base.shape
    return Model(
        problem,
        county,
        caps,
        sketch,
        out=grid(sketch, caps.out),
        into=grid(sketch, caps.into),
        hire=grid(sketch, caps.hire),
        train=grid(sketch, caps.train),
        material=grid(sketch, caps.material),
        change=grid(sketch, caps.high, lower=caps.low, is_integer=False),
        met=grid(sketch, np.ones(shape)),
        fails=grid(sketch, np.zeros(shape[0])),
        share=grid(sketch, high, is_integer=False),
        square=grid(sketch, tops_of_squares(county, high), is_integer=False),
        mean=grid(sketch, tops_of_means(high), is_integer=False),
        total=sketch.add_columns(len(MEASURES) * years, upper=most, cost=costs).reshape(len(MEASURES), years),
        moved_backbone=grid(sketch, np.full(years, _MOST)),
        rotated_backbone=grid(sketch, np.full(years, _MOST)),
        more_money=grid(sketch, np.zeros((len(sources), years)), is_integer=False),
        more_spread=grid(sketch, np.zeros((2, shape[1])), is_integer=False),
        lacks=grid(sketch, np.zeros(len(problem.limits.milestones)), is_integer=False),
        sources=sources,
    )


def tops_of_means(high: Floats) -> Floats:
    """The most that the mean of every indicator can be (2×K), from the most of its values (R×K)."""
    most: Floats = np.broadcast_to(high.max(axis=0, initial=1.0), (2, high.shape[1]))
    return most


def tops_of_squares(county: County, high: Floats) -> Floats:
    """The most that X²/mean need be where a coefficient is held (R×K)."""
    totals = np.array([county.pupils[county.members(stage)].sum() for stage in (0, 1)])
    weights = totals[county.stage_of] / county.pupils
    limits = np.minimum(np.array(county.cv_limits), 1.0)[county.stage_of]
    most: Floats = (1 + (limits[:, None] + 2) ** 2) * tops_of_means(high)[0] * weights[:, None]
    return most


def grid(sketch: Sketch, upper: ArrayLike, *, lower: ArrayLike = 0, is_integer: bool = True) -> Ints:
    """Columns in the shape of `upper`; where it is negative there is no column (−1), unless a lower bound says otherwise."""
    most, least = (
        np.asarray(upper, dtype=np.float64),
        np.broadcast_to(np.asarray(lower, dtype=np.float64), np.shape(upper)),
    )
    there = most >= np.minimum(least, 0)
    places = np.full(most.shape, -1, dtype=np.int64)
    places[there] = sketch.add_columns(int(there.sum()), lower=least[there], upper=most[there], is_integer=is_integer)
    return places


def kinds_lacking(trait: int) -> Mapping[int, int]:
    """Each kind of teacher that lacks a trait → the kind it becomes with it."""
    return {kind: kind | trait for kind in range(8) if not kind & trait}
