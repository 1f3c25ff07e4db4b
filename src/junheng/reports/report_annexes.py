"""The report's last parts: exceptions used, coverage, and the annexes with every school."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.core.standard import Stage
from junheng.core.verdict import Outcome
from junheng.reports.bundle_content import Bundle
from junheng.reports.document import Block, BulletList, Cell, Column, Heading, Landscape, Paragraph, Table
from junheng.reports.report_resources import value_cell
from junheng.reports.wording import STAGE_WORD, filled, limit_text, listed, official

__all__ = ["annexes", "coverage_blocks", "exception_blocks"]

_NAMES = 12


def exception_blocks(bundle: Bundle) -> list[Block]:
    """Which transitional exceptions were switched on and which were used, with their clauses."""
    verdict = bundle.verdict
    blocks: list[Block] = [Heading(1, "使用的例外条款")]
    if not verdict.exceptions_enabled:
        return [*blocks, Paragraph.of("本次评估没有启用任何过渡性例外，全部按标准的一般要求评判。")]
    entries = {entry.id: entry for entry in bundle.standard.exceptions}
    lines = []
    for name in verdict.exceptions_enabled:
        entry = entries[name]
        used = (
            f"已使用，涉及{_users(bundle, name)}" if name in verdict.exceptions_used else "已启用，没有学校因此改变结论"
        )
        lines.append(f"{entry.name}（{entry.clause}）：{used}。")
    return [*blocks, Paragraph.of("本次评估启用了下列过渡性例外："), BulletList.of(*lines)]


def _users(bundle: Bundle, name: str) -> str:
    schools = [
        bundle.part_name(school)
        for school in bundle.verdict.schools
        if any(name in result.exceptions for result in school.indicators)
    ]
    items = [f"“{entry.name}”" for entry in bundle.verdict.items if name in entry.exceptions]
    return "、".join([*([listed(schools, _NAMES)] if schools else []), *items]) or "有关指标"


def coverage_blocks(bundle: Bundle) -> list[Block]:
    """What was judged, what is missing, what rounding would flip, and how the standard was read."""
    verdict = bundle.verdict
    blocks: list[Block] = [Heading(1, "数据覆盖与说明"), Paragraph.of(_coverage_sentence(bundle))]
    missing = [(name, have, need) for name, (have, need) in verdict.coverage.items() if have < need]
    if missing:
        rows = [[_field_label(bundle, name), str(have), str(need), str(need - have)] for name, have, need in missing]
        heads = (Column("数据项", 4, "left"), "已有", "应有", "缺少")
        blocks.append(Table.of(heads, rows, "数据不全的项目"))
    blocks.append(Paragraph.of(_rounding_sentence(bundle)))
    notes = sum(note.decided for note in bundle.standard.notes)
    if notes:
        text = f"标准条文没有写明而由评估口径确定的事项共{notes}条，随标准{bundle.standard.id}（{bundle.standard.version}）公布。"
        blocks.append(Paragraph.of(text))
    return blocks


def _coverage_sentence(bundle: Bundle) -> str:
    verdict = bundle.verdict
    judged, excluded = len(verdict.schools), len(verdict.excluded)
    schools = len({entry.school_id for entry in verdict.schools} | {entry.school_id for entry in verdict.excluded})
    text = f"全县{schools}所学校（含教学点），按学段共{judged + excluded}个，"
    text += f"纳入资源配置评估{judged}个，不纳入{excluded}个，与读入的数据一致。"
    have = sum(pair[0] for pair in verdict.coverage.values())
    need = sum(pair[1] for pair in verdict.coverage.values())
    if not need:
        return text
    state = "数据齐全" if have == need else f"缺少{need - have}个"
    return f"{text}资源配置所需数据{need}个，已有{have}个，{state}。缺少的数据一律不当作零。"


def _field_label(bundle: Bundle, name: str) -> str:
    table, field = name.split(".")
    return f"{bundle.dictionary.tables[table].label}表：{bundle.dictionary.field(table, field).label}"


def _rounding_sentence(bundle: Bundle) -> str:
    found = list(_sensitive(bundle))
    if not found:
        return "所有结论按未四舍五入的数值作出，印出的数值与结论没有不一致之处。"
    return f"所有结论按未四舍五入的数值作出。下列{len(found)}处印出的数值会给出不同的结论，请以判定结论为准：{'；'.join(found)}。"


def _sensitive(bundle: Bundle) -> Iterator[str]:
    for school in bundle.verdict.schools:
        for entry, result in bundle.results(school):
            if result.is_rounding_sensitive:
                value, limit = filled(result.value, entry.decimals), limit_text(result.threshold)
                yield f"{bundle.part_name(school)}“{entry.short_name}”印作{value}，标准{limit}，{result.outcome.label}"
    for entry_ in bundle.verdict.dispersion:
        if entry_.is_rounding_sensitive:
            name = bundle.standard.indicator(entry_.indicator_id).short_name
            yield f"{STAGE_WORD[entry_.stage]}“{name}”差异系数印作{filled(entry_.coefficient, 3)}，{entry_.outcome.label}"
    for composite in bundle.verdict.composites:
        if composite.is_rounding_sensitive and composite.outcome is not None:
            yield f"{STAGE_WORD[composite.stage]}综合差异系数印作{filled(composite.value, 3)}，{composite.outcome.label}"
    yield from (f"“{item.name}”，{item.outcome.label}" for item in bundle.verdict.items if item.is_rounding_sensitive)


def annexes(bundle: Bundle) -> list[Block]:
    """Every judged school stage with its values, and every excluded one with its clause, on landscape pages."""
    blocks: list[Block] = []
    if bundle.verdict.schools:
        blocks += [Heading(1, "附表1　各校资源配置情况", numbered=False), *(_school_tables(bundle))]
    if bundle.verdict.excluded:
        blocks += [Heading(1, "附表2　不纳入资源配置评估的学校", numbered=False), _excluded_table(bundle)]
    return [Landscape(tuple(blocks))] if blocks else []


def _school_tables(bundle: Bundle) -> Iterator[Table]:
    entries = bundle.standard.indicators
    heads = [Column("学校", 3.4, "left"), Column("学生数", 1), *(Column(entry.short_name, 1.25) for entry in entries)]
    if bundle.has_thresholds:
        heads += [Column("达标项数", 1), Column("结论", 1.3)]
    for stage in Stage:
        rows = []
        for school in bundle.schools_of(stage):
            cells = [Cell(bundle.part_name(school)), Cell(filled(school.student_count, 0))]
            cells += [value_cell(entry, school, index) for index, entry in enumerate(entries)]
            if bundle.has_thresholds:
                tone = {Outcome.MET: "", Outcome.NOT_MET: "▼", Outcome.CANNOT_TELL: "？"}[school.outcome]
                cells += [Cell(f"{school.met_count}/{len(entries)}"), Cell(f"{school.outcome.label}{tone}")]
            rows.append(cells)
        if rows:
            note = (
                f"△未达标但达到{bundle.floor_word}；▼不足{bundle.floor_word}；＿＿缺少数据。"
                if bundle.has_thresholds
                else ""
            )
            yield Table.of(heads, rows, f"{STAGE_WORD[stage]}各校资源配置情况", note)


def _excluded_table(bundle: Bundle) -> Table:
    rows = dict.fromkeys(
        (
            bundle.part_name(entry),
            STAGE_WORD[entry.stage] if entry.stage is not None else "全校",
            official(entry.text),
            entry.clause,
        )
        for entry in bundle.verdict.excluded
    )
    heads = (Column("学校", 3, "left"), Column("学段", 0.8), Column("原因", 2.5, "left"), Column("依据", 5, "left"))
    return Table.of(heads, rows, "不纳入资源配置评估的学校")
