"""The door to planning: scenarios, plans, their data and documents.

    from junheng.api import planning
    scenario, findings = planning.scenario_of(data, facts=facts)
    answer = planning.make_plan(facts, history, scenario)
    planning.plan_data(answer)

Heavy parts (numpy, the solver, document writers) load inside the functions that need them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.core.errors import InputError

if TYPE_CHECKING:
    from fractions import Fraction

    from junheng.core.facts import Facts
    from junheng.core.findings import Finding
    from junheng.core.standard import Standard
    from junheng.planning.forecast.outlook import Assumptions as Assumptions  # noqa: PLC0414 - the pages name it
    from junheng.planning.scenario.asking import County
    from junheng.planning.scenario.asking import PlanAnswer as PlanAnswer  # noqa: PLC0414 - the pages and commands name it
    from junheng.planning.scenario.field import ScenarioField as ScenarioField  # noqa: PLC0414 - the same
    from junheng.planning.scenario.reality import Reality as Reality  # noqa: PLC0414 - the same
    from junheng.planning.scenario.scenario import Scenario as Scenario  # noqa: PLC0414 - the same

ASSUMPTIONS = "预测条件"
"""The group of the entries that a forecast takes too."""
Tell = Callable[[float, float, float, float], None]
Stop = Callable[[], bool]


def scenario_fields() -> tuple[ScenarioField, ...]:
    """The dictionary of a scenario's entries, in the order in which people fill them in; forms and templates follow it."""
    from junheng.planning.scenario.fields import scenario_fields as fields

    return fields()


def scenario_of(
    data: Any, *, given: Mapping[str, Any] | None = None, facts: Facts | None = None
) -> tuple[Scenario | None, tuple[Finding, ...]]:
    """The scenario that plain data state (None when a finding blocks it) and all findings, each with the path of its entry in
    `location.field`. `given` are entries by path that take the place of the data's. With `facts`, schools are looked up."""
    from junheng.planning.scenario.reading import scenario_of as read
    from junheng.planning.scenario.writing import with_entries

    return read(with_entries(data, given) if given else data, facts=facts)


def scenario_assumptions(data: Any, *, facts: Facts | None = None) -> tuple[Assumptions | None, tuple[Finding, ...]]:
    """What scenario data assume of the years ahead, for a forecast alone (None when a finding blocks it), and the findings."""
    from junheng.planning.scenario.reading import assumptions_in

    return assumptions_in(data, facts=facts)


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """A scenario as JSON-able data in human units; `scenario_of` gives the same scenario back."""
    from junheng.planning.scenario.writing import scenario_data as data

    return data(scenario)


def blank_scenario(given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The data of a scenario to fill in: usual values where there are any, null elsewhere; prices and budgets are null.

    `given` sets entries by path.
    """
    from junheng.planning.scenario.writing import blank_data

    return blank_data(given)


def with_budgets(scenario: Scenario, wan: Mapping[tuple[int | None, str], Fraction | str], facts: Facts) -> Scenario:
    """The scenario with budgets in 万元 by (year, source) in place of its own; None stands for every year up to the target year
    that is not named. An empty mapping: money is not limited."""
    from fractions import Fraction

    from junheng.planning.scenario.scenario import with_budgets as limited

    return limited(scenario, {key: Fraction(amount) for key, amount in wan.items()}, facts.year)


def read_scenario(
    path: str | Path, *, given: Mapping[str, Any] | None = None, facts: Facts | None = None
) -> tuple[Scenario | None, tuple[Finding, ...]]:
    """The scenario of a YAML, JSON or Excel file, and findings with line or cell.

    `given` are entries by path that take the place of the file's. InputError when the file cannot be read at all.
    """
    from junheng.readers.scenarios import read_scenario as read

    return read(Path(path), given=given, facts=facts)


def write_scenario(path: str | Path, data: Mapping[str, Any] | None = None) -> Path:
    """Writes a scenario (its data; a blank one to fill in without) as Excel (.xlsx) or YAML (.yaml, .yml), every entry explained.

    InputError for another kind of file, or when it cannot be written.
    """
    from junheng.reports.bundle import make_folder, write_in_place
    from junheng.reports.scenario_files import scenario_workbook, scenario_yaml

    target, chosen = Path(path), data if data is not None else blank_scenario()
    kind = target.suffix.lower()
    if kind not in (".xlsx", ".yaml", ".yml"):
        raise InputError(f"方案文件“{target}”应以 .xlsx、.yaml 或 .yml 结尾。")
    make_folder(target.parent)
    write_in_place(target, scenario_workbook(chosen) if kind == ".xlsx" else scenario_yaml(chosen).encode())
    return target


def make_plan(
    facts: Facts,
    history: Sequence[Facts],
    scenario: Scenario,
    *,
    previous: Mapping[str, Any] | None = None,
    standard: Standard | None = None,
    stop: Stop | None = None,
    progress: Tell | None = None,
) -> PlanAnswer:
    """The cheapest plan of a scenario from the year of `facts` on, or why there is none.

    `history` are the facts of earlier years, for the forecast. `stop()` is asked now and then: the best plan so far is given.
    `progress(cost, bound, optimality_gap, seconds)` is told as better plans come: 万元, 万元, a share (NaN: no bound yet),
    seconds since the start. `previous` is the data of an earlier plan: what it began and what cannot show yet counts as there.
    `standard` takes the place of the scenario's. PlanningError when core does not bear the plan out.
    """
    from junheng.planning.plan.solver import Effort
    from junheng.planning.scenario.asking import ask

    county = _county(facts, history, scenario, standard)
    return ask(scenario, county, Effort(stop=stop, progress=_telling(progress)), previous=previous)


def plan_data(answer: PlanAnswer) -> dict[str, Any]:
    """Everything that pages and documents show of an answer, as plain JSON data; see `junheng.reports.plan_data`."""
    from junheng.reports.plan_data import plan_data as data

    return data(answer)


def write_plan(
    answer: PlanAnswer | Mapping[str, Any],
    folder: str | Path,
    progress: Callable[[str, int, int], None] | None = None,
    *,
    curves: Sequence[Mapping[str, Any]] = (),
    options: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Writes plan.json, 任务清单.xlsx, 一校一案/ and 预算报告 (.docx, .pdf) into a folder (made when missing); gives their paths.

    `answer` may also be its data (`plan_data`), kept from earlier. `curves` (of `frontier`) and `options` (of
    `compare_options`) go into the paper. The same data give
    the same bytes. Without a plan there are plan.json and the paper. `progress(label, done, total)` is called before each file.
    InputError when a file cannot be written.
    """
    from junheng.reports.bundle import make_folder
    from junheng.reports.plan_bundle import write_plan_files

    target = make_folder(Path(folder))
    data = dict(answer) if isinstance(answer, Mapping) else plan_data(answer)
    return list(write_plan_files(_with_curves(data, curves, options), target, progress or (lambda *_: None)))


def write_paper(
    data: Mapping[str, Any],
    folder: str | Path,
    *,
    curves: Sequence[Mapping[str, Any]] = (),
    options: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Writes plan.json and 预算报告 (.docx, .pdf) of a plan's data anew, with `curves` and `options` that were made later.

    InputError when a file cannot be written.
    """
    from junheng.reports.bundle import make_folder
    from junheng.reports.plan_bundle import write_paper_files

    target = make_folder(Path(folder))
    return list(write_paper_files(_with_curves(data, curves, options), target, lambda *_: None))


def _with_curves(
    data: Mapping[str, Any], curves: Sequence[Mapping[str, Any]], options: Mapping[str, Any] | None
) -> dict[str, Any]:
    more: dict[str, Any] = {"curves": list(curves)} if curves else {}
    if options is not None:
        more["options"] = dict(options)
    return {**data, **more}


def compare_scenarios(plans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several plans (`plan_data`) side by side: how their scenarios differ and what came of each; see
    `junheng.reports.plan_compare`."""
    from junheng.reports.plan_compare import compare_scenarios as compare

    return compare(plans)


def frontier(  # noqa: PLR0913 - a curve has that many parts
    facts: Facts,
    history: Sequence[Facts],
    scenario: Scenario,
    axis: str,
    *,
    values: Sequence[Fraction | int] = (),
    standard: Standard | None = None,
    stop: Stop | None = None,
    progress: Tell | None = None,
) -> dict[str, Any]:
    """What another target year (`target_year`), more or less money (`budget`) or fewer passing schools (`passing`) would cost.

    `values` are years, shares of the budget or numbers of school stages; usual ones where empty. Gives axis, label, points
    (asked, status, cost and bound in 万元, passing, text) and findings. Each point may take the seconds of the scenario.
    `standard` takes the place of the scenario's.
    InputError for an unknown axis.
    """
    from junheng.planning.plan.solver import Effort
    from junheng.planning.scenario.curves import Axis, curve_of
    from junheng.reports.plan_reality import curve_data

    if axis not in list(Axis):
        raise InputError(
            f"没有“{axis}”这种曲线。可选：{'、'.join(f'{entry.value}（{entry.label}）' for entry in Axis)}。"
        )
    county = _county(facts, history, scenario, standard)
    return curve_data(curve_of(Axis(axis), scenario, county, Effort(stop=stop, progress=_telling(progress)), values))


def compare_options(
    facts: Facts,
    history: Sequence[Facts],
    scenario: Scenario,
    *,
    standard: Standard | None = None,
    stop: Stop | None = None,
) -> dict[str, Any]:
    """Whether shifting catchments or merging schools, as far as the scenario allows it, makes the plan cheaper.

    Gives text, unchanged (万元), best, options (label, change, cost, bound, is_ruled_out, text), cheapest first, and findings.
    The scenario's seconds are shared out among them. `standard` takes the place of the scenario's.
    """
    from junheng.planning.plan.solver import Effort
    from junheng.planning.scenario.asking import compare_changes
    from junheng.reports.plan_reality import options_data

    found, question = compare_changes(scenario, _county(facts, history, scenario, standard), Effort(stop=stop))
    return options_data(found, question.findings)


def against_plan(previous: Mapping[str, Any], facts: Facts, *, standard: Standard | None = None) -> Reality:
    """A plan (`plan_data`) against the facts of one of its years: what is done, what is late at what cost, what is under way.

    Facts are judged by the plan's standard. InputError when the data are no plan, of another county, or do not cover the year.
    """
    from junheng.core.judge import judge
    from junheng.planning.scenario.reality import against_plan as compare
    from junheng.planning.scenario.reality import require_plan
    from junheng.readers.dictionary import load_dictionary
    from junheng.readers.standards import load_standard

    require_plan(previous, facts)
    chosen = standard or load_standard(previous["scenario"]["standard"])
    enabled = frozenset(previous["scenario"].get("exceptions", ()))
    return compare(previous, facts, judge(facts, chosen, load_dictionary(), enabled=enabled))


def remaining_scenario(previous: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """The scenario data of an earlier plan for the years that are left: what is done or past is taken off."""
    from junheng.planning.scenario.reality import remaining_scenario as remaining

    return remaining(previous, facts)


def reality_data(reality: Reality) -> dict[str, Any]:
    """What `against_plan` gave as plain JSON data; see `junheng.reports.plan_reality`."""
    from junheng.reports.plan_reality import reality_data as data

    return data(reality)


def _telling(progress: Tell | None) -> Callable[[float, float], None] | None:
    """What tells the planner's progress with optimality gap and seconds; None where nobody listens."""
    if progress is None:
        return None
    began = time.monotonic()
    return lambda cost, bound: progress(cost, bound, _gap(cost, bound), time.monotonic() - began)


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
