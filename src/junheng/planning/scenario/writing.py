"""A scenario as plain data in human units, nested by the parts of the paths; and a blank one to fill in."""

from collections.abc import Mapping
from typing import Any

from junheng.planning.scenario.entries import written
from junheng.planning.scenario.field import Kind
from junheng.planning.scenario.fields import scenario_fields
from junheng.planning.scenario.scenario import Scenario
from junheng.planning.scenario.values import values_of


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario in human units (元, 万元, %), JSON-able; `reading.scenario_of` gives the same scenario back.

    Entries that the scenario leaves open are left out.
    """
    values = values_of(scenario)
    data: dict[str, Any] = {}
    for entry in scenario_fields():
        value = values.get(entry.path)
        if value is None:
            continue
        if entry.kind is Kind.TABLE:
            shown: Any = [
                {
                    column.name: written(column, row[column.name])
                    for column in entry.columns
                    if row.get(column.name) is not None
                }
                for row in value
            ]
        else:
            shown = written(entry, value)
        put(data, entry.path, shown)
    return data


def blank_data(given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A scenario to fill in: usual values where there are any, null for everything else, prices and budgets among it.

    `given` sets entries by path.
    """
    data: dict[str, Any] = {}
    for entry in scenario_fields():
        put(data, entry.path, list(entry.default) if entry.default == () else entry.default)
    return with_entries(data, given or {})


def with_entries(data: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Nested data with the entries at some paths replaced; the data themselves stay as they are."""
    made = {key: dict(value) if isinstance(value, Mapping) else value for key, value in data.items()}
    for path, value in given.items():
        put(made, path, value)
    return made


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Sets what stands at a path of nested data."""
    *parts, name = path.split(".")
    for part in parts:
        if not isinstance(data.get(part), dict):
            data[part] = {}
        data = data[part]
    data[name] = value
