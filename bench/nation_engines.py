"""nation-engines: other engines give the same bits, and how long they take compared with Polars."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from polars.testing import assert_frame_equal

from bench.data import judge_folder, nation_folder, national_rules
from bench.nation import NATION
from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread, ratio, take_turns
from junheng.core.nation import NationResult
from scripts.java import spark_obstacle


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """AssertionError when an engine's flags or coefficients differ from those of Polars in a single bit."""
    yield from _against_duckdb(spec, run)
    yield from _against_spark(spec, run)


def _against_duckdb(spec: Benchmark, run: Run) -> Iterator[Measure]:
    folder = nation_folder(
        run.folder, counties=spec.size("counties", run), years=spec.size("years", run), seed=spec.seed
    )
    yield from _compare("DuckDB", folder, lambda path: duckdb.read_parquet(str(path)), spec.size("turns", run))


def _against_spark(spec: Benchmark, run: Run) -> Iterator[Measure]:
    obstacle = spark_obstacle()
    if obstacle:
        yield Measure("Spark", Spread(0.0, 0.0, 0.0), "", note=f"not measured: {obstacle}")
        return
    from pyspark.sql import SparkSession

    session: Any = SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    folder = nation_folder(run.folder, counties=spec.size("spark_counties", run), years=1, seed=spec.seed)
    yield from _compare("Spark", folder, lambda path: session.read.parquet(str(path)), 1)
    session.stop()


def _compare(engine: str, folder: Path, scan: Any, turns: int) -> Iterator[Measure]:
    rules = national_rules()
    results: dict[str, NationResult] = {}

    def judge(name: str, how: Any) -> None:
        results[name] = judge_folder(folder, rules, how)

    seconds = take_turns(
        {engine: lambda: judge(engine, scan), "Polars": lambda: judge("Polars", pl.scan_parquet)}, turns
    )
    other, polars = (results[name].stages.to_native() for name in (engine, "Polars"))
    assert_frame_equal(other, polars, check_dtypes=False, check_exact=True)
    note = f"{polars.height} rows of results equal in every bit"
    yield Measure(f"{engine} ÷ Polars", ratio(seconds[engine], seconds["Polars"]), "×", note=note)


BENCHMARK = Benchmark(
    name="nation-engines",
    compares="DuckDB and Spark with Polars: equal in every bit (a difference is an error), and the time",
    seed=NATION["seed"],
    sizes={"counties": NATION["counties"], "years": NATION["years"], "turns": 3, "spark_counties": 290},
    small_sizes={"counties": 60, "years": 3, "turns": 1, "spark_counties": 5},
    measure=measure,
)
