"""The synthetic nation is consistent, reproducible and has the columns that judging needs."""

import polars as pl
import pytest

from bench.nation import write_nation
from junheng.core.stages import needed_fields
from junheng.readers.standards import load_standard

SCHOOL_KEYS = ["county_code", "year", "school_id"]


@pytest.fixture(scope="module")
def nation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nation")
    write_nation(folder, counties=20, years=3, seed=5)
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("schools", "stages", "classes")}


def test_nation_when_written_then_every_county_is_there_in_every_year(nation):
    schools = nation["schools"]

    # 20 counties × 210 000 / 2 900 schools = 1 448 schools a year
    assert schools["year"].unique().sort().to_list() == [2023, 2024, 2025]
    assert schools["county_code"].n_unique() == 20
    assert abs(schools.height / 3 - 1_448) <= 20


def test_nation_when_written_then_classes_are_those_of_the_last_year_at_twenty_a_school(nation):
    classes = nation["classes"]

    assert classes["year"].unique().to_list() == [2025]
    assert 17 <= classes.height / (nation["schools"].height / 3) <= 23


def test_nation_when_judged_by_the_resource_rules_then_all_columns_are_there(nation):
    missing = [
        field
        for field in needed_fields(load_standard("cn-2017-quality-balance"))
        if field.split(".")[1] not in nation[field.split(".")[0]].columns
    ]

    assert missing == []
    assert nation["schools"]["school_type"].null_count() == 0


def test_nation_when_keys_are_counted_then_they_are_unique_and_hold_no_text(nation):
    keys = {
        "schools": SCHOOL_KEYS,
        "stages": [*SCHOOL_KEYS, "stage"],
        "classes": [*SCHOOL_KEYS, "stage", "grade", "class_name"],
    }

    for name, columns in keys.items():
        assert not nation[name].select(pl.struct(columns).is_duplicated().any()).item()
        assert [nation[name].schema[key] for key in SCHOOL_KEYS] == [pl.Int32, pl.Int16, pl.Int64]


def test_nation_when_degrees_are_known_then_they_sum_to_the_teachers(nation):
    degrees = [f"{name}_teacher_count" for name in ("doctor", "master", "bachelor", "associate", "below_associate")]
    known = nation["stages"].drop_nulls([*degrees, "full_time_teacher_count"])

    assert known.filter(pl.sum_horizontal(degrees) != pl.col("full_time_teacher_count")).height == 0


def test_nation_when_class_sizes_are_known_then_they_sum_to_the_pupils(nation):
    sizes = (
        nation["classes"]
        .group_by("school_id", "stage")
        .agg(pl.col("student_count").sum().alias("sum"), pl.col("student_count").null_count().alias("gaps"))
    )
    joined = nation["stages"].filter(year=2025).join(sizes, on=["school_id", "stage"]).drop_nulls("student_count")

    assert joined.height > 1_000
    assert joined.filter((pl.col("gaps") == 0) & (pl.col("sum") != pl.col("student_count"))).height == 0


def test_nation_when_numbers_are_missing_then_about_one_in_a_thousand_is(nation):
    values = nation["stages"]["full_time_teacher_count"]

    assert 0 < values.null_count() / len(values) < 0.003


def test_nation_when_written_twice_then_the_rows_are_the_same(nation, tmp_path):
    write_nation(tmp_path, counties=20, years=3, seed=5)

    assert all(pl.read_parquet(tmp_path / f"{name}.parquet").equals(frame) for name, frame in nation.items())
