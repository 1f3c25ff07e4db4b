from fractions import Fraction

import pytest

from junheng.core.item_formulas.recognition import GROUPS
from junheng.core.items import judge_items
from junheng.core.verdict import Outcome
from tests.core.builders import DAY, codes, facts_of, figures, item_of, judged, scoring_of, standard_of, sub_item

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
RULE = {"share": "0.85", "sample_rate": "0.0015", "parent_share": "0.5"}


def survey(groups=tuple(GROUPS), *, population=1_000_000, **changes):
    """1 500 valid questionnaires, 750 of them from parents, 85 % satisfied; 100 visits, 85 satisfied."""
    rows = []
    for group in groups:
        part = 750 if group == "parent" else 125
        visits = (40, 34) if group == "parent" else (10, 8.5)
        row = {"group": group, "questionnaire_count": part + 10, "valid_count": part, "satisfied_count": 0}
        row.update(visited_count=visits[0], visit_satisfied_count=int(visits[1]))
        rows.append(row)
    total = {"satisfied_count": 1275, "visit_satisfied_count": 51, **changes}
    for row in rows:
        if row["group"] == "parent":
            row["satisfied_count"] = total["satisfied_count"]
            row["visit_satisfied_count"] = total["visit_satisfied_count"] - 14
            row["valid_count"] = total.get("parents", row["valid_count"])
        elif row["group"] == "student":
            row["valid_count"] = total.get("students", row["valid_count"])
    return facts_of(survey_groups=rows, county={"population": population})


def visits_of(facts):
    rows = facts.table("survey_groups").rows(named=True)
    return sum(row["visited_count"] for row in rows), sum(row["visit_satisfied_count"] for row in rows)


def test_survey_builder_when_plain_then_it_says_what_its_text_says():
    # visits: 40 + 6 × 10 = 100; satisfied: (51 − 14) + 6 × 8 = 85
    assert visits_of(survey()) == (100, 85)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, MET),
        ({"satisfied_count": 1274}, NOT_MET),
        ({"satisfied_count": 1276}, MET),
        ({"visit_satisfied_count": 50}, NOT_MET),
        ({"visit_satisfied_count": 52}, MET),
        ({"satisfied_count": None, "visit_satisfied_count": 50}, NOT_MET),
        ({"satisfied_count": None}, CANNOT_TELL),
    ],
)
def test_recognition_when_questionnaires_or_visits_are_below_at_or_above_then_the_outcome_follows(changes, outcome):
    result = judged(survey(**changes), "public_recognition", **RULE)
    assert (result.outcome, result.limit, result.unit) == (outcome, Fraction(17, 20), "比例")


@pytest.mark.parametrize(
    ("changes", "outcome", "found"),
    [
        ({"population": 1_000_001}, CANNOT_TELL, ["survey-sample"]),  # 1 500 < 1 500.0015
        ({"population": 999_999}, MET, []),
        ({"population": None}, CANNOT_TELL, ["missing-facts"]),
        ({"parents": 749, "students": 126}, CANNOT_TELL, ["survey-sample"]),
        ({"parents": 751, "students": 124}, MET, []),
        ({"parents": 749, "students": 125}, CANNOT_TELL, ["survey-sample", "survey-sample"]),
    ],
)
def test_recognition_when_the_sample_is_too_small_or_lopsided_then_a_good_share_proves_nothing(changes, outcome, found):
    result = judged(survey(**changes), "public_recognition", **RULE)
    assert (result.outcome, codes(result.reasons)) == (outcome, found)


def test_recognition_when_the_share_is_missed_then_the_sample_does_not_excuse_it():
    result = judged(survey(satisfied_count=1000, population=9_000_000), "public_recognition", **RULE)
    assert (result.outcome, codes(result.reasons)) == (NOT_MET, ["limit-missed"])


def test_recognition_when_the_standard_names_no_sample_then_only_shares_are_judged():
    facts = survey(population=None, parents=1, students=874)
    # the catalogue may still ask for both numbers: zero asks for nothing
    assert judged(facts, "public_recognition", share="0.85", sample_rate=0, parent_share=0).outcome is CANNOT_TELL
    facts = survey(population=9_000_000, parents=1, students=874)
    assert judged(facts, "public_recognition", share="0.85", sample_rate=0, parent_share=0).outcome is MET


def test_recognition_when_a_group_has_no_row_then_cannot_tell():
    result = judged(survey(tuple(GROUPS)[:-1]), "public_recognition", **RULE)
    assert (result.outcome, len(result.reasons)) == (CANNOT_TELL, 4)
    assert "其他群众的回收有效问卷数(未调查的填 0)" in result.reasons[0].text
    assert figures(result)["total_valid_count"] is None


def test_recognition_when_nobody_answered_or_was_visited_then_cannot_tell():
    zero = [{"group": group, **dict.fromkeys(_COUNTS, 0)} for group in GROUPS]
    result = judged(facts_of(survey_groups=zero, county={"population": 0}), "public_recognition", **RULE)
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["zero-denominator", "zero-denominator"])


_COUNTS = ("questionnaire_count", "valid_count", "satisfied_count", "visited_count", "visit_satisfied_count")


def test_recognition_when_printed_then_figures_follow_the_form():
    result = judged(survey(), "public_recognition", **RULE)
    columns = [
        "questionnaire_count",
        "valid_count",
        "satisfied_count",
        "satisfied_share",
        "visited_count",
        "visit_satisfied_count",
        "visit_satisfied_share",
    ]
    assert list(figures(result))[:14] == [f"{group}_{name}" for group in ("total", "parent") for name in columns]
    assert [figures(result)[f"total_{name}"] for name in columns] == [1570, 1500, 1275, 85, 100, 85, 85]
    assert (figures(result)["sample_rate"], figures(result)["parent_share"]) == (Fraction("1.5"), 50)
    assert len(result.figures) == 8 * 7 + 2


def survey_points(facts):
    item = item_of(sub_items=(sub_item("voice", 2, "survey_share"),))
    (result,) = judge_items(facts, standard_of(item, scoring=scoring_of()), DAY)
    return result.sub_items[0]


def test_survey_share_when_known_then_it_is_that_part_of_full_marks():
    # 85 % of 2 points
    assert survey_points(survey()).points == Fraction("1.7")
    assert survey_points(survey(satisfied_count=0)).points == 0


def test_survey_share_when_missing_then_no_marks_yet():
    result = survey_points(facts_of())
    assert (result.points, result.reason.code) == (None, "missing-facts")
