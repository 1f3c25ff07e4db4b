"""county-judge: one county of 120 schools, warm in memory, cold from the command line, and read from its workbook."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import python_calamine

from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread, fixed_loop, fresh_process, fresh_python, ratio, take_turns
from junheng import api
from junheng.core.digest import facts_digest, sha256_of
from junheng.core.facts import in_key_order
from junheng.core.items import judge_items
from junheng.core.judge import judge
from junheng.core.resources import judge_resources, resource_frame
from junheng.core.stages import Rules
from junheng.core.vetoes import judge_vetoes
from junheng.readers.dictionary import load_dictionary
from junheng.readers.facts import read_facts


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """Milliseconds, seconds, and their ratios to fixed yardsticks of the same run."""
    turns = spec.size("turns", run)
    yield from _warm(turns)
    with TemporaryDirectory() as folder:
        workbook = api.write_template(Path(folder) / "demo.xlsx", api.demo_county()[0])
        yield from _reading(workbook, turns)
        yield from _cold(workbook, spec.size("cold_turns", run))


def _warm(turns: int) -> Iterator[Measure]:
    facts, _ = api.demo_county()
    standard, dictionary = api.standard_of(api.DEFAULT_STANDARD), load_dictionary()
    day = date(facts.year, 12, 31)
    rules = Rules.resolve(standard, day)
    ordered = in_key_order(facts, dictionary)
    verdict = judge(facts, standard, dictionary)
    seconds = take_turns(
        {
            "judge": lambda: judge(facts, standard, dictionary),
            "loop": fixed_loop,
            "rows and rule": lambda: resource_frame(facts, rules),
            "resources (with rows and rule)": lambda: judge_resources(facts, rules, dictionary),
            "items": lambda: judge_items(facts, standard, day, frozenset()),
            "vetoes": lambda: judge_vetoes(facts, standard, day, verdict.items),
            "digest of the facts": lambda: facts_digest(ordered),
            "digest of the verdict": lambda: sha256_of(verdict),
        },
        turns,
    )
    yield Measure("judge, warm", _milliseconds(seconds["judge"]), "ms", 60.0)
    yield Measure("judge ÷ fixed loop", ratio(seconds["judge"], seconds["loop"]), "×")
    for name in list(seconds)[2:]:
        yield Measure(f"  {name}", _milliseconds(seconds[name]), "ms")


def _reading(workbook: Path, turns: int) -> Iterator[Measure]:
    dictionary = load_dictionary()
    seconds = take_turns(
        {
            "read": lambda: read_facts([workbook], dictionary),
            "calamine": lambda: _raw_read(workbook),
            "child": lambda: fresh_python("-P", "-c", "import python_calamine"),
        },
        turns,
    )
    yield Measure("reading the workbook ÷ calamine's raw read", ratio(seconds["read"], seconds["calamine"]), "×", 2.0)
    yield Measure("  reading the workbook", _milliseconds(seconds["read"]), "ms")
    yield Measure("  calamine's raw read", _milliseconds(seconds["calamine"]), "ms", note="in this process")
    note = "paid by the first file; the next ones find one ready"
    yield Measure("  start of the child process", _milliseconds(seconds["child"]), "ms", note=note)


def _raw_read(path: Path) -> None:
    workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


def _cold(workbook: Path, turns: int) -> Iterator[Measure]:
    junheng = str(Path(sys.executable).parent / "junheng")
    evaluate = (junheng, "evaluate", str(workbook), "--no-documents", "--trial")
    seconds = take_turns(
        {
            "help": lambda: fresh_process(junheng, "--help"),
            "evaluate": lambda: fresh_process(*evaluate),
            "python": lambda: fresh_python("-c", "pass"),
            "polars": lambda: fresh_python("-c", "import polars"),
        },
        turns,
    )
    yield Measure("junheng --help, cold", Spread.of(seconds["help"]), "s", 0.35)
    yield Measure("junheng evaluate --no-documents, cold", Spread.of(seconds["evaluate"]), "s", 2.5)
    yield Measure("  --help ÷ start of Python", ratio(seconds["help"], seconds["python"]), "×")
    yield Measure("  evaluate ÷ start of Python", ratio(seconds["evaluate"], seconds["python"]), "×")
    yield Measure("  start of Python with Polars", Spread.of(seconds["polars"]), "s")


def _milliseconds(seconds: list[float]) -> Spread:
    return Spread.of([value * 1000 for value in seconds])


BENCHMARK = Benchmark(
    name="county-judge",
    compares="one county of 120 schools with fixed limits, calamine, and the start of Python",
    seed=20260101,
    sizes={"turns": 15, "cold_turns": 7},
    small_sizes={"turns": 2, "cold_turns": 1},
    measure=measure,
)
