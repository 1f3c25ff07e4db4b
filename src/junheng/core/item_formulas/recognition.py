"""What people say: the survey of public recognition (form Ⅵ)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from junheng.core.facts import Facts
from junheng.core.formula_catalogue import SHARE_UNIT
from junheng.core.item_formulas.inquiry import (
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    count_figure,
    number,
    plus,
    share_figure,
    share_of,
)
from junheng.core.verdict import Figure, Outcome

GROUPS = {
    "parent": "家长",
    "student": "学生",
    "teacher": "教师",
    "principal": "校长",
    "peoples_congress_deputy": "人大代表",
    "cppcc_member": "政协委员",
    "other": "其他群众",
}
"""Who is asked; the form prints parents first."""

_COUNTS = {
    "questionnaire_count": ("问卷总数", "份"),
    "valid_count": ("回收有效问卷数", "份"),
    "satisfied_count": ("满意问卷数", "份"),
    "visited_count": ("实地走访人数", "人"),
    "visit_satisfied_count": ("实地走访满意人数", "人"),
}
_USES = (*(f"survey_groups.{field}" for field in _COUNTS), "county.population")
_JUDGED = ("valid_count", "satisfied_count", "visited_count", "visit_satisfied_count")
Counts = Mapping[str, int | None]


def group_counts(facts: Facts) -> Mapping[str, Counts]:
    """The counts of each group, and under `total` their sums; None where a group has no row or the number is missing."""
    rows: dict[str, dict[str, Any]] = {row["group"]: row for row in facts.table("survey_groups").rows(named=True)}
    counts: dict[str, Counts] = {
        group: {field: rows.get(group, {}).get(field) for field in _COUNTS} for group in GROUPS
    }
    total = {field: plus(counts[group][field] for group in GROUPS) for field in _COUNTS}
    return {"total": total, **counts}


def satisfied_share(facts: Facts) -> Fraction | None:
    """Satisfied out of valid questionnaires over all groups (share of 1); None when a number is missing or there is none."""
    total = group_counts(facts)["total"]
    return share_of(total["satisfied_count"], total["valid_count"])


def public_recognition(inquiry: Inquiry) -> FormulaResult:
    """Satisfied questionnaires and satisfied visits each reach `share`.

    The sample has to hold too: at least `sample_rate` × residents valid questionnaires, `parent_share` of them from parents, and
    with `all_groups` 1 some from every group (each judged only where the standard gives it). A good result on a poor sample
    proves nothing, so it is CANNOT_TELL; a bad result stands whatever the sample, until a better survey says otherwise. All
    seven groups need a row (0 when not asked).
    """
    tally = Tally()
    counts = group_counts(inquiry.facts)
    total = counts["total"]
    for field in _JUDGED:
        lacking = [label for group, label in GROUPS.items() if counts[group][field] is None]
        if lacking:
            tally.lack(f"{'、'.join(lacking)}的{_COUNTS[field][0]}(未调查的填 0)")
    limit = inquiry.values["share"]
    value = share_of(total["satisfied_count"], total["valid_count"])
    visits = share_of(total["visit_satisfied_count"], total["visited_count"])
    for whole, label in ((total["valid_count"], "回收有效问卷数"), (total["visited_count"], "实地走访人数")):
        if whole == 0:
            tally.cannot_tell("zero-denominator", f"{label}合计为 0,满意度无法计算。请先完成调查。")
    tally.share_at_least("问卷调查综合满意度", value, limit)
    tally.share_at_least("实地走访满意度", visits, limit)
    if Outcome.NOT_MET not in tally.outcomes:
        _judge_sample(inquiry, tally, counts)
    return tally.result(
        (*_form_figures(counts), *_sample_figures(inquiry, counts)), value=value, limit=limit, unit=SHARE_UNIT
    )


def survey_share(inquiry: Inquiry) -> FormulaResult:
    """For scored points: the share of satisfied questionnaires is the share of full marks."""
    tally = Tally()
    credit = satisfied_share(inquiry.facts)
    if credit is None:
        tally.lack("社会认可度问卷的有效份数或满意份数")
    else:
        tally.outcomes.append(Outcome.MET)
    return tally.result(credit=credit)


FORMULAS: Mapping[str, ItemFormula] = {"public_recognition": ItemFormula(public_recognition, _USES)}
SUB_ITEM_FORMULAS: Mapping[str, ItemFormula] = {
    "survey_share": ItemFormula(survey_share, ("survey_groups.valid_count", "survey_groups.satisfied_count"))
}


def _judge_sample(inquiry: Inquiry, tally: Tally, counts: Mapping[str, Counts]) -> None:
    valid, parents = counts["total"]["valid_count"], counts["parent"]["valid_count"]
    rate, least = inquiry.values.get("sample_rate"), inquiry.values.get("parent_share")
    residents = inquiry.county("population")
    if rate is not None and residents is None:
        tally.lack("人口总数(常住)")
    if rate is not None and residents is not None and valid is not None and valid < rate * residents:
        text = f"有效问卷 {valid} 份,少于常住人口 {residents} 人的 {number(1000 * rate)}‰,样本不足。请补充调查。"
        tally.cannot_tell("survey-sample", text)
    if least is not None and valid and parents is not None and parents < least * valid:
        text = f"家长有效问卷 {parents} 份,不足全部 {valid} 份的 {number(100 * least)}%,样本失衡。请补充调查。"
        tally.cannot_tell("survey-sample", text)

    unasked = [label for group, label in GROUPS.items() if counts[group]["valid_count"] == 0]
    if inquiry.values.get("all_groups") and valid and unasked:
        text = f"没有{'、'.join(unasked)}的有效问卷,调查对象不全。请补充调查。"
        tally.cannot_tell("survey-sample", text)


def _form_figures(counts: Mapping[str, Counts]) -> list[Figure]:
    figures = []
    for group, label in {"total": "合计", **GROUPS}.items():
        own = counts[group]
        listed = {
            field: count_figure(f"{group}_{field}", f"{label}{text}", own[field], unit, (f"survey_groups.{field}",))
            for field, (text, unit) in _COUNTS.items()
        }
        satisfaction = share_of(own["satisfied_count"], own["valid_count"])
        visits = share_of(own["visit_satisfied_count"], own["visited_count"])
        figures += [
            *(listed[field] for field in ("questionnaire_count", "valid_count", "satisfied_count")),
            share_figure(f"{group}_satisfied_share", f"{label}问卷调查综合满意度", satisfaction, _USES[1:3]),
            *(listed[field] for field in ("visited_count", "visit_satisfied_count")),
            share_figure(f"{group}_visit_satisfied_share", f"{label}实地走访满意度", visits, _USES[3:5]),
        ]
    return figures


def _sample_figures(inquiry: Inquiry, counts: Mapping[str, Counts]) -> tuple[Figure, Figure]:
    valid, parents = counts["total"]["valid_count"], counts["parent"]["valid_count"]
    rate = share_of(valid, inquiry.county("population"))
    sources = ("survey_groups.valid_count", "county.population")
    return (
        Figure("sample_rate", "有效问卷占常住人口的比例", None if rate is None else 1000 * rate, "‰", 2, sources),
        share_figure("parent_share", "家长问卷占有效问卷的比例", share_of(parents, valid), sources[:1]),
    )
