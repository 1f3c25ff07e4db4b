"""Teachers to come as a plan takes them: expected persons of the forecast as whole persons, school stage by school stage."""

from collections.abc import Mapping
from heapq import heapify, heapreplace
from math import floor

from junheng.core.facts import Facts
from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.forecast.teachers import TeacherForecast, TeacherOptions, forecast_teachers
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.turnover import Turnover


def expected_teachers(facts: Facts, assumptions: Assumptions, to_year: int) -> TeacherForecast | None:
    """The forecast of teachers up to a year; None where nothing is assumed of them, so that they only change by the plan."""
    if assumptions.ages is None and assumptions.attrition is None and not assumptions.hiring:
        return None
    options = TeacherOptions(to_year, assumptions.retirement_age, assumptions.attrition, assumptions.hiring)
    return forecast_teachers(facts, assumptions.ages, options)


def turnover_of(found: TeacherForecast) -> dict[int, dict[RowKey, Turnover]]:
    """Who is gone and who was hired by every year, in whole persons.

    In every year the county loses what is expected of all its school stages together, rounded; one person after the other is
    taken from where most are still to go. Nobody comes back from one year to the next.
    """
    rows = {(school, stage.value): years for (school, stage), years in sorted(found.rows.items())}
    years = [entry.year for entry in next(iter(rows.values()), ())]
    expected, gone, hired = dict.fromkeys(rows, 0.0), dict.fromkeys(rows, 0), dict.fromkeys(rows, 0)
    turnover: dict[int, dict[RowKey, Turnover]] = {}
    for place, year in enumerate(years):
        for key, entries in rows.items():
            expected[key] += entries[place].retired + entries[place].left
            hired[key] += entries[place].hired
        _lose(gone, expected)
        turnover[year] = {key: Turnover(gone[key], hired[key]) for key in rows if gone[key] or hired[key]}
    return turnover


def _lose(gone: dict[RowKey, int], expected: Mapping[RowKey, float]) -> None:
    """Adds whole persons until all together are what is expected of all."""
    heap = [(gone[key] - share, key) for key, share in expected.items()]
    heapify(heap)
    for _ in range(floor(sum(expected.values()) + 0.5) - sum(gone.values())):
        over, key = heap[0]
        gone[key] += 1
        heapreplace(heap, (over + 1, key))
