import pytest

from junheng.core.errors import StandardError
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.item_formulas.recognition import GROUPS
from junheng.core.standard import Part, Veto
from junheng.core.verdict import ItemResult, Outcome
from junheng.core.vetoes import FORMULAS, judge_vetoes, needed_veto_fields
from junheng.readers.dictionary import load_dictionary
from tests.core.builders import DAY, GIVEN, codes, facts_of, item_of, parameters, school, standard_of

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL


def standard(formula=None, **params):
    veto = Veto("veto", "1", "否决情形", "第十条", formula, parameters(params))
    return standard_of(item_of(needs_judgement=True), vetoes=[veto])


def vetoed(facts, formula=None, items=(), **params):
    (result,) = judge_vetoes(facts, standard(formula, **params), DAY, items)
    return result


def test_formulas_when_compared_with_the_catalogue_then_names_and_facts_agree():
    assert set(FORMULAS) == set(CATALOGUE[FormulaKind.VETO])
    assert {name for formula in FORMULAS.values() for name in formula.uses} <= load_dictionary().ids


@pytest.mark.parametrize(
    ("rows", "outcome", "found"),
    [
        ([{"result": "not_found", **GIVEN}], MET, []),
        ([{"result": "found", **GIVEN}], NOT_MET, ["judgement-not-met"]),
        ([], CANNOT_TELL, ["judgement-missing"]),
        ([{"result": "not_found"}], CANNOT_TELL, ["judgement-incomplete"]),
    ],
)
def test_veto_when_judged_by_people_then_the_outcome_follows(rows, outcome, found):
    result = vetoed(facts_of(judgements=[{"item_id": "veto", **row} for row in rows]))
    assert (result.outcome, codes(result.reasons)) == (outcome, found)
    assert (result.veto_id, result.number, result.name, result.clause) == ("veto", "1", "否决情形", "第十条")
    if outcome is MET:
        assert (result.assessor, result.evidence) == ("评估员甲", ("E-1", "E-2"))


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        ((3, 3), MET),
        ((4, 0), NOT_MET),
        ((5, 0), NOT_MET),
        ((3, None), CANNOT_TELL),
        ((4, None), NOT_MET),
        ((), CANNOT_TELL),
    ],
)
def test_core_indicators_when_one_school_reaches_four_then_the_outcome_follows(counts, outcome):
    schools = [school(str(index), failed_core_indicator_count=count) for index, count in enumerate(counts)]
    result = vetoed(facts_of(schools=schools), "core_indicators_failed", least_failures=4)
    assert result.outcome is outcome
    if counts == (4, 0):
        assert result.reasons[0].text == "学校0有 4 项核心指标不达标,达到否决线 4 项。"


def growth(*rows, year=2025):
    years = [{"spending_year": spending_year, "is_funding_growth_met": met} for spending_year, met in rows]
    return vetoed(facts_of(county_years=years, year=year), "funding_growth_missed", years=3, misses=2)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ((True, True, True), MET),
        ((False, True, True), MET),
        ((False, False, True), NOT_MET),
        ((False, False, False), NOT_MET),
        ((None, True, True), MET),  # one miss at most
        ((None, False, True), CANNOT_TELL),
        ((None, None, True), CANNOT_TELL),
        ((None, False, False), NOT_MET),
    ],
)
def test_growth_when_missed_in_two_of_three_years_then_the_outcome_follows(answers, outcome):
    assert growth(*zip((2023, 2024, 2025), answers, strict=True)).outcome is outcome


def test_growth_when_years_are_older_later_or_not_reported_then_only_the_last_years_count():
    # 2022 is outside the last three years, 2026 is after the facts
    assert growth((2022, False), (2023, False), (2024, True), (2025, True), (2026, False)).outcome is MET
    assert growth((2024, True), (2025, True)).outcome is MET
    assert growth((2025, False)).reasons[0].text.startswith("县级数据缺少 2023、2024 年“三个增长”是否达标")
    assert growth().outcome is CANNOT_TELL
    # answers up to 2023 are out of date for facts of 2025: 2024 is open
    assert growth((2021, True), (2022, True), (2023, True)).outcome is MET  # one open year cannot make two misses
    assert growth((2021, False), (2022, False), (2023, True)).outcome is CANNOT_TELL
    missed = growth((2023, False), (2024, False)).reasons[0]
    assert (missed.code, missed.text) == ("funding-growth-missed", "教育经费“三个增长”未达标的年份:2023、2024。")


def survey(satisfied, valid=100):
    rows = [{"group": group, "valid_count": 0, "satisfied_count": 0} for group in GROUPS]
    rows[0].update(valid_count=valid, satisfied_count=satisfied)
    return facts_of(survey_groups=rows)


@pytest.mark.parametrize(("satisfied", "outcome"), [(84, NOT_MET), (85, MET), (86, MET), (None, CANNOT_TELL)])
def test_recognition_when_below_at_or_above_then_the_outcome_follows(satisfied, outcome):
    assert vetoed(survey(satisfied), "recognition_below", share="0.85").outcome is outcome


@pytest.mark.parametrize(
    ("part", "item_outcome", "satisfied", "outcome"),
    [
        (Part.RECOGNITION, CANNOT_TELL, 90, CANNOT_TELL),
        (Part.RECOGNITION, MET, 90, MET),
        (Part.QUALITY, CANNOT_TELL, 90, MET),
        (Part.RECOGNITION, CANNOT_TELL, 80, NOT_MET),
        (Part.RECOGNITION, NOT_MET, 90, NOT_MET),  # the visits, say, were not satisfied
        (Part.RECOGNITION, NOT_MET, None, NOT_MET),
        (Part.QUALITY, NOT_MET, 90, MET),
    ],
)
def test_recognition_when_the_item_doubts_the_survey_then_it_clears_nothing(part, item_outcome, satisfied, outcome):
    item = ItemResult("recognition", "6", part, "社会认可度", "第九条", item_outcome)
    result = vetoed(survey(satisfied), "recognition_below", (item,), share="0.85")
    assert result.outcome is outcome
    assert ("survey-in-doubt" in codes(result.reasons)) is (outcome is CANNOT_TELL)


@pytest.mark.parametrize(
    ("children", "enrolled", "outcome"),
    [
        (100, 94, NOT_MET),
        (100, 95, MET),
        (100, 96, MET),
        (0, 0, MET),
        (None, 95, CANNOT_TELL),
        (100, None, CANNOT_TELL),
    ],
)
def test_disabled_when_below_at_or_above_then_the_outcome_follows(children, enrolled, outcome):
    facts = facts_of(county={"disabled_children_count": children, "disabled_enrolled_count": enrolled})
    assert vetoed(facts, "disabled_enrolment_below", share="0.95").outcome is outcome


def test_vetoes_when_facts_decide_then_the_numbers_or_what_is_lacking_are_told():
    facts = facts_of(county={"disabled_children_count": 100, "disabled_enrolled_count": 94})
    unknown = facts_of(county={"disabled_children_count": 100})
    doubted = [ItemResult(name, name, Part.RECOGNITION, "社会认可度", "第九条", CANNOT_TELL) for name in ("4.1", "4.2")]

    def texts(facts, formula, share, items=()):
        return [reason.text for reason in vetoed(facts, formula, items, share=share).reasons]

    assert texts(facts, "disabled_enrolment_below", "0.95") == ["残疾儿童少年入学率为 94.0%,低于要求的 95%。"]
    assert texts(unknown, "disabled_enrolment_below", "0.95") == ["县级数据缺少残疾儿童少年入学数,请补报后重新判定。"]
    assert texts(survey(84), "recognition_below", "0.85") == ["公众满意度为 84.0%,低于要求的 85%。"]
    assert texts(survey(90), "recognition_below", "0.85", doubted) == [
        "满意度达到要求,但指标 4.1、4.2 尚无法判定,调查结果不能作为依据。"
    ]


@pytest.mark.parametrize(("word", "outcome"), [("found", NOT_MET), ("not_found", MET)])
def test_veto_when_facts_clear_it_and_people_judged_it_too_then_both_count(word, outcome):
    facts = facts_of(county={"disabled_children_count": 0}, judgements=[{"item_id": "veto", "result": word, **GIVEN}])
    result = vetoed(facts, "disabled_enrolment_below", share="0.95")
    assert (result.outcome, result.assessor) == (outcome, "评估员甲")
    assert codes(result.reasons)[0] == "not-applicable"


def test_veto_when_the_formula_is_unknown_or_lacks_a_number_then_standard_error():
    with pytest.raises(StandardError, match="不存在的公式 nothing"):
        vetoed(facts_of(), "nothing")
    with pytest.raises(StandardError, match="缺少参数 misses"):
        vetoed(facts_of(), "funding_growth_missed", years=3)


def test_needed_fields_when_a_veto_has_a_formula_then_its_facts_are_needed():
    assert needed_veto_fields(standard("core_indicators_failed", least_failures=4)) == {
        "schools.failed_core_indicator_count"
    }
    assert needed_veto_fields(standard()) == frozenset()
