"""A scenario from a file, in YAML, JSON or a workbook: every finding says in which line or cell."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from junheng.core.errors import InputError
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level, Location
from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.scenario.reading import assumptions_in, scenario_of
from junheng.planning.scenario.scenario import Scenario
from junheng.planning.scenario.writing import with_entries
from junheng.readers.grids import WORKBOOK_SUFFIXES
from junheng.readers.scenario_sheets import read_scenario_sheets
from junheng.readers.scenario_yaml import read_scenario_yaml

__all__ = ["read_scenario", "read_scenario_assumptions", "read_scenario_data"]

Places = Mapping[str, Location]
_MOST_TOLD = 3


def read_scenario_data(path: Path) -> tuple[Any, Places, tuple[Finding, ...]]:
    """What a file states, where each entry stands, and what is wrong with the file itself. InputError when it cannot be read."""
    if path.suffix.lower() in WORKBOOK_SUFFIXES:
        return read_scenario_sheets(path)
    data, places = read_scenario_yaml(path)
    return data, places, ()


def read_scenario(
    path: Path, *, given: Mapping[str, Any] | None = None, facts: Facts | None = None
) -> tuple[Scenario | None, tuple[Finding, ...]]:
    """The scenario of a file, with some entries (`given`, by path) taken from elsewhere, and all findings.

    Findings carry file, sheet and cell or line. InputError when the file cannot be read at all.
    """
    data, places, about_file = read_scenario_data(path)
    if isinstance(data, Mapping) and given:
        data = with_entries(data, given)
    scenario, findings = scenario_of(data, facts=facts)
    located = tuple(_located(finding, places, path.name) for finding in findings)
    is_blocked = any(finding.level is Level.ERROR for finding in about_file)
    return (None if is_blocked else scenario), (*about_file, *located)


def read_scenario_assumptions(path: Path) -> Assumptions:
    """What the file of a scenario assumes of the years ahead; nothing else of it has to be filled in.

    InputError when the file cannot be read, or when what it assumes is wrong; it says where.
    """
    data, places, about_file = read_scenario_data(path)
    assumptions, findings = assumptions_in(data)
    wrong = [*about_file, *(_located(finding, places, path.name) for finding in findings)]
    wrong = [finding for finding in wrong if finding.level is Level.ERROR]
    if assumptions is None or wrong:
        listed = "".join(f"{_place(finding)}{finding.message}" for finding in wrong[:_MOST_TOLD])
        raise InputError(f"预测条件文件“{path}”有 {len(wrong)} 处不能用:{listed}")
    return assumptions


def _place(finding: Finding) -> str:
    where = finding.location
    cell = f"{where.sheet}!{where.cell}" if where.sheet else f"第 {where.row} 行" if where.row else ""
    return f"（{cell}）" if cell else ""


def _located(finding: Finding, places: Places, file: str) -> Finding:
    """The finding with the place of its entry, or of the nearest part that stands in the file."""
    path = finding.location.field
    nearest = path
    while nearest and nearest not in places:
        nearest = re.sub(r"(\.[^.\[\]]*|\[\d+\]|^[^.\[\]]*)$", "", nearest)
    place = places.get(nearest, Location(file=file)) if nearest else Location(file=file)
    return replace(finding, location=replace(place, field=path))
