"""What the commands print: Chinese, aligned by display width, with marks that read without colour."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.core.findings import Finding, Level

if TYPE_CHECKING:
    from junheng.api import Evaluation, Outlook
    from junheng.core.compare import Comparison
    from junheng.core.explain_node import Node
    from junheng.core.gaps import Gaps, IndicatorGap
    from junheng.core.standard import Standard
    from junheng.core.standard_diff import Difference

LEVELS = {Level.ERROR: ("✗ 错误", "bold red"), Level.WARNING: ("! 警告", "yellow"), Level.INFO: ("· 提示", "dim")}


def console(*, to_stderr: bool = False) -> Console:
    """The terminal; plain text when it is not one, never narrower than a screen when output goes to a file."""
    screen = Console(stderr=to_stderr, highlight=False, emoji=False, markup=False)
    if not screen.is_terminal:
        screen.width = 160
    return screen


def print_json(value: Any) -> None:
    """Any result as indented JSON; fractions as `"n/d"`."""
    from junheng.core.digest import plain

    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=1))


def findings_summary(findings: Sequence[Finding]) -> str:
    """How many findings of each level."""
    counts = Counter(finding.level for finding in findings)
    if not counts:
        return "没有发现问题。"
    return "、".join(f"{LEVELS[level][0][2:]}{counts[level]}处" for level in Level if counts[level]) + "。"


def print_findings(findings: Sequence[Finding], *, to_stderr: bool = False) -> None:
    """All findings: level, cell, message, hint; then the summary."""
    screen = console(to_stderr=to_stderr)
    for finding in findings:
        label, style = LEVELS[finding.level]
        place = finding.location
        where = " ".join(part for part in (place.file, f"{place.sheet}!{place.cell}".strip("!")) if part)
        screen.print(Text.assemble((label, style), f"  {where}  ", finding.message, (f"  〔{finding.code}〕", "dim")))
        if finding.hint:
            screen.print(Text(f"        → {finding.hint}"))
        if finding.level is Level.WARNING and finding.reference:
            screen.print(Text(f"        说明编号:{finding.reference}", style="dim"))
    screen.print(f"共{len(findings)}处:{findings_summary(findings)}" if findings else findings_summary(findings))


@contextmanager
def blocked_findings() -> Iterator[None]:
    """Prints the findings that block before the error goes on."""
    from junheng.api import BlockedByFindingsError

    try:
        yield
    except BlockedByFindingsError as error:
        print_findings([entry for entry in error.findings if entry.level is Level.ERROR], to_stderr=True)
        raise


@contextmanager
def progress_bar(*, is_quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error: what is being written, how many are done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(to_stderr=True), disable=is_quiet, transient=True) as bar:
        task = bar.add_task("准备", total=None)

        def advance(label: str, done: int, total: int) -> None:
            bar.update(task, description=label, completed=done, total=total)

        yield advance


@contextmanager
def plan_progress(*, is_quiet: bool = False) -> Iterator[Callable[[float, float, float, float], None]]:
    """A line on standard error that tells cost, bound and optimality gap of the best plan so far, and the time."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    screen = console(to_stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=is_quiet or not screen.is_terminal, transient=True) as bar:
        task = bar.add_task("正在求解（Ctrl-C 停止,给出已有的最好方案）", total=None)

        def tell(cost: float, bound: float, optimality_gap: float, seconds: float) -> None:
            proof = "下限未知" if math.isnan(optimality_gap) else f"下限 {bound:,.2f} 万元,差距 {optimality_gap:.2%}"
            line = f"费用 {cost:,.2f} 万元,{proof}"
            bar.update(task, description=line)
            if not is_quiet and not screen.is_terminal:
                screen.print(f"{seconds:6.1f} 秒  {line}")

        yield tell


def print_plan(data: Mapping[str, Any]) -> None:
    """A plan in a screenful, or what stands in the way of one."""
    from junheng.cli.plan_screen import show_plan

    show_plan(console(), data)


def print_reality(reality: Mapping[str, Any]) -> None:
    """How far an earlier plan has come."""
    from junheng.cli.plan_screen import show_reality

    show_reality(console(), reality)


_PLANS = "一校一案"
"""The folder whose files follow from the result: an earlier run may have left plans that this one has none for."""


def print_paths(paths: Sequence[Path]) -> None:
    """The files that were written; many in one folder are counted."""
    folders = Counter(path.parent for path in paths)
    for folder, count in folders.items():
        if count > 12:  # more than a screen wants
            typer.echo(f"  {folder}/（{count}个文件）")
        else:
            for path in (entry for entry in paths if entry.parent == folder):
                typer.echo(f"  {path}")
        strangers = sum(path not in paths for path in folder.iterdir()) if folder.name == _PLANS else 0
        if strangers:
            typer.echo(f"  注意:{folder}/ 里还有{strangers}个不是这次写的文档（多半是上次的结果）,请核对后删去。")


def print_explanation(node: "Node", depth: int | None) -> None:
    """An explanation, indented."""
    from junheng.core.explain_text import explain_lines

    for line in explain_lines(node, max_depth=depth):
        typer.echo(line)


def print_comparison(comparison: "Comparison") -> None:
    """Who flips, and why."""
    screen = console()
    screen.print(
        f"前:{comparison.before}    后:{comparison.after}    相同{comparison.same_count}项,变化{len(comparison.flips)}项"
    )
    for flip in comparison.flips:
        old, new = (outcome.label if outcome else "不评估" for outcome in (flip.before, flip.after))
        screen.print(Text.assemble((f"{old} → {new}", "bold"), f"  {flip.name}"))
        for reason in flip.why:
            screen.print(f"    · {reason}")


def print_standards(standards: Sequence["Standard"]) -> None:
    """One line a standard."""
    table = Table("编号", "名称", "地区", "版本", "依据", "指标", "事项", box=None, padding=(0, 2, 0, 0))
    for entry in standards:
        row = (entry.id, entry.title, entry.place, entry.version, entry.document.number or entry.document.title)
        table.add_row(*row, str(len(entry.indicators)), str(len(entry.items)))
    console().print(table)


def print_standard(standard: "Standard", on: date) -> None:
    """A standard with its numbers on a day."""
    from junheng.cli.standard_screen import show_standard

    show_standard(console(), standard, on)


def print_differences(differences: Sequence["Difference"]) -> None:
    """What differs between two standards."""
    screen = console()
    for entry in differences:
        screen.print(Text.assemble((entry.label, "bold"), f":{entry.a or '无'} → {entry.b or '无'}"))
        clauses = " → ".join(clause or "—" for clause in (entry.clause_a, entry.clause_b))
        screen.print(f"    〔{clauses}〕")
    screen.print(f"共{len(differences)}处不同。")


def print_verdict(evaluation: "Evaluation", gaps: "Gaps") -> None:
    """The verdict in a screenful."""
    from junheng.cli.verdict_screen import show_verdict

    show_verdict(console(), evaluation, gaps)


def print_forecast(outlook: "Outlook", quantiles: Sequence[float], least: float) -> None:
    """The forecast in a screenful."""
    from junheng.cli.forecast_screen import show_forecast

    show_forecast(console(), outlook, quantiles, least)


def _gap_amounts(gap: "IndicatorGap") -> str:
    """What the stage lacks by itself and, where that is not the same, what the school must add for it."""
    from junheng.core.explain_node import counted

    amounts = f"到标准缺{counted(gap.to_threshold)}{gap.unit},到底线缺{counted(gap.to_floor)}{gap.unit}"
    if (gap.of_school, gap.of_school_to_floor) == (gap.to_threshold, gap.to_floor):
        return amounts
    whole = f"到标准{counted(gap.of_school)}{gap.unit},到底线{counted(gap.of_school_to_floor)}{gap.unit}"
    return f"本学段{amounts}；全校应增加:{whole}"


def print_gaps(evaluation: "Evaluation", gaps: "Gaps") -> None:
    """The gaps of each school that is not met, and what moves the coefficients."""
    from junheng.core.explain_node import STAGE_LABEL, counted

    screen = console()
    names = {entry.id: entry.short_name for entry in evaluation.standard.indicators}
    both = {need.school_id: need.cost for need in gaps.needs if len(need.stages) > 1 and need.cost is not None}
    for school in gaps.schools:
        cost = f"  约{counted(school.cost)}元" if school.cost is not None else ""
        cost += f"（全校各学段一并补足约{counted(both[school.school_id])}元）" if school.school_id in both else ""
        word = school.outcome.label if evaluation.standard.school_rule else "数据不全"
        screen.print(Text(f"{school.school_name}（{STAGE_LABEL[school.stage]}）{word}{cost}", style="bold"))
        for gap in school.gaps:
            left = "  可暂留在底线" if gap.indicator_id in school.leave else ""
            screen.print(f"    {names[gap.indicator_id]}:{_gap_amounts(gap)}{left}")
        if school.unknown:
            screen.print(f"    无法判定:{'、'.join(names[name] for name in school.unknown)}")
    for entry in gaps.dispersion:
        if entry.excess is not None:
            title = f"{STAGE_LABEL[entry.stage]}“{names[entry.indicator_id]}”差异系数{entry.coefficient:.3f}"
            screen.print(Text(f"{title},超出{entry.excess:.3f};去掉后下降最多:", style="bold"))
            for mover in entry.movers[:5]:
                screen.print(f"    {mover.school_name}  {mover.change:+.3f}（占方差{mover.share:.1%}）")
    if not evaluation.standard.school_rule:
        screen.print("这个标准不逐校判定,没有逐校的差距;判定的是差异系数。")
    elif not gaps.schools:
        screen.print("纳入评估的学校全部达标。")
