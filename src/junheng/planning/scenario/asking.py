"""A scenario put to a county: pupils forecast, the question stated, the plan found and explained, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from junheng.core.errors import InputError
from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.findings import Finding, Level
from junheng.core.standard import Standard
from junheng.planning.forecast.history import history_of
from junheng.planning.forecast.model import Forecast, forecast, quantile_pupils
from junheng.planning.forecast.options import Options
from junheng.planning.forecast.teachers import TeacherForecast
from junheng.planning.plan.catchments import opening_findings, with_opening
from junheng.planning.plan.clashes import Clash, find_clash
from junheng.planning.plan.explain import Binding, bindings
from junheng.planning.plan.futures import same_pupils
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.options import Comparison, compare_options
from junheng.planning.plan.plan import Answer, Goal, Plan
from junheng.planning.plan.planner import Planner, problem_findings
from junheng.planning.plan.problem import MOST_YEARS, Problem
from junheng.planning.plan.relaxations import Relaxation, find_relaxations
from junheng.planning.plan.robustness import Robustness, robustness
from junheng.planning.plan.search import AS_STATED, Clock, Found, Opening
from junheng.planning.plan.solver import Effort, Status
from junheng.planning.scenario.distances import zone_findings, zones_for
from junheng.planning.scenario.entries import refusal
from junheng.planning.scenario.openings import with_new_pupils
from junheng.planning.scenario.reality import underway, with_underway
from junheng.planning.scenario.scenario import FEN_PER_WAN, PupilSource, Scenario
from junheng.planning.scenario.staffing import expected_teachers, turnover_of

Pupils = Mapping[int, Mapping[RowKey, int]]
_SHARE_OF_CLASH, _SHARE_OF_LATER, _SHARE_OF_RELAXATIONS = 0.5, 0.25, 2.0  # of the scenario's seconds


@dataclass(frozen=True)
class County:
    """What a scenario is put to: the facts of the base year and of earlier years, the standard and the field dictionary."""

    facts: Facts
    history: tuple[Facts, ...]
    standard: Standard
    dictionary: FieldDictionary


@dataclass(frozen=True)
class Question:
    """A scenario as a problem, or the findings that keep it from being one. `forecast` is None where today's pupils stay,
    `teachers` where teachers only change by the plan. `opening_fen`: what decided openings cost, discounted, beside the plan's
    cost."""

    problem: Problem | None
    forecast: Forecast | None
    findings: tuple[Finding, ...]
    teachers: TeacherForecast | None = None
    opening_fen: int = 0


@dataclass(frozen=True, slots=True)
class Later:
    """What one more year would do: the year, how it ended, and the cost in 分 (None: no plan, or none in time)."""

    year: int
    status: Status
    cost_fen: int | None

    @property
    def text(self) -> str:
        """One Chinese sentence."""
        start = f"推迟到 {self.year} 年达标（{self.year} 年的预算同前一年）："
        if self.cost_fen is not None:
            return f"{start}可行，方案费用 {self.cost_fen / 1e6:.2f} 万元。"
        return start + ("也没有可行方案。" if self.status is Status.INFEASIBLE else "在给定时间内没有结果。")


@dataclass(frozen=True)
class PlanAnswer:
    """All that planning has to say about a scenario.

    `plan` is None where there is none; then `clash`, `relaxations` and `later` tell what stands in the way, and what it would
    cost to give way. `bindings` are the limits that make the plan dearer, `robustness` how it stands the simulated futures (None
    without a forecast). `bound_fen` is None where nothing is proven; `seconds` is the solver's time.
    """

    scenario: Scenario
    county: County
    question: Question
    findings: tuple[Finding, ...]
    status: Status
    plan: Plan | None = None
    bound_fen: int | None = None
    seconds: float = 0.0
    bindings: tuple[Binding, ...] = ()
    robustness: Robustness | None = None
    clash: Clash | None = None
    relaxations: tuple[Relaxation, ...] = ()
    later: Later | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether findings keep the question from being answered."""
        return any(entry.level is Level.ERROR for entry in self.findings)

    @property
    def text(self) -> str:
        """One Chinese sentence on how it ended."""
        blocking = tuple(entry for entry in self.findings if entry.level is Level.ERROR)
        text = Answer(blocking, self.status, self.plan, self.bound_fen, self.seconds).text
        if self.plan is None or not self.question.opening_fen:
            return text
        return f"{text}另有已决定新开的学校，折算 {self.question.opening_fen / FEN_PER_WAN:.2f} 万元。"


class RecordingPlanner(Planner):
    """A planner that keeps what its last search found, so that its limits can be priced."""

    found: Found | None = None

    def settle(self, found: Found, clock: Clock, goal: Goal = Goal.CHEAPEST, opening: Opening = AS_STATED) -> Answer:
        """Notes what was found, then schedules, applies and judges it."""
        self.found = found
        return super().settle(found, clock, goal, opening)


def question_of(scenario: Scenario, county: County) -> Question:
    """The scenario as a problem on this county, with its pupils forecast, and everything that is wrong with it."""
    pupils, found, findings = _pupils(scenario, county)
    if any(entry.level is Level.ERROR for entry in findings):
        return Question(None, None, findings)
    teachers = expected_teachers(county.facts, scenario.assumptions, max(pupils, default=county.facts.year + 1))
    problem = Problem(
        facts=county.facts,
        standard=county.standard,
        dictionary=county.dictionary,
        pupils=pupils,
        prices=scenario.prices,
        limits=scenario.limits,
        target_year=scenario.target_year,
        enabled=scenario.enabled,
        turnover={} if teachers is None else turnover_of(teachers),
    )
    zones = zones_for(scenario, [*problem.school_names, *(entry.school_id for entry in scenario.openings)])
    known = {school: zone for school, zone in zones.items() if school in problem.school_names}
    problem = replace(problem, limits=replace(problem.limits, zones=known))
    told = (*findings, *(teachers.findings if teachers is not None else ()))
    told = (*told, *zone_findings(scenario, zones, problem.school_names))
    problem, fen, of_openings = _with_decided(scenario, problem, zones)
    if not any(entry.level is Level.ERROR for entry in of_openings):
        of_openings = (*of_openings, *problem_findings(problem))
    return Question(problem, found, (*told, *of_openings), teachers, fen)


def _with_decided(
    scenario: Scenario, problem: Problem, zones: Mapping[str, str]
) -> tuple[Problem, int, tuple[Finding, ...]]:
    """The question with every school that will be opened for certain, what that costs, and what is wrong with it."""
    total, wan = 0, 0.0
    decided = [entry for entry in scenario.openings if entry.is_decided]
    for entry in decided:
        new = entry.as_new_school(zones.get(entry.school_id, "") if scenario.farthest_move is not None else "")
        wrong = opening_findings(problem, new) if problem.target_year in problem.pupils else ()
        if wrong:
            return problem, total, wrong
        problem, fen = with_opening(problem, new)
        total, wan = total + fen, wan + entry.fen / FEN_PER_WAN
    if not decided:
        return problem, 0, ()
    text = f"已决定新开 {len(decided)} 所学校，一次性支出 {wan:,.10g} 万元已从预算中扣除，不在各项措施的费用里。"
    return problem, total, (refusal("openings", "plan-opening", text, "任务清单里另列。", Level.INFO),)


def ask(
    scenario: Scenario,
    county: County,
    effort: Effort | None = None,
    *,
    previous: Mapping[str, Any] | None = None,
) -> PlanAnswer:
    """The answer to a scenario. `effort` says whom to tell and when to stop; seconds and optimality gap are the scenario's.

    What an earlier plan (`previous`, its data) began and what cannot show yet counts as there. When there is no plan, up
    to three times as long goes into what stands in the way. PlanningError when core does not bear a plan out.
    """
    county, told = _with_what_was_begun(county, previous)
    question = question_of(scenario, county)
    question = replace(question, findings=(*told, *question.findings))
    if question.problem is None or any(entry.level is Level.ERROR for entry in question.findings):
        return PlanAnswer(scenario, county, question, question.findings, Status.NOTHING)
    tried = replace(effort or Effort(), seconds=float(scenario.seconds), optimality_gap=float(scenario.optimality_gap))
    base = Planner.of(question.problem)
    planner = RecordingPlanner(base.problem, base.model, base.search)
    answer = planner.answer(tried, scenario.goal)
    given = PlanAnswer(
        scenario, county, question, question.findings, answer.status, answer.plan, answer.bound_fen, answer.seconds
    )
    if answer.plan is not None and planner.found is not None:
        return replace(
            given,
            bindings=bindings(planner, planner.found, replace(tried, progress=None, stop=None)),
            robustness=_robustness(answer.plan, question.forecast, scenario),
        )
    if answer.status is not Status.INFEASIBLE:
        return given
    quiet = replace(tried, progress=None)
    return replace(
        given,
        clash=find_clash(planner, replace(quiet, seconds=tried.seconds * _SHARE_OF_CLASH)),
        relaxations=find_relaxations(planner, replace(quiet, seconds=tried.seconds * _SHARE_OF_RELAXATIONS)),
        later=_one_more_year(scenario, county, replace(quiet, seconds=tried.seconds * _SHARE_OF_LATER)),
    )


def compare_changes(
    scenario: Scenario, county: County, effort: Effort | None = None
) -> tuple[Comparison | None, Question]:
    """The scenario as it is and with every change that it allows: catchments shifted, schools merged or opened. The scenario's
    seconds are shared out among them. None, with the question and its findings, when it cannot be asked."""
    question = question_of(scenario, county)
    if question.problem is None or any(entry.level is Level.ERROR for entry in question.findings):
        return None, question
    tried = replace(effort or Effort(), seconds=float(scenario.seconds), optimality_gap=float(scenario.optimality_gap))
    zones = zones_for(scenario, [*question.problem.school_names, *(entry.school_id for entry in scenario.openings)])
    by_distance = zones if scenario.farthest_move is not None else {}
    openings = [
        entry.as_new_school(by_distance.get(entry.school_id, "")) for entry in scenario.openings if not entry.is_decided
    ]
    found = compare_options(
        question.problem, tried, catchments=scenario.catchments, mergers=scenario.mergers, openings=openings
    )
    return found, question


def with_year_added(scenario: Scenario, year: int) -> Scenario:
    """The scenario with a later target year; years without a budget have that of the year before them."""
    limits, budgets = scenario.limits, dict(scenario.limits.budgets or {})
    for source in sorted({source for _, source in budgets}):
        for later in range(scenario.target_year + 1, year + 1):
            if (later, source) not in budgets and (later - 1, source) in budgets:
                budgets[later, source] = budgets[later - 1, source]
    given = budgets if limits.budgets is not None else None
    return replace(scenario, target_year=year, limits=replace(limits, budgets=given))


def _with_what_was_begun(county: County, previous: Mapping[str, Any] | None) -> tuple[County, tuple[Finding, ...]]:
    """The county with what an earlier plan has paid for already, and a finding that says so."""
    begun = () if previous is None else underway(previous, county.facts)
    if not begun:
        return county, ()
    listed = "、".join(
        f"{entry.school_name}{entry.measure.label} {entry.amount} {entry.measure.unit}" for entry in begun[:3]
    )
    text = (
        f"上次方案已开工、还没有建成的 {len(begun)} 项按建成计入，不再安排：{listed}{'等' if len(begun) > 3 else ''}。"
    )
    finding = refusal("", "plan-underway", text, "其中没有开工的，请改用不带上次方案的规划。", Level.INFO)
    return replace(county, facts=with_underway(county.facts, begun, county.dictionary)), (finding,)


def _one_more_year(scenario: Scenario, county: County, effort: Effort) -> Later | None:
    year = scenario.target_year + 1
    if year > county.facts.year + MOST_YEARS or (effort.stop is not None and effort.stop()):
        return None
    question = question_of(with_year_added(scenario, year), county)
    if question.problem is None or any(entry.level is Level.ERROR for entry in question.findings):
        return None
    answer = Planner.of(question.problem).answer(effort, scenario.goal)
    return Later(year, answer.status, None if answer.plan is None else answer.plan.cost_fen)


def _pupils(scenario: Scenario, county: County) -> tuple[Pupils, Forecast | None, tuple[Finding, ...]]:
    facts, choice = county.facts, scenario.pupils
    years = range(facts.year + 1, min(scenario.target_year, facts.year + MOST_YEARS) + 1)
    if choice.source is PupilSource.SAME or not years:
        return same_pupils(facts, years), None, ()
    try:
        found = _forecast(scenario, county, years[-1])
    except InputError as error:
        hint = "请补充往年的数据；也可以把“学生数从哪里来”改为沿用数据年度的学生数。"
        return {}, None, (refusal("pupils.source", "plan-forecast", str(error), hint),)
    known = {(row["school_id"], row["stage"]) for row in facts.table("stages").rows(named=True)}
    by_row = quantile_pupils(found, float(choice.quantile))
    pupils: dict[int, dict[RowKey, int]] = {year: {} for year in years}
    for (school, stage), counts in by_row.items():
        for year in years if (school, stage.value) in known else ():
            pupils[year][school, stage.value] = counts[year]
    return pupils, found, found.findings


def _forecast(scenario: Scenario, county: County, to_year: int) -> Forecast:
    given, choice = scenario.assumptions, scenario.pupils
    options = Options(
        to_year,
        simulations=choice.simulations,
        seed=choice.seed,
        births=given.births,
        catchments=given.catchments,
        changes=given.changes,
    )
    return forecast(history_of((*county.history, county.facts)), options)


def _robustness(plan: Plan, found: Forecast | None, scenario: Scenario) -> Robustness | None:
    if found is None:
        return None
    rows = [place for place, is_known in enumerate(found.is_known.tolist()) if is_known]
    keys = [(found.rows[place][0], found.rows[place][1].value) for place in rows]
    year: int = found.years.index(plan.problem.target_year)
    draws = found.draws[rows, year, :].T
    for entry in scenario.openings:
        if entry.is_decided:
            keys, draws = with_new_pupils(entry, keys, draws, plan.problem.pupils[plan.problem.target_year])
    return robustness(plan, keys, draws)
