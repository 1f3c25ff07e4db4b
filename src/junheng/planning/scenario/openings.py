"""Schools that may be opened, or will be: what people say of them, and the rows of facts that follow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.core.standard import Stage
from junheng.planning.plan.catchments import NewSchool
from junheng.planning.plan.futures import Row
from junheng.planning.plan.limits import RowKey

Draws = NDArray[Any]
_SQUARE_METRE, _YUAN = 100, 100
_ROOM_AREA = (
    9_600  # 96 ㎡ in canonical units: what the 2017 rule asks of a room for music, and more than of one for art
)
_GRADES: Mapping[Stage, tuple[int, ...]] = {Stage.PRIMARY: (1, 2, 3, 4, 5, 6), Stage.JUNIOR: (7, 8, 9)}
_COUNTY_RUN = "7"


@dataclass(frozen=True, slots=True)
class OpenedStage:
    """One stage of a new school on the day it opens. `capacity`: the most pupils it can take."""

    stage: Stage
    capacity: int
    classes: int
    teachers: int
    above_standard: int
    backbone: int
    pe_teachers: int
    music_teachers: int
    fine_art_teachers: int


@dataclass(frozen=True)
class OpenedSchool:
    """A school that opens in the autumn of `year`, with what it has on that day (㎡, 元, rooms) and where its pupils come from.

    `is_decided`: it is part of every plan; else it is only compared with things as they are. `fen` is paid once, in that year, by
    `source`.
    """

    school_id: str
    name: str
    school_type: str
    area_type: str
    township: str
    zone: str
    year: int
    is_decided: bool
    fen: int
    source: str
    department: str
    floor_area: int
    sports_area: int
    equipment: int
    multimedia_rooms: int
    music_rooms: int
    fine_art_rooms: int
    stages: tuple[OpenedStage, ...]
    comes_from: Mapping[RowKey, int]

    def as_new_school(self, zone: str = "") -> NewSchool:
        """The same as the planner takes it; `zone` in place of its own."""
        return NewSchool(
            school=self._school(),
            stages=tuple(_stage(self.school_id, entry) for entry in self.stages),
            comes_from=self.comes_from,
            fen=self.fen,
            year=self.year,
            source=self.source,
            zone=zone or self.zone,
            classes=tuple(row for entry in self.stages for row in _classes(self.school_id, entry)),
            rooms=tuple(self._rooms()),
        )

    def _school(self) -> Row:
        return {
            "school_id": self.school_id,
            "school_name": self.name,
            "school_type": self.school_type,
            "organiser_type": _COUNTY_RUN,
            "ownership": "public",
            "area_type": self.area_type,
            "township": self.township or None,
            "is_boarding": False,
            "built_year": self.year,
            "is_dense_inner_city": False,
            "migrant_student_count": 0,
            "senior_student_count": 0,
            "teaching_floor_area": self.floor_area * _SQUARE_METRE,
            "indoor_sports_area": 0,
            "outdoor_sports_area": self.sports_area * _SQUARE_METRE,
            "converted_sports_area": 0,
            "leased_sports_area": 0,
            "equipment_value": self.equipment * _YUAN,
            "multimedia_classroom_count": self.multimedia_rooms,
        }

    def _rooms(self) -> Iterator[Row]:
        for purpose, label, count in (
            ("music", "音乐教室", self.music_rooms),
            ("fine_art", "美术教室", self.fine_art_rooms),
        ):
            for number in range(1, count + 1):
                name = f"{label}{number}"
                yield {"school_id": self.school_id, "room_name": name, "purpose": purpose, "area": _ROOM_AREA}


def _stage(school_id: str, entry: OpenedStage) -> Row:
    """Its teachers hold certificates and are trained, as hired teachers are taken to be."""
    others = entry.teachers - entry.above_standard
    below = {"associate_teacher_count": 0, "below_associate_teacher_count": others}
    if entry.stage is Stage.JUNIOR:
        below = {"associate_teacher_count": others, "below_associate_teacher_count": 0}
    return {
        "school_id": school_id,
        "stage": entry.stage.value,
        "student_count": 0,
        "grade_count": len(_GRADES[entry.stage]),
        "class_count": entry.classes,
        "staff_count": entry.teachers,
        "full_time_teacher_count": entry.teachers,
        "doctor_teacher_count": 0,
        "master_teacher_count": 0,
        "bachelor_teacher_count": entry.above_standard,
        **below,
        "backbone_teacher_count": entry.backbone,
        "pe_teacher_count": entry.pe_teachers,
        "music_teacher_count": entry.music_teachers,
        "fine_art_teacher_count": entry.fine_art_teachers,
        "art_teacher_count": 0,
        "is_art_count_total": False,
        "certified_teacher_count": entry.teachers,
        "trained_teacher_count": entry.teachers,
        "in_catchment_student_count": 0,
    }


def _classes(school_id: str, entry: OpenedStage) -> Iterator[Row]:
    """As many classes as are told, grade by grade from the lowest, so that every grade has one before another has two."""
    grades = _GRADES[entry.stage]
    for place in range(entry.classes):
        turn, grade = divmod(place, len(grades))
        yield {
            "school_id": school_id,
            "stage": entry.stage.value,
            "grade": grades[grade],
            "class_name": f"{turn + 1}班",
            "student_count": 0,
        }


def with_new_pupils(
    opening: OpenedSchool, keys: list[RowKey], draws: Draws, planned: Mapping[RowKey, int]
) -> tuple[list[RowKey], Draws]:
    """Simulated pupils (D×len(keys)) with the new school's: from every school that gives the planned share of its pupils.

    `planned` are the pupils of the plan after the opening. Stages that give and are in no simulation stay as planned.
    """
    made = draws.astype(np.float64)
    columns: dict[str, Draws] = {}
    for (giver, stage), count in opening.comes_from.items():
        left = planned[giver, stage]
        if (giver, stage) not in keys or not left + count:
            moved = np.full(len(made), float(count))
        else:
            place = keys.index((giver, stage))
            moved = np.rint(made[:, place] * count / (left + count))
            made[:, place] -= moved
        columns[stage] = columns.get(stage, np.zeros(len(made))) + moved
    new = [(opening.school_id, stage) for stage in columns]
    return [*keys, *new], np.column_stack([made, *columns.values()])


def openings_of(values: Mapping[str, Any]) -> tuple[OpenedSchool, ...]:
    """The schools of accepted rows of the tables `openings`, `opening_stages` and `opening_sources`."""
    return tuple(_opened(row, values["opening_stages"], values["opening_sources"]) for row in values["openings"])


_OPTIONAL = ("township", "zone")
_KEPT = ("school_id", "name", "school_type", "area_type", "township", "zone", "year", "source", "department")
_AMOUNTS = ("floor_area", "sports_area", "equipment", "multimedia_rooms", "music_rooms", "fine_art_rooms")
_COUNTS = (
    "capacity",
    "classes",
    "teachers",
    "above_standard",
    "backbone",
    "pe_teachers",
    "music_teachers",
    "fine_art_teachers",
)


def _opened(row: Row, stages: list[Row], sources: list[Row]) -> OpenedSchool:
    school = row["school_id"]
    same: dict[str, Any] = {name: row[name] for name in (*_KEPT, *_AMOUNTS)}
    same.update({name: row[name] or "" for name in _OPTIONAL})
    return OpenedSchool(
        **same,
        is_decided=row["decision"] == "decided",
        fen=row["amount"],
        stages=tuple(
            OpenedStage(Stage(entry["stage"]), **{name: entry[name] for name in _COUNTS})
            for entry in stages
            if entry["school_id"] == school
        ),
        comes_from={
            (entry["giver_id"], entry["stage"]): entry["pupils"] for entry in sources if entry["school_id"] == school
        },
    )


def rows_of_openings(openings: tuple[OpenedSchool, ...]) -> dict[str, list[Row]]:
    """The rows of the three tables; `openings_of` gives the same schools back."""
    return {
        "openings": [
            {
                **{name: getattr(entry, name) or None if name in _OPTIONAL else getattr(entry, name) for name in _KEPT},
                **{name: getattr(entry, name) for name in _AMOUNTS},
                "decision": "decided" if entry.is_decided else "compare",
                "amount": entry.fen,
            }
            for entry in openings
        ],
        "opening_stages": [
            {
                "school_id": entry.school_id,
                "stage": own.stage.value,
                **{name: getattr(own, name) for name in _COUNTS},
            }
            for entry in openings
            for own in entry.stages
        ],
        "opening_sources": [
            {"school_id": entry.school_id, "giver_id": giver, "stage": stage, "pupils": count}
            for entry in openings
            for (giver, stage), count in entry.comes_from.items()
        ],
    }
