"""Invented counties for the planner's benchmarks: demo counties of other seeds, put together and made more uneven."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from junheng.core.facts import Facts, facts_from_rows
from junheng.demo.county import build_demo_county
from junheng.planning.plan.futures import plain_tables, same_pupils
from junheng.planning.plan.limits import COUNTY_SOURCE, Limits, Prices
from junheng.planning.plan.measures import HIRES, Measure
from junheng.planning.plan.problem import Problem
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard

WAN = 1_000_000  # 分 in 万元
YEARLY_MONEY = 100  # 万元 per school
SPREAD = {
    "outdoor_sports_area": 0.55,
    "multimedia_classroom_count": 0.5,
    "equipment_value": 0.5,
    "teaching_floor_area": 0.35,
}
PRICES = {
    Measure.MOVE_TEACHER: WAN // 2,
    Measure.HIRE_TEACHER: 9 * WAN,
    Measure.HIRE_PE_ART_TEACHER: 9 * WAN,
    Measure.UPGRADE_DEGREE: WAN,
    Measure.GRANT_BACKBONE: 2 * WAN,
    Measure.TRAIN_PE_ART: 3 * WAN // 2,
    Measure.BUILD_FLOOR_AREA: 3 * WAN // 10,
    Measure.BUILD_SPORTS_AREA: WAN // 20,
    Measure.BUY_EQUIPMENT: 100,
    Measure.FIT_MULTIMEDIA_ROOM: 5 * WAN,
}


def uneven_county(seed: int, parts: int = 1, every: int = 1) -> Facts:
    """A county of `parts` × 120 schools whose premises, equipment and backbone teachers are more uneven than the demo's.

    With `every`, only each so many-th school is kept. The same seed gives the same county; the ids of the parts do not clash.
    """
    random = np.random.default_rng(seed)
    tables: dict[str, list[dict[str, Any]]] = {}
    first: Facts | None = None
    for part in range(parts):
        facts = build_demo_county(seed * 100 + part).facts
        first = first or facts
        for name, rows in plain_tables(facts, load_dictionary()).items():
            kept = [_renamed(row, part) for row in rows if part == 0 or "school_id" in row]
            tables.setdefault(name, []).extend(kept)
    assert first is not None
    kept_ids = {row["school_id"] for row in tables["schools"][::every]}
    for name, rows in tables.items():
        tables[name] = [row for row in rows if row.get("school_id", "") in kept_ids or "school_id" not in row]
    for row in tables["schools"]:
        _stretch(row, random)
    for row in tables["stages"]:
        _stretch_backbone(row, random)
    tables["county"][0]["rotation_eligible_count"] *= parts
    scope = {"county_code": first.county_code, "county_name": first.county_name, "year": first.year}
    return facts_from_rows(load_dictionary(), rows=tables, **scope)  # type: ignore[arg-type]


def uneven_problem(facts: Facts, years: int = 4) -> Problem:
    """The question of the benchmarks: the resource rules of the national standard after so many years.

    Classes, rooms and rotation cost every plan the same, so they are left out; every year has the same money, far from enough to
    do everything in the last year.
    """
    base, schools = facts.year, len(facts.table("schools"))
    asked = range(base + 1, base + years + 1)
    limits = Limits(
        allowed=frozenset(PRICES),
        moves_out=3,
        moves_in=4,
        budgets={(year, COUNTY_SOURCE): YEARLY_MONEY * schools * WAN for year in asked},
        per_year={measure: max(1, schools // 2) for measure in (Measure.GRANT_BACKBONE, *HIRES)},
        with_rotation=False,
    )
    return Problem(
        facts=facts,
        standard=load_standard("cn-2017-quality-balance"),
        dictionary=load_dictionary(),
        pupils=same_pupils(facts, asked),
        prices=Prices(PRICES, Fraction(3, 100)),
        limits=limits,
        target_year=base + years,
    )


def _renamed(row: Mapping[str, Any], part: int) -> dict[str, Any]:
    made = dict(row)
    for name in ("school_id", "parent_school_id"):
        if part and made.get(name):
            made[name] = f"{80 + part}{made[name][2:]}"
    return made


def _stretch(row: dict[str, Any], random: np.random.Generator) -> None:
    for name, sigma in SPREAD.items():
        factor = float(np.exp(random.normal(0.0, sigma)))
        if row[name] is not None:
            row[name] = round(row[name] * factor)
    if row["indoor_sports_area"] is not None:
        row["teaching_floor_area"] = max(row["teaching_floor_area"] or 0, row["indoor_sports_area"])


def _stretch_backbone(row: dict[str, Any], random: np.random.Generator) -> None:
    factor = float(np.exp(random.normal(0.0, 0.6)))
    row["backbone_teacher_count"] = min(
        round(row["backbone_teacher_count"] * factor), row["full_time_teacher_count"] // 2
    )
