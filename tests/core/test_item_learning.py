from fractions import Fraction

import pytest

from junheng.core.item_formulas.learning import SUBJECTS
from junheng.core.verdict import Outcome
from tests.core.builders import codes, facts_of, figures, judged

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
HOURS = {"primary_limit": 6, "junior_limit": 7}


@pytest.mark.parametrize(
    ("primary", "junior", "outcome"),
    [
        (600, 700, MET),
        (601, 700, NOT_MET),
        (600, 701, NOT_MET),
        (599, 699, MET),
        (None, 700, CANNOT_TELL),
        (600, None, CANNOT_TELL),
        (None, 701, NOT_MET),
    ],
)
def test_hours_when_below_at_or_above_then_the_outcome_follows(primary, junior, outcome):
    # hours are kept in 0.01: 601 is 6.01 hours
    facts = facts_of(county={"primary_hours_in_school": primary, "junior_hours_in_school": junior})
    result = judged(facts, "in_school_hours", **HOURS)
    assert result.outcome is outcome
    assert list(figures(result)) == ["primary_hours_in_school", "junior_hours_in_school"]


def test_hours_when_rounding_hides_the_excess_then_it_is_flagged_and_told():
    facts = facts_of(county={"primary_hours_in_school": 604, "junior_hours_in_school": 700})
    result = judged(facts, "in_school_hours", **HOURS)
    assert (result.outcome, result.is_rounding_sensitive) == (NOT_MET, True)
    assert result.reasons[0].text == "小学生每日在校时间为 6.04小时,高于要求的 6小时。"


@pytest.mark.parametrize(("share", "outcome"), [(4999, NOT_MET), (5000, MET), (5001, MET), (None, CANNOT_TELL)])
def test_labour_when_below_at_or_above_then_the_outcome_follows(share, outcome):
    result = judged(facts_of(county={"labour_hours_share": share}), "labour_hours", share="0.5")
    assert (result.outcome, result.limit) == (outcome, Fraction(1, 2))
    assert figures(result) == {"labour_hours_share": None if share is None else Fraction(share, 100)}


def monitoring(changes=None, rows=tuple(SUBJECTS), **others):
    plain = {"is_monitored": True, "level": 3, "variation": 1499}
    subjects = [{"subject": name, **plain, **others} for name in rows]
    for row in subjects:
        row.update((changes or {}).get(row["subject"], {}))
    return judged(facts_of(county_subjects=subjects), "national_monitoring", least_level=3, variation_limit="0.15")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, MET),
        ({"level": 2}, NOT_MET),
        ({"level": 4}, MET),
        ({"variation": 1500}, NOT_MET),  # below 0.15 is strict
        ({"variation": 1501}, NOT_MET),
        ({"level": None}, CANNOT_TELL),
        ({"variation": None}, CANNOT_TELL),
        ({"level": None, "variation": 1500}, NOT_MET),
        ({"is_monitored": False, "level": 1, "variation": 9000}, MET),
        ({"is_monitored": None}, CANNOT_TELL),
    ],
)
def test_monitoring_when_one_subject_is_below_at_above_or_missing_then_the_outcome_follows(changes, outcome):
    assert monitoring({"mathematics": changes}).outcome is outcome


def test_monitoring_when_the_variation_prints_as_the_limit_then_it_is_flagged():
    # 0.1499 prints as 0.150, which would not be below 0.15
    assert monitoring().is_rounding_sensitive
    assert not monitoring(variation=1494).is_rounding_sensitive
    assert not monitoring(variation=1500).is_rounding_sensitive
    assert monitoring(variation=1500).reasons[0].text == "语文校际差异率为 0.150,不低于要求的 0.15。"


@pytest.mark.parametrize("rows", [tuple(SUBJECTS)[:5], ()])
def test_monitoring_when_a_subject_has_no_row_then_cannot_tell(rows):
    result = monitoring(rows=rows)
    assert (result.outcome, len(result.reasons)) == (CANNOT_TELL, 6 - len(rows))
    assert "德育的监测情况" in result.reasons[-1].text


def test_monitoring_when_no_subject_was_monitored_then_cannot_tell():
    result = monitoring(is_monitored=False)
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["not-monitored"])
    assert set(figures(result).values()) == {None}


def test_monitoring_when_printed_then_figures_follow_the_form():
    result = monitoring()
    assert list(figures(result))[:4] == [
        "chinese_level",
        "chinese_variation",
        "mathematics_level",
        "mathematics_variation",
    ]
    assert (len(result.figures), figures(result)["moral_education_variation"]) == (12, Fraction("0.1499"))
    assert [figure.label for figure in result.figures[:2]] == ["语文学业水平等级", "语文校际差异率"]


def test_labour_when_no_share_is_asked_that_day_then_there_is_nothing_to_judge():
    result = judged(facts_of(county={"labour_hours_share": 100}), "labour_hours")
    assert (result.outcome, codes(result.reasons), result.limit) == (MET, ["not-applicable"], None)


@pytest.mark.parametrize(
    ("hundredths", "outcome", "is_sensitive"),
    [(600, MET, False), (604, NOT_MET, True), (605, NOT_MET, False), (640, NOT_MET, False)],
)
def test_hours_when_they_print_as_the_limit_but_are_above_then_that_is_flagged(hundredths, outcome, is_sensitive):
    # hours are printed with one decimal: 6.04 prints 6.0
    facts = facts_of(county={"primary_hours_in_school": hundredths, "junior_hours_in_school": 0})
    result = judged(facts, "in_school_hours", primary_limit=6, junior_limit=7)
    assert (result.outcome, result.is_rounding_sensitive) == (outcome, is_sensitive)
