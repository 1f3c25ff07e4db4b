"""Scenarios put to small counties: plans with reasons, or what stands in the way."""

from dataclasses import replace
from typing import Any

import pytest

from junheng.core.facts import facts_from_rows
from junheng.planning.plan.futures import plain_tables
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.solver import Effort, Status
from junheng.planning.scenario import asking
from junheng.planning.scenario.asking import Later, ask, compare_changes, question_of, with_year_added
from junheng.planning.scenario.scenario import PupilSource
from junheng.readers.dictionary import load_dictionary
from tests.core.builders import classes
from tests.planning.plan.counties import WAN, Sample, county_of
from tests.planning.scenario.scenarios import SHORT, answer, county, scenario, usual_answer

BUDGET: dict[str, Any] = {"money": "limited"}


def _year(facts, year, pupils):
    """The county of another year with so many pupils in every stage."""
    tables = plain_tables(facts, load_dictionary())
    tables["stages"] = [{**row, "student_count": pupils} for row in tables["stages"]]
    scope = {"county_code": facts.county_code, "county_name": facts.county_name, "year": year}
    tables["county"] = [{**row, **scope} for row in tables["county"]]
    return facts_from_rows(
        load_dictionary(), county_code=facts.county_code, county_name=facts.county_name, year=year, rows=tables
    )


def _classes(sample, grade):
    grades = {"primary": range(1, 7), "junior": range(7, 10)}[sample.stage]
    if grade > len(grades):
        return []
    return classes(sample.school_id, 1000 // len(grades), stage_name=sample.stage, grade=grades[grade - 1])


def _history(facts):
    return [_year(facts, year, 1000) for year in (2022, 2023, 2024)]


def test_ask_when_there_is_a_plan_then_it_is_explained():
    found = usual_answer()
    assert found.status is Status.OPTIMAL
    assert found.plan is not None
    assert found.plan.actions
    assert not found.is_blocked
    assert found.robustness is None
    assert found.clash is None
    assert "已找到方案" in found.text
    assert all(entry.fen > 0 for entry in found.bindings)


def test_ask_when_the_question_has_findings_then_they_are_given_back():
    found = answer(target_year=2025)
    assert found.plan is None
    assert found.is_blocked
    assert found.text == "有 1 处问题，改正后才能规划。"
    assert [entry.code for entry in found.findings] == ["plan-target-year"]


def test_ask_when_pupils_are_forecast_then_the_futures_try_the_plan():
    facts = county_of(SHORT)
    place = county(facts, _history(facts))
    found = answer(place, pupils__source="forecast", pupils__simulations=20)
    assert found.plan is not None
    assert found.robustness is not None
    assert found.robustness.draws == 20
    assert found.question.forecast is not None
    assert found.question.forecast.years == (2026,)


def test_ask_when_one_year_of_data_is_given_then_no_forecast():
    found = answer(pupils__source="forecast")
    assert [(entry.code, entry.location.field) for entry in found.findings] == [("plan-forecast", "pupils.source")]
    assert found.question.problem is None


def test_ask_when_the_budget_is_too_small_then_what_stands_in_the_way():
    found = answer(**BUDGET, budgets=[{"year": 2026, "amount": 0.5}])
    assert found.status is Status.INFEASIBLE
    assert found.clash is not None
    assert "县级财政的年度预算" in found.clash.texts
    assert any(entry.is_enough for entry in found.relaxations)
    assert found.later is not None
    assert found.later.year == 2027


def test_ask_when_time_is_up_at_once_then_nothing_is_explained():
    found = ask(scenario(), county(), Effort(stop=lambda: True))
    assert found.plan is None or found.status is not Status.INFEASIBLE
    assert found.clash is None


def test_ask_when_stopped_after_it_proved_impossible_then_no_later_year():
    calls = []

    def stop():
        calls.append(1)
        return len(calls) > 400

    found = ask(scenario(**BUDGET, budgets=[{"year": 2026, "amount": 0}], goal="cheapest"), county(), Effort(stop=stop))
    assert found.status in (Status.INFEASIBLE, Status.NOTHING)


def test_ask_when_the_goal_is_fewest_failing_then_a_plan_within_the_budget():
    found = answer(**BUDGET, budgets=[{"year": 2026, "amount": 0}], goal="fewest_failing")
    assert found.plan is not None
    assert found.plan.spent_fen == 0


def test_ask_when_progress_is_asked_for_then_it_is_told():
    told = []
    ask(scenario(), county(), Effort(progress=lambda cost, bound: told.append((cost, bound))))
    assert told
    assert told[-1][0] > 0


def test_ask_when_something_is_under_way_then_it_is_not_paid_again():
    first = usual_answer()
    task = {"year": 2026, "school_id": "1", "school_name": "学校1", "measure": "fit_multimedia_room", "amount": 8}
    previous = {
        "format": 1,
        "county_code": first.county.facts.county_code,
        "county_name": "示例县",
        "title": "甲",
        "plan_digest": "x",
        "base_year": 2025,
        "years": [{"year": 2025}, {"year": 2026}],
        "schools": [],
        "expected": [],
        "tasks": [{**task, "ends": "2027-08-31", "is_leaving": False}],
    }
    place = county(_year(county_of(SHORT), 2026, 1000))
    found = answer(place, previous, target_year=2027)
    told = [entry for entry in found.findings if entry.code == "plan-underway"]
    assert told[0].message.endswith("学校1配备网络多媒体教室 8 间。")
    assert found.plan is not None
    rooms = [entry for entry in found.plan.actions if entry.measure is Measure.FIT_MULTIMEDIA_ROOM]
    assert [entry.school_id for entry in rooms] == []


def test_question_of_when_the_year_is_far_away_then_said_without_a_forecast():
    found = question_of(scenario(target_year=2050, pupils__source="same"), county())
    assert "超过 15 年" in found.findings[0].message


def test_question_of_when_a_new_school_is_forecast_then_its_pupils_are_not_planned():
    facts = county_of(SHORT)
    changes = [{"kind": "opening", "stage": "primary", "year": 2026, "school_id": "9", "name": "新校"}]
    found = question_of(
        scenario(pupils__source="forecast", pupils__simulations=20, changes=changes), county(facts, _history(facts))
    )
    assert found.problem is not None
    assert set(found.problem.pupils[2026]) == {("1", "primary"), ("2", "primary"), ("3", "junior")}


def test_ask_when_a_school_closes_after_the_target_year_then_the_later_year_is_asked_without_it():
    rooms = [row for sample in SHORT for grade in range(1, 7) for row in _classes(sample, grade)]
    facts = county_of(SHORT, classes=rooms)
    closure = {"kind": "closure", "stage": "primary", "year": 2027, "school_id": "1", "receivers": "2=100"}
    given: dict[str, Any] = {"pupils__source": "forecast", "pupils__simulations": 20, "changes": [closure]}
    place = county(facts, _history(facts))
    found = answer(place, **BUDGET, budgets=[{"year": 2026, "amount": 0}], **given)
    assert (found.status, found.later) == (Status.INFEASIBLE, Later(2027, Status.INFEASIBLE, None))


def test_ask_when_the_later_year_cannot_be_asked_then_no_later_year(monkeypatch):
    def only_this_year(asked, place):
        found = question_of(asked, place)
        return found if asked.target_year == 2026 else replace(found, problem=None)

    monkeypatch.setattr(asking, "question_of", only_this_year)
    found = answer(county(), **BUDGET, budgets=[{"year": 2026, "amount": 0}])
    assert (found.status, found.later) == (Status.INFEASIBLE, None)


def test_compare_changes_when_a_merger_is_allowed_then_both_are_planned():
    place = county([Sample("1"), Sample("2"), Sample("3", pupils=200, has={"rooms": 0.5, "sports": 0.5})])
    asked = scenario(mergers=[{"closed": "3", "into": "1", "amount": 0}], effort__seconds=20)
    found, question = compare_changes(asked, place)
    assert found is not None
    assert question.problem is not None
    assert [entry.label for entry in found.options] == ["把学校3并入学校1"]


def test_compare_changes_when_the_question_is_wrong_then_its_findings():
    found, question = compare_changes(scenario(target_year=2025), county())
    assert found is None
    assert [entry.code for entry in question.findings] == ["plan-target-year"]


def test_with_year_added_when_budgets_are_given_then_the_last_one_goes_on():
    asked = scenario(**BUDGET, budgets=[{"year": 2026, "amount": 5}, {"year": 2026, "source": "甲", "amount": 1}])
    later = with_year_added(asked, 2028)
    assert later.target_year == 2028
    assert later.limits.budgets is not None
    assert later.limits.budgets[2028, "县级财政"] == 5 * WAN
    assert with_year_added(scenario(), 2027).limits.budgets is None
    assert with_year_added(replace(asked, target_year=2027), 2028).limits.budgets == asked.limits.budgets


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (Later(2027, Status.OPTIMAL, 1_500_000), "可行，方案费用 1.50 万元"),
        (Later(2027, Status.INFEASIBLE, None), "也没有可行方案"),
        (Later(2027, Status.NOTHING, None), "在给定时间内没有结果"),
    ],
)
def test_later_when_told_then_a_sentence(later, words):
    assert words in later.text
    assert PupilSource.SAME.value == "same"


def test_ask_when_the_last_possible_year_is_not_enough_then_no_later_year():
    given: dict[str, Any] = {
        "target_year": 2040,
        "budgets": [{"year": year, "amount": 0} for year in range(2026, 2041)],
    }
    found = answer(county([Sample("1", has={"rooms": 0.5}), Sample("2")]), **BUDGET, **given, effort__seconds=20)
    assert found.status is Status.INFEASIBLE
    assert found.later is None
