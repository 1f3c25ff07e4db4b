"""Changes `core` in thousands of small ways and counts how many of the changes some test notices.

`python -m scripts.mutation [PATTERN…]` runs mutmut (configured in pyproject.toml), prints the survivors and fails when
fewer than nine of ten mutants are caught. Patterns such as `junheng.core.dispersion*` narrow the run. All of core has more
than ten thousand mutants and takes many hours: `--sample N [--seed S]` draws N of them at random and tells how far the score
of all may be from the score of these. `--keep` goes on with the mutants and the test times of the run before (the sources
must be the same), `--workers N` says how many mutants are tested at once. `scripts/mutation_order.py` orders the tests.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from math import sqrt
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED_PERCENT = 90
MOST_TIMEOUTS_PERCENT = 5
CAUGHT = {"killed", "timeout"}
MISSED = {"survived", "no tests", "suspicious"}
FIRST = "junheng.core.rounding.x_rounded__mutmut_1"


def parse_results(text: str) -> dict[str, str]:
    """What became of each mutant, from the lines `name: status` that `mutmut results --all true` prints."""
    pairs = (line.strip().rpartition(": ") for line in text.splitlines())
    return {name: status for name, _, status in pairs if name and status in CAUGHT | MISSED}


def is_enough(results: dict[str, str]) -> bool:
    """True when enough mutants are caught; never without mutants, nor when so many time out that the run itself must hang."""
    caught = sum(status in CAUGHT for status in results.values())
    timeouts = sum(status == "timeout" for status in results.values())
    is_sound = bool(results) and 100 * timeouts <= MOST_TIMEOUTS_PERCENT * len(results)
    return is_sound and 100 * caught >= NEEDED_PERCENT * len(results)


def report(results: dict[str, str], population: int = 0) -> list[str]:
    """The survivors, what timed out, and the score as lines; for a sample of `population` mutants also its 95 % margin."""
    counts = Counter(results.values())
    caught = sum(counts[status] for status in CAUGHT)
    told = sorted((status, name) for name, status in results.items() if status != "killed")
    lines = [f"{status}: {name}" for status, name in told]
    share = caught / len(results) if results else 0.0
    line = f"变异得分 / mutation score: {caught}/{len(results)} = {100 * share:.1f} % (≥ {NEEDED_PERCENT} %)"
    line += f",其中超时 / of these timed out: {counts['timeout']} (≤ {MOST_TIMEOUTS_PERCENT} %)"
    if population > len(results) > 0:
        margin = 1.96 * sqrt(share * (1 - share) / len(results))
        line += f",抽自 {population} 个 / sampled from {population}: ± {100 * margin:.1f} % (95 %)"
    return [*lines, line]


def all_mutants(folder: Path) -> list[str]:
    """The names of all mutants that mutmut has made, sorted."""
    names: list[str] = []
    for file in folder.rglob("*.meta"):
        names += json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return sorted(names)


def draw(names: list[str], patterns: list[str], count: int, seed: int) -> list[str]:
    """A sample of the mutants that match a pattern (all of them when none is given); the same seed draws the same."""
    wanted = [name for name in names if not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)]
    return sorted(random.Random(seed).sample(wanted, min(count, len(wanted))))  # noqa: S311 - a sample, not a secret


def main(arguments: list[str]) -> int:
    """Run the mutations from a clean state and judge the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    if not options.keep:
        shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    mutmut = [sys.executable, "-m", "mutmut"]
    run = [*mutmut, "run", "--max-children", str(options.workers)]
    chosen, population = options.patterns, 0
    if options.sample:
        if not options.keep:  # makes the mutants and learns which test runs what
            subprocess.run([*run, FIRST], cwd=ROOT, check=False)
        names = all_mutants(ROOT / "mutants")
        population = len(draw(names, options.patterns, len(names), options.seed))
        chosen = draw(names, options.patterns, options.sample, options.seed)
    subprocess.run([*run, *chosen], cwd=ROOT, check=False)
    listing = subprocess.run(
        [*mutmut, "results", "--all", "true"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    results = parse_results(listing.stdout)
    if options.sample:
        results = {name: status for name, status in results.items() if name in set(chosen)}
    print("\n".join(report(results, population)))
    return 0 if is_enough(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
