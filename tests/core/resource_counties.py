"""Small counties for tests of the resource part: schools that meet the 2017 thresholds exactly, changed where a test says so."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from junheng.core.facts import Facts
from junheng.core.judge import judge
from junheng.core.resources import ResourceResults, judge_resources
from junheng.core.stages import Rules
from junheng.core.standard import Standard
from junheng.core.verdict import Verdict
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.builders import Row, facts_of, school, stage

DAY = date(2025, 12, 31)
QUALITY, BASIC, HUNAN = "cn-2017-quality-balance", "cn-2012-basic-balance", "hunan-2018"
BOOKS = Path(__file__).parent.parent / "standards_files" / "books-example.yaml"

# per 1000 pupils in canonical units: the thresholds of the 2017 standard exactly
PRIMARY_SCHOOL = {
    "teaching_floor_area": 500_000,  # 4 500 ㎡ and 500 ㎡ of indoor sports
    "indoor_sports_area": 50_000,
    "outdoor_sports_area": 700_000,  # with indoor 7 500 ㎡
    "equipment_value": 200_000_000,  # 2 000 000 元
    "multimedia_classroom_count": 23,
    "computer_count": 100,
    "book_count": 20_000,
}
PRIMARY_STAGE = {
    "doctor_teacher_count": 0,
    "master_teacher_count": 2,
    "bachelor_teacher_count": 30,
    "associate_teacher_count": 10,  # 42
    "backbone_teacher_count": 10,
    "pe_teacher_count": 5,
    "music_teacher_count": 2,
    "fine_art_teacher_count": 2,
    "art_teacher_count": 0,  # 9
    "full_time_teacher_count": 60,
    "titled_teacher_count": 20,
}
JUNIOR_SCHOOL = PRIMARY_SCHOOL | {
    "teaching_floor_area": 630_000,
    "outdoor_sports_area": 970_000,
    "equipment_value": 250_000_000,
    "multimedia_classroom_count": 24,
}
JUNIOR_STAGE = PRIMARY_STAGE | {"bachelor_teacher_count": 51, "associate_teacher_count": 5}
_STAGE_FIELDS = {"student_count", "is_art_count_total", *PRIMARY_STAGE}


def primary(school_id: str, pupils: int | None = 1000, **changes: Any) -> tuple[Row, list[Row]]:
    """A primary school that meets every threshold exactly at 1000 pupils."""
    own = {name: value for name, value in changes.items() if name in _STAGE_FIELDS or name.startswith("visiting_")}
    rest = {name: value for name, value in changes.items() if name not in own}
    row = stage(school_id, student_count=pupils, **{**PRIMARY_STAGE, **own})
    return school(school_id, **{**PRIMARY_SCHOOL, **rest}), [row]


def junior(school_id: str, pupils: int | None = 1000, **changes: Any) -> tuple[Row, list[Row]]:
    """A junior school that meets every threshold exactly at 1000 pupils."""
    own = {name: value for name, value in changes.items() if name in _STAGE_FIELDS}
    rest = {name: value for name, value in changes.items() if name not in own}
    row = stage(school_id, "junior", student_count=pupils, **{**JUNIOR_STAGE, **own})
    return school(school_id, "junior_school", **{**JUNIOR_SCHOOL, **rest}), [row]


def integrated(
    school_id: str, school_type: str, counts: dict[str, int | None], **changes: Any
) -> tuple[Row, list[Row]]:
    """A school of several stages with the resources of one primary school."""
    rows = [stage(school_id, name, student_count=count, **PRIMARY_STAGE) for name, count in counts.items()]
    return school(school_id, school_type, **{**PRIMARY_SCHOOL, **changes}), rows


def county(*schools: tuple[Row, Iterable[Row]], **tables: Any) -> Facts:
    """The facts of a county of these schools."""
    return facts_of(
        schools=[entry for entry, _ in schools], stages=[row for _, rows in schools for row in rows], **tables
    )


def narrowed(standard_id: str, *indicators: str) -> Standard:
    """A standard that asks for these resource indicators only, and for no school rule: quick to judge many times."""
    standard = load_standard(standard_id)
    return replace(
        standard,
        indicators=tuple(entry for entry in standard.indicators if entry.id in indicators),
        items=(),
        vetoes=(),
        exceptions=(),
        school_rule=None,
    )


def rules_of(standard: str | Path | Standard = QUALITY, *enabled: str) -> Rules:
    """The rules of a standard on the last day of 2025."""
    chosen = standard if isinstance(standard, Standard) else load_standard(standard)
    return Rules.resolve(chosen, DAY, frozenset(enabled))


def resources(facts: Facts, standard: str | Path | Standard = QUALITY, *enabled: str) -> ResourceResults:
    """The resource part of a county."""
    return judge_resources(facts, rules_of(standard, *enabled), load_dictionary())


def verdict_of(facts: Facts, standard: str | Path | Standard = QUALITY, *enabled: str) -> Verdict:
    """The whole verdict on a county."""
    chosen = standard if isinstance(standard, Standard) else load_standard(standard)
    return judge(facts, chosen, load_dictionary(), on=DAY, enabled=frozenset(enabled))


def of_school(results: ResourceResults | Verdict, school_id: str, stage_name: str = "primary") -> Any:
    """The SchoolResult of one school stage; Any, so that a test need not say that its values are there."""
    return next(entry for entry in results.schools if entry.key == (school_id, stage_name))


def of_indicator(
    results: ResourceResults | Verdict, school_id: str, indicator: str, stage_name: str = "primary"
) -> Any:
    """The IndicatorResult of one indicator of one school stage."""
    found = of_school(results, school_id, stage_name).indicators
    return next(entry for entry in found if entry.indicator_id == indicator)


def spread(results: ResourceResults | Verdict, indicator: str, stage_name: str = "primary") -> Any:
    """The DispersionResult of one coefficient."""
    return next(
        entry for entry in results.dispersion if entry.indicator_id == indicator and entry.stage.value == stage_name
    )
