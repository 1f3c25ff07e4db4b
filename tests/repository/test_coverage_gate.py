"""The coverage gate: 100 % for the rules and readers, 95 % elsewhere, and never satisfied by nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import coverage_gate


def entry(covered: int, total: int, covered_branches: int = 0, branches: int = 0) -> dict[str, Any]:
    counts = {"covered_lines": covered, "num_statements": total}
    return {"summary": {**counts, "covered_branches": covered_branches, "num_branches": branches}}


def run(folder: Path, files: dict[str, Any]) -> int:
    report = folder / "coverage.json"
    report.write_text(json.dumps({"files": files}), encoding="utf-8")
    return coverage_gate.main([str(report)])


@pytest.mark.parametrize(
    ("path", "covered", "total", "status"),
    [
        ("src/junheng/core/judge.py", 9999, 10000, 1),  # 99.99 % is not 100 %
        ("src/junheng/core/judge.py", 10000, 10000, 0),
        ("src/junheng/planning/a.py", 99, 100, 1),
        ("src/junheng/surveys/a.py", 99, 100, 1),
        ("src/junheng/readers/a.py", 99, 100, 1),
        ("src/junheng/reports/a.py", 95, 100, 0),
        ("src/junheng/reports/a.py", 94, 100, 1),
        ("src/junheng/cli.py", 94, 100, 1),
        ("src/junheng/__init__.py", 0, 1, 1),
        ("src/junheng/web/returns/actions.py", 99, 100, 1),  # all that writes counts with the rules
        ("src/junheng/web/returns/actions/rounds.py", 99, 100, 1),
        ("src/junheng/web/returns/views.py", 95, 100, 0),
    ],
)
def test_gate_when_a_package_is_at_or_under_its_limit_then_it_passes_or_fails(
    tmp_path: Path, path: str, covered: int, total: int, status: int
) -> None:
    assert run(tmp_path, {path: entry(covered, total)}) == status


def test_gate_when_only_a_branch_is_missed_then_it_fails(tmp_path: Path) -> None:
    assert run(tmp_path, {"src/junheng/core/a.py": entry(10, 10, covered_branches=3, branches=4)}) == 1


def test_gate_when_one_package_of_two_is_under_then_it_fails_and_shows_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "src/junheng/core/a.py": entry(1, 1),
        "src/junheng/core/b.py": entry(1, 1),
        "src/junheng/api.py": entry(1, 2),
    }

    assert run(tmp_path, files) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  未过 FAIL api         50.00 %  (≥ 95 %)",
        "  通过 ok   core       100.00 %  (≥ 100 %)",
    ]


def test_gate_when_nothing_was_measured_then_it_fails(tmp_path: Path) -> None:
    assert run(tmp_path, {}) == 1
    assert run(tmp_path, {"src/junheng/core/__init__.py": entry(0, 0)}) == 1
