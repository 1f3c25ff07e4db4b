"""Planning through the public door, on a small county."""

import json
import math

import pytest

from junheng.api import planning
from junheng.core.errors import InputError
from tests.planning.plan.counties import bare_standard, county_of
from tests.planning.scenario.scenarios import SHORT, filled, scenario, with_year

STANDARD = bare_standard()


@pytest.fixture(scope="module")
def facts():
    return county_of(SHORT)


@pytest.fixture(scope="module")
def answer(facts):
    told = []
    found = planning.make_plan(
        facts, [], scenario(target_year=2027), standard=STANDARD, progress=lambda *entry: told.append(entry)
    )
    assert told
    cost, bound, optimality_gap, seconds = told[-1]
    assert cost >= bound or math.isnan(optimality_gap)
    assert seconds >= 0
    return found


def test_scenario_when_blank_filled_and_read_then_the_same(tmp_path):
    data = planning.blank_scenario({"title": "甲"})
    assert data["title"] == "甲"
    assert planning.scenario_of(data)[0] is None
    found, _ = planning.scenario_of(filled(), given={"target_year": 2030})
    assert found is not None
    assert found.target_year == 2030
    for name in ("甲.xlsx", "甲.yaml"):
        path = planning.write_scenario(tmp_path / "夹" / name, planning.scenario_data(found))
        assert planning.read_scenario(path) == (found, ())
    assert planning.write_scenario(tmp_path / "空.yml").exists()
    with pytest.raises(InputError, match=r"应以 \.xlsx"):
        planning.write_scenario(tmp_path / "甲.txt")
    assert len(planning.scenario_fields()) > 100


def test_with_budgets_when_given_then_in_wan(facts):
    found = planning.with_budgets(scenario(), {(None, "甲"): "1.5"}, facts)
    assert found.limits.budgets == {(2026, "甲"): 1_500_000}


def test_make_plan_when_asked_then_data_and_documents(answer, facts, tmp_path):
    data = planning.plan_data(answer)
    options = {"text": "", "options": [], "findings": []}
    written = planning.write_plan(answer, tmp_path / "甲", options=options, curves=[{"axis": "passing", "points": []}])
    assert json.loads(written[0].read_text(encoding="utf-8"))["digest"] == data["digest"]
    again = planning.write_plan(data, tmp_path / "乙")
    assert [path.name for path in again] == [path.name for path in written]
    assert planning.compare_scenarios([data, data])["differences"] == []
    later = with_year(facts, 2027)
    assert planning.remaining_scenario(data, later)["target_year"] == 2027
    reality = planning.against_plan(data, later, standard=STANDARD)
    assert planning.reality_data(reality)["year"] == 2027


def test_make_plan_when_the_standard_is_the_scenarios_then_loaded(facts):
    found = planning.make_plan(facts, [with_year(facts, 2026)], scenario(target_year=2025))
    assert found.county.standard.id == "cn-2017-quality-balance"
    assert found.county.history == ()
    assert found.is_blocked


def test_frontier_when_the_axis_is_unknown_then_input_error(facts):
    with pytest.raises(InputError, match="没有“moon”这种曲线"):
        planning.frontier(facts, [], scenario(), "moon")


def test_frontier_when_the_question_is_wrong_then_findings(facts):
    found = planning.frontier(facts, [], scenario(target_year=2025), "passing", progress=lambda *_: None)
    assert found["points"] == []
    assert found["findings"]


def test_compare_options_when_the_question_is_wrong_then_findings(facts):
    assert planning.compare_options(facts, [], scenario(target_year=2025))["findings"]


def test_gap_when_nothing_is_proven_then_nan():
    from junheng.api.planning import _gap

    assert math.isnan(_gap(1.0, -math.inf))
    assert (_gap(0.0, 0.0), _gap(2.0, 1.0)) == (0.0, 0.5)
