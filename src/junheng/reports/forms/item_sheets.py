"""表Ⅳ, 表Ⅴ and the like: one item per row with the sentence the form asks for; 表Ⅵ; the table of scored points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from junheng.core.item_formulas.recognition import GROUPS
from junheng.core.standard import Part
from junheng.core.verdict import Figure, ItemResult
from junheng.reports.forms.sheet_kit import Book, Sheet
from junheng.reports.item_sentences import item_name, item_reasons, item_sentence
from junheng.reports.wording import amount, outcome_word

__all__ = ["ITEM_SHEETS", "recognition_item", "write_item_sheet", "write_recognition_sheet", "write_score_sheet"]

ITEM_SHEETS: Mapping[Part, tuple[str, str]] = {
    Part.GUARANTEE: ("表Ⅳ", "表Ⅳ 政府保障程度评估指标"),
    Part.QUALITY: ("表Ⅴ", "表Ⅴ 教育质量评估指标"),
    Part.SCHOOL_STANDARD: ("学校办学基本标准", "学校办学基本标准评估"),
    Part.GOVERNMENT_WORK: ("政府推进均衡工作", "政府推进均衡工作评估"),
}
"""Sheet name and title of each part that is a list of items."""

_WIDTHS = (56, 78, 11)
_RECOGNITION_COLUMNS = 8
_RECOGNITION_FIELDS = (
    "questionnaire_count",
    "valid_count",
    "satisfied_count",
    "satisfied_share",
    "visited_count",
    "visit_satisfied_count",
    "visit_satisfied_share",
)
_RECOGNITION_HEADS = {
    "A2:A5": "",
    "B2:D2": "问卷总数",
    "B3:B4": "计",
    "C3:D3": "其中：回收有效问卷数",
    "C4": "计",
    "D4": "其中：满意问卷数",
    "E2:E4": "问卷调查综合满意度（%）",
    "F2:G2": "实地走访人数",
    "F3:F4": "计",
    "G3:G4": "其中：满意人数",
    "H2:H4": "实地走访满意度（%）",
}


def write_item_sheet(book: Book, part: Part) -> None:
    """Write 表Ⅳ or 表Ⅴ (or the sheet of another part): name, value or brief conclusion, outcome."""
    name, title = ITEM_SHEETS[part]
    sheet = book.sheet(name)
    bundle = book.bundle
    sheet.title(f"{title}（{bundle.verdict.year}年度）", len(_WIDTHS))
    for column, text in enumerate(("名称", "指标值或简要结论", "是否达标")):
        sheet.head(f"{chr(ord('A') + column)}2", text)
    row = 2
    for result in bundle.items_of(part):
        _write_item(sheet, row, result)
        row += 1
    sheet.note(
        row,
        "注：表中所有比例数值保留一位小数，其余保留整数（校际差异率保留三位小数）。“＿＿”表示缺少数据。",
        len(_WIDTHS),
    )
    sheet.stamp(row + 1, len(_WIDTHS))
    sheet.widths(_WIDTHS)
    sheet.freeze(2, 1)


def _write_item(sheet: Sheet, row: int, result: ItemResult) -> None:
    texts = (item_name(result), item_sentence(sheet.book.bundle, result))
    sheet.fit(row, texts, _WIDTHS, least=28.0)
    for column, text in enumerate(texts):
        sheet.text(row, column, text)
    tone = {"not_met": "bad", "cannot_tell": "unknown"}.get(result.outcome.value, "")
    sheet.text(row, 2, outcome_word(result.outcome), align="center", tone=tone)


def write_recognition_sheet(book: Book, result: ItemResult) -> None:
    """Write 表Ⅵ from the figures of the item on public recognition: all together, parents, then the other groups."""
    sheet = book.sheet("表Ⅵ")
    sheet.title(f"表Ⅵ 社会认可度调查情况（{book.bundle.verdict.year}年度）", _RECOGNITION_COLUMNS)
    for place, text in _RECOGNITION_HEADS.items():
        sheet.head(place, text)
    for column in range(1, _RECOGNITION_COLUMNS):
        sheet.head(f"{chr(ord('A') + column)}5", f"L{column}")
    figures = {figure.id: figure for figure in result.figures}
    row = 5
    for group, label in {"total": "计", **GROUPS}.items():
        sheet.text(row, 0, label if group == "total" else f"其中：{label}", align="center")
        for column, field in enumerate(_RECOGNITION_FIELDS, start=1):
            figure = figures.get(f"{group}_{field}")
            sheet.number(row, column, figure.value if figure else None, figure.decimals if figure else 0)
        row += 1
    sheet.note(row, _recognition_note(result, figures), _RECOGNITION_COLUMNS, height=44)
    sheet.stamp(row + 1, _RECOGNITION_COLUMNS)
    sheet.widths([18, 13, 13, 15, 18, 13, 15, 18])
    sheet.heights({1: 26, 2: 26, 3: 26, **dict.fromkeys(range(5, row), 24.0)})


def _recognition_note(result: ItemResult, figures: Mapping[str, Figure]) -> str:
    shown = [
        f"{figures[name].label}{amount(figures[name].value, figures[name].unit)}"
        for name in ("sample_rate", "parent_share")
        if name in figures
    ]
    limit = f"满意度应达到{amount(result.limit, '比例')}，" if result.limit is not None else ""
    reasons = "".join(item_reasons(result))
    return f"注：满意度保留一位小数。{limit}判定：{outcome_word(result.outcome)}。{'，'.join(shown)}。{reasons}"


def write_score_sheet(book: Book) -> None:
    """Write 计分表: every scored point with its marks, the items' sums, the total and its band."""
    bundle = book.bundle
    sheet = book.sheet("计分表", landscape=False)
    heads = ("项号", "指标", "计分点", "满分", "得分", "说明")
    sheet.title(f"量化计分表（{bundle.verdict.year}年度）", len(heads))
    for column, text in enumerate(heads):
        sheet.head(f"{chr(ord('A') + column)}2", text)
    row = 2
    for result in (entry for entry in bundle.verdict.items if entry.sub_items):
        row = _write_scored(sheet, row, result)
    _write_total(sheet, row, len(heads))
    sheet.stamp(row + 2, len(heads))
    sheet.widths([6, 24, 34, 7, 7, 34])
    sheet.freeze(2, 2)


def _write_scored(sheet: Sheet, row: int, result: ItemResult) -> int:
    first = row
    for sub in result.sub_items:
        reason = "" if sub.points is not None else "尚未评分"
        sheet.fit(row, (sub.name,), (34,))
        sheet.text(row, 2, sub.name)
        sheet.number(row, 3, sub.full_points, _places(sub.full_points))
        sheet.number(row, 4, sub.points, 2)
        sheet.text(row, 5, reason, tone="unknown" if reason else "")
        row += 1
    sheet.merged(f"A{first + 1}:A{row + 1}", result.number)
    sheet.merged(f"B{first + 1}:B{row + 1}", result.name, align="left")
    sheet.text(row, 2, "小计", bold=True)
    sheet.number(row, 3, result.full_points, _places(result.full_points))
    sheet.number(row, 4, result.points, 2)
    least = f"单项应不低于{amount(result.limit, '分')}：" if result.limit is not None else ""
    sheet.text(row, 5, f"{least}{outcome_word(result.outcome)}")
    return row + 1


def _write_total(sheet: Sheet, row: int, columns: int) -> None:
    scoring = sheet.book.bundle.verdict.scoring
    if scoring is None:
        return
    sheet.merged(f"A{row + 1}:C{row + 1}", "合计")
    sheet.number(row, 3, scoring.full, _places(scoring.full))
    sheet.number(row, 4, scoring.total, 2)
    sheet.text(row, columns - 1, f"{outcome_word(scoring.outcome)}，等次：{scoring.band or '——'}")


def _places(value: Fraction | None) -> int:
    return 0 if value is None or value.denominator == 1 else 1


def recognition_item(results: Sequence[ItemResult]) -> ItemResult | None:
    """The item whose figures fill 表Ⅵ; None when the standard has none."""
    return next((entry for entry in results if any(f.id == "total_valid_count" for f in entry.figures)), None)
