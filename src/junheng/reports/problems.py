"""What stands in the way, in the order in which it blocks, and what is still unknown: for the gap list and the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from junheng.core.explain_node import PART_LABEL
from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import DispersionResult, ItemResult, Outcome, SchoolResult, VetoResult
from junheng.reports.bundle_content import Bundle
from junheng.reports.item_sentences import item_name, item_reasons, item_sentence
from junheng.reports.resource_tables import composite_of
from junheng.reports.wording import STAGE_WORD, amount, cv_limit, filled, limit_text, money, official, reason_text

__all__ = ["OpenQuestion", "Problem", "open_questions", "problems"]

_CV_DECIMALS = 3


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
    """Everything that is surely not met: vetoes, coefficients, county means, schools per indicator, items."""
    return [
        *_vetoes(bundle),
        *_coefficients(bundle),
        *_means(bundle),
        *_schools(bundle),
        *_items(bundle),
    ]


def _vetoes(bundle: Bundle) -> Iterator[Problem]:
    for veto in bundle.verdict.vetoes:
        if veto.outcome is Outcome.NOT_MET:
            reasons = _veto_reasons(veto)
            yield Problem("一票否决", f"{veto.number}. {veto.name}。{reasons}", "否决")


def _veto_reasons(veto: VetoResult) -> str:
    return "".join(reason_text(reason, veto.veto_id, "该情形") for reason in veto.reasons)


def _coefficients(bundle: Bundle) -> Iterator[Problem]:
    gaps = {(gap.indicator_id, gap.stage): gap for gap in bundle.gaps.dispersion}
    for result in bundle.verdict.dispersion:
        gap = gaps.get((result.indicator_id, result.stage))
        if result.outcome is not Outcome.NOT_MET or gap is None or gap.excess is None:
            continue
        names = {(school.school_id, school.stage): bundle.part_name(school) for school in bundle.verdict.schools}
        movers = "、".join(names[mover.school_id, result.stage] for mover in gap.movers[:3])
        text = (
            f"{STAGE_WORD[result.stage]}“{bundle.standard.indicator(result.indicator_id).short_name}”差异系数"
            f"{filled(result.coefficient, _CV_DECIMALS)}，高于上限{cv_limit(result.limit)}。影响最大的学校：{movers}。"
        )
        yield Problem("校际差异系数", text, f"超出{filled(gap.excess, _CV_DECIMALS)}")
    for stage in Stage:
        composite = composite_of(bundle, stage)
        if composite is not None and composite.outcome is Outcome.NOT_MET:
            text = f"{STAGE_WORD[stage]}综合差异系数{filled(composite.value, 3)}，高于上限{cv_limit(composite.limit)}。"
            excess = (
                None if composite.value is None or composite.limit is None else composite.value - float(composite.limit)
            )
            yield Problem("校际差异系数", text, f"超出{filled(excess, _CV_DECIMALS)}")


def _means(bundle: Bundle) -> Iterator[Problem]:
    for result in bundle.verdict.dispersion:
        if result.mean_outcome is Outcome.NOT_MET:
            entry = bundle.standard.indicator(result.indicator_id)
            limit = bundle.threshold(entry, result.stage)
            text = (
                f"{STAGE_WORD[result.stage]}“{entry.short_name}”全县平均值{filled(result.mean, entry.decimals)}{entry.unit}，"
                f"低于标准{limit_text(limit)}{entry.unit}。"
            )
            short = None if result.mean is None or limit is None else limit - result.mean
            yield Problem("全县平均值", text, f"差{amount(short, entry.unit)}")


def _schools(bundle: Bundle) -> Iterator[Problem]:
    """Failing schools as a whole, then per indicator and stage, most failing schools first."""
    if not bundle.has_thresholds:
        return
    for stage in Stage:
        failing = [school for school in bundle.schools_of(stage) if school.outcome is Outcome.NOT_MET]
        if failing:
            text = f"{STAGE_WORD[stage]}有{len(failing)}所学校资源配置综合评估不达标（共评估{len(bundle.schools_of(stage))}所）。"
            yield Problem("学校综合评估", text, f"{len(failing)}所")
    counted = [
        (count, stage, entry)
        for stage in Stage
        for entry in bundle.standard.indicators
        if (count := _failing(bundle, entry, stage))
    ]
    for count, stage, entry in sorted(counted, key=lambda found: -found[0]):
        total = bundle.gaps.totals[entry.id][stage]
        limit = f"{limit_text(bundle.threshold(entry, stage))}{entry.unit}"
        text = f"{STAGE_WORD[stage]}“{entry.short_name}”有{count}所学校低于标准{limit}"
        more = f"；不达标学校共缺{money(total, entry.unit)}。" if total else "，所在学校综合评估均达标。"
        yield Problem("学校单项指标", text + more, f"{count}所")


def _failing(bundle: Bundle, entry: ResourceIndicator, stage: Stage) -> int:
    return sum(
        result.outcome is Outcome.NOT_MET
        for school in bundle.schools_of(stage)
        for found, result in bundle.results(school)
        if found.id == entry.id
    )


def _items(bundle: Bundle) -> Iterator[Problem]:
    for result in bundle.verdict.items:
        if result.outcome is not Outcome.NOT_MET:
            continue
        schools = len({failure.school_id for failure in result.failures})
        size = f"{schools}所" if schools else "全县"
        text = f"{item_name(result)}：{item_sentence(bundle, result)}"
        if not result.failures:
            text += "".join(sentence for sentence in item_reasons(result) if sentence not in text)
        yield Problem(PART_LABEL[result.part], text, size)
    scoring = bundle.verdict.scoring
    if scoring is not None and scoring.outcome is Outcome.NOT_MET:
        yield Problem("量化计分", "".join(official(reason.text) for reason in scoring.reasons), "—")


def open_questions(bundle: Bundle) -> list[OpenQuestion]:
    """Everything that cannot be told, with what to supply."""
    return [
        *_open_vetoes(bundle),
        *_open_coefficients(bundle),
        *_open_schools(bundle),
        *_open_items(bundle),
    ]


def _open_vetoes(bundle: Bundle) -> Iterator[OpenQuestion]:
    for veto in bundle.verdict.vetoes:
        if veto.outcome is Outcome.CANNOT_TELL:
            yield OpenQuestion("一票否决", f"{veto.number}. {veto.name}", _veto_reasons(veto), _JUDGEMENT)


_JUDGEMENT = "审核结论、评估人和佐证材料；有数据要求的，补齐数据"


def _open_coefficients(bundle: Bundle) -> Iterator[OpenQuestion]:
    for result in bundle.verdict.dispersion:
        if result.coefficient is None:
            yield OpenQuestion("差异系数", _cv_subject(bundle, result), _cv_reason(result), "见所列学校缺少的数据")


def _cv_subject(bundle: Bundle, result: DispersionResult) -> str:
    return f"{STAGE_WORD[result.stage]}“{bundle.standard.indicator(result.indicator_id).short_name}”差异系数"


def _cv_reason(result: DispersionResult) -> str:
    return reason_text(result.reason) if result.reason is not None else "差异系数无法计算。"


def _open_schools(bundle: Bundle) -> Iterator[OpenQuestion]:
    for school in bundle.verdict.schools:
        for entry, result in bundle.results(school):
            if result.value is None:
                reason = reason_text(result.reason) if result.reason is not None else "缺少数据。"
                yield OpenQuestion(
                    "学校指标", f"{bundle.part_name(school)}“{entry.short_name}”", reason, _supply(school)
                )


def _supply(school: SchoolResult) -> str:
    return f"在学校表或学段表补报（标识码{school.school_id}，{STAGE_WORD[school.stage]}）"


def _open_points(result: ItemResult) -> str:
    names = [sub.name for sub in result.sub_items if sub.points is None]
    return f"{len(names)}个计分点没有得分：{'；'.join(names)}。"


def _open_items(bundle: Bundle) -> Iterator[OpenQuestion]:
    for result in bundle.verdict.items:
        if result.outcome is Outcome.CANNOT_TELL:
            supply = "各计分点的得分、评估人和佐证材料" if result.sub_items else _JUDGEMENT
            reasons = item_reasons(result)
            shown = _open_points(result) if result.sub_items else "".join(reasons)
            yield OpenQuestion(PART_LABEL[result.part], item_name(result), shown, supply)
