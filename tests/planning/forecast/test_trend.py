"""Trends of entrants and the errors they made."""

import numpy as np
import pytest

from junheng.planning.forecast.spread import Law
from junheng.planning.forecast.trend import EntrantSpread, Series, fit_trend, past_spread


def series(logs, known=None):
    values = np.array(logs, float).T  # one list per series
    return Series(values, np.ones(values.shape, bool) if known is None else np.array(known).T, np.exp(values))


def test_trend_when_all_series_grow_alike_then_the_line_goes_on():
    found = fit_trend(series([[1.0, 1.1, 1.2, 1.3], [3.0, 3.1, 3.2, 3.3]]), 0.8)

    assert found.slope.tolist() == pytest.approx([0.1, 0.1])
    assert found.ahead(2, 1.0).T.tolist() == [pytest.approx([1.4, 1.5]), pytest.approx([3.4, 3.5])]


def test_trend_when_damped_then_each_further_year_adds_less():
    found = fit_trend(series([[1.0, 1.1, 1.2, 1.3]]), 0.8).ahead(2, 0.5)

    assert found[:, 0].tolist() == pytest.approx([1.35, 1.375])  # 1.3 + 0.1·0.5, + 0.1·0.25


def test_trend_when_it_is_very_steep_then_it_does_not_go_on_like_that():
    found = fit_trend(series([[1.0, 2.0, 3.0]]), 1.0)

    assert found.level.tolist() == pytest.approx([3.0])
    assert found.ahead(2, 1.0)[:, 0].tolist() == pytest.approx([3.2, 3.4])


def test_trend_when_a_steep_series_ends_early_then_it_is_not_carried_on_to_the_last_year_like_that():
    found = fit_trend(series([[1.0, 2.0, 9.0, 9.0]], [[True, True, False, False]]), 1.0)

    assert found.level.tolist() == pytest.approx([2.4])  # 2.0 and twice 0.2


def test_trend_when_series_scatter_then_slopes_are_drawn_together():
    rng = np.random.default_rng(5)
    found = fit_trend(Series(rng.normal(3, 0.2, (4, 40)), np.ones((4, 40), bool), np.full((4, 40), 20.0)), 1.0)

    assert np.std(found.slope) < 0.03  # own slopes scatter by 0.2 ÷ √5 ≈ 0.09


def test_trend_when_a_series_was_seen_once_or_never_then_the_common_slope_or_nothing():
    once = [False, False, False, True]
    found = fit_trend(series([[0, 0.1, 0.2, 0.3], [9, 9, 9, 2.0], [9, 9, 9, 9]], [[True] * 4, once, [False] * 4]), 1.0)

    assert found.slope[1] == pytest.approx(0.1)
    assert found.level[1] == pytest.approx(2.0)
    assert np.isnan(found.level[2])


def test_trend_when_no_series_tells_a_change_then_none_is_assumed():
    found = fit_trend(series([[9.0, 2.0]], [[False, True]]), 1.0)

    assert (found.slope[0], found.level[0]) == (0.0, 2.0)


def test_spread_when_there_are_three_years_then_the_errors_of_the_last():
    # 20 series grow by 0.1, then by 0.1 ± 0.2: one-year errors of 0.2, no longer ones, and no common part
    ends = [0.1 + (0.3 if number % 2 else -0.1) for number in range(20)]
    found = past_spread(series([[3.0, 3.1, 3.0 + end] for end in ends]), 1.0, 1.0)

    assert not found.is_growth_told
    assert found.growth == 1.0
    assert found.common < 0.002
    assert found.law.variance(np.array([np.exp(3.1)]))[0] == pytest.approx(0.04, rel=0.2)


def test_spread_when_all_series_miss_together_then_the_error_is_common():
    found = past_spread(series([[3.0, 3.1, 3.6]] * 20), 1.0, 1.0)

    assert found.common == pytest.approx(0.16)  # (3.6 − 3.2)²
    assert found.law.variance(np.array([20.0]))[0] < 1e-6


def test_spread_when_errors_reach_two_years_then_their_growth_is_told():
    rng = np.random.default_rng(1)
    walks = 5 + np.cumsum(rng.normal(0, 0.1, (7, 300)), axis=0)
    found = past_spread(Series(walks, np.ones(walks.shape, bool), np.exp(walks)), 0.5, 0.0)

    assert found.is_growth_told
    assert 0.5 < found.growth < 1.5  # a random walk gains its first variance each year


def test_spread_when_there_are_two_years_then_changes_are_held_against_the_mean_change():
    found = past_spread(series([[3.0, 3.3 if number % 2 else 2.7] for number in range(20)]), 1.0, 1.0)

    assert found.common == 0.0
    assert found.law.variance(np.array([20.0]))[0] == pytest.approx(0.09, rel=0.3)


def test_spread_when_nothing_is_known_then_a_count_scatters_like_arrivals():
    nothing = Series(np.zeros((2, 3)), np.zeros((2, 3), bool), np.zeros((2, 3)))

    assert past_spread(nothing, 1.0, 1.0).law == Law(0.0, 1.0, 0)


def test_covariance_when_nothing_lasts_then_years_are_independent():
    assert EntrantSpread(Law(0, 1, 9), 0.0, 0.0, True).covariance(2).tolist() == [[1, 0], [0, 1]]


def test_covariance_when_growth_is_one_then_a_random_walk_and_beyond_it_steeper():
    assert EntrantSpread(Law(0, 1, 9), 1.0, 0.0, True).covariance(3).tolist() == [[1, 1, 1], [1, 2, 2], [1, 2, 3]]
    assert EntrantSpread(Law(0, 1, 9), 3.0, 0.0, True).covariance(2).tolist() == [[1, 1], [1, 4]]
