"""Blanks, amounts, names and marks as official papers print them."""

from datetime import date
from fractions import Fraction

import pytest

from junheng.core.verdict import Reason
from junheng.reports.wording import (
    BLANK,
    amount,
    chinese_date,
    cv_limit,
    filled,
    limit_text,
    listed,
    money,
    official,
    outcome_word,
    reason_text,
    signed,
)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(None, 2, BLANK), (0, 0, "0"), (Fraction(1, 8), 2, "0.13"), (Fraction(-1, 8), 2, "-0.13"), (2.5, 0, "3")],
)
def test_filled_when_missing_then_a_blank_else_rounded_half_up(value, decimals, expected):
    assert filled(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(-0.051, "−0.051"), (0.0514, "+0.051"), (-0.0004, "0.000"), (0.0, "0.000")]
)
def test_signed_when_it_prints_as_nothing_then_without_a_sign(value, expected):
    assert signed(value, 3) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "—"), (Fraction(2000), "2000"), (Fraction(21, 5), "4.2"), (Fraction(1, 3), "0.33333333")],
)
def test_limit_text_when_printed_then_it_has_no_needless_zeros(value, expected):
    assert limit_text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "—"), (Fraction(1, 2), "0.50"), (Fraction(9, 20), "0.45"), (Fraction(3, 8), "0.375")]
)
def test_cv_limit_when_printed_then_it_has_two_decimals_at_least(value, expected):
    assert cv_limit(value) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, "元", f"{BLANK}元"),
        (None, "比例", BLANK),
        (Fraction(17, 20), "比例", "85.0%"),
        (Fraction(3, 2), "㎡", "1.5㎡"),
        (Fraction(123456), "元", "123456元"),
    ],
)
def test_amount_when_printed_then_the_unit_follows(value, unit, expected):
    assert amount(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Fraction(123456), "元", "12.35万元"),
        (Fraction(9999), "元", "9999元"),
        (Fraction(123456), "㎡", "123456㎡"),
        (None, "元", f"{BLANK}元"),
    ],
)
def test_money_when_large_then_in_ten_thousands(value, unit, expected):
    assert money(value, unit) == expected


def test_listed_when_there_are_many_then_some_are_named_and_all_counted():
    assert listed(["甲", "乙", "甲"], 2) == "甲、乙"
    assert listed(["甲", "乙", "丙"], 2) == "甲、乙等3所"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完成率为 99.8%,低于要求的 100%。", "完成率为99.8%，低于要求的100%。"),
        ("学校:缺少“甲”;请补报", "学校：缺少“甲”；请补报"),
        ("初中1年级(3)班 51 人", "初中1年级(3)班51人"),
        ("共 3 间(面积不足:音乐室 60㎡)", "共3间（面积不足：音乐室60㎡）"),
        ("A-01, B-02: 10:30", "A-01, B-02: 10:30"),
    ],
)
def test_official_when_chinese_stands_beside_a_mark_then_it_is_full_width(text, expected):
    assert official(text) == expected


def test_reason_when_it_names_an_id_then_the_paper_says_this_item():
    reason = Reason("judgement-missing", "layout_and_planning/point 尚未审核,请填写。")
    assert reason_text(reason, "layout_and_planning") == "本项尚未审核，请填写。"
    assert reason_text(reason) == "layout_and_planning/point 尚未审核，请填写。"


def test_words_when_printed_then_dates_and_outcomes_are_chinese():
    assert chinese_date(date(2025, 1, 2)) == "2025年1月2日"
    assert outcome_word(None) == "——"
