"""Invented counties for Hypothesis: small, awkward, and full of ties.

A county is plain rows in canonical units. Most numbers are drawn around what the standards ask for: exactly at a threshold or
its 85 % line, one unit below, zero, missing, or very large. `tied_counties` plants coefficients exactly at a limit.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

from junheng.core.facts import Facts, facts_from_rows
from junheng.readers.dictionary import load_dictionary
from tests.oracle.resource_oracle import STAGES_OF_TYPE

YEAR = 2025
Row = dict[str, Any]

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


pupils = st.one_of(
    st.sampled_from([0, 1, 49, 50, 99, 100, 200, 500, 1000, 2000, 20_000]), st.integers(min_value=1, max_value=3000)
)
near = st.sampled_from([0, 0, 0, -1, 1])


@st.composite
def _amount(draw: st.DrawFn, kind: str, heads: Fraction, gap: int) -> int | None:
    """An amount for so many (weighted) heads; missing once in `gap` draws (0: never)."""
    what = draw(st.integers(min_value=0, max_value=19))
    if gap and draw(st.integers(min_value=0, max_value=gap - 1)) == gap - 1:
        return None
    if what == 0:
        return 0
    if what == 1:
        return HUGE.get(kind, 60)
    exact = draw(st.sampled_from(PER_PUPIL[kind])) * draw(st.sampled_from(RATES)) * heads
    up = draw(st.booleans())
    return max(0, (ceil(exact) if up else floor(exact)) + draw(near))


@st.composite
def _split(draw: st.DrawFn, total: int | None, names: tuple[str, ...], suffix: str) -> Row:
    """A total as parts that sum to it; when it is missing, one of the parts is."""
    keys = [f"{name}{suffix}" for name in names]
    if total is None:
        row: Row = dict.fromkeys(keys, 1)
        row[draw(st.sampled_from(keys))] = None
        return row
    cuts = sorted(draw(st.integers(min_value=0, max_value=total)) for _ in keys[1:])
    return {key: high - low for key, low, high in zip(keys, [0, *cuts], [*cuts, total], strict=True)}


@st.composite
def _stage(draw: st.DrawFn, school_id: str, stage: str, heads: int | None, gap: int) -> Row:
    base = Fraction(heads or 100)
    row: Row = {"school_id": school_id, "stage": stage, "student_count": heads}
    row |= draw(_split(draw(_amount("degrees", base, gap)), DEGREES, "_teacher_count"))
    arts = draw(_amount("arts", base, gap))
    row |= draw(_split(arts, ARTS, "_teacher_count"))
    row["is_art_count_total"] = draw(st.sampled_from([None, False, True]))
    row["backbone_teacher_count"] = draw(_amount("backbone", base, gap))
    row["full_time_teacher_count"] = draw(_amount("teachers", base, gap))
    row["titled_teacher_count"] = draw(_amount("titled", base, gap))
    visiting = draw(st.sampled_from([None, 0, 1, 2]))
    return row | {f"visiting_{name}_teacher_count": visiting for name in ARTS}


@st.composite
def _school(draw: st.DrawFn, school_id: str, gap: int) -> tuple[Row, list[Row]]:
    kind = draw(st.sampled_from((*TYPES, *STAGES_OF_TYPE, *STAGES_OF_TYPE, None) if gap else TYPES))
    names = [stage.value for stage in STAGES_OF_TYPE.get(str(kind), ())] or ["primary", "junior"]
    if len(names) > 1:
        reported = draw(st.sampled_from([names, names, names, names, names[:1], names[1:], []]))
    else:
        reported = names if draw(st.integers(min_value=0, max_value=11)) else []
    if not gap:
        reported = names
    elif kind != "teaching_point" and not draw(st.integers(min_value=0, max_value=30)):
        reported = ["primary", "junior"]  # whatever the type says; a teaching point is its one stage
    heads: dict[str, int | None] = {name: draw(pupils) for name in reported}
    if gap and heads and draw(st.integers(min_value=0, max_value=9)) == 9:
        heads[reported[0]] = None
    senior = draw(pupils) if kind in ("full_secondary_school", "twelve_year_school") else None
    if gap and draw(st.integers(min_value=0, max_value=9)) == 9:
        senior = None
    weighted = Fraction(heads.get("primary") or 0)
    weighted += (heads.get("junior") or 0) * Fraction(11, 10) + (senior or 0) * Fraction(132, 100)
    base = weighted or Fraction(100)
    sports = draw(_amount("sports", base, gap))
    indoor: int | None = draw(st.sampled_from([0, 10_000 if sports is None else min(10_000, sports)]))
    if gap and draw(st.integers(min_value=0, max_value=gap - 1)) == gap - 1:
        indoor = None
    rooms = draw(_amount("floor", base, gap))
    school: Row = {
        "school_id": school_id,
        "school_name": f"示例学校{school_id}",
        "school_type": kind,
        "ownership": draw(st.sampled_from(["public", "public", "public", "private", *([None] if gap else [])])),
        "organiser_type": draw(st.sampled_from(["7", "7", "7", "8", "10", *([None] if gap else [])])),
        "area_type": draw(st.sampled_from(["rural", "rural", "town", "urban", *([None] if gap else [])])),
        "is_dense_inner_city": draw(st.sampled_from([None, False, True])),
        "senior_student_count": senior,
        "teaching_floor_area": None if rooms is None else rooms + (indoor or 0),
        "indoor_sports_area": indoor,
        "outdoor_sports_area": None if sports is None else sports - (indoor or 0),
        "converted_sports_area": draw(st.sampled_from([None, 0, 5000])),
        "leased_sports_area": draw(st.sampled_from([0, 0, 123_456])),
        "equipment_value": draw(_amount("equipment", base, gap)),
        "multimedia_classroom_count": draw(_amount("multimedia", base, gap)),
        "computer_count": draw(_amount("computers", base, gap)),
        "book_count": draw(_amount("books", base, gap)),
    }
    return school, [draw(_stage(school_id, name, heads[name], gap)) for name in reported]


@st.composite
def counties(draw: st.DrawFn, code: str = "990101") -> County:
    """0 to 12 schools of all types, with or without gaps in the facts."""
    gap = draw(st.sampled_from([0, 0, 60, 12]))
    count = draw(st.sampled_from([0, 1, 2, 2, 3, 4, 6, 9, 12]))
    pairs = [draw(_school(f"{code}{index:04d}", gap)) for index in range(count)]
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


@st.composite
def tied_counties(draw: st.DrawFn, code: str = "990202") -> County:
    """Pairs of equal schools with amounts (1 ± c)·m: the coefficient is exactly c, or one unit beside it.

    Two equal groups at a distance of c·m from their mean m have the standard deviation c·m. The c of the amounts are the limits
    0.50 and 0.45, or limits of the composite (0.65, 0.55) moved apart by as much up as down, so that their mean is the limit.
    """
    schools: list[Row] = []
    stages: list[Row] = []
    for stage, each, all_of_them in (("primary", 50, 65), ("junior", 45, 55)):
        limit = draw(st.sampled_from([each, all_of_them]))
        shift = draw(st.integers(min_value=0, max_value=20))
        signs = [1, -1, 1, -1, 1, -1, 1, -1, 0, 0, 0]
        by_kind = {kind: limit + sign * shift for kind, sign in zip(_COMPOSITE_FIRST, signs, strict=True)}
        heads = draw(pupils.filter(bool))
        scale = {kind: draw(st.sampled_from([1, 2, 7, 1000])) for kind in PER_PUPIL}
        for index in range(2 * draw(st.sampled_from([1, 1, 2, 3]))):
            side = 1 if index % 2 else -1
            amounts = {kind: scale[kind] * (100 + side * c) for kind, c in by_kind.items()}
            nudged = draw(st.sampled_from([None, None, None, *PER_PUPIL]))
            if nudged is not None and index == 0:
                amounts[nudged] += draw(st.sampled_from([-1, 1]))
            school, row = _even_school(f"{code}{stage[0]}{index:03d}", stage, heads, amounts)
            schools.append(school)
            stages.append(row)
    return County(code, tuple(schools), tuple(stages))
