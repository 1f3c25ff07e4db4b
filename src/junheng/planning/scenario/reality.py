"""Next year: what a plan wanted by now, and what the facts show; and what was paid for but cannot show yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from junheng.core.errors import InputError
from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.verdict import Outcome, Verdict
from junheng.planning.plan.futures import facts_of_year, plain_tables
from junheng.planning.plan.measures import MATERIALS, SPECS, Measure
from junheng.planning.scenario.changes import ages_of
from junheng.planning.scenario.quantities import QUANTITIES, Quantity, quantities_of

_YUAN_IN_WAN = 10_000


class State(StrEnum):
    """How far something is."""

    DONE = "done"
    LATE = "late"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"done": "已完成", "late": "未完成", "unknown": "没有数据"}[self.value]


@dataclass(frozen=True, slots=True)
class Progress:
    """One thing of one school: what it had, what the plan wanted by now, and what it has (None: not told).

    `lacks` is what is missing to the plan, in `unit` (0 when done); `money` what that costs at the prices of the plan, in 万元
    (None: it has no price for it).
    """

    school_id: str
    school_name: str
    stage: str
    quantity: Quantity
    before: float | None
    planned: float | None
    real: float | None
    state: State
    lacks: float
    money: float | None


@dataclass(frozen=True, slots=True)
class Underway:
    """Something paid for that will show in a later year: `amount` in the measure's unit."""

    school_id: str
    school_name: str
    measure: Measure
    amount: int
    ends: date


@dataclass(frozen=True)
class Reality:
    """A plan and the facts of one of its years side by side.

    `passing` and `spreads_broken` are (planned, real), None where the facts were not judged. `pupils` are (planned, real) of the
    schools whose plan names them. `underway` is left out of `rows`.
    """

    year: int
    title: str
    plan_digest: str
    rows: tuple[Progress, ...]
    pupils: tuple[int, int]
    passing: tuple[int, int] | None
    spreads_broken: tuple[int, int] | None
    underway: tuple[Underway, ...]

    @property
    def late(self) -> tuple[Progress, ...]:
        """What is not done, dearest first."""
        found = [entry for entry in self.rows if entry.state is State.LATE]
        return tuple(sorted(found, key=lambda entry: (-(entry.money or 0.0), entry.school_id, entry.quantity.id)))

    @property
    def text(self) -> str:
        """One Chinese sentence."""
        done = sum(entry.state is State.DONE for entry in self.rows)
        text = f"到 {self.year} 年，计划的 {len(self.rows)} 项变化已完成 {done} 项，未完成 {len(self.late)} 项"
        if self.passing is not None:
            text += f"；达标校段计划 {self.passing[0]} 个，实际 {self.passing[1]} 个"
        return text + "。"


def against_plan(previous: Mapping[str, Any], facts: Facts, verdict: Verdict | None = None) -> Reality:
    """Compares a plan's data (`plan_data`) with the facts of one of its years; `verdict` is core's on these facts.

    InputError when the data are no plan, are of another county, or do not cover the year of the facts.
    """
    year = require_plan(previous, facts)
    have, names = quantities_of(facts), _names(previous)
    rows = tuple(
        _progress(entry, year, previous, have, names) for entry in previous["expected"] if _is_due(entry, year)
    )
    planned = next(entry for entry in previous["years"] if entry["year"] == year)
    passing = broken = None
    if verdict is not None:
        passing = (planned["passing"], sum(entry.outcome is Outcome.MET for entry in verdict.schools))
        broken = (
            planned["spreads_broken"],
            sum(entry.outcome is Outcome.NOT_MET for entry in verdict.dispersion),
        )
    return Reality(
        year=year,
        title=previous["title"],
        plan_digest=previous["plan_digest"],
        rows=rows,
        pupils=_pupils(previous, facts, year),
        passing=passing,
        spreads_broken=broken,
        underway=underway(previous, facts),
    )


def underway(previous: Mapping[str, Any], facts: Facts) -> tuple[Underway, ...]:
    """What the plan began by the year of the facts and what shows only after it: buildings with a lead time, above all."""
    year = require_plan(previous, facts)
    lasting = {measure.value for measure in MATERIALS}
    return tuple(
        Underway(
            task["school_id"],
            task["school_name"],
            Measure(task["measure"]),
            task["amount"],
            date.fromisoformat(task["ends"]),
        )
        for task in previous["tasks"]
        if previous["base_year"] < task["year"] <= year < date.fromisoformat(task["ends"]).year
        and task["measure"] in lasting
    )


def with_underway(facts: Facts, begun: tuple[Underway, ...], dictionary: FieldDictionary) -> Facts:
    """The facts as if everything under way were finished, so that a new plan does not pay for it again.

    Schools that the facts do not hold any more, and values that they do not tell, stay as they are.
    """
    tables = plain_tables(facts, dictionary)
    schools = {row["school_id"]: row for row in tables["schools"]}
    for entry in begun:
        spec = SPECS[entry.measure]
        row = schools.get(entry.school_id, {})
        if row.get(spec.field) is not None:
            row[spec.field] += entry.amount * spec.scale
    return facts_of_year(facts, tables, dictionary, facts.year)


def remaining_scenario(previous: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """The plan's scenario (its data) for the years after the facts.

    Milestones and hiring of years that are over are left out, as are schools that have opened since; what was fixed for a school
    is what its tasks up to now leave of it; teachers are older by the years that have passed, and who has retired is gone.
    """
    year, data = require_plan(previous, facts), dict(previous["scenario"])
    done: dict[tuple[str, str], int] = {}
    for task in previous["tasks"]:
        if task["year"] <= year:
            arrives = task["measure"] == Measure.MOVE_TEACHER and not task["is_leaving"]
            sign = -1 if arrives else 1  # moves are fixed as those who leave less those who come
            key = (task["school_id"], task["measure"])
            done[key] = done.get(key, 0) + sign * task["amount"]
    fixed = [
        {**row, "amount": max(0, row["amount"] - done.get((row["school_id"], row["measure"]), 0))}
        for row in data.get("fixed", ())
    ]
    milestones = [row for row in data.get("milestones", ()) if row["year"] > year]
    later = {
        "fixed": fixed,
        "milestones": milestones,
        **_without_opened(data, facts),
        **_teachers_later(data, previous, year),
    }
    return {**data, **{name: rows for name, rows in later.items() if rows or name in data}}


def _without_opened(data: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """The tables of new schools without those that the facts hold by now."""
    there = set(facts.table("schools")["school_id"].to_list())
    tables = ("openings", "opening_stages", "opening_sources")
    return {name: [row for row in data.get(name, ()) if row["school_id"] not in there] for name in tables}


def _teachers_later(data: Mapping[str, Any], previous: Mapping[str, Any], year: int) -> dict[str, Any]:
    """Ages and hiring as they stand some years later."""
    passed = year - previous["base_year"]
    retires = {row["group"]: row["age"] for row in data.get("retirement_ages", ())}
    ages = []
    for row in data.get("teacher_ages", ()):
        older = {age + passed: count for age, count in ages_of(row["ages"]).items()}
        kept = {age: count for age, count in older.items() if age < retires[row["group"]]}
        ages.append({**row, "ages": ";".join(f"{age}={count}" for age, count in kept.items())})
    return {
        "teacher_ages": [row for row in ages if row["ages"]],
        "hiring": [row for row in data.get("hiring", ()) if row["year"] > year],
    }


def require_plan(previous: Mapping[str, Any], facts: Facts) -> int:
    """The year of the facts. InputError when the data are no plan, are of another county, or do not cover that year."""
    wanted = {"format", "county_code", "base_year", "years", "tasks", "schools", "expected", "title", "plan_digest"}
    lacking = sorted(wanted - set(previous))
    if lacking:
        raise InputError(
            "这不是一份有方案的 plan.json（缺少 " + "、".join(lacking) + "）。请给上次规划写出的 plan.json。"
        )
    if previous["county_code"] != facts.county_code:
        raise InputError(f"上次的方案是 {previous['county_name']} 的，与数据的 {facts.county_name} 不是同一个县。")
    years = [entry["year"] for entry in previous["years"]]
    if facts.year not in years or facts.year == previous["base_year"]:
        listed = "、".join(str(year) for year in years if year != previous["base_year"])
        raise InputError(f"数据是 {facts.year} 年的，上次的方案只安排了 {listed} 年，无法对照。")
    return facts.year


def _names(previous: Mapping[str, Any]) -> dict[str, str]:
    return {entry["school_id"]: entry["school_name"] for entry in previous["schools"]}


def _is_due(entry: Mapping[str, Any], year: int) -> bool:
    """Whether the plan changes this by that year."""
    values = list(entry["values"].values())
    return entry["quantity"] in QUANTITIES and entry["values"].get(str(year)) not in (values[0], None)


def _progress(
    entry: Mapping[str, Any],
    year: int,
    previous: Mapping[str, Any],
    have: Mapping[tuple[str, str, str], float],
    names: Mapping[str, str],
) -> Progress:
    school, stage, quantity = entry["school_id"], entry["stage"], QUANTITIES[entry["quantity"]]
    before, planned = next(iter(entry["values"].values())), entry["values"][str(year)]
    real = have.get((school, stage, quantity.id))
    lacks, state = 0.0, State.UNKNOWN
    if real is not None:
        rises = before is None or planned > before
        lacks = max(0.0, planned - real) if rises else 0.0
        is_done = real >= planned if rises else real <= planned or not _gives(previous, school, stage, year)
        state = State.DONE if is_done else State.LATE
    price = previous["scenario"]["prices"].get(quantity.measure.value)
    money = None if price is None else round(lacks * price / _YUAN_IN_WAN, 6)
    return Progress(school, names.get(school, school), stage, quantity, before, planned, real, state, lacks, money)


def _gives(previous: Mapping[str, Any], school: str, stage: str, year: int) -> bool:
    """Whether the plan takes teachers away from a school stage by that year; else fewer of them are no task."""
    return any(
        task["is_leaving"] and (task["school_id"], task["stage"]) == (school, stage) and task["year"] <= year
        for task in previous["tasks"]
    )


def _pupils(previous: Mapping[str, Any], facts: Facts, year: int) -> tuple[int, int]:
    real = {
        (row["school_id"], row["stage"]): row["student_count"] or 0 for row in facts.table("stages").rows(named=True)
    }
    pairs = list(_planned_pupils(previous, year))
    return sum(count for _, count in pairs), sum(real.get(key, 0) for key, _ in pairs)


def _planned_pupils(previous: Mapping[str, Any], year: int) -> Iterator[tuple[tuple[str, str], int]]:
    for school in previous["schools"]:
        for stage in school["stages"]:
            count = stage["pupils"].get(str(year))
            if count is not None:
                yield (school["school_id"], stage["stage"]), count
