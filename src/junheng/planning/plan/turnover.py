"""Today's teachers in a later year without a plan: how many of a school stage have gone, and how many were hired by then.

Facts tell totals, not persons. Those who go take every trait along in the proportion in which the stage's teachers hold it, one
person after the other, so that what is left never grows again. Who was hired by then has a degree above the standard and a
certificate, and teaches no subject of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.planning.plan.futures import Row, Tables
from junheng.planning.plan.limits import RowKey

_TEACHERS = "full_time_teacher_count"
_DEGREES = (
    "doctor_teacher_count",
    "master_teacher_count",
    "bachelor_teacher_count",
    "associate_teacher_count",
    "below_associate_teacher_count",
)
_PARTS = ("music_teacher_count", "fine_art_teacher_count")
_ART = "art_teacher_count"
_SUBJECTS = ("pe_teacher_count", *_PARTS, _ART)
_SINGLE = ("backbone_teacher_count", "certified_teacher_count", "trained_teacher_count", "titled_teacher_count")
_HIRED = ("bachelor_teacher_count", "certified_teacher_count", "trained_teacher_count")


@dataclass(frozen=True, slots=True)
class Turnover:
    """Teachers of one school stage who are gone by a year, and those hired by then outside the plan."""

    gone: int = 0
    hired: int = 0


def enter_turnover(tables: Tables, turnover: Mapping[RowKey, Turnover]) -> None:
    """Puts what becomes of the teachers into the stages; stages without a count of teachers stay as they are."""
    for row in tables["stages"]:
        found = turnover.get((row["school_id"], row["stage"]))
        if found is not None and row[_TEACHERS] is not None:
            _leave(row, min(found.gone, row[_TEACHERS]))
            _join(row, found.hired)


def _leave(row: Row, gone: int) -> None:
    everyone = row[_TEACHERS]
    others = row[_ART]
    if row["is_art_count_total"] and others is not None:
        others = max(0, others - sum(row[name] or 0 for name in _PARTS))
    groups = ({name: row[name] for name in _DEGREES}, {**{name: row[name] for name in _SUBJECTS}, _ART: others})
    for counts in (*groups, *({name: row[name]} for name in _SINGLE)):
        for name, count in taken(counts, everyone, gone).items():
            row[name] -= count
            if name in _PARTS and row["is_art_count_total"] and row[_ART] is not None:
                row[_ART] -= count
    row[_TEACHERS] -= gone
    if row["staff_count"] is not None:
        row["staff_count"] = max(0, row["staff_count"] - gone)


def taken(counts: Mapping[str, int | None], everyone: int, gone: int) -> dict[str, int]:
    """How many of every group go when so many of everyone do. The groups hold different persons; the rest of everyone is a group
    too. Missing counts are left out. With one more who goes, no group loses fewer."""
    known = {name: count for name, count in counts.items() if count is not None}
    sizes = {**known, "": max(0, everyone - sum(known.values()))}
    lost = dict.fromkeys(sizes, 0)
    for place in range(1, gone + 1):
        open_groups = [name for name in sizes if lost[name] < sizes[name]]
        name = max(open_groups, key=lambda name: sizes[name] * place - lost[name] * everyone)
        lost[name] += 1
    return {name: lost[name] for name in known}


def _join(row: Row, hired: int) -> None:
    for name in (_TEACHERS, "staff_count", *_HIRED):
        if row[name] is not None:
            row[name] += hired
