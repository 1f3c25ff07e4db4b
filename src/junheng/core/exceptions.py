"""Transitional exceptions: which are switched on and in force, and what they mean for rooms and school size.

An effect answers one question about one school: does the exception apply (True, False, or None when the facts that would tell
are missing), and which easier limit would then hold. It never judges. The effects on resource indicators are expressions of
the resource engine; their parameters are read with `values_on` like all others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from junheng.core.errors import StandardError
from junheng.core.standard import Exception_, Parameter, Standard
from junheng.core.verdict import Reason

Values = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class ActiveException:
    """An exception that is switched on and in force, its parameters read for the day of judging."""

    id: str
    name: str
    effect: str
    applies_to: tuple[str, ...]
    values: Values


@dataclass(frozen=True, slots=True)
class SchoolTraits:
    """What the effects ask about a school; None where the fact is missing.

    `student_count` and `migrant_student_count` are persons in the compulsory stages; `is_integrated` means that primary and
    junior are taught under one roof, so that the limit of integrated schools holds.
    """

    school_type: str | None
    area_type: str | None
    built_year: int | None
    largest_class: int | None
    has_junior_stage: bool
    is_integrated: bool
    student_count: int | None
    migrant_student_count: int | None


@dataclass(frozen=True, slots=True)
class RoomRelief:
    """Whether smaller music and art rooms are allowed, the areas in ㎡, and the facts that were asked for (for messages)."""

    applies: bool | None
    music_area: Fraction
    fine_art_area: Fraction
    asks: str


@dataclass(frozen=True, slots=True)
class SizeRelief:
    """Whether a larger school is allowed, its limit in persons, and the facts that were asked for (for messages)."""

    applies: bool | None
    limit: Fraction
    asks: str


def smaller_rooms_for_old_schools(values: Values, school: SchoolTraits) -> RoomRelief:
    """Schools planned and built in `built_until` or before may have rooms of `music_area` and `fine_art_area` (㎡)."""
    applies = _at_most(school.built_year, values["built_until"])
    return RoomRelief(applies, values["music_area"], values["fine_art_area"], "规划建成年份")


def smaller_rooms_for_small_rural_schools(values: Values, school: SchoolTraits) -> RoomRelief:
    """Rural schools whose largest class stays below `largest_class_below` may have rooms of `primary_area` or `junior_area` (㎡).

    A school that also teaches junior grades is held to `junior_area`: its rooms are not reported per stage, and the larger
    area is the one that serves both.
    """
    is_small = None if school.largest_class is None else school.largest_class < values["largest_class_below"]
    area = values["junior_area"] if school.has_junior_stage else values["primary_area"]
    return RoomRelief(_both(_is_rural(school), is_small), area, area, "城乡类型、班级学生数")


def larger_size_for_old_or_migrant_schools(values: Values, school: SchoolTraits) -> SizeRelief:
    """Schools built in `built_until` or before, or with more than `migrant_share` migrant children, may be larger.

    `single_stage_limit` holds for schools of one stage, `nine_year_limit` for nine-year schools. Twelve-year schools are not
    named by the exception and get none.
    """
    is_old = _at_most(school.built_year, values["built_until"])
    is_migrant = _exceeds_share(school.migrant_student_count, school.student_count, values["migrant_share"])
    applies = _either(is_old, is_migrant)
    if school.is_integrated:
        is_nine_year = school.school_type == "nine_year_school"
        return SizeRelief(
            applies if is_nine_year else False, values["nine_year_limit"], "规划建成年份、随迁子女在校生数"
        )
    return SizeRelief(applies, values["single_stage_limit"], "规划建成年份、随迁子女在校生数")


ROOM_EFFECTS: Mapping[str, Callable[[Values, SchoolTraits], RoomRelief]] = {
    "smaller_rooms_for_old_schools": smaller_rooms_for_old_schools,
    "smaller_rooms_for_small_rural_schools": smaller_rooms_for_small_rural_schools,
}
SIZE_EFFECTS: Mapping[str, Callable[[Values, SchoolTraits], SizeRelief]] = {
    "larger_size_for_old_or_migrant_schools": larger_size_for_old_or_migrant_schools,
}
EFFECT_PARAMETERS: Mapping[str, frozenset[str]] = {
    "smaller_rooms_for_old_schools": frozenset({"built_until", "music_area", "fine_art_area"}),
    "smaller_rooms_for_small_rural_schools": frozenset({"largest_class_below", "primary_area", "junior_area"}),
    "larger_size_for_old_or_migrant_schools": frozenset(
        {"built_until", "migrant_share", "single_stage_limit", "nine_year_limit"}
    ),
}
"""The parameters each effect on items reads; a pack has to give exactly these."""


def values_on(parameters: Mapping[str, Parameter], day: date) -> dict[str, Fraction]:
    """The values in force on that day; a parameter without a row for the day is left out."""
    rows = {name: parameter.on(day) for name, parameter in parameters.items()}
    return {name: row.value for name, row in rows.items() if row is not None}


def active_exceptions(standard: Standard, day: date, enabled: frozenset[str]) -> tuple[ActiveException, ...]:
    """The exceptions that are switched on and in force that day, in the order of the standard.

    Raises StandardError when an id is not an exception of the standard or an effect on items lacks a parameter.
    """
    unknown = sorted(enabled - {entry.id for entry in standard.exceptions})
    if unknown:
        known = "、".join(entry.id for entry in standard.exceptions) or "(无)"
        raise StandardError(f"标准 {standard.id} 没有例外 {'、'.join(unknown)}。可以启用的例外:{known}。")
    in_force = [entry for entry in standard.exceptions if entry.id in enabled and entry.is_in_force(day)]
    return tuple(_activate(standard, entry, day) for entry in in_force)


def refused_exceptions(standard: Standard, day: date, enabled: frozenset[str]) -> Mapping[str, tuple[Reason, ...]]:
    """For each indicator or item id, why an exception that was switched on is not used on that day."""
    refused: dict[str, tuple[Reason, ...]] = {}
    for entry in standard.exceptions:
        if entry.id in enabled and not entry.is_in_force(day):
            reason = Reason(
                "exception-not-in-force", f"例外“{entry.name}”{_term(entry)},判定日 {day.isoformat()} 不适用,未采用。"
            )
            for target in entry.applies_to:
                refused[target] = (*refused.get(target, ()), reason)
    return refused


def _activate(standard: Standard, entry: Exception_, day: date) -> ActiveException:
    values = values_on(entry.params, day)
    missing = sorted(EFFECT_PARAMETERS.get(entry.effect, frozenset()) - set(values))
    if missing:
        raise StandardError(f"标准 {standard.id} 的例外 {entry.id} 在 {day.isoformat()} 缺少参数 {missing}。")
    return ActiveException(entry.id, entry.name, entry.effect, entry.applies_to, values)


def _term(entry: Exception_) -> str:
    until = f"至 {entry.until.isoformat()} " if entry.until else "起"
    return f"自 {entry.since.isoformat()} {until}有效"


def _is_rural(school: SchoolTraits) -> bool | None:
    return None if school.area_type is None else school.area_type == "rural"


def _at_most(value: int | None, limit: Fraction) -> bool | None:
    return None if value is None else value <= limit


def _exceeds_share(part: int | None, whole: int | None, share: Fraction) -> bool | None:
    return None if part is None or whole is None else part > share * whole


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def _either(first: bool | None, second: bool | None) -> bool | None:
    if first or second:
        return True
    return None if first is None or second is None else False
