"""The command `plan`: from collected facts and a scenario to a plan and its documents."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from junheng.cli.options import ForceOption, unless_there
from junheng.core.errors import InputError

if TYPE_CHECKING:
    from types import FrameType

    from junheng.api.planning import Scenario
    from junheng.core.facts import Facts

COUNTY_SOURCE = "县级财政"
NO_PLAN, NONE_IN_TIME, BLOCKED, ABORTED = 6, 7, 3, 130


def plan(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="采集表,每个年度一份（或几份）;最近一年是起点,往年用来预测学生数。"),
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="方案条件文件（.xlsx、.yaml 或 .json）:单价、预算、限制。")
    ] = None,
    new_scenario: Annotated[
        Path | None,
        typer.Option("--new-scenario", help="只生成一份待填的方案条件文件（.xlsx 或 .yaml）,然后结束。"),
    ] = None,
    standard: Annotated[
        str | None, typer.Option("--standard", "-s", help="标准编号,或自己的标准文件路径;代替文件里的。")
    ] = None,
    target_year: Annotated[int | None, typer.Option("--target-year", help="目标年度,如 2028;代替文件里的。")] = None,
    budget: Annotated[
        list[str] | None,
        typer.Option(
            "--budget",
            help="每年预算（万元）,如 1500、2027=800、2027:上级补助=500,可重复;unlimited 表示不设上限;代替文件里的。",
        ),
    ] = None,
    goal: Annotated[
        str | None,
        typer.Option("--goal", help="cheapest（全部达标,最省）或 fewest_failing（先求不达标的学校最少）。"),
    ] = None,
    quantile: Annotated[
        float | None, typer.Option("--quantile", help="按预测的哪种情形安排,如 0.9;代替文件里的。")
    ] = None,
    same_pupils: Annotated[bool, typer.Option("--same-pupils", help="各年学生数沿用最近一年,不做预测。")] = False,
    seconds: Annotated[int | None, typer.Option("--seconds", help="求解时间（秒）;到时间给出已有的最好方案。")] = None,
    optimality_gap: Annotated[
        float | None, typer.Option("--optimality-gap", help="与理论下限相差不超过它就停,如 0.005。")
    ] = None,
    frontier: Annotated[
        list[str] | None,
        typer.Option("--frontier", help="另算费用曲线:target_year、budget 或 passing,可重复;每点一次求解。"),
    ] = None,
    options: Annotated[
        bool, typer.Option("--options", help="另比较方案条件里允许的学区调整、撤并和新开学校,看能否更省。")
    ] = False,
    previous: Annotated[
        Path | None, typer.Option("--previous", help="上次的 plan.json:先对照完成情况,再从现状重新规划。")
    ] = None,
    trial: Annotated[bool, typer.Option("--trial", help="数据有错误也试算。")] = False,
    force: ForceOption = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="把任务清单、一校一案、预算报告写到这个文件夹。")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON,供程序使用。")] = False,
) -> None:
    """最省的达标方案:哪一年、哪所学校、做什么、花多少,并证明不能再省多少。没有可行方案时退出码为 6,给定时间内没有找到时为 7。"""
    from junheng.api import planning
    from junheng.cli import printing

    given = _given(standard, target_year, goal, quantile, same_pupils, seconds, optimality_gap)
    if new_scenario is not None:
        target = unless_there(new_scenario, is_forced=force)
        typer.echo(f"已生成 {planning.write_scenario(target, planning.blank_scenario(given))}")
        return
    facts, history = _facts(files or [], is_trial=trial)
    earlier = _previous(previous)
    chosen = _scenario(scenario, given, budget or [], facts, earlier)
    if earlier is not None and not as_json:
        printing.print_reality(planning.reality_data(planning.against_plan(earlier, facts)))
    with _stopping() as is_stopped, printing.plan_progress(is_quiet=as_json) as tell:
        answer = planning.make_plan(facts, history, chosen, previous=earlier, stop=is_stopped, progress=tell)
        curves = [
            planning.frontier(facts, history, chosen, axis, stop=is_stopped, progress=tell) for axis in frontier or []
        ]
        changes = planning.compare_options(facts, history, chosen, stop=is_stopped) if options else None
    data = planning.plan_data(answer)
    data |= {"curves": curves} if curves else {}
    data |= {"options": changes} if changes is not None else {}
    if as_json:
        printing.print_json(data)
    else:
        printing.print_plan(data)
    if out is not None and not answer.is_blocked:
        with printing.progress_bar(is_quiet=as_json) as progress:
            written = planning.write_plan(data, out, progress)
        if not as_json:
            printing.print_paths(written)
    _leave(data)


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(plan)


def _leave(data: Mapping[str, Any]) -> None:
    """Ends with the exit code of the answer."""
    if any(finding["level"] == "error" for finding in data["findings"]):
        raise typer.Exit(BLOCKED)
    if data["cost"] is None:
        raise typer.Exit(NO_PLAN if data["status"] == "infeasible" else NONE_IN_TIME)


# ------------------------------------------------------------------------------------------------ what was given


def _given(
    standard: str | None,
    target_year: int | None,
    goal: str | None,
    quantile: float | None,
    same_pupils: bool,
    seconds: int | None,
    optimality_gap: float | None,
) -> dict[str, Any]:
    """The options as entries of a scenario, by path; only those that were given."""
    percent = {"pupils.quantile": quantile, "effort.optimality_gap": optimality_gap}
    entries: dict[str, Any] = {
        "standard": standard,
        "target_year": target_year,
        "goal": goal,
        "pupils.source": "same" if same_pupils else None,
        "effort.seconds": seconds,
        **{path: None if share is None else str(Decimal(str(share)) * 100) for path, share in percent.items()},
    }
    return {path: value for path, value in entries.items() if value is not None}


def _scenario(
    path: Path | None,
    given: Mapping[str, Any],
    budget: Sequence[str],
    facts: "Facts",
    earlier: Mapping[str, Any] | None,
) -> "Scenario":
    """The scenario of the file, else of the earlier plan, with what the options say. Exit code 3 after findings that block."""
    from junheng.api import planning
    from junheng.cli import printing

    if budget:
        given = {**given, "money": "unlimited"}
    if path is not None:
        found, findings = planning.read_scenario(path, given=given, facts=facts)
    elif earlier is not None:
        found, findings = planning.scenario_of(planning.remaining_scenario(earlier, facts), given=given, facts=facts)
    else:
        raise InputError("请用 --scenario 给出方案条件（单价、预算、限制）;可先用 --new-scenario 生成一份待填的文件。")
    if found is None:
        printing.print_findings(findings, to_stderr=True)
        raise typer.Exit(BLOCKED)
    if findings:
        printing.print_findings(findings, to_stderr=True)
    return planning.with_budgets(found, _budgets(budget), facts) if budget else found


def _budgets(texts: Sequence[str]) -> dict[tuple[int | None, str], str]:
    """`1500`, `2027=800`, `2027:上级补助=500` as (year or None, source) → 万元; `unlimited` gives nothing."""
    found: dict[tuple[int | None, str], str] = {}
    for text in texts:
        if text == "unlimited" and len(texts) == 1:
            return {}
        left, _, amount = text.rpartition("=")
        year, _, source = left.partition(":")
        if (year and not year.isdecimal()) or not amount.replace(".", "", 1).isdecimal():
            raise InputError(f"预算“{text}”写法不对,应写成 1500、2027=800 或 2027:上级补助=500（万元）。")
        found[int(year) if year else None, source or COUNTY_SOURCE] = amount
    return found


def _facts(files: Sequence[Path], *, is_trial: bool) -> "tuple[Facts, list[Facts]]":
    """The facts of the latest year, checked, and those of the years before."""
    from junheng import api
    from junheng.cli import printing

    if not files:
        raise InputError("请给出采集表文件。")
    years, findings = api.read_years(files)
    latest = api.check_facts(years[-1], previous=years[-2] if len(years) > 1 else None, findings=findings)
    with printing.blocked_findings():
        if not (latest.is_usable or is_trial):
            raise api.BlockedByFindingsError(latest.findings)
    return years[-1], years[:-1]


def _previous(path: Path | None) -> dict[str, Any] | None:
    from junheng.cli.options import json_object

    return None if path is None else json_object(path, "上次的方案")


# ------------------------------------------------------------------------------------------------ stopping


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Asks whether to stop: after the first Ctrl-C the best plan so far is taken; the second one ends the program at once."""
    pressed: list[int] = []

    def note(number: int, _frame: "FrameType | None") -> None:
        pressed.append(number)
        if len(pressed) > 1:
            os._exit(ABORTED)  # the solver's thread cannot be unwound; nothing is half written at this time
        typer.echo("\n正在停止,将给出已有的最好方案;再按一次 Ctrl-C 立即退出。", err=True)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
