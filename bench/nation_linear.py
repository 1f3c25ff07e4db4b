"""nation-linear: how the time grows from one county to a nation."""

from collections.abc import Iterator
from itertools import pairwise
from math import log
from statistics import median

from bench.data import judge_folder, nation_folder, national_rules
from bench.nation import NATION
from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread, take_turns

_COUNTIES = ("first", "second", "third", "fourth", "fifth")


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """Seconds per size, the fixed cost, and the exponent of the growth between the two largest sizes (1 = linear)."""
    rules = national_rules()
    years = spec.size("years", run)
    sizes = [spec.size(name, run) for name in _COUNTIES]
    folders = {
        count: nation_folder(run.folder, counties=count, years=years, seed=spec.seed) for count in sorted(set(sizes))
    }
    candidates = {str(count): lambda path=path: judge_folder(path, rules) for count, path in folders.items()}
    seconds = take_turns(candidates, spec.size("turns", run))
    for count in folders:
        yield Measure(f"{count} counties", Spread.of(seconds[str(count)]), "s")
    slopes = [
        Spread.of(
            [log(b / a) / log(large / small) for a, b in zip(seconds[str(small)], seconds[str(large)], strict=True)]
        )
        for small, large in pairwise(folders)
    ]
    smallest = min(folders)
    yield Measure("fixed cost", Spread.of(seconds[str(smallest)]), "s", note=f"time of {smallest} county")
    large = max(folders)
    per_county = median(seconds[str(large)]) / large
    yield Measure("each further county", Spread.of([per_county * 1000]), "ms", note=f"from {large} counties")
    yield Measure("exponent of the growth", slopes[-1], "", 1.1, "between the two largest sizes; 1 is linear")


BENCHMARK = Benchmark(
    name="nation-linear",
    compares="the judging of 1 county with that of 10, 100, 1 000 and 2 900",
    seed=NATION["seed"],
    sizes={
        "first": 1,
        "second": 10,
        "third": 100,
        "fourth": 1_000,
        "fifth": NATION["counties"],
        "years": 10,
        "turns": 3,
    },
    small_sizes={"first": 1, "second": 5, "third": 10, "fourth": 30, "fifth": 60, "years": 3, "turns": 1},
    measure=measure,
)
