"""Draws are reproducible, stay in their bounds and keep their sums."""

import pytest

from junheng.demo.draws import Draws, apportion, grown, nearest, plain_sum, split_evenly


def test_draws_when_named_alike_then_equal_and_else_not():
    one, same, other = (Draws(7, name) for name in ("a", "a", "b"))

    assert [one.unit() for _ in range(3)] == [same.unit() for _ in range(3)]
    assert one.unit() != other.unit()


def test_draws_when_asked_for_whole_numbers_then_both_ends_occur():
    draws = Draws(1, "whole")

    assert {draws.whole(2, 4) for _ in range(200)} == {2, 3, 4}


def test_draws_when_picking_then_every_option_occurs():
    draws = Draws(1, "pick")

    assert {draws.pick("abc") for _ in range(200)} == {"a", "b", "c"}


def test_draws_when_counting_then_the_mean_is_the_expected_one():
    draws = Draws(1, "count")

    counts = [draws.count(2.25) for _ in range(4000)]

    assert set(counts) == {2, 3}
    assert sum(counts) / 4000 == pytest.approx(2.25, abs=0.03)


def test_draws_when_spreading_then_factors_are_positive_and_have_a_long_upper_tail():
    draws = Draws(1, "spread")

    factors = sorted(draws.spread(0.4) for _ in range(4000))

    assert factors[0] > 0
    assert factors[2000] == pytest.approx(1.0, abs=0.03)
    assert factors[3900] - factors[2000] > factors[2000] - factors[100]


def test_draws_when_the_spread_is_nothing_then_the_factor_is_one():
    assert Draws(1, "none").spread(0.0) == 1.0


def test_plain_sum_when_parts_cancel_then_it_rounds_at_every_step():
    # 1e16 + 1 is 1e16 in floating point; a compensated sum would give 1
    assert plain_sum([1e16, 1.0, -1e16]) == 0.0


@pytest.mark.parametrize(("value", "expected"), [(2.4, 2), (2.5, 3), (0.0, 0)])
def test_nearest_when_given_a_number_then_halves_go_up(value, expected):
    assert nearest(value) == expected


def test_grown_when_years_are_negative_then_it_goes_back():
    # 121 = 100 × 1.1²
    assert grown(100.0, 0.1, 2) == pytest.approx(121.0)
    assert grown(121.0, 0.1, -2) == pytest.approx(100.0)
    assert grown(5.0, 0.1, 0) == 5.0


def test_apportion_when_shares_are_not_whole_then_they_still_sum_to_the_total():
    # 10 by 1:1:1 is 3.33 each; the one left over goes to the first key
    assert apportion(10, {"b": 1.0, "a": 1.0, "c": 1.0}) == {"a": 4, "b": 3, "c": 3}
    # 10 by 5:3:1 is 5.56, 3.33, 1.11; the one left over goes to the largest remainder
    assert apportion(10, {"a": 5.0, "b": 3.0, "c": 1.0}) == {"a": 6, "b": 3, "c": 1}


@pytest.mark.parametrize(("total", "parts"), [(3, 1), (47, 2), (100, 3), (260, 7), (5, 5)])
def test_split_evenly_when_classes_are_made_then_they_sum_and_differ_little(total, parts):
    sizes = split_evenly(total, parts, Draws(3, total))

    assert sum(sizes) == total
    assert len(sizes) == parts
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 3
