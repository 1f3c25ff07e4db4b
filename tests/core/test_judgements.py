from fractions import Fraction

import pytest

from junheng.core.judgements import Judgements
from junheng.core.verdict import Outcome
from tests.core.builders import GIVEN, codes, facts_of


def judgements(*rows):
    return Judgements(facts_of(judgements=rows))


@pytest.mark.parametrize(
    ("word", "outcome", "found"), [("met", Outcome.MET, []), ("not_met", Outcome.NOT_MET, ["judgement-not-met"])]
)
def test_item_judgement_when_complete_then_it_counts(word, outcome, found):
    given = judgements({"item_id": "layout", "result": word, **GIVEN}).of_item("layout")
    assert (given.outcome, codes(given.reasons)) == (outcome, found)
    assert (given.assessor, given.evidence) == ("评估员甲", ("E-1", "E-2"))


@pytest.mark.parametrize(("word", "outcome"), [("not_found", Outcome.MET), ("found", Outcome.NOT_MET)])
def test_veto_judgement_when_complete_then_it_counts(word, outcome):
    given = judgements({"item_id": "exams", "result": word, "note": "来信属实", **GIVEN}).of_veto("exams")
    assert given.outcome is outcome
    assert [reason.text for reason in given.reasons] == (
        [] if word == "not_found" else ["exams 审核发现该情形存在:来信属实。"]
    )


def test_judgement_when_there_is_none_then_cannot_tell():
    book = judgements()
    assert codes(book.of_item("layout").reasons) == ["judgement-missing"]
    assert book.of_veto("exams").outcome is Outcome.CANNOT_TELL
    assert book.holds("layout") is False


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"evidence": "E-1"}, "评估人"),
        ({"assessor": "  ", "evidence": "E-1"}, "评估人"),
        ({"assessor": "评估员甲"}, "佐证材料"),
        ({"assessor": "评估员甲", "evidence": " ; ； "}, "佐证材料"),
        ({}, "评估人、佐证材料"),
    ],
)
def test_judgement_when_assessor_or_evidence_is_missing_then_it_does_not_count(fields, named):
    given = judgements({"item_id": "layout", "result": "met", **fields}).of_item("layout")
    assert (given.outcome, codes(given.reasons)) == (Outcome.CANNOT_TELL, ["judgement-incomplete"])
    assert f"缺少{named}," in given.reasons[0].text


@pytest.mark.parametrize("word", ["found", None])
def test_item_judgement_when_the_word_does_not_fit_then_cannot_tell(word):
    given = judgements({"item_id": "layout", "result": word, **GIVEN}).of_item("layout")
    assert (given.outcome, codes(given.reasons)) == (Outcome.CANNOT_TELL, ["judgement-unfit"])
    assert given.assessor == "评估员甲"


def test_veto_judgement_when_the_word_is_for_items_then_cannot_tell():
    given = judgements({"item_id": "exams", "result": "met", **GIVEN}).of_veto("exams")
    assert "未发现或存在" in given.reasons[0].text
    assert given.outcome is Outcome.CANNOT_TELL


def test_judgement_when_given_twice_then_cannot_tell():
    row = {"item_id": "layout", "result": "met", **GIVEN}
    given = judgements(row, row).of_item("layout")
    assert (given.outcome, codes(given.reasons)) == (Outcome.CANNOT_TELL, ["judgement-duplicate"])
    assert "2 条" in given.reasons[0].text


def test_judgement_when_evidence_uses_either_semicolon_then_both_split():
    given = judgements(
        {"item_id": "layout", "result": "not_met", "assessor": " 甲 ", "evidence": "A\uff1bB; C"}
    ).of_item("layout")
    assert (given.evidence, given.assessor) == (("A", "B", "C"), "甲")
    assert given.reasons[0].text == "layout 资料审核结论为不达标。"


@pytest.mark.parametrize(("canonical", "points"), [(0, Fraction(0)), (250, Fraction(5, 2)), (300, Fraction(3))])
def test_points_when_within_full_marks_then_given(canonical, points):
    # points are kept in 0.01: 250 is 2.5 of 3
    given = judgements({"item_id": "a/b", "points": canonical, **GIVEN}).of_points("a/b", Fraction(3))
    assert (given.points, given.outcome, given.assessor) == (points, Outcome.MET, "评估员甲")
    assert given.evidence == ("E-1", "E-2")


@pytest.mark.parametrize("canonical", [-1, 301])
def test_points_when_beyond_full_marks_then_not_given(canonical):
    given = judgements({"item_id": "a/b", "points": canonical, **GIVEN}).of_points("a/b", Fraction(3))
    assert (given.points, codes(given.reasons)) == (None, ["points-out-of-range"])
    assert "0~3 分" in given.reasons[0].text


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"item_id": "a/b", **GIVEN}, "points-missing"),
        ({"item_id": "a/b", "points": 100}, "judgement-incomplete"),
        ({"item_id": "b", "points": 100, **GIVEN}, "judgement-missing"),
    ],
)
def test_points_when_missing_or_without_evidence_then_not_given(row, code):
    given = judgements(row).of_points("a/b", Fraction(3))
    assert (given.points, given.outcome, codes(given.reasons)) == (None, Outcome.CANNOT_TELL, [code])


@pytest.mark.parametrize("points", [None, -1, 301])
def test_points_when_they_do_not_count_then_who_judged_and_on_what_is_still_told(points):
    given = judgements({"item_id": "a/b", "points": points, **GIVEN}).of_points("a/b", Fraction(3))
    assert (given.points, given.assessor, given.evidence) == (None, "评估员甲", ("E-1", "E-2"))
