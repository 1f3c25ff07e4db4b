"""A plan as work: one task per measure, school and year, with money by year, who pays, who does it, and by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from junheng.planning.plan.actions import Action, moved_by_year
from junheng.planning.plan.measures import HIRES, Measure
from junheng.planning.plan.plan import Plan
from junheng.planning.scenario.distances import TeacherMove

COUNTY_WIDE = "全县"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `school_id` and `stage` are empty for what concerns the whole county or the whole school.

    `amount` is in the measure's unit and positive; `is_leaving` marks teachers who leave a school. `fen` is 分 by year. The task
    begins on `starts` and is done by `ends`, before the autumn term in which it shows.
    """

    year: int
    school_id: str
    school_name: str
    stage: str
    measure: Measure
    text: str
    amount: int
    is_leaving: bool
    fen: Mapping[int, int]
    source: str
    department: str
    starts: date
    ends: date

    @property
    def cost_fen(self) -> int:
        """分 in all years."""
        return sum(self.fen.values())


def tasks_of(plan: Plan, departments: Mapping[Measure, str], moves: Sequence[TeacherMove] = ()) -> tuple[Task, ...]:
    """Everything that a plan asks to be done, by year, school and stage; what concerns the whole county ends its year. With
    `moves`, who gives teachers is told where they go, and who receives them where they come from."""
    tasks = [_task(plan, entry, departments, _partners(plan, entry, moves)) for entry in plan.actions]
    tasks += _rotations(plan, departments)
    return tuple(sorted(tasks, key=lambda task: (task.year, task.school_id == "", task.school_id, task.stage)))


def _partners(plan: Plan, entry: Action, moves: Sequence[TeacherMove]) -> str:
    """To whom, or from whom, the teachers of a move go."""
    if entry.measure is not Measure.MOVE_TEACHER:
        return ""
    is_leaving, names = entry.amount < 0, plan.problem.school_names
    listed = []
    for move in moves:
        own, other = (move.giver_id, move.receiver_id) if is_leaving else (move.receiver_id, move.giver_id)
        if (move.year, move.stage, move.kind, own) == (entry.year, entry.stage, entry.kind or 0, entry.school_id):
            far = "" if move.metres is None else f"（{move.metres / 1000:g} 千米）"
            listed.append(f"{names[other]} {move.count} 人{far}")
    return f"，{'调往' if is_leaving else '来自'}{'、'.join(listed)}" if listed else ""


def _task(plan: Plan, entry: Action, departments: Mapping[Measure, str], partners: str) -> Task:
    limits = plan.problem.limits
    return Task(
        year=entry.year,
        school_id=entry.school_id,
        school_name=plan.problem.school_names[entry.school_id],
        stage=entry.stage,
        measure=entry.measure,
        text=entry.text + partners,
        amount=abs(entry.amount),
        is_leaving=entry.amount < 0,
        fen=_money(plan, entry),
        source=limits.source(entry.measure),
        department=departments[entry.measure],
        starts=date(entry.year, 1, 1),
        ends=date(entry.year + limits.lead(entry.measure), 8, 31),
    )


def _money(plan: Plan, entry: Action) -> dict[int, int]:
    last = plan.problem.target_year if entry.measure in HIRES else entry.year
    fen = max(0, entry.amount) * plan.problem.prices.fen[entry.measure]
    return {year: fen for year in range(entry.year, last + 1) if fen}


def _rotations(plan: Plan, departments: Mapping[Measure, str]) -> Iterator[Task]:
    """Teachers who change places with colleagues of their kind: the county arranges them year by year."""
    measure, moved, moved_backbone = Measure.ROTATE_TEACHER, moved_by_year(plan.actions), moved_by_year(plan.actions, 2)
    for year, count in sorted(plan.rotated.items()):
        amount = count - moved.get(year, 0)
        if amount > 0:
            backbone = max(0, plan.rotated_backbone.get(year, 0) - moved_backbone.get(year, 0))
            fen = amount * plan.problem.prices.fen[measure]
            yield Task(
                year=year,
                school_id="",
                school_name=COUNTY_WIDE,
                stage="",
                measure=measure,
                text=f"{measure.label} {amount} 人（其中骨干教师 {backbone} 人）",
                amount=amount,
                is_leaving=False,
                fen={year: fen} if fen else {},
                source=plan.problem.limits.source(measure),
                department=departments[measure],
                starts=date(year, 1, 1),
                ends=date(year, 8, 31),
            )
