"""nation-judge: the whole nation against the same work by hand in floats, in pandas, and against reading alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import float_polars, pandas_judge
from bench.data import judge_folder, nation_folder, national_rules, needed_columns, read_columns
from bench.nation import LAST_YEAR, NATION
from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread, ratio, take_turns

GIB = 2**30


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """Ratios of time, and the peak memory of a fresh process."""
    counties, years = spec.size("counties", run), spec.size("years", run)
    folder = nation_folder(run.folder, counties=counties, years=years, seed=spec.seed)
    rules = national_rules()
    columns = needed_columns(rules)
    seconds = take_turns(
        {
            "junheng": lambda: judge_folder(folder, rules),
            "float": lambda: float_polars.judge(folder),
            "read": lambda: read_columns(folder, columns),
        },
        spec.size("turns", run),
    )
    yield Measure("junheng ÷ float Polars", ratio(seconds["junheng"], seconds["float"]), "×", 1.5)
    yield Measure("junheng ÷ reading the columns", ratio(seconds["junheng"], seconds["read"]), "×", 5.0)
    yield Measure("float Polars ÷ reading the columns", ratio(seconds["float"], seconds["read"]), "×")
    yield Measure("junheng", Spread.of(seconds["junheng"]), "s")
    yield from _against_pandas(spec, run, folder)
    yield Measure("peak memory of a fresh process", Spread.of([_peak_memory(folder) / GIB]), "GiB", 1.0)


def _against_pandas(spec: Benchmark, run: Run, folder: Path) -> Iterator[Measure]:
    years = spec.size("pandas_years", run)
    since = LAST_YEAR - years + 1
    rules = national_rules()
    columns = needed_columns(rules)
    seconds = take_turns(
        {
            "junheng": lambda: judge_folder(folder, rules, since=since),
            "pandas": lambda: pandas_judge.judge(folder, columns, since=since),
        },
        spec.size("pandas_turns", run),
    )
    note = f"both on the last {years} years"
    yield Measure("junheng ÷ pandas", ratio(seconds["junheng"], seconds["pandas"]), "×", 0.4, note)


def _peak_memory(folder: Path) -> int:
    command = [sys.executable, "-m", "bench.child", str(folder)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


BENCHMARK = Benchmark(
    name="nation-judge",
    compares="the full judging of a nation with the same work in floats, in pandas, and with reading alone",
    seed=NATION["seed"],
    sizes={"counties": NATION["counties"], "years": NATION["years"], "turns": 5, "pandas_years": 10, "pandas_turns": 2},
    small_sizes={"counties": 60, "years": 3, "turns": 2, "pandas_years": 2, "pandas_turns": 1},
    measure=measure,
)
