"""The forecast tried on known years, and its intervals on futures of a known process."""

import numpy as np
import pytest

from junheng.core.errors import InputError
from junheng.planning.forecast import Options, backtest, forecast, history_from_counts
from tests.planning.forecast.enrolments import JUNIOR, PRIMARY, A, graded, random_county

OPTIONS = Options(to_year=2026, simulations=400)


def test_backtest_when_a_county_grows_then_it_beats_the_naive_forecast():
    found = backtest(random_county(11, 40, range(2018, 2026), growth=0.05, noise=0.02), OPTIONS)

    assert found.origins == tuple(range(2019, 2025))
    for ahead in (1, 2, 3):
        score = found.score(None, ahead)
        assert score.mae < 0.6 * score.naive_mae
        assert score.mape < 0.6 * score.naive_mape


def test_backtest_when_numbers_are_plain_then_scores_are_arithmetic():
    # 10 schools of 100 pupils that never change, and in the last year one loses a fifth of every grade: 100 → 80.
    # One year ahead there are 2 origins: 20 pairs, one of them off by 20 pupils of 80. Both forecasts miss it alike.
    years = range(2022, 2026)
    grades = {(f"{number}", PRIMARY): dict.fromkeys(years, graded(50, 50)) for number in range(10)}
    grades["3", PRIMARY] = {**grades["3", PRIMARY], 2025: graded(40, 40)}
    found = backtest(history_from_counts({}, grades), OPTIONS).score(PRIMARY, 1)

    assert found.count == 20
    assert found.mae == found.naive_mae == 1.0
    assert found.mape == found.naive_mape == pytest.approx(20 / 80 / 20)
    assert found.coverage == 19 / 20


def test_backtest_when_a_stage_is_not_there_then_it_has_no_score():
    found = backtest(random_county(12, 5, range(2022, 2026)), OPTIONS)

    with pytest.raises(InputError, match="提前 1 年"):
        found.score(JUNIOR, 1)


def test_backtest_when_schools_are_empty_then_no_share_of_nothing():
    empty = history_from_counts({(A, PRIMARY): dict.fromkeys(range(2022, 2026), 0)})

    assert backtest(empty, OPTIONS).score(None, 1).mape == 0.0


def test_backtest_when_there_are_two_years_then_refused():
    with pytest.raises(InputError, match="至少需要相邻三年"):
        backtest(random_county(13, 5, range(2024, 2026)), OPTIONS)


@pytest.mark.parametrize("growth", [0.0, 0.03])
def test_intervals_when_the_process_is_known_then_they_hold_about_as_often_as_they_say(growth):
    inside = []
    for seed in range(6):
        whole = random_county(100 + seed, 40, range(2017, 2029), growth=growth)
        found = forecast(whole.until(2024), Options(to_year=2028, simulations=1000, seed=seed))
        low, high = found.interval(0.8)
        truth = whole.totals[-4:].T
        inside.append((low <= truth) & (truth <= high))
    coverage = np.mean(inside, axis=(0, 1))

    assert (coverage > 0.72).all(), coverage
    assert (coverage < 0.95).all(), coverage
