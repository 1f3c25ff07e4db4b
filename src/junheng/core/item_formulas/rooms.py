"""Music and art rooms: enough of them, each large enough (guarantee 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from junheng.core.exceptions import ROOM_EFFECTS
from junheng.core.item_formulas.inquiry import (
    SQUARE_METRE,
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    count_figure,
    number,
    over_schools,
)
from junheng.core.item_formulas.relief import RelievedTrial, Trial, settle, traits
from junheng.core.item_formulas.roll import Row, SchoolRecord
from junheng.core.verdict import Outcome, all_of

_PURPOSES = {"music": "音乐", "fine_art": "美术"}
_USES = (
    "stages.class_count",
    "classes.student_count",
    "rooms.purpose",
    "rooms.area",
    "schools.built_year",
    "schools.area_type",
)
_SOURCES = ("stages.class_count", "rooms.purpose", "rooms.area")
_NO_ROOMS = "音乐、美术教室登记(确无教室的,请登记一行、面积填 0)"


@dataclass(frozen=True, slots=True)
class _Supply:
    """Rooms of one purpose: needed, large enough for certain, perhaps large enough, and too small. `at_least` stands before what
    is needed where more may be."""

    label: str
    needed: int
    large: int
    uncertain: int
    small: tuple[tuple[str, int], ...]
    at_least: str = ""

    @property
    def lacking(self) -> int:
        """Rooms that are certainly missing."""
        return max(0, self.needed - self.large - self.uncertain)

    @property
    def outcome(self) -> Outcome:
        if self.lacking:
            return Outcome.NOT_MET
        return Outcome.MET if self.large >= self.needed else Outcome.CANNOT_TELL

    @property
    def text(self) -> str:
        names = "、".join(f"{name} {number(Fraction(area, SQUARE_METRE))}㎡" for name, area in self.small)
        small = f"(面积不足:{names})" if names else ""
        return f"{self.label}专用教室{self.at_least}应有 {self.needed} 间,面积达标 {self.large} 间,缺 {self.lacking} 间{small}"


@dataclass(frozen=True, slots=True)
class _Need:
    """Rooms of each purpose that a school needs, or needs at least where a stage's classes are not known."""

    rooms: int
    is_least: bool


def music_and_art_rooms(inquiry: Inquiry) -> FormulaResult:
    """Every school has ceil(classes / classes_per_room) music rooms and as many fine-art rooms, each large enough.

    Classes are those of the compulsory stages. Teaching points below `teaching_point_minimum` pupils, where it is given, are
    left out.
    A school without any room row is missing, not without rooms; a room without an area may be large enough.
    """
    tally = Tally()
    lacking = [0, 0]
    least = _least(inquiry.values["music_area"], inquiry.values["fine_art_area"])
    for school in over_schools(inquiry, tally):
        failed = None if _is_small_point(inquiry, school) else _judge_school(inquiry, tally, school, least)
        if failed is not None:
            lacking = [total + more for total, more in zip(lacking, failed.lacking, strict=True)]
    is_known = inquiry.roll.schools and not tally.missing
    short, music, fine_art = (value if is_known else None for value in (len(tally.failures), *lacking))
    return tally.result(
        (
            count_figure("schools_short_count", "音乐、美术专用教室不足的学校", short, "所", _SOURCES),
            count_figure("missing_music_room_count", "缺少的音乐专用教室", music, "间", _SOURCES),
            count_figure("missing_fine_art_room_count", "缺少的美术专用教室", fine_art, "间", _SOURCES),
        )
    )


FORMULAS = {"music_and_art_rooms": ItemFormula(music_and_art_rooms, _USES)}


def _is_small_point(inquiry: Inquiry, school: SchoolRecord) -> bool:
    minimum, students = inquiry.values.get("teaching_point_minimum"), school.student_count
    if minimum is None or students is None:
        return False
    return school.school_type == "teaching_point" and students < minimum


def _judge_school(inquiry: Inquiry, tally: Tally, school: SchoolRecord, least: tuple[int, int]) -> Trial | None:
    """Notes the school in the tally and gives the trial that failed, if one did. The classes that are known may already need more
    rooms than there are; that there are enough needs all of them."""
    classes = inquiry.roll.class_count(school)
    rooms = inquiry.roll.rooms.get(school.id)
    if rooms is None and classes != 0:
        tally.lack("班级数" if classes is None else _NO_ROOMS, school)
        return None
    known = inquiry.roll.least_class_count(school)
    need = _Need(ceil(known / inquiry.values["classes_per_room"]), is_least=classes is None)
    listed = rooms or ()
    strict = _trial(listed, need, least)
    return settle(tally, school, "间", strict, _relieved(inquiry, school, listed, need))


def _relieved(inquiry: Inquiry, school: SchoolRecord, rooms: Sequence[Row], need: _Need) -> Iterator[RelievedTrial]:
    for exception in inquiry.exceptions:
        effect = ROOM_EFFECTS.get(exception.effect)
        if effect is not None:
            relief = effect(exception.values, traits(inquiry, school))
            terms = f"音乐教室不小于 {number(relief.music_area)}㎡,美术教室不小于 {number(relief.fine_art_area)}㎡"
            trial = _trial(rooms, need, _least(relief.music_area, relief.fine_art_area))
            yield RelievedTrial(exception, relief.applies, relief.asks, terms, trial)


def _least(music_area: Fraction, fine_art_area: Fraction) -> tuple[int, int]:
    """The least areas in 0.01 ㎡, which areas are kept in."""
    return (ceil(music_area * SQUARE_METRE), ceil(fine_art_area * SQUARE_METRE))


def _trial(rooms: Sequence[Row], need: _Need, least: tuple[int, int]) -> Trial:
    supplies = [_supply(rooms, need, purpose, area) for purpose, area in zip(_PURPOSES, least, strict=True)]
    outcome = all_of(supply.outcome for supply in supplies)
    if need.is_least and outcome is not Outcome.NOT_MET:
        outcome = Outcome.CANNOT_TELL

    def describe() -> str:
        return ";".join(supply.text for supply in supplies if supply.lacking)

    asks = "班级数" if need.is_least else "教室用途或面积"
    return Trial(outcome, describe, tuple(supply.lacking for supply in supplies), asks)


def _supply(rooms: Sequence[Row], need: _Need, purpose: str, least: int) -> _Supply:
    """Counts the rooms of one purpose; a room without purpose or area counts as uncertain unless it is too small anyway."""
    sure = [room for room in rooms if room["purpose"] == purpose and room["area"] is not None]
    unsure = [
        room for room in rooms if room["purpose"] is None or (room["purpose"] == purpose and room["area"] is None)
    ]
    uncertain = sum(room["area"] is None or room["area"] >= least for room in unsure)
    small = tuple((room["room_name"], room["area"]) for room in sure if room["area"] < least)
    return _Supply(
        _PURPOSES[purpose], need.rooms, len(sure) - len(small), uncertain, small, "至少" if need.is_least else ""
    )
