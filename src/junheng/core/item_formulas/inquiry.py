"""What a formula is given (an Inquiry) and how it puts its answer together (a Tally).

Figures are in the unit they name; shares among them are in %, as the official forms print them. The value and the limit of an
item are in the unit of the standard; a share is a share of 1 and its unit is 比例. Judging uses the exact value; the printed one
only tells whether rounding would flip the outcome.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from junheng.core.errors import StandardError
from junheng.core.exceptions import ActiveException, values_on
from junheng.core.facts import Facts
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.item_formulas.roll import Roll, SchoolRecord
from junheng.core.rounding import printed, rounded
from junheng.core.standard import Parameter, Stage, Standard, first_day_hint
from junheng.core.verdict import Failure, Figure, Outcome, Reason, all_of

YUAN = 100
WAN_YUAN = 1_000_000
SQUARE_METRE = 100
SHARE_OF_1 = 10_000
HOUR = 100
POINT = 100
VARIATION = 10_000
"""Canonical units in one typed unit, as in the field dictionary."""

SHARE_DECIMALS = 1
_MOST_DECIMALS = 8


@dataclass(frozen=True)
class Inquiry:
    """One item to be judged: the facts, the roll of schools, the standard's numbers for the day and the exceptions that apply."""

    facts: Facts
    roll: Roll
    day: date
    values: Mapping[str, Fraction]
    exceptions: tuple[ActiveException, ...] = ()

    def county(self, name: str) -> int | None:
        """A county fact in canonical units, None when missing."""
        value: int | None = self.roll.county.get(name)
        return value

    def last_years(self, reported: Iterable[int]) -> range:
        """The `years` years up to the latest reported one; reports older than the year before the facts are out of date."""
        last = max([self.facts.year - 1, *reported])
        return range(last - int(self.values["years"]) + 1, last + 1)

    def county_figure(self, name: str, label: str, unit: str, *, scale: int = 1, decimals: int = 0) -> Figure:
        """A county fact as a figure in typed units, with the key of its row. Its id is the field's."""
        value, key = typed(self.county(name), scale), (self.facts.county_code,)
        return Figure(name, label, value, unit, decimals, (f"county.{name}",), key)


@dataclass(frozen=True, slots=True)
class FormulaResult:
    """What a formula found. `credit` is the part of full marks that a scored point takes (0…1, None when it cannot be told)."""

    outcome: Outcome
    figures: tuple[Figure, ...] = ()
    failures: tuple[Failure, ...] = ()
    value: Fraction | None = None
    limit: Fraction | None = None
    unit: str = ""
    is_rounding_sensitive: bool = False
    exceptions: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    credit: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ItemFormula:
    """A formula and the facts (`table.field`) it rests on. The numbers it takes are listed in `formula_catalogue`."""

    judge: Callable[[Inquiry], FormulaResult]
    uses: tuple[str, ...]


def read_values(
    standard: Standard, day: date, kind: FormulaKind, subject: str, formula: str, params: Mapping[str, Parameter]
) -> Mapping[str, Fraction]:
    """The numbers a formula is given for the day.

    Raises StandardError when the catalogue does not hold the formula, or a number that it needs is not in force that day.
    """
    spec = CATALOGUE[kind].get(formula)
    if spec is None:
        raise StandardError(f"标准 {standard.id} 的 {subject} 用了不存在的公式 {formula}。")
    values = values_on(params, day)
    missing = [name for name, entry in spec.params.items() if name not in values and not entry.is_optional]
    if missing:
        hint = first_day_hint([params[name] for name in missing if name in params], day)
        raise StandardError(
            f"标准 {standard.id} 的 {subject} 在 {day.isoformat()} 缺少参数 {'、'.join(missing)}。{hint}"
        )
    return values


def typed(canonical: int | None, scale: int) -> Fraction | None:
    """A canonical integer in typed units; None stays None."""
    return None if canonical is None else Fraction(canonical, scale)


def share_of(part: int | None, whole: int | None) -> Fraction | None:
    """A share of 1; None when one side is missing or the whole is not positive."""
    return None if part is None or whole is None or whole <= 0 else Fraction(part, whole)


def share_figure(figure_id: str, label: str, value: Fraction | None, sources: tuple[str, ...]) -> Figure:
    """A share of 1 as a figure in %, printed with one decimal."""
    return Figure(figure_id, label, None if value is None else 100 * value, "%", SHARE_DECIMALS, sources)


def count_figure(figure_id: str, label: str, value: int | None, unit: str, sources: tuple[str, ...]) -> Figure:
    """A whole number as a figure."""
    return Figure(figure_id, label, typed(value, 1), unit, 0, sources)


def plus(values: Iterable[int | None]) -> int | None:
    """The sum; None when one value is missing. An empty sum is 0."""
    listed = list(values)
    known = [value for value in listed if value is not None]
    return sum(known) if len(known) == len(listed) else None


def number(value: Fraction) -> str:
    """A number as people write it: without decimals when it is whole, else with as many as it needs, at most eight."""
    if value.denominator == 1:
        return str(value.numerator)
    return printed(value, _MOST_DECIMALS).rstrip("0").rstrip(".")


@dataclass
class Tally:
    """Collects what a formula finds and turns it into a result.

    NOT_MET as soon as something known fails; otherwise CANNOT_TELL as soon as a fact that matters is missing.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    exceptions: list[str] = field(default_factory=list)
    is_rounding_sensitive: bool = False

    def lack(self, label: str, school: SchoolRecord | None = None) -> None:
        """Note that a fact is missing, for the county or for one school."""
        self.missing.setdefault(label, []).extend([] if school is None else [school.name])

    def cannot_tell(self, code: str, text: str) -> None:
        """Note why something cannot be judged although nothing is missing."""
        self.outcomes.append(Outcome.CANNOT_TELL)
        self.reasons.append(Reason(code, text))

    def cannot_pass(self, code: str, text: str) -> None:
        """Note why something fails that is not a school's failure."""
        self.outcomes.append(Outcome.NOT_MET)
        self.reasons.append(Reason(code, text))

    def not_applicable(self, text: str) -> None:
        """Note that there is nothing to judge, which meets the item."""
        self.outcomes.append(Outcome.MET)
        self.reasons.append(Reason("not-applicable", text))

    def fail(
        self, school: SchoolRecord, text: str, *, shortfall: Fraction, unit: str, stage: Stage | None = None
    ) -> None:
        """Note a school that does not meet the item."""
        self.failures.append(Failure(school.id, school.name, text, stage, shortfall, unit))

    def use(self, exception: ActiveException, school: SchoolRecord, text: str) -> None:
        """Note that a school meets the item only by an exception."""
        if exception.id not in self.exceptions:
            self.exceptions.append(exception.id)
        self.reasons.append(Reason("exception-used", f"{school.name}按例外“{exception.name}”认定达标:{text}。"))

    def at_least(self, label: str, value: Fraction | None, limit: Fraction, unit: str, decimals: int = 0) -> Outcome:
        """Judge value ≥ limit. A missing value must have been noted with `lack` or `cannot_tell`."""
        return self._compare(label, value, limit, unit, decimals, ("低于", lambda number: number >= limit))

    def at_most(self, label: str, value: Fraction | None, limit: Fraction, unit: str, decimals: int = 0) -> Outcome:
        """Judge value ≤ limit, else like `at_least`."""
        return self._compare(label, value, limit, unit, decimals, ("高于", lambda number: number <= limit))

    def below(self, label: str, value: Fraction | None, limit: Fraction, unit: str, decimals: int = 0) -> Outcome:
        """Judge value < limit, else like `at_least`."""
        return self._compare(label, value, limit, unit, decimals, ("不低于", lambda number: number < limit))

    def share_at_least(self, label: str, value: Fraction | None, limit: Fraction) -> Outcome:
        """Judge a share of 1 against a least share; messages and rounding are in %."""
        return self.at_least(label, None if value is None else 100 * value, 100 * limit, "%", SHARE_DECIMALS)

    def rounds_over(self, value: Fraction, limit: Fraction, decimals: int) -> None:
        """Note when the printed value would be judged otherwise than the exact one (value ≥ limit)."""
        if (rounded(value, decimals) >= limit) != (value >= limit):
            self.is_rounding_sensitive = True

    def _compare(
        self,
        label: str,
        value: Fraction | None,
        limit: Fraction,
        unit: str,
        decimals: int,
        rule: tuple[str, Callable[[Fraction], bool]],
    ) -> Outcome:
        outcome = Outcome.CANNOT_TELL
        if value is not None:
            word, holds = rule
            outcome = Outcome.MET if holds(value) else Outcome.NOT_MET
            if holds(rounded(value, decimals)) != holds(value):
                self.is_rounding_sensitive = True
            if outcome is Outcome.NOT_MET:
                text = f"{label}为 {_telling(value, decimals, holds)}{unit},{word}要求的 {number(limit)}{unit}。"
                self.reasons.append(Reason("limit-missed", text))
        self.outcomes.append(outcome)
        return outcome

    @property
    def outcome(self) -> Outcome:
        """What follows from all that was noted; CANNOT_TELL when nothing was."""
        outcomes = list(self.outcomes)
        outcomes += [Outcome.NOT_MET] if self.failures else []
        outcomes += [Outcome.CANNOT_TELL] if self.missing else []
        return all_of(outcomes) if outcomes else Outcome.CANNOT_TELL

    def result(
        self,
        figures: Iterable[Figure] = (),
        *,
        value: Fraction | None = None,
        limit: Fraction | None = None,
        unit: str = "",
        credit: Fraction | None = None,
    ) -> FormulaResult:
        """The result; without a `credit` of its own a point takes all marks when met and none when not."""
        outcome = self.outcome
        whole_or_nothing = {Outcome.MET: Fraction(1), Outcome.NOT_MET: Fraction(0)}
        return FormulaResult(
            outcome=outcome,
            figures=tuple(figures),
            failures=tuple(self.failures),
            value=value,
            limit=limit,
            unit=unit,
            is_rounding_sensitive=self.is_rounding_sensitive,
            exceptions=tuple(self.exceptions),
            reasons=(*self.reasons, *(_missing_reason(label, names) for label, names in self.missing.items())),
            credit=credit if credit is not None else whole_or_nothing.get(outcome),
        )


def over_schools(inquiry: Inquiry, tally: Tally, *, with_special: bool = False) -> tuple[SchoolRecord, ...]:
    """All schools on the roll, or with the special schools, for an item that each has to meet.

    Without any school the item cannot be told.
    """
    schools = inquiry.roll.with_special if with_special else inquiry.roll.schools
    if schools:
        tally.outcomes.append(Outcome.MET)
    else:
        tally.cannot_tell("no-school", "学校表中没有义务教育学校,无法判定。请先填报学校。")
    return schools


def _telling(value: Fraction, decimals: int, holds: Callable[[Fraction], bool]) -> str:
    """The value printed with as many more decimals as it takes not to look as if it met the limit."""
    while holds(rounded(value, decimals)) and decimals < _MOST_DECIMALS:
        decimals += 1
    return printed(value, decimals)


def _missing_reason(label: str, names: list[str]) -> Reason:
    if names:
        return Reason("missing-facts", f"{len(names)} 所学校缺少{label}:{'、'.join(names)}。请补报后重新判定。")
    return Reason("missing-facts", f"县级数据缺少{label},请补报后重新判定。")
