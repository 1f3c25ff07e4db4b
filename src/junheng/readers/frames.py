"""Native frames of any engine in, the same kind out.

Lazy engines (Polars LazyFrame, DuckDB, Spark) run the rules themselves. Eager pandas and Arrow tables are judged by Polars:
pandas keeps whole numbers with gaps as floats, which would not be exact.

Engines differ in what they do with narrow integers (wrap, null or stop) and with fractions (cut off or round), so every column
that the rules compute with gets one type on the way in. What has it already, as in canonical files, is left alone and costs
nothing; keys of text and narrow integers stay as well, and so do columns that no rule knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import narwhals as nw

from junheng.core.errors import InputError
from junheng.core.indicators import FORMULAS, VISITING
from junheng.core.standard import Stage

ENGINES = ("polars", "duckdb", "spark")

_KINDS = {
    nw.Implementation.POLARS: "polars",
    nw.Implementation.PANDAS: "pandas",
    nw.Implementation.PYARROW: "pyarrow",
    nw.Implementation.DUCKDB: "duckdb",
    nw.Implementation.PYSPARK: "spark",
    nw.Implementation.PYSPARK_CONNECT: "spark",
    nw.Implementation.SQLFRAME: "spark",
}
_LAZY_BACKENDS: dict[str, Any] = {"polars-lazy": "polars", "duckdb": "duckdb", "spark": "pyspark"}

_KEYS = ("county_code", "year", "school_id")
_CHOICES = ("school_type", "organiser_type", "ownership", "area_type", "stage")
_FLAGS = ("is_art_count_total", "is_dense_inner_city")
_AMOUNTS = {
    "student_count",
    "senior_student_count",
    "converted_sports_area",
    "leased_sports_area",
    *VISITING,
    *(name for formula in FORMULAS.values() for name in formula.stage_fields + formula.school_fields),
}.difference(_FLAGS)
_WIDE = (nw.UInt64, nw.Int128, nw.UInt128)
_TEXTS = (nw.String, nw.Categorical, nw.Enum)
# beyond what any school has; floats hold all whole numbers up to here, and hundreds of them still add up in 64 bits
_GREATEST = 2**53

_FRACTIONS = "有小数或过大的数:请按字段字典的规范单位给整数（面积 0.01㎡,金额 分）。"
_WRONG_KEYS = "有小数或过大的数:请检查是否填错了列。"
_NOT_NUMBERS = "不是数:请按字段字典的规范单位给整数,没有的留空。"
_NOT_FLAGS = "不是真假值:请用布尔值（或 1、0）,没有的留空。"
_NOT_TEXT = "不是文字:请用字段字典里的选项代码。"
_NOT_STAGES = f"有不认识的学段:只能是 {'、'.join(Stage)}（小学、初中）,其他学段的行请先去掉。"


@dataclass(frozen=True)
class Kind:
    """What a native frame was, so that results can be given back as the same: a name, and the Spark session if any."""

    name: str
    session: Any = None


@dataclass(frozen=True)
class _Change:
    """What a column needs before the rules: `column` replaces it, and rows where `wrong` is true are refused as `problem`."""

    name: str
    column: Any = None
    wrong: Any = None
    problem: str = ""


def wrap(native: Any, engine: str | None = None) -> tuple[Any, Kind]:
    """A Narwhals frame over `native` on the engine that judges it, and what kind the caller's frame was.

    `engine` moves the frame first: `polars`, `duckdb` or `spark`. Columns that the rules compute with become Int64, Boolean or
    String: whole numbers kept as floats or decimals (NaN is missing), narrow and unsigned integers, marks kept as 1 and 0,
    organiser types kept as numbers, and columns of any type without a value. Amounts in UInt64 or 128 bits beyond ±2^53 become
    missing, "cannot tell". A lazy frame is asked for one row, only where it has a float, a decimal, another type or a `stage`.

    InputError for an unknown engine, for something that is not a frame, and, naming the columns: for fractions, infinity and
    floats beyond ±2^53, for values of another kind (text where numbers are needed), and for stages other than `Stage`.
    """
    if engine is not None and engine not in ENGINES:
        raise InputError(f"没有计算引擎“{engine}”。可选:{'、'.join(ENGINES)}。")
    try:
        frame = nw.from_native(native)
    except TypeError as error:
        raise InputError(
            f"不认识的数据表类型 {type(native).__name__};请用 Polars、pandas、Arrow、DuckDB 或 Spark 的表。"
        ) from error
    kind = _kind(frame)
    if kind.name in ("pandas", "pyarrow"):
        frame = _to_polars(frame)
    if engine is None or kind.name.removesuffix("-lazy") == engine:
        return _canonical(frame), kind
    return _moved(_canonical(_eager(frame)), engine), kind


def unwrap(frame: Any, kind: Kind) -> Any:
    """A result frame as the kind the caller gave; an eager frame for eager kinds, a lazy one for lazy kinds."""
    if isinstance(frame, nw.LazyFrame):
        return frame.to_native() if kind.name in _LAZY_BACKENDS else unwrap(frame.collect("polars"), kind)
    if kind.name in _LAZY_BACKENDS:
        return frame.lazy(_LAZY_BACKENDS[kind.name], session=kind.session).to_native()
    if kind.name == "pandas":
        return frame.to_pandas()
    if kind.name == "pyarrow":
        return frame.to_arrow()
    return frame.to_native()


def _kind(frame: Any) -> Kind:
    name = _KINDS.get(frame.implementation)
    if name is None:
        raise InputError(f"还不支持 {frame.implementation} 的表;请用 Polars、pandas、Arrow、DuckDB 或 Spark。")
    if name == "polars":
        return Kind("polars-lazy" if isinstance(frame, nw.LazyFrame) else "polars")
    return Kind(name, getattr(frame.to_native(), "sparkSession", None) if name == "spark" else None)


def _to_polars(frame: Any) -> Any:
    import polars as pl

    native = frame.to_native()
    return nw.from_native(pl.from_pandas(native) if frame.implementation.is_pandas() else pl.from_arrow(native))


def _canonical(frame: Any) -> Any:
    """The frame with the types of the rules. InputError, see `wrap`."""
    changes = [change for name, dtype in frame.collect_schema().items() if (change := _change(name, dtype))]
    _refuse_wrong(frame, [change for change in changes if change.wrong is not None])
    columns = [change.column.alias(change.name) for change in changes if change.column is not None]
    return frame.with_columns(*columns) if columns else frame


def _refuse_wrong(frame: Any, changes: Sequence[_Change]) -> None:
    """InputError that names all columns with a wrong row; one look at all of them, as a stream where the engine has one."""
    if not changes:
        return
    looks = frame.select(*[change.wrong.any().alias(change.name) for change in changes])
    found = _eager(looks, **({"engine": "streaming"} if looks.implementation.is_polars() else {})).row(0)
    problems: dict[str, list[str]] = {}
    for change, is_wrong in zip(changes, found, strict=True):
        if is_wrong:
            problems.setdefault(change.problem, []).append(change.name)
    if problems:
        raise InputError("".join(f"列 {'、'.join(names)} {problem}" for problem, names in problems.items()))


def _change(name: str, dtype: Any) -> _Change | None:
    """What a column of that type needs, None when nothing."""
    if name in _KEYS:
        return _key(name, dtype)
    if name in _AMOUNTS:
        return _amount(name, dtype)
    if name in _FLAGS:
        return _flag(name, dtype)
    return _choice(name, dtype) if name in _CHOICES else None


def _key(name: str, dtype: Any) -> _Change | None:
    """Text stays, and so do integers that fit: narrow ones are only compared, or widened by the rules."""
    if not dtype.is_numeric() or (dtype.is_integer() and dtype not in _WIDE):
        return None
    number = _number(name, dtype)
    return _Change(name, number.cast(nw.Int64), _is_unfit(number), _WRONG_KEYS)


def _amount(name: str, dtype: Any) -> _Change | None:
    if dtype == nw.Int64:
        return None
    return _whole(name, dtype) if dtype.is_numeric() else _empty(name, nw.Int64, _NOT_NUMBERS)


def _whole(name: str, dtype: Any) -> _Change:
    """A column of numbers as Int64."""
    number = _number(name, dtype)
    if not dtype.is_integer():
        return _Change(name, number.cast(nw.Int64), _is_unfit(number), _FRACTIONS)
    if dtype in _WIDE:  # not looked at: what does not fit is missing, as all that is beyond the bounds of the rules
        number = nw.when(number.is_between(-_GREATEST, _GREATEST)).then(number)
    return _Change(name, number.cast(nw.Int64))


def _is_unfit(number: Any) -> Any:
    return ~number.is_between(-_GREATEST, _GREATEST) | (number != number.round(0))


def _flag(name: str, dtype: Any) -> _Change | None:
    if dtype == nw.Boolean:
        return None
    if not dtype.is_numeric():
        return _empty(name, nw.Boolean, _NOT_FLAGS)
    number = _number(name, dtype)
    return _Change(name, number == 1, (number != 0) & (number != 1), _NOT_FLAGS)


def _choice(name: str, dtype: Any) -> _Change | None:
    if name == "stage":
        if dtype in _TEXTS:
            return _Change(name, wrong=~nw.col(name).cast(nw.String).is_in(list(Stage)), problem=_NOT_STAGES)
        return _empty(name, nw.String, _NOT_STAGES)
    if dtype in _TEXTS:
        return None
    if not dtype.is_numeric():
        return _empty(name, nw.String, _NOT_TEXT)
    whole = _whole(name, dtype)
    return replace(whole, column=whole.column.cast(nw.String))


def _number(name: str, dtype: Any) -> Any:
    return nw.col(name).fill_nan(None) if dtype.is_float() else nw.col(name)


def _empty(name: str, dtype: Any, problem: str) -> _Change:
    """A column without a value, whatever its type is (pandas and Arrow do not know it then); a value is refused."""
    return _Change(name, nw.lit(None, dtype=dtype), ~nw.col(name).is_null(), problem)


def _moved(frame: nw.DataFrame[Any], engine: str) -> Any:
    if engine == "polars":
        return frame
    return frame.lazy(_LAZY_BACKENDS[engine], session=_spark_session() if engine == "spark" else None)


def _spark_session() -> Any:
    try:
        return import_module("pyspark.sql").SparkSession.builder.getOrCreate()
    except ImportError as error:
        raise InputError(
            "没有安装 Spark 引擎(pyspark),不能换到“spark”上计算。请安装后再试,或改用 polars、duckdb。"
        ) from error


def _eager(frame: Any, **how: Any) -> Any:
    return frame.collect("polars", **how) if isinstance(frame, nw.LazyFrame) else frame
