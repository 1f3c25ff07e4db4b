"""Holds every package to its branch coverage. `python -m scripts.coverage_gate coverage.json`.

100 % for the rules, the readers, the planner and all that writes on the platform, 95 % for everything else. A package that holds
no statement is not judged.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FULL = ("core", "planning", "surveys", "readers", "web actions")
FULL_PERCENT = 100.0
OTHER_PERCENT = 95.0


@dataclass(frozen=True)
class PackageCoverage:
    """What one package reached: statements and branches together, in percent."""

    package: str
    covered: int
    total: int

    @property
    def percent(self) -> float:
        """Covered statements and branches per hundred."""
        return 100.0 * self.covered / self.total

    @property
    def needed(self) -> float:
        """The least percentage for this package."""
        return FULL_PERCENT if self.package in FULL else OTHER_PERCENT

    @property
    def is_enough(self) -> bool:
        """True when the package reaches what it needs; compared in whole numbers, so 99.99 % is not 100 %."""
        return 100 * self.covered >= self.needed * self.total


def package_of(path: str) -> str:
    """The room that a source path belongs to: a package or module of junheng, `.` for junheng itself, an app of the platform
    (`web/returns`), or all that writes there (`web actions`)."""
    parts = Path(path).parts
    inner = [part.removesuffix(".py") for part in parts[parts.index("junheng") + 1 :]]
    if inner[0] == "web":
        return "web actions" if "actions" in inner else "/".join(inner[:2]).removesuffix("/__init__")
    return inner[0].replace("__init__", ".")


def by_package(report: dict[str, Any]) -> list[PackageCoverage]:
    """Sum coverage.py's JSON report by package, sorted by name."""
    covered: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for path, entry in report["files"].items():
        summary = entry["summary"]
        package = package_of(path)
        covered[package] += summary["covered_lines"] + summary["covered_branches"]
        total[package] += summary["num_statements"] + summary["num_branches"]
    return [PackageCoverage(name, covered[name], total[name]) for name in sorted(total) if total[name]]


def main(arguments: list[str]) -> int:
    """Print one line per package and fail when one is under its gate, or when nothing was measured."""
    packages = by_package(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    if not packages:
        print("覆盖率门槛:没有任何测量结果。/ coverage gate: nothing was measured.")
        return 1
    print("覆盖率门槛 / coverage gates (statements and branches)")
    for package in packages:
        mark = "通过 ok  " if package.is_enough else "未过 FAIL"
        print(f"  {mark} {package.package:<10} {package.percent:6.2f} %  (≥ {package.needed:.0f} %)")
    return 0 if all(package.is_enough for package in packages) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
