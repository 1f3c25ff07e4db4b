"""Vetoes: circumstances that alone refuse recognition.

MET means that the circumstance was looked for and not found. A veto with a formula is decided by facts, and by a judgement as
well when there is one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from junheng.core.facts import Facts
from junheng.core.formula_catalogue import FormulaKind
from junheng.core.item_formulas.inquiry import (
    FormulaResult,
    Inquiry,
    Tally,
    number,
    over_schools,
    read_values,
    share_of,
)
from junheng.core.item_formulas.recognition import satisfied_share
from junheng.core.item_formulas.roll import Roll
from junheng.core.judgements import Judgement, Judgements
from junheng.core.standard import Part, Standard, Veto
from junheng.core.verdict import ItemResult, Outcome, VetoResult, all_of


@dataclass(frozen=True, slots=True)
class VetoFormula:
    """A formula and the facts (`table.field`) it rests on. It may look at the results of the items."""

    judge: Callable[[Inquiry, Sequence[ItemResult]], FormulaResult]
    uses: tuple[str, ...]


def core_indicators_failed(inquiry: Inquiry, _items: Sequence[ItemResult]) -> FormulaResult:
    """Found when any school on the roll fails at least `least_failures` core indicators of the basic school standard."""
    tally = Tally()
    least = inquiry.values["least_failures"]
    for school in over_schools(inquiry, tally):
        failed = school.row["failed_core_indicator_count"]
        if failed is None:
            tally.lack("办学基本标准核心指标不达标项数", school)
        elif failed >= least:
            tally.cannot_pass(
                "core-indicators-failed", f"{school.name}有 {failed} 项核心指标不达标,达到否决线 {number(least)} 项。"
            )
    return tally.result()


def funding_growth_missed(inquiry: Inquiry, _items: Sequence[ItemResult]) -> FormulaResult:
    """Found when 三个增长 was missed in at least `misses` of the last `years` years.

    The last year is the latest reported one, the year of the facts or the one before. A year without an answer may be a miss.
    """
    tally = Tally()
    rows = {row["spending_year"]: row["is_funding_growth_met"] for row in inquiry.roll.spending}
    years = inquiry.last_years(rows)
    missed = [year for year in years if rows.get(year) is False]
    unknown = [year for year in years if rows.get(year) is None]
    if len(missed) >= inquiry.values["misses"]:
        text = f"教育经费“三个增长”未达标的年份:{'、'.join(map(str, missed))}。"
        tally.cannot_pass("funding-growth-missed", text)
    elif len(missed) + len(unknown) >= inquiry.values["misses"]:
        tally.lack(f" {'、'.join(map(str, unknown))} 年“三个增长”是否达标")
    else:
        tally.outcomes.append(Outcome.MET)
    return tally.result()


def recognition_below(inquiry: Inquiry, items: Sequence[ItemResult]) -> FormulaResult:
    """Found when satisfied questionnaires stay below `share`, or the standard's own item of recognition is not met.

    A share that suffices clears the county only when that item does not doubt the survey.
    """
    tally = Tally()
    value = satisfied_share(inquiry.facts)
    if value is None:
        tally.lack("社会认可度问卷的有效份数或满意份数")
    outcome = tally.share_at_least("公众满意度", value, inquiry.values["share"])
    found = {item.number: item.outcome for item in items if item.part is Part.RECOGNITION}
    missed = [number for number, judged in found.items() if judged is Outcome.NOT_MET]
    doubts = [number for number, judged in found.items() if judged is Outcome.CANNOT_TELL]
    if outcome is not Outcome.NOT_MET and missed:
        tally.cannot_pass("recognition-missed", f"指标 {'、'.join(missed)} 不达标。")
    elif outcome is Outcome.MET and doubts:
        tally.cannot_tell(
            "survey-in-doubt", f"满意度达到要求,但指标 {'、'.join(doubts)} 尚无法判定,调查结果不能作为依据。"
        )
    return tally.result()


def disabled_enrolment_below(inquiry: Inquiry, _items: Sequence[ItemResult]) -> FormulaResult:
    """Found when fewer than `share` of disabled children of school age are enrolled; not applicable when there are none."""
    tally = Tally()
    children, enrolled = inquiry.county("disabled_children_count"), inquiry.county("disabled_enrolled_count")
    if children == 0:
        tally.not_applicable("没有适龄残疾儿童少年,不适用。")
        return tally.result()
    for label, value in (("适龄残疾儿童少年数", children), ("残疾儿童少年入学数", enrolled)):
        if value is None:
            tally.lack(label)
    tally.share_at_least("残疾儿童少年入学率", share_of(enrolled, children), inquiry.values["share"])
    return tally.result()


FORMULAS: Mapping[str, VetoFormula] = {
    "core_indicators_failed": VetoFormula(core_indicators_failed, ("schools.failed_core_indicator_count",)),
    "funding_growth_missed": VetoFormula(funding_growth_missed, ("county_years.is_funding_growth_met",)),
    "recognition_below": VetoFormula(recognition_below, ("survey_groups.valid_count", "survey_groups.satisfied_count")),
    "disabled_enrolment_below": VetoFormula(
        disabled_enrolment_below, ("county.disabled_children_count", "county.disabled_enrolled_count")
    ),
}
"""Every formula a veto may name."""


def judge_vetoes(facts: Facts, standard: Standard, on: date, items: tuple[ItemResult, ...]) -> tuple[VetoResult, ...]:
    """One result per veto, in the order of the standard; `items` are the results of the same judging.

    Raises StandardError for an unknown formula and for one without a number that it needs on that day.
    """
    roll, judgements = Roll(facts), Judgements(facts)
    results = []
    for veto in standard.vetoes:
        found = None
        if veto.formula is not None:
            values = read_values(standard, on, FormulaKind.VETO, veto.id, veto.formula, veto.params)
            found = FORMULAS[veto.formula].judge(Inquiry(facts, roll, on, values), items)
        judged = judgements.of_veto(veto.id) if found is None or judgements.holds(veto.id) else None
        results.append(_result(veto, found, judged))
    return tuple(results)


def needed_veto_fields(standard: Standard) -> frozenset[str]:
    """The facts (`table.field`) that the formulas of a standard's vetoes rest on."""
    return frozenset(name for veto in standard.vetoes if veto.formula for name in FORMULAS[veto.formula].uses)


def _result(veto: Veto, found: FormulaResult | None, judged: Judgement | None) -> VetoResult:
    return VetoResult(
        veto_id=veto.id,
        number=veto.number,
        name=veto.name,
        clause=veto.clause,
        outcome=all_of(part.outcome for part in (found, judged) if part is not None),
        reasons=(found.reasons if found else ()) + (judged.reasons if judged else ()),
        assessor=judged.assessor if judged else "",
        evidence=judged.evidence if judged else (),
    )
