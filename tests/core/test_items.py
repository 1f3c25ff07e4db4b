from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind
from junheng.core.item_formulas.inquiry import (
    HOUR,
    POINT,
    SHARE_OF_1,
    SQUARE_METRE,
    VARIATION,
    WAN_YUAN,
    YUAN,
    number,
)
from junheng.core.items import FORMULAS, SUB_ITEM_FORMULAS, judge_items, needed_item_fields
from junheng.core.standard import Dated, Parameter, Part
from junheng.core.verdict import Outcome
from junheng.readers.dictionary import load_dictionary
from tests.core.builders import (
    COUNTY,
    DAY,
    GIVEN,
    codes,
    exception_of,
    facts_of,
    item_of,
    judged,
    parameter,
    room,
    school,
    scoring_of,
    stage,
    standard_of,
    sub_item,
)

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
LABOUR = {"share": "0.5"}


def test_formulas_when_compared_with_the_catalogue_then_names_agree():
    assert set(FORMULAS) == set(CATALOGUE[FormulaKind.ITEM])
    assert set(SUB_ITEM_FORMULAS) == set(CATALOGUE[FormulaKind.SUB_ITEM])


def test_formulas_when_they_name_facts_then_the_dictionary_has_them():
    formulas = [*FORMULAS.values(), *SUB_ITEM_FORMULAS.values()]
    assert {name for formula in formulas for name in formula.uses} <= load_dictionary().ids


@pytest.mark.parametrize(
    ("table", "field", "scale"),
    [
        ("rooms", "area", SQUARE_METRE),
        ("county", "average_teacher_pay", YUAN),
        ("county", "average_civil_servant_pay", YUAN),
        ("county", "primary_public_funds_norm", YUAN),
        ("county", "junior_public_funds_norm", YUAN),
        ("county", "special_school_public_funds", WAN_YUAN),
        ("county", "inclusive_public_funds", WAN_YUAN),
        ("county", "labour_hours_share", SHARE_OF_1),
        ("county", "primary_hours_in_school", HOUR),
        ("county", "junior_hours_in_school", HOUR),
        ("county", "government_work_score", POINT),
        ("schools", "school_standard_score", POINT),
        ("schools", "training_budget", WAN_YUAN),
        ("schools", "public_funds_budget", WAN_YUAN),
        ("schools", "public_funds_quota", WAN_YUAN),
        ("county_years", "general_education_spending", WAN_YUAN),
        ("county_subjects", "variation", VARIATION),
        ("judgements", "points", POINT),
    ],
)
def test_formulas_when_they_convert_units_then_the_dictionary_says_the_same(table, field, scale):
    assert load_dictionary().field(table, field).scale == scale


def test_money_when_kept_in_two_units_then_both_are_fen():
    # 1 万元 = 10 000 元 = 1 000 000 分
    assert WAN_YUAN == 10_000 * YUAN
    # population is typed in 万人 and kept in persons, which is what the sample is a share of
    assert load_dictionary().field("county", "population").scale == 10_000


@pytest.mark.parametrize(
    ("value", "text"),
    [("45", "45"), ("13.5", "13.5"), ("0.15", "0.15"), ("100", "100"), ("1/3", "0.33333333"), ("1.25", "1.25")],
)
def test_number_when_written_then_it_has_the_decimals_it_needs(value, text):
    assert number(Fraction(value)) == text


def documentary(outcome_word="met"):
    return {"item_id": "item", "result": outcome_word, **GIVEN}


def both(labour, *rows):
    facts = facts_of(county={"labour_hours_share": labour}, judgements=rows)
    standard = standard_of(item_of("labour_hours", params=LABOUR, needs_judgement=True))
    return judge_items(facts, standard, DAY)[0]


@pytest.mark.parametrize(
    ("labour", "rows", "outcome"),
    [
        (5000, [documentary()], MET),
        (5000, [documentary("not_met")], NOT_MET),
        (5000, [], CANNOT_TELL),
        (4999, [documentary()], NOT_MET),
        (4999, [], NOT_MET),
        (None, [documentary()], CANNOT_TELL),
        (None, [documentary("not_met")], NOT_MET),
    ],
)
def test_item_when_it_has_a_formula_and_a_judgement_then_both_must_be_met(labour, rows, outcome):
    result = both(labour, *rows)
    assert result.outcome is outcome
    assert (result.assessor, result.evidence) == (("评估员甲", ("E-1", "E-2")) if rows else ("", ()))


def test_item_when_both_find_fault_then_all_reasons_are_kept():
    assert codes(both(4000, documentary("not_met")).reasons) == ["limit-missed", "judgement-not-met"]


def test_item_when_only_documents_count_then_there_are_no_figures():
    item = item_of(needs_judgement=True, part=Part.QUALITY, number="5.3", name="章程", clause="第八条三")
    result = judge_items(facts_of(judgements=[documentary()]), standard_of(item), DAY)[0]
    assert (result.outcome, result.figures, result.value, result.points) == (MET, (), None, None)
    assert (result.item_id, result.number, result.part, result.name, result.clause) == (
        "item",
        "5.3",
        Part.QUALITY,
        "章程",
        "第八条三",
    )


def test_items_when_several_then_in_the_order_of_the_standard():
    standard = standard_of(
        item_of("labour_hours", item_id="b", params=LABOUR), item_of("pay_not_below_civil_servants", item_id="a")
    )
    results = judge_items(facts_of(county={"labour_hours_share": 5000}), standard, DAY)
    assert [(result.item_id, result.outcome) for result in results] == [("b", MET), ("a", CANNOT_TELL)]
    assert needed_item_fields(standard) == {
        "county.labour_hours_share",
        "county.average_teacher_pay",
        "county.average_civil_servant_pay",
    }


def test_needed_fields_when_a_scored_point_has_a_formula_then_its_facts_are_needed_too():
    item = item_of(sub_items=(sub_item("a", 2), sub_item("b", 2, "survey_share")))
    assert needed_item_fields(standard_of(item, scoring=scoring_of())) == {
        "survey_groups.valid_count",
        "survey_groups.satisfied_count",
    }


@pytest.mark.parametrize(("day", "outcome"), [(date(2021, 12, 31), MET), (date(2022, 1, 1), NOT_MET)])
def test_item_when_the_limit_changes_on_a_day_then_the_one_in_force_is_used(day, outcome):
    rows = (
        Dated(Fraction(1, 2), date(2017, 4, 19), "第八条", until=date(2021, 12, 31)),
        Dated(Fraction(3, 5), date(2022, 1, 1), "第八条(修订)"),
    )
    item = item_of("labour_hours")
    item = type(item)(
        **{**{name: getattr(item, name) for name in item.__slots__}, "params": {"share": Parameter(rows)}}
    )
    result = judge_items(facts_of(county={"labour_hours_share": 5500}), standard_of(item), day)[0]
    assert result.outcome is outcome


def test_item_when_the_limit_is_not_in_force_then_standard_error():
    item = item_of("senior_high_quota", params={})
    with pytest.raises(StandardError, match="item 在 2025-12-31 缺少参数 share"):
        judge_items(facts_of(), standard_of(item), DAY)


def test_item_when_its_limit_comes_into_force_later_then_the_error_says_from_which_day():
    later = Parameter((Dated(Fraction(1, 2), date(2026, 3, 1), "第八条"),))
    item = replace(item_of("senior_high_quota"), params={"share": later})
    with pytest.raises(StandardError, match="自 2026-03-01 起有效,请选不早于这一天的判定日期"):
        judge_items(facts_of(), standard_of(item), DAY)


def test_item_when_the_formula_is_unknown_then_standard_error():
    with pytest.raises(StandardError, match="不存在的公式 survey_share"):
        judge_items(facts_of(), standard_of(item_of("survey_share")), DAY)


def test_item_when_scored_and_judged_by_formula_then_standard_error():
    for extra in ({"formula": "labour_hours"}, {"needs_judgement": True}):
        item = item_of(sub_items=(sub_item("a", 1),), **extra)
        with pytest.raises(StandardError, match="不能同时"):
            judge_items(facts_of(), standard_of(item, scoring=scoring_of()), DAY)


def test_item_when_an_exception_is_not_in_force_then_it_says_so_and_is_not_used():
    old = exception_of(
        "smaller_rooms_for_old_schools",
        {"built_until": 2016, "music_area": 73, "fine_art_area": 67},
        until=date(2022, 12, 31),
    )
    facts = facts_of(
        schools=[school("1", built_year=2000)],
        stages=[stage("1", class_count=1)],
        rooms=[room("1", "音", "music", 8000), room("1", "美", "fine_art", 8000)],
    )
    params = {"classes_per_room": 12, "music_area": 96, "fine_art_area": 90}
    result = judged(facts, "music_and_art_rooms", [old], **params)
    assert (result.outcome, result.exceptions, codes(result.reasons)) == (NOT_MET, (), ["exception-not-in-force"])


def test_item_when_an_exception_is_for_another_item_then_it_is_not_used():
    old = exception_of(
        "smaller_rooms_for_old_schools",
        {"built_until": 2016, "music_area": 73, "fine_art_area": 67},
        applies_to=("other",),
    )
    facts = facts_of(
        schools=[school("1", built_year=2000)],
        stages=[stage("1", class_count=1)],
        rooms=[room("1", "音", "music", 8000), room("1", "美", "fine_art", 8000)],
    )
    rooms = item_of("music_and_art_rooms", params={"classes_per_room": 12, "music_area": 96, "fine_art_area": 90})
    standard = standard_of(rooms, item_of(item_id="other", needs_judgement=True), exceptions=[old])
    assert judge_items(facts, standard, DAY, frozenset({old.id}))[0].outcome is NOT_MET


def test_item_when_an_unknown_exception_is_switched_on_then_standard_error():
    with pytest.raises(StandardError, match="没有例外 nothing"):
        judge_items(facts_of(), standard_of(item_of(needs_judgement=True)), DAY, frozenset({"nothing"}))


def test_figure_when_it_is_one_fact_then_it_names_the_fact_and_its_row():
    facts = facts_of(county={"average_teacher_pay": 100})
    figure = judged(facts, "pay_not_below_civil_servants").figures[0]
    assert (figure.sources, figure.key) == (("county.average_teacher_pay",), (facts.county_code,))


def test_figure_when_it_belongs_to_a_subject_then_the_subject_is_its_row():
    facts = facts_of(county_subjects=[{"subject": "chinese", "is_monitored": True, "level": 4}])
    figure = judged(facts, "national_monitoring", least_level=3, variation_limit="0.15").figures[0]
    assert (figure.value, figure.sources, figure.key) == (4, ("county_subjects.level",), ("chinese",))


def test_school_when_it_has_no_name_then_its_code_stands_in():
    facts = facts_of(schools=[school("1", school_name=None)])
    result = judged(facts, "school_standard_scores", least=85)
    assert "办学基本标准评估得分:1。" in result.reasons[0].text
    assert facts.county_code == COUNTY
    assert parameter(1).on(date(2000, 1, 1)) is None
