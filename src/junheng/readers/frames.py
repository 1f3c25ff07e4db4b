"""Native frames of any engine in, the same kind out.

Lazy engines (Polars LazyFrame, DuckDB, Spark) run the rules themselves. Eager pandas and Arrow tables are judged by Polars:
pandas keeps whole numbers with gaps as floats, which would not be exact.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import narwhals as nw

from junheng.core.errors import InputError

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


@dataclass(frozen=True)
class Kind:
    """What a native frame was, so that results can be given back as the same: a name, and the Spark session if any."""

    name: str
    session: Any = None


def wrap(native: Any, engine: str | None = None) -> tuple[Any, Kind]:
    """A Narwhals frame over `native` on the engine that judges it, and what kind the caller's frame was.

    `engine` moves the frame first: `polars`, `duckdb` or `spark`. InputError for an unknown engine, for something that is not
    a frame, and for number columns with fractions.
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
        frame = _whole_numbers(nw.from_native(_to_polars(frame)))
    return _moved(frame, engine, kind), kind


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
    table = pl.from_pandas(native) if frame.implementation.is_pandas() else pl.from_arrow(native)
    return table.fill_nan(None) if isinstance(table, pl.DataFrame) else table


def _whole_numbers(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    floats = [name for name, dtype in frame.schema.items() if dtype.is_float()]
    for name in floats:
        values = frame[name].drop_nulls()
        if len(values) and not bool((values == values.round(0)).all()):
            raise InputError(f"列 {name} 有小数:请按字段字典的规范单位给整数（面积 0.01㎡,金额 分）。")
    return frame.with_columns(*[nw.col(name).cast(nw.Int64) for name in floats])


def _moved(frame: Any, engine: str | None, kind: Kind) -> Any:
    if engine is None or kind.name.removesuffix("-lazy") == engine:
        return frame
    if engine == "polars":
        return _eager(frame)
    return _eager(frame).lazy(_LAZY_BACKENDS[engine], session=_spark_session() if engine == "spark" else None)


def _spark_session() -> Any:
    try:
        return import_module("pyspark.sql").SparkSession.builder.getOrCreate()
    except ImportError as error:
        raise InputError(
            "没有安装 Spark 引擎(pyspark),不能换到“spark”上计算。请安装后再试,或改用 polars、duckdb。"
        ) from error


def _eager(frame: Any) -> Any:
    return frame.collect("polars") if isinstance(frame, nw.LazyFrame) else frame
