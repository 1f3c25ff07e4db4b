"""What blocks the county, in the words of the gap list and the report; what blocks and in which order is core's list.

Coefficients get the schools that move them, schools the indicators they miss and what is lacking, items their sentence, and
everything that cannot be told what to supply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from junheng.core.blockers import Blocker, BlockerKind, MissedIndicator, OpenSchools, find_blockers
from junheng.core.explain_node import PART_LABEL
from junheng.core.standard import Stage
from junheng.core.verdict import (
    CompositeResult,
    DispersionResult,
    ItemResult,
    Outcome,
    Reason,
    SchoolResult,
    ScoringResult,
    VetoResult,
)
from junheng.reports.bundle_content import Bundle
from junheng.reports.item_sentences import item_name, item_reasons, item_sentence
from junheng.reports.wording import STAGE_WORD, amount, cv_limit, filled, limit_text, money, official, reason_text

__all__ = ["OpenQuestion", "Problem", "open_questions", "problems"]

_CV_DECIMALS = 3
_MOVERS = 3
_JUDGEMENT = "审核结论、评估人和佐证材料；有数据要求的，补齐数据"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not met: its kind, a sentence, and its size in natural units."""

    kind: str
    text: str
    size: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One thing that cannot be told: its kind, what it is about, why, and what to supply."""

    kind: str
    subject: str
    reason: str
    supply: str


def problems(bundle: Bundle) -> list[Problem]:
    """Everything that is surely not met, in the order in which it blocks."""
    found = (entry for entry in find_blockers(bundle.verdict, bundle.standard) if entry.outcome is Outcome.NOT_MET)
    return [problem for entry in found for problem in _problems(bundle, entry)]


def _problems(bundle: Bundle, blocker: Blocker) -> Iterator[Problem]:
    match blocker.result:
        case VetoResult() as veto:
            yield Problem("一票否决", f"{veto.number}. {veto.name}。{_veto_reasons(veto)}", "否决")
        case DispersionResult() as result if blocker.kind is BlockerKind.MEAN:
            yield _mean(bundle, result)
        case DispersionResult() | CompositeResult() as result:
            yield _coefficient(bundle, result)
        case OpenSchools() as schools:
            yield from _schools(bundle, schools)
        case ItemResult() as result:
            yield _item(bundle, result)
        case ScoringResult() as scoring:
            yield Problem("量化计分", "".join(official(reason.text) for reason in scoring.reasons), "—")


def _veto_reasons(veto: VetoResult) -> str:
    return "".join(reason_text(reason, veto.veto_id, "该情形") for reason in veto.reasons)


def _coefficient(bundle: Bundle, result: DispersionResult | CompositeResult) -> Problem:
    value = result.coefficient if isinstance(result, DispersionResult) else result.value
    text = f"{_cv_subject(bundle, result)}{filled(value, _CV_DECIMALS)}，高于上限{cv_limit(result.limit)}。"
    if isinstance(result, DispersionResult):
        text += f"影响最大的学校：{_movers(bundle, result)}。"
    excess = None if value is None or result.limit is None else value - float(result.limit)
    return Problem("校际差异系数", text, f"超出{filled(excess, _CV_DECIMALS)}")


def _cv_subject(bundle: Bundle, result: DispersionResult | CompositeResult) -> str:
    if isinstance(result, CompositeResult):
        return f"{STAGE_WORD[result.stage]}综合差异系数"
    return f"{STAGE_WORD[result.stage]}“{bundle.standard.indicator(result.indicator_id).short_name}”差异系数"


def _movers(bundle: Bundle, result: DispersionResult) -> str:
    names = {(school.school_id, school.stage): bundle.part_name(school) for school in bundle.verdict.schools}
    movers = next(
        gap.movers
        for gap in bundle.gaps.dispersion
        if (gap.indicator_id, gap.stage) == (result.indicator_id, result.stage)
    )
    return "、".join(names[mover.school_id, result.stage] for mover in movers[:_MOVERS])


def _mean(bundle: Bundle, result: DispersionResult) -> Problem:
    entry = bundle.standard.indicator(result.indicator_id)
    limit = bundle.threshold(entry, result.stage)
    text = (
        f"{STAGE_WORD[result.stage]}“{entry.short_name}”全县平均值{filled(result.mean, entry.decimals)}{entry.unit}，"
        f"低于标准{limit_text(limit)}{entry.unit}。"
    )
    short = None if result.mean is None or limit is None else limit - result.mean
    return Problem("全县平均值", text, f"差{amount(short, entry.unit)}")


def _schools(bundle: Bundle, schools: OpenSchools) -> Iterator[Problem]:
    """The failing schools of a stage as a whole, then by indicator, most schools first."""
    word = STAGE_WORD[schools.stage]
    text = f"{word}有{schools.count}所学校资源配置综合评估不达标（共评估{schools.judged_count}所）。"
    yield Problem("学校综合评估", text, f"{schools.count}所")
    for missed in sorted(schools.missed, key=lambda found: -found.school_count):
        yield _indicator(bundle, schools.stage, missed)


def _indicator(bundle: Bundle, stage: Stage, missed: MissedIndicator) -> Problem:
    entry = bundle.standard.indicator(missed.indicator_id)
    total = bundle.gaps.stage_totals[entry.id][stage]
    limit = f"{limit_text(bundle.threshold(entry, stage))}{entry.unit}"
    text = f"{STAGE_WORD[stage]}“{entry.short_name}”有{missed.school_count}所学校低于标准{limit}"
    more = f"；不达标学校共应增加{money(total, entry.unit)}。" if total else "，所在学校综合评估均达标。"
    return Problem("学校单项指标", text + more, f"{missed.school_count}所")


def _item(bundle: Bundle, result: ItemResult) -> Problem:
    schools = len({failure.school_id for failure in result.failures})
    text = f"{item_name(result)}：{item_sentence(bundle, result)}"
    if not result.failures:
        text += "".join(sentence for sentence in item_reasons(result) if sentence not in text)
    return Problem(PART_LABEL[result.part], text, f"{schools}所" if schools else "全县")


# ------------------------------------------------------------------------------------------------ what is open


def open_questions(bundle: Bundle) -> list[OpenQuestion]:
    """Everything that cannot be told, with what to supply: what blocks, and before the items every missing value of a school."""
    found = [entry for entry in find_blockers(bundle.verdict, bundle.standard) if entry.outcome is Outcome.CANNOT_TELL]
    items = [entry for entry in found if isinstance(entry.result, ItemResult)]
    others = [entry for entry in found if not isinstance(entry.result, ItemResult | OpenSchools)]
    return [
        *(_question(bundle, entry) for entry in others),
        *_missing_values(bundle),
        *(_question(bundle, entry) for entry in items),
    ]


def _question(bundle: Bundle, blocker: Blocker) -> OpenQuestion:
    match blocker.result:
        case VetoResult() as veto:
            return OpenQuestion("一票否决", f"{veto.number}. {veto.name}", _veto_reasons(veto), _JUDGEMENT)
        case DispersionResult() as result if blocker.kind is BlockerKind.COEFFICIENT:
            return OpenQuestion("差异系数", _cv_subject(bundle, result), _reason(result.reason), "见所列学校缺少的数据")
        case CompositeResult() as result:
            subject = _cv_subject(bundle, result)
            return OpenQuestion("差异系数", subject, _reason(result.reason), "见上列无法计算的差异系数")
        case ItemResult() as result:
            return _open_item(result)
    return OpenQuestion(PART_LABEL[blocker.part], "全县", official(blocker.text), "补齐数据")


def _reason(reason: Reason | None) -> str:
    return reason_text(reason) if reason is not None else "缺少数据。"


def _open_item(result: ItemResult) -> OpenQuestion:
    if not result.sub_items:
        return OpenQuestion(PART_LABEL[result.part], item_name(result), "".join(item_reasons(result)), _JUDGEMENT)
    names = [sub.name for sub in result.sub_items if sub.points is None]
    shown = f"{len(names)}个计分点没有得分：{'；'.join(names)}。"
    return OpenQuestion(PART_LABEL[result.part], item_name(result), shown, "各计分点的得分、评估人和佐证材料")


def _missing_values(bundle: Bundle) -> Iterator[OpenQuestion]:
    """Every value that cannot be computed, school by school: what open schools and coefficients are waiting for."""
    for school in bundle.verdict.schools:
        for entry, result in bundle.results(school):
            if result.value is None:
                subject = f"{bundle.part_name(school)}“{entry.short_name}”"
                yield OpenQuestion("学校指标", subject, _reason(result.reason), _supply(school))


def _supply(school: SchoolResult) -> str:
    return f"在学校表或学段表补报（标识码{school.school_id}，{STAGE_WORD[school.stage]}）"
