"""Figures printed by others, computed again: the five schools, the shared library, the composites of Anhui."""

from fractions import Fraction

import pytest

from junheng.core.composite import judge_composite
from junheng.core.rounding import printed
from junheng.core.standard import Stage
from junheng.core.verdict import DispersionResult, Outcome
from tests.core.resource_counties import (
    BASIC,
    BOOKS,
    county,
    integrated,
    of_indicator,
    primary,
    resources,
    rules_of,
    spread,
)

# pupils, books, printed books per pupil, printed P_i/P·(X_i−X̄)²
FIVE_SCHOOLS = (
    (45, 279, "6.20", "0.003"),
    (37, 137, "3.70", "0.85"),
    (89, 935, "10.51", "5.13"),
    (76, 160, "2.11", "4.50"),
    (55, 402, "7.31", "0.17"),
)
# printed by the source: eight coefficients and their composite
ANHUI = (
    ("庐阳区", Stage.PRIMARY, (0.881, 1.299, 0.977, 0.379, 0.170, 0.334, 0.286, 0.408), 0.592),
    ("庐阳区", Stage.JUNIOR, (0.353, 0.784, 0.146, 0.491, 0.037, 0.226, 0.223, 0.253), 0.314),
    ("蜀山区", Stage.PRIMARY, (0.711, 0.649, 0.472, 0.338, 0.235, 0.274, 0.260, 0.396), 0.417),
    ("蜀山区", Stage.JUNIOR, (0.505, 0.484, 0.325, 0.275, 0.199, 0.715, 0.421, 1.021), 0.493),
)


def five_schools():
    numbers = enumerate(FIVE_SCHOOLS)
    return [primary(f"990000000{index}", heads, book_count=books) for index, (heads, books, *_) in numbers]


@pytest.fixture(scope="module")
def five():
    return resources(county(*five_schools()), BOOKS)


def test_five_schools_when_judged_then_values_per_student_are_as_printed(five):
    values = [printed(entry.indicators[0].value, 2) for entry in five.schools]

    assert values == [text for *_, text, _ in FIVE_SCHOOLS]


def test_five_schools_when_judged_then_mean_and_squared_distances_are_as_printed(five):
    mean = spread(five, "books_per_student").mean

    assert mean == Fraction(1913, 302)  # 6.33
    assert printed(mean, 2) == "6.33"
    everyone = sum(heads for heads, *_ in FIVE_SCHOOLS)
    steps = [Fraction(heads, everyone) * (Fraction(books, heads) - mean) ** 2 for heads, books, *_ in FIVE_SCHOOLS]
    for step, (*_, text) in zip(steps, FIVE_SCHOOLS, strict=True):
        assert printed(step, len(text.split(".")[1])) == text
    # 0.0026 + 0.8506 + 5.1287 + 4.4960 + 0.1730; its root 3.26 is printed too
    assert printed(sum(steps), 2) == "10.65"
    assert printed(float(sum(steps)) ** 0.5, 2) == "3.26"


def test_five_schools_when_judged_then_the_coefficient_is_weighted_by_students(five):
    result = spread(five, "books_per_student")
    plain = [Fraction(books, heads) for heads, books, *_ in FIVE_SCHOOLS]
    mean = sum(plain) / 5
    unweighted = (float(sum((value - mean) ** 2 for value in plain) / 5) ** 0.5) / float(mean)

    # √10.6506 / 6.3344 = 0.5153 is above 0.50; without the weights 0.489 would pass
    assert printed(result.coefficient, 4) == "0.5153"
    assert result.outcome is Outcome.NOT_MET
    assert printed(unweighted, 3) == "0.489"


def test_five_schools_when_one_is_dropped_or_missing_then_the_coefficient_is_another_or_unknown():
    schools = five_schools()

    dropped = spread(resources(county(*schools[:3], schools[4]), BOOKS), "books_per_student")
    unknown = primary("9900000003", 76, book_count=None)
    missing = spread(resources(county(*schools[:3], unknown, schools[4]), BOOKS), "books_per_student")

    assert dropped.coefficient is not None
    assert printed(dropped.coefficient, 4) != "0.5153"
    assert (missing.coefficient, missing.outcome, missing.missing_count) == (None, Outcome.CANNOT_TELL, 1)


def test_shared_library_when_split_between_the_stages_then_figures_are_as_printed():
    school = integrated("9900000001", "nine_year_school", {"primary": 166, "junior": 210}, book_count=23_226)

    results = resources(county(school), BOOKS)

    # 23 226 × 166 / (166 + 1.1 × 210) = 9 711.63 ; 23 226 × 231 / 397 = 13 514.37
    small, large = (of_indicator(results, "9900000001", "books_per_student", name) for name in ("primary", "junior"))
    assert (printed(small.numerator, 2), printed(large.numerator, 2)) == ("9711.63", "13514.37")
    assert small.numerator + large.numerator == 23_226
    assert (small.share, large.share) == (Fraction(166, 397), Fraction(231, 397))
    assert printed(small.value, 1) == "58.5"


@pytest.mark.parametrize(("district", "stage", "coefficients", "composite"), ANHUI)
def test_composite_when_eight_coefficients_are_given_then_it_is_their_mean_as_printed(
    district, stage, coefficients, composite
):
    rules = rules_of(BASIC)
    results = [
        DispersionResult(entry.id, stage, Outcome.MET, value, None, None, 2, 0)
        for entry, value in zip(rules.standard.indicators, coefficients, strict=True)
    ]

    result = judge_composite(stage, results, [], rules)

    # the printed coefficients are rounded: each is off by at most 0.0005, so their mean is, and so is the printed mean
    assert abs(result.value - composite) <= 0.0005 + 0.0005
    assert result.outcome is Outcome.MET
