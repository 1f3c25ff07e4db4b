"""The order of tests in a mutation run: the likely ones first, then the quick ones, and no more than the time allows."""

import json
import os
import re
import subprocess
import sys

import pytest

from scripts import mutation, mutation_order

DURATIONS = {
    "tests/core/test_item_funding.py::test_slow": 3.0,
    "tests/core/test_item_funding.py::test_quick": 1.0,
    "tests/core/test_judge.py::test_funding": 2.0,
    "tests/core/test_judge.py::test_b": 0.5,
    "tests/core/test_judge.py::test_a": 0.5,
}
LIKELY = ["tests/core/test_item_funding.py::test_quick", "tests/core/test_item_funding.py::test_slow"]
OTHERS = [f"tests/core/test_judge.py::test_{name}" for name in ("a", "b", "funding")]


@pytest.mark.parametrize(
    ("mutant", "module"),
    [
        ("junheng.core.item_formulas.funding.x_total__mutmut_3", "funding"),
        ("junheng.core.facts.xǁFactsǁlocate__mutmut_1", "facts"),
        ("stats", ""),
        ("fail", ""),
        ("", ""),
    ],
)
def test_module_when_a_mutant_is_under_test_then_it_is_the_file_and_else_empty(mutant, module):
    assert mutation_order.mutated_module(mutant) == module


def test_tests_when_ranked_then_the_files_of_the_module_come_first_and_each_group_the_quickest_first():
    assert mutation_order.ranked(list(DURATIONS), DURATIONS, "funding") == [*LIKELY, *OTHERS]


def test_tests_when_they_would_pass_the_budget_then_the_rest_is_left_out_but_one_is_always_run():
    # 1 + 3 + 0.5 = 4.5, the next would be 5.0
    assert mutation_order.ranked(list(DURATIONS), DURATIONS, "funding", 4.5) == [*LIKELY, OTHERS[0]]
    assert mutation_order.ranked(list(DURATIONS), DURATIONS, "funding", 0.1) == LIKELY[:1]
    assert mutation_order.ranked([], DURATIONS, "funding") == []


def test_tests_when_a_duration_is_unknown_then_the_test_is_run_early():
    assert mutation_order.ranked([*DURATIONS, "tests/core/test_new.py::test_x"], DURATIONS, "judge")[3].endswith("_x")


CHECKED = """
import pytest

@pytest.mark.parametrize("name", ["slow", "quick"])
def test_it(name):
    assert name
"""


@pytest.mark.parametrize(("mutant", "order"), [("a.b.x_f__mutmut_1", ["quick", "slow"]), ("stats", ["slow", "quick"])])
def test_plugin_when_a_mutant_is_under_test_then_pytest_runs_the_tests_in_that_order(tmp_path, mutant, order):
    (tmp_path / "test_checked.py").write_text(CHECKED, encoding="utf-8")
    names = {f"test_checked.py::test_it[{name}]": seconds for name, seconds in (("slow", 2.0), ("quick", 1.0))}
    (tmp_path / "mutmut-stats.json").write_text(json.dumps({"duration_by_test": names}), encoding="utf-8")
    known = {"MUTANT_UNDER_TEST": mutant, "PYTHONPATH": str(mutation.ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "scripts.mutation_order", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=os.environ | known,
        capture_output=True,
        text=True,
        check=True,
    )

    assert re.findall(r"test_it\[(\w+)\] PASSED", run.stdout) == order
