"""What happens in school: hours, labour education and the national monitoring of quality (quality 7–9)."""

from collections.abc import Mapping
from fractions import Fraction

from junheng.core.formula_catalogue import SHARE_UNIT
from junheng.core.item_formulas.inquiry import (
    HOUR,
    SHARE_OF_1,
    VARIATION,
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    share_figure,
    typed,
)
from junheng.core.item_formulas.roll import Row
from junheng.core.verdict import Figure

SUBJECTS = {
    "chinese": "语文",
    "mathematics": "数学",
    "science": "科学",
    "physical_education": "体育",
    "arts": "艺术",
    "moral_education": "德育",
}
"""The subjects of the official form, in its order."""

_VARIATION_DECIMALS = 3


def in_school_hours(inquiry: Inquiry) -> FormulaResult:
    """Pupils spend at most `primary_limit` and `junior_limit` hours a day in school."""
    tally = Tally()
    figures = []
    for stage, label in (("primary", "小学生"), ("junior", "初中生")):
        figure = inquiry.county_figure(
            f"{stage}_hours_in_school", f"{label}每日在校时间", "小时", scale=HOUR, decimals=1
        )
        if figure.value is None:
            tally.lack(figure.label)
        tally.at_most(figure.label, figure.value, inquiry.values[f"{stage}_limit"], "小时", 1)
        figures.append(figure)
    return tally.result(figures)


def labour_hours(inquiry: Inquiry) -> FormulaResult:
    """Labour takes at least `share` of the hours of 综合实践活动; on a day without a `share` nothing is asked."""
    tally = Tally()
    label = "劳动实践时间占综合实践活动课时的比例"
    value, limit = typed(inquiry.county("labour_hours_share"), SHARE_OF_1), inquiry.values.get("share")
    if limit is None:
        tally.not_applicable("判定日的标准还没有劳动实践时间的要求。")
    else:
        if value is None:
            tally.lack(label)
        tally.share_at_least(label, value, limit)
    figure = share_figure("labour_hours_share", label, value, ("county.labour_hours_share",))
    return tally.result((figure,), value=value, limit=limit, unit=SHARE_UNIT)


def national_monitoring(inquiry: Inquiry) -> FormulaResult:
    """Every monitored subject has a level of at least `least_level` and a variation between schools below `variation_limit`.

    A subject that was not monitored is not judged; when none was, or a subject has no row, the item cannot be told.
    """
    tally = Tally()
    rows = {row["subject"]: row for row in inquiry.facts.table("county_subjects").rows(named=True)}
    for subject, label in SUBJECTS.items():
        row = rows.get(subject)
        if row is None or row["is_monitored"] is None:
            tally.lack(f"{label}的监测情况")
        elif row["is_monitored"]:
            _judge_subject(inquiry, tally, label, row)
    if not tally.outcomes and not tally.missing:
        tally.cannot_tell("not-monitored", "没有学科参加国家义务教育质量监测,无法判定。")
    figures = [figure for subject in SUBJECTS for figure in _subject_figures(subject, rows.get(subject, {}))]
    return tally.result(figures)


FORMULAS: Mapping[str, ItemFormula] = {
    "in_school_hours": ItemFormula(
        in_school_hours, ("county.primary_hours_in_school", "county.junior_hours_in_school")
    ),
    "labour_hours": ItemFormula(labour_hours, ("county.labour_hours_share",)),
    "national_monitoring": ItemFormula(
        national_monitoring, ("county_subjects.is_monitored", "county_subjects.level", "county_subjects.variation")
    ),
}


def _judge_subject(inquiry: Inquiry, tally: Tally, label: str, row: Row) -> None:
    level, variation = typed(row["level"], 1), typed(row["variation"], VARIATION)
    for name, value in (("学业水平等级", level), ("校际差异率", variation)):
        if value is None:
            tally.lack(label + name)
    tally.at_least(f"{label}学业水平等级", level, inquiry.values["least_level"], "级")
    tally.below(f"{label}校际差异率", variation, inquiry.values["variation_limit"], "", _VARIATION_DECIMALS)


def _subject_figures(subject: str, row: Row) -> tuple[Figure, Figure]:
    """Level and variation of a monitored subject; both empty for a subject that was not monitored."""
    shown = row if row.get("is_monitored") else {}
    return (
        _subject_figure(subject, "level", "学业水平等级", typed(shown.get("level"), 1)),
        _subject_figure(subject, "variation", "校际差异率", typed(shown.get("variation"), VARIATION)),
    )


def _subject_figure(subject: str, field: str, label: str, value: Fraction | None) -> Figure:
    unit, decimals = ("级", 0) if field == "level" else ("", _VARIATION_DECIMALS)
    source = (f"county_subjects.{field}",)
    return Figure(f"{subject}_{field}", SUBJECTS[subject] + label, value, unit, decimals, source, (subject,))
