"""自评报告: the county's self-evaluation report, in the layout of official papers, for any of the standards.

Every number is taken from the verdict or the facts; every sentence follows from them. A part that the standard does not judge is
left out. What cannot be told is said to be so, with what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from junheng.core.explain_node import PART_LABEL
from junheng.core.standard import Part, Stage
from junheng.core.verdict import ItemResult, Outcome, PartResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.document import (
    Block,
    Cell,
    Column,
    Contents,
    Document,
    Heading,
    NumberedList,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
    Tone,
)
from junheng.reports.forms.county_profile import CountyProfile, county_profile
from junheng.reports.item_sentences import item_name, item_reasons, item_sentence
from junheng.reports.problems import open_questions, problems
from junheng.reports.report_annexes import annexes, coverage_blocks, exception_blocks
from junheng.reports.report_resources import resource_blocks
from junheng.reports.wording import STAGE_WORD, amount, chinese_date, filled, official, outcome_word, reason_text

__all__ = ["outcome_cell", "self_evaluation"]

_TONES = {Outcome.MET: Tone.OK, Outcome.NOT_MET: Tone.BAD, Outcome.CANNOT_TELL: Tone.UNKNOWN}
_CONCLUSIONS = {
    Outcome.MET: "达到{programme}发展标准要求",
    Outcome.NOT_MET: "尚未达到{programme}发展标准要求",
    Outcome.CANNOT_TELL: "现有数据和材料不足以作出结论",
}
_ITEM_PARTS = (Part.GUARANTEE, Part.QUALITY, Part.SCHOOL_STANDARD, Part.GOVERNMENT_WORK, Part.RECOGNITION)


def self_evaluation(bundle: Bundle) -> Document:
    """The report as a document, ready to be printed as PDF or Word."""
    verdict = bundle.verdict
    blocks: list[Block] = [Contents(depth=1), PageBreak()]
    for make in _SECTIONS:
        blocks += make(bundle)
    blocks.append(Signature(f"{verdict.county_name}人民政府", chinese_date(verdict.judged_on)))
    blocks += annexes(bundle)
    return Document(
        title=f"{verdict.county_name}{verdict.year}年度\n义务教育{bundle.programme}发展自评报告",
        subtitle="（试算稿，不得上报）" if bundle.is_trial else "",
        blocks=tuple(blocks),
        verification=bundle.stamp,
        issued_on=verdict.judged_on,
    )


def outcome_cell(outcome: Outcome | None) -> Cell:
    """A table cell with the outcome in words and its mark."""
    return Cell("——") if outcome is None else Cell(outcome_word(outcome), _TONES[outcome])


# ------------------------------------------------------------------------------------------------ county and conclusion


def _basics(bundle: Bundle) -> list[Block]:
    profile = county_profile(bundle)
    county = profile.county
    nature = (
        f"全县常住人口{filled(county['population'], 2)}万人，其中农业人口{filled(county['rural_population'], 2)}万人；"
        f"辖{filled(county['township_count'], 0)}个乡镇、{filled(county['village_count'], 0)}个行政村。"
        f"年人均国内生产总值{filled(county['gdp_per_capita'], 0)}元，年人均地方财政收入"
        f"{filled(county['fiscal_revenue_per_capita'], 0)}元，农民年人均纯收入{filled(county['rural_income_per_capita'], 0)}元，"
        f"城镇居民年人均可支配收入{filled(county['urban_income_per_capita'], 0)}元。"
    )
    return [
        Heading(1, "基本情况"),
        Paragraph.of(nature),
        Paragraph.of(_school_sentence(profile)),
        _stage_table(profile),
    ]


def _school_sentence(profile: CountyProfile) -> str:
    count = profile.schools
    return (
        f"全县有小学{filled(count['primary_school'], 0)}所、九年一贯制学校{filled(count['nine_year_school'], 0)}所、"
        f"初级中学{filled(count['junior_school'], 0)}所、完全中学{filled(count['full_secondary_school'], 0)}所、"
        f"十二年一贯制学校{filled(count['twelve_year_school'], 0)}所、特殊教育学校{filled(count['special_school'], 0)}所，"
        f"小学教学点{filled(count['teaching_point'], 0)}个（其中{profile.point_minimum}人及以上"
        f"{filled(profile.points_large, 0)}个）。"
    )


def _stage_table(profile: CountyProfile) -> Table:
    rows = [[STAGE_WORD[stage], *(filled(numbers[stage], 0) for numbers in _stage_numbers(profile))] for stage in Stage]
    heads = ("学段", "教学班（个）", "在校学生（人）", "教职工（人）", "专任教师（人）")
    return Table.of(heads, rows, "义务教育学校规模", "不含特殊教育学校和职业学校附设班。")


def _stage_numbers(profile: CountyProfile) -> Sequence[dict[Stage, int | None]]:
    return profile.classes, profile.students, profile.staff, profile.teachers


def _conclusion(bundle: Bundle) -> list[Block]:
    verdict, document = bundle.verdict, bundle.standard.document
    number = f"（{document.number}）" if document.number else ""
    conclusion = _CONCLUSIONS[verdict.outcome].format(programme=bundle.programme)
    lead = (
        f"依据《{document.title}》{number}，按{chinese_date(verdict.judged_on)}有效的标准数值，对全县{verdict.year}年度"
        f"数据逐校逐项评估，自评结论为："
    )
    blocks: list[Block] = [Heading(1, "工作结论"), Paragraph.of(lead, Run(f"{conclusion}。", bold=True))]
    blocks.append(Paragraph.of(_part_sentence(verdict.parts)))
    rows: list[list[Cell | str]] = [
        [PART_LABEL[part.part], outcome_cell(part.outcome), *map(str, _counts(part))] for part in verdict.parts
    ]
    heads = (Column("内容", 2), Column("结论", 1.4), "达标", "不达标", "无法判定")
    note = "资源配置按学校（学段）和差异系数计数，其余按项计数。一票否决的“达标”指经核查未发现该情形。"
    return [*blocks, Table.of(heads, rows, "各部分评估结论", note)]


def _counts(part: PartResult) -> tuple[int, int, int]:
    return part.met_count, part.not_met_count, part.cannot_tell_count


def _part_sentence(parts: Sequence[PartResult]) -> str:
    words = {Outcome.MET: "达标的有", Outcome.NOT_MET: "不达标的有", Outcome.CANNOT_TELL: "无法判定的有"}
    texts = []
    for outcome, word in words.items():
        names = [PART_LABEL[part.part] for part in parts if part.outcome is outcome]
        if names:
            texts.append(f"{word}{'、'.join(names)}")
    return f"评估内容共{len(parts)}个部分：{'；'.join(texts)}。"


# ------------------------------------------------------------------------------------------------ items


def _item_sections(bundle: Bundle) -> list[Block]:
    blocks: list[Block] = []
    for part in _ITEM_PARTS:
        results = bundle.items_of(part)
        if results:
            blocks += [Heading(1, PART_LABEL[part]), Paragraph.of(_item_summary(bundle, part, results))]
            blocks.append(_item_table(bundle, results, f"{PART_LABEL[part]}评估情况"))
    return blocks


def _item_summary(bundle: Bundle, part: Part, results: Sequence[ItemResult]) -> str:
    found = {outcome: [entry for entry in results if entry.outcome is outcome] for outcome in Outcome}
    text = f"{PART_LABEL[part]}共{len(results)}项，达标{len(found[Outcome.MET])}项"
    for outcome, word in ((Outcome.NOT_MET, "不达标"), (Outcome.CANNOT_TELL, "无法判定")):
        if found[outcome]:
            numbers = "、".join(entry.number for entry in found[outcome])
            text += f"，{word}{len(found[outcome])}项（第{numbers}项）"
    if part is Part.RECOGNITION:
        text += "".join(f"。{item_sentence(bundle, entry).rstrip('。')}" for entry in results)
    return f"{text}。"


def _item_table(bundle: Bundle, results: Sequence[ItemResult], caption: str) -> Table:
    heads = (Column("评估指标", 3.2, "left"), Column("指标值或简要结论", 5, "left"), Column("结论", 1.4))
    rows = [[Cell(item_name(entry)), Cell(_item_text(bundle, entry)), outcome_cell(entry.outcome)] for entry in results]
    return Table.of(heads, rows, caption, "“＿＿”表示缺少数据。")


def _item_text(bundle: Bundle, entry: ItemResult) -> str:
    """The sentence of the form; for what is not met also who falls short, for what is open also why."""
    text = item_sentence(bundle, entry)
    schools = len({failure.school_id for failure in entry.failures})
    if schools:
        text += f"不达标学校{schools}所。"
    if entry.outcome is Outcome.CANNOT_TELL or (entry.outcome is Outcome.NOT_MET and not schools):
        text += "".join(reason for reason in item_reasons(entry, but="judgement-missing") if reason not in text)
    return text


def _scores(bundle: Bundle) -> list[Block]:
    scoring = bundle.verdict.scoring
    results = [entry for entry in bundle.verdict.items if entry.sub_items]
    if scoring is None or not results:
        return []
    total = f"量化计分满分{filled(scoring.full, 0)}分，得分{filled(scoring.total, 2)}分，等次{scoring.band or '未定'}。"
    reasons = "".join(official(reason.text) for reason in scoring.reasons)
    heads = (
        Column("指标", 2.6, "left"),
        Column("计分点", 4.4, "left"),
        Column("满分", 1),
        Column("得分", 1),
        Column("结论", 1.4),
    )
    rows = []
    for entry in results:
        for order, sub in enumerate(entry.sub_items):
            tone = Tone.UNKNOWN if sub.points is None else Tone.PLAIN
            name = Cell(item_name(entry) if order == 0 else f"{entry.number}.")
            marks = Cell(filled(sub.points, 2), tone)
            rows.append([name, Cell(sub.name), Cell(filled(sub.full_points, 0)), marks, Cell("")])
        rows.append(
            [
                Cell(f"{entry.number}."),
                Cell("小计", bold=True),
                Cell(filled(entry.full_points, 0)),
                Cell(filled(entry.points, 2)),
                outcome_cell(entry.outcome),
            ]
        )
    return [Heading(1, PART_LABEL[Part.SCORED]), Paragraph.of(total + reasons), Table.of(heads, rows, "量化计分情况")]


def _vetoes(bundle: Bundle) -> list[Block]:
    vetoes = bundle.verdict.vetoes
    if not vetoes:
        return []
    found = [entry for entry in vetoes if entry.outcome is Outcome.NOT_MET]
    unknown = [entry for entry in vetoes if entry.outcome is Outcome.CANNOT_TELL]
    text = f"一票否决情形共{len(vetoes)}种，经核查未发现{len(vetoes) - len(found) - len(unknown)}种"
    text += f"，存在{len(found)}种" if found else ""
    text += f"，尚不能判定{len(unknown)}种" if unknown else ""
    words = {Outcome.MET: "未发现", Outcome.NOT_MET: "存在", Outcome.CANNOT_TELL: "无法判定"}
    heads = (Column("情形", 4, "left"), Column("核查情况", 4, "left"), Column("结论", 1.4))
    rows = [
        [
            Cell(f"{entry.number}. {entry.name}"),
            Cell(
                "".join(reason_text(reason, entry.veto_id, "该情形") for reason in entry.reasons)
                or f"评估人：{entry.assessor or '——'}；佐证材料：{'、'.join(entry.evidence) or '——'}。"
            ),
            Cell(words[entry.outcome], _TONES[entry.outcome]),
        ]
        for entry in vetoes
    ]
    return [Heading(1, "一票否决情形"), Paragraph.of(f"{text}。"), Table.of(heads, rows, "一票否决情形核查")]


def _eligibility(bundle: Bundle) -> list[Block]:
    results = bundle.items_of(Part.ELIGIBILITY)
    if not results:
        return []
    return [Heading(1, "申报条件"), _item_table(bundle, results, "申报条件核查")]


# ------------------------------------------------------------------------------------------------ what to do


def _rectification(bundle: Bundle) -> list[Block]:
    """Problems in the order in which they block, then the amounts that schools lack, then what is open."""
    blocks: list[Block] = [Heading(1, "存在问题与整改方向"), Heading(2, "主要问题")]
    found = problems(bundle)
    if found:
        blocks.append(NumberedList.of(*(f"{entry.kind}：{entry.text}" for entry in found)))
    else:
        blocks.append(Paragraph.of("本次评估没有发现不达标的内容。"))
    blocks += _amounts(bundle)
    questions = open_questions(bundle)
    if questions:
        text = (
            f"另有{len(questions)}项内容因缺少数据或审核结论无法判定，须在上报前补齐，清单见《差距清单》“无法判定”表。"
        )
        blocks += [Heading(2, "待补充的内容"), Paragraph.of(text)]
    return blocks


def _amounts(bundle: Bundle) -> list[Block]:
    gaps = bundle.gaps
    rows = [
        [
            entry.short_name,
            entry.unit,
            *(amount(found, "") if found else "—" for found in (gaps.stage_totals[entry.id][stage] for stage in Stage)),
            amount(gaps.totals[entry.id], ""),
        ]
        for entry in bundle.standard.indicators
        if gaps.totals[entry.id]
    ]
    if not rows:
        return []
    text = "按指标补足到标准，不达标学校需要增加的数量如下表。每校允许停留在底线的指标见附表和各校“一校一案”。"
    if any(sum(gaps.stage_totals[name].values(), Fraction(0)) != total for name, total in gaps.totals.items()):
        text += (
            "一校两个学段共用的资源，各学段所列都是全校要增加的数量，增加一次两个学段都得到，合计中每校只算较大的一个。"
        )
    heads = (Column("指标", 2), Column("单位"), Column("小学", 1.5), Column("初中", 1.5), Column("合计", 1.5))
    return [Heading(2, "整改所需数量"), Paragraph.of(text), Table.of(heads, rows, "不达标学校补足到标准所需数量")]


_SECTIONS: Sequence[Callable[[Bundle], list[Block]]] = (
    _basics,
    _conclusion,
    resource_blocks,
    _item_sections,
    _scores,
    _vetoes,
    _eligibility,
    _rectification,
    exception_blocks,
    coverage_blocks,
)
