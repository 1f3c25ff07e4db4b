"""What a school has of everything that measures change, in human units: what a plan expects, and what a later year shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from junheng.core.facts import Facts
from junheng.core.stages import STAGES_OF_TYPE
from junheng.planning.plan.county import trait_counts
from junheng.planning.plan.measures import Measure

QuantityKey = tuple[str, str, str]  # (school id, stage or "", quantity)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that a school has: name, unit, canonical units per unit, and the measure that raises it."""

    id: str
    label: str
    unit: str
    scale: int
    measure: Measure


_OF_SCHOOL = (
    Quantity("teaching_floor_area", "教学及辅助用房面积", "㎡", 100, Measure.BUILD_FLOOR_AREA),
    Quantity("outdoor_sports_area", "室外运动场地面积", "㎡", 100, Measure.BUILD_SPORTS_AREA),
    Quantity("equipment_value", "教学仪器设备值", "元", 100, Measure.BUY_EQUIPMENT),
    Quantity("multimedia_classroom_count", "网络多媒体教室", "间", 1, Measure.FIT_MULTIMEDIA_ROOM),
)
_OF_ROOMS = (
    Quantity("music", "音乐教室", "间", 1, Measure.FIT_MUSIC_ROOM),
    Quantity("fine_art", "美术教室", "间", 1, Measure.FIT_FINE_ART_ROOM),
)
_OF_STAGE = (
    Quantity("full_time_teacher_count", "专任教师", "人", 1, Measure.HIRE_TEACHER),
    Quantity("class_count", "班级", "个", 1, Measure.OPEN_CLASS),
)
_OF_TRAITS = (
    Quantity("above_standard", "高于规定学历教师", "人", 1, Measure.UPGRADE_DEGREE),
    Quantity("backbone", "骨干教师", "人", 1, Measure.GRANT_BACKBONE),
    Quantity("pe_and_art", "体育、艺术教师", "人", 1, Measure.TRAIN_PE_ART),
)
QUANTITIES: Mapping[str, Quantity] = {entry.id: entry for entry in (*_OF_SCHOOL, *_OF_ROOMS, *_OF_STAGE, *_OF_TRAITS)}


def quantities_of(facts: Facts) -> dict[QuantityKey, float]:
    """Everything that the judged kinds of schools have, by school, stage ("" for the whole school) and quantity.

    What the facts do not tell is left out.
    """
    schools = {
        row["school_id"]: row for row in facts.table("schools").rows(named=True) if row["school_type"] in STAGES_OF_TYPE
    }
    found: dict[QuantityKey, float] = {}
    for school, row in schools.items():
        found.update({(school, "", name): value for name, value in _scaled(row, _OF_SCHOOL)})
    found.update(_rooms(facts, schools))
    for row in facts.table("stages").rows(named=True):
        if row["school_id"] in schools:
            traits = dict(zip((entry.id for entry in _OF_TRAITS), trait_counts(row, row["stage"]), strict=True))
            for name, value in _scaled({**row, **traits}, (*_OF_STAGE, *_OF_TRAITS)):
                found[row["school_id"], row["stage"], name] = value
    return found


def _scaled(row: Mapping[str, Any], entries: tuple[Quantity, ...]) -> Iterator[tuple[str, float]]:
    for entry in entries:
        if row[entry.id] is not None:
            yield entry.id, row[entry.id] / entry.scale


def _rooms(facts: Facts, schools: Mapping[str, Any]) -> dict[QuantityKey, float]:
    rows = facts.table("rooms").rows(named=True)
    if not rows:
        return {}
    found = {(school, "", entry.id): 0.0 for school in schools for entry in _OF_ROOMS}
    for row in rows:
        key = (row["school_id"], "", row["purpose"])
        if key in found:
            found[key] += 1
    return found
