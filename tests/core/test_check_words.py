"""Numbers and rows in words."""

from fractions import Fraction

import pytest

from junheng.core.check_tables import check_tables
from junheng.core.check_words import Speaker, ratio_text, rounded_text, value_text
from junheng.readers.dictionary import load_dictionary
from tests.core.check_county import clean_rows, facts_of

DICTIONARY = load_dictionary()


@pytest.mark.parametrize(
    ("table", "name", "value", "text"),
    [
        ("schools", "equipment_value", 1_500_000, "1.5 万元"),  # 1 500 000 分 ÷ 1 000 000
        ("schools", "equipment_value", 2_000_000_000, "2000 万元"),
        ("schools", "teaching_floor_area", 1, "0.01 ㎡"),
        ("schools", "book_count", 0, "0 册"),
        ("schools", "book_count", None, "未填"),
        ("schools", "is_boarding", True, "是"),
        ("schools", "is_boarding", False, "否"),
        ("schools", "built_year", 2012, "2012"),
        ("schools", "school_type", "nine_year_school", "九年一贯制学校"),
        ("schools", "school_type", "college", "college"),
        ("county_subjects", "level", 3, "Ⅲ级"),
        ("county_subjects", "variation", 1250, "0.125"),
        ("county", "labour_hours_share", 5550, "55.5%"),
    ],
)
def test_value_text_when_a_value_is_told_then_it_carries_its_typed_unit(table, name, value, text):
    assert value_text(DICTIONARY.field(table, name), value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(Fraction(1, 3), "0.3333"), (Fraction(123_456), "123500"), (Fraction(5000), "5000"), (Fraction(0), "0")],
)
def test_rounded_text_when_a_number_is_long_then_four_digits_are_left(number, text):
    assert rounded_text(number) == text


def test_ratio_text_when_the_field_is_a_count_then_there_is_no_unit():
    assert ratio_text(DICTIONARY.field("stages", "student_count"), Fraction(25, 2)) == "12.5"
    assert ratio_text(DICTIONARY.field("rooms", "area"), Fraction(25, 2)) == "12.5 ㎡"


def test_speaker_when_a_row_has_no_names_then_it_says_so():
    tables = check_tables(facts_of(DICTIONARY, clean_rows()), DICTIONARY, None)
    speaker = Speaker(tables=tables, school_names={})
    assert speaker.row("county", {"county_name": None}) == "示例县"
    assert speaker.row("rooms", {"school_id": "1", "room_name": None}) == "1“未填”"
    assert speaker.row("survey_groups", {"group": "parent"}) == "“家长”"
    assert speaker.row("county_years", {"spending_year": None}) == "未填 年"
    assert speaker.subject("judgements", {"item_id": "item"}) == "指标 item"


def test_speaker_when_a_school_is_named_in_its_row_then_that_name_goes_before_the_one_of_its_number():
    tables = check_tables(facts_of(DICTIONARY, clean_rows()), DICTIONARY, None)
    speaker = Speaker(tables=tables, school_names={"1": "先填的学校"})
    assert speaker.school({"school_id": "1", "school_name": "又填的学校"}) == "又填的学校"
    assert speaker.school({"school_id": "1"}) == "先填的学校"
    assert speaker.school({"school_id": "2"}) == "2"
    assert speaker.school({"school_id": None}) == "（未填标识码的学校）"
