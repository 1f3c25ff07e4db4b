"""预算报告: what the way to the standard costs, for the meeting on the budget; without a plan, what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from junheng.reports.charts import Chart
from junheng.reports.document import (
    Block,
    BulletList,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Paragraph,
    Run,
    Signature,
    Table,
    Tone,
)
from junheng.reports.plan_basis import basis_blocks
from junheng.reports.plan_charts import money_chart, passing_chart, spread_chart
from junheng.reports.plan_paper_additions import opening_blocks, staff_blocks
from junheng.reports.plan_text import (
    Data,
    count_text,
    judged_cell,
    limit_words,
    number_text,
    percent,
    stamp,
    wan_text,
    year_span,
)
from junheng.reports.plan_work import STAGE_LABELS
from junheng.reports.wording import BLANK_DAY

__all__ = ["plan_paper"]

_LEAST_OPTIMALITY_GAP = 0.0001
_MOST_SCHOOLS, _MOST_BINDINGS, _MOST_NAMES = 15, 10, 6


def plan_paper(data: Data) -> Document:
    """The paper of a plan's data, or of the answer that there is none; the same data give the same document."""
    sections = _WITH_PLAN if "tasks" in data else _WITHOUT_PLAN
    blocks = [block for make in sections for block in make(data)]
    blocks.append(Signature(f"{data['county_name']}教育局", BLANK_DAY))
    return Document(
        title=f"{data['county_name']}义务教育达标\n{year_span(data)}年经费测算报告",
        subtitle=f"（{data['title']}）",
        blocks=tuple(blocks),
        verification=stamp(data),
        issued_on=date(data["base_year"], 12, 31),
    )


# ------------------------------------------------------------------------------------------------ what came of it


def _conclusion(data: Data) -> list[Block]:
    last, base, target = data["years"][-1], data["base_year"], data["target_year"]
    lead = (
        f"按《{data['standard_title']}》，以{base}年数据为起点，"
        f"{_pupil_words(data)}，测算到{target}年的最省安排。结论："
    )
    schools = "全部" if last["passing"] == last["judged"] else f"有 {last['passing']} 个"
    broken = last["spreads_broken"]
    spreads = f"差异系数仍有 {broken} 项超限" if broken else "差异系数全部在上限以内"
    text = (
        f"{year_span(data)}年共需 {wan_text(data['spent'])} 万元，到{target}年纳入评估的 {last['judged']} 个校段"
        f"{schools}达到资源配置要求，{spreads}。"
    )
    return [
        Heading(1, "测算结论"),
        Paragraph.of(lead, Run(text, bold=True)),
        Paragraph.of(_proof_words(data)),
        _year_table(data),
        *_milestones(data),
        _figure(passing_chart(data), "资源配置达标的校段数"),
    ]


def _pupil_words(data: Data) -> str:
    quantile = data["pupils"]["quantile"]
    if quantile is None:
        return "各年学生数沿用现状"
    return f"各年学生数按预测的 {percent(quantile, 0)} 情形"


def _proof_words(data: Data) -> str:
    """What the cost is worth: nothing cheaper than the bound exists."""
    optimality_gap = data["optimality_gap"]
    nearness = (
        "最多还能再省不到 0.01%"
        if optimality_gap < _LEAST_OPTIMALITY_GAP
        else f"最多还能再省 {percent(optimality_gap, 2)}"
    )
    return (
        f"方案费用折算到{data['base_year']}年为 {wan_text(data['cost'])} 万元；经求解证明，在同样的条件和单价下，"
        f"任何安排都不会低于 {wan_text(data['bound'])} 万元，{nearness}{_beside(data)}。"
        "方案逐年放回数据，由判定程序按标准重新判定，结果与下表一致。"
    )


def _beside(data: Data) -> str:
    """What is spent and is no part of that cost."""
    money = sum(entry["money"] for entry in data["openings"])
    return f"（已决定新开学校的一次性支出 {wan_text(money)} 万元另计，在分年度支出里）" if money else ""


def _year_table(data: Data) -> Table:
    heads = (Column("年度", 1.4), Column("支出（万元）", 1.4), Column("达标校段", 1.4), Column("超限的差异系数", 1.6))
    rows = [
        [
            Cell(f"{entry['year']}{'（现状）' if place == 0 else ''}"),
            Cell("—" if place == 0 else wan_text(entry["spent"])),
            Cell(f"{entry['passing']} / {entry['judged']}"),
            Cell(f"{entry['spreads_broken']} / {entry['spreads']}"),
            judged_cell(entry["resources_label"] or "—", _met(entry["resources"])),
        ]
        for place, entry in enumerate(data["years"])
    ]
    return Table.of((*heads, Column("资源配置", 1.2)), rows, "逐年支出和达标情况")


def _milestones(data: Data) -> list[Block]:
    """What the scheme promised on the way, and what the plan reaches."""
    if not data["milestones"]:
        return []
    rows = [
        [Cell(entry["text"]), judged_cell(count_text(entry["reached"]), entry["is_met"])]
        for entry in data["milestones"]
    ]
    return [Table.of((Column("阶段目标", 4, "left"), Column("按方案达到", 1.4)), rows, "阶段目标")]


def _met(outcome: str | None) -> bool | None:
    return None if outcome not in ("met", "not_met") else outcome == "met"


# ------------------------------------------------------------------------------------------------ money and measures


def _money(data: Data) -> list[Block]:
    if not data["money"]:
        return [Heading(1, "经费安排"), Paragraph.of("不需要安排经费。")]
    years = [entry["year"] for entry in data["years"][1:]]
    sources = list(dict.fromkeys(entry["source"] for entry in data["money"]))
    found = {(entry["source"], entry["year"]): entry for entry in data["money"]}
    rows = []
    for source in sources:
        own = [found[source, year] for year in years]
        rows.append([source, "支出", *(wan_text(entry["amount"]) for entry in own), wan_text(_total(own, "amount"))])
        if all(entry["budget"] is not None for entry in own):
            rows.append(["", "预算", *(wan_text(entry["budget"]) for entry in own), wan_text(_total(own, "budget"))])
    heads = [Column("资金来源", 1.6), Column("项目", 0.8)]
    heads += [Column(f"{year}年", 1.3, "right") for year in years] + [Column("合计", 1.4, "right")]
    return [
        Heading(1, "经费安排"),
        Table.of(heads, rows, "分年度、分来源支出（万元）", "按数据年度的价格，不折现。"),
        _figure(money_chart(data), "分年度支出"),
        _measure_table(data, years),
    ]


def _total(entries: Sequence[Data], key: str) -> float:
    return float(sum(entry[key] for entry in entries))


def _measure_table(data: Data, years: Sequence[int]) -> Table:
    heads = [Column("措施", 2.4, "left"), Column("数量", 1.5, "right"), Column("学校（所）", 1)]
    heads += [Column(f"{year}年", 1.2, "right") for year in years] + [Column("合计", 1.3, "right")]
    rows = [
        [
            entry["label"],
            f"{count_text(entry['amount'])} {entry['unit']}",
            str(entry["schools"]) if entry["schools"] else "全县",
            *(wan_text(entry["money_by_year"].get(str(year), 0.0)) for year in years),
            wan_text(entry["money"]),
        ]
        for entry in sorted(data["measures"], key=lambda entry: -entry["money"])
    ]
    note = "各年金额单位为万元。招聘教师的支出自入职年起逐年计入。"
    return Table.of(heads, rows, "各项措施的数量和金额", note)


# ------------------------------------------------------------------------------------------------ effects


def _effects(data: Data) -> list[Block]:
    blocks: list[Block] = [Heading(1, "达标效果")]
    stages = list(dict.fromkeys(entry["stage"] for entry in data["spreads"] if entry["limit"] is not None))
    for stage in stages:
        chart = spread_chart(data, stage)
        label = next(entry["stage_label"] for entry in data["spreads"] if entry["stage"] == stage)
        blocks.append(_figure(chart, f"{label}差异系数：现状与{data['target_year']}年"))
    heads = (
        Column("学段", 0.8),
        Column("指标", 1.8, "left"),
        Column("上限"),
        Column("现状", 1.1),
        Column("不采取措施", 1.3),
        Column("按方案", 1.1),
    )
    rows = [
        [
            Cell(entry["stage_label"]),
            Cell(entry["name"]),
            Cell(number_text(entry["limit"], 2)),
            judged_cell(number_text(entry["today"], 3), entry["is_met_today"]),
            judged_cell(number_text(entry["without"], 3), entry["is_met_without"]),
            judged_cell(number_text(entry["by_year"][-1], 3), entry["is_met"]),
        ]
        for entry in data["spreads"]
    ]
    blocks.append(Table.of(heads, rows, f"差异系数：现状，{data['target_year']}年不采取措施和按方案"))
    return blocks


def _schools(data: Data) -> list[Block]:
    """The schools that cost most."""
    touched = [school for school in data["schools"] if school["tasks"]]
    listed = sorted(touched, key=lambda school: (-school["money"], school["school_id"]))[:_MOST_SCHOOLS]
    tasks = {task["number"]: task for task in data["tasks"]}
    heads = (Column("学校", 2), Column("主要措施", 4.6, "left"), Column("金额（万元）", 1.2, "right"))
    rows = [
        [school["school_name"], _in_short([tasks[number] for number in school["tasks"]]), wan_text(school["money"])]
        for school in listed
    ]
    text = f"共 {len(touched)} 所学校有任务，金额最大的 {len(listed)} 所如下，全部见《任务清单》和各校“一校一案”。"
    if not listed:
        return [Heading(1, "学校安排"), Paragraph.of("没有学校需要安排任务。")]
    return [Heading(1, "学校安排"), *opening_blocks(data), Paragraph.of(text), Table.of(heads, rows, "金额最大的学校")]


def _in_short(tasks: Sequence[Data]) -> str:
    """What a school does over all years, measure by measure."""
    amounts: dict[tuple[str, str], int] = {}
    for task in tasks:
        label = str(task["measure_label"])
        if task["measure"] == "move_teacher":
            label = "调出教师" if task["is_leaving"] else "调入教师"
        amounts[label, task["unit"]] = amounts.get((label, task["unit"]), 0) + task["amount"]
    return "；".join(f"{label} {count_text(amount)} {unit}" for (label, unit), amount in amounts.items())


def _teachers(data: Data) -> list[Block]:
    areas = data["exchanges_by_area"]
    rotation = "；".join(
        f"{entry['year']}年 {entry['teachers']} 人（骨干教师 {entry['backbone']} 人）"
        for entry in data["rotation"]
        if entry["teachers"]
    )
    staff = staff_blocks(data)
    if not areas and not rotation and not staff:
        return []
    blocks: list[Block] = [Heading(1, "教师调配"), *staff]
    if areas:
        heads = (Column("所在地"), Column("调出（人）"), Column("调入（人）"), Column("净调入（人）"))
        rows = [
            [
                entry["area"],
                str(entry["given"]),
                str(entry["received"]),
                f"{entry['received'] - entry['given']:+d}".replace("-", "−"),
            ]
            for entry in areas
        ]
        moved = sum(entry["received"] for entry in areas)
        names = sorted(data["exchanges"], key=lambda entry: (-entry["given"], entry["school_id"]))
        givers = [f"{entry['school_name']} {entry['given']} 人" for entry in names if entry["given"]]
        text = f"共调动教师 {moved} 人{_farthest(data)}。调出较多的：{limit_words(givers, _MOST_NAMES, '所')}。"
        blocks += [Paragraph.of(text), Table.of(heads, rows, "教师调动：谁调出，谁调入")]
    if rotation:
        blocks.append(Paragraph.of(f"每年交流轮岗（含调动）：{rotation}。"))
    return blocks


def _farthest(data: Data) -> str:
    """How far teachers move at most, where distances are told."""
    told = [entry["km"] for entry in data["moves"] if entry["km"] is not None]
    return f"，最远 {count_text(max(told))} 千米" if told else ""


# ------------------------------------------------------------------------------------------------ why, what else, risks


def _alternatives(data: Data) -> list[Block]:
    blocks: list[Block] = [Heading(1, "制约因素和其他选择")]
    bindings = [entry for entry in data["bindings"] if entry["yuan"] > 0][:_MOST_BINDINGS]
    if bindings:
        heads = (Column("要求", 3.4, "left"), Column("放宽", 1.2), Column("约可节省（元）", 1.6, "right"))
        rows = [[entry["text"], entry["unit"], count_text(entry["yuan"])] for entry in bindings]
        blocks += [
            Paragraph.of("下列要求使费用增加最多，供研究是否可以调整。"),
            Table.of(heads, rows, "抬高费用的要求", "每项单独放宽、达标的指标不变时的估计。"),
        ]
    else:
        blocks.append(Paragraph.of("没有一项限制单独抬高费用。"))
    blocks += _options(data.get("options"))
    return blocks + [block for curve in data.get("curves", ()) for block in _curve(curve)]


def _options(options: Data | None) -> list[Block]:
    if options is None or not options["options"]:
        return []
    heads = (
        Column("调整", 3.2, "left"),
        Column("费用（万元）", 1.2, "right"),
        Column("下限（万元）", 1.2, "right"),
        Column("说明", 1.8),
    )
    rows = [
        [entry["label"], wan_text(entry["cost"]), wan_text(entry["bound"]), entry["text"] or "—"]
        for entry in options["options"]
    ]
    return [Paragraph.of(options["text"]), Table.of(heads, rows, "调整学区、撤并和新开学校的比较")]


def _curve(curve: Data) -> list[Block]:
    if not curve["points"]:
        return []
    heads = (
        Column(curve["label"], 1.4),
        Column("费用（万元）", 1.2, "right"),
        Column("达标校段"),
        Column("说明", 3.6, "left"),
    )
    rows = [
        [
            percent(point["asked"], 0) if curve["axis"] == "budget" else count_text(point["asked"]).replace(",", ""),
            wan_text(point["cost"]),
            "—" if point["passing"] is None else str(point["passing"]),
            point["text"],
        ]
        for point in curve["points"]
    ]
    return [Table.of(heads, rows, f"费用与{curve['label']}")]


def _why(entry: Data) -> str:
    """The indicator that lets a school down most often."""
    return f"多为“{entry['lacks']}”，" if entry["lacks"] else ""


def _risks(data: Data) -> list[Block]:
    blocks: list[Block] = [Heading(1, "风险和方案以外的事项")]
    found = data["robustness"]
    if found is None:
        blocks.append(Paragraph.of("各年学生数沿用现状，没有检验人数变化的影响；人数增加时，达标可能落空。"))
    else:
        names = [f"{entry['school_name']}（{_why(entry)}{percent(entry['fails'], 0)}）" for entry in found["edge"]]
        text = f"在 {found['draws']:,} 次模拟的学生数变化中，方案全部达标的占 {percent(found['passes'])}。"
        spreads = [
            f"{STAGE_LABELS[entry['stage']]}“{entry['name']}”（{percent(entry['broken'])}）"
            for entry in found["spreads"]
        ]
        if spreads:
            text += f"最容易超限的差异系数及可能性：{limit_words(spreads, _MOST_NAMES, '项')}。"
        if names:
            text += f"最容易落空的学校及可能性：{limit_words(names, _MOST_NAMES, '个校段')}。"
            text += "按更高的预测情形安排可以提高把握，费用也会增加。"
        blocks.append(Paragraph.of(text))
    if data["left_open"]:
        items = [f"{entry['name']}：{entry['label']}。" for entry in data["left_open"]]
        blocks.append(Paragraph.of("下列要求不由本方案的措施决定，到目标年度仍须另行达到或提供材料："))
        blocks.append(BulletList.of(*items))
    return blocks


# ------------------------------------------------------------------------------------------------ without a plan


def _no_plan(data: Data) -> list[Block]:
    lead = f"按《{data['standard_title']}》，以{data['base_year']}年数据为起点，{_pupil_words(data)}，到{data['target_year']}年："
    blocks: list[Block] = [Heading(1, "测算结论"), Paragraph.of(lead, Run(data["text"], bold=True))]
    if data["clash"] is not None:
        note = "" if data["clash"]["is_smallest"] else "（求解时间有限，其中有的可能并不冲突）"
        lead = f"以下要求不能同时满足{note}，至少要放宽其中一项："
        blocks += [Paragraph.of(lead), BulletList.of(*data["clash"]["texts"])]
    for finding in data["findings"]:
        if finding["level"] == "error":
            blocks.append(Paragraph.of(f"{finding['message']}{finding['hint']}"))
    return blocks


def _ways_out(data: Data) -> list[Block]:
    rows = [
        [
            Cell(entry["label"]),
            Cell(_gives(entry)),
            Cell(wan_text(entry["cost"])),
            _way_cell(entry["is_enough"], entry["status"]),
        ]
        for entry in data["relaxations"]
    ]
    later = data["later"]
    if later is not None:
        rows.append(
            [
                Cell(f"推迟到{later['year']}年"),
                Cell(later["text"]),
                Cell(wan_text(later["cost"])),
                _way_cell(later["cost"] is not None, later["status"]),
            ]
        )
    if not rows:
        return []
    heads = (
        Column("办法", 1.6),
        Column("至少要放宽多少", 4, "left"),
        Column("费用（万元）", 1.2, "right"),
        Column("结果", 0.9),
    )
    return [
        Heading(1, "可供选择的办法"),
        Paragraph.of("每种办法只放宽一类条件，列出最小的放宽程度和放宽以后的费用，供研究决定。"),
        Table.of(heads, rows, "最小的放宽"),
    ]


def _way_cell(is_open: bool, status: str) -> Cell:
    """Whether a way leads out; what was not told in time is neither."""
    if is_open:
        return Cell("可行", Tone.OK)
    return Cell("不够", Tone.BAD) if status == "infeasible" else Cell("没有结果", Tone.UNKNOWN)


def _gives(entry: Data) -> str:
    if not entry["is_enough"]:
        return str(entry["text"])
    words = [f"{give['subject']} {count_text(give['amount'])} {give['unit']}".strip() for give in entry["gives"]]
    return limit_words(words, _MOST_NAMES, "项") or "不需要"


def _figure(chart: Chart, caption: str) -> Figure:
    return Figure(chart.svg, caption, chart.alt)


_WITH_PLAN: Sequence[Callable[[Data], list[Block]]] = (
    _conclusion,
    _money,
    _effects,
    _schools,
    _teachers,
    _alternatives,
    _risks,
    basis_blocks,
)
_WITHOUT_PLAN: Sequence[Callable[[Data], list[Block]]] = (_no_plan, _ways_out, basis_blocks)
