from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.items import judge_items
from junheng.core.scoring import judge_scoring
from junheng.core.verdict import Outcome
from tests.core.builders import DAY, codes, facts_of, item_of, parameter, scoring_of, standard_of, sub_item

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL


def given(item_id, points, assessor="评估员甲", evidence="E-1"):
    """A judgement with points in 0.01."""
    return {"item_id": item_id, "points": points, "assessor": assessor, "evidence": evidence}


def score(*rows, full=(3, 2, 5), share="0.8"):
    """One item worth 10 points with the sub-items a, b, c."""
    item = item_of(sub_items=tuple(sub_item(name, points) for name, points in zip("abc", full, strict=True)))
    standard = standard_of(item, scoring=scoring_of(share))
    return judge_items(facts_of(judgements=rows), standard, DAY)[0]


@pytest.mark.parametrize(
    ("third", "outcome", "points"),
    [
        (299, NOT_MET, "7.99"),  # 3 + 2 + 2.99; 80 % of 10 is 8
        (300, MET, "8"),
        (301, MET, "8.01"),
        (None, CANNOT_TELL, None),  # at best 10
    ],
)
def test_item_score_when_below_at_or_above_its_share_then_the_outcome_follows(third, outcome, points):
    result = score(given("item/a", 300), given("item/b", 200), given("item/c", third))
    assert (result.outcome, result.points) == (outcome, None if points is None else Fraction(points))
    assert (result.full_points, result.limit, result.value, result.unit) == (10, 8, result.points, "分")


def test_item_score_when_open_points_can_no_longer_save_it_then_not_met():
    result = score(given("item/a", 100), given("item/b", 199))
    # 1 + 1.99 + at best 5 = 7.99
    assert (result.outcome, result.points) == (NOT_MET, None)
    assert codes(result.reasons) == ["judgement-missing", "points-too-few"]
    assert result.reasons[1].text == "得分最多 7.99 分,低于满分 10 分的 80%。"
    at_best_enough = score(given("item/a", 100), given("item/b", 200))
    assert (at_best_enough.outcome, codes(at_best_enough.reasons)) == (CANNOT_TELL, ["judgement-missing"])


def test_item_score_when_points_are_beyond_full_marks_then_they_do_not_count():
    result = score(given("item/a", 301), given("item/b", 200), given("item/c", 500))
    assert (result.outcome, result.points, codes(result.reasons)) == (CANNOT_TELL, None, ["points-out-of-range"])
    assert [sub.points for sub in result.sub_items] == [None, 2, 5]
    assert result.sub_items[0].reason is not None


def test_item_score_when_several_judged_it_then_all_are_named_once():
    rows = [
        given("item/a", 300, "甲", "E-1;E-2"),
        given("item/b", 200, "乙", "E-2;E-3"),
        given("item/c", 500, "甲", "E-4"),
    ]
    result = score(*rows)
    assert (result.assessor, result.evidence) == ("甲、乙", ("E-1", "E-2", "E-3", "E-4"))
    assert [(sub.id, sub.name, sub.full_points) for sub in result.sub_items] == [
        ("a", "要点a", 3),
        ("b", "要点b", 2),
        ("c", "要点c", 5),
    ]
    assert score().assessor == ""


def test_item_score_when_the_bare_point_is_judged_then_it_is_not_taken_for_the_item():
    assert score(given("a", 300)).points is None


def test_item_score_when_the_standard_has_no_rule_then_standard_error():
    item = item_of(sub_items=(sub_item("a", 1),))
    with pytest.raises(StandardError, match="没有评分办法"):
        judge_items(facts_of(), standard_of(item), DAY)


def test_item_score_when_the_share_is_not_dated_then_standard_error():
    scoring = replace(scoring_of(), item_share=parameter("0.8", since=date(2030, 1, 1)))
    with pytest.raises(StandardError, match="单项最低得分比例"):
        judge_items(facts_of(), standard_of(item_of(sub_items=(sub_item("a", 1),)), scoring=scoring), DAY)


def total(*points, share="0.5", least=80):
    """Items worth 50 points each; None is an item that nobody judged."""
    names = [f"i{index}" for index, _ in enumerate(points, start=1)]
    items = [item_of(item_id=name, number=name, sub_items=(sub_item("a", 50),)) for name in names]
    standard = standard_of(*items, item_of(item_id="hard", needs_judgement=True), scoring=scoring_of(share, least))
    rows = [given(f"{name}/a", value) for name, value in zip(names, points, strict=True) if value is not None]
    results = judge_items(facts_of(judgements=rows), standard, DAY)
    found = judge_scoring(results, standard, DAY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("points", "outcome", "band"),
    [
        ((3999, 4000), NOT_MET, ""),  # 79.99
        ((4000, 4000), MET, "合格"),  # 80
        ((4300, 4299), MET, "合格"),  # 85.99
        ((4300, 4300), MET, "良好"),  # 86
        ((4600, 4499), MET, "良好"),  # 90.99
        ((4600, 4500), MET, "优秀"),  # 91
        ((5000, 5000), MET, "优秀"),
    ],
)
def test_scoring_when_the_total_is_below_at_or_above_a_bound_then_the_outcome_follows(points, outcome, band):
    found = total(*points)
    assert (found.outcome, found.band, found.total, found.full) == (outcome, band, Fraction(sum(points), 100), 100)


def test_scoring_when_one_item_is_below_its_share_then_no_band():
    # 90 points in all, but 40 < 45 of 50
    found = total(5000, 4000, share="0.9")
    assert (found.outcome, found.band, found.total) == (NOT_MET, "", 90)
    assert found.reasons[0].text == "单项得分不足的指标:i2。"


def test_scoring_when_an_item_is_not_judged_then_cannot_tell():
    found = total(4000, None)
    assert (found.outcome, found.total, found.band, codes(found.reasons)) == (CANNOT_TELL, None, "", ["points-missing"])


def test_scoring_when_an_open_item_can_no_longer_save_it_then_not_met():
    found = total(2999, None)
    # at best 29.99 + 50 = 79.99
    assert (found.outcome, codes(found.reasons)) == (NOT_MET, ["total-too-low", "points-missing"])
    assert found.reasons[0].text == "总分最多 79.99 分,低于 80 分。"
    assert total(3000, None).outcome is CANNOT_TELL


def test_scoring_when_the_total_is_low_then_it_says_how_low():
    assert [reason.text for reason in total(3999, 4000).reasons] == ["总分 79.99 分,低于 80 分。"]
    assert total(5000, 5000).reasons == ()


def test_scoring_when_no_band_is_reached_then_none_is_named():
    found = total(3000, 3000, least=60)
    assert (found.outcome, found.band) == (MET, "")


def test_scoring_when_the_standard_does_not_score_then_none():
    assert judge_scoring((), standard_of(item_of(needs_judgement=True)), DAY) is None


def test_scoring_when_the_least_total_is_not_dated_then_standard_error():
    scoring = replace(scoring_of(), pass_total=parameter(80, since=date(2030, 1, 1)))
    with pytest.raises(StandardError, match="最低总分"):
        judge_scoring((), standard_of(item_of(needs_judgement=True), scoring=scoring), DAY)
