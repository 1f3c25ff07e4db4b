"""Facts that are taken as changed."""

import pytest

from junheng.core.errors import InputError
from junheng.web.plans import what_if
from tests.web.evaluations.county import facts_of

SCHOOL = "9900000001"


def change(field: str = "stages.student_count", text: str = "900", stage: str = "primary", school: str = SCHOOL):
    return what_if.change_of(facts_of(), school=school, stage=stage, field=field, text=text)


def value(facts, table: str, field: str):
    rows = facts.table(table).rows(named=True)
    return next(row[field] for row in rows if row["school_id"] == SCHOOL)


def test_applied_when_numbers_are_changed_then_only_those_differ() -> None:
    facts = facts_of()
    changes = [change(), change("schools.outdoor_sports_area", "12345.5")]
    supposed = what_if.applied(facts, changes)

    assert value(supposed, "stages", "student_count") == 900
    assert value(supposed, "schools", "outdoor_sports_area") == 1_234_550  # 0.01 ㎡
    assert value(supposed, "schools", "book_count") == value(facts, "schools", "book_count")
    assert what_if.applied(facts, []) is facts


def test_with_change_when_the_same_number_changes_again_then_the_last_one_counts() -> None:
    changes = what_if.with_change(what_if.with_change([], change()), change(text="950"))

    assert [entry["value"] for entry in changes] == [950]


@pytest.mark.parametrize(
    "wrong",
    [
        {"field": "schools.school_name"},
        {"field": "nothing"},
        {"school": "0000000000"},
        {"stage": "junior"},
        {"text": "很多"},
        {"text": ""},
    ],
)
def test_change_when_it_will_not_do_then_refuses(wrong) -> None:
    with pytest.raises(InputError):
        change(**wrong)


def test_typed_when_shown_then_is_in_the_unit_people_type() -> None:
    entries = {entry.id: entry for _table, entry in what_if.changeable()}

    assert what_if.typed(entries["outdoor_sports_area"], 1_234_550) == 12345.5
    assert what_if.typed(entries["outdoor_sports_area"], None) is None
