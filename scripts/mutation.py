"""Changes `core` in thousands of small ways and counts how many of the changes some test notices.

`python -m scripts.mutation [PATTERN…]` runs mutmut (configured in pyproject.toml), prints the survivors and fails when
fewer than nine of ten mutants are caught. Patterns such as `junheng.core.dispersion*` narrow the run.
"""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED_PERCENT = 90
CAUGHT = {"killed", "timeout"}
MISSED = {"survived", "no tests", "suspicious"}


def parse_results(text: str) -> dict[str, str]:
    """What became of each mutant, from the lines `name: status` that `mutmut results --all true` prints."""
    pairs = (line.strip().rpartition(": ") for line in text.splitlines())
    return {name: status for name, _, status in pairs if name and status in CAUGHT | MISSED}


def is_enough(results: dict[str, str]) -> bool:
    """True when enough mutants are caught; a run without mutants is never enough."""
    caught = sum(status in CAUGHT for status in results.values())
    return bool(results) and 100 * caught >= NEEDED_PERCENT * len(results)


def report(results: dict[str, str]) -> list[str]:
    """The survivors and the score, as lines."""
    counts = Counter(results.values())
    caught = sum(counts[status] for status in CAUGHT)
    lines = [f"{status}: {name}" for name, status in sorted(results.items()) if status in MISSED]
    score = 100 * caught / len(results) if results else 0.0
    return [*lines, f"变异得分 / mutation score: {caught}/{len(results)} = {score:.1f} % (≥ {NEEDED_PERCENT} %)"]


def main(patterns: list[str]) -> int:
    """Run the mutations from a clean state and judge the score."""
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    mutmut = [sys.executable, "-m", "mutmut"]
    subprocess.run([*mutmut, "run", *patterns], cwd=ROOT, check=False)
    listing = subprocess.run(
        [*mutmut, "results", "--all", "true"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    results = parse_results(listing.stdout)
    print("\n".join(report(results)))
    return 0 if is_enough(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
