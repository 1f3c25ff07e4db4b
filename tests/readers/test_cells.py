import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.readers import cells
from junheng.readers.sheets import CellError

BLANKS = [None, "", "  ", "\u3000", "无", "—", "——", "-", "－", "/", "／", "空", "N/A", "暂无", "\ufeff", "'"]


def outcome(parsed):
    return parsed.value, parsed.problem.code if parsed.problem else None


@pytest.mark.parametrize("cell", BLANKS)
def test_parse_integer_when_blank_then_missing_and_not_zero(cell):
    assert outcome(cells.parse_integer(cell, scale=100)) == (None, None)
    assert outcome(cells.parse_ratio(cell, scale=100)) == (None, None)
    assert outcome(cells.parse_year(cell)) == (None, None)
    assert outcome(cells.parse_date(cell)) == (None, None)


@pytest.mark.parametrize(
    ("cell", "scale", "value", "problem"),
    [
        ("0", 1, 0, None),
        (0.0, 1, 0, None),
        (12, 1, 12, None),
        (12.0, 100, 1_200, None),
        (12.1, 100, 1_210, None),
        (12.35, 1_000_000, 12_350_000, None),  # 12.35 万元 = 123 500 元 = 12 350 000 分
        (0.1 + 0.2, 100, 30, None),  # 0.30000000000000004 is 0.3 in the 15 digits that are shown
        (1.005, 1_000, 1_005, None),
        ("１２．５", 100, 1_250, None),
        ("1,234", 1, 1_234, None),
        ("１，２３４，５６７", 1, 1_234_567, None),
        (" 12\u3000", 1, 12, None),
        ("'12", 1, 12, None),
        ("\u200b12", 1, 12, None),
        ("+5", 1, 5, None),
        ("-5", 1, -5, None),
        ("\u22125", 1, -5, None),
        (".5", 100, 50, None),
        ("5.", 1, 5, None),
        ("1e3", 1, 1_000, None),
        ("12.345", 100, 1_235, "too_precise"),  # 1234.5 rounds half up
        (12.345, 100, 1_235, "too_precise"),
        ("12.5", 1, 13, "too_precise"),
        ("-12.5", 1, -13, "too_precise"),
        ("1e-999", 100, 0, "too_precise"),
        ("12.5%", 1_000, 125, "percent_out_of_place"),
        ("12 ％", 100, 12, "percent_out_of_place"),
        (dt.date(1900, 1, 12), 1, 12, "number_as_date"),
        (dt.date(1900, 2, 28), 1, 59, "number_as_date"),
        (dt.date(1900, 3, 1), 1, 61, "number_as_date"),
        (dt.datetime.fromisoformat("2023-03-15T12:00"), 1, 45_000, "number_as_date"),
        (CellError("#REF!"), 1, None, "error_cell"),
        (CellError("DISPIMG"), 1, None, "error_cell"),
        ("12人", 1, None, "has_unit"),
        ("350㎡", 1, None, "has_unit"),
        ("12²", 1, None, "has_unit"),
        ("1,23", 1, None, "not_a_number"),
        ("12,3456", 1, None, "not_a_number"),
        ("十二", 1, None, "not_a_number"),
        ("1.2.3", 1, None, "not_a_number"),
        (".", 1, None, "not_a_number"),
        ("%", 1, None, "not_a_number"),
        ("e5", 1, None, "not_a_number"),
        ("1e5x", 1, None, "not_a_number"),
        ("9" * 70, 1, None, "not_a_number"),
        (True, 1, None, "not_a_number"),
        (float("nan"), 1, None, "not_a_number"),
        (float("inf"), 1, None, "not_a_number"),
        ("1e999", 1, None, "too_large"),
        (1e300, 1, None, "too_large"),
        (1e14, 1_000_000, None, "too_large"),
        ("9223372036854775807", 1, 2**63 - 1, None),
        ("9223372036854775808", 1, None, "too_large"),
    ],
)
def test_parse_integer_when_cell_then_value_and_problem(cell, scale, value, problem):
    parsed = cells.parse_integer(cell, scale=scale)

    assert outcome(parsed) == (value, problem)
    assert type(parsed.value) in (int, type(None))
    assert parsed.original is cell


def test_parse_integer_when_text_is_very_long_then_message_is_short():
    parsed = cells.parse_integer("字" * 5_000, scale=1)

    assert parsed.problem is not None
    assert len(parsed.problem.reason) < 60


def test_parse_integer_when_too_precise_then_reason_says_how_many_decimals():
    whole, hundredths = (cells.parse_integer("1.2345", scale=scale).problem for scale in (1, 100))

    assert whole is not None
    assert hundredths is not None
    assert "应填整数" in whole.reason
    assert "最多 2 位小数" in hundredths.reason


def oracle(number, scale):
    """The slow truth: exact decimal, rounded half up, and whether nothing was lost."""
    exact = number * scale
    rounded = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(rounded), rounded == exact


numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False)
scales = st.sampled_from([1, 100, 10_000, 1_000_000])


@given(numbers, scales)
def test_parse_integer_when_decimal_text_then_as_the_oracle(number, scale):
    value, exact = oracle(number, scale)

    parsed = cells.parse_integer(f"{number:f}", scale=scale)

    assert outcome(parsed) == (value, None if exact else "too_precise")


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), scales)
def test_parse_integer_when_float_of_short_decimal_then_as_the_decimal(digits, places, scale):
    number = Decimal(digits).scaleb(-places)
    value, exact = oracle(number, scale)

    parsed = cells.parse_integer(float(number), scale=scale)

    assert outcome(parsed) == (value, None if exact else "too_precise")


@given(st.integers(0, 10**12), scales)
def test_parse_integer_when_grouped_or_full_width_then_as_plain(number, scale):
    plain = cells.parse_integer(str(number), scale=scale)
    grouped = f"{number:,}"
    wide = grouped.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})

    assert cells.parse_integer(grouped, scale=scale).value == plain.value == number * scale
    assert cells.parse_integer(f"\u3000{wide} ", scale=scale).value == number * scale


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()))
def test_parsers_when_anything_then_never_raise_and_stay_in_64_bits(cell):
    integer = cells.parse_integer(cell, scale=100).value
    assert integer is None or (isinstance(integer, int) and -(2**63) <= integer < 2**63)
    for parse in (cells.parse_text, cells.parse_boolean, cells.parse_year, cells.parse_date):
        parse(cell)
    cells.parse_ratio(cell, scale=10_000)
    cells.parse_choice(cell, {"小学": "primary"})


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("95%", 9_500, None),
        ("９５．５％", 9_550, None),
        (0.95, 9_500, None),
        ("0.95", 9_500, None),
        (1, 10_000, None),
        (0, 0, None),
        ("105%", 10_500, None),
        (95, None, "ratio_above_one"),
        ("95", None, "ratio_above_one"),
        (1.05, None, "ratio_above_one"),
        ("33.333%", 3_333, "too_precise"),
        (dt.date(2024, 1, 1), None, "number_as_date"),
        (CellError("#N/A"), None, "error_cell"),
        ("高", None, "not_a_number"),
    ],
)
def test_parse_ratio_when_cell_then_value_and_problem(cell, value, problem):
    assert outcome(cells.parse_ratio(cell, scale=10_000)) == (value, problem)


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        (None, None, None),
        ("  ", None, None),
        ("　虚构Ａ小学　", "虚构A小学", None),
        ("无", "无", None),
        (1234567890.0, "1234567890", None),
        (1234567890, "1234567890", None),
        ("'0123456789", "0123456789", None),
        (12.5, "12.5", None),
        (True, "是", None),
        (False, "否", None),
        (1e15, None, "id_lost_digits"),
        (999_999_999_999_999.0, "999999999999999", None),
        ("1.23457E+09", None, "id_lost_digits"),
        (float("inf"), None, "id_lost_digits"),
        (dt.date(2024, 3, 1), "2024-03-01", "text_as_date"),
        (CellError("#REF!"), None, "error_cell"),
    ],
)
def test_parse_text_when_cell_then_value_and_problem(cell, value, problem):
    assert outcome(cells.parse_text(cell)) == (value, problem)


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        (True, True, None),
        ("是", True, None),
        ("√", True, None),
        ("Ｙ", True, None),
        (1.0, True, None),
        ("有", True, None),
        ("否", False, None),
        ("无", False, None),
        ("×", False, None),
        (0, False, None),
        ("No", False, None),
        (None, None, None),
        ("—", None, None),
        ("也许", None, "not_a_boolean"),
        (CellError("#N/A"), None, "error_cell"),
    ],
)
def test_parse_boolean_when_cell_then_value_and_problem(cell, value, problem):
    assert outcome(cells.parse_boolean(cell)) == (value, problem)


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("小学", "primary", None),
        (" 小 学", "primary", None),
        ("PRIMARY", "primary", None),
        (1.0, "primary", None),
        ("初中", "junior", None),
        (None, None, None),
        ("-", None, None),
        ("高中", None, "unknown_choice"),
        (CellError("#N/A"), None, "error_cell"),
    ],
)
def test_parse_choice_when_cell_then_id_and_problem(cell, value, problem):
    assert outcome(cells.parse_choice(cell, {"小学": "primary", "1": "primary", "初中": "junior"})) == (value, problem)


@pytest.mark.parametrize("cell", ["教学点", " 教学点 ", "教 学 点"])
def test_parse_choice_when_cell_is_an_alias_then_its_id_without_a_problem(cell):
    assert outcome(cells.parse_choice(cell, {"小学教学点": "teaching_point"}, {"教学点": "teaching_point"})) == (
        "teaching_point",
        None,
    )


def test_parse_choice_when_unknown_then_aliases_are_not_recommended():
    problem = cells.parse_choice("大学", {"小学": "primary"}, {"小学部": "primary"}).problem

    assert problem is not None
    assert "小学部" not in problem.reason


def test_parse_choice_when_there_are_many_choices_then_the_first_eight_are_named():
    problem = cells.parse_choice("x", {str(i): str(i) for i in range(10, 20)}).problem

    assert problem is not None
    assert problem.reason.endswith("可选：10、11、12、13、14、15、16、17 等")


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        (2016, 2016, None),
        (2016.0, 2016, None),
        ("２０１６年", 2016, None),
        ("2016学年", 2016, None),
        ("2016-09", 2016, None),
        ("2016年9月1日", 2016, None),
        (dt.date(2016, 9, 1), 2016, "year_was_date"),
        (dt.date(1905, 7, 8), 2016, "year_was_date"),  # serial 2016 shown as a date
        (42614, 2016, "year_was_date"),  # serial of 2016-09-01
        (16, None, "not_a_year"),
        (2016.5, None, "not_a_year"),
        ("2016%", None, "not_a_year"),
        ("民国五年", None, "not_a_year"),
        (CellError("#N/A"), None, "error_cell"),
    ],
)
def test_parse_year_when_cell_then_value_and_problem(cell, value, problem):
    assert outcome(cells.parse_year(cell)) == (value, problem)


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        (dt.date(2024, 9, 1), "2024-09-01", None),
        (dt.datetime.fromisoformat("2024-09-01T08:00"), "2024-09-01", None),
        ("2024.9.1", "2024-09-01", None),
        ("2024年9月1日", "2024-09-01", None),
        ("2024/09/01 00:00:00", "2024-09-01", None),
        (45536, "2024-09-01", None),
        (20240901.0, "2024-09-01", None),
        ("20240901", "2024-09-01", None),
        ("2024-02-30", None, "not_a_date"),
        ("20241301", None, "not_a_date"),
        ("2024年9月", None, "not_a_date"),
        ("50%", None, "not_a_date"),
        (2024.9, None, "not_a_date"),
        (7, None, "not_a_date"),
        ("昨天", None, "not_a_date"),
        (CellError("#N/A"), None, "error_cell"),
    ],
)
def test_parse_date_when_cell_then_iso_and_problem(cell, value, problem):
    assert outcome(cells.parse_date(cell)) == (value, problem)
