"""Scenarios on small invented counties, for the tests of scenarios, documents and commands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from junheng.core.facts import Facts
from junheng.core.standard import Standard
from junheng.planning.plan.solver import Effort
from junheng.planning.scenario.asking import County, PlanAnswer, ask
from junheng.planning.scenario.reading import scenario_of
from junheng.planning.scenario.scenario import Scenario
from junheng.planning.scenario.writing import blank_data
from junheng.readers.dictionary import load_dictionary
from tests.planning.plan.counties import PRICES, Sample, bare_standard, county_of

SETTLED = {
    "target_year": 2026,
    "money": "unlimited",
    "discount_rate": 0,
    "disruption": 0,
    "pupils.source": "same",
    "with_rotation": False,
    "effort.optimality_gap": 0,
    **{f"prices.{measure.value}": price // 100 for measure, price in PRICES.items()},
    "lead_years.build_floor_area": 0,
    "lead_years.build_sports_area": 0,
}
SHORT = (Sample("1", has={"arts": 0.7, "rooms": 0.5}), Sample("2", has={"arts": 1.5}), Sample("3", stage="junior"))

NEW_SCHOOL: dict[str, Any] = {
    "school_id": "9",
    "name": "新区小学",
    "school_type": "primary_school",
    "area_type": "urban",
    "township": "新区街道",
    "year": 2027,
    "decision": "decided",
    "amount": 30,
    "floor_area": 3000,
    "sports_area": 3200,
    "equipment": 800_000,
    "multimedia_rooms": 10,
    "music_rooms": 1,
    "fine_art_rooms": 1,
}
# 400 pupils need 17 teachers with a degree, 4 backbone teachers, 4 for PE and art
NEW_STAGE: dict[str, Any] = {
    "school_id": "9",
    "stage": "primary",
    "capacity": 500,
    "classes": 12,
    "teachers": 20,
    "above_standard": 17,
    "backbone": 4,
    "pe_teachers": 2,
    "music_teachers": 1,
    "fine_art_teachers": 1,
}
SOURCES = [
    {"school_id": "9", "giver_id": "1", "stage": "primary", "pupils": 300},
    {"school_id": "9", "giver_id": "2", "stage": "primary", "pupils": 100},
]
BUDGETS = [{"year": year, "amount": 40} for year in (2026, 2027, 2028)]
THREE_YEARS: dict[str, Any] = {"target_year": 2028, "money": "limited", "budgets": BUDGETS}


def filled(**given: Any) -> dict[str, Any]:
    """The data of a scenario that is complete; keywords replace entries (`__` stands for the dot of a path)."""
    return blank_data({**SETTLED, **{path.replace("__", "."): value for path, value in given.items()}})


def scenario(**given: Any) -> Scenario:
    """The scenario of `filled`."""
    found, findings = scenario_of(filled(**given))
    assert found is not None, findings
    return found


def county(
    source: Facts | Sequence[Sample] = SHORT, history: Sequence[Facts] = (), standard: Standard | None = None
) -> County:
    """A county of samples, judged by its resources only."""
    facts = source if isinstance(source, Facts) else county_of(source)
    return County(facts, tuple(history), standard or bare_standard(), load_dictionary())


def answer(place: County | None = None, previous: Mapping[str, Any] | None = None, **given: Any) -> PlanAnswer:
    """The answer to a scenario."""
    return ask(scenario(**given), place or county(), Effort(), previous=previous)


@cache
def usual_answer() -> PlanAnswer:
    """The answer for the county whose school 1 is short of PE and art teachers and of rooms, over two years."""
    return answer(target_year=2027, lead_years__build_floor_area=1)


def with_year(facts: Facts, year: int) -> Facts:
    """The same facts, told of another year."""
    return replace(facts, year=year)


def opening(stage: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The entries of a new school that opens in 2027 with all that its 400 pupils need; changes are those of the school."""
    return {
        "openings": [{**NEW_SCHOOL, **changes}],
        "opening_stages": [{**NEW_STAGE, **(stage or {})}],
        "opening_sources": SOURCES,
    }
