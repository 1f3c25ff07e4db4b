"""The benchmarks run, compare what they say they compare, and report in the form they promise."""

import json
from pathlib import Path

import polars as pl
import pytest

from bench import float_polars, pandas_judge
from bench.__main__ import REGISTRY, main, table
from bench.data import judge_folder, nation_folder, national_rules, needed_columns
from bench.registry import Measure
from bench.timing import Spread, ratio, take_turns


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return nation_folder(tmp_path_factory.mktemp("bench"), counties=12, years=2, seed=7)


def test_ratio_when_both_slow_down_together_then_the_noise_cancels():
    # 2 ÷ 1, 6 ÷ 3, 5 ÷ 2 = 2, 2, 2.5
    assert ratio([2.0, 6.0, 5.0], [1.0, 3.0, 2.0]) == Spread(2.0, 2.0, 2.5)


def test_turns_when_taken_then_candidates_alternate_and_the_first_turn_is_thrown_away():
    calls = []

    seconds = take_turns({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)

    assert calls == ["a", "b", "a", "b", "a", "b"]
    assert {name: len(values) for name, values in seconds.items()} == {"a": 2, "b": 2}


def test_measure_when_above_its_target_then_over_and_without_target_nothing():
    assert Measure("x", Spread(1.5, 1.0, 2.0), "×", 1.5).verdict == "ok"
    assert Measure("x", Spread(1.6, 1.0, 2.0), "×", 1.5).verdict == "over"
    assert Measure("x", Spread(1.6, 1.0, 2.0), "×").verdict == ""


def test_table_when_cells_are_chinese_then_columns_stay_aligned():
    lines = table([("均衡", "1", "", "", "", "", "end"), ("abcd", "1", "", "", "", "", "end")]).splitlines()

    assert len(lines[1]) + 2 == len(lines[2])  # two characters that are two columns wide


def test_yardsticks_when_they_judge_then_they_do_the_same_work_as_junheng(folder):
    rules = national_rules()
    ours = judge_folder(folder, rules).stages.to_native()
    floats = float_polars.judge(folder)
    pandas = pl.from_pandas(pandas_judge.judge(folder, needed_columns(rules))).sort("county_code", "year", "stage")

    assert ours.height == floats.height == pandas.height > 40  # 12 counties × 2 years × 2 stages, nearly all there
    for theirs in (floats, pandas):
        for column in ("met", "not_met", "unknown", "resources"):
            assert theirs[column].cast(pl.Float64).fill_nan(None).to_list() == ours[column].cast(pl.Float64).to_list()
        assert theirs["oversize"].to_list() == ours["oversize_classes"].to_list()
        for entry, name in zip(rules.standard.indicators, float_polars.THRESHOLDS, strict=True):
            difference = (theirs[f"cv_{name}"].fill_nan(None) - ours[f"cv_{entry.id}"]).abs().max()
            assert difference < 1e-6


SECONDS = {"nation-engines": 40, "platform": 20}
"""Those that start an engine or an installation; the others take a few."""
PROMISES = {
    "nation-judge": {
        "junheng ÷ float Polars",
        "junheng ÷ reading the columns",
        "junheng ÷ pandas",
        "peak memory of a fresh process",
    },
    "county-judge": {
        "judge, warm",
        "reading the workbook ÷ calamine's raw read",
        "junheng --help, cold",
        "junheng evaluate --no-documents, cold",
    },
    "planner": {"optimality gap, worst", "plan, scheduled and judged", "cost ÷ the office's plan by hand"},
}
"""What has a target, among others: without it nobody would see that it is missed."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow(seconds=SECONDS.get(name, 5))) for name in REGISTRY]
)
def test_benchmark_when_small_then_runs_and_reports(name, tmp_path, capsys):
    assert main([name, "--small", "--json", "--data", str(tmp_path)]) == 0

    results = json.loads(capsys.readouterr().out)

    assert list(results) == [name]
    assert results[name]
    assert {entry["measure"] for entry in results[name] if entry["target"]} >= PROMISES.get(name, set())
