"""Four wrong ways to judge, each tried on a county that tells them apart: a moved threshold, dropped weights, missing taken
as zero, a dropped school. The county is judged once as it is and once with the wrong way built into standard or facts."""

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.core.standard import Part, Stage, Standard
from junheng.core.verdict import Outcome
from junheng.readers.standards import load_standard
from tests.core.builders import parameter
from tests.core.resource_counties import (
    QUALITY,
    county,
    integrated,
    junior,
    of_indicator,
    of_school,
    primary,
    resources,
    spread,
    verdict_of,
)

ROOMS = "multimedia_classrooms_per_100_students"
ONE, TWO, THREE, FOUR = (f"990000000{number}" for number in range(1, 5))
STANDARD = load_standard(QUALITY)
AT_LIMITS = (primary(ONE), primary(TWO), junior(THREE), junior(FOUR))  # each indicator exactly on its threshold
LIMITS = [(entry.id, stage) for entry in STANDARD.indicators for stage in Stage]


def with_threshold(indicator_id: str, stage: Stage, more: Fraction) -> Standard:
    """The standard with one threshold moved by `more` of itself."""
    moved = []
    for entry in STANDARD.indicators:
        if entry.id == indicator_id:
            (row,) = entry.thresholds[stage].rows
            entry = replace(entry, thresholds={**entry.thresholds, stage: parameter(row.value * (1 + more))})  # noqa: PLW2901
        moved.append(entry)
    return replace(STANDARD, indicators=tuple(moved))


def resource_part(facts, standard=STANDARD):
    part = verdict_of(facts, standard).part(Part.RESOURCES)
    assert part is not None
    return part.outcome, part.met_count


def test_county_when_every_value_lies_on_its_threshold_then_the_resource_part_is_met():
    # 4 school stages and 7 coefficients of 0 in each of 2 stages
    assert resource_part(county(*AT_LIMITS)) == (Outcome.MET, 18)


@pytest.mark.parametrize(("indicator_id", "stage"), LIMITS)
def test_threshold_when_it_is_moved_by_a_thousandth_then_schools_on_it_are_judged_otherwise(indicator_id, stage):
    school_id = ONE if stage is Stage.PRIMARY else THREE
    raised = resources(county(*AT_LIMITS), with_threshold(indicator_id, stage, Fraction(1, 1000)))

    assert of_indicator(raised, school_id, indicator_id, stage.value).outcome is Outcome.NOT_MET
    # one of seven may lie between 85 % and the threshold, so that the school stays met, with one indicator less
    assert (of_school(raised, school_id, stage.value).met_count, len(STANDARD.indicators)) == (6, 7)


def test_threshold_when_two_are_moved_then_the_verdict_of_the_part_turns():
    school_below_in_one = primary(ONE, backbone_teacher_count=9)
    facts = county(school_below_in_one, *AT_LIMITS[1:])
    moved = with_threshold(ROOMS, Stage.PRIMARY, Fraction(1, 1000))

    assert resource_part(facts) == (Outcome.MET, 18)
    # ONE now misses two indicators; TWO misses one and stays met
    assert resource_part(facts, moved) == (Outcome.NOT_MET, 17)


def test_coefficient_when_pupils_are_weights_then_a_tiny_rich_school_does_not_break_the_limit():
    # 3 000 pupils with 2.3 rooms per 100, 50 pupils with 8: the weighted mean is 73/30.5 = 2.393;
    # √((3000 · 0.0934² + 50 · 5.6066²) / 3050) / 2.393 = 0.3024 ≤ 0.5. Without weights 2.85 / 5.15 = 0.5534 > 0.5.
    giant = primary(ONE, 3000, multimedia_classroom_count=69)
    tiny = primary(TWO, 50, multimedia_classroom_count=4)
    values = [Fraction(69, 30), Fraction(8)]
    mean = sum(values) / 2

    found = spread(resources(county(giant, tiny)), ROOMS)

    assert (round(found.coefficient, 4), found.outcome) == (0.3024, Outcome.MET)
    assert sum((value - mean) ** 2 for value in values) / 2 / mean**2 > Fraction(1, 4)
    # equal schools would weigh equally: the same two values then break the limit
    alike = primary(ONE, 100, multimedia_classroom_count=2), primary(TWO, 100, multimedia_classroom_count=8)
    assert spread(resources(county(*alike)), ROOMS).outcome is Outcome.NOT_MET


def test_sharing_when_a_junior_counts_as_much_as_a_primary_pupil_then_both_stages_are_judged_otherwise():
    # 47 rooms, weights 1 and 1.1: 47 · 1000/2100 = 22.4 < 23 and 47 · 1100/2100 = 24.6 ≥ 24; unweighted 23.5 each
    facts = county(
        integrated(ONE, "nine_year_school", {"primary": 1000, "junior": 1000}, multimedia_classroom_count=47)
    )
    same = {"nine_year_school": {"primary": 100, "junior": 100}}
    unweighted = replace(STANDARD, sharing=replace(STANDARD.sharing, weights={**STANDARD.sharing.weights, **same}))

    def outcomes(standard):
        results = resources(facts, standard)
        return [of_indicator(results, ONE, ROOMS, stage.value).outcome for stage in (Stage.PRIMARY, Stage.JUNIOR)]

    assert outcomes(STANDARD) == [Outcome.NOT_MET, Outcome.MET]
    assert outcomes(unweighted) == [Outcome.MET, Outcome.NOT_MET]


def test_fact_when_it_is_missing_then_the_part_cannot_be_told_and_with_zero_it_would_fail():
    missing, zero = (county(primary(ONE, multimedia_classroom_count=count), *AT_LIMITS[1:]) for count in (None, 0))

    assert of_school(resources(missing), ONE).outcome is Outcome.CANNOT_TELL
    # the school and the coefficient of the stage cannot be told; with 0 rooms the school fails, and the coefficient is 1
    assert resource_part(missing) == (Outcome.CANNOT_TELL, 16)
    assert resource_part(zero) == (Outcome.NOT_MET, 16)


@pytest.mark.parametrize("make", [primary, junior])
def test_school_when_it_is_dropped_then_the_only_one_that_fails_is_lost_and_the_part_would_be_met(make):
    poor = make("9900000005", multimedia_classroom_count=19, outdoor_sports_area=580_000)  # 19 < 0.85 × 23 = 19.55

    whole = verdict_of(county(*AT_LIMITS, poor))

    assert len(whole.schools) + len(whole.excluded) == 5
    assert resource_part(county(*AT_LIMITS, poor)) == (Outcome.NOT_MET, 18)
    assert resource_part(county(*AT_LIMITS)) == (Outcome.MET, 18)
