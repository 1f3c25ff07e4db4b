"""差距清单.xlsx: what blocks the county, what each school lacks, and which facts are still to be supplied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.core.gaps import DispersionGap, SchoolGap
from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import IndicatorResult, Outcome, SchoolResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.forms.sheet_kit import Book, Number, Sheet
from junheng.reports.item_sentences import item_name, item_reasons, item_sentence
from junheng.reports.problems import Problem, open_questions, problems
from junheng.reports.resource_tables import dispersion_tone, indicator_tone
from junheng.reports.school_measures import served_together
from junheng.reports.wording import STAGE_WORD, cv_limit, limit_text, official, outcome_word, reason_text, signed

__all__ = ["render_gap_list"]

_MOVERS = 5
_CV_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number of a list with its decimals and tone."""

    value: Number | None
    decimals: int = 0
    tone: str = ""


_Cell = str | _Amount


def render_gap_list(bundle: Bundle) -> bytes:
    """The bytes of the workbook; the same bundle gives the same bytes."""
    verdict = bundle.verdict
    book = Book(bundle, f"{verdict.county_name}{verdict.year}年度义务教育{bundle.programme}差距清单")
    _write_overview(book)
    if bundle.has_thresholds:
        _write_list(book, "学校差距", _school_columns(bundle), _school_rows(bundle), freeze=3)
    if bundle.standard.indicators:
        _write_list(book, "差异系数", _CV_COLUMNS, _dispersion_rows(bundle), freeze=2)
    _write_list(book, "政府保障与质量", _ITEM_COLUMNS, _item_rows(bundle), freeze=2)
    _write_list(book, "无法判定", _OPEN_COLUMNS, _open_rows(bundle), freeze=2)
    if any(need.cost is not None for need in bundle.gaps.needs):
        _write_list(book, "单价", _COST_COLUMNS, _cost_rows(bundle), freeze=2)
    return book.finish()


_Columns = Sequence[tuple[str, float]]


def _write_overview(book: Book) -> None:
    """概览: the outcome of each part, then everything that blocks, gravest first."""
    bundle = book.bundle
    verdict = bundle.verdict
    sheet = book.sheet("概览")
    sheet.title(f"{verdict.county_name}{verdict.year}年度差距清单", 4)
    line = f"依据：{bundle.standard.title}　　总体结论：{outcome_word(verdict.outcome)}"
    sheet.worksheet.write_string(1, 0, line, book.style(font_size=11, text_wrap=False))
    heads: _Columns = (("序号", 6), ("类别", 18), ("问题", 84), ("数量", 16))
    _write_heads(sheet, 2, heads)
    row = 3
    for order, problem in enumerate(problems(bundle), start=1):
        _write_problem(sheet, row, order, problem)
        row += 1
    if row == 3:
        sheet.merged("A4:D4", "没有发现不达标的内容。")
        row = 4
    sheet.stamp(row, len(heads))
    sheet.widths([width for _, width in heads])
    sheet.freeze(3, 0)


def _write_problem(sheet: Sheet, row: int, order: int, problem: Problem) -> None:
    sheet.number(row, 0, order)
    sheet.text(row, 1, problem.kind)
    sheet.text(row, 2, problem.text)
    sheet.text(row, 3, problem.size, align="center")
    sheet.fit(row, (problem.kind, problem.text, problem.size), (18, 84, 16))


def _write_list(book: Book, name: str, columns: _Columns, rows: Iterable[Sequence[_Cell]], *, freeze: int) -> None:
    """A sheet that is one table with filters, frozen so that header and names stay in view."""
    bundle = book.bundle
    sheet = book.sheet(name)
    sheet.title(f"{name}（{bundle.verdict.county_name}{bundle.verdict.year}年度）", len(columns))
    _write_heads(sheet, 1, columns)
    widths = [width for _, width in columns]
    row = 2
    for cells in rows:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.text(row, column, cell)
            else:
                sheet.number(row, column, cell.value, cell.decimals, tone=cell.tone)
        sheet.fit(row, [cell if isinstance(cell, str) else "" for cell in cells], widths)
        row += 1
    sheet.filter(1, row - 1, len(columns))
    if row == 2:
        sheet.merged(f"A3:{chr(ord('A') + len(columns) - 1)}3", "（无）")
        row = 3
    sheet.stamp(row, len(columns))
    sheet.widths(widths)
    sheet.freeze(2, freeze)


def _write_heads(sheet: Sheet, row: int, columns: _Columns) -> None:
    for column, (text, _) in enumerate(columns):
        sheet.head(f"{chr(ord('A') + column)}{row + 1}", text)
    sheet.worksheet.set_row(row, 34)


def _school_columns(bundle: Bundle) -> _Columns:
    floor = bundle.floor_word
    return (
        ("学校标识码", 13),
        ("学校名称", 28),
        ("学段", 6),
        ("该校结论", 9),
        ("指标", 14),
        ("实际值", 10),
        ("标准", 8),
        (f"{floor}线", 8),
        ("达到标准的%", 9),
        ("单位", 6),
        ("本学段缺（到100%）", 11),
        (f"本学段缺（到{floor}）", 11),
        ("全校应增加（到100%）", 12),
        (f"全校应增加（到{floor}）", 12),
        ("处理", 26),
    )


def _school_rows(bundle: Bundle) -> Iterable[Sequence[_Cell]]:
    schools = {school.key: school for school in bundle.verdict.schools}
    for gap in bundle.gaps.schools:
        school = schools[gap.school_id, gap.stage.value]
        for entry, result in bundle.results(school):
            if result.outcome is Outcome.NOT_MET:
                yield _school_row(bundle, gap, school, entry, result)


def _school_row(
    bundle: Bundle, gap: SchoolGap, school: SchoolResult, entry: ResourceIndicator, result: IndicatorResult
) -> Sequence[_Cell]:
    own = next(found for found in gap.gaps if found.indicator_id == entry.id)
    places = 0 if own.unit not in ("㎡", "元") else 2
    share = None if result.value is None or not result.threshold else 100 * result.value / result.threshold
    floor = None if result.threshold is None else limit_text(result.threshold * bundle.floor)
    if entry.id not in gap.leave:
        advice = "须补足到100%"
    elif own.to_floor:
        advice = f"可停在{bundle.floor_word}，须补足到该线"
    else:
        advice = f"可停在{bundle.floor_word}，已达到该线"
    return (
        school.school_id,
        bundle.part_name(school),
        STAGE_WORD[school.stage],
        outcome_word(school.outcome),
        entry.short_name,
        _Amount(result.value, entry.decimals, indicator_tone(result)),
        limit_text(result.threshold),
        floor or "—",
        _Amount(share, 1),
        own.unit,
        _Amount(own.to_threshold, places),
        _Amount(own.to_floor, places),
        _Amount(own.of_school, places),
        _Amount(own.of_school_to_floor, places),
        advice + served_together(own),
    )


_CV_COLUMNS: _Columns = (
    ("学段", 6),
    ("指标", 16),
    ("差异系数", 10),
    ("上限", 8),
    ("超出", 9),
    ("结论", 10),
    ("影响最大的学校（占方差的比例；去掉该校后系数的变化）", 90),
)


def _dispersion_rows(bundle: Bundle) -> Iterable[Sequence[_Cell]]:
    gaps = {(gap.indicator_id, gap.stage): gap for gap in bundle.gaps.dispersion}
    for result in bundle.verdict.dispersion:
        gap = gaps.get((result.indicator_id, result.stage))
        excess = gap.excess if gap is not None else None
        yield (
            STAGE_WORD[result.stage],
            bundle.standard.indicator(result.indicator_id).short_name,
            _Amount(result.coefficient, _CV_DECIMALS, dispersion_tone(result)),
            cv_limit(result.limit),
            _Amount(excess, _CV_DECIMALS) if excess is not None else "—",
            outcome_word(result.outcome if result.limit is not None or result.coefficient is None else None),
            _movers(bundle, gap, result.stage)
            if gap is not None
            else (reason_text(result.reason) if result.reason else ""),
        )


def _movers(bundle: Bundle, gap: DispersionGap, stage: Stage) -> str:
    names = {(school.school_id, school.stage): bundle.part_name(school) for school in bundle.verdict.schools}
    return "；".join(
        f"{names[mover.school_id, stage]}（{100 * mover.share:.1f}%；{signed(mover.change, _CV_DECIMALS)}）"
        for mover in gap.movers[:_MOVERS]
    )


_ITEM_COLUMNS: _Columns = (
    ("指标", 44),
    ("全县情况", 44),
    ("学校", 26),
    ("学段", 6),
    ("问题", 56),
    ("缺口", 11),
    ("单位", 6),
)


def _item_rows(bundle: Bundle) -> Iterable[Sequence[_Cell]]:
    for result in bundle.verdict.items:
        if result.outcome is not Outcome.NOT_MET or result.sub_items:
            continue
        sentence = item_sentence(bundle, result)
        for failure in result.failures:
            places = 0 if failure.shortfall is None or failure.shortfall.denominator == 1 else 2
            yield (
                item_name(result),
                sentence,
                failure.school_name,
                STAGE_WORD[failure.stage] if failure.stage else "全校",
                official(failure.text),
                _Amount(failure.shortfall, places) if failure.shortfall is not None else "—",
                failure.unit,
            )
        if not result.failures:
            yield item_name(result), sentence, "全县", "—", "".join(item_reasons(result)), "—", ""


_OPEN_COLUMNS: _Columns = (("类别", 16), ("对象", 44), ("原因", 70), ("请补充", 40))


def _open_rows(bundle: Bundle) -> Iterable[Sequence[_Cell]]:
    return ((entry.kind, entry.subject, entry.reason, entry.supply) for entry in open_questions(bundle))


_COST_COLUMNS: _Columns = (
    ("学校标识码", 13),
    ("学校名称", 30),
    ("学段", 10),
    ("全校应增加的内容（允许停在底线的补到底线）", 70),
    ("估算费用（元）", 16),
)


def _cost_rows(bundle: Bundle) -> Iterable[Sequence[_Cell]]:
    """Whole schools: what two stages share is bought once."""
    total = Fraction(0)
    for need in bundle.gaps.needs:
        total += need.cost or 0
        needed = "；".join(
            f"{bundle.standard.indicator(name).short_name}{limit_text(value)}{bundle.standard.indicator(name).unit}"
            for name, value in need.needed.items()
        )
        stages = "、".join(STAGE_WORD[stage] for stage in need.stages)
        cost = "单价不全" if need.cost is None else _Amount(need.cost)
        yield need.school_id, need.school_name, stages, needed or "—", cost
    yield "合计", "", "", "", _Amount(total)
