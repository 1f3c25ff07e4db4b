import pytest

from junheng.core.verdict import Outcome
from tests.core.builders import codes, facts_of, figures, judged, school

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL


@pytest.mark.parametrize(
    ("recognised", "years", "outcome"),
    [
        ("2022-12-31", 3, MET),  # judged on 2025-12-31: the anniversary counts
        ("2023-01-01", 2, NOT_MET),
        ("2022-12-30", 3, MET),
        ("2020-02-29", 5, MET),
        ("2026-01-01", -1, NOT_MET),
        (None, None, CANNOT_TELL),
        ("近年", None, CANNOT_TELL),
    ],
)
def test_basic_balance_when_recognised_before_on_or_after_the_day_then_the_outcome_follows(recognised, years, outcome):
    result = judged(facts_of(county={"basic_balance_recognised_on": recognised}), "basic_balance_years", years=3)
    assert (result.outcome, result.value, result.limit, result.unit) == (outcome, years, 3, "年")
    assert figures(result) == {"basic_balance_years": years}


@pytest.mark.parametrize(("score", "outcome"), [(8499, NOT_MET), (8500, MET), (8501, MET), (None, CANNOT_TELL)])
def test_school_scores_when_below_at_or_above_then_the_outcome_follows(score, outcome):
    # points are kept in 0.01
    facts = facts_of(schools=[school("1", school_standard_score=score), school("2", school_standard_score=9000)])
    result = judged(facts, "school_standard_scores", least=85)
    assert result.outcome is outcome
    assert figures(result) == {"schools_short_count": {NOT_MET: 1, MET: 0, CANNOT_TELL: None}[outcome]}
    if outcome is NOT_MET:
        assert result.failures[0].text == "办学基本标准评估得分 84.99 分,距 85 分差 0.01 分"
        assert result.failures[0].unit == "分"


def test_school_scores_when_there_is_no_school_then_cannot_tell():
    result = judged(facts_of(), "school_standard_scores", least=85)
    assert (result.outcome, codes(result.reasons), figures(result)["schools_short_count"]) == (
        CANNOT_TELL,
        ["no-school"],
        None,
    )


@pytest.mark.parametrize(("score", "outcome"), [(8499, NOT_MET), (8500, MET), (8501, MET), (None, CANNOT_TELL)])
def test_government_score_when_below_at_or_above_then_the_outcome_follows(score, outcome):
    result = judged(facts_of(county={"government_work_score": score}), "government_work_score", least=85)
    assert (result.outcome, result.limit) == (outcome, 85)
