"""One step of a plan: what is done in which school and year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.measures import TRAININGS, Measure, kind_label


@dataclass(frozen=True, slots=True)
class Action:
    """So many units of a measure, begun in a year. `stage` is empty for what belongs to the whole school.

    `kind` is the kind of teacher (for trainings: before the training; None for things). `amount` is in the measure's unit; of
    moved teachers it is positive where they arrive and negative where they leave.
    """

    year: int
    measure: Measure
    school_id: str
    stage: str
    kind: int | None
    amount: int

    @property
    def row(self) -> RowKey:
        """The school stage, with an empty stage for the whole school."""
        return (self.school_id, self.stage)

    @property
    def order(self) -> tuple[int, str, str, str, int, int]:
        """Sorts actions by year, school, stage, measure, kind and amount."""
        kind = -1 if self.kind is None else self.kind
        return (self.year, self.school_id, self.stage, self.measure.value, kind, self.amount)

    @property
    def text(self) -> str:
        """What is done, in Chinese, without school and year."""
        if self.measure is Measure.MOVE_TEACHER:
            return f"{'调入' if self.amount > 0 else '调出'}{kind_label(self.kind or 0)} {abs(self.amount)} 人"
        who = f"（{kind_label(self.kind)}）" if self.kind is not None and self.measure in TRAININGS else ""
        return f"{self.measure.label}{who} {self.amount} {self.measure.unit}"


def moved_by_year(actions: Iterable[Action], traits: int = 0) -> Mapping[int, int]:
    """Teachers who are moved, by year; only those who hold all of some traits where these are given."""
    moved: dict[int, int] = {}
    for entry in actions:
        if entry.measure is Measure.MOVE_TEACHER and entry.amount > 0 and (entry.kind or 0) & traits == traits:
            moved[entry.year] = moved.get(entry.year, 0) + entry.amount
    return moved
