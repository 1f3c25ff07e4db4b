"""The synthetic nation on disk, and how the benchmarks look at it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from bench.nation import LAST_YEAR, write_nation
from junheng.core.nation import NationResult, judge_nation
from junheng.core.stages import Rules, needed_fields
from junheng.readers.standards import load_standard

Scan = Callable[[Path], Any]
TABLES = ("schools", "stages", "classes")
_SCHOOL_COLUMNS = [
    "county_code",
    "year",
    "school_id",
    "school_type",
    "organiser_type",
    "ownership",
    "senior_student_count",
]
_STAGE_COLUMNS = ["year", "school_id", "stage"]
_CLASS_COLUMNS = ["county_code", "year", "school_id", "stage", "student_count"]


def nation_folder(folder: Path, *, counties: int, years: int, seed: int) -> Path:
    """The folder of a nation of that size, written once and kept."""
    target = folder / f"nation-{counties}-{years}-{seed}"
    if not (target / "done").exists():
        write_nation(target, counties=counties, years=years, seed=seed)
        (target / "done").touch()
    return target


def national_rules() -> Rules:
    """The national standard on the last day of the last year."""
    return Rules.resolve(load_standard("cn-2017-quality-balance"), date(LAST_YEAR, 12, 31))


def needed_columns(rules: Rules) -> dict[str, list[str]]:
    """Per table the columns that judging rests on."""
    columns = {"schools": list(_SCHOOL_COLUMNS), "stages": list(_STAGE_COLUMNS), "classes": list(_CLASS_COLUMNS)}
    for name in needed_fields(rules.standard):
        table, field = name.split(".")
        if field not in columns[table]:
            columns[table].append(field)
    return columns


def read_columns(folder: Path, columns: dict[str, list[str]]) -> None:
    """Reads the columns into memory, nothing else."""
    for name, wanted in columns.items():
        pl.scan_parquet(folder / f"{name}.parquet").select(wanted).collect(engine="streaming")


def judge_folder(folder: Path, rules: Rules, scan: Scan = pl.scan_parquet, *, since: int = 0) -> NationResult:
    """Junheng's judging of a nation on disk, on the engine whose lazy frames `scan` gives, from the year `since` on."""
    frames = (nw.from_native(scan(folder / f"{name}.parquet")) for name in TABLES)
    if since:
        frames = (frame.filter(nw.col("year") >= since) for frame in frames)
    schools, stages, classes = frames
    return judge_nation(schools, stages, rules, classes)
