"""One entry of a scenario: what people write, and what it becomes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.planning.scenario.entries import WrongValueError, is_blank, number_of, parse, plain_number, written
from junheng.planning.scenario.fields import field_of


@pytest.mark.parametrize(
    ("path", "value", "wanted"),
    [
        ("target_year", "２０２８", 2028),
        ("target_year", 2028.0, 2028),
        ("prices.hire_teacher", "90,000.50", 9_000_050),
        ("discount_rate", "3%", Fraction(3, 100)),
        ("discount_rate", 2.5, Fraction(1, 40)),
        ("cv_margin", 0.0001, Fraction(1, 10_000)),
        ("with_rotation", "是", True),
        ("with_rotation", False, False),
        ("goal", "全部达标，费用最少", "cheapest"),
        ("goal", " fewest_failing ", "fewest_failing"),
        ("title", 2028.0, "2028"),
        ("title", " 甲 ", "甲"),
        ("exceptions", "a，b、a", ("a", "b")),
        ("exceptions", ["a", " ", None], ("a",)),
    ],
)
def test_parse_when_it_can_be_taken_then_canonical(path, value, wanted):
    assert parse(field_of(path), value) == wanted


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("target_year", "明年", "应填数字"),
        ("target_year", True, "应填数字"),
        ("target_year", "nan", "应填数字"),
        ("target_year", "1e40", "应填数字"),
        ("target_year", 2028.5, "应填整数"),
        ("target_year", 1800, "不能小于 1990 年"),
        ("target_year", 3000, "不能大于 2100 年"),
        ("prices.hire_teacher", -1, "不能小于 0 元"),
        ("prices.hire_teacher", "1.005", "最多精确到分"),
        ("with_rotation", "也许", "应填“是”或“否”"),
        ("goal", "最好", "应是其中之一：cheapest（全部达标，费用最少）"),
        ("title", ["甲"], "应填文字"),
        ("exceptions", {"a": 1}, "应是一个列表"),
        ("exceptions", [["a"]], "应是一个列表"),
    ],
)
def test_parse_when_it_cannot_be_taken_then_the_reason(path, value, reason):
    with pytest.raises(WrongValueError, match=reason.replace("（", ".").replace("）", ".")):
        parse(field_of(path), value)


def test_written_when_canonical_then_human_units():
    assert written(field_of("prices.hire_teacher"), 9_000_050) == 90_000.5
    assert written(field_of("discount_rate"), Fraction(3, 100)) == 3
    assert written(field_of("cv_margin"), Fraction(1, 10_000)) == 0.0001
    assert written(field_of("exceptions"), ("a",)) == ["a"]
    assert written(field_of("title"), None) is None


@given(st.integers(0, 10**9))
def test_written_when_money_is_any_fen_then_it_comes_back(fen):
    entry = field_of("prices.hire_teacher")
    assert parse(entry, written(entry, fen)) == fen


def test_is_blank_when_nothing_was_written_then_true():
    assert [is_blank(value) for value in (None, "", "  ", 0, False, "x")] == [True, True, True, False, False, False]


def test_number_of_when_exact_then_no_float_creeps_in():
    assert number_of("0.1") == Fraction(1, 10)
    assert plain_number(Fraction(7, 2)) == 3.5
