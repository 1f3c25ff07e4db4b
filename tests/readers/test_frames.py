"""Native frames of every engine in, the same kind out, judged the same."""

import sys
from types import SimpleNamespace
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from junheng import api
from junheng.core.errors import InputError
from junheng.readers.frames import Kind, unwrap, wrap
from junheng.readers.frames import _kind as kind_of
from tests.core.resource_counties import DAY, QUALITY, county, junior, primary

COLUMNS = {"school_id": ["1", "2"], "student_count": [45, None]}


@pytest.fixture(scope="module")
def facts():
    return county(
        primary("9900000001", multimedia_classroom_count=50),
        primary("9900000002", multimedia_classroom_count=150),
        primary("9900000003", None),
        junior("9900000004", 700),
        junior("9900000005", 900),
    )


def natives(facts, kind):
    frames = [facts.table(name).to_native() for name in ("schools", "stages")]
    return [native(frame, kind) for frame in frames]


def native(frame, kind):
    makers = {
        "polars": lambda: frame,
        "polars-lazy": frame.lazy,
        "pandas": frame.to_pandas,
        "pyarrow": frame.to_arrow,
        "duckdb": lambda: duckdb.from_arrow(frame.to_arrow()),
    }
    return makers[kind]()


TYPES = {
    "polars": pl.DataFrame,
    "polars-lazy": pl.LazyFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.Table,
    "duckdb": duckdb.DuckDBPyRelation,
}


def plain_rows(frame):
    """Rows of any native frame as dictionaries, whole numbers as int, in a fixed order."""
    table: Any
    if isinstance(frame, pd.DataFrame):
        table = pl.from_pandas(frame)
    elif isinstance(frame, duckdb.DuckDBPyRelation):
        table = pl.from_arrow(frame.to_arrow_table())
    elif isinstance(frame, pa.Table):
        table = pl.from_arrow(frame)
    else:
        table = frame.lazy().collect()
    names = sorted(name for name in table.columns if name in _KEYS or name.startswith(("cv_", "ok_", "m_", "f_")))
    rows = table.select(names).fill_nan(None).rows(named=True)
    return sorted(([(name, None if value is None else value) for name, value in row.items()] for row in rows), key=str)


_KEYS = (
    "county_code",
    "year",
    "stage",
    "school_id",
    "school",
    "met",
    "not_met",
    "unknown",
    "resources",
    "school_count",
)


def judged(facts, kind, engine=None):
    schools, stages = natives(facts, kind)
    return api.judge_frames(schools, stages, QUALITY, on=DAY, engine=engine)


@pytest.fixture(scope="module")
def expected(facts):
    return [plain_rows(frame) for frame in judged(facts, "polars")]


@pytest.mark.parametrize("kind", list(TYPES))
def test_frames_when_judged_then_the_same_kind_comes_back_with_the_same_bits(facts, expected, kind):
    results = judged(facts, kind)

    assert all(isinstance(frame, TYPES[kind]) for frame in results)
    assert [plain_rows(frame) for frame in results] == expected


@pytest.mark.parametrize(("kind", "engine"), [("polars", "duckdb"), ("duckdb", "polars"), ("pandas", "duckdb")])
def test_frames_when_an_engine_is_chosen_then_the_same_kind_comes_back_with_the_same_bits(
    facts, expected, kind, engine
):
    results = judged(facts, kind, engine)

    assert all(isinstance(frame, TYPES[kind]) for frame in results)
    assert [plain_rows(frame) for frame in results] == expected


@pytest.mark.spark
@pytest.mark.slow(seconds=50)
def test_frames_when_judged_by_spark_then_rows_are_bit_equal(facts, expected):
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    schools, stages = (session.createDataFrame(frame) for frame in natives(facts, "pyarrow"))

    results = api.judge_frames(schools, stages, QUALITY, on=DAY)
    moved = judged(facts, "polars", "spark")

    tables = [pl.from_arrow(frame.toArrow()) for frame in results]
    assert [plain_rows(frame) for frame in tables] == expected
    assert [plain_rows(frame) for frame in moved] == expected


def test_wrap_when_pandas_keeps_gaps_as_floats_then_whole_numbers_come_back():
    frame, kind = wrap(pd.DataFrame(COLUMNS))

    assert kind == Kind("pandas")
    assert frame.schema["student_count"] == nw.Int64
    assert frame["student_count"].to_list() == [45, None]


def test_wrap_when_an_empty_float_column_is_given_then_it_is_whole_numbers():
    frame, _ = wrap(pd.DataFrame({"student_count": [None, None]}, dtype="float64"))

    assert frame["student_count"].to_list() == [None, None]


def test_wrap_when_numbers_have_fractions_then_input_error_names_the_column():
    with pytest.raises(InputError, match="列 teaching_floor_area 有小数"):
        wrap(pa.table({"teaching_floor_area": [1.5]}))


@pytest.mark.parametrize(
    ("native_frame", "engine", "text"),
    [([1, 2], None, "不认识的数据表类型 list"), (pl.DataFrame(COLUMNS), "excel", "没有计算引擎“excel”")],
)
def test_wrap_when_it_is_no_frame_or_no_engine_then_input_error(native_frame, engine, text):
    with pytest.raises(InputError, match=text):
        wrap(native_frame, engine)


def test_kind_when_the_frame_is_of_another_library_then_input_error_names_those_that_work():
    frame = SimpleNamespace(implementation=nw.Implementation.DASK)  # Dask itself is no dependency

    with pytest.raises(InputError, match="请用 Polars、pandas、Arrow、DuckDB 或 Spark"):
        kind_of(frame)


def test_wrap_when_spark_is_asked_for_but_missing_then_input_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)  # as if it were not installed

    with pytest.raises(InputError, match="没有安装 Spark 引擎"):
        wrap(pl.DataFrame(COLUMNS), "spark")


def test_wrap_when_the_engine_is_the_frames_own_then_nothing_moves():
    lazy, kind = wrap(pl.LazyFrame(COLUMNS), "polars")
    relation, other = wrap(duckdb.from_arrow(pa.table(COLUMNS)), "duckdb")

    assert (lazy.implementation.is_polars(), kind.name) == (True, "polars-lazy")
    assert (relation.implementation.is_duckdb(), other.name) == (True, "duckdb")


def test_wrap_when_a_lazy_frame_moves_then_it_is_collected_first():
    frame, kind = wrap(pl.LazyFrame(COLUMNS), "duckdb")

    assert (frame.implementation.is_duckdb(), kind.name) == (True, "polars-lazy")
    assert isinstance(unwrap(frame, Kind("polars")), pl.DataFrame)


def test_unwrap_when_an_eager_frame_goes_to_a_lazy_kind_then_it_is_lazy():
    frame = nw.from_native(pl.DataFrame(COLUMNS))

    assert isinstance(unwrap(frame, Kind("polars-lazy")), pl.LazyFrame)
    assert isinstance(unwrap(frame, Kind("duckdb")), duckdb.DuckDBPyRelation)
