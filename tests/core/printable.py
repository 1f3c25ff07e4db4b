"""Whether what an item found can be printed: figures with the unit of their facts, messages that are whole Chinese sentences."""

import re

from junheng.core.verdict import Failure, Figure, ItemResult
from junheng.readers.dictionary import load_dictionary

DICTIONARY = load_dictionary()
UNITS = {"", "人", "所", "间", "个", "份", "分", "元", "万元", "%", "‰", "年", "级", "小时"}
CODE = re.compile(r"[a-z]+(-[a-z]+)*")
OWN_UNITS = {  # what the dictionary does not say: years counted from a date, a share of all lessons, a level
    "county.basic_balance_recognised_on": "年",
    "county.labour_hours_share": "%",
    "county_subjects.level": "级",
}

MADE_OF = {  # the figures that are made of several facts of one table
    "special_school_funds_per_student": "county.special_school_public_funds special_school_student_count",
    "inclusive_funds_per_student": "county.inclusive_public_funds inclusive_student_count",
    "training_completion_share": "stages.trained_teacher_count full_time_teacher_count",
    "certified_share": "stages.certified_teacher_count full_time_teacher_count",
    "exchange_share": "county.rotation_eligible_count rotated_teacher_count",
    "backbone_share": "county.rotated_teacher_count rotated_backbone_count",
    "allotted_share": "county.senior_high_quota senior_high_quota_allotted",
    "rural_share": "county.senior_high_quota_allotted senior_high_quota_rural",
    "migrant_counted_count": "county.migrant_in_public_count migrant_in_purchased_count",
    "migrant_share": "county.migrant_children_count migrant_in_public_count migrant_in_purchased_count",
    "disabled_enrolment_share": "county.disabled_children_count disabled_enrolled_count",
    "special_school_share": "county.disabled_enrolled_count disabled_in_special_school_count",
    "training_budget_share": "schools.training_budget public_funds_budget",
    "total_satisfied_share": "survey_groups.valid_count satisfied_count",
    "total_visit_satisfied_share": "survey_groups.visited_count visit_satisfied_count",
    "primary_students_per_staff": "stages.student_count staff_count",
    "junior_nearby_share": "stages.in_catchment_student_count student_count",
}


def check_printable(result: ItemResult) -> None:
    """AssertionError when a figure, failure or message of the result cannot be printed as it is."""
    for figure in result.figures:
        check_figure(figure)
    for failure in result.failures:
        check_failure(failure)
    for reason in (*result.reasons, *(entry.reason for entry in result.sub_items if entry.reason is not None)):
        assert CODE.fullmatch(reason.code), reason
        check_message(reason.text)


def check_figure(figure: Figure) -> None:
    """Its unit is that of the facts it names."""
    assert figure.sources, figure
    assert set(figure.sources) <= DICTIONARY.ids, figure
    if figure.id in MADE_OF:
        table, names = MADE_OF[figure.id].split(".")
        assert figure.sources == tuple(f"{table}.{name}" for name in names.split()), figure
    assert figure.label, figure
    assert figure.unit in UNITS, figure
    if figure.unit in {"%", "‰"}:
        assert figure.decimals > 0, figure
    elif len(figure.sources) == 1 and figure.key:
        unit = DICTIONARY.field(*figure.sources[0].split(".")).unit
        assert figure.unit == OWN_UNITS.get(figure.sources[0], unit), figure
    assert figure.id.endswith(("_share", "_rate")) is (figure.unit in {"%", "‰"}), figure


def check_failure(failure: Failure) -> None:
    """It is a part of a sentence about a school, and says how much is missing."""
    assert not re.search("[A-Z]|。$", failure.text), failure
    assert failure.unit in UNITS, failure
    assert failure.shortfall is not None, failure
    assert failure.shortfall > 0, failure


def check_message(text: str) -> None:
    """It is a whole Chinese sentence."""
    assert text.endswith("。"), text
    assert not re.search("[A-Z]", text), text  # no None, and no English beyond ids
    assert not re.search(r"\s\s|^\s", text), text
