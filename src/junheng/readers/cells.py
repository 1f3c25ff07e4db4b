"""One raw cell to one typed value: what people type in spreadsheets, read exactly, or refused with a reason.

Nothing here guesses silently. A blank is missing (`value` None, no problem) and never zero; a cell that cannot be read
gives a `Problem`; a cell that can be read only by assuming something gives both the value offered and the problem.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import chain

from junheng.readers.sheets import CellError, CellValue

BLANK_WORDS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "–",
        "―",
        "─",
        "/",
        "\\",
        "无",
        "空",
        "暂无",
        "未填",
        "无数据",
        "不详",
        "n/a",
        "na",
        "null",
        "none",
    }
)
"""Words that mean “nothing was filled in” where a number, date or year is expected (compared in lower case)."""

_TRUE_WORDS = frozenset({"是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "t", "1", "已"})
_FALSE_WORDS = frozenset(
    {"否", "无", "不是", "没有", "错", "×", "✗", "✘", "☒", "x", "n", "no", "false", "f", "0", "未"}
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?")
_UNIT = re.compile(r"[+-]?[0-9][0-9,.]*\s*(?:[^\W\d]|[㎡²³º°¥$])")
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*(?:年|学年|年度|级|届)?(?:[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,2}日?|月)?)?")
_DATE = re.compile(r"([12][0-9]{3})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T][0-9:.]+)?")
_COMPACT_DATE = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_EXACT = Context(prec=1_200)
_LARGEST = 2**63 - 1
_LONGEST_NUMBER = 60
_EXACT_FLOAT = 10**15  # a spreadsheet keeps 15 digits
_PLAIN_DIGITS = 9  # whatever the scale, such a number is far from the largest
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(18_264, 73_051)  # 1950-01-01 to 2100-01-01
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell was not taken as it stands: a stable code in snake_case and a reason in Chinese."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A typed value, or None; with a problem or without.

    (None, no problem) is a blank cell: missing. (value, problem) is a value offered for confirmation.
    `original` is the cell as it stood in the file.
    """

    value: int | str | bool | None
    problem: Problem | None = None
    original: CellValue = None


def parse_integer(cell: CellValue, *, scale: int) -> Parsed:
    """The number as an integer in units of 1/`scale` (100: hundredths of a square metre; 1_000_000: 万元 to fen), exactly.

    A float means its shortest decimal text, at most the 15 digits a spreadsheet keeps. Full-width digits, thousands
    separators, blanks and a leading apostrophe are understood. Problems: too_precise (value rounded half up),
    percent_out_of_place (value is the ratio), number_as_date (value is the serial number), has_unit, too_large,
    not_a_number, error_cell.
    """
    if isinstance(cell, date):
        serial = _serial_of(cell)
        reason = f"单元格是日期（{cell.isoformat()[:10]}），这里应填数字；如原数为 {serial}，请把单元格格式改为“常规”"
        return Parsed(serial * scale, Problem("number_as_date", reason), cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_FLOAT:
        cell_value = int(cell) * scale  # by far the most frequent cell, and exact
        return Parsed(cell_value, None, cell) if abs(cell_value) <= _LARGEST else _too_large(cell)
    if isinstance(cell, str) and len(cell) <= _PLAIN_DIGITS and cell.isascii() and cell.isdigit():
        return Parsed(int(cell) * scale, None, cell)  # what people type and programs send nearly always
    number, percent, problem = _number(cell)
    if number is None:
        return Parsed(None, problem, cell)
    parsed = _scaled(number, percent, scale, cell)
    if not percent:
        return parsed
    reason = f"“{_shown(cell)}”是百分比，这里应填数量，不应带百分号"
    return Parsed(parsed.value, Problem("percent_out_of_place", reason), cell)


def parse_ratio(cell: CellValue, *, scale: int) -> Parsed:
    """The ratio as an integer in units of 1/`scale`: "95%" and 0.95 are the same.

    Without a percent sign a number above 1 may be meant in per cent or not, so it is refused with ratio_above_one and no
    value. Other problems as in `parse_integer`.
    """
    if isinstance(cell, date):
        return Parsed(
            None, Problem("number_as_date", "单元格是日期，这里应填比例，请把单元格格式改为“百分比”后重填"), cell
        )
    number, percent, problem = _number(cell)
    if number is None:
        return Parsed(None, problem, cell)
    if not percent and abs(number) > 1:
        reason = f"“{_shown(cell)}”大于 1，看不出是不是百分数；请写成“{_plain(number)[:40]}%”或换算为小数"
        return Parsed(None, Problem("ratio_above_one", reason), cell)
    return _scaled(number, percent, scale, cell)


def parse_text(cell: CellValue) -> Parsed:
    """The text in NFKC without outer blanks; a whole number typed as a number keeps its digits (an id stays an id).

    Problems: id_lost_digits (more than 15 digits stored as a number, or scientific notation; no value), text_as_date
    (the spreadsheet made a date of it; value is the ISO date), error_cell.
    """
    if isinstance(cell, str):
        text = _clean(unicodedata.normalize("NFKC", cell))
        if _SCIENTIFIC.fullmatch(text):
            return Parsed(None, _lost_digits(text), cell)
        return Parsed(text or None, None, cell)
    if isinstance(cell, CellError):
        return Parsed(None, _error_problem(cell), cell)
    if isinstance(cell, date):
        reason = f"单元格被存成了日期（{cell.isoformat()[:10]}），请把格式改为“文本”后重填"
        return Parsed(cell.isoformat()[:10], Problem("text_as_date", reason), cell)
    if isinstance(cell, bool):
        return Parsed("是" if cell else "否", None, cell)
    if isinstance(cell, float):
        return _float_as_text(cell)
    return Parsed(None if cell is None else str(cell), None, cell)


def parse_boolean(cell: CellValue) -> Parsed:
    """Yes or no from 是/否, 有/无, √/×, Y/N, 1/0 and the like; 无 is a no here, not a blank. Problem: not_a_boolean."""
    if isinstance(cell, bool):
        return Parsed(cell, None, cell)
    text = parse_text(cell)
    if text.problem is not None or text.value is None:
        return Parsed(None, text.problem, cell)
    word = str(text.value).lower()
    if word in _TRUE_WORDS or word in _FALSE_WORDS:
        return Parsed(word in _TRUE_WORDS, None, cell)
    if word in BLANK_WORDS:
        return Parsed(None, None, cell)
    return Parsed(None, Problem("not_a_boolean", f"“{_shown(cell)}”看不出是或否，请填“是”或“否”"), cell)


def parse_choice(cell: CellValue, choices: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> Parsed:
    """The id that `choices` (label, code or id → id) or `aliases` (word → id) give for the cell, blanks and case aside.

    Problem: unknown_choice, with the first choices named; aliases are understood, not recommended.
    """
    text = parse_text(cell)
    if text.problem is not None or text.value is None:
        return Parsed(None, text.problem, cell)
    wanted = str(text.value)
    if wanted in choices:
        return Parsed(choices[wanted], None, cell)
    folded = _folded(wanted)
    for label, identity in chain(choices.items(), (aliases or {}).items()):
        if folded in (_folded(label), _folded(identity)):
            return Parsed(identity, None, cell)
    if wanted.lower() in BLANK_WORDS:
        return Parsed(None, None, cell)
    labels = list(dict.fromkeys(choices))[:8]
    reason = f"“{_shown(cell)}”不在可选项中，可选：{'、'.join(labels)}{' 等' if len(choices) > len(labels) else ''}"
    return Parsed(None, Problem("unknown_choice", reason), cell)


def parse_year(cell: CellValue) -> Parsed:
    """The year from 2016, "2016年", "2016-09" or a date.

    Problems: year_was_date (value is the year; a small number shown as a date of 1905 is taken for the number), not_a_year.
    """
    if isinstance(cell, date):
        serial = _serial_of(cell)
        year = serial if serial in _YEARS else cell.year
        return Parsed(year, Problem("year_was_date", f"单元格是日期，按 {year} 年理解；请直接填四位年份"), cell)
    if isinstance(cell, str):
        match = _YEAR.fullmatch(_clean(unicodedata.normalize("NFKC", cell)))
        if match:
            return Parsed(int(match[1]), None, cell)
    number, percent, problem = _number(cell)
    if number is None:
        return Parsed(None, _renamed(problem, "not_a_year", f"“{_shown(cell)}”不是年份，请填四位年份，如 2016"), cell)
    whole = int(number) if number == number.to_integral_value() and not percent else -1
    if whole in _YEARS:
        return Parsed(whole, None, cell)
    if whole in _SERIALS:
        year = (_SERIAL_EPOCH + timedelta(days=whole)).year
        return Parsed(
            year, Problem("year_was_date", f"“{_shown(cell)}”像是日期序号，按 {year} 年理解；请直接填四位年份"), cell
        )
    return Parsed(None, Problem("not_a_year", f"“{_shown(cell)}”不是年份，请填四位年份，如 2016"), cell)


def parse_date(cell: CellValue) -> Parsed:
    """The day as ISO text (2024-09-01) from a date cell, a serial number from 1950 on, or 2024.9.1 / 2024年9月1日 / 20240901.

    Problem: not_a_date, also for a day that does not exist and for a month without a day.
    """
    if isinstance(cell, datetime):
        return Parsed(cell.date().isoformat(), None, cell)
    if isinstance(cell, date):
        return Parsed(cell.isoformat(), None, cell)
    wrong = Problem("not_a_date", f"“{_shown(cell)}”不是日期，请填成 2024-09-01 的样子")
    text = _clean(unicodedata.normalize("NFKC", cell)) if isinstance(cell, str) else ""
    match = _DATE.fullmatch(text)
    if match is None:
        number, percent, problem = _number(cell)
        if number is None:
            return Parsed(None, _renamed(problem, wrong.code, wrong.reason), cell)
        if percent or number != number.to_integral_value():
            return Parsed(None, wrong, cell)
        if int(number) in _SERIALS:
            return Parsed((_SERIAL_EPOCH + timedelta(days=int(number))).isoformat(), None, cell)
        match = _COMPACT_DATE.fullmatch(_plain(number))
    try:
        return Parsed(date(*map(int, match.groups())).isoformat(), None, cell) if match else Parsed(None, wrong, cell)
    except ValueError:
        return Parsed(None, wrong, cell)


def _number(cell: CellValue) -> tuple[Decimal | None, bool, Problem | None]:
    """The decimal in the cell and whether it carries a percent sign; (None, False, None) for a blank."""
    if cell is None:
        return None, False, None
    if isinstance(cell, CellError):
        return None, False, _error_problem(cell)
    if isinstance(cell, str):
        return _number_in_text(cell)
    if isinstance(cell, bool | date) or (isinstance(cell, float) and not math.isfinite(cell)):
        return None, False, Problem("not_a_number", f"“{_shown(cell)}”不是数字")
    return Decimal(repr(cell)), False, None


def _number_in_text(cell: str) -> tuple[Decimal | None, bool, Problem | None]:
    text = _clean(_narrowed(cell))
    if text.lower() in BLANK_WORDS:
        return None, False, None
    percent = text.endswith("%")
    digits = text.removesuffix("%").rstrip()
    short = len(digits) <= _LONGEST_NUMBER and any(
        character.isdigit() for character in digits.lower().partition("e")[0]
    )
    if short and _NUMBER.fullmatch(digits):
        return Decimal(digits.replace(",", "")), percent, None
    if _UNIT.match(text) and not _SCIENTIFIC.match(text):
        return None, False, Problem("has_unit", f"“{_shown(cell)}”带有单位或文字，请只填数字")
    return None, False, Problem("not_a_number", f"“{_shown(cell)}”不是数字")


def _scaled(number: Decimal, percent: bool, scale: int, cell: CellValue) -> Parsed:
    if number and number.adjusted() > 20:
        return _too_large(cell)
    exact = _EXACT.multiply(number.scaleb(-2, _EXACT) if percent else number, Decimal(scale))
    rounded = int(exact.to_integral_value(ROUND_HALF_UP, _EXACT))
    is_exact = exact == rounded
    if not is_exact and isinstance(cell, float):
        # What a spreadsheet computes carries binary dust in the digits 16 and 17, which it never shows.
        shown = _EXACT.multiply(Decimal(f"{cell:.15g}"), Decimal(scale))
        rounded, is_exact = (int(shown), True) if shown == shown.to_integral_value() else (rounded, False)
    if abs(rounded) > _LARGEST:
        return _too_large(cell)
    if is_exact:
        return Parsed(rounded, None, cell)
    decimals = len(str(scale)) - 1
    reason = f"“{_shown(cell)}”的小数位太多，这里最多 {decimals} 位小数"
    if not decimals:
        reason = f"“{_shown(cell)}”不是整数，这里应填整数"
    return Parsed(rounded, Problem("too_precise", reason), cell)


def _too_large(cell: CellValue) -> Parsed:
    return Parsed(None, Problem("too_large", f"“{_shown(cell)}”太大，请核对"), cell)


def _shown(cell: CellValue) -> str:
    """The cell as a message quotes it."""
    text = str(cell)
    return text if len(text) <= 40 else text[:40] + "…"


def _narrowed(text: str) -> str:
    """Full-width characters and odd blanks made plain; unlike NFKC it does not turn 10² into 102."""
    if text.isascii():
        return text
    text = text.replace("\u2212", "-")
    narrow = ("<wide>", "<narrow>", "<noBreak>")
    return "".join(
        unicodedata.normalize("NFKC", character)
        if unicodedata.decomposition(character).startswith(narrow)
        else character
        for character in text
    )


def _clean(text: str) -> str:
    return text.translate(_INVISIBLE).strip().removeprefix("'").strip()


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _plain(number: Decimal) -> str:
    return f"{number:f}".removesuffix(".0")


def _float_as_text(cell: float) -> Parsed:
    if not math.isfinite(cell) or abs(cell) >= _EXACT_FLOAT:
        return Parsed(None, _lost_digits(repr(cell)), cell)
    return Parsed(str(int(cell)) if cell.is_integer() else repr(cell), None, cell)


def _lost_digits(text: str) -> Problem:
    reason = f"“{text}”是科学计数或超过 15 位的数字，末尾数字已丢失；请把格式改为“文本”后重填"
    return Problem("id_lost_digits", reason)


def _error_problem(cell: CellError) -> Problem:
    if cell.code == "DISPIMG":
        return Problem("error_cell", "单元格里是图片，不是数值或文字")
    return Problem("error_cell", f"单元格显示错误 {cell.code}，请修正公式或直接填写")


def _renamed(problem: Problem | None, code: str, reason: str) -> Problem | None:
    """The problem of a number, told in the words of the type that was wanted; errors and blanks stay as they are."""
    return problem if problem is None or problem.code == "error_cell" else Problem(code, reason)


def _serial_of(day: date) -> int:
    """The spreadsheet number that is shown as this day (1900 system, with its missing leap day before March 1900)."""
    plain = date(day.year, day.month, day.day)
    days = (plain - _SERIAL_EPOCH).days
    return days if plain >= date(1900, 3, 1) else days - 1
