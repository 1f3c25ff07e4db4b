"""Invented counties: small, awkward, and full of ties; drawn by Hypothesis one by one, or rolled by the hundred.

A county is plain rows in canonical units. Most numbers are drawn around what the standards ask for: exactly at a threshold or
its 85 % line, one unit below, zero, missing, or very large. `tied_county` plants coefficients exactly at a limit.

The same rules invent a county in both ways. Hypothesis takes ten times as long for it, and finds the smallest county that
fails; `rolled_counties` takes one seed from Hypothesis for all counties of a nation.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from junheng.core.facts import Facts, facts_from_rows
from junheng.readers.dictionary import load_dictionary
from tests.oracle.resource_oracle import STAGES_OF_TYPE

YEAR = 2025
Row = dict[str, Any]
Value = TypeVar("Value")

TYPES = (*STAGES_OF_TYPE, "special_school", "vocational_attached_class")
DEGREES = ("doctor", "master", "bachelor", "associate")
ARTS = ("pe", "music", "fine_art", "art")
PER_PUPIL: dict[
    str, tuple[Fraction, ...]
] = {  # canonical units per pupil: thresholds of the standards and other levels
    "degrees": (Fraction(42, 1000), Fraction(53, 1000), Fraction(1, 10)),
    "backbone": (Fraction(1, 100), Fraction(1, 50)),
    "arts": (Fraction(9, 1000), Fraction(2, 100)),
    "teachers": (Fraction(1, 19), Fraction(1, 13)),
    "titled": (Fraction(3, 100),),
    "floor": (Fraction(450), Fraction(580), Fraction(1000)),
    "sports": (Fraction(750), Fraction(1020), Fraction(2000)),
    "equipment": (Fraction(200_000), Fraction(250_000)),
    "multimedia": (Fraction(23, 1000), Fraction(24, 1000)),
    "computers": (Fraction(10, 100),),
    "books": (Fraction(20), Fraction(40)),
}
RATES = (Fraction(1), Fraction(1), Fraction(85, 100), Fraction(85, 100), Fraction(1, 2), Fraction(3, 2), Fraction(5))
HUGE = {"floor": 10**7, "sports": 10**7, "equipment": 10**9, "books": 10**6}


_BASIC = ("floor", "sports", "equipment", "computers", "books", "teachers", "degrees", "titled")
_COMPOSITE_FIRST = (*_BASIC, "arts", "backbone", "multimedia")


@dataclass(frozen=True)
class County:
    """The rows of one county."""

    code: str
    schools: tuple[Row, ...]
    stages: tuple[Row, ...]

    def facts(self) -> Facts:
        """The same as the engine's facts."""
        rows = {"schools": self.schools, "stages": self.stages}
        return facts_from_rows(load_dictionary(), county_code=self.code, county_name="示例县", year=YEAR, rows=rows)


class Chance(Protocol):
    """Where choices come from."""

    def pick(self, values: Sequence[Value]) -> Value:
        """One of the values."""

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""


@dataclass(frozen=True)
class Drawn:
    """Choices of Hypothesis, which makes them smaller when they fail."""

    draw: st.DrawFn

    def pick(self, values: Sequence[Value]) -> Value:
        """Drawn."""
        chosen: Value = values[self.draw(_wholes(0, len(values) - 1))]
        return chosen

    def whole(self, low: int, high: int) -> int:
        """Drawn."""
        return self.draw(_wholes(low, high))


@dataclass(frozen=True)
class Rolled:
    """Choices of a seed."""

    dice: random.Random

    def pick(self, values: Sequence[Value]) -> Value:
        """Rolled."""
        return self.dice.choice(values)

    def whole(self, low: int, high: int) -> int:
        """Rolled."""
        return self.dice.randint(low, high)


@cache
def _wholes(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(min_value=low, max_value=high)


HEADS = (0, 1, 49, 50, 99, 100, 200, 500, 1000, 2000, 20_000)
NEAR = (0, 0, 0, -1, 1)


def _heads(chance: Chance, *, least: int = 0) -> int:
    """A number of pupils: where a rule changes, or any."""
    if chance.pick((True, False)):
        return chance.pick([heads for heads in HEADS if heads >= least])
    return chance.whole(1, 3000)


def _is_one_in(chance: Chance, count: int) -> bool:
    return chance.whole(0, count - 1) == count - 1


def _amount(chance: Chance, kind: str, heads: Fraction, gap: int) -> int | None:
    """An amount for so many (weighted) heads; missing once in `gap` draws (0: never)."""
    what = chance.whole(0, 19)
    if gap and _is_one_in(chance, gap):
        return None
    if what == 0:
        return 0
    if what == 1:
        return HUGE.get(kind, 60)
    exact = chance.pick(PER_PUPIL[kind]) * chance.pick(RATES) * heads
    up = chance.pick((False, True))
    return max(0, (ceil(exact) if up else floor(exact)) + chance.pick(NEAR))


def _split(chance: Chance, total: int | None, names: tuple[str, ...], suffix: str) -> Row:
    """A total as parts that sum to it; when it is missing, one of the parts is."""
    keys = [f"{name}{suffix}" for name in names]
    if total is None:
        row: Row = dict.fromkeys(keys, 1)
        row[chance.pick(keys)] = None
        return row
    cuts = sorted(chance.whole(0, total) for _ in keys[1:])
    return {key: high - low for key, low, high in zip(keys, [0, *cuts], [*cuts, total], strict=True)}


def _stage(chance: Chance, school_id: str, stage: str, heads: int | None, gap: int) -> Row:
    base = Fraction(heads or 100)
    row: Row = {"school_id": school_id, "stage": stage, "student_count": heads}
    row |= _split(chance, _amount(chance, "degrees", base, gap), DEGREES, "_teacher_count")
    row |= _split(chance, _amount(chance, "arts", base, gap), ARTS, "_teacher_count")
    row["is_art_count_total"] = chance.pick((None, False, True))
    row["backbone_teacher_count"] = _amount(chance, "backbone", base, gap)
    row["full_time_teacher_count"] = _amount(chance, "teachers", base, gap)
    row["titled_teacher_count"] = _amount(chance, "titled", base, gap)
    visiting = chance.pick((None, 0, 1, 2))
    return row | {f"visiting_{name}_teacher_count": visiting for name in ARTS}


def _reported(chance: Chance, kind: str | None, gap: int) -> list[str]:
    """The stages that a school has a row for: those of its type, some of them, none, or whatever the type says."""
    names = [stage.value for stage in STAGES_OF_TYPE.get(str(kind), ())] or ["primary", "junior"]
    if not gap:
        return names
    if kind != "teaching_point" and _is_one_in(chance, 31):  # a teaching point is its one stage
        return ["primary", "junior"]
    if len(names) > 1:
        return chance.pick([names, names, names, names, names[:1], names[1:], []])
    return [] if _is_one_in(chance, 12) else names


def _school(chance: Chance, school_id: str, gap: int) -> tuple[Row, list[Row]]:
    kind: str | None = chance.pick((*TYPES, *STAGES_OF_TYPE, *STAGES_OF_TYPE, None) if gap else TYPES)
    reported = _reported(chance, kind, gap)
    heads: dict[str, int | None] = {name: _heads(chance) for name in reported}
    if gap and heads and _is_one_in(chance, 10):
        heads[reported[0]] = None
    senior = _heads(chance) if kind in ("full_secondary_school", "twelve_year_school") else None
    if gap and _is_one_in(chance, 10):
        senior = None
    weighted = Fraction(heads.get("primary") or 0)
    weighted += (heads.get("junior") or 0) * Fraction(11, 10) + (senior or 0) * Fraction(132, 100)
    school: Row = {
        "school_id": school_id,
        "school_name": f"示例学校{school_id}",
        "school_type": kind,
        "senior_student_count": senior,
        **_kinds(chance, gap),
        **_house(chance, weighted or Fraction(100), gap),
    }
    return school, [_stage(chance, school_id, name, heads[name], gap) for name in reported]


def _kinds(chance: Chance, gap: int) -> Row:
    """Who runs a school and where it stands."""
    unknown = [None] if gap else []
    return {
        "ownership": chance.pick(["public", "public", "public", "private", *unknown]),
        "organiser_type": chance.pick(["7", "7", "7", "8", "10", *unknown]),
        "area_type": chance.pick(["rural", "rural", "town", "urban", *unknown]),
        "is_dense_inner_city": chance.pick((None, False, True)),
    }


def _house(chance: Chance, base: Fraction, gap: int) -> Row:
    """Rooms, grounds and what stands in them, for so many weighted heads."""
    sports = _amount(chance, "sports", base, gap)
    indoor: int | None = chance.pick((0, 10_000 if sports is None else min(10_000, sports)))
    if gap and _is_one_in(chance, gap):
        indoor = None
    rooms = _amount(chance, "floor", base, gap)
    return {
        "teaching_floor_area": None if rooms is None else rooms + (indoor or 0),
        "indoor_sports_area": indoor,
        "outdoor_sports_area": None if sports is None else sports - (indoor or 0),
        "converted_sports_area": chance.pick((None, 0, 5000)),
        "leased_sports_area": chance.pick((0, 0, 123_456)),
        "equipment_value": _amount(chance, "equipment", base, gap),
        "multimedia_classroom_count": _amount(chance, "multimedia", base, gap),
        "computer_count": _amount(chance, "computers", base, gap),
        "book_count": _amount(chance, "books", base, gap),
    }


def any_county(chance: Chance, code: str) -> County:
    """0 to 12 schools of all types, with or without gaps in the facts."""
    gap = chance.pick((0, 0, 60, 12))
    count = chance.pick((0, 1, 2, 2, 3, 4, 6, 9, 12))
    pairs = [_school(chance, f"{code}{index:04d}", gap) for index in range(count)]
    return County(code, tuple(school for school, _ in pairs), tuple(row for _, rows in pairs for row in rows))


def _even_school(school_id: str, stage: str, heads: int, amounts: dict[str, int]) -> tuple[Row, Row]:
    """A public county school of one stage with exactly these canonical amounts."""
    school: Row = {
        "school_id": school_id,
        "school_name": f"示例学校{school_id}",
        "school_type": f"{stage}_school",
        "ownership": "public",
        "organiser_type": "7",
        "area_type": "town",
        "teaching_floor_area": amounts["floor"],
        "indoor_sports_area": 0,
        "outdoor_sports_area": amounts["sports"],
        "equipment_value": amounts["equipment"],
        "multimedia_classroom_count": amounts["multimedia"],
        "computer_count": amounts["computers"],
        "book_count": amounts["books"],
    }
    row: Row = {"school_id": school_id, "stage": stage, "student_count": heads, "is_art_count_total": False}
    row |= dict.fromkeys((f"{name}_teacher_count" for name in (*DEGREES, *ARTS)), 0)
    row |= {
        "bachelor_teacher_count": amounts["degrees"],
        "pe_teacher_count": amounts["arts"],
        "backbone_teacher_count": amounts["backbone"],
        "full_time_teacher_count": amounts["teachers"],
        "titled_teacher_count": amounts["titled"],
    }
    return school, row


def tied_county(chance: Chance, code: str) -> County:
    """Pairs of equal schools with amounts (1 ± c)·m: the coefficient is exactly c, or one unit beside it.

    Two equal groups at a distance of c·m from their mean m have the standard deviation c·m. The c of the amounts are the limits
    0.50 and 0.45, or limits of the composite (0.65, 0.55) moved apart by as much up as down, so that their mean is the limit.
    """
    schools: list[Row] = []
    stages: list[Row] = []
    for stage, each, all_of_them in (("primary", 50, 65), ("junior", 45, 55)):
        limit = chance.pick((each, all_of_them))
        shift = chance.whole(0, 20)
        signs = [1, -1, 1, -1, 1, -1, 1, -1, 0, 0, 0]
        by_kind = {kind: limit + sign * shift for kind, sign in zip(_COMPOSITE_FIRST, signs, strict=True)}
        heads = _heads(chance, least=1)
        scale = {kind: chance.pick((1, 2, 7, 1000)) for kind in PER_PUPIL}
        for index in range(2 * chance.pick((1, 1, 2, 3))):
            side = 1 if index % 2 else -1
            amounts = {kind: scale[kind] * (100 + side * c) for kind, c in by_kind.items()}
            nudged = chance.pick((None, None, None, *PER_PUPIL))
            if nudged is not None and index == 0:
                amounts[nudged] += chance.pick((-1, 1))
            school, row = _even_school(f"{code}{stage[0]}{index:03d}", stage, heads, amounts)
            schools.append(school)
            stages.append(row)
    return County(code, tuple(schools), tuple(stages))


@st.composite
def counties(draw: st.DrawFn, code: str = "990101") -> County:
    """Any county."""
    return any_county(Drawn(draw), code)


@st.composite
def tied_counties(draw: st.DrawFn, code: str = "990202") -> County:
    """A county with ties."""
    return tied_county(Drawn(draw), code)


def rolled_counties(seed: int, count: int) -> list[County]:
    """So many counties, every third with ties."""
    chance = Rolled(random.Random(seed))
    return [(any_county if n % 3 else tied_county)(chance, f"{990000 + n}") for n in range(count)]
