"""Many counties at once: the same rows, the same bits, whatever the engine."""

from dataclasses import replace

import narwhals as nw
import polars as pl
import pytest

from junheng.core.errors import EngineError
from junheng.core.nation import judge_nation
from junheng.readers.standards import load_standard
from tests.core.resource_counties import BASIC, HUNAN, QUALITY, county, integrated, junior, primary, rules_of

ONE, TWO, THREE = "9900000001", "9900000002", "9900000003"
ROOMS = "multimedia_classrooms_per_100_students"
EQUIPMENT = "equipment_value_per_student"


def nation(facts, standard=QUALITY, classes=None, is_lazy=True):
    schools, stages = (facts.table(name).to_native() for name in ("schools", "stages"))
    return judged((schools, stages), rules_of(standard), classes, is_lazy)


def judged(frames, rules, classes=None, is_lazy=True):
    schools, stages = (nw.from_native(frame.lazy() if is_lazy else frame) for frame in frames)
    return judge_nation(schools, stages, rules, classes)


def stage_of(result, stage="primary"):
    return next(row for row in result.stages.rows(named=True) if row["stage"] == stage)


@pytest.mark.parametrize("is_lazy", [True, False])
def test_nation_when_every_school_meets_everything_then_resources_are_met(is_lazy):
    result = nation(county(primary(ONE), primary(TWO), junior(THREE)), is_lazy=is_lazy)

    row = stage_of(result)
    assert (row["met"], row["not_met"], row["unknown"], row["school_count"]) == (2, 0, 0, 2)
    assert (row[f"cv_{ROOMS}"], row[f"ok_{ROOMS}"], row["resources"]) == (0.0, 1, 1)
    # one junior school: its coefficients cannot be told
    lone = stage_of(result, "junior")
    assert (lone[f"cv_{ROOMS}"], lone[f"ok_{ROOMS}"], lone["resources"]) == (None, None, None)


@pytest.mark.parametrize(
    ("rooms", "ok", "resources"),
    [((50, 150), 1, 1), ((50, 151), 0, 0), ((23, None), None, None), ((19, 150), 0, 0)],
)
def test_nation_when_a_coefficient_is_at_its_limit_or_beside_it_then_it_is_decided_exactly(rooms, ok, resources):
    low, high = rooms
    result = nation(county(primary(ONE, multimedia_classroom_count=low), primary(TWO, multimedia_classroom_count=high)))

    assert (stage_of(result)[f"ok_{ROOMS}"], stage_of(result)["resources"]) == (ok, resources)


@pytest.mark.parametrize(("pupils", "more", "ok"), [(97, 0, 1), (97, 1, 0), (333, 0, 1), (333, 1, 0)])
def test_nation_when_rounded_sums_take_a_tie_for_more_than_its_limit_then_the_rows_decide(pupils, more, ok):
    # rooms (1 ± 0.5) × 14: exactly 0.5; n/97 and n/333 have no end in binary, so the sums alone say 0.5000000003
    schools = (primary(name, pupils, multimedia_classroom_count=n) for name, n in ((ONE, 7), (TWO, 21 + more)))

    row = stage_of(nation(county(*schools)))

    assert row[f"ok_{ROOMS}"] == ok
    assert abs(row[f"cv_{ROOMS}"] ** 2 - ((14 + more) / 2 / (14 + more / 2)) ** 2) < 1e-8


def test_nation_when_a_tie_of_junior_schools_needs_the_rows_then_it_is_within_the_limit():
    # rooms (1 ± 0.45) × 20, 0.45 is the limit
    schools = (junior(name, 333, multimedia_classroom_count=n) for name, n in ((ONE, 11), (TWO, 29)))

    assert stage_of(nation(county(*schools)), "junior")[f"ok_{ROOMS}"] == 1


def test_nation_when_two_counties_have_close_calls_then_each_is_taken_from_its_own_rows():
    schools = [primary(ONE, multimedia_classroom_count=50), primary(TWO, multimedia_classroom_count=150)]
    others = [
        primary("9900000011", multimedia_classroom_count=50),
        primary("9900000012", multimedia_classroom_count=151),
    ]
    here, there = county(*schools), county(*others)
    frames = []
    for name in ("schools", "stages"):
        second = there.table(name).to_native().with_columns(county_code=pl.lit("990102"))
        frames.append(pl.concat([here.table(name).to_native(), second]))

    rows = judged(frames, rules_of()).stages.rows(named=True)

    assert [(row["county_code"], row[f"ok_{ROOMS}"]) for row in rows] == [("990101", 1), ("990102", 0)]


def test_nation_when_a_school_of_two_stages_reported_none_then_both_stages_are_unknown():
    school, _ = integrated(THREE, "nine_year_school", {})

    result = nation(county(primary(ONE), primary(TWO), junior("9900000004"), junior("9900000005"), (school, [])))

    for stage in ("primary", "junior"):
        row = stage_of(result, stage)
        assert (row["school_count"], row["unknown"], row[f"cv_{ROOMS}"], row["resources"]) == (3, 1, None, None)


def test_nation_when_the_standard_asks_for_county_means_then_met_is_never_claimed():
    assert stage_of(nation(county(primary(ONE), primary(TWO)), HUNAN))["resources"] is None
    failing = county(primary(ONE, multimedia_classroom_count=1), primary(TWO))
    assert stage_of(nation(failing, HUNAN))["resources"] == 0


def test_nation_when_the_standard_judges_a_composite_then_coefficients_are_given_and_not_judged():
    row = stage_of(nation(county(primary(ONE), primary(TWO)), BASIC))

    assert (row["cv_books_per_student"], row["resources"], row["unknown"]) == (0.0, None, 2)
    assert "ok_books_per_student" not in row


def test_nation_when_amounts_are_tiny_then_coefficients_without_limits_are_settled_too():
    row = stage_of(
        nation(county(primary(ONE, 20_000, equipment_value=1), primary(TWO, 20_000, equipment_value=3)), BASIC)
    )

    assert row["cv_equipment_value_per_student"] == 0.5


def classes_of(*sizes):
    rows = {"county_code": "990101", "year": 2025, "school_id": ONE, "stage": "primary"}
    return nw.from_native(pl.DataFrame([{**rows, "student_count": size} for size in sizes], strict=False).lazy())


def test_nation_when_classes_are_given_then_those_over_the_limit_and_the_unknown_are_counted():
    result = nation(county(primary(ONE), primary(TWO)), classes=classes_of(45, 46, 60, None))

    # primary classes have at most 45
    assert (stage_of(result)["oversize_classes"], stage_of(result)["unsized_classes"]) == (2, 1)


def test_nation_when_a_class_is_of_a_special_school_then_it_is_not_counted():
    special = primary(TWO, school_type="special_school")
    elsewhere = classes_of(60, None).with_columns(school_id=nw.lit(TWO))

    row = stage_of(nation(county(primary(ONE), special), classes=nw.concat([classes_of(46, 45), elsewhere])))

    assert (row["oversize_classes"], row["unsized_classes"]) == (1, 0)


def test_nation_when_the_standard_says_nothing_about_classes_then_none_are_counted():
    assert "oversize_classes" not in stage_of(nation(county(primary(ONE)), BASIC, classes=classes_of(60)))


def test_nation_when_no_dispersion_rule_is_there_then_nothing_is_judged_by_it():
    standard = replace(load_standard(QUALITY), dispersion=None)

    row = stage_of(nation(county(primary(ONE), primary(TWO)), standard))

    assert (row[f"cv_{ROOMS}"], row["resources"]) == (0.0, None)


def test_nation_when_a_county_has_thousands_of_schools_then_all_of_them_are_judged():
    facts = county(primary(ONE))
    many = [facts.table(name).to_native() for name in ("schools", "stages")]
    many = [pl.concat([frame] * 9000).with_columns(school_id=pl.int_range(9000).cast(pl.String)) for frame in many]

    row = judged(many, rules_of()).stages.rows(named=True)[0]

    assert (row["school_count"], row["met"], row[f"cv_{ROOMS}"], row[f"ok_{ROOMS}"]) == (9000, 9000, 0.0, 1)


def test_nation_when_schools_end_in_every_way_then_each_is_counted_as_it_ended():
    poor, gap = primary(TWO, multimedia_classroom_count=0), primary(THREE, multimedia_classroom_count=None)
    more = [primary("9900000004"), primary("9900000005", multimedia_classroom_count=0), primary("9900000006")]

    row = stage_of(nation(county(primary(ONE), poor, gap, *more)))

    assert (row["school_count"], row["met"], row["not_met"], row["unknown"]) == (6, 3, 2, 1)


def test_nation_when_sums_are_too_great_to_be_exact_then_the_rows_decide():
    facts = county(primary(ONE, equipment_value=2**36), primary(TWO, equipment_value=3 * 2**36))

    row = stage_of(nation(facts))

    # (1 ± 0.5) × the mean, the limit itself; x²/p·2^-10 is far above 2^53
    assert (row[f"cv_{EQUIPMENT}"], row[f"ok_{EQUIPMENT}"]) == (0.5, 1)


# ---- schools that are known by a number


def numbered(frame, name="school_id"):
    return frame.with_columns(pl.col(name).cast(pl.Int64), pl.col("year").cast(pl.Int16))


def frames_of(*schools):
    facts = county(*schools)
    return [facts.table(name).to_native() for name in ("schools", "stages")]


@pytest.mark.parametrize("is_lazy", [True, False])
@pytest.mark.parametrize("which", [(True, True), (True, False), (False, True)])
def test_nation_when_ids_are_numbers_then_all_is_as_with_texts(is_lazy, which):
    frames = frames_of(
        primary(ONE, 700), integrated(TWO, "nine_year_school", {"primary": 300, "junior": 200}), junior(THREE, None)
    )
    is_number = [numbered(frame) if wanted else frame for frame, wanted in zip(frames, which, strict=True)]

    if which == (True, True):
        expected, found = (judged(each, rules_of(QUALITY), is_lazy=is_lazy).stages for each in (frames, is_number))
        assert found.with_columns(nw.col("year").cast(nw.Int64)).rows() == expected.rows()
    else:
        with pytest.raises(Exception, match="school_id"):  # the engine names the column that differs
            judged(is_number, rules_of(QUALITY), is_lazy=is_lazy)


def test_nation_when_a_stage_has_a_number_that_would_wrap_to_a_school_then_it_is_not_taken_for_its_stage():
    schools, stages = map(numbered, frames_of(primary(ONE), primary(TWO)))
    far = pl.col("school_id") + 2**48  # times 2^16 this is 2^64, and nothing is left of it in 64 bits
    stages = stages.with_columns(
        school_id=pl.when(pl.col("school_id") == int(ONE)).then(far).otherwise(pl.col("school_id"))
    )

    row = stage_of(judged((schools, stages), rules_of(QUALITY)))

    assert (row["school_count"], row["met"], row["unknown"]) == (2, 1, 1)


@pytest.mark.parametrize("number", [-1, 2**47])
def test_nation_when_a_number_of_a_school_does_not_fit_then_engine_error(number):
    schools, stages = map(numbered, frames_of(primary(ONE), primary(TWO)))
    schools = schools.with_columns(school_id=pl.lit(number))

    with pytest.raises(EngineError, match=f"学校标识码{number}不在0与{2**47}之间"):
        judged((schools, stages), rules_of(QUALITY))


def test_nation_when_a_year_is_negative_then_engine_error():
    schools, stages = (frame.with_columns(year=pl.lit(-2025)) for frame in map(numbered, frames_of(primary(ONE))))

    with pytest.raises(EngineError, match="年度-2025不在0与65536之间"):
        judged((schools, stages), rules_of(QUALITY))
