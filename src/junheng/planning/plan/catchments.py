"""Pupils shifted between neighbouring schools, schools merged and schools opened: what the user allows, and what follows.

Each proposal is a question of its own, with other pupils or other facts, and is planned and judged like any other: pupils are
then data again, so the coefficients stay the cones that they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import asin, cos, radians, sin, sqrt

from junheng.core.findings import Finding
from junheng.core.standard import Stage
from junheng.planning.plan.futures import Row, facts_of_year, plain_tables
from junheng.planning.plan.limits import COUNTY_SOURCE, Limits, RowKey
from junheng.planning.plan.problem import Problem, error
from junheng.planning.plan.turnover import Turnover

_EARTH_METRES = 6_371_000
FEN_PER_WAN = 1_000_000
_TAKEN_ALONG = (
    "equipment_value",
    "computer_count",
    "book_count",
    "previous_year_student_count",
    "migrant_student_count",
)
Point = tuple[float, float]  # longitude and latitude in degrees


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two schools whose catchments touch, for one stage; `metres` between them where known."""

    first: str
    second: str
    stage: Stage
    metres: int | None = None


@dataclass(frozen=True)
class Catchments:
    """What may be changed about who goes where. Every number is the user's.

    `pairs`: between whom pupils may be shifted; `most_a_year`: pupils per pair and year; `step`: the smallest number that is
    shifted; `fen_per_pupil`: paid once for each; `farthest`: no pair farther apart in metres (None: no such limit; a pair without
    a distance is then left out); `largest`: no school stage grows beyond so many pupils by a shift (None: no such limit).
    """

    pairs: tuple[Neighbours, ...]
    most_a_year: int
    fen_per_pupil: int
    step: int = 10
    farthest: int | None = None
    largest: int | None = None

    @property
    def near(self) -> tuple[Neighbours, ...]:
        """The pairs that are near enough."""
        if self.farthest is None:
            return self.pairs
        return tuple(pair for pair in self.pairs if pair.metres is not None and pair.metres <= self.farthest)


@dataclass(frozen=True, slots=True)
class Shift:
    """So many pupils of a stage more in one school and fewer in another by the target year."""

    source: str
    target: str
    stage: Stage
    pupils: int


@dataclass(frozen=True, slots=True)
class Merger:
    """A school that is closed in the first year of the plan: its pupils and teachers go to another, with equipment and books.

    Buildings, grounds and fitted rooms stay behind unused; classes stay as they are. `fen`: paid once in that year.
    """

    closed: str
    into: str
    fen: int


@dataclass(frozen=True)
class NewSchool:
    """A school that is opened in `year` (0: the first year of the plan), as the user describes it: rows of the tables schools,
    stages, classes and rooms with what it has on that day, and how many pupils come to it from which school stage. `fen`: paid
    once in that year, from the budget of `source`. `zone`: where its teachers move, in a county with zones."""

    school: Row
    stages: tuple[Row, ...]
    comes_from: Mapping[RowKey, int] = field(default_factory=dict)
    fen: int = 0
    year: int = 0
    source: str = COUNTY_SOURCE
    zone: str = ""
    classes: tuple[Row, ...] = ()
    rooms: tuple[Row, ...] = ()

    def opens_in(self, problem: Problem) -> int:
        """The year in which it opens."""
        return self.year or problem.base_year + 1


def neighbours_within(points: Mapping[str, Point], stages: Iterable[RowKey], farthest: int) -> tuple[Neighbours, ...]:
    """All pairs of schools with the same stage that are at most so many metres apart in a straight line, by id."""
    found = []
    listed = sorted((stage, school) for school, stage in stages if school in points)
    for place, (stage, first) in enumerate(listed):
        for other, second in listed[place + 1 :]:
            metres = metres_between(points[first], points[second])
            if other == stage and metres <= farthest:
                found.append(Neighbours(first, second, Stage(stage), round(metres)))
    return tuple(found)


def metres_between(one: Point, other: Point) -> float:
    """Metres on a sphere between two points in degrees; roads are longer."""
    (east, north), (east_too, north_too) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((north_too - north) / 2) ** 2 + cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return 2 * _EARTH_METRES * asin(sqrt(half))


def catchment_findings(problem: Problem, catchments: Catchments) -> tuple[Finding, ...]:
    """What is wrong with the limits on shifts."""
    found = []
    known = set(problem.pupils[problem.target_year])
    for pair in catchments.pairs:
        for school in (pair.first, pair.second):
            if (school, pair.stage.value) not in known:
                text = f"相邻学校 {pair.first}、{pair.second} 中，{school} 没有这个学段的学生。"
                found.append(error("plan-catchment", text, "请核对学校标识码和学段。", school))
    if min(catchments.most_a_year, catchments.fen_per_pupil, catchments.step - 1, catchments.largest or 0) < 0:
        text = "每年调整的人数、单价和规模上限不能小于 0，最小调整人数至少为 1。"
        found.append(error("plan-catchment", text, "请改正学区调整的限制。"))
    return tuple(found)


def with_shifts(problem: Problem, catchments: Catchments, shifts: Iterable[Shift]) -> tuple[Problem, int]:
    """The question with shifted pupils, as many a year as allowed from the first year on, and its discounted cost in 分."""
    listed, paid = list(shifts), 0.0
    pupils = {year: dict(counts) for year, counts in problem.pupils.items()}
    for shift in listed:
        before = 0
        for number, year in enumerate(problem.years, 1):
            moved = min(shift.pupils, catchments.most_a_year * number)
            pupils[year][shift.source, shift.stage.value] -= moved
            pupils[year][shift.target, shift.stage.value] += moved
            paid += (moved - before) * catchments.fen_per_pupil * problem.prices.factor(number)
            before = moved
    return replace(problem, pupils=pupils), round(paid)


def merger_findings(problem: Problem, merger: Merger) -> tuple[Finding, ...]:
    """What keeps two schools from being merged: an unknown school, a missing stage, a negative price."""
    stages: dict[str, set[str]] = {}
    for school, stage in problem.pupils[problem.target_year]:
        stages.setdefault(school, set()).add(stage)
    closed, into = stages.get(merger.closed), stages.get(merger.into)
    if closed is None or into is None or merger.closed == merger.into or not closed <= into or merger.fen < 0:
        text = (
            f"不能把学校 {merger.closed} 并入 {merger.into}：须是两所不同的学校，接收学校有相同的学段，费用不小于 0。"
        )
        return (error("plan-merger", text, "请改正撤并方案。", merger.closed),)
    return ()


def with_merger(problem: Problem, merger: Merger) -> tuple[Problem, int]:
    """The question without the closed school, and the discounted cost of closing it."""
    tables = plain_tables(problem.facts, problem.dictionary)
    label = problem.school_names[merger.closed]
    joining: Mapping[str, Callable[[Row, Row], Row]] = {
        "schools": _one_school,
        "stages": _one_stage,
        "cohorts": _one_cohort,
    }
    for name, rows in tables.items():
        if name in joining:
            tables[name] = _one_each(rows, merger, joining[name])
        elif name == "classes":
            tables[name] = [_class_of(row, merger, label) for row in rows]
        else:
            tables[name] = [row for row in rows if row.get("school_id") != merger.closed]
    for row in tables["schools"]:
        if row["parent_school_id"] == merger.closed:
            row["parent_school_id"] = merger.into
    pupils = {year: _joined(counts, merger) for year, counts in problem.pupils.items()}
    facts = facts_of_year(problem.facts, tables, problem.dictionary, problem.base_year)
    turnover = {year: _turnover_joined(counts, merger) for year, counts in problem.turnover.items()}
    limits = _without(problem.limits, merger.closed)
    asked = replace(problem, facts=facts, pupils=pupils, limits=limits, turnover=turnover)
    return asked, round(merger.fen * problem.prices.factor(1))


def _without(limits: Limits, school: str) -> Limits:
    return replace(
        limits,
        forbidden=frozenset(key for key in limits.forbidden if key[0] != school),
        fixed={key: value for key, value in limits.fixed.items() if key[0] != school},
        retired={key: value for key, value in limits.retired.items() if key[0] != school},
        zones={key: value for key, value in limits.zones.items() if key != school},
    )


def _joined(counts: Mapping[RowKey, int], merger: Merger) -> dict[RowKey, int]:
    joined: dict[RowKey, int] = {}
    for (school, stage), count in counts.items():
        key = (merger.into if school == merger.closed else school, stage)
        joined[key] = joined.get(key, 0) + count
    return joined


def _turnover_joined(counts: Mapping[RowKey, Turnover], merger: Merger) -> dict[RowKey, Turnover]:
    """Teachers who go and who are hired, where their colleagues are."""
    joined: dict[RowKey, Turnover] = {}
    for (school, stage), entry in counts.items():
        key = (merger.into if school == merger.closed else school, stage)
        before = joined.get(key, Turnover())
        joined[key] = Turnover(before.gone + entry.gone, before.hired + entry.hired)
    return joined


def _one_each(rows: list[Row], merger: Merger, join: Callable[[Row, Row], Row]) -> list[Row]:
    """The rows with those of the closed school joined to the same rows of the other, by stage where there are stages."""
    gone = {row.get("stage"): row for row in rows if row["school_id"] == merger.closed}
    made = []
    for row in rows:
        if row["school_id"] == merger.into and row.get("stage") in gone:
            made.append(join(dict(row), gone[row.get("stage")]))
        elif row["school_id"] != merger.closed:
            made.append(dict(row))
    return made


def _one_school(kept: Row, gone: Row) -> Row:
    return {name: _sum(value, gone[name]) if name in _TAKEN_ALONG else value for name, value in kept.items()}


def _one_stage(kept: Row, gone: Row) -> Row:
    kept, gone = _art_as_total(kept), _art_as_total(gone)
    made = {name: _sum(value, gone[name]) if name.endswith("_count") else value for name, value in kept.items()}
    grades = [row["grade_count"] for row in (kept, gone) if row["grade_count"] is not None]
    return {**made, "grade_count": max(grades, default=None)}


def _art_as_total(row: Row) -> Row:
    """The same with art teachers that contain those of music and fine art."""
    if row["is_art_count_total"]:
        return row
    parts = [row[name] for name in ("art_teacher_count", "music_teacher_count", "fine_art_teacher_count")]
    total = None if None in parts else sum(parts)
    return {**row, "art_teacher_count": total, "is_art_count_total": True}


def _one_cohort(kept: Row, gone: Row) -> Row:
    return {name: value if name == "school_id" else _sum(value, gone[name]) for name, value in kept.items()}


def _class_of(row: Row, merger: Merger, label: str) -> Row:
    if row["school_id"] != merger.closed:
        return row
    return {**row, "school_id": merger.into, "class_name": f"{row['class_name']}（{label}）"}


def _sum(one: int | None, other: int | None) -> int | None:
    """Both together; missing when one is missing."""
    return None if one is None or other is None else one + other


def opening_findings(problem: Problem, opening: NewSchool) -> tuple[Finding, ...]:
    """What keeps a school from being opened: an id that is taken, no stages, or more pupils than there are."""
    school, counts = opening.school.get("school_id"), problem.pupils[problem.target_year]
    stages = {row.get("stage") for row in opening.stages}
    is_new = bool(school) and school not in problem.school_names and bool(stages)
    lacking = [
        key
        for key, count in opening.comes_from.items()
        if not 0 <= count <= counts.get(key, -1) or key[1] not in stages
    ]
    if not is_new or lacking or opening.fen < 0:
        text = f"不能新开学校 {school}：标识码须是新的，须写明学段，来自各校的学生不能多于该校学生，费用不小于 0。"
        return (error("plan-opening", text, "请改正新开学校的内容。", str(school or "")),)
    return tuple(_opening_in_time(problem, opening))


def _opening_in_time(problem: Problem, opening: NewSchool) -> Iterator[Finding]:
    """What is wrong with the year, the money and the zone of a new school."""
    year, name = opening.opens_in(problem), opening.school.get("school_name") or opening.school["school_id"]
    subject = str(opening.school["school_id"])
    if year not in problem.years:
        text = f"新开学校{name}的开办年度 {year} 不在 {problem.years[0]}—{problem.target_year} 年之间。"
        yield error("plan-opening", text, "请改正开办年度，或调整目标年度。", subject)
        return
    budgets = problem.limits.budgets
    if budgets is not None and opening.fen > budgets.get((year, opening.source), 0):
        text = f"{year} 年{opening.source}的预算不够支付新开学校{name}的一次性支出 {opening.fen / FEN_PER_WAN:,.10g} 万元。"
        yield error("plan-opening", text, "请增加这一年的预算，或改由别的资金来源支付。", subject)
    if problem.limits.zones and not opening.zone:
        text = f"新开学校{name}没有划入教师流动片区。"
        yield error("plan-opening", text, "请填写它的教师流动片区。", subject)


def with_opening(problem: Problem, opening: NewSchool) -> tuple[Problem, int]:
    """The question with a new school, and the discounted cost of opening it."""
    tables = plain_tables(problem.facts, problem.dictionary)
    own = problem.dictionary.tables
    tables["schools"].append({**dict.fromkeys(own["schools"].fields), **opening.school})
    school, first = opening.school["school_id"], opening.opens_in(problem)
    for row in opening.stages:
        tables["stages"].append({**dict.fromkeys(own["stages"].fields), "student_count": 0, **row, "school_id": school})
    for name, rows in (("classes", opening.classes), ("rooms", opening.rooms)):
        tables[name] += [{**dict.fromkeys(own[name].fields), **row} for row in rows]
    pupils = {year: dict(counts) for year, counts in problem.pupils.items()}
    for year, counts in pupils.items():
        for row in opening.stages:
            counts[school, row["stage"]] = 0
        for (source, stage), count in opening.comes_from.items() if year >= first else ():
            leaving = min(count, counts[source, stage])
            counts[source, stage] -= leaving
            counts[school, stage] += leaving
    changed = replace(
        problem,
        facts=facts_of_year(problem.facts, tables, problem.dictionary, problem.base_year),
        pupils=pupils,
        limits=_with_opening(problem.limits, opening, first),
        opens={**problem.opens, school: first},
    )
    return changed, round(opening.fen * problem.prices.factor(first - problem.base_year))


def _with_opening(limits: Limits, opening: NewSchool, year: int) -> Limits:
    """The limits when the opening is paid from the budget of its year, and the school lies in its zone."""
    budgets, zones = limits.budgets, limits.zones
    if budgets is not None and opening.fen:
        budgets = {**budgets, (year, opening.source): budgets[year, opening.source] - opening.fen}
    if zones:
        zones = {**zones, opening.school["school_id"]: opening.zone}
    return replace(limits, budgets=budgets, zones=zones)
