"""Schools and their stages: merged where rows stand in order, hashed where they do not, and the same rows either way."""

from typing import Any

import narwhals as nw
import polars as pl
import pytest

from junheng.core.nation import judge_nation
from junheng.core.school_join import MAX_SCHOOL_ID, join_stages, stand_in_order
from tests.core.resource_counties import QUALITY, county, integrated, junior, primary, rules_of

YEARS = [2024, 2024, 2025, 2025]
IDS = [2, 3, 1, 3]


def frame(years=YEARS, ids=IDS, **more):
    return nw.from_native(pl.LazyFrame({"year": years, "school_id": ids, **more}))


def joined(schools, stages, **options):
    found = join_stages(schools, stages, **options).collect().to_native()
    return found.select("year", "school_id", "area", "stage").sort("year", "school_id", "stage", nulls_last=True).rows()


def test_order_when_rows_stand_by_year_and_then_by_school_then_so():
    assert stand_in_order(frame(), frame([2024, 2024, 2025], [2, 2, 1]))


@pytest.mark.parametrize(
    ("years", "ids"),
    [
        (YEARS, [3, 2, 1, 3]),
        ([2025, 2025, 2024, 2024], IDS),
        (YEARS, [2, 3, 1, MAX_SCHOOL_ID]),
        (YEARS, [-1, 3, 1, 3]),
        (YEARS, [None, 3, 1, 3]),
        (YEARS, ["2", "3", "1", "3"]),
    ],
    ids=["schools", "years", "too-great", "negative", "missing", "text"],
)
def test_order_when_one_frame_is_not_in_order_or_has_a_key_that_cannot_be_merged_then_not(years, ids):
    assert not stand_in_order(frame(), frame(years, ids))
    assert not stand_in_order(frame(years, ids), frame())


def test_order_when_frames_are_in_memory_or_of_another_engine_then_not():
    import duckdb

    eager = frame().collect()
    assert not stand_in_order(eager, eager)
    relation = duckdb.from_arrow(eager.to_arrow())
    assert not stand_in_order(*[nw.from_native(relation)] * 2)


def test_join_when_merged_then_the_rows_that_hashing_gives_and_the_plan_has_no_hash():
    schools = frame(area=["a", "b", "c", "d"])
    stages = frame([2024, 2025, 2025, 2025], [2, 1, 1, 9], stage=["p", "p", "q", "p"])

    merged, hashed = (joined(schools, stages, is_ordered=is_ordered) for is_ordered in (True, False))

    assert merged == hashed
    assert merged == [
        (2024, 2, "a", "p"), (2024, 3, "b", None), (2025, 1, "c", "p"), (2025, 1, "c", "q"), (2025, 3, "d", None),
    ]  # fmt: skip
    plans = [join_stages(schools, stages, is_ordered=is_ordered).to_native().explain() for is_ordered in (True, False)]
    assert ["hint.sorted" in plan for plan in plans] == [True, False]


@pytest.mark.parametrize("enabled", [(), ("visiting_teachers_in_small_rural_schools",)], ids=["plain", "visitors"])
def test_nation_when_rows_are_shuffled_then_judged_as_in_order(enabled):
    facts = county(
        primary("9900000001", 700), primary("9900000002", 60),
        integrated("9900000003", "nine_year_school", {"primary": 300, "junior": 200}), junior("9900000004", 400),
        integrated("9900000005", "twelve_year_school", {"primary": 310, "junior": 205}), junior("9900000006", None),
    )  # fmt: skip
    rules = rules_of(QUALITY, *enabled)
    tables = [
        facts.table(name).to_native().with_columns(pl.col("school_id").cast(pl.Int64)).sort("year", "school_id")
        for name in ("schools", "stages")
    ]

    def judged(schools: pl.DataFrame, stages: pl.DataFrame) -> list[tuple[Any, ...]]:
        return judge_nation(nw.from_native(schools.lazy()), nw.from_native(stages.lazy()), rules).stages.rows()

    in_order, shuffled = judged(*tables), judged(*(table.sort("school_id", descending=True) for table in tables))

    assert in_order == shuffled
    assert stand_in_order(*(nw.from_native(table.lazy()) for table in tables))
