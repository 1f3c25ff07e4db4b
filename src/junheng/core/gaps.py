"""What is missing, in teachers, square metres, yuan and rooms, and which schools move a coefficient most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from junheng.core.indicators import FORMULAS
from junheng.core.school_rule import floor_share, required_met
from junheng.core.stages import Rules
from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import DispersionResult, IndicatorResult, Outcome, SchoolResult, Verdict


@dataclass(frozen=True, slots=True)
class IndicatorGap:
    """One indicator of one school stage that is below its threshold.

    `to_threshold` and `to_floor` are what the stage lacks to 100 % and to the floor (85 %), in `unit`: whole teachers, rooms,
    computers and books, otherwise exact ㎡ or 元 (0 when the floor is reached). `of_school` is what the whole school must add for
    the stage to reach 100 %, where the resource is shared out. `relative` is the missing share of the threshold (0…1).
    """

    indicator_id: str
    to_threshold: Fraction
    to_floor: Fraction
    of_school: Fraction
    unit: str
    relative: Fraction


@dataclass(frozen=True, slots=True)
class SchoolGap:
    """All gaps of one school stage. `leave` names the indicators that may stay at the floor, chosen to save most.

    `needed` is what must be added per indicator when those are left at the floor. `cost` is its price when prices were given for
    every indicator in it (None otherwise).
    """

    school_id: str
    school_name: str
    stage: Stage
    outcome: Outcome
    gaps: tuple[IndicatorGap, ...]
    unknown: tuple[str, ...]
    leave: tuple[str, ...]
    needed: Mapping[str, Fraction]
    cost: Fraction | None


@dataclass(frozen=True, slots=True)
class Mover:
    """A school that moves a coefficient: how much lower (negative) or higher the coefficient would be without it."""

    school_id: str
    school_name: str
    share: float
    change: float


@dataclass(frozen=True, slots=True)
class DispersionGap:
    """A coefficient with the schools that raise it most, largest first. `excess` is how far it is above its limit (None: not)."""

    indicator_id: str
    stage: Stage
    coefficient: float
    limit: Fraction | None
    excess: float | None
    movers: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything that is missing in one county."""

    schools: tuple[SchoolGap, ...]
    dispersion: tuple[DispersionGap, ...]
    totals: Mapping[str, Mapping[Stage, Fraction]]


def find_gaps(verdict: Verdict, rules: Rules, prices: Mapping[str, Fraction] | None = None) -> Gaps:
    """The gaps of every school that is not surely met, and the movers of every coefficient.

    `prices` maps indicator ids to 元 per unit. Without a price for every open indicator of a school, the one that is relatively
    furthest from its threshold is left at the floor; with prices, the one that saves most money.
    """
    open_schools = (entry for entry in verdict.schools if entry.outcome is not Outcome.MET)
    schools = tuple(_school_gap(entry, rules, prices or {}) for entry in open_schools)
    names = {entry.school_id: entry.school_name for entry in verdict.schools}
    dispersion = tuple(_dispersion_gap(entry, names) for entry in verdict.dispersion if entry.coefficient is not None)
    return Gaps(schools=schools, dispersion=dispersion, totals=_totals(schools, rules))


def _school_gap(school: SchoolResult, rules: Rules, prices: Mapping[str, Fraction]) -> SchoolGap:
    pairs = list(zip(rules.standard.indicators, school.indicators, strict=True))
    gaps = tuple(_gap(entry, result, school, rules) for entry, result in pairs if result.outcome is Outcome.NOT_MET)
    leave = _leave_at_floor(gaps, rules, prices)
    needed = {gap.indicator_id: gap.to_floor if gap.indicator_id in leave else gap.to_threshold for gap in gaps}
    needed = {name: amount for name, amount in needed.items() if amount > 0}
    is_priced = all(name in prices for name in needed)
    cost = (
        sum((amount * prices[name] for name, amount in needed.items()), Fraction(0)) if is_priced and prices else None
    )
    return SchoolGap(
        school_id=school.school_id,
        school_name=school.school_name,
        stage=school.stage,
        outcome=school.outcome,
        gaps=gaps,
        unknown=tuple(entry.id for entry, result in pairs if result.outcome is Outcome.CANNOT_TELL),
        leave=leave,
        needed=needed,
        cost=cost,
    )


def _gap(entry: ResourceIndicator, result: IndicatorResult, school: SchoolResult, rules: Rules) -> IndicatorGap:
    assert result.value is not None  # what is not met has been judged
    assert result.threshold is not None
    assert result.share is not None
    assert school.student_count is not None
    step = _step(entry)
    missing = (result.threshold - result.value) * school.student_count / entry.per_students
    to_floor = (result.threshold * floor_share(rules) - result.value) * school.student_count / entry.per_students
    return IndicatorGap(
        indicator_id=entry.id,
        to_threshold=_up(missing, step),
        to_floor=_up(max(to_floor, Fraction(0)), step),
        of_school=_up(missing / result.share, step),
        unit=entry.unit,
        relative=(result.threshold - result.value) / result.threshold,
    )


def _step(entry: ResourceIndicator) -> Fraction:
    """The smallest amount that can be added: one person or thing, 0.01 ㎡, 0.01 元."""
    return Fraction(1, FORMULAS[entry.formula].scale)


def _up(amount: Fraction, step: Fraction) -> Fraction:
    return ceil(amount / step) * step


def _leave_at_floor(gaps: Sequence[IndicatorGap], rules: Rules, prices: Mapping[str, Fraction]) -> tuple[str, ...]:
    allowed = len(rules.standard.indicators) - required_met(rules)
    is_priced = bool(prices) and all(gap.indicator_id in prices for gap in gaps)

    def saving(gap: IndicatorGap) -> tuple[Fraction, str]:
        money = (gap.to_threshold - gap.to_floor) * prices[gap.indicator_id] if is_priced else gap.relative
        return (-money, gap.indicator_id)

    return tuple(sorted(gap.indicator_id for gap in sorted(gaps, key=saving)[:allowed]))


def _dispersion_gap(result: DispersionResult, names: Mapping[str, str]) -> DispersionGap:
    coefficient = result.coefficient or 0.0
    movers = [
        Mover(entry.school_id, names[entry.school_id], entry.share, entry.without - coefficient)
        for entry in result.contributions
        if entry.without is not None
    ]
    movers.sort(key=lambda mover: (mover.change, mover.school_id))
    is_over = result.limit is not None and result.outcome is Outcome.NOT_MET
    return DispersionGap(
        indicator_id=result.indicator_id,
        stage=result.stage,
        coefficient=coefficient,
        limit=result.limit,
        excess=coefficient - float(result.limit) if is_over and result.limit is not None else None,
        movers=tuple(movers),
    )


def _totals(schools: Sequence[SchoolGap], rules: Rules) -> Mapping[str, Mapping[Stage, Fraction]]:
    totals: dict[str, dict[Stage, Fraction]] = {
        entry.id: dict.fromkeys(Stage, Fraction(0)) for entry in rules.standard.indicators
    }
    for school in schools:
        for gap in school.gaps:
            totals[gap.indicator_id][school.stage] += gap.to_threshold
    return totals
