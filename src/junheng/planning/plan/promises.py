"""What milestones ask of a question, and what core found of them in their years."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from junheng.core.findings import Finding
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome, Verdict
from junheng.planning.plan.actions import Action
from junheng.planning.plan.county import county_findings
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.milestones import Milestone, MilestoneKind, MilestoneResult
from junheng.planning.plan.problem import Problem, error

_STAGES = (Stage.PRIMARY, Stage.JUNIOR)
_MOST_SPREAD = Fraction(3, 2)
_TIE = 1e-9


def milestone_findings(problem: Problem) -> tuple[Finding, ...]:
    """Everything that is wrong with the milestones of a question that has no other blocking findings."""
    listed = problem.limits.milestones
    stated = [finding for entry in listed for finding in _stated(problem, entry)]
    years = sorted({entry.year for entry in listed if entry.kind is not MilestoneKind.ADDED} - {problem.target_year})
    if stated:
        return tuple(stated)
    facts = [finding for year in years for finding in county_findings(problem.until(year))]
    return (*facts, *(() if facts else (finding for entry in listed for finding in _counted(problem, entry))))


def _stated(problem: Problem, entry: Milestone) -> Iterator[Finding]:
    text, standard = f"阶段目标“{text_of(problem, entry)}”", problem.standard
    if entry.year not in problem.years:
        years = f"{problem.base_year + 1}～{problem.target_year}"
        yield error("plan-milestone", f"{text}的年份不在规划期内。", f"请改为 {years} 年之间。")
    needs_name = entry.kind in (MilestoneKind.INDICATOR, MilestoneKind.SPREAD)
    if needs_name and entry.indicator_id not in {indicator.id for indicator in standard.indicators}:
        yield error("plan-milestone", f"{text}的指标“{entry.indicator_id}”不在标准中。", "请选择标准里的指标。")
    if entry.kind is MilestoneKind.PASSING and standard.school_rule is None:
        yield error("plan-milestone", f"{text}：标准不逐校判定。", "请改用按指标的阶段目标。")
    if entry.kind is MilestoneKind.SPREAD:
        least = problem.limits.cv_margin
        if standard.dispersion is None:
            yield error("plan-milestone", f"{text}：标准不判定差异系数。", "请删去这一条。")
        elif entry.limit is not None and not least < entry.limit <= _MOST_SPREAD:
            yield error("plan-milestone", f"{text}的上限应大于 0、不大于 1.5。", "请改正上限。")
    if entry.kind is MilestoneKind.ADDED:
        yield from _added(problem, entry, text)


def _added(problem: Problem, entry: Milestone, text: str) -> Iterator[Finding]:
    if entry.measure is None or entry.measure is Measure.ROTATE_TEACHER or entry.measure not in problem.limits.allowed:
        yield error("plan-milestone", f"{text}没有写明允许使用的措施。", "请选择一项允许使用的措施。")
    if entry.amount is None or entry.amount < 1:
        yield error("plan-milestone", f"{text}没有写明数量。", "请填写大于 0 的整数。")


def _counted(problem: Problem, entry: Milestone) -> Iterator[Finding]:
    if entry.schools is None or entry.kind not in (MilestoneKind.INDICATOR, MilestoneKind.PASSING):
        return
    stages = [_STAGES[stage] for stage in entry.stages]
    judged = sum(row["stage"] in stages for row in problem.until(entry.year).judged_rows)
    if not 1 <= entry.schools <= judged:
        text = f"阶段目标“{text_of(problem, entry)}”：当年纳入评估的只有 {judged} 个学段。"
        yield error("plan-milestone", text, f"请填写 1 到 {judged} 之间的数，或要求全部达到。")


def text_of(problem: Problem, entry: Milestone) -> str:
    """A milestone in Chinese, with the names of the standard."""
    return entry.text({indicator.id: indicator.short_name for indicator in problem.standard.indicators})


def milestone_results(
    problem: Problem, actions: Sequence[Action], verdicts: Mapping[int, Verdict]
) -> tuple[MilestoneResult, ...]:
    """Every milestone with what was reached by core's verdict of its year, or by the actions that show by then."""
    return tuple(_result(problem, entry, actions, verdicts[entry.year]) for entry in problem.limits.milestones)


def _result(problem: Problem, entry: Milestone, actions: Sequence[Action], verdict: Verdict) -> MilestoneResult:
    text = text_of(problem, entry)
    if entry.kind is MilestoneKind.SPREAD:
        return _spread_result(entry, text, verdict)
    if entry.kind is MilestoneKind.ADDED:
        lead = problem.limits.lead
        done = [act for act in actions if act.measure is entry.measure and act.year + lead(act.measure) <= entry.year]
        asked, reached = entry.amount or 0, sum(max(0, act.amount) for act in done)
        return MilestoneResult(entry, text, asked, reached, reached >= asked)
    stages = [_STAGES[stage] for stage in entry.stages]
    schools = [school for school in verdict.schools if school.stage in stages]
    if entry.kind is MilestoneKind.PASSING:
        outcomes = [school.outcome for school in schools]
    else:
        outcomes = [
            found.outcome for one in schools for found in one.indicators if found.indicator_id == entry.indicator_id
        ]
    asked, reached = len(schools) if entry.schools is None else entry.schools, outcomes.count(Outcome.MET)
    return MilestoneResult(entry, text, asked, reached, reached >= asked)


def _spread_result(entry: Milestone, text: str, verdict: Verdict) -> MilestoneResult:
    """One school has no coefficient, so it breaks none."""
    stages = [_STAGES[stage] for stage in entry.stages]
    judged = [found for found in verdict.dispersion if found.indicator_id == entry.indicator_id]
    judged = [found for found in judged if found.stage in stages and found.school_count > 1]
    limits = [float(found.limit if entry.limit is None else entry.limit) for found in judged if found.limit is not None]
    values = [found.coefficient for found in judged]
    is_met = all(value is not None and value <= limit + _TIE for value, limit in zip(values, limits, strict=True))
    known = [value for value in values if value is not None]
    return MilestoneResult(entry, text, max(limits, default=0.0), max(known, default=None), is_met)
