"""The report's section on resources: schools that meet the indicators, the balance between them, and who falls short."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.core.standard import DispersionMode, ResourceIndicator, Stage
from junheng.core.verdict import DispersionResult, Outcome, SchoolResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.charts import Series, cv_bars, radar
from junheng.reports.document import Block, Cell, Column, Figure, Heading, Paragraph, Table, Tone
from junheng.reports.resource_tables import (
    MetCount,
    composite_of,
    dispersion_tone,
    indicator_tone,
    met_counts,
    remark,
    school_footnote,
)
from junheng.reports.wording import BLANK, STAGE_WORD, cv_limit, filled, limit_text, listed, signed

__all__ = ["TONES", "resource_blocks"]

TONES = {"": Tone.PLAIN, "bad": Tone.BAD, "warn": Tone.WARN, "unknown": Tone.UNKNOWN}
"""The tone of a table cell for each tone of a number."""

_CV_DECIMALS = 3
_MOVERS = 3
_LEAST_AXES = 3
_NAMES = 8


def resource_blocks(bundle: Bundle) -> list[Block]:
    """The section; empty for a standard without resource indicators."""
    if not bundle.standard.indicators:
        return []
    blocks: list[Block] = [Heading(1, "资源配置")]
    excluded = len(bundle.verdict.excluded)
    scope = f"纳入评估的学校中，{school_footnote(bundle)}不纳入评估的学段{excluded}个，名单和依据见附表。"
    blocks.append(Paragraph.of(scope))
    if bundle.has_thresholds:
        blocks += [Heading(2, "学校达标情况"), *_met_blocks(bundle)]
    return [*blocks, Heading(2, "校际均衡情况"), *_balance_blocks(bundle)]


def _met_blocks(bundle: Bundle) -> list[Block]:
    rule = bundle.standard.school_rule
    required = rule.required_met.on(bundle.rules.on) if rule is not None else None
    count = len(bundle.standard.indicators)
    lead = f"每所学校{count}项指标至少{int(required.value) if required else count}项达标，余项不低于标准的{bundle.floor_word}。"
    texts = [_met_sentence(bundle, stage) for stage in Stage if bundle.schools_of(stage)]
    blocks: list[Block] = [Paragraph.of(lead + "".join(texts)), _met_table(bundle)]
    failing = [school for school in bundle.verdict.schools if school.outcome is not Outcome.MET]
    if failing:
        blocks.append(_failing_table(bundle, failing))
    return blocks


def _met_sentence(bundle: Bundle, stage: Stage) -> str:
    _, overall = met_counts(bundle, stage)
    failing = overall.total - overall.met - overall.unknown
    text = f"{STAGE_WORD[stage]}{overall.total}所，综合评估达标{overall.met}所"
    text += f"，不达标{failing}所" if failing else ""
    text += f"，无法判定{overall.unknown}所" if overall.unknown else ""
    share = overall.percent
    return f"{text}，达标率{filled(share, 1)}%。" if share is not None else f"{text}。"


def _met_table(bundle: Bundle) -> Table:
    heads = [
        Column("学段", 1),
        Column("项目", 1.6),
        *(Column(entry.short_name, 1.2) for entry in bundle.standard.indicators),
    ]
    heads.append(Column("综合", 1.1))
    rows = []
    for stage in Stage:
        counts, overall = met_counts(bundle, stage)
        every = [*counts, overall]
        rows.append([Cell(STAGE_WORD[stage]), Cell("达标学校"), *(_met_cell(count) for count in every)])
        rows.append([Cell(STAGE_WORD[stage]), Cell("比例（%）"), *(Cell(filled(count.percent, 1)) for count in every)])
    return Table.of(
        heads, rows, "资源配置达标情况（表Ⅱ-1）", "△括号内为无法判定的学校数。" if _has_unknown(bundle) else ""
    )


def _has_unknown(bundle: Bundle) -> bool:
    return any(school.outcome is Outcome.CANNOT_TELL for school in bundle.verdict.schools)


def _met_cell(count: MetCount) -> Cell:
    if not count.total:
        return Cell(BLANK)
    return Cell(f"{count.met}（{count.unknown}）" if count.unknown else str(count.met))


def _failing_table(bundle: Bundle, failing: Sequence[SchoolResult]) -> Table:
    leave = {(gap.school_id, gap.stage): gap.leave for gap in bundle.gaps.schools}
    rows = []
    for school in failing:
        may_stay = "、".join(
            bundle.standard.indicator(name).short_name for name in leave.get((school.school_id, school.stage), ())
        )
        tone = Tone.BAD if school.outcome is Outcome.NOT_MET else Tone.UNKNOWN
        rows.append(
            [
                Cell(bundle.part_name(school)),
                Cell(STAGE_WORD[school.stage]),
                Cell(school.outcome.label, tone),
                Cell(remark(bundle, school)),
                Cell(may_stay or "—"),
            ]
        )
    heads = (
        Column("学校", 2.9, "left"),
        Column("学段", 0.9),
        Column("结论", 1.8),
        Column("指标达标情况", 4.5, "left"),
        Column(f"可停在{bundle.floor_word}的指标", 1.7),
    )
    numbers = "，".join(f"第{entry.number}项{entry.short_name}" for entry in bundle.standard.indicators)
    return Table.of(heads, rows, "综合评估不达标或无法判定的学校", f"{numbers}。")


# ------------------------------------------------------------------------------------------------ balance


def _balance_blocks(bundle: Bundle) -> list[Block]:
    blocks: list[Block] = [Paragraph.of(_balance_sentence(bundle)), _balance_table(bundle), _cv_figure(bundle)]
    over = [entry for entry in bundle.verdict.dispersion if dispersion_tone(entry) == "bad"]
    blocks += [Paragraph.of(_mover_sentence(bundle, entry)) for entry in over]
    if bundle.standard.county_mean_clause:
        blocks.append(Paragraph.of(_mean_sentence(bundle)))
    figure = _radar_figure(bundle)
    return [*blocks, figure] if figure is not None else blocks


def _balance_sentence(bundle: Bundle) -> str:
    rule = bundle.standard.dispersion
    if rule is None:
        return "各项指标的全县平均值和差异系数如下，标准不作评判。"
    limits = {stage: row.value for stage in Stage if (row := rule.limits[stage].on(bundle.rules.on)) is not None}
    shown = "、".join(f"{STAGE_WORD[stage]}不高于{cv_limit(limit)}" for stage, limit in limits.items())
    if rule.mode is DispersionMode.COMPOSITE:
        return f"差异系数按学生数加权计算，以各项的平均值（综合差异系数）评判，{shown}。{_composites(bundle)}"
    over = [entry for entry in bundle.verdict.dispersion if entry.outcome is Outcome.NOT_MET]
    unknown = sum(entry.outcome is Outcome.CANNOT_TELL for entry in bundle.verdict.dispersion)
    total = len(bundle.verdict.dispersion)
    text = f"差异系数按学生数加权计算，逐项评判，{shown}。全县{total}个差异系数中，{total - len(over) - unknown}个在上限以内"
    text += f"，{len(over)}个超过上限" if over else ""
    return text + (f"，{unknown}个无法计算。" if unknown else "。")


def _composites(bundle: Bundle) -> str:
    texts = []
    for stage in Stage:
        found = composite_of(bundle, stage)
        if found is not None and found.outcome is not None:
            texts.append(f"{STAGE_WORD[stage]}{filled(found.value, _CV_DECIMALS)}，{found.outcome.label}")
    return f"综合差异系数：{'；'.join(texts)}。" if texts else ""


def _balance_table(bundle: Bundle) -> Table:
    heads = [
        Column("学段", 1),
        Column("项目", 1.5),
        *(Column(entry.short_name, 1.4) for entry in bundle.standard.indicators),
    ]
    heads.append(Column("综合", 1.2))
    rows = []
    for stage in Stage:
        found = [(entry, bundle.dispersion(entry.id, stage)) for entry in bundle.standard.indicators]
        means = [_mean_cell(entry, result) for entry, result in found]
        rows.append([Cell(STAGE_WORD[stage]), Cell("全县平均值"), *means, Cell("——")])
        composite = composite_of(bundle, stage)
        cells = [
            Cell(filled(result.coefficient if result else None, _CV_DECIMALS), TONES[dispersion_tone(result)])
            for _, result in found
        ]
        last = Cell(filled(composite.value if composite else None, _CV_DECIMALS), TONES[dispersion_tone(composite)])
        rows.append([Cell(STAGE_WORD[stage]), Cell("差异系数"), *cells, last])
    return Table.of(heads, rows, "校际均衡情况（表Ⅲ）", "▼表示超过上限或低于标准；达标与否按未四舍五入的数值判断。")


def _mean_cell(entry: ResourceIndicator, result: DispersionResult | None) -> Cell:
    if result is None or result.mean is None:
        return Cell(BLANK, Tone.UNKNOWN)
    return Cell(filled(result.mean, entry.decimals), Tone.BAD if result.mean_outcome is Outcome.NOT_MET else Tone.PLAIN)


def _cv_figure(bundle: Bundle) -> Figure:
    names = [entry.short_name for entry in bundle.standard.indicators]
    series = []
    for stage in Stage:
        found = [bundle.dispersion(entry.id, stage) for entry in bundle.standard.indicators]
        limit = next((float(entry.limit) for entry in found if entry is not None and entry.limit is not None), None)
        series.append(Series(STAGE_WORD[stage], tuple(entry.coefficient if entry else None for entry in found), limit))
    chart = cv_bars("各项指标校际差异系数", names, series)
    return Figure(chart.svg, "各项指标校际差异系数", chart.alt)


def _mover_sentence(bundle: Bundle, result: DispersionResult) -> str:
    gap = next(
        (
            entry
            for entry in bundle.gaps.dispersion
            if (entry.indicator_id, entry.stage) == (result.indicator_id, result.stage)
        ),
        None,
    )
    names = {school.key: bundle.part_name(school) for school in bundle.verdict.schools}
    name = bundle.standard.indicator(result.indicator_id).short_name
    text = f"{STAGE_WORD[result.stage]}“{name}”差异系数{filled(result.coefficient, _CV_DECIMALS)}，上限{cv_limit(result.limit)}。"
    movers = [
        f"{names[mover.school_id, result.stage.value]}（去掉该校后变化{signed(mover.change, _CV_DECIMALS)}）"
        for mover in (gap.movers[:_MOVERS] if gap is not None else ())
    ]
    return text + (f"影响最大的学校是{'、'.join(movers)}。" if movers else "")


def _mean_sentence(bundle: Bundle) -> str:
    below = [entry for entry in bundle.verdict.dispersion if entry.mean_outcome is Outcome.NOT_MET]
    if not below:
        unknown = any(entry.mean_outcome is Outcome.CANNOT_TELL for entry in bundle.verdict.dispersion)
        return "标准同时要求全县平均值达到各项界线，" + ("部分指标缺少数据，无法判定。" if unknown else "各项均达到。")
    shown = [
        f"{STAGE_WORD[entry.stage]}“{bundle.standard.indicator(entry.indicator_id).short_name}”"
        f"（标准{limit_text(bundle.threshold(bundle.standard.indicator(entry.indicator_id), entry.stage))}）"
        for entry in below
    ]
    return f"标准同时要求全县平均值达到各项界线，低于界线的有{listed(shown, _NAMES).replace('所', '项')}。"


def _radar_figure(bundle: Bundle) -> Figure | None:
    """County means as a share of the threshold, per stage; only where there are thresholds and enough axes."""
    entries = [entry for entry in bundle.standard.indicators if entry.thresholds]
    if len(entries) < _LEAST_AXES:
        return None
    series = tuple(
        Series(STAGE_WORD[stage], tuple(_of_threshold(bundle, entry, stage) for entry in entries)) for stage in Stage
    )
    chart = radar("全县平均值与标准之比（标准＝100）", [entry.short_name for entry in entries], series)
    return Figure(chart.svg, "全县平均值与标准之比", chart.alt, width_mm=115)


def _of_threshold(bundle: Bundle, entry: ResourceIndicator, stage: Stage) -> float | None:
    result, limit = bundle.dispersion(entry.id, stage), bundle.threshold(entry, stage)
    if result is None or result.mean is None or not limit:
        return None
    return float(100 * result.mean / limit)


def value_cell(entry: ResourceIndicator, school: SchoolResult, index: int) -> Cell:
    """A school's value of an indicator with its tone; a blank when it is missing."""
    result = school.indicators[index]
    return Cell(filled(result.value, entry.decimals), TONES[indicator_tone(result)])
