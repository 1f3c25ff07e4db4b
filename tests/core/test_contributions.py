"""What one school does to a coefficient."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.core.contributions import contributions
from junheng.core.dispersion import coefficient_of, exact_terms
from junheng.core.standard import Stage

rows_of_schools = st.lists(
    st.tuples(st.integers(0, 10**7), st.just(1), st.integers(1, 5000)).map(lambda row: (row[0], row[2], row[2])),
    min_size=2,
    max_size=8,
)


def of(rows):
    return contributions(Stage.PRIMARY, rows, [f"s{index}" for index in range(len(rows))])


def test_contributions_when_three_schools_differ_then_shares_and_rests_are_by_hand():
    # 1, 1 and 4 per pupil, 10 pupils each: mean 2; squares 1, 1, 4 of 6
    first, _, last = of([(10, 10, 10), (10, 10, 10), (40, 10, 10)])

    assert (first.school_id, first.stage) == ("s0", Stage.PRIMARY)
    assert [first.share, last.share] == pytest.approx([1 / 6, 4 / 6])
    # without the first: 1 and 4, mean 2.5, 1.5 / 2.5; without the last both are equal
    assert [first.without, last.without] == pytest.approx([0.6, 0.0])


@given(
    value=st.integers(0, 500),
    per=st.integers(1, 100),
    pupils=st.lists(st.integers(1, 3000), min_size=2, max_size=6),
)
def test_contributions_when_all_schools_are_equal_then_shares_are_zero(value, per, pupils):
    rows = [(value * count, per * count, count) for count in pupils]

    assert {entry.share for entry in of(rows)} == {0.0}


def test_contributions_when_too_little_would_be_left_then_there_is_no_coefficient():
    assert [entry.without for entry in of([(10, 10, 10), (20, 10, 10)])] == [None, None]
    # without the first school the mean of the others is 0
    assert [entry.without for entry in of([(10, 10, 10), (0, 10, 10), (0, 10, 10)])] == [None, 1.0, 1.0]


@given(rows=rows_of_schools)
def test_contributions_when_schools_are_invented_then_shares_sum_to_one_and_rests_are_exact(rows):
    found = of(rows)

    total = sum(entry.share for entry in found)
    exact = exact_terms(rows)
    if exact.total and exact.squared_coefficient > Fraction(1, 10**6):
        assert total == pytest.approx(1.0)
    for index, entry in enumerate(found):
        rest = exact_terms([row for place, row in enumerate(rows) if place != index])
        assert (entry.without is None) == (len(rows) < 3 or not rest.total)
        if entry.without is not None:
            assert entry.without == pytest.approx(coefficient_of(rest), abs=1e-5)


def test_contributions_when_a_giant_is_left_out_then_the_equal_rest_has_no_spread():
    # two schools with 1158/120 each beside one with 2 097 152: without the giant nothing differs
    found = of([(1158, 120, 120), (1158, 120, 120), (2097152, 1, 1)])

    assert found[2].without == pytest.approx(0.0, abs=1e-6)
