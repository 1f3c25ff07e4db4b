"""The door to planning: scenarios, plans, their data and documents.

    from junheng.api import planning
    scenario, findings = planning.scenario_of(data, facts=facts)
    answer = planning.make_plan(facts, history, scenario)
    planning.plan_data(answer)

Heavy parts (numpy, the solver, document writers) load inside the functions that need them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from junheng.core.facts import Facts
    from junheng.core.findings import Finding
    from junheng.core.standard import Standard
    from junheng.planning.scenario.asking import County
    from junheng.planning.scenario.asking import PlanAnswer as PlanAnswer  # noqa: PLC0414 - the pages and commands name it
    from junheng.planning.scenario.fields import ScenarioField as ScenarioField  # noqa: PLC0414 - the same
    from junheng.planning.scenario.scenario import Scenario as Scenario  # noqa: PLC0414 - the same

Tell = Callable[[float, float, float, float], None]
Stop = Callable[[], bool]


def scenario_fields() -> tuple[ScenarioField, ...]:
    """The dictionary of a scenario's entries, in the order in which people fill them in; forms and templates follow it."""
    from junheng.planning.scenario.fields import scenario_fields as fields

    return fields()


def scenario_of(data: Any, *, facts: Facts | None = None) -> tuple[Scenario | None, tuple[Finding, ...]]:
    """The scenario that plain data state (None when a finding blocks it) and all findings, each with the path of its entry in
    `location.field`. With `facts`, schools are looked up."""
    from junheng.planning.scenario.reading import scenario_of as read

    return read(data, facts=facts)


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """A scenario as JSON-able data in human units; `scenario_of` gives the same scenario back."""
    from junheng.planning.scenario.writing import scenario_data as data

    return data(scenario)


def blank_scenario() -> dict[str, Any]:
    """The data of a scenario to fill in: usual values where there are any, null elsewhere; prices and budgets are null."""
    from junheng.planning.scenario.writing import blank_data

    return blank_data()


def make_plan(
    facts: Facts,
    history: Sequence[Facts],
    scenario: Scenario,
    *,
    standard: Standard | None = None,
    stop: Stop | None = None,
    progress: Tell | None = None,
) -> PlanAnswer:
    """The cheapest plan of a scenario from the year of `facts` on, or why there is none.

    `history` are the facts of earlier years, for the forecast. `stop()` is asked now and then: the best plan so far is given.
    `progress(cost, bound, gap, seconds)` is told as better plans come: 万元, 万元, a share (NaN: no bound yet), seconds since the
    start. `standard` takes the place of the scenario's. PlanningError when core does not bear the plan out.
    """
    from junheng.planning.plan.solver import Effort
    from junheng.planning.scenario.asking import ask

    began = time.monotonic()

    def tell(cost: float, bound: float) -> None:
        if progress is not None:
            progress(cost, bound, _gap(cost, bound), time.monotonic() - began)

    effort = Effort(stop=stop, progress=tell if progress is not None else None)
    return ask(scenario, _county(facts, history, scenario, standard), effort)


def plan_data(answer: PlanAnswer) -> dict[str, Any]:
    """Everything that pages and documents show of an answer, as plain JSON data; see `junheng.reports.plan_data`."""
    from junheng.reports.plan_data import plan_data as data

    return data(answer)


def _county(facts: Facts, history: Sequence[Facts], scenario: Scenario, standard: Standard | None) -> County:
    from junheng.planning.scenario.asking import County
    from junheng.readers.dictionary import load_dictionary
    from junheng.readers.standards import load_standard

    earlier = tuple(entry for entry in history if entry.year < facts.year)
    return County(facts, earlier, standard or load_standard(scenario.standard), load_dictionary())


def _gap(cost: float, bound: float) -> float:
    if bound == float("-inf"):
        return float("nan")
    return max(0.0, (cost - bound) / cost) if cost else 0.0
