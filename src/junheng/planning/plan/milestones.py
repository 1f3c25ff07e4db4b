"""Milestones on the way: what a scheme promises for a year before the target year, or beyond the standard in the target year.

Counts are of judged school stages; a year's milestones are judged by the standard as it is in force on the last day of that year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from junheng.core.standard import Stage
from junheng.planning.plan.measures import Measure

_STAGE_LABELS = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}


class MilestoneKind(StrEnum):
    """What a milestone counts."""

    INDICATOR = "indicator"
    SPREAD = "spread"
    PASSING = "passing"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One promise for the end of a year.

    INDICATOR: at least `schools` judged school stages (None: all) meet the indicator. SPREAD: its coefficient of variation is at
    most `limit` (None: the standard's) less the question's margin. PASSING: at least `schools` stages (None: all) pass the school
    rule. ADDED: at least `amount` of `measure`, in its unit, is done in the county after the base year and in use by then.
    `stage` narrows the first three to primary or junior schools (None: both).
    """

    year: int
    kind: MilestoneKind
    indicator_id: str = ""
    stage: Stage | None = None
    schools: int | None = None
    limit: Fraction | None = None
    measure: Measure | None = None
    amount: int | None = None

    @property
    def stages(self) -> tuple[int, ...]:
        """The stages it counts, 0 primary and 1 junior."""
        return (0, 1) if self.stage is None else (list(_STAGE_LABELS).index(self.stage),)

    def text(self, names: Mapping[str, str]) -> str:
        """The promise in Chinese; `names` gives the names of the indicators by id."""
        who = "" if self.stage is None else _STAGE_LABELS[self.stage]
        name = names.get(self.indicator_id, self.indicator_id)
        count = "全部学段" if self.schools is None else f"至少 {self.schools} 个学段"
        if self.kind is MilestoneKind.INDICATOR:
            return f"{self.year} 年{who}{count}“{name}”达标"
        if self.kind is MilestoneKind.PASSING:
            return f"{self.year} 年{who}{count}通过学校判定"
        if self.kind is MilestoneKind.SPREAD:
            limit = "标准上限" if self.limit is None else f" {float(self.limit):g}"
            return f"{self.year} 年{who}“{name}”差异系数不超过{limit}"
        label, unit = (self.measure.label, self.measure.unit) if self.measure else ("措施", "")
        return f"{self.year} 年以前累计{label}至少 {self.amount} {unit}"


@dataclass(frozen=True, slots=True)
class MilestoneResult:
    """A milestone and what core found in its year: `asked` and `reached` are school stages, units of the measure, or the
    limit and the largest coefficient (None: it cannot be told)."""

    milestone: Milestone
    text: str
    asked: float
    reached: float | None
    is_met: bool
