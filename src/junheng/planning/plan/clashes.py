"""Which clauses of a question clash: a smallest set that leaves no plan, found by leaving clauses out one by one.

The set is irreducible: without any one of its clauses there would be a plan (in the linear model; with whole numbers where only
these clash).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from junheng.planning.plan.measures import Measure
from junheng.planning.plan.model import Model
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.promises import text_of
from junheng.planning.plan.search import Clock, Opening
from junheng.planning.plan.solver import Effort, Status

_ALWAYS = ("people", "failing", "")
_STAGE_LABELS = {"primary": "小学", "junior": "初中"}
_WORDS = {
    "moves_out": "每校每年调出教师的上限",
    "moves_in": "每校每年调入教师的上限",
    "teacher_quota": "教师编制总数",
    "backbone_share": "骨干教师比例的上限",
    "staff_norm": "师生比不足的学校不再净调出教师",
    "fixed": "指定的措施",
    "renewal": "到期设备按时更新",
    "rotation": "每年交流轮岗的比例",
    "target_year": "目标年度（建设来不及完成）",
}


@dataclass(frozen=True, slots=True)
class Clash:
    """Clauses that cannot all hold. `is_smallest` is False when time ran out before all were tried."""

    clauses: tuple[str, ...]
    texts: tuple[str, ...]
    is_smallest: bool

    @property
    def text(self) -> str:
        """One Chinese sentence."""
        return f"以下要求互相冲突：{'；'.join(self.texts)}。放宽其中任何一项，才可能有方案。"


def find_clash(planner: Planner, effort: Effort) -> Clash | None:
    """A smallest set of clashing clauses; None when the question has a plan, or when nothing could be told in time."""
    model, clock = planner.model, Clock(effort)
    linear = _try(planner, clock, (), is_linear=True)
    is_linear = linear is Status.INFEASIBLE
    if not is_linear and _try(planner, clock, (), is_linear=False) is not Status.INFEASIBLE:
        return None
    kept = [name for name in model.sketch.clauses if name not in _ALWAYS]
    gone: list[str] = []
    is_smallest = True
    for name in list(kept):
        if clock.is_over:
            is_smallest = False
            break
        if _try(planner, clock, (*gone, name), is_linear=is_linear) is Status.INFEASIBLE:
            gone.append(name)
    left = tuple(name for name in kept if name not in gone)
    return Clash(left, tuple(clause_text(model, name) for name in left), is_smallest)


def _try(planner: Planner, clock: Clock, without: Sequence[str], *, is_linear: bool) -> Status:
    """Whether there is a solution without some clauses."""
    rows = planner.model.sketch.rows_of(without)
    opening = Opening(rows=((rows, -np.inf, np.inf),))
    if not is_linear:
        found = planner.search.run(clock.part(optimality_gap=1.0), opening)
        clock.spent += found.seconds
        return found.status
    planner.search.open(opening)
    try:
        return planner.search.relax(clock)[0].status
    finally:
        planner.search.close(opening)


def clause_text(model: Model, clause: str) -> str:
    """A clause in Chinese words."""
    if clause in _WORDS:
        return _WORDS[clause]
    kind, _, rest = clause.partition(":")
    if kind == "milestone":
        return f"阶段目标“{text_of(model.problem, model.problem.limits.milestones[int(rest)])}”"
    if kind == "budget":
        return f"{rest}的年度预算"
    if kind in ("per_year", "per_school"):
        return f"“{Measure(rest).label}”的{'每年' if kind == 'per_year' else '每校'}上限"
    if kind == "school_rule":
        return f"{_STAGE_LABELS[rest]}逐校达标"
    entry, _, stage = rest.partition(":")
    name = next(indicator.short_name for indicator in model.county.indicators if indicator.id == entry)
    return f"{_STAGE_LABELS[stage]}“{name}”的{'差异系数' if kind == 'spread' else '全县平均值'}"
