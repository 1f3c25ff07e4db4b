"""A plan in a screenful, from its data: verdict by year, cost and proof, money, measures, teachers, what binds; or what stands in
the way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

Data = Mapping[str, Any]
_MOST = 8
_STEADIER, _STEADY = (0.8, 0.9, 0.95, 0.99), 0.9


def show_plan(screen: Console, data: Data) -> None:
    """Prints the answer to a scenario."""
    head = f"{data['county_name']} {data['base_year'] + 1}–{data['target_year']}年达标方案（{data['title']}）"
    screen.print(Text(head, style="bold"))
    screen.print(f"标准:{data['standard_title']};目标:{data['goal_label']};{_pupils(data)}")
    screen.print(Text(data["text"], style="bold green" if data["cost"] is not None else "bold red"))
    if data["cost"] is not None:
        _proof(screen, data)
        _years(screen, data)
        _money(screen, data)
        _measures(screen, data)
        _schools(screen, data)
        _teachers(screen, data)
        _bindings(screen, data)
        _risks(screen, data)
    else:
        _obstacles(screen, data)
    for entry in data.get("milestones", ()):
        screen.print(
            Text(f"{'✓' if entry['is_met'] else '✗'} {entry['text']}", style="green" if entry["is_met"] else "red")
        )
    if "options" in data:
        _options(screen, data["options"])
    for curve in data.get("curves", ()):
        _curve(screen, curve)
    _findings(screen, data["findings"])


def show_reality(screen: Console, reality: Data) -> None:
    """Prints how far an earlier plan has come."""
    screen.print(Text(f"对照上次方案（{reality['title']}）:{reality['text']}", style="bold"))
    pupils = reality["pupils"]
    screen.print(f"学生数:计划 {pupils['planned']:,} 人,实际 {pupils['real']:,} 人。")
    late = reality["late"]
    rows = [
        (
            row["school_name"],
            row["stage_label"],
            row["label"],
            f"{row['planned']:,.10g}",
            f"{row['real']:,.10g}",
            f"{row['lacks']:,.10g} {row['unit']}",
            _wan(row["money"]),
        )
        for row in late[:_MOST]
    ]
    if rows:
        heads = ("学校", "学段", "项目", "计划", "实际", "还差", "约需（万元）")
        screen.print(_table("没有完成的", heads, rows, left=3))
        screen.print(f"共{len(late)}项没有完成,按原单价约需 {_wan(reality['late_money'])} 万元。")
    if reality["underway"]:
        screen.print(f"另有{len(reality['underway'])}项已开工、还没有建成,重新规划时按建成计入。")


def _pupils(data: Data) -> str:
    quantile = data["pupils"]["quantile"]
    return data["pupils"]["label"] if quantile is None else f"学生数按预测的{quantile:.0%}情形"


def _proof(screen: Console, data: Data) -> None:
    spent = f"支出合计 {_wan(data['spent'])} 万元"
    proof = f"理论下限 {_wan(data['bound'])} 万元,差距 {data['optimality_gap']:.2%}"
    cost = f"折算到{data['base_year']}年 {_wan(data['cost'])} 万元,{proof}"
    screen.print(f"{spent};{cost};求解 {data['seconds']:.0f} 秒;校验码 {data['digest'][:16]}")


def _years(screen: Console, data: Data) -> None:
    rows = [
        (
            f"{entry['year']}{'（现状）' if place == 0 else ''}",
            entry["resources_label"] or "",
            f"{entry['passing']}/{entry['judged']}",
            f"{entry['spreads_broken']}/{entry['spreads']}",
            "" if place == 0 else _wan(entry["spent"]),
        )
        for place, entry in enumerate(data["years"])
    ]
    heads = ("年度", "资源配置", "达标校段", "超限差异系数", "支出（万元）")
    screen.print(_table("逐年（方案放回数据,由判定程序重新判定）", heads, rows, left=2))


def _money(screen: Console, data: Data) -> None:
    years = [entry["year"] for entry in data["years"][1:]]
    found = {(entry["source"], entry["year"]): entry for entry in data["money"]}
    rows = []
    for source in dict.fromkeys(entry["source"] for entry in data["money"]):
        cells = []
        for year in years:
            entry = found[source, year]
            limit = "" if entry["budget"] is None else f" / {_wan(entry['budget'])}"
            cells.append(f"{_wan(entry['amount'])}{limit}")
        rows.append((source, *cells))
    screen.print(_table("资金（万元,支出 / 预算）", ("来源", *(f"{year}年" for year in years)), rows))


def _measures(screen: Console, data: Data) -> None:
    listed = sorted(data["measures"], key=lambda entry: -entry["money"])
    rows = [
        (entry["label"], f"{entry['amount']:,} {entry['unit']}", str(entry["schools"] or "全县"), _wan(entry["money"]))
        for entry in listed
    ]
    screen.print(_table("措施", ("措施", "数量", "学校", "金额（万元）"), rows))


def _schools(screen: Console, data: Data) -> None:
    touched = sorted((entry for entry in data["schools"] if entry["tasks"]), key=lambda entry: -entry["money"])
    names = "、".join(f"{entry['school_name']} {_wan(entry['money'])}" for entry in touched[:_MOST])
    screen.print(f"有任务的学校 {len(touched)} 所,任务 {len(data['tasks'])} 项;金额最大（万元）:{names}")


def _teachers(screen: Console, data: Data) -> None:
    for entry in data["openings"]:
        pupils = sum(own["pupils"] for own in entry["stages"])
        screen.print(
            f"新开学校:{entry['school_name']},{entry['year']}年,学生 {pupils} 人,一次性支出 {_wan(entry['money'])} 万元"
        )
    if data["teachers"]:
        gone = sum(entry["retired"] + entry["left"] for entry in data["teachers"])
        hired = sum(entry["hired"] for entry in data["teachers"])
        screen.print(f"不采取措施时教师:退休和流失 {gone:.0f} 人,已定招聘 {hired} 人,已计入")
    areas = data["exchanges_by_area"]
    if areas:
        listed = ";".join(f"{entry['area']}调出{entry['given']}人、调入{entry['received']}人" for entry in areas)
        screen.print(f"教师调动:{listed}")


def _bindings(screen: Console, data: Data) -> None:
    rows = [(entry["text"], entry["unit"], f"{entry['yuan']:,.0f}") for entry in data["bindings"][:_MOST]]
    if rows:
        screen.print(_table("抬高费用的要求（放宽一点约可节省）", ("要求", "放宽", "约省（元）"), rows))


def _risks(screen: Console, data: Data) -> None:
    found = data["robustness"]
    if found is not None:
        edge = "、".join(f"{entry['school_name']}{_why(entry)}{entry['fails']:.0%}" for entry in found["edge"][:_MOST])
        tail = f";最可能落空:{edge}（共{len(found['edge'])}个校段）" if edge else ""
        screen.print(f"{found['draws']}次模拟的学生数变化中,全部达标的占{found['passes']:.1%}{tail}")
        if found["spreads"]:
            listed = "、".join(
                f"{_stage(entry)}“{entry['name']}”{entry['broken']:.0%}" for entry in found["spreads"][:_MOST]
            )
            screen.print(f"最可能超限的差异系数:{listed}（共{len(found['spreads'])}项）")
        higher = [share for share in _STEADIER if share > (data["pupils"]["quantile"] or 0)]
        if found["passes"] < _STEADY and higher:
            screen.print(
                f"要更有把握,同样的条件加 --quantile {higher[0]:g}（按{higher[0]:.0%}的模拟都不超过的学生数安排,费用会高些）"
            )
    if data["left_open"]:
        names = ";".join(f"{entry['name']}（{entry['label']}）" for entry in data["left_open"])
        screen.print(Text(f"措施管不到、须另行达到的:{names}", style="yellow"))


def _why(entry: Data) -> str:
    return f"（{entry['lacks']}）" if entry["lacks"] else ""


def _stage(entry: Data) -> str:
    return "小学" if entry["stage"] == "primary" else "初中"


def _obstacles(screen: Console, data: Data) -> None:
    if data["clash"] is not None:
        note = "" if data["clash"]["is_smallest"] else "（时间有限,其中有的可能并不冲突）"
        screen.print(Text(f"不能同时满足的要求{note}:", style="bold"))
        for text in data["clash"]["texts"]:
            screen.print(f"  · {text}")
    options = [entry["text"] for entry in data["relaxations"]]
    options += [data["later"]["text"]] if data["later"] is not None else []
    if options:
        screen.print(Text("可以怎样放宽（每项只放宽一类,取最小的程度）:", style="bold"))
        for text in options:
            screen.print(f"  · {text}")


def _options(screen: Console, options: Data) -> None:
    rows = [(entry["label"], _wan(entry["cost"]), _wan(entry["bound"]), entry["text"]) for entry in options["options"]]
    screen.print(Text(options["text"] or "没有可以比较的调整。", style="bold"))
    if rows:
        screen.print(_table("调整学区、撤并和新开学校", ("调整", "费用（万元）", "下限（万元）", "说明"), rows[:_MOST]))


def _curve(screen: Console, curve: Data) -> None:
    rows = [
        (
            f"{point['asked']:g}",
            _wan(point["cost"]),
            "" if point["passing"] is None else str(point["passing"]),
            point["text"],
        )
        for point in curve["points"]
    ]
    if rows:
        heads = (curve["label"], "费用（万元）", "达标校段", "说明")
        screen.print(_table(f"费用与{curve['label']}", heads, rows))
    _findings(screen, [finding for finding in curve["findings"] if finding["level"] == "error"])


def _findings(screen: Console, findings: Iterable[Data]) -> None:
    grave = [finding for finding in findings if finding["level"] != "info"]
    for finding in grave[:_MOST]:
        style = "bold red" if finding["level"] == "error" else "yellow"
        screen.print(Text(f"! {finding['message']}", style=style))
        screen.print(f"    → {finding['hint']}")
    if len(grave) > _MOST:
        screen.print(f"另有{len(grave) - _MOST}处,见 --json 的输出。")


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> Table:
    """A table whose first columns are words and whose others are numbers."""
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, padding=(0, 2, 0, 0))
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < left or head == "说明" else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _wan(value: float | None) -> str:
    return "—" if value is None else f"{value:,.2f}"
