"""The law of past errors: variance = fixed + per_pupil ÷ pupils."""

import numpy as np
import pytest

from junheng.planning.forecast.spread import FEWEST_ERRORS, Law, fit_law


def errors(seed: int, fixed: float, per_pupil: float, count: int = 4000):
    rng = np.random.default_rng(seed)
    pupils = np.exp(rng.uniform(np.log(5), np.log(500), count))
    return rng.normal(0, 1, count) * np.sqrt(fixed + per_pupil / pupils), pupils


def test_law_when_errors_follow_one_then_it_is_found_again():
    law = fit_law(*errors(1, 0.002, 0.3))

    assert law.fixed == pytest.approx(0.002, rel=0.25)
    assert law.per_pupil == pytest.approx(0.3, rel=0.15)


def test_law_when_large_schools_scatter_no_less_then_no_part_per_pupil():
    law = fit_law(*errors(2, 0.01, 0.0))

    assert law.fixed == pytest.approx(0.01, rel=0.1)
    assert law.per_pupil < 0.02


def test_law_when_large_schools_scatter_more_then_neither_part_is_negative():
    sizes = np.repeat([10.0, 1000.0], 50)
    found = fit_law(np.where(sizes > 100, 0.3, 0.01) * np.tile([1, -1], 50), sizes)

    assert found.fixed > 0
    assert found.per_pupil == pytest.approx(1e-9)


def test_law_when_only_counts_scatter_then_no_fixed_part():
    # squared errors times pupils: 0.09·10 = 0.9 and 0.000001·1000 = 0.001; a line through both would cross zero
    sizes = np.repeat([10.0, 1000.0], 50)
    found = fit_law(np.where(sizes > 100, 0.001, 0.3) * np.tile([1, -1], 50), sizes)

    assert found.fixed == 0.0
    assert found.per_pupil == pytest.approx((0.9 + 0.001) / 2)


def test_law_when_all_sizes_are_the_same_then_all_of_it_is_per_pupil():
    found = fit_law(np.full(20, 0.1), np.full(20, 100.0))

    assert (found.fixed, found.per_pupil) == pytest.approx((0.0, 1.0))  # 0.1² · 100


def test_law_when_one_error_is_absurd_then_it_counts_little():
    usual, pupils = errors(3, 0.002, 0.3)
    with_merger = fit_law(np.append(usual, 2.0), np.append(pupils, 400.0))

    assert with_merger.fixed == pytest.approx(fit_law(usual, pupils).fixed, rel=0.35)


def test_law_when_errors_are_few_then_counts_are_taken_to_scatter_like_arrivals():
    law = fit_law(np.zeros(FEWEST_ERRORS - 1), np.ones(FEWEST_ERRORS - 1))

    assert law == Law(0.0, 1.0, FEWEST_ERRORS - 1)
    assert law.variance(np.array([100.0, 0.0])).tolist() == [0.01, 2.0]  # below half a pupil nothing gets less sure
