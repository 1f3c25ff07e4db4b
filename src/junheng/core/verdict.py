"""What judging gives: outcomes with reasons, from one indicator of one school up to the county.

Three-valued everywhere. `CANNOT_TELL` always has a reason; a value that is missing is None beside such a reason, never 0.
Values are exact fractions in the unit the standard uses (per 100 students, ㎡, 元, shares of 1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from junheng.core.standard import Part, Stage


class Outcome(StrEnum):
    """The three values of a judgement."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"met": "达标", "not_met": "不达标", "cannot_tell": "无法判定"}[self.value]


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene AND: one NOT_MET decides, then one CANNOT_TELL; MET only when all are (also for an empty list)."""
    seen = set(outcomes)
    if Outcome.NOT_MET in seen:
        return Outcome.NOT_MET
    return Outcome.CANNOT_TELL if Outcome.CANNOT_TELL in seen else Outcome.MET


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is: a stable code (kebab-case) and a Chinese sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that an item rests on: a Chinese label, an exact value in `unit` (None: missing) and its source cell.

    `sources` names the facts (`table.field`) the number is made of; when it is a single fact, `key` is the key of its row,
    so that its cell can be found. Cells are not part of a verdict: the same facts from another file give the same hash.
    """

    id: str
    label: str
    value: Fraction | None
    unit: str = ""
    decimals: int = 0
    sources: tuple[str, ...] = ()
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """One school, class or room that does not meet an item, with what is missing in natural units."""

    school_id: str
    school_name: str
    text: str
    stage: Stage | None = None
    shortfall: Fraction | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One resource indicator of one school stage.

    `value` = `numerator` / students × per_students, exact; `numerator` is the stage's share in typed units (人, ㎡, 元, 间);
    `floor_outcome` says whether the 85 % line is reached; `share` is the part of the school's resource this stage takes (1 when
    nothing is shared). `is_rounding_sensitive`: the printed value would give another outcome.
    """

    indicator_id: str
    outcome: Outcome
    floor_outcome: Outcome
    value: Fraction | None
    threshold: Fraction | None
    numerator: Fraction | None
    share: Fraction | None
    is_rounding_sensitive: bool = False
    exceptions: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class SchoolResult:
    """One school stage that is judged. `met_count` counts indicators that are certainly met."""

    school_id: str
    school_name: str
    school_type: str
    stage: Stage
    student_count: int | None
    outcome: Outcome
    met_count: int
    floor_count: int
    indicators: tuple[IndicatorResult, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """(school_id, stage)."""
        return (self.school_id, self.stage.value)


@dataclass(frozen=True, slots=True)
class ExcludedSchool:
    """A school stage that is not judged, with the clause that says so. `stage` is None when the whole school is out."""

    school_id: str
    school_name: str
    school_type: str
    stage: Stage | None
    code: str
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one school does to a coefficient of variation.

    `share` is its part of the variance (0…1, they sum to 1); `without` is the coefficient with this school left out
    (None when it would be undefined).
    """

    school_id: str
    stage: Stage
    share: float
    without: float | None


@dataclass(frozen=True, slots=True)
class DispersionResult:
    """The dispersion of one indicator in one stage.

    `coefficient` is None when undefined or when facts are missing; `mean` is the county value in the standard's unit, exact;
    `mean_outcome` is judged only when the standard asks for county means (None otherwise).
    """

    indicator_id: str
    stage: Stage
    outcome: Outcome
    coefficient: float | None
    limit: Fraction | None
    mean: Fraction | None
    school_count: int
    missing_count: int
    mean_outcome: Outcome | None = None
    is_rounding_sensitive: bool = False
    contributions: tuple[Contribution, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class CompositeResult:
    """The mean of all coefficients of a stage: printed always, judged only where the standard says so (limit not None)."""

    stage: Stage
    value: float | None
    limit: Fraction | None
    outcome: Outcome | None
    is_rounding_sensitive: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class SubItemResult:
    """A scored point: marks given out of full marks (None: not yet judged)."""

    id: str
    name: str
    points: Fraction | None
    full_points: Fraction
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item of a part.

    `figures` are the numbers it rests on, in the order of the official form; `failures` name who does not meet it.
    `limit` and `value` are given where the item is one number against one limit.
    """

    item_id: str
    number: str
    part: Part
    name: str
    clause: str
    outcome: Outcome
    figures: tuple[Figure, ...] = ()
    failures: tuple[Failure, ...] = ()
    value: Fraction | None = None
    limit: Fraction | None = None
    unit: str = ""
    is_rounding_sensitive: bool = False
    exceptions: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    assessor: str = ""
    evidence: tuple[str, ...] = ()
    points: Fraction | None = None
    full_points: Fraction | None = None
    sub_items: tuple[SubItemResult, ...] = ()


@dataclass(frozen=True, slots=True)
class VetoResult:
    """One veto: MET means that the circumstance was looked for and not found."""

    veto_id: str
    number: str
    name: str
    clause: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    assessor: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoringResult:
    """The sum of the scored items and the band it reaches (empty when none or not all are judged)."""

    outcome: Outcome
    total: Fraction | None
    full: Fraction
    band: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PartResult:
    """One part of the verdict."""

    part: Part
    outcome: Outcome
    met_count: int
    not_met_count: int
    cannot_tell_count: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Everything judged about one county in one year by one standard. `digest` binds documents to it.

    `coverage` gives, per `table.field` that the standard needs, how many values are there out of how many are needed.
    """

    standard_id: str
    standard_version: str
    standard_digest: str
    engine_version: str
    facts_digest: str
    county_code: str
    county_name: str
    year: int
    judged_on: date
    outcome: Outcome
    parts: tuple[PartResult, ...]
    schools: tuple[SchoolResult, ...]
    excluded: tuple[ExcludedSchool, ...]
    dispersion: tuple[DispersionResult, ...]
    composites: tuple[CompositeResult, ...]
    items: tuple[ItemResult, ...]
    vetoes: tuple[VetoResult, ...]
    scoring: ScoringResult | None
    exceptions_enabled: tuple[str, ...]
    exceptions_used: tuple[str, ...]
    coverage: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    digest: str = ""

    @property
    def excluded_school_count(self) -> int:
        """Schools of which no stage is judged."""
        return len({entry.school_id for entry in self.excluded} - {entry.school_id for entry in self.schools})

    def part(self, part: Part) -> PartResult | None:
        """The result of one part, None when the standard does not judge it."""
        return next((entry for entry in self.parts if entry.part is part), None)
