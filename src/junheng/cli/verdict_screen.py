"""The verdict in a screenful: what it is, part by part, the coefficients, and what to fix first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL, amount_text
from junheng.core.explain_text import MARKS
from junheng.core.findings import Level
from junheng.core.judgements import unknown_subjects
from junheng.core.rounding import printed
from junheng.core.standard import Stage
from junheng.core.verdict import DispersionResult, Outcome

if TYPE_CHECKING:
    from junheng.api import Evaluation
    from junheng.core.gaps import Gaps

STYLES = {Outcome.MET: "green", Outcome.NOT_MET: "bold red", Outcome.CANNOT_TELL: "yellow"}
_MOST, _FEW = 10, 3


def outcome_text(outcome: Outcome) -> Text:
    """An outcome with its mark, coloured; the mark and the word say the same without colour."""
    return Text(f"{MARKS[outcome]} {outcome.label}", style=STYLES[outcome])


def show_verdict(screen: Console, evaluation: "Evaluation", gaps: "Gaps") -> None:
    """Prints the verdict."""
    verdict = evaluation.verdict
    trial = "〔试算,数据有错误〕" if evaluation.is_trial else ""
    screen.print(Text(f"{verdict.county_name} {verdict.year}年度 · {evaluation.standard.title}", style="bold"))
    screen.print(
        Text.assemble(
            "结论:",
            outcome_text(verdict.outcome),
            trial,
            f"   判定日 {verdict.judged_on}   校验码 {verdict.digest[:16]}",
        )
    )
    screen.print(_parts(evaluation))
    _schools(screen, evaluation)
    if verdict.dispersion:
        screen.print(_coefficients(evaluation))
    _blockers(screen, evaluation)
    _remarks(screen, evaluation, gaps)


def _parts(evaluation: "Evaluation") -> Table:
    table = Table("部分", "结论", box=None, padding=(0, 2, 0, 0))
    for name in ("达标", "不达标", "无法判定"):
        table.add_column(name, justify="right")
    for part in evaluation.verdict.parts:
        counts = (part.met_count, part.not_met_count, part.cannot_tell_count)
        table.add_row(PART_LABEL[part.part], outcome_text(part.outcome), *map(str, counts))
    return table


def _schools(screen: Console, evaluation: "Evaluation") -> None:
    if evaluation.standard.school_rule is None:
        return
    pieces = []
    for stage in Stage:
        schools = [entry for entry in evaluation.verdict.schools if entry.stage is stage]
        met = sum(entry.outcome is Outcome.MET for entry in schools)
        pieces.append(f"{STAGE_LABEL[stage]}{met}/{len(schools)}所达标")
    verdict = evaluation.verdict
    judged = {entry.school_id for entry in verdict.schools}
    stages = sum(entry.school_id in judged for entry in verdict.excluded)
    more = f"、另有{stages}个学段" if stages else ""
    screen.print(f"学校:{'，'.join(pieces)}；不纳入评估{verdict.excluded_school_count}所{more}（逐所列明条款）")


def _coefficients(evaluation: "Evaluation") -> Table:
    indicators = evaluation.standard.indicators
    table = Table(
        "差异系数", *(entry.short_name for entry in indicators), "综合", "上限", box=None, padding=(0, 1, 0, 0)
    )
    for stage in Stage:
        results = [entry for entry in evaluation.verdict.dispersion if entry.stage is stage]
        composite = next((entry for entry in evaluation.verdict.composites if entry.stage is stage), None)
        limits = {entry.limit for entry in results if entry.limit is not None}
        if composite is not None and composite.limit is not None:
            limits = {composite.limit}
        limit = printed(limits.pop(), 2) if limits else "—"
        cells = [_coefficient(entry) for entry in results]
        table.add_row(STAGE_LABEL[stage], *cells, printed(composite.value if composite else None, 3), limit)
    return table


def _coefficient(entry: DispersionResult) -> Text:
    mark = MARKS[entry.outcome] if entry.limit is not None or entry.coefficient is None else " "
    return Text(
        f"{printed(entry.coefficient, 3)}{mark}", style=STYLES[entry.outcome] if entry.limit is not None else ""
    )


def _blockers(screen: Console, evaluation: "Evaluation") -> None:
    from junheng.core.blockers import find_blockers

    blockers = find_blockers(evaluation.verdict, evaluation.standard)
    _listed(screen, "先解决:", [entry.text for entry in blockers if entry.outcome is Outcome.NOT_MET], "bold red")
    _listed(
        screen,
        "缺材料,尚不能判定:",
        [entry.text for entry in blockers if entry.outcome is Outcome.CANNOT_TELL],
        "yellow",
    )
    if any(entry.text.endswith("（尚未审核）") for entry in blockers):
        known = f"junheng standards show {evaluation.standard.id}"
        screen.print(f"     尚未审核的,在采集表“资料审核与评分”中填写结论、评估人和佐证材料;编号见 {known}")


def _listed(screen: Console, title: str, lines: Sequence[str], style: str) -> None:
    if not lines:
        return
    screen.print(Text(title, style=style))
    _lines(screen, lines, _MOST)
    if len(lines) > _MOST:
        screen.print(f"     另有{len(lines) - _MOST}项,见差距清单或 junheng explain。")


def _lines(screen: Console, lines: Sequence[str], most: int) -> None:
    for number, line in enumerate(lines[:most], start=1):
        text = Text(f" {number:>2}. {line}")
        text.truncate(screen.width, overflow="ellipsis")
        screen.print(text)


def _remarks(screen: Console, evaluation: "Evaluation", gaps: "Gaps") -> None:
    verdict = evaluation.verdict
    names = {entry.id: entry for entry in evaluation.standard.indicators}
    pieces = []
    for name, missing in gaps.totals.items():
        if missing > 0:
            pieces.append(f"{names[name].short_name}{amount_text(missing, names[name].unit)}")
    if pieces:
        screen.print(f"不达标学校合计应增加:{'，'.join(pieces)}")
    sensitive = sum(result.is_rounding_sensitive for school in verdict.schools for result in school.indicators)
    sensitive += sum(entry.is_rounding_sensitive for entry in verdict.dispersion)
    sensitive += sum(entry.is_rounding_sensitive for entry in verdict.composites)
    sensitive += sum(entry.is_rounding_sensitive for entry in verdict.items)
    if sensitive:
        screen.print(f"注意:{sensitive}处若按打印的四舍五入数值判定,结论会不同。")
    if verdict.exceptions_used:
        known = {entry.id: entry.name for entry in evaluation.standard.exceptions}
        screen.print(f"使用了例外条款:{'、'.join(known[name] for name in verdict.exceptions_used)}")
    _doubts(screen, evaluation)


def _doubts(screen: Console, evaluation: "Evaluation") -> None:
    """Warnings that nobody has explained, and judgements that the standard does not ask for: nothing is left out unsaid."""
    warnings = [entry for entry in evaluation.findings if entry.level is Level.WARNING]
    if warnings:
        screen.print(
            Text(f"数据有{len(warnings)}处警告没有书面说明,结论可能因此不准（junheng check 逐处列明）:", style="yellow")
        )
        _lines(screen, [entry.message for entry in warnings], _FEW)
    strangers = unknown_subjects(evaluation.facts, evaluation.standard)
    if strangers:
        text = f"“资料审核与评分”里有{len(strangers)}个编号不属于本标准,没有采用:{'、'.join(strangers)}"
        screen.print(Text(text, style="yellow"))
