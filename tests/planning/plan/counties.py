"""Small invented counties and questions for the planner's tests. Resources are given in thresholds of the 2017 standard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import Any, TypeVar

from junheng.core.facts import Facts
from junheng.core.standard import Standard
from junheng.planning.plan.futures import same_pupils
from junheng.planning.plan.limits import COUNTY_SOURCE, Limits, Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.problem import Problem
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.builders import Row, facts_of, school, stage

QUALITY, HUNAN, BASIC = "cn-2017-quality-balance", "hunan-2018", "cn-2012-basic-balance"
YUAN = 100
WAN = 1_000_000
# thresholds per pupil in canonical units (persons, 0.01 ㎡, 分), primary and junior
PER_PUPIL: Mapping[str, tuple[Fraction, Fraction]] = {
    "above": (Fraction(42, 1000), Fraction(53, 1000)),
    "backbone": (Fraction(1, 100), Fraction(1, 100)),
    "arts": (Fraction(9, 1000), Fraction(9, 1000)),
    "floor": (Fraction(450), Fraction(580)),
    "sports": (Fraction(750), Fraction(1020)),
    "equipment": (Fraction(200_000), Fraction(250_000)),
    "rooms": (Fraction(23, 1000), Fraction(24, 1000)),
}
PRICES: Mapping[Measure, int] = {
    Measure.MOVE_TEACHER: 5_000 * YUAN,
    Measure.ROTATE_TEACHER: 1_000 * YUAN,
    Measure.HIRE_TEACHER: 90_000 * YUAN,
    Measure.HIRE_PE_ART_TEACHER: 80_000 * YUAN,
    Measure.UPGRADE_DEGREE: 10_000 * YUAN,
    Measure.GRANT_BACKBONE: 20_000 * YUAN,
    Measure.TRAIN_PE_ART: 15_000 * YUAN,
    Measure.BUILD_FLOOR_AREA: 3_000 * YUAN,
    Measure.BUILD_SPORTS_AREA: 400 * YUAN,
    Measure.BUY_EQUIPMENT: YUAN,
    Measure.FIT_MULTIMEDIA_ROOM: 50_000 * YUAN,
    Measure.OPEN_CLASS: 200_000 * YUAN,
    Measure.FIT_MUSIC_ROOM: 150_000 * YUAN,
    Measure.FIT_FINE_ART_ROOM: 120_000 * YUAN,
    Measure.RENEW_EQUIPMENT: YUAN,
}
EVERYTHING = frozenset(Measure)
Thing = TypeVar("Thing")


def some(thing: Thing | None) -> Thing:
    """What must be there."""
    assert thing is not None
    return thing


@dataclass(frozen=True)
class Sample:
    """One school stage of a sample county; `has` gives resources in thresholds, 1 where it says nothing."""

    school_id: str
    pupils: int = 1000
    stage: str = "primary"
    has: Mapping[str, float] = field(default_factory=dict)
    school: Mapping[str, Any] = field(default_factory=dict)
    row: Mapping[str, Any] = field(default_factory=dict)

    def amount(self, name: str) -> int:
        """A resource in canonical units, rounded up."""
        per_pupil = PER_PUPIL[name][self.stage == "junior"]
        return ceil(per_pupil * self.pupils * Fraction(str(self.has.get(name, 1))))


def sample_rows(sample: Sample) -> tuple[Row, Row]:
    """The school and the stage of a sample; 80 indoor ㎡ are in both areas."""
    above, arts = sample.amount("above"), sample.amount("arts")
    kinds = {"primary": "primary_school", "junior": "junior_school"}
    premises = {
        "teaching_floor_area": sample.amount("floor") + 8_000,
        "indoor_sports_area": 8_000,
        "outdoor_sports_area": max(0, sample.amount("sports") - 8_000),
        "equipment_value": sample.amount("equipment"),
        "multimedia_classroom_count": sample.amount("rooms"),
    }
    counts = {
        "full_time_teacher_count": above + 5,
        "doctor_teacher_count": 0,
        "master_teacher_count": 0,
        "bachelor_teacher_count": above,
        "associate_teacher_count": 0 if sample.stage == "primary" else 5,
        "below_associate_teacher_count": 5 if sample.stage == "primary" else 0,
        "backbone_teacher_count": sample.amount("backbone"),
        "pe_teacher_count": arts,
        "music_teacher_count": 0,
        "fine_art_teacher_count": 0,
        "art_teacher_count": 0,
    }
    row = stage(sample.school_id, sample.stage, student_count=sample.pupils, **{**counts, **sample.row})
    return school(sample.school_id, **{"school_type": kinds[sample.stage], **premises, **sample.school}), row


def county_of(samples: Sequence[Sample], **tables: Any) -> Facts:
    """The facts of 2025 of a county of samples; samples of one id are stages of one school, which the first describes."""
    pairs = [sample_rows(sample) for sample in samples]
    schools: dict[str, Row] = {}
    for entry, _ in pairs:
        schools.setdefault(str(entry["school_id"]), entry)
    return facts_of(schools=schools.values(), stages=[row for _, row in pairs], **tables)


def bare_standard(name: str = QUALITY, **changes: Any) -> Standard:
    """A standard without items and vetoes, so that only resources are judged; `changes` replace its parts."""
    return replace(load_standard(name), **{"items": (), "vetoes": (), "exceptions": (), **changes})


def budgets(years: Sequence[int], amount: int, source: str = COUNTY_SOURCE) -> dict[tuple[int, str], int]:
    """The same budget in 分 in every year."""
    return {(year, source): amount for year in years}


def question(
    source: Facts | Sequence[Sample],
    *,
    allowed: frozenset[Measure] = EVERYTHING,
    target_year: int = 2026,
    standard: Standard | None = None,
    prices: Prices | None = None,
    pupils: Mapping[int, Mapping[tuple[str, str], int]] | None = None,
    **limits: Any,
) -> Problem:
    """A question on a county: today's pupils, the prices above without discount, no lead times, and no rotation."""
    facts = source if isinstance(source, Facts) else county_of(source)
    given = {"moves_out": 5, "moves_in": 5, "with_rotation": False, "lead_years": {}, **limits}
    return Problem(
        facts=facts,
        standard=standard or bare_standard(),
        dictionary=load_dictionary(),
        pupils=pupils if pupils is not None else same_pupils(facts, range(2026, target_year + 1)),
        prices=prices or Prices(PRICES),
        limits=Limits(allowed=allowed, **given),
        target_year=target_year,
    )
