"""The forecast as a whole: exact small cases, what cannot be told, order, seeds, and quantiles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng import api
from junheng.core.errors import InputError
from junheng.core.findings import Level
from junheng.core.standard import Stage
from junheng.planning.forecast import (
    Opening,
    Options,
    forecast,
    futures,
    history_from_counts,
    history_of,
    quantile_pupils,
)
from tests.planning.forecast.enrolments import HALVING, JUNIOR, PRIMARY, A, B, C, graded, random_county, regular

FEW = Options(to_year=2028, simulations=200)


def codes(found):
    return [finding.code for finding in found.findings]


def test_forecast_when_past_years_are_alike_then_so_are_those_ahead():
    found = forecast(regular(s1=HALVING), FEW)

    assert found.years == (2026, 2027, 2028)
    assert found.point.tolist() == [[126, 126, 126]]
    assert found.present.tolist() == [126]
    assert found.name("s1") == "s1"


def test_forecast_when_births_are_given_then_entrants_follow_them():
    # 50 of 100 children enter each year; next years bring 120 and 80 children: 60, then 40
    births = {"东": {**dict.fromkeys(range(2022, 2026), 100), 2026: 120, 2027: 80}}
    history = history_from_counts({}, {("s1", PRIMARY): dict.fromkeys(range(2022, 2026), graded(50, 50))})
    found = forecast(history, Options(to_year=2027, simulations=2, births=births, catchments={"s1": "东"}))

    assert found.grades[0, :, :2].tolist() == [[60, 50], [40, 60]]
    assert "forecast-births-missing" not in codes(found)


@pytest.mark.parametrize(
    ("births", "lacks"),
    [({}, "2026、2027年"), ({2025: 100, 2026: 90}, "2027年"), ({2026: 90, 2027: 90}, "数据年度内的任何一年")],
)
def test_forecast_when_births_are_not_complete_then_trend_and_a_finding(births, lacks):
    history = history_from_counts({}, {("s1", PRIMARY): dict.fromkeys(range(2022, 2026), graded(50, 50))})
    found = forecast(history, Options(to_year=2027, simulations=2, births={"东": births}, catchments={"s1": "东"}))

    assert found.grades[0, :, :2].tolist() == [[50, 50], [50, 50]]
    (finding,) = (entry for entry in found.findings if entry.code == "forecast-births-missing")
    assert lacks in finding.message


def test_forecast_when_a_junior_school_has_a_catchment_then_births_do_not_concern_it():
    history = history_from_counts({}, {("s1", JUNIOR): dict.fromkeys(range(2022, 2026), graded(50, 50, first=7))})
    found = forecast(history, Options(to_year=2026, simulations=2, births={"东": {}}, catchments={"s1": "东"}))

    assert found.point.tolist() == [[100]]
    assert "forecast-births-missing" not in codes(found)


def test_forecast_when_grades_are_unknown_then_the_trend_of_totals():
    # one school: 100, 110, 121 grow by ln 1.1 a year; the next change keeps all of it: 133.1
    totals = {("s1", PRIMARY): {2023: 100, 2024: 110, 2025: 121}}
    found = forecast(history_from_counts(totals), Options(to_year=2026, simulations=2, damping=1.0))

    assert found.point[0, 0] == pytest.approx(133, abs=1)
    assert not found.has_grades.any()
    assert not found.grades.any()


def test_forecast_when_grades_are_known_in_one_year_only_then_totals_and_a_warning():
    history = history_from_counts({(A, PRIMARY): {2024: 96}}, {(A, PRIMARY): {2025: graded(16, 16, 16, 16, 16, 16)}})
    found = forecast(history, FEW)

    assert found.point.tolist() == [[96, 96, 96]]
    (finding,) = (entry for entry in found.findings if entry.code == "forecast-steps-unknown")
    assert finding.level is Level.WARNING


def test_forecast_when_a_stage_is_missing_in_the_last_year_then_not_known_and_said():
    grades = {
        (A, PRIMARY): dict.fromkeys(range(2022, 2026), graded(10, 10)),
        (B, PRIMARY): dict.fromkeys((2022, 2023), graded(9, 9)),
    }
    found = forecast(history_from_counts({}, grades, {B: "旧校"}), FEW)

    assert found.is_known.tolist() == [True, False]
    assert set(quantile_pupils(found, 0.5)) == {(A, PRIMARY)}
    (finding,) = (entry for entry in found.findings if entry.code == "forecast-stage-absent")
    assert "旧校" in finding.message


def test_forecast_when_a_stage_stands_empty_then_zero():
    history = history_from_counts({(A, PRIMARY): dict.fromkeys(range(2022, 2026), 0)})
    found = forecast(history, FEW)

    assert not found.point.any()
    assert not found.draws.any()


def test_forecast_when_past_years_are_few_then_what_is_assumed_is_said():
    assert "forecast-errors-few" in codes(forecast(regular(s1=HALVING), FEW))
    assert "forecast-errors-few" not in codes(forecast(random_county(1, 20, range(2018, 2026)), FEW))


def test_forecast_when_run_again_then_the_same_bits_and_other_seeds_differ():
    history = random_county(2, 12, range(2021, 2026))

    assert forecast(history, FEW).draws.tobytes() == forecast(history, FEW).draws.tobytes()
    assert not np.array_equal(forecast(history, FEW).draws, forecast(history, Options(2028, 200, seed=7)).draws)


def test_forecast_when_schools_come_in_another_order_then_the_same_bits():
    facts, history = api.demo_county()
    last = facts.table("stages")
    turned = type(facts)(facts.county_code, facts.county_name, facts.year, {**facts.tables, "stages": last[::-1]})

    straight = forecast(history_of([*history, facts]), FEW)
    reverse = forecast(history_of([turned, *reversed(history)]), FEW)

    assert straight.draws.tobytes() == reverse.draws.tobytes()
    assert straight.point.tobytes() == reverse.point.tobytes()


def test_forecast_when_an_empty_school_is_opened_then_the_others_keep_their_futures():
    history = random_county(3, 9, range(2021, 2026))
    opened = forecast(history, Options(2028, 200, changes=(Opening("3", "新校", PRIMARY, 2026),)))
    kept = [place for place, row in enumerate(opened.rows) if row in history.rows]

    assert opened.name("3") == "新校"
    assert np.array_equal(opened.draws[kept], forecast(history, FEW).draws)


def test_futures_when_averaged_then_the_point_forecast():
    found = forecast(random_county(4, 30, range(2019, 2026)), Options(2030))

    assert futures(found).shape == (2000, 30, 5)
    assert np.abs(futures(found).mean(axis=0) / found.point - 1).max() < 0.02


def test_quantile_when_it_rises_then_so_do_pupils_and_the_interval_holds_its_share():
    found = forecast(random_county(5, 8, range(2019, 2026)), FEW)
    low, high = found.interval(0.8)

    assert (low <= found.quantile(0.5)).all()
    assert (found.quantile(0.5) <= high).all()
    inside = ((found.draws >= low[:, :, None]) & (found.draws <= high[:, :, None])).mean()
    assert inside >= 0.8
    assert quantile_pupils(found, 0.9)[found.rows[0]] == dict(zip(found.years, high[0].tolist(), strict=True))


@pytest.mark.parametrize("q", [0, 1, -0.1, 1.5])
def test_quantile_when_it_is_no_share_then_refused(q):
    with pytest.raises(InputError, match="分位数"):
        forecast(regular(s1=HALVING), FEW).quantile(q)


sizes = st.lists(st.sampled_from((0, 1, 3, 40, 3000)), min_size=9, max_size=9)
year_of = st.none() | st.integers(0, 20_000) | sizes  # nothing, a total, or grades
schools = st.lists(st.tuples(st.sampled_from(Stage), st.lists(year_of, min_size=2, max_size=6)), min_size=1, max_size=4)
births = st.dictionaries(st.integers(2019, 2040), st.integers(0, 400))


@settings(max_examples=60, deadline=None)
@given(schools, births, st.integers(1, 15))
def test_forecast_when_a_past_is_wild_then_numbers_stay_whole_and_add_up(past, children, ahead):
    totals = {(A, PRIMARY): {2024: 30, 2025: 31}}
    grades: dict[tuple[str, Stage], dict[int, dict[int, int]]] = {}
    for number, (stage, years) in enumerate(past):
        row, first = (f"{number}", stage), 1 if stage is PRIMARY else 7
        for year, told in enumerate(reversed(years)):
            if isinstance(told, list):
                by_grade = graded(*told[: 6 if stage is PRIMARY else 3], first=first)
                grades.setdefault(row, {})[2025 - year] = by_grade
            elif told is not None:
                totals.setdefault(row, {})[2025 - year] = told
    options = Options(2025 + ahead, simulations=20, births={"东": children}, catchments={"0": "东"})
    found = forecast(history_from_counts(totals, grades), options)

    assert (found.point >= 0).all()
    assert (found.draws >= 0).all()
    assert not found.point[~found.is_known].any()
    assert np.array_equal(found.grades.sum(axis=2), np.where(found.has_grades[:, None], found.point, 0))


def test_forecast_when_a_primary_school_misses_a_year_then_leavers_are_scaled_by_the_others():
    # two primary schools of the same size; one is missing in 2022, so its leavers are taken to be like the other's
    years = range(2021, 2026)
    grades = {(name, PRIMARY): dict.fromkeys(years, graded(20, 20, 20, 20, 20, 20)) for name in (A, B)}
    del grades[B, PRIMARY][2022]
    grades |= {(C, JUNIOR): dict.fromkeys(years, graded(36, 36, 36, first=7))}
    found = forecast(history_from_counts({}, grades), Options(2026, simulations=2))

    assert found.point[2].tolist() == [108]
