"""What columns of native frames may be: every engine takes the same ones, refuses the same ones, and computes the same."""

from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from junheng import api
from junheng.core.errors import InputError
from junheng.readers.frames import wrap
from tests.core.resource_counties import BASIC, DAY, HUNAN, QUALITY, county, integrated, junior, primary

AREA, PUPILS = "teaching_floor_area", "student_count"
TOO_GREAT = 2**53 + 2
EXCEPTIONS = ("visiting_teachers_in_small_rural_schools", "converted_and_leased_sports_area")
MAKERS = {
    "polars": lambda frame: frame,
    "polars-lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}
kinds = pytest.mark.parametrize("kind", list(MAKERS))


def native(frame, kind):
    return MAKERS[kind](frame)


def tables(facts):
    return tuple(facts.table(name).to_native() for name in ("schools", "stages"))


def judged(frames, kind="polars", standard=QUALITY, exceptions=()):
    """The rows of all school stages as dictionaries, in a fixed order."""
    schools, stages = (native(frame, kind) for frame in frames)
    rows = polars(api.judge_frames(schools, stages, standard, on=DAY, exceptions=exceptions)[0])
    names = sorted(name for name in rows.columns if name.startswith(("n_", "m_", "f_")))
    return rows.select("school_id", "stage", *names, "school").sort("school_id", "stage").rows(named=True)


def polars(frame: Any) -> pl.DataFrame:
    """Any native frame in memory, gaps as null."""
    if isinstance(frame, pd.DataFrame):
        return pl.from_pandas(frame)
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return frame.pl()
    return pl.DataFrame(frame) if isinstance(frame, pa.Table) else frame.lazy().collect()


def column(native_frame, name):
    """The type and the values of a column after `wrap`."""
    frame, _ = wrap(native_frame)
    one = frame.select(name)
    one = one.collect("polars") if isinstance(one, nw.LazyFrame) else one
    return one.schema[name], one[name].to_list()


# fractions ----------------------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    "values", [[89_999.6, None], [Decimal("89999.6"), None], [1.0, float("inf")], [float(TOO_GREAT), 1.0]]
)
def test_wrap_when_a_number_is_no_exact_whole_number_then_every_engine_refuses(kind, values):
    with pytest.raises(InputError, match=f"列 {AREA} 有小数或过大的数:请按字段字典的规范单位给整数"):
        wrap(native(pl.DataFrame({AREA: values}), kind))


@kinds
def test_frames_when_an_area_has_a_fraction_then_nothing_is_judged(kind):
    schools, stages = tables(county(primary("9900000001", 200)))

    with pytest.raises(InputError, match=f"列 {AREA} 有小数"):
        judged((schools.with_columns(pl.col(AREA) - 0.4), stages), kind)


def test_wrap_when_several_columns_are_wrong_then_all_are_named_with_what_to_do():
    frame = pl.DataFrame({AREA: [0.5], "indoor_sports_area": [1.5], PUPILS: ["许多"], "book_count": [1.0]})

    with pytest.raises(InputError) as caught:
        wrap(frame.lazy())

    assert str(caught.value) == (
        "列 teaching_floor_area、indoor_sports_area 有小数或过大的数:请按字段字典的规范单位给整数（面积 0.01㎡,金额 分）。"
        "列 student_count 不是数:请按字段字典的规范单位给整数,没有的留空。"
    )


@kinds
@pytest.mark.parametrize(
    "values",
    [
        pl.Series([45.0, None, float("nan"), -3.0]),
        pl.Series([45.0, None, None, -3.0], dtype=pl.Float32),
        pl.Series([Decimal("45.00"), None, None, Decimal("-3.00")]),
    ],
)
def test_wrap_when_floats_and_decimals_are_whole_then_they_are_integers_with_gaps(kind, values):
    frame = native(pl.DataFrame({PUPILS: values}), kind)

    assert column(frame, PUPILS) == (nw.Int64, [45, None, None, -3])


def test_wrap_when_a_column_is_no_fact_of_the_rules_then_it_may_have_fractions():
    assert column(pl.DataFrame({"longitude": [110.5]}), "longitude") == (nw.Float64, [110.5])


# integers of other widths -------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("dtype", [pl.UInt32, pl.UInt16, pl.UInt64, pl.Int32])
def test_frames_when_indoor_areas_exceed_the_floor_then_it_cannot_be_told_whatever_the_integers_are(kind, dtype):
    schools, stages = tables(county(primary("9900000001", teaching_floor_area=100, indoor_sports_area=200)))

    narrow = schools.with_columns(pl.col(AREA, "indoor_sports_area").cast(dtype))
    row = judged((narrow, stages), kind)[0]

    assert (row[f"n_{AREA}_per_student"], row["school"]) == (None, None)


def everything_is(number):
    """A county in which every number of every table is the same, so that sums of two leave 8 bits."""
    own = dict.fromkeys(("converted_sports_area", "leased_sports_area"), number)
    visiting = [f"visiting_{name}_teacher_count" for name in ("pe", "music", "fine_art", "art")]
    schools = (
        primary("9900000001", area_type="rural", is_dense_inner_city=True, **own, **dict.fromkeys(visiting, number)),
        junior("9900000002"),
        integrated("9900000003", "twelve_year_school", {"primary": 1, "junior": 1}, senior_student_count=1),
    )
    frames = tables(county(*schools))
    return [frame.with_columns(pl.lit(number, pl.Int64).alias(name) for name in _numbers(frame)) for frame in frames]


def _numbers(frame):
    return [name for name, dtype in frame.schema.items() if dtype == pl.Int64 and name != "year"]


@pytest.mark.parametrize("kind", ["polars", "duckdb"])
@pytest.mark.parametrize(("standard", "exceptions"), [(QUALITY, EXCEPTIONS), (BASIC, ()), (HUNAN, ())])
def test_frames_when_every_integer_has_8_bits_then_rows_are_those_of_64_bits(kind, standard, exceptions):
    frames = everything_is(100)
    narrow = [frame.with_columns(pl.col(_numbers(frame)).cast(pl.Int8)) for frame in frames]

    rows = judged(narrow, kind, standard, exceptions)

    assert any(value == 200 for row in rows for value in row.values())  # something left 8 bits
    assert rows == judged(frames, "polars", standard, exceptions)


@pytest.mark.parametrize(("standard", "exceptions"), [(QUALITY, EXCEPTIONS), (BASIC, ()), (HUNAN, ())])
def test_wrap_when_the_rules_need_a_number_or_a_mark_then_text_in_its_column_is_refused(standard, exceptions):
    schools, stages = everything_is(1)
    plain = (pl.Int64, pl.Boolean)
    needed = [
        name
        for frame in (schools, stages)
        for name, dtype in frame.schema.items()
        if dtype in plain and name != "year" and _is_needed(name, schools, stages, standard, exceptions)
    ]

    assert PUPILS in needed
    assert [name for name in needed if not _is_refused(name)] == []


def _is_needed(name, schools, stages, standard, exceptions):
    """Whether nothing can be judged by frames that lack a column."""
    try:
        judged([frame.drop(name, strict=False) for frame in (schools, stages)], "polars", standard, exceptions)
    except (nw.exceptions.ColumnNotFoundError, pl.exceptions.ColumnNotFoundError):
        return True
    return False


def _is_refused(name):
    try:
        wrap(pl.DataFrame({name: ["x"]}))
    except InputError:
        return True
    return False


@pytest.mark.parametrize("kind", ["polars", "polars-lazy", "duckdb"])
@pytest.mark.parametrize("dtype", ["UBIGINT", "HUGEINT", "UHUGEINT"])
def test_wrap_when_an_amount_is_wider_than_64_bits_then_what_does_not_fit_is_missing(kind, dtype):
    relation = duckdb.sql(f"SELECT unnest([45, 18446744073709551615, NULL])::{dtype} AS {PUPILS}")
    types = {"UBIGINT": pl.UInt64, "HUGEINT": pl.Int128, "UHUGEINT": pl.UInt128}
    frame = pl.DataFrame({PUPILS: [45, 2**64 - 1, None]}, schema={PUPILS: types[dtype]})

    assert column(relation if kind == "duckdb" else native(frame, kind), PUPILS) == (nw.Int64, [45, None, None])


# what is canonical costs nothing ------------------------------------------------------------------------------------


def never_read(frame):
    def read(_):
        raise AssertionError("the frame was read")

    return frame.lazy().map_batches(read, schema=frame.schema)


def test_wrap_when_all_columns_are_canonical_then_the_frame_is_neither_read_nor_changed():
    schema: dict[str, Any] = {"county_code": pl.Int32, "year": pl.Int16, "school_id": pl.Int64, PUPILS: pl.Int64}
    schema |= {"school_type": pl.String, "is_art_count_total": pl.Boolean, "longitude": pl.Float64}
    lazy = never_read(pl.DataFrame(schema=schema))

    assert wrap(lazy)[0].to_native() is lazy


def test_wrap_when_integers_are_narrow_or_wide_then_the_frame_is_changed_and_not_read():
    narrow = {PUPILS: pl.UInt8, AREA: pl.Int128, "organiser_type": pl.Int8}

    frame, _ = wrap(never_read(pl.DataFrame(schema=narrow)))

    assert dict(frame.collect_schema()) == {PUPILS: nw.Int64, AREA: nw.Int64, "organiser_type": nw.String}


def test_wrap_when_a_lazy_frame_is_looked_at_then_only_what_may_be_wrong_is_read(tmp_path):
    pl.DataFrame({PUPILS: [1], AREA: [2.0], "stage": ["primary"]}).write_parquet(tmp_path / "stages.parquet")
    read = []

    def scanned(with_columns, *_):
        read.append(with_columns)
        yield pl.read_parquet(tmp_path / "stages.parquet", columns=with_columns)

    schema = {PUPILS: pl.Int64, AREA: pl.Float64, "stage": pl.String}
    wrap(pl.io.plugins.register_io_source(scanned, schema=schema))

    assert [sorted(columns) for columns in read] == [["stage", AREA]]


# keys ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [pl.Int16, pl.UInt16, pl.String])
def test_wrap_when_keys_are_narrow_or_text_then_they_stay(dtype):
    frame = pl.DataFrame({"year": [2025], "school_id": [7]}).cast(dtype)

    assert wrap(frame)[0].to_native().schema == {"year": dtype, "school_id": dtype}


@kinds
@pytest.mark.parametrize("dtype", [pl.Float64, pl.Decimal(20, 0), pl.UInt64])
def test_wrap_when_keys_are_whole_numbers_of_another_type_then_they_are_integers(kind, dtype):
    frame = native(pl.DataFrame({"school_id": [9900000001]}).cast(dtype), kind)

    assert column(frame, "school_id") == (nw.Int64, [9900000001])


@kinds
@pytest.mark.parametrize("values", [[2025.5], pl.Series([2**64 - 1], dtype=pl.UInt64), pl.Series([Decimal(TOO_GREAT)])])
def test_wrap_when_a_key_is_no_whole_number_that_fits_then_every_engine_refuses(kind, values):
    with pytest.raises(InputError, match="列 year 有小数或过大的数:请检查是否填错了列"):
        wrap(native(pl.DataFrame({"year": values}), kind))


# columns without a value --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["multimedia_classroom_count", PUPILS])
def test_frames_when_a_pandas_column_is_all_none_then_it_cannot_be_told(name):
    schools, stages = (frame.to_pandas() for frame in tables(county(primary("9900000001"))))
    (schools if name in schools else stages)[name] = None

    rows = polars(api.judge_frames(schools, stages, QUALITY, on=DAY)[0]).fill_nan(None)

    assert rows["m_multimedia_classrooms_per_100_students"].to_list() == rows["school"].to_list() == [None]


@kinds
@pytest.mark.parametrize("dtype", [pl.Null, pl.String, pl.Boolean])
def test_wrap_when_a_column_has_no_value_then_it_has_the_type_of_its_field(kind, dtype):
    names = {PUPILS: nw.Int64, "is_art_count_total": nw.Boolean, "organiser_type": nw.String, "stage": nw.String}
    frame = native(pl.DataFrame({name: [None, None] for name in names}, schema=dict.fromkeys(names, dtype)), kind)

    assert {name: column(frame, name) for name in names} == {name: (kept, [None] * 2) for name, kept in names.items()}


def test_wrap_when_duckdb_knows_no_type_then_it_has_that_of_its_field():
    assert column(duckdb.sql(f"SELECT NULL AS {PUPILS}"), PUPILS) == (nw.Int64, [None])


@kinds
@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (PUPILS, "45", "不是数:请按字段字典的规范单位给整数"),
        (PUPILS, True, "不是数:请按字段字典的规范单位给整数"),
        ("is_art_count_total", "是", "不是真假值:请用布尔值"),
        ("is_art_count_total", 2, "不是真假值:请用布尔值"),
        ("is_dense_inner_city", -0.5, "不是真假值:请用布尔值"),
        ("organiser_type", True, "不是文字:请用字段字典里的选项代码"),
        ("organiser_type", 7.5, "有小数或过大的数"),
        ("stage", 1, "有不认识的学段:只能是 primary、junior"),
    ],
)
def test_wrap_when_a_value_is_of_another_kind_then_every_engine_refuses(kind, name, value, problem):
    with pytest.raises(InputError, match=f"列 {name} {problem}"):
        wrap(native(pl.DataFrame({name: [value, None]}), kind))


# marks and choices --------------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("values", [[1, 0, None], [1.0, 0.0, None], [True, False, None]])
def test_wrap_when_marks_are_numbers_then_they_are_true_and_false(kind, values):
    frame = native(pl.DataFrame({"is_art_count_total": values}), kind)

    assert column(frame, "is_art_count_total") == (nw.Boolean, [True, False, None])


def test_wrap_when_pandas_keeps_marks_as_objects_then_they_are_true_and_false():
    frame = pd.DataFrame({"is_art_count_total": [True, None, float("nan")]}, dtype="object")

    assert column(frame, "is_art_count_total") == (nw.Boolean, [True, None, None])


@kinds
@pytest.mark.parametrize("values", [[7, None], [7.0, None], ["7", None]])
def test_wrap_when_organiser_types_are_numbers_then_they_are_the_codes_of_the_dictionary(kind, values):
    frame = native(pl.DataFrame({"organiser_type": values}), kind)

    assert column(frame, "organiser_type") == (nw.String, ["7", None])


@kinds
@pytest.mark.parametrize("stage", ["senior", "小学", ""])
def test_wrap_when_a_stage_is_unknown_then_every_engine_refuses(kind, stage):
    frame = native(pl.DataFrame({"stage": ["primary", None, stage]}), kind)

    with pytest.raises(
        InputError, match="列 stage 有不认识的学段:只能是 primary、junior（小学、初中）,其他学段的行请先去掉"
    ):
        wrap(frame)


@kinds
@pytest.mark.parametrize("dtype", [pl.String, pl.Categorical, pl.Enum(["primary"])])
def test_wrap_when_stages_are_known_or_missing_then_they_stay(kind, dtype):
    frame = native(pl.DataFrame({"stage": pl.Series(["primary", None], dtype=dtype)}), kind)

    assert column(frame, "stage")[1] == ["primary", None]


def test_wrap_when_arrow_has_no_rows_then_nothing_is_wrong():
    frame = pa.table({"stage": pa.array([], pa.string()), PUPILS: pa.array([], pa.float64())})

    assert column(frame, PUPILS) == (nw.Int64, [])


@pytest.mark.spark
@pytest.mark.slow(seconds=30)
def test_wrap_when_spark_keeps_numbers_in_other_types_then_it_does_as_the_other_engines():
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    whole = (
        "45D AS student_count, 45.0 AS book_count, 45Y AS computer_count, NULL AS art_teacher_count, 'junior' AS stage"
    )

    frame = wrap(session.sql(f"SELECT {whole}"))[0].collect("polars")

    assert frame.rows() == [(45, 45, 45, None, "junior")]
    assert [frame.schema[name] for name in frame.columns] == [nw.Int64] * 4 + [nw.String]
    with pytest.raises(InputError, match=r"列 student_count、book_count 有小数.*列 stage 有不认识的学段"):
        wrap(session.sql("SELECT 0.5D AS student_count, 0.5 AS book_count, 'senior' AS stage"))
