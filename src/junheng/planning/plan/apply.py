"""A plan put into the facts: what schools will report in each year when everything in it is done.

Teachers move as persons: who leaves takes a degree, a subject, a certificate along, and brings them where they arrive, so that
county totals stay. What the facts do not say of a person is taken from the school: it is held by the leaver when most of the
school's teachers hold it. An unknown number stays unknown, and so does the number of whoever receives from there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from junheng.core.facts import Facts
from junheng.core.indicators import DEGREES_ABOVE
from junheng.core.standard import Stage
from junheng.planning.plan.actions import Action
from junheng.planning.plan.futures import Tables, facts_of_year
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.measures import (
    ABOVE_STANDARD,
    BACKBONE,
    HIRES,
    PE_ART,
    SPECS,
    THINGS,
    TRAININGS,
    Measure,
)
from junheng.planning.plan.problem import ROTATION_FIELDS, Problem

Row = dict[str, Any]
_TEACHERS = "full_time_teacher_count"
_HELD = ("certified_teacher_count", "trained_teacher_count", "titled_teacher_count")
_SUBJECTS = ("pe_teacher_count", "music_teacher_count", "fine_art_teacher_count")
_ART = "art_teacher_count"
_BELOW: Mapping[Stage, tuple[str, ...]] = {
    Stage.PRIMARY: ("below_associate_teacher_count",),
    Stage.JUNIOR: ("associate_teacher_count", "below_associate_teacher_count"),
}
_HIRED_DEGREE = "bachelor_teacher_count"
_PURPOSES = {Measure.FIT_MUSIC_ROOM: ("music", "音乐教室"), Measure.FIT_FINE_ART_ROOM: ("fine_art", "美术教室")}
_SQUARE_METRE = 100


@dataclass(frozen=True)
class Person:
    """A teacher on the way: the counts that fall by one where they leave and rise by one where they arrive."""

    fields: tuple[str, ...]
    subject: str = ""
    unknown: tuple[str, ...] = ()


def planned_facts(
    problem: Problem,
    actions: Sequence[Action],
    year: int,
    rotated: Mapping[int, int] | None = None,
    rotated_backbone: Mapping[int, int] | None = None,
) -> Facts:
    """The county's facts of a year with every action that shows by then (lead times counted), pupils and classes of that year."""
    done = [entry for entry in actions if entry.year + problem.limits.lead(entry.measure) <= year]
    tables = problem.tables_of(year, opened_classes(done))
    stages = {(row["school_id"], row["stage"]): row for row in tables["stages"]}
    schools = {row["school_id"]: row for row in tables["schools"]}
    for passed in sorted({entry.year for entry in done}):
        _enter_year([entry for entry in done if entry.year == passed], stages, schools, problem.limits.zones)
    _enter_rooms(problem, [entry for entry in done if entry.school_id in schools], tables)
    for row in tables["county"]:
        for name, counts in ((ROTATION_FIELDS[1], rotated), (ROTATION_FIELDS[2], rotated_backbone)):
            if counts is not None and year in counts:
                row[name] = counts[year]
    return facts_of_year(problem.facts, tables, problem.dictionary, year)


def opened_classes(actions: Iterable[Action]) -> Mapping[RowKey, int]:
    """How many classes are opened per school stage."""
    counts: Counter[RowKey] = Counter()
    for entry in actions:
        if entry.measure is Measure.OPEN_CLASS:
            counts[entry.row] += entry.amount
    return counts


def _enter_year(
    actions: Sequence[Action], stages: Mapping[RowKey, Row], schools: Mapping[str, Row], zones: Mapping[str, str]
) -> None:
    """One year's actions in an order in which nobody is needed before they are there. What is meant for a school that is not open
    yet is not seen before that."""
    actions = [entry for entry in actions if entry.school_id in schools or entry.measure is Measure.MOVE_TEACHER]
    for entry in actions:
        if entry.measure in HIRES:
            for _ in range(entry.amount):
                _arrive(stages[entry.row], _hired(stages[entry.row], entry.kind or 0))
        elif entry.measure in THINGS:
            spec = SPECS[entry.measure]
            schools[entry.school_id][spec.field] += entry.amount * spec.scale
    _enter_moves([entry for entry in actions if entry.measure is Measure.MOVE_TEACHER], stages, zones)
    for measure in TRAININGS:
        for entry in actions:
            if entry.measure is measure:
                for _ in range(entry.amount):
                    _train(stages[entry.row], measure, Stage(entry.stage))


def _enter_moves(moves: Sequence[Action], stages: Mapping[RowKey, Row], zones: Mapping[str, str]) -> None:
    pool: dict[tuple[str, str, int], list[Person]] = {}
    for entry in moves:
        if entry.amount < 0:
            leavers = [_leave(stages[entry.row], Stage(entry.stage), entry.kind or 0) for _ in range(-entry.amount)]
            pool.setdefault((zones.get(entry.school_id, ""), entry.stage, entry.kind or 0), []).extend(leavers)
    for entry in moves:
        for _ in range(entry.amount if entry.row in stages else 0):
            leaver = pool[zones.get(entry.school_id, ""), entry.stage, entry.kind or 0].pop(0)
            _arrive(stages[entry.row], leaver)


def _leave(row: Row, stage: Stage, kind: int) -> Person:
    """Takes a teacher of a kind out of a stage."""
    degrees = tuple(reversed(DEGREES_ABOVE[stage])) if kind & ABOVE_STANDARD else _BELOW[stage]
    names = [name for name in degrees if row[name]][:1]
    names += ["backbone_teacher_count"] if kind & BACKBONE else []
    names += [name for name in _HELD if row[name] is not None and row[name] * 2 > row[_TEACHERS]]
    names += [_TEACHERS, *(["staff_count"] if row["staff_count"] is not None else [])]
    subject = _subject_to_leave(row) if kind & PE_ART else ""
    unknown = tuple(name for name in (*_HELD, "staff_count") if row[name] is None)
    for name in names:
        row[name] -= 1
    _count_subject(row, subject, -1)
    return Person(tuple(names), subject, unknown)


def _arrive(row: Row, person: Person) -> None:
    for name in person.fields:
        if row[name] is not None:
            row[name] += 1
    for name in person.unknown:
        row[name] = None
    _count_subject(row, person.subject, 1)


def _hired(row: Row, kind: int) -> Person:
    fields = (_HIRED_DEGREE, _TEACHERS, "staff_count", "certified_teacher_count", "trained_teacher_count")
    return Person(fields, _subject_to_gain(row) if kind & PE_ART else "")


def _train(row: Row, measure: Measure, stage: Stage) -> None:
    if measure is Measure.GRANT_BACKBONE:
        row["backbone_teacher_count"] += 1
    elif measure is Measure.TRAIN_PE_ART:
        _count_subject(row, _subject_to_gain(row), 1)
    else:
        for name in [name for name in _BELOW[stage] if row[name]][:1]:
            row[name] -= 1
        row[DEGREES_ABOVE[stage][-1]] += 1


def _subject_to_leave(row: Row) -> str:
    """The subject with most teachers; art teachers without music or fine art last."""
    open_subjects = _SUBJECTS[:1] if row["is_art_count_total"] and not row[_ART] else _SUBJECTS
    named = max(open_subjects, key=lambda name: (row[name] or 0, -_SUBJECTS.index(name)))
    return named if row[named] else _ART


def _subject_to_gain(row: Row) -> str:
    """The subject with fewest teachers."""
    return min(_SUBJECTS, key=lambda name: (row[name] or 0, _SUBJECTS.index(name)))


def _count_subject(row: Row, subject: str, change: int) -> None:
    """Counts a teacher of a subject, and once more where the art teachers contain those of music and fine art."""
    names = [subject] if subject else []
    if row["is_art_count_total"] and subject in _SUBJECTS[1:]:
        names.append(_ART)
    for name in names:
        if row[name] is not None:
            row[name] += change


def _enter_rooms(problem: Problem, actions: Iterable[Action], tables: Tables) -> None:
    values = problem.item_values("music_and_art_rooms") or {}
    taken = {(row["school_id"], row["room_name"]) for row in tables["rooms"]}
    for entry in actions:
        if entry.measure in _PURPOSES:
            purpose, label = _PURPOSES[entry.measure]
            area = ceil(values[f"{purpose}_area"] * _SQUARE_METRE)
            for _ in range(entry.amount):
                number = next(count for count in range(1, len(taken) + 2) if _name(entry, label, count) not in taken)
                taken.add(_name(entry, label, number))
                key = _name(entry, label, number)
                room = {"school_id": key[0], "room_name": key[1], "purpose": purpose, "area": area}
                tables["rooms"].append(room)


def _name(entry: Action, label: str, number: int) -> tuple[str, str]:
    return (entry.school_id, f"新建{label}{number}")
