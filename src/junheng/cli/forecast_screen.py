"""The forecast in a screenful: the county by year, how far such forecasts were off, and who will break which rule."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.core.explain_node import STAGE_LABEL
from junheng.core.findings import Level

if TYPE_CHECKING:
    from junheng.api import Outlook, Risk

_MOST = 15


def show_forecast(screen: Console, outlook: "Outlook", quantiles: Sequence[float], least: float) -> None:
    """Prints the outlook; risks from the probability `least` on."""
    found = outlook.forecast
    head = f"{outlook.facts.county_name} 学生数预测 {found.years[0]}–{found.years[-1]}年"
    screen.print(Text(f"{head}（数据到{found.years[0] - 1}年,模拟{found.options.simulations}次）", style="bold"))
    screen.print(_county(outlook, quantiles))
    _backtest(screen, outlook)
    _risks(screen, outlook, least)
    _teachers(screen, outlook)
    _remarks(screen, outlook)


def _county(outlook: "Outlook", quantiles: Sequence[float]) -> Table:
    found = outlook.forecast
    table = Table(title=Text("全县学生数", style="bold"), title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("学段")
    table.add_column("")
    table.add_column(f"{found.years[0] - 1}年", justify="right")
    for year in found.years:
        table.add_column(f"{year}年", justify="right")
    entries = list(outlook.county(quantiles))
    for stage in dict.fromkeys(entry.stage for entry in entries):
        chosen = [entry for entry in entries if entry.stage is stage]
        known = (place for place, row in enumerate(found.rows) if row[1] is stage and found.is_known[place])
        present = sum(int(found.present[place]) for place in known)
        table.add_row(STAGE_LABEL[stage], "预计", str(present), *(str(entry.pupils) for entry in chosen))
        for number, quantile in enumerate(quantiles):
            label = f"{quantile * 100:g}%情形"
            table.add_row("", label, "", *(str(entry.quantiles[number]) for entry in chosen), style="dim")
    return table


def _backtest(screen: Console, outlook: "Outlook") -> None:
    if outlook.backtest is None:
        screen.print("回测:不足三年数据,不能检验。")
        return
    for entry in outlook.backtest.scores:
        if entry.stage is None:
            screen.print(
                f"回测:提前{entry.years_ahead}年平均误差{entry.mape:.1%}（照搬上年{entry.naive_mape:.1%}）,"
                f"{outlook.backtest.level:.0%}区间实际覆盖{entry.coverage:.0%},共{entry.count}个校段年"
            )


def _risks(screen: Console, outlook: "Outlook", least: float) -> None:
    """What is not broken today but may be comes first; what is broken already is counted."""
    listed = outlook.risks.above(least)
    coming = [row for row in listed if not row.is_broken_today]
    table = Table(box=None, padding=(0, 2, 0, 0), title_justify="left")
    table.title = Text(
        f"今后会突破规定的（可能性{least:.0%}以上,现在未突破;校舍、设备、班级、教师按现有）", style="bold"
    )
    for name in ("学校", "学段", "规定", "界线"):
        table.add_column(name)
    for year in outlook.risks.years:
        table.add_column(f"{year}年", justify="right")
    for row in coming[:_MOST]:
        table.add_row(*_risk_cells(row))
    if coming:
        screen.print(table)
        screen.print(f"共{len(coming)}项" + (f",只列前{_MOST}项" if len(coming) > _MOST else "") + "。")
    else:
        screen.print(f"没有现在达到、今后有{least:.0%}以上可能突破的规定。")
    standing = len(listed) - len(coming)
    if standing:
        screen.print(f"另有{standing}项现在已经突破,今后仍可能如此;全部见 --out 写出的“突破风险”表。")


def _risk_cells(row: "Risk") -> list[str]:
    stage = "全校" if row.stage is None else STAGE_LABEL[row.stage]
    bound = next((f"{float(bound):g}{row.unit}" for bound in row.bounds if bound is not None), "")
    return [row.school_name, stage, row.rule, bound, *("–" if p is None else f"{p:.0%}" for p in row.probabilities)]


def _teachers(screen: Console, outlook: "Outlook") -> None:
    for entry in outlook.teachers.county():
        screen.print(
            f"教师 {entry.year}年:退休{entry.retired:.0f}人,流失{entry.left:.0f}人,招聘{entry.hired}人,"
            f"年末{entry.count:.0f}人（±{entry.deviation:.0f}）"
        )


def _remarks(screen: Console, outlook: "Outlook") -> None:
    grave = [finding for finding in outlook.findings if finding.level is not Level.INFO]
    for finding in grave[:_MOST]:
        screen.print(Text(f"! {finding.message}", style="yellow"))
        screen.print(f"    → {finding.hint}")
    others = len(outlook.findings) - min(len(grave), _MOST)
    if others:
        screen.print(Text(f"· 另有{others}条说明,见 --out 写出的“说明”表。", style="dim"))
