"""What a school has to do: the measures of its plan, prefilled from its gaps and from the items it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.core.gaps import IndicatorGap, SchoolGap
from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import Failure, IndicatorResult, ItemResult, SchoolResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.document import Column, Heading, Landscape, Paragraph, Table
from junheng.reports.wording import BLANK_DAY, STAGE_WORD, amount, filled, limit_text, official

__all__ = ["SHOWN", "failure_groups", "failure_texts", "measures", "own_gaps", "served_together"]

SHOWN = 3
"""Up to how many failures of one item are named in a sentence."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """One thing to do: what is wrong, and how much of what would put it right."""

    problem: str
    goal: str


def measures(bundle: Bundle, school_id: str, results: Sequence[SchoolResult]) -> Landscape:
    """The table of measures with the line to sign on, on landscape pages: problem and goal are filled in, the rest is empty."""
    listed = [*_gap_measures(bundle, results), *_item_measures(bundle, school_id)]
    heads = [
        Column("序号", 0.6),
        Column("问题", 3.6, "left"),
        Column("整改目标", 3, "left"),
        Column("措施", 2.6, "left"),
    ]
    heads += [Column("责任人", 1), Column("时限", 1), Column("资金", 1), Column("完成情况", 1.2)]
    rows = [[str(order), measure.problem, measure.goal, *[""] * 5] for order, measure in enumerate(listed, start=1)]
    rows += [["", "", "", "", "", "", "", ""]]
    table = Table.of(heads, rows, "整改措施（问题和目标由评估结果生成，其余由学校填写）")
    signing = f"校长（签字）：＿＿＿＿　责任督学（签字）：＿＿＿＿　（学校盖章）　{BLANK_DAY}"
    return Landscape((Heading(1, "整改措施"), table, Paragraph.of(signing, indent=False)))


@dataclass(frozen=True, slots=True)
class _Lack:
    """What one stage lacks of one indicator to the `limit` it is to reach: by itself (`own`), and what the school must add."""

    stage: Stage
    limit: Fraction
    result: IndicatorResult
    own: Fraction
    of_school: Fraction


def _gap_measures(bundle: Bundle, results: Sequence[SchoolResult]) -> list[_Measure]:
    """One measure per indicator that a stage lacks; stages that lack the same shared resource have it together."""
    lacks: dict[tuple[str, Stage | None], list[_Lack]] = {}
    values = {(school.key, result.indicator_id): result for school in results for result in school.indicators}
    for school in own_gaps(bundle, results):
        for gap in school.gaps:
            if gap.indicator_id in school.needed:
                result = values[(school.school_id, school.stage.value), gap.indicator_id]
                key = (gap.indicator_id, None if gap.also_serves else school.stage)
                lacks.setdefault(key, []).append(_lack(bundle, school, gap, result))
    return [_measure(bundle.standard.indicator(name), found) for (name, _), found in lacks.items()]


def _lack(bundle: Bundle, school: SchoolGap, gap: IndicatorGap, result: IndicatorResult) -> _Lack:
    assert result.threshold is not None  # a gap is what is below it
    needed = school.needed[gap.indicator_id]
    if gap.indicator_id in school.leave:
        return _Lack(school.stage, result.threshold * bundle.floor, result, gap.to_floor, needed)
    return _Lack(school.stage, result.threshold, result, gap.to_threshold, needed)


def _measure(entry: ResourceIndicator, lacks: Sequence[_Lack]) -> _Measure:
    first, unit = lacks[0], entry.unit
    problem = "；".join(_too_low(entry, lack) for lack in lacks)
    if len(lacks) == 1 and first.result.share == 1:
        stage = STAGE_WORD[first.stage]
        return _Measure(problem, f"{stage}增加{amount(first.own, unit)}，达到{limit_text(first.limit)}{unit}")
    own = "、".join(f"{STAGE_WORD[lack.stage]}缺{amount(lack.own, unit)}" for lack in lacks)
    reached = "、".join(f"{STAGE_WORD[lack.stage]}达到{limit_text(lack.limit)}{unit}" for lack in lacks)
    whole = amount(max(lack.of_school for lack in lacks), unit)  # what is added serves every stage
    return _Measure(problem, f"全校增加{whole}（拆分后{own}），{reached}")


def _too_low(entry: ResourceIndicator, lack: _Lack) -> str:
    value = f"{filled(lack.result.value, entry.decimals)}{entry.unit}"
    return f"{STAGE_WORD[lack.stage]}{entry.name}{value}，低于{limit_text(lack.limit)}{entry.unit}"


def _item_measures(bundle: Bundle, school_id: str) -> list[_Measure]:
    return [
        _Measure(_item_problem(result, failures), _item_goal(result, failures))
        for result, failures in failure_groups(bundle, school_id)
    ]


def _item_problem(result: ItemResult, failures: Sequence[Failure]) -> str:
    texts = failure_texts(failures)
    if len(texts) <= SHOWN:
        return "；".join(texts)
    return f"{result.name}：共{len(texts)}处，如{'；'.join(texts[: SHOWN - 1])}"


def _item_goal(result: ItemResult, failures: Sequence[Failure]) -> str:
    units = {failure.unit for failure in failures}
    shortfalls = [failure.shortfall for failure in failures if failure.shortfall is not None]
    if len(units) > 1 or len(shortfalls) < len(failures):
        return f"达到“{result.name}”的要求"
    total = amount(sum(shortfalls, Fraction(0)), units.pop())
    return f"消除{f'{len(failures)}处合计' if len(failures) > 1 else ''}{total}的差距"


def own_gaps(bundle: Bundle, results: Sequence[SchoolResult]) -> list[SchoolGap]:
    """The gaps of these stages."""
    keys = {school.key for school in results}
    return [gap for gap in bundle.gaps.schools if (gap.school_id, gap.stage.value) in keys]


def served_together(gap: IndicatorGap) -> str:
    """Which other stages get what is added for this one, behind an advice; empty where nothing is shared."""
    words = "、".join(STAGE_WORD[stage] for stage in gap.also_serves)
    return f"；与{words}共用，按较大的数增加一次" if words else ""


def failure_groups(bundle: Bundle, school_id: str) -> list[tuple[ItemResult, list[Failure]]]:
    """What the school fails, item by item: a school with thirty large classes has one problem, not thirty."""
    groups: dict[str, tuple[ItemResult, list[Failure]]] = {}
    for result, failure in bundle.failures_by_school.get(school_id, ()):
        groups.setdefault(result.item_id, (result, []))[1].append(failure)
    return list(groups.values())


def failure_texts(failures: Sequence[Failure]) -> list[str]:
    """What is wrong, failure by failure, with the stage where the text does not name it."""
    return [f"{_where(failure)}{official(failure.text)}" for failure in failures]


def _where(failure: Failure) -> str:
    word = STAGE_WORD[failure.stage] if failure.stage is not None else ""
    return "" if not word or failure.text.startswith(word) else f"{word}："
