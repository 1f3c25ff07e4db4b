"""一校一案: a draft of what one school has to put right, for the school to complete and sign.

A school gets a plan when one of its stages does not pass the standard's rule for schools, or when an item that is judged
school by school names it. Both stages of one school are in one plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from junheng.core.gaps import IndicatorGap, SchoolGap
from junheng.core.indicators import FORMULAS
from junheng.core.standard import ResourceIndicator
from junheng.core.verdict import IndicatorResult, Outcome, SchoolResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.document import (
    Block,
    BulletList,
    Cell,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
    Tone,
)
from junheng.reports.item_sentences import item_name
from junheng.reports.report_resources import TONES
from junheng.reports.resource_tables import indicator_tone, remark
from junheng.reports.school_measures import SHOWN, failure_groups, failure_texts, measures, own_gaps, served_together
from junheng.reports.self_check import school_check
from junheng.reports.wording import (
    BLANK,
    STAGE_WORD,
    amount,
    filled,
    limit_text,
    outcome_word,
)

__all__ = ["plan_files", "school_plan"]

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LONGEST = 180
"""Bytes of a file name, which file systems limit to 255."""

_PIECES = {"primary": "小学", "junior": "初中", "senior": "高中"}


def plan_files(bundle: Bundle) -> Mapping[str, str]:
    """The file name of each plan by school id, in the order of the facts: unique also where case does not count."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for school_id in _schools(bundle):
        name = _file_name(bundle, school_id, "")
        if name.casefold() in taken:
            name = _file_name(bundle, school_id, f"-{_clean(school_id)}")
        while name.casefold() in taken:
            name = _file_name(bundle, school_id, f"-{_clean(school_id)}-{len(taken)}")
        taken.add(name.casefold())
        names[school_id] = name
    return names


def _schools(bundle: Bundle) -> list[str]:
    failing = {school.school_id for school in bundle.verdict.schools if school.outcome is Outcome.NOT_MET}
    failing |= set(bundle.failures_by_school)
    return [school_id for school_id in bundle.school_rows if school_id in failing]


def _file_name(bundle: Bundle, school_id: str, more: str) -> str:
    record = bundle.roll.by_id.get(school_id)
    stages = "、".join(STAGE_WORD[stage] for stage in record.stages) if record is not None else ""
    tail = f"（{stages}）{more}.docx" if stages else f"{more}.docx"
    name = _clean(bundle.name_of(school_id)) or _clean(school_id) or "学校"
    while len(f"{name}{tail}".encode()) > _LONGEST:
        name = name[:-1]
    return f"{name}{tail}"


def _clean(text: str) -> str:
    """A name that every file system takes: no path signs, no control characters, no dots or blanks at its ends."""
    return _FORBIDDEN.sub("_", text).strip(". ")


def school_plan(bundle: Bundle, school_id: str) -> Document:
    """The plan of one school as a document."""
    verdict = bundle.verdict
    name = bundle.name_of(school_id)
    results = [school for school in verdict.schools if school.school_id == school_id]
    blocks: list[Block] = [*_facts(bundle, school_id)]
    if results and bundle.standard.indicators:
        blocks += _indicators(bundle, results)
        blocks += _gaps(bundle, results)
    blocks += _failures(bundle, school_id)
    blocks += _self_check(bundle, school_id)
    blocks.append(measures(bundle, school_id, results))
    return Document(
        title=f"{name}\n义务教育{bundle.programme}发展“一校一案”",
        subtitle=f"（{verdict.year}年度草案{'，试算稿，不得上报' if bundle.is_trial else ''}）",
        blocks=tuple(blocks),
        verification=bundle.stamp,
        issued_on=verdict.judged_on,
    )


def _facts(bundle: Bundle, school_id: str) -> list[Block]:
    row = bundle.school_rows[school_id]
    built = f"，{row['built_year']}年建成" if row["built_year"] is not None else ""
    kind = bundle.choice("school_type", row["school_type"]) or BLANK
    traits = [bundle.choice(field, row[field]) for field in ("ownership", "area_type", "organiser_type")]
    boarding = {True: "，寄宿制", False: "", None: ""}[row["is_boarding"]]
    owner = "、".join(trait for trait in traits if trait) or BLANK
    text = f"{bundle.name_of(school_id)}（标识码{school_id}）为{kind}，{owner}举办{built}{boarding}。"
    record = bundle.roll.by_id.get(school_id)
    for stage, own in (record.stages if record is not None else {}).items():
        text += (
            f"{STAGE_WORD[stage]}在校学生{filled(own['student_count'], 0)}人，{filled(own['class_count'], 0)}个教学班，"
            f"专任教师{filled(own['full_time_teacher_count'], 0)}人。"
        )
    return [Heading(1, "学校基本情况"), Paragraph.of(text)]


# ------------------------------------------------------------------------------------------------ indicators and gaps


def _indicators(bundle: Bundle, results: Sequence[SchoolResult]) -> list[Block]:
    blocks: list[Block] = [Heading(1, "资源配置情况")]
    if bundle.has_thresholds:
        blocks += [Paragraph.of(_verdict_sentence(bundle, school)) for school in results]
    heads = [Column("学段", 1), Column("指标", 2.2, "left"), Column("实际值", 1.4), Column("标准", 1.1)]
    heads += [Column(f"{bundle.floor_word}线", 1.1), Column("达到标准的%", 1.3), Column("结论", 1.6)]
    rows = [_indicator_row(bundle, school, *pair) for school in results for pair in bundle.results(school)]
    blocks.append(Table.of(heads, rows, "资源配置指标", "实际值保留规定位数；达标与否按未四舍五入的数值判断。"))
    sharing = _sharing(bundle, results)
    return [*blocks, Note(sharing)] if sharing else blocks


def _verdict_sentence(bundle: Bundle, school: SchoolResult) -> str:
    return f"{STAGE_WORD[school.stage]}：{remark(bundle, school)}。综合评估{outcome_word(school.outcome)}。"


def _indicator_row(
    bundle: Bundle, school: SchoolResult, entry: ResourceIndicator, result: IndicatorResult
) -> list[Cell]:
    limit = result.threshold
    share = None if limit is None or result.value is None or not limit else 100 * result.value / limit
    judged = outcome_word(result.outcome) if limit is not None else "——"
    return [
        Cell(STAGE_WORD[school.stage]),
        Cell(f"{entry.short_name}（{entry.unit}）"),
        Cell(filled(result.value, entry.decimals)),
        Cell(limit_text(limit)),
        Cell(limit_text(limit * bundle.floor) if limit is not None else "—"),
        Cell(filled(share, 1) if limit is not None else "—"),
        Cell(judged, TONES[indicator_tone(result)] if limit is not None else Tone.PLAIN),
    ]


def _sharing(bundle: Bundle, results: Sequence[SchoolResult]) -> str:
    """How the resources that belong to the whole school were shared out; empty when they were not."""
    weights = bundle.standard.sharing.weights.get(results[0].school_type)
    if weights is None:
        return ""
    shared = [
        (school, result.share)
        for school in results
        for entry, result in bundle.results(school)
        if FORMULAS[entry.formula].is_shared and result.share is not None
    ]
    shares = {STAGE_WORD[school.stage]: share for school, share in shared}
    ratio = "、".join(f"{_PIECES[stage]}{limit_text(Fraction(weight, 100))}" for stage, weight in weights.items())
    parts = "、".join(f"{word}占{filled(100 * share, 2)}%" for word, share in shares.items())
    named = "、".join(entry.short_name for entry in bundle.standard.indicators if FORMULAS[entry.formula].is_shared)
    said = f"，{parts}" if parts else ""
    clause = bundle.standard.sharing.clause
    return f"{named}属全校共用，按加权学生数拆分到各学段（每名学生的权重：{ratio}）{said}。依据：{clause}。"


def _gaps(bundle: Bundle, results: Sequence[SchoolResult]) -> list[Block]:
    own = own_gaps(bundle, results)
    rows = [_gap_row(bundle, school, gap) for school in own for gap in school.gaps]
    if not rows:
        return []
    heads = [Column("学段", 0.8), Column("指标", 1.5)]
    heads += [
        Column(f"到{line}", 1.4, group=group)
        for group in ("本学段缺", "全校应增加")
        for line in ("100%", bundle.floor_word)
    ]
    heads.append(Column("处理意见", 2.4, "left"))
    note = "“本学段缺”为拆分后本学段的缺口；“全校应增加”为使本学段达到该线，全校要增加的数量（共用资源有一部分拆分到其他学段）。"
    return [Heading(1, "差距"), Table.of(heads, rows, "资源配置差距", note)]


def _gap_row(bundle: Bundle, school: SchoolGap, gap: IndicatorGap) -> list[Cell]:
    return [
        Cell(STAGE_WORD[school.stage]),
        Cell(bundle.standard.indicator(gap.indicator_id).short_name),
        Cell(amount(gap.to_threshold, gap.unit)),
        Cell(amount(gap.to_floor, gap.unit) if gap.to_floor else "已达到"),
        Cell(amount(gap.of_school, gap.unit)),
        Cell(amount(gap.of_school_to_floor, gap.unit) if gap.to_floor else "已达到"),
        Cell(_advice(bundle, school, gap) + served_together(gap)),
    ]


def _advice(bundle: Bundle, school: SchoolGap, gap: IndicatorGap) -> str:
    if gap.indicator_id not in school.leave:
        return "补足到100%"
    return f"可停在{bundle.floor_word}，先补足到该线" if gap.to_floor else f"可停在{bundle.floor_word}，不必增加"


def _failures(bundle: Bundle, school_id: str) -> list[Block]:
    """Each item that the school fails: in one sentence, or as a table when it fails in many places."""
    blocks: list[Block] = []
    for result, failures in failure_groups(bundle, school_id):
        if len(failures) <= SHOWN:
            blocks.append(BulletList.of(f"{item_name(result)}：{'；'.join(failure_texts(failures))}。"))
        else:
            rows = [
                [str(order), text, amount(failure.shortfall, failure.unit)]
                for order, (text, failure) in enumerate(zip(failure_texts(failures), failures, strict=True), start=1)
            ]
            heads = (Column("序号", 0.8), Column("问题", 6, "left"), Column("差距", 1.2))
            blocks.append(Table.of(heads, rows, f"{item_name(result)}（{len(failures)}处）"))
    return [Heading(1, "班额、规模、专用教室等问题"), *blocks] if blocks else []


def _self_check(bundle: Bundle, school_id: str) -> list[Block]:
    lines = school_check(bundle, school_id)
    if not lines:
        return []
    heads = (Column("评估指标", 3.4, "left"), Column("指标值或简要结论", 4.6, "left"), Column("是否达标", 1.5))
    tones = {"达标": Tone.OK, "不达标": Tone.BAD, "无法判定": Tone.UNKNOWN}
    rows = [
        [Cell(line.indicator), Cell(line.text), Cell(line.outcome, tones.get(line.outcome, Tone.PLAIN))]
        for line in lines
    ]
    note = f"“{BLANK}”表示缺少数据。" if any(BLANK in line.text for line in lines) else ""
    return [Heading(1, "学校自评表"), Table.of(heads, rows, "学校自评表", note)]
