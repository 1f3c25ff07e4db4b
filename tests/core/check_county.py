"""A tiny county in which no check finds anything, and edits that spoil it. Values are canonical integers."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from junheng.core.facts import Facts, facts_from_rows
from junheng.core.fields import FieldDictionary

PRIMARY, SECONDARY = "9900000001", "9900000002"
SQUARE_METRE, WAN_YUAN, YUAN = 100, 1_000_000, 100

Rows = dict[str, list[dict[str, Any]]]
Edit = Callable[[Rows], None]

_SCHOOL = {
    "school_id": PRIMARY,
    "school_name": "青石小学",
    "school_type": "primary_school",
    "organiser_type": "7",
    "ownership": "public",
    "area_type": "town",
    "township": "青石镇",
    "is_boarding": False,
    "built_year": 2012,
    "is_dense_inner_city": False,
    "migrant_student_count": 5,
    "teaching_floor_area": 480 * SQUARE_METRE,
    "indoor_sports_area": 100 * SQUARE_METRE,
    "outdoor_sports_area": 800 * SQUARE_METRE,
    "converted_sports_area": 0,
    "leased_sports_area": 0,
    "equipment_value": 20 * WAN_YUAN,
    "multimedia_classroom_count": 4,
    "computer_count": 20,
    "book_count": 2000,
    "public_funds_budget": 6 * WAN_YUAN,
    "training_budget": WAN_YUAN,
    "previous_year_student_count": 80,
    "public_funds_quota": 5 * WAN_YUAN,
    "school_standard_score": 9000,
    "failed_core_indicator_count": 0,
}
_STAGE = {
    "school_id": PRIMARY,
    "stage": "primary",
    "student_count": 80,
    "grade_count": 2,
    "class_count": 2,
    "staff_count": 9,
    "full_time_teacher_count": 8,
    "doctor_teacher_count": 0,
    "master_teacher_count": 1,
    "bachelor_teacher_count": 4,
    "associate_teacher_count": 2,
    "below_associate_teacher_count": 1,
    "backbone_teacher_count": 2,
    "pe_teacher_count": 1,
    "music_teacher_count": 1,
    "fine_art_teacher_count": 1,
    "art_teacher_count": 1,
    "is_art_count_total": False,
    "certified_teacher_count": 8,
    "trained_teacher_count": 8,
    "titled_teacher_count": 4,
    "in_catchment_student_count": 78,
}
_COUNTY = {
    "county_code": "990001",
    "county_name": "示例县",
    "year": 2024,
    "population": 300_000,  # 30 万人
    "rural_population": 150_000,
    "gdp_per_capita": 52_300 * YUAN,
    "fiscal_revenue_per_capita": 4_100 * YUAN,
    "rural_income_per_capita": 19_800 * YUAN,
    "urban_income_per_capita": 38_600 * YUAN,
    "basic_balance_recognised_on": "2016-11-20",
    "primary_public_funds_norm": 720 * YUAN,
    "junior_public_funds_norm": 940 * YUAN,
    "special_school_public_funds": 96 * WAN_YUAN,
    "special_school_student_count": 120,
    "inclusive_public_funds": 48 * WAN_YUAN,
    "inclusive_student_count": 60,
    "average_teacher_pay": 98_600 * YUAN,
    "average_civil_servant_pay": 96_200 * YUAN,
    "rotation_eligible_count": 1000,
    "rotated_teacher_count": 120,
    "rotated_backbone_count": 30,
    "senior_high_quota": 1600,
    "senior_high_quota_allotted": 960,
    "senior_high_quota_rural": 420,
    "migrant_children_count": 860,
    "migrant_in_public_count": 812,
    "migrant_in_purchased_count": 20,
    "disabled_children_count": 142,
    "disabled_enrolled_count": 138,
    "disabled_in_special_school_count": 70,
    "labour_hours_share": 5500,
    "primary_hours_in_school": 600,
    "junior_hours_in_school": 700,
    "government_work_score": 9200,
}


def clean_rows() -> Rows:
    """A primary school, a full secondary school, and every other table filled in."""
    secondary = _SCHOOL | {
        "school_id": SECONDARY,
        "school_name": "青石中学",
        "school_type": "full_secondary_school",
        "senior_student_count": 100,
        "previous_year_student_count": 90,
        "teaching_floor_area": 1500 * SQUARE_METRE,
    }
    junior = _STAGE | {"school_id": SECONDARY, "stage": "junior", "student_count": 90}
    spending = {"general_education_spending": 80_000 * WAN_YUAN, "spending_student_count": 40_000}
    return {
        "schools": [dict(_SCHOOL), secondary],
        "stages": [dict(_STAGE), junior],
        "classes": [
            *({**_class(PRIMARY, "primary", grade), "student_count": 40} for grade in (1, 2)),
            *({**_class(SECONDARY, "junior", grade), "student_count": 45} for grade in (7, 8)),
        ],
        "rooms": [
            {"school_id": PRIMARY, "room_name": "音乐教室1", "purpose": "music", "area": 96 * SQUARE_METRE},
            {"school_id": PRIMARY, "room_name": "美术教室1", "purpose": "fine_art", "area": 90 * SQUARE_METRE},
        ],
        "cohorts": [
            {
                "school_id": SECONDARY,
                "graduate_count": 98,
                "entrant_count": 100,
                "transferred_in_count": 3,
                "transferred_out_count": 4,
                "death_count": 0,
            }
        ],
        "county": [dict(_COUNTY)],
        "county_subjects": [{"subject": "mathematics", "is_monitored": True, "level": 3, "variation": 1200}],
        "county_years": [
            {"spending_year": year, "is_funding_growth_met": True, **spending} for year in range(2019, 2024)
        ],
        "survey_groups": [
            {
                "group": "parent",
                "questionnaire_count": 200,
                "valid_count": 190,
                "satisfied_count": 180,
                "visited_count": 20,
                "visit_satisfied_count": 19,
            }
        ],
        "judgements": [
            {
                "item_id": "item",
                "result": "met",
                "points": 900,
                "assessor": "评估员甲",
                "evidence": "A1",
                "assessed_on": "2024-10-15",
            }
        ],
    }


def _class(school_id: str, stage: str, grade: int) -> dict[str, Any]:
    return {"school_id": school_id, "stage": stage, "grade": grade, "class_name": "1班"}


def put(table: str, index: int = 0, **values: Any) -> Edit:
    """Overwrite fields of one row."""
    return lambda rows: rows[table][index].update(values)


def add(table: str, index: int = 0, **values: Any) -> Edit:
    """Append a copy of a row with other values."""
    return lambda rows: rows[table].append(rows[table][index] | values)


def drop(table: str, index: int = 0) -> Edit:
    """Take a row out."""

    def edit(rows: Rows) -> None:
        del rows[table][index]

    return edit


def spoiled(*edits: Edit) -> Rows:
    """The clean rows after the edits."""
    rows = deepcopy(clean_rows())
    for edit in edits:
        edit(rows)
    return rows


def facts_of(dictionary: FieldDictionary, rows: Mapping[str, list[dict[str, Any]]], **given: Any) -> Facts:
    """Facts of the example county, 2024."""
    return facts_from_rows(dictionary, county_code="990001", county_name="示例县", year=2024, rows=rows, **given)
