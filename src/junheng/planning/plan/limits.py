"""What the user gives: prices of measures, and the limits a plan must keep. Nothing is assumed where money is concerned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from junheng.core.standard import Stage
from junheng.planning.plan.measures import BUILDINGS, Measure
from junheng.planning.plan.milestones import Milestone

COUNTY_SOURCE = "县级财政"
RowKey = tuple[str, str]  # (school id, stage)


@dataclass(frozen=True)
class Prices:
    """Prices in 分 per unit of each measure (`Spec.price_for` says what for), all of one price level, and the yearly discount.

    A hired teacher is paid each year from the year of hiring to the target year. Equipment: 分 paid for 1 元 of book value.
    """

    fen: Mapping[Measure, int]
    discount_rate: Fraction = Fraction(0)

    def factor(self, years: int) -> float:
        """What one 分 spent `years` after the base year counts for."""
        return float(1 / (1 + self.discount_rate) ** years)


@dataclass(frozen=True)
class Limits:
    """What a plan may do. Every number is the user's; None means that there is no limit of that kind.

    `allowed`: the measures that may be used. `budgets`: (year, source) → 分, for every year and source (None: money is not
    limited); `sources`: who pays for a measure (default 县级财政). `moves_out`, `moves_in`: teachers per school stage and year.
    `per_year`: units of a measure in the whole county and year; `per_school`: units per school in the whole plan.
    `lumps`: the smallest amount that is built or bought, in units of the measure; `lead_years`: years from paying to use.
    `teacher_quota`: most full-time teachers in the judged schools; `backbone_share`: most backbone teachers of a school stage's
    teachers; `students_per_teacher`: a school stage above it gives no teacher away net. `forbidden`: (school, measure);
    `fixed`: (school, measure) → exactly so many units (teachers moved: net departures). `with_rotation`: the standard's rotation
    item is met in every year.
    `disruption_fen`: weight in 分 of one moved teacher beside the money. `cv_margin`: how far below its limit every
    coefficient of variation must stay. `milestones`: what must be reached on the way. `retired_share`: year → the share of
    today's book value of equipment that wears out in that year, in every school; `retired`: (school, year) → 元, in place of the
    share; what wears out is bought again in its year where RENEW_EQUIPMENT is allowed, else its value is lost. `zones`: school →
    zone; teachers move within a zone only (empty: within the whole county). See `zones.zones_within` for the greatest distance.
    """

    allowed: frozenset[Measure]
    moves_out: int
    moves_in: int
    budgets: Mapping[tuple[int, str], int] | None = None
    sources: Mapping[Measure, str] = field(default_factory=dict)
    per_year: Mapping[Measure, int] = field(default_factory=dict)
    per_school: Mapping[Measure, int] = field(default_factory=dict)
    lumps: Mapping[Measure, int] = field(
        default_factory=lambda: {
            Measure.BUILD_FLOOR_AREA: 50,
            Measure.BUILD_SPORTS_AREA: 100,
            Measure.BUY_EQUIPMENT: 10_000,
        }
    )
    lead_years: Mapping[Measure, int] = field(default_factory=lambda: dict.fromkeys(BUILDINGS, 1))
    teacher_quota: int | None = None
    backbone_share: Fraction | None = None
    students_per_teacher: Mapping[Stage, Fraction] = field(default_factory=dict)
    forbidden: frozenset[tuple[str, Measure]] = frozenset()
    fixed: Mapping[tuple[str, Measure], int] = field(default_factory=dict)
    with_rotation: bool = True
    moves_include_private: bool = False
    disruption_fen: int = 0
    cv_margin: Fraction = Fraction(1, 10_000)
    milestones: tuple[Milestone, ...] = ()
    retired_share: Mapping[int, Fraction] = field(default_factory=dict)
    retired: Mapping[tuple[str, int], int] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    def source(self, measure: Measure) -> str:
        """Who pays for a measure."""
        return self.sources.get(measure, COUNTY_SOURCE)

    def lump(self, measure: Measure) -> int:
        """The smallest amount of a measure, in its unit."""
        return 1 if measure is Measure.RENEW_EQUIPMENT else self.lumps.get(measure, 1)

    def lead(self, measure: Measure) -> int:
        """Years from the year in which a measure is paid to the facts it shows in (0: the same year)."""
        return 0 if measure is Measure.RENEW_EQUIPMENT else self.lead_years.get(measure, 0)
