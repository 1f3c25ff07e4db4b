"""What blocks a county, in order, each with what to do next: for pages that lead from the verdict to the work.

What blocks and in which order is the list of `junheng.core.blockers`; here it gets the schools to go to and the amounts to find.
"""

from __future__ import annotations

from dataclasses import dataclass

from junheng.core.blockers import Blocker, BlockerKind, OpenSchools, find_blockers
from junheng.core.standard import Part
from junheng.core.verdict import DispersionResult, ItemResult, Outcome, VetoResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.wording import amount, listed, money, official, signed

__all__ = ["NextStep", "SchoolLink", "next_steps"]

_NAMED = 3
_MOST_SCHOOLS = 6
_SUPPLY = "补报缺少的数据后重新评估。"
_STOP = "立即纠正，留存整改材料，复核后更新结论。"
_FILL_IN = "在“资料审核与评分”表填写结论、评估人和佐证材料。"


@dataclass(frozen=True, slots=True)
class SchoolLink:
    """A school to go to, with a few words on why."""

    school_id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that blocks. `path` leads to its explanation; `schools` are those to begin with, of `school_count` concerned."""

    kind: BlockerKind
    part: Part
    path: str
    outcome: Outcome
    text: str
    action: str
    schools: tuple[SchoolLink, ...] = ()
    school_count: int = 0


def next_steps(bundle: Bundle) -> tuple[NextStep, ...]:
    """Everything that is not met, then everything that cannot be told, with what to do about it."""
    return tuple(_step(bundle, entry) for entry in find_blockers(bundle.verdict, bundle.standard))


def _step(bundle: Bundle, blocker: Blocker) -> NextStep:
    action, schools, count = _what_to_do(bundle, blocker)
    return NextStep(blocker.kind, blocker.part, blocker.path, blocker.outcome, blocker.text, action, schools, count)


Todo = tuple[str, tuple[SchoolLink, ...], int]


def _what_to_do(bundle: Bundle, blocker: Blocker) -> Todo:
    match blocker.result:
        case DispersionResult() as result if blocker.kind is BlockerKind.MEAN:
            return _mean(bundle, result), (), 0
        case DispersionResult() as result if result.coefficient is not None:
            return _coefficient(bundle, result)
        case OpenSchools() as schools:
            return _open_schools(bundle, schools, blocker.outcome)
        case ItemResult() as result:
            return _item(result)
        case VetoResult() as veto:
            return (_FILL_IN if veto.outcome is Outcome.CANNOT_TELL else _STOP), (), 0
    if blocker.outcome is Outcome.CANNOT_TELL:
        return _SUPPLY, (), 0
    return "从差距最大的一项做起，逐项改进后重新评估。", (), 0


def _mean(bundle: Bundle, result: DispersionResult) -> str:
    if result.mean is None:
        return _SUPPLY
    entry = bundle.standard.indicator(result.indicator_id)
    limit = bundle.threshold(entry, result.stage)
    short = None if limit is None else limit - result.mean
    return f"全县平均值还差{amount(short, entry.unit)}，先补低于标准的学校。"


def _coefficient(bundle: Bundle, result: DispersionResult) -> Todo:
    names = {(school.school_id, school.stage): bundle.part_name(school) for school in bundle.verdict.schools}
    movers = next(
        gap.movers
        for gap in bundle.gaps.dispersion
        if (gap.indicator_id, gap.stage) == (result.indicator_id, result.stage)
    )
    links = tuple(
        SchoolLink(mover.school_id, names[mover.school_id, result.stage], signed(mover.change, 3))
        for mover in movers[:_NAMED]
        if mover.change < 0
    )
    return "先看影响最大的学校：各校后面是去掉该校后差异系数的变化。", links, result.school_count


def _open_schools(bundle: Bundle, found: OpenSchools, outcome: Outcome) -> Todo:
    schools = [entry for entry in bundle.verdict.schools if entry.stage is found.stage and entry.outcome is outcome]
    schools.sort(key=lambda entry: (entry.met_count, entry.floor_count, -(entry.student_count or 0), entry.school_id))
    links = tuple(
        SchoolLink(entry.school_id, bundle.part_name(entry), f"{entry.met_count}/{len(entry.indicators)}")
        for entry in schools[:_MOST_SCHOOLS]
    )
    if outcome is Outcome.CANNOT_TELL:
        return "补报这些学校缺少的数据后重新评估。", links, found.count
    missing = [
        (bundle.standard.indicator(missed.indicator_id), bundle.gaps.stage_totals[missed.indicator_id][found.stage])
        for missed in found.missed
    ]
    amounts = [f"{entry.short_name}{money(total, entry.unit)}" for entry, total in missing if total > 0]
    return f"这些学校合计应增加：{'、'.join(amounts)}。各校缺口见一校一案。", links, found.count


def _item(result: ItemResult) -> Todo:
    schools: dict[str, SchoolLink] = {}
    for failure in result.failures:
        schools.setdefault(
            failure.school_id, SchoolLink(failure.school_id, failure.school_name, official(failure.text))
        )
    if schools:
        names = listed([link.name for link in schools.values()], _NAMED)
        links = tuple(schools.values())[:_MOST_SCHOOLS]
        return f"逐校整改：{names}。", links, len(schools)
    if result.outcome is Outcome.NOT_MET:
        return "对照条款逐项改进，留存佐证材料，复核后更新数据。", (), 0
    if result.sub_items or any(reason.code.startswith("judgement-") for reason in result.reasons):
        return _FILL_IN, (), 0
    return _SUPPLY, (), 0
