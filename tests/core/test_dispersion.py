"""The coefficient from sums of whole numbers: how far rounding may move it, no order changes it, who decides close calls."""

from fractions import Fraction
from math import lcm

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.core.dispersion import (
    EXACT_BELOW,
    WIDEST_BAND,
    Sums,
    coefficient_of,
    coefficients,
    exact_root_bounds,
    exact_terms,
    group_sums,
    is_coarse,
    relative_band,
    settle,
    with_terms,
)
from junheng.core.indicators import FORMULAS
from junheng.core.school_rule import floor_share, threshold
from junheng.core.stages import MAX_AMOUNT, MAX_PUPILS, per_student_threshold
from junheng.core.standard import Stage
from junheng.readers.standards import list_standards, load_standard
from tests.core.resource_counties import BASIC, QUALITY, rules_of

LARGEST = 2**63 - 1
INDICATORS = {
    entry.id: entry for name in (QUALITY, BASIC) for entry in load_standard(name).indicators
}  # every kind of quantity
triples = st.tuples(  # numerator, extra weight of the denominator, pupils
    st.integers(min_value=0, max_value=10**10), st.sampled_from([100, 110, 210, 342]), st.integers(1, 20_000)
)


def frame_of(rows, entry):
    """Judged rows of one group: n/d is the amount per pupil; what is not shared has its pupils as denominator."""
    is_shared = FORMULAS[entry.formula].is_shared
    return nw.from_native(
        pl.DataFrame(
            {
                "county_code": ["990101"] * len(rows),
                "year": [2025] * len(rows),
                "is_primary": [True] * len(rows),
                "pupils": [p for _, _, p in rows],
                f"n_{entry.id}": [n * 100 if is_shared else n // 10**6 for n, _, _ in rows],
                f"d_{entry.id}": [w * p if is_shared else p for _, w, p in rows],
            }
        )
    )


def exact_rows(frame, entry):
    columns = (f"n_{entry.id}", f"d_{entry.id}", "pupils")
    return list(zip(*(frame[name].to_list() for name in columns), strict=True))


@given(rows=st.lists(triples, min_size=2, max_size=8), name=st.sampled_from(sorted(INDICATORS)))
def test_sums_when_rounded_down_then_the_ratio_moves_by_no_more_than_the_band(rows, name):
    entry = INDICATORS[name]
    formula = FORMULAS[entry.formula]
    frame = frame_of(rows, entry)
    row = group_sums(frame, [entry]).rows(named=True)[0]
    total, squares = row[f"S_{name}"], row[f"Q_{name}"]
    terms = exact_terms(exact_rows(frame, entry))
    if max(total, squares) >= EXACT_BELOW or not total:
        assert is_coarse(len(rows), total, squares)
        return

    rounded = Fraction(row["P"] * squares, total * total) * Fraction(
        2.0 ** (2 * formula.sum_shift - formula.square_shift)
    )
    true = terms.squared_coefficient + 1

    assert abs(rounded - true) <= Fraction(relative_band(len(rows), total, squares)) * true * 2


@given(rows=st.lists(triples, min_size=2, max_size=8), name=st.sampled_from(sorted(INDICATORS)))
def test_coefficient_when_settled_then_its_ratio_is_within_the_widest_band(rows, name):
    entry = INDICATORS[name]
    frame = frame_of(rows, entry)
    row = coefficients(group_sums(frame, [entry]), [entry]).rows(named=True)[0]
    terms = exact_terms(exact_rows(frame, entry))

    sums = Sums(len(rows), row[f"S_{name}"], row[f"Q_{name}"])
    value, within = settle(row[f"cv_{name}"], Fraction(1, 2), sums, lambda: exact_rows(frame, entry))

    if value is None:
        assert not terms.total
        assert within is None
        return
    true = float(terms.squared_coefficient) + 1.0
    assert abs(value * value + 1.0 - true) <= 2 * WIDEST_BAND * true
    assert within == (terms.squared_coefficient <= Fraction(1, 4))


huge_triples = st.tuples(  # amounts of every size, so that many sums lie about 2^53
    st.integers(0, 38).flatmap(lambda bits: st.integers(0, 2**bits)),
    st.sampled_from([100, 342]),
    st.integers(1, 20_000),
)


@given(rows=st.lists(huge_triples, min_size=2, max_size=12), name=st.sampled_from(sorted(INDICATORS)), data=st.data())
def test_sums_when_rows_come_in_another_order_then_they_are_the_same_whole_numbers(rows, name, data):
    entry = INDICATORS[name]
    shuffled = data.draw(st.permutations(rows))
    terms = with_terms(frame_of(rows, entry), [entry])

    one, other = (group_sums(frame_of(order, entry), [entry]).rows(named=True)[0] for order in (rows, shuffled))

    for letter in "sq":
        whole = sum(int(term) for term in terms[f"{letter}_{name}"].to_list())
        found = {row[f"{letter.upper()}_{name}"] for row in (one, other)}
        assert found == {min(whole, EXACT_BELOW)}


def test_sums_when_a_group_is_full_of_the_largest_terms_then_the_rows_are_asked():
    entry = INDICATORS["books_per_student"]
    rows = [(MAX_AMOUNT, 100, 1)] * 5000

    row = group_sums(frame_of(rows, entry), [entry]).rows(named=True)[0]

    assert (row["S_books_per_student"], row["Q_books_per_student"]) == (EXACT_BELOW, EXACT_BELOW)
    assert is_coarse(5000, EXACT_BELOW, 2**40)


@pytest.mark.parametrize("standard_id", list_standards())
def test_thresholds_when_amounts_and_pupils_are_the_largest_then_64_bits_are_enough(standard_id):
    rules = rules_of(standard_id)
    heaviest = max([100, *(w for weights in rules.standard.sharing.weights.values() for w in weights.values())])

    for entry in (indicator for indicator in rules.standard.indicators if indicator.thresholds):
        limits = [per_student_threshold(entry, threshold(entry, stage, rules)) for stage in Stage]
        limits += [limit * floor_share(rules) for limit in limits]
        scale = lcm(*(limit.denominator for limit in limits))
        weight = heaviest if FORMULAS[entry.formula].is_shared else 1

        # n·scale on one side, d·(limit·scale) on the other; three stages share
        assert MAX_AMOUNT * weight * scale <= LARGEST
        assert 3 * MAX_PUPILS * heaviest * int(max(limits) * scale) <= LARGEST


def test_terms_when_a_row_is_unknown_then_they_are_null():
    entry = INDICATORS["books_per_student"]
    frame = nw.from_native(
        pl.DataFrame(
            {
                "pupils": [10, None, 10],
                "n_books_per_student": [1000, 1000, None],
                "d_books_per_student": [1000, None, 1000],
            }
        )
    )

    terms = with_terms(frame, [entry])

    # 10 books × 2^28; 10²/10 × 2^14
    assert terms["s_books_per_student"].to_list() == [10 * 2**28, None, None]
    assert terms["q_books_per_student"].to_list() == [10 * 2**14, None, None]


def test_coarse_when_sums_are_ordinary_then_they_decide_and_else_the_rows():
    ordinary = 2**40

    assert not is_coarse(100, ordinary, ordinary)
    assert is_coarse(100, 0, ordinary)
    assert is_coarse(100, ordinary, 0)
    assert is_coarse(100, EXACT_BELOW, ordinary)
    assert not is_coarse(100, EXACT_BELOW - 1, ordinary)
    assert is_coarse(100, ordinary, 2**20)  # 100 / 2^20 is more than 2^-24


def no_rows():
    raise AssertionError("the sums are enough")


def test_settle_when_the_limit_is_far_then_the_sums_decide():
    sums = Sums(2, 2**45, 2**45)

    assert settle(0.40, Fraction(1, 2), sums, no_rows) == (0.40, True)
    assert settle(0.60, Fraction(1, 2), sums, no_rows) == (0.60, False)
    assert settle(0.60, None, sums, no_rows) == (0.60, None)


def test_settle_when_the_coefficient_is_the_limit_then_the_rows_decide():
    sums = Sums(2, 2**45, 2**45)
    tie = [(50, 1, 10), (150, 1, 10)]  # (1 ± 0.5) × 100
    over = [(50, 1, 10), (151, 1, 10)]

    assert settle(0.5, Fraction(1, 2), sums, lambda: tie) == (0.5, True)
    assert settle(0.5, Fraction(1, 2), sums, lambda: over) == (0.5, False)


def test_settle_when_sums_are_coarse_then_the_coefficient_comes_from_the_rows():
    sums = Sums(2, 1, 1)

    assert settle(0.9, Fraction(1, 2), sums, lambda: [(50, 1, 10), (150, 1, 10)]) == (0.5, True)
    assert settle(0.9, None, sums, lambda: [(50, 1, 10), (150, 1, 10)]) == (0.5, None)
    assert settle(None, Fraction(1, 2), sums, lambda: [(0, 1, 10), (0, 1, 10)]) == (None, None)


def test_root_when_a_square_is_rational_then_both_bounds_are_it_and_else_they_enclose_it():
    assert exact_root_bounds(Fraction(1, 4)) == (Fraction(1, 2), Fraction(1, 2))
    low, high = exact_root_bounds(Fraction(2), digits=5)

    assert (low, high) == (Fraction(141421, 10**5), Fraction(141422, 10**5))
    assert low * low < 2 < high * high
    low, high = exact_root_bounds(Fraction(2))
    assert high - low == Fraction(1, 10**40)


def test_coefficient_when_all_are_equal_then_it_is_zero():
    assert coefficient_of(exact_terms([(3, 10, 10), (6, 20, 20)])) == 0.0
