"""The mean of the coefficients: printed always, judged where the standard says so, exact at its limit."""

from fractions import Fraction

import pytest

from junheng.core.standard import Stage
from junheng.core.verdict import Outcome
from tests.core.resource_counties import BASIC, QUALITY, county, primary, resources

ONE, TWO = "9900000001", "9900000002"
SCHOOL_FIELDS = ("outdoor_sports_area", "equipment_value", "computer_count", "book_count", "teaching_floor_area")
STAGE_FIELDS = ("bachelor_teacher_count", "full_time_teacher_count", "titled_teacher_count")
NO_OTHERS = dict.fromkeys(
    ("doctor_teacher_count", "master_teacher_count", "associate_teacher_count", "indoor_sports_area"), 0
)


def pair(*percents, nudge=0):
    """Two equal schools whose eight quantities are (1 ± c)·1000, one c in percent for each; the last one is nudged."""
    names = (*SCHOOL_FIELDS, *STAGE_FIELDS)
    low = {name: 10 * (100 - c) for name, c in zip(names, percents, strict=True)}
    high = {name: 10 * (100 + c) for name, c in zip(names, percents, strict=True)}
    high[names[-1]] += nudge
    return county(primary(ONE, **{**NO_OTHERS, **low}), primary(TWO, **{**NO_OTHERS, **high}))


def composite(facts, standard=BASIC, stage=Stage.PRIMARY):
    return next(entry for entry in resources(facts, standard).composites if entry.stage is stage)


@pytest.mark.parametrize(
    ("percents", "nudge", "outcome"),
    [
        ((65,) * 8, 0, Outcome.MET),
        ((65,) * 8, 1, Outcome.NOT_MET),
        ((65,) * 8, -1, Outcome.MET),
        ((60, 70, 55, 75, 50, 80, 64, 66), 0, Outcome.MET),  # their mean is 65
        ((60, 70, 55, 75, 50, 80, 64, 66), 1, Outcome.NOT_MET),
        ((30,) * 8, 0, Outcome.MET),
        ((90,) * 8, 0, Outcome.NOT_MET),
    ],
)
def test_composite_when_at_its_limit_or_beside_it_then_it_is_decided_exactly(percents, nudge, outcome):
    result = composite(pair(*percents, nudge=nudge))

    assert result.outcome is outcome
    assert result.value == pytest.approx(sum(percents) / 800, abs=1e-4)
    assert result.limit == Fraction(65, 100)


def test_composite_when_it_prints_as_its_limit_but_is_above_then_it_is_flagged():
    # the last coefficient is (650 + 1/2) / (1000 + 1/2): above 0.65 by 0.0002, the mean by 0.00002
    result = composite(pair(*(65,) * 8, nudge=1))

    assert (result.outcome, result.is_rounding_sensitive) == (Outcome.NOT_MET, True)
    assert not composite(pair(*(65,) * 8)).is_rounding_sensitive


def test_composite_when_amounts_are_tiny_then_it_is_still_decided_exactly():
    tiny = {**dict.fromkeys(SCHOOL_FIELDS, 7), **dict.fromkeys(STAGE_FIELDS, 7), **NO_OTHERS}
    large = {**dict.fromkeys(SCHOOL_FIELDS, 33), **dict.fromkeys(STAGE_FIELDS, 33), **NO_OTHERS}

    # (1 ± 0.65) × 20 = 7 and 33
    result = composite(county(primary(ONE, 20_000, **tiny), primary(TWO, 20_000, **large)))

    assert result.outcome is Outcome.MET
    assert result.value == pytest.approx(0.65, abs=1e-6)


def test_composite_when_a_coefficient_is_undefined_then_it_cannot_be_told():
    result = composite(county(primary(ONE), primary(TWO, book_count=None)))

    assert (result.value, result.outcome, result.reason.code) == (None, Outcome.CANNOT_TELL, "undefined-coefficient")
    assert result.reason.text.startswith("1项差异系数")


def test_composite_when_the_standard_judges_each_coefficient_then_it_is_only_printed():
    result = composite(county(primary(ONE), primary(TWO)), QUALITY)
    unknown = composite(county(primary(ONE)), QUALITY)

    assert (result.value, result.limit, result.outcome) == (0.0, None, None)
    assert (unknown.value, unknown.outcome, unknown.reason.code) == (None, None, "undefined-coefficient")
