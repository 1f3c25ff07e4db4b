"""A pytest plugin for mutation runs: the tests that are likely to notice a mutant first, and no more of them than a time allows.

mutmut runs every test that reaches the mutated function, in any order. A rule that every verdict uses is reached by most tests;
a mutant that survives would cost minutes. So the tests named after the mutated module come first, then the quick ones, and
after `BUDGET` seconds' worth of tests the mutant counts as survived: the score can only be told too low, never too high.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

BUDGET = 20.0  # seconds
STATISTICS = Path("mutmut-stats.json")  # beside the tests that mutmut runs


def mutated_module(mutant: str) -> str:
    """`funding` of `junheng.core.item_formulas.funding.x_total__mutmut_3`; empty when no mutant is under test."""
    parts = mutant.split(".")
    return parts[-2] if len(parts) > 1 else ""


def ranked(names: list[str], durations: Mapping[str, float], module: str, budget: float = BUDGET) -> list[str]:
    """The tests to run, in order: those of the module's own test files, then the others, each group the quickest first.

    Ends before the test that would pass the budget, but holds one test at least. A test without a known duration counts 0.
    """
    order = sorted(names, key=lambda name: (module not in name.partition("::")[0], durations.get(name, 0.0), name))
    chosen: list[str] = []
    spent = 0.0
    for name in order:
        spent += durations.get(name, 0.0)
        if chosen and spent > budget:
            break
        chosen.append(name)
    return chosen


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order and cut the tests when a mutant is under test; every other run stays as it is."""
    module = mutated_module(os.environ.get("MUTANT_UNDER_TEST", ""))
    if not module or not STATISTICS.is_file():
        return
    durations = json.loads(STATISTICS.read_text(encoding="utf-8"))["duration_by_test"]
    by_name = {item.nodeid: item for item in items}
    chosen = ranked(list(by_name), durations, module)
    config.hook.pytest_deselected(items=[item for name, item in by_name.items() if name not in set(chosen)])
    items[:] = [by_name[name] for name in chosen]
