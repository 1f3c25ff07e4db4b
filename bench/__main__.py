"""Runs the benchmarks and prints their results. `python -m bench [NAME …] [--small] [--json]`."""

import argparse
import json
import sys
from pathlib import Path
from unicodedata import east_asian_width

from bench import (
    county_judge,
    forecast,
    nation_engines,
    nation_judge,
    nation_linear,
    planner,
    planner_solvers,
    platform,
)
from bench.registry import Benchmark, Measure, Run

REGISTRY: dict[str, Benchmark] = {
    spec.name: spec
    for spec in (
        *(
            module.BENCHMARK
            for module in (nation_judge, nation_engines, nation_linear, county_judge, forecast, platform)
        ),
        planner.BENCHMARK,
        planner.LARGE,
        planner.HUGE,
        planner.OFFICE,
        planner_solvers.BENCHMARK,
    )
}
HEADER = ("measure", "median", "min–max", "unit", "target", "", "note")


def main(arguments: list[str] | None = None) -> int:
    """Runs what was asked for, prints a table or JSON; exit code 1 when a target is missed at full size."""
    options = _options(arguments)
    run = Run(is_small=options.small, folder=options.data)
    results: dict[str, list[Measure]] = {}
    if options.small and not options.json:
        print("Small sizes: fixed costs weigh more here, and targets are not meant for them.")
    for name in options.names or REGISTRY:
        spec = REGISTRY[name]
        if not options.json:
            print(f"\n{name}: {spec.compares} (seed {spec.seed})", flush=True)
        results[name] = list(spec.measure(spec, run))
        if not options.json:
            print(table([_cells(entry) for entry in results[name]]), flush=True)
    if options.json:
        json.dump(
            {name: [_plain(entry) for entry in entries] for name, entries in results.items()}, sys.stdout, indent=1
        )
    missed = [entry for entries in results.values() for entry in entries if entry.verdict == "over"]
    return 1 if missed and not options.small else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *REGISTRY], help="default: all")
    parser.add_argument("--small", action="store_true", help="small sizes, to see that everything runs")
    parser.add_argument("--json", action="store_true", help="results as JSON")
    parser.add_argument("--data", type=Path, default=Path("build/bench"), help="where synthetic data is kept")
    return parser.parse_args(arguments)


def _cells(entry: Measure) -> tuple[str, ...]:
    value = entry.value
    target = "" if entry.target is None else f"≤ {entry.target:g}"
    spread = f"{value.low:.3g}–{value.high:.3g}"
    return (entry.what, f"{value.median:.3g}", spread, entry.unit, target, entry.verdict, entry.note)


def table(rows: list[tuple[str, ...]]) -> str:
    """Aligned columns under a header."""
    lines = [HEADER, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _plain(entry: Measure) -> dict[str, object]:
    value = entry.value
    return {
        "measure": entry.what.strip(),
        "median": value.median,
        "min": value.low,
        "max": value.high,
        "unit": entry.unit,
        "target": entry.target,
        "verdict": entry.verdict,
        "note": entry.note,
    }


if __name__ == "__main__":
    sys.exit(main())
