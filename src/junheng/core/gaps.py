"""What is missing, in teachers, square metres, yuan and rooms, and which schools move a coefficient most.

Two amounts must be told apart wherever a school shares a resource between stages: what a stage lacks by itself, and what the
school must add for it. Of what a school adds a stage gets its share only; the rest goes to its other stages.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import ceil

from junheng.core.indicators import FORMULAS
from junheng.core.school_rule import floor_share, required_met
from junheng.core.stages import Rules
from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import DispersionResult, IndicatorResult, Outcome, SchoolResult, Verdict

Amounts = Mapping[str, Fraction]
"""Per indicator id an amount in the unit of the indicator, in the order of the standard."""


@dataclass(frozen=True, slots=True)
class IndicatorGap:
    """One indicator of one school stage that is below its threshold.

    All amounts are in `unit` and can be added as they are: whole teachers, rooms, computers and books, otherwise ㎡ and 元 to
    0.01. `to_threshold` and `to_floor` are what the stage lacks by itself to 100 % and to the floor (85 %; 0 when it is
    reached). `of_school` and `of_school_to_floor` are what the school must add for the stage to get there: more where the
    resource is shared out, else the same. `also_serves`: the other open stages of the school that lack the same shared
    resource; what is added is added for all of them. `relative` is the missing share of the threshold (0…1).
    """

    indicator_id: str
    to_threshold: Fraction
    to_floor: Fraction
    of_school: Fraction
    of_school_to_floor: Fraction
    unit: str
    relative: Fraction
    also_serves: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolGap:
    """All gaps of one school stage. `leave` names the indicators that may stay at the floor, chosen to save most.

    `needed` is what the school must add per indicator, for this stage alone, when those are left at the floor. `cost` is its
    price in 元 when prices were given for every indicator in it (None otherwise). For a school of two stages see `SchoolNeed`.
    """

    school_id: str
    school_name: str
    stage: Stage
    outcome: Outcome
    gaps: tuple[IndicatorGap, ...]
    unknown: tuple[str, ...]
    leave: tuple[str, ...]
    needed: Amounts
    cost: Fraction | None


@dataclass(frozen=True, slots=True)
class SchoolNeed:
    """What one school must add for all its open `stages`, each with its own indicators left at the floor.

    `needed` counts the teachers of both stages, and of what the stages share the larger amount: adding it serves both. `cost` is
    its price in 元 when prices were given for every indicator in it (None otherwise).
    """

    school_id: str
    school_name: str
    stages: tuple[Stage, ...]
    needed: Amounts
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
    """Everything that is missing in one county: `schools` stage by stage, `needs` school by school.

    `totals` is what all open schools must add to reach 100 % in every indicator; what two stages of one school share counts once,
    with the larger amount. `stage_totals` is what they must add for one stage alone: those of both stages may come to more.
    """

    schools: tuple[SchoolGap, ...]
    needs: tuple[SchoolNeed, ...]
    dispersion: tuple[DispersionGap, ...]
    totals: Amounts
    stage_totals: Mapping[str, Mapping[Stage, Fraction]]


def find_gaps(verdict: Verdict, rules: Rules, prices: Amounts | None = None) -> Gaps:
    """The gaps of every school that is not surely met, and the movers of every coefficient.

    `prices` maps indicator ids to 元 per unit. Without a price for every open indicator of a school, the one that is relatively
    furthest from its threshold is left at the floor; with prices, the one that saves the school most money.
    """
    order = {entry.key: place for place, entry in enumerate(verdict.schools)}
    groups = [_school_gaps(group, rules, prices or {}) for group in _open_schools(verdict)]
    schools = sorted((gap for group in groups for gap in group), key=lambda gap: order[gap.school_id, gap.stage.value])
    names = {entry.school_id: entry.school_name for entry in verdict.schools}
    dispersion = tuple(_dispersion_gap(entry, names) for entry in verdict.dispersion if entry.coefficient is not None)
    return Gaps(
        schools=tuple(schools),
        needs=tuple(_school_need(group, rules, prices or {}) for group in groups),
        dispersion=dispersion,
        totals=_totals(groups, rules),
        stage_totals=_stage_totals(schools, rules),
    )


def _open_schools(verdict: Verdict) -> list[list[SchoolResult]]:
    """The stages that are not surely met, those of one school together.

    Each stage is there once in a group: a row that facts hold twice, which the checks refuse, is a school of its own here, so
    that the choices of one school stay few.
    """
    groups: dict[tuple[str, int], list[SchoolResult]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for entry in verdict.schools:
        if entry.outcome is not Outcome.MET:
            groups.setdefault((entry.school_id, seen[entry.key]), []).append(entry)
            seen[entry.key] += 1
    return list(groups.values())


def _school_gaps(school: Sequence[SchoolResult], rules: Rules, prices: Amounts) -> list[SchoolGap]:
    """The gaps of the open stages of one school."""
    gaps = [_gaps(stage, school, rules) for stage in school]
    leaves = _leave_at_floor(gaps, rules, prices)
    return [_school_gap(*found, rules, prices) for found in zip(school, gaps, leaves, strict=True)]


def _gaps(stage: SchoolResult, school: Sequence[SchoolResult], rules: Rules) -> tuple[IndicatorGap, ...]:
    found = []
    for place, (entry, result) in enumerate(zip(rules.standard.indicators, stage.indicators, strict=True)):
        if result.outcome is Outcome.NOT_MET:
            others = [other for other in school if other is not stage and FORMULAS[entry.formula].is_shared]
            also = [other.stage for other in others if other.indicators[place].outcome is Outcome.NOT_MET]
            found.append(_gap(entry, result, stage, rules, tuple(also)))
    return tuple(found)


def _school_gap(
    school: SchoolResult, gaps: tuple[IndicatorGap, ...], leave: tuple[str, ...], rules: Rules, prices: Amounts
) -> SchoolGap:
    pairs = zip(rules.standard.indicators, school.indicators, strict=True)
    needed = _needed(gaps, leave)
    return SchoolGap(
        school_id=school.school_id,
        school_name=school.school_name,
        stage=school.stage,
        outcome=school.outcome,
        gaps=gaps,
        unknown=tuple(entry.id for entry, result in pairs if result.outcome is Outcome.CANNOT_TELL),
        leave=leave,
        needed=needed,
        cost=_cost(needed, prices),
    )


def _school_need(stages: Sequence[SchoolGap], rules: Rules, prices: Amounts) -> SchoolNeed:
    needed = _together([entry.needed for entry in stages], rules)
    return SchoolNeed(
        school_id=stages[0].school_id,
        school_name=stages[0].school_name,
        stages=tuple(entry.stage for entry in stages),
        needed=needed,
        cost=_cost(needed, prices),
    )


def _gap(
    entry: ResourceIndicator,
    result: IndicatorResult,
    school: SchoolResult,
    rules: Rules,
    also_serves: tuple[Stage, ...],
) -> IndicatorGap:
    assert result.value is not None  # what is not met has been judged
    assert result.threshold is not None
    assert result.share is not None
    assert school.student_count is not None
    step = _step(entry)
    pupils = Fraction(school.student_count, entry.per_students)
    missing = (result.threshold - result.value) * pupils
    to_floor = max(result.threshold * floor_share(rules) - result.value, Fraction(0)) * pupils
    return IndicatorGap(
        indicator_id=entry.id,
        to_threshold=_up(missing, step),
        to_floor=_up(to_floor, step),
        of_school=_up(missing / result.share, step),  # from what is missing exactly: rounded up once, not twice
        of_school_to_floor=_up(to_floor / result.share, step),
        unit=entry.unit,
        relative=(result.threshold - result.value) / result.threshold,
        also_serves=also_serves,
    )


def _step(entry: ResourceIndicator) -> Fraction:
    """The smallest amount that can be added: one person or thing, 0.01 ㎡, 0.01 元."""
    return Fraction(1, FORMULAS[entry.formula].scale)


def _up(amount: Fraction, step: Fraction) -> Fraction:
    return ceil(amount / step) * step


def _needed(gaps: Iterable[IndicatorGap], leave: Sequence[str]) -> Amounts:
    """What the school must add for one stage."""
    amounts = {gap.indicator_id: gap.of_school_to_floor if gap.indicator_id in leave else gap.of_school for gap in gaps}
    return {name: amount for name, amount in amounts.items() if amount > 0}


def _together(stages: Sequence[Amounts], rules: Rules) -> Amounts:
    """What a school must add for several stages at once: once what they share, as much as the stage that lacks most."""
    found = {}
    for entry in rules.standard.indicators:
        amounts = [needed[entry.id] for needed in stages if entry.id in needed]
        if amounts:
            found[entry.id] = max(amounts) if FORMULAS[entry.formula].is_shared else sum(amounts, Fraction(0))
    return found


def _cost(needed: Amounts, prices: Amounts) -> Fraction | None:
    if not prices or any(name not in prices for name in needed):
        return None
    return sum((amount * prices[name] for name, amount in needed.items()), Fraction(0))


Leaves = tuple[tuple[str, ...], ...]
"""For each open stage of one school the indicators that stay at the floor."""


def _leave_at_floor(school: Sequence[Sequence[IndicatorGap]], rules: Rules, prices: Amounts) -> Leaves:
    """Stage by stage what may stay at the floor: the cheapest for the school as a whole.

    Its stages are looked at together: to leave a room out for one of them saves nothing while the other still needs it. Among
    equal costs each stage is made cheap by itself.
    """
    allowed = len(rules.standard.indicators) - required_met(rules)
    if any(gap.indicator_id not in prices for gaps in school for gap in gaps):
        return tuple(_relatively_furthest(gaps, allowed) for gaps in school)

    def money(leaves: Leaves) -> tuple[Fraction, Fraction, Leaves]:
        needed = [_needed(gaps, leave) for gaps, leave in zip(school, leaves, strict=True)]
        alone = (amount * prices[name] for amounts in needed for name, amount in amounts.items())
        whole = (amount * prices[name] for name, amount in _together(needed, rules).items())
        return sum(whole, Fraction(0)), sum(alone, Fraction(0)), leaves

    names = [sorted(gap.indicator_id for gap in gaps) for gaps in school]
    return min(product(*(combinations(ids, min(allowed, len(ids))) for ids in names)), key=money)


def _relatively_furthest(gaps: Sequence[IndicatorGap], allowed: int) -> tuple[str, ...]:
    furthest = sorted(gaps, key=lambda gap: (-gap.relative, gap.indicator_id))
    return tuple(sorted(gap.indicator_id for gap in furthest[:allowed]))


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


def _totals(groups: Iterable[Sequence[SchoolGap]], rules: Rules) -> Amounts:
    totals = {entry.id: Fraction(0) for entry in rules.standard.indicators}
    for group in groups:
        for name, amount in _together([_needed(school.gaps, ()) for school in group], rules).items():
            totals[name] += amount
    return totals


def _stage_totals(schools: Iterable[SchoolGap], rules: Rules) -> Mapping[str, Mapping[Stage, Fraction]]:
    totals = {entry.id: dict.fromkeys(Stage, Fraction(0)) for entry in rules.standard.indicators}
    for school in schools:
        for gap in school.gaps:
            totals[gap.indicator_id][school.stage] += gap.of_school
    return totals
