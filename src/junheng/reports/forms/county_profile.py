"""The 24 numbers of form Ⅰ: the county, its schools, classes, pupils and teachers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from junheng.core.item_formulas.inquiry import plus
from junheng.core.standard import Stage
from junheng.reports.bundle_content import Bundle

__all__ = ["CountyProfile", "county_profile"]

_FORM_POINT_MINIMUM = 50
"""The form's own column counts teaching points from 50 pupils on, whatever the standard says about them."""


@dataclass(frozen=True, slots=True)
class CountyProfile:
    """What form Ⅰ shows; None is missing. County values in typed units; the rest are counts.

    `schools` counts by school type; `points_large` are teaching points with at least `point_minimum` pupils. Classes, pupils and
    staff are those of the compulsory stages, without special schools and classes attached to vocational schools.
    """

    county: dict[str, Fraction | None]
    schools: dict[str, int | None]
    points_large: int | None
    point_minimum: int
    classes: dict[Stage, int | None]
    students: dict[Stage, int | None]
    staff: dict[Stage, int | None]
    teachers: dict[Stage, int | None]


_COUNTY_FIELDS = (
    "population",
    "rural_population",
    "township_count",
    "village_count",
    "gdp_per_capita",
    "fiscal_revenue_per_capita",
    "rural_income_per_capita",
    "urban_income_per_capita",
)
_TYPES = (
    "primary_school",
    "nine_year_school",
    "junior_school",
    "full_secondary_school",
    "twelve_year_school",
    "special_school",
    "teaching_point",
)


def county_profile(bundle: Bundle) -> CountyProfile:
    """The numbers of form Ⅰ. A sum is missing when one of its parts is; without any school nothing is counted."""
    kinds = bundle.facts.table("schools")["school_type"].to_list()
    is_known = bool(kinds) and None not in kinds
    minimum = _point_minimum(bundle)
    return CountyProfile(
        county={name: bundle.county_number(name) for name in _COUNTY_FIELDS},
        schools={kind: kinds.count(kind) if is_known else None for kind in _TYPES},
        points_large=_large_points(bundle, minimum) if is_known else None,
        point_minimum=minimum,
        classes=_by_stage(bundle, "class_count"),
        students=_by_stage(bundle, "student_count"),
        staff=_by_stage(bundle, "staff_count"),
        teachers=_by_stage(bundle, "full_time_teacher_count"),
    )


def _point_minimum(bundle: Bundle) -> int:
    scope = bundle.standard.scope
    row = scope.teaching_point_minimum.on(bundle.rules.on) if scope.teaching_point_minimum else None
    return int(row.value) if row is not None else _FORM_POINT_MINIMUM


def _large_points(bundle: Bundle, minimum: int) -> int | None:
    sizes = [school.student_count for school in bundle.roll.schools if school.school_type == "teaching_point"]
    return plus(None if size is None else int(size >= minimum) for size in sizes)


def _by_stage(bundle: Bundle, field: str) -> dict[Stage, int | None]:
    return {stage: _total(_values(bundle, stage, field)) for stage in Stage}


def _values(bundle: Bundle, stage: Stage, field: str) -> list[int | None]:
    return [school.stages[stage][field] for school in bundle.roll.schools if stage in school.stages]


def _total(values: Iterable[int | None]) -> int | None:
    listed = list(values)
    return plus(listed) if listed else None
