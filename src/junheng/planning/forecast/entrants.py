"""Who enters from outside: first grades, and grades that a school begins with in the middle of a stage.

Each entry is a cell (row, grade) with a history and a driver: the births of its catchment, the leavers of all primary schools
(for the first junior grade), or nothing but its own trend. Stages whose grades are not known are one cell with all their pupils.

The grades of the first year tell of entrants before it: pupils of grade 4, divided by how grades 1 to 3 moved up, entered three
years earlier. These years lengthen the series; births have no such years.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from junheng.core.findings import Finding, Level, Location
from junheng.core.standard import Stage
from junheng.planning.forecast.history import Flags, History
from junheng.planning.forecast.options import Options
from junheng.planning.forecast.progression import Progression, Steps
from junheng.planning.forecast.spread import Floats
from junheng.planning.forecast.trend import EntrantSpread, Series, fit_trend, past_spread

Places = NDArray[np.int64]
_RARE = 0.5  # where fewer than half move on, a grade says little about who once entered


class Driver(StrEnum):
    """What the entrants of a cell follow."""

    TREND = "trend"
    BIRTHS = "births"
    LEAVERS = "leavers"


@dataclass(frozen=True)
class Entries:
    """Cells of one kind: `rows` and `grades` (index 0 is grade 1; −1: the whole stage), and what is expected of them.

    `logs[year ahead, cell]` is the logarithm of entrants (half a pupil added) per unit of the driver: per child, per leaver, or
    per one; `drivers` are the future births, None for other drivers. `spread` tells how far such expectations were off.
    """

    driver: Driver
    rows: Places
    grades: Places
    logs: Floats
    drivers: Floats | None
    spread: EntrantSpread


@dataclass(frozen=True)
class Layout:
    """Which rows are followed grade by grade, and the grades of each stage (indices; −1 when the stage has none).

    `first[stage]` is the lowest grade with pupils, `top[stage]` the highest.
    """

    is_graded: Flags
    first: Mapping[Stage, int]
    top: Mapping[Stage, int]


@dataclass(frozen=True)
class _Group:
    """Cells of one kind. `reach` is how many grades above the first tell of earlier entrants; births are [year, cell]."""

    driver: Driver
    rows: Places
    grades: Places
    reach: int = 0
    past_births: Floats | None = None
    births: Floats | None = None


def entries_of(
    history: History, layout: Layout, progression: Progression, options: Options
) -> tuple[tuple[Entries, ...], tuple[Finding, ...]]:
    """All entries of the county, and findings on births that could not be used."""
    findings: list[Finding] = []
    groups = [*_first_grades(history, layout, options, findings), *_further(history, layout, progression.enters)]
    groups += _whole_stages(history, layout)
    found = [_entries(history, layout, group, progression.ratio, options) for group in groups if len(group.rows)]
    return tuple(found), tuple(findings)


def leavers(pupils: Floats, layout: Layout, rows: tuple[tuple[str, Stage], ...]) -> float:
    """Pupils of all primary schools in the grade below the first junior grade; `pupils[row, grade]` of one year."""
    grade = layout.first[Stage.JUNIOR] - 1
    is_primary = np.array([row[1] is Stage.PRIMARY for row in rows], np.bool_)
    return float(pupils[is_primary & layout.is_graded, grade].sum())


def has_leavers(history: History, layout: Layout) -> bool:
    """Whether the first junior grade can be told from the last primary grade: both are known, meet, and did so in a past year."""
    first, top = layout.first[Stage.JUNIOR], layout.top[Stage.PRIMARY]
    if not 0 < first <= top + 1:
        return False
    return leavers(history.pupils[-1].astype(np.float64), layout, history.rows) > 0 and bool(
        _stayed(history, layout).size
    )


def _stayed(history: History, layout: Layout) -> Floats:
    """Logarithms of first-grade juniors per leaver of the year before, for the years in which all schools of today tell both."""
    grade = layout.first[Stage.JUNIOR]
    primary, junior = (_rows(history, layout.is_graded & history.has_grades[-1], stage) for stage in Stage)
    found = []
    for year in range(1, len(history.years)):
        below, above = history.pupils[year - 1, primary, grade - 1].sum(), history.pupils[year, junior, grade].sum()
        is_whole = history.has_grades[year - 1, primary].all() and history.has_grades[year, junior].all()
        if is_whole and below > 0 and above > 0:
            found.append(float(np.log(above) - np.log(below)))
    return np.array(found, np.float64)


def _first_grades(history: History, layout: Layout, options: Options, findings: list[Finding]) -> Iterator[_Group]:
    for stage in Stage:
        first, reach = layout.first[stage], layout.top[stage] - layout.first[stage]
        rows = _rows(history, layout.is_graded, stage)
        if first < 0:
            continue
        if stage is Stage.JUNIOR and has_leavers(history, layout):
            yield _Group(Driver.LEAVERS, rows, np.full(len(rows), first), reach)
            continue
        serve = np.array([_births_serve(history, row, options, findings) for row in rows], np.bool_)
        yield _Group(Driver.TREND, rows[~serve], np.full(int((~serve).sum()), first), reach)
        yield _births_group(history, rows[serve], first, options)


def _rows(history: History, chosen: Flags, stage: Stage) -> Places:
    return np.array([i for i, row in enumerate(history.rows) if chosen[i] and row[1] is stage], np.int64)


def _births_serve(history: History, place: int, options: Options, findings: list[Finding]) -> bool:
    """Whether the births of a primary stage's catchment reach from a past year to the last year asked for."""
    school_id, stage = history.rows[place]
    catchment = options.catchments.get(school_id)
    if catchment is None or stage is not Stage.PRIMARY:
        return False
    births = options.births.get(catchment, {})
    ahead = [year for year in range(history.last_year + 1, options.to_year + 1) if year not in births]
    behind = any(births.get(year, 0) > 0 and history.has_grades[i, place] for i, year in enumerate(history.years))
    if not ahead and behind:
        return True
    lacks = f"{'、'.join(map(str, ahead))}年" if ahead else "数据年度内的任何一年"
    text = f"{history.name(school_id)}所在学区“{catchment}”缺少{lacks}的适龄出生人口,一年级按往年趋势预测。"
    hint = "请补填每个学区、每个入学年度的适龄人口,往年至少一年。"
    findings.append(Finding(Level.WARNING, "forecast-births-missing", text, hint, Location(subject=school_id)))
    return False


def _births_group(history: History, rows: Places, first: int, options: Options) -> _Group:
    years = range(history.last_year + 1, options.to_year + 1)
    catchments = [options.births[options.catchments[history.rows[row][0]]] for row in rows]
    past = [[births.get(year) or np.nan for births in catchments] for year in history.years]
    future = [[float(births[year]) for births in catchments] for year in years]
    return _Group(
        Driver.BIRTHS,
        rows,
        np.full(len(rows), first),
        past_births=np.array(past, np.float64).reshape(len(past), len(rows)),
        births=np.array(future, np.float64).reshape(len(future), len(rows)),
    )


def _further(history: History, layout: Layout, enters: Flags) -> Iterator[_Group]:
    """Grades that pupils enter from elsewhere, apart from first grades."""
    open_cells = enters & layout.is_graded[:, None]
    for stage in Stage:
        rows = _rows(history, layout.is_graded, stage)
        if layout.first[stage] >= 0:
            open_cells[rows, layout.first[stage]] = False
    rows, grades = np.nonzero(open_cells)
    yield _Group(Driver.TREND, rows.astype(np.int64), grades.astype(np.int64))


def _whole_stages(history: History, layout: Layout) -> Iterator[_Group]:
    is_whole = ~layout.is_graded & history.has_total[-1]
    for stage in Stage:
        rows = _rows(history, is_whole, stage)
        yield _Group(Driver.TREND, rows, np.full(len(rows), -1))


def _entries(history: History, layout: Layout, group: _Group, ratio: Steps, options: Options) -> Entries:
    counts, known = _observed(history, group)
    if group.reach:
        earlier, told = _earlier(history, group, ratio)
        counts, known = np.concatenate([earlier, counts]), np.concatenate([told, known])
    past = np.ones_like(counts)
    if group.past_births is not None:
        past = group.past_births
        known = known & ~np.isnan(past)
    elif group.driver is Driver.LEAVERS:
        past = _all_entrants(counts, known)
    logs = np.where(known, np.log(counts + 0.5) - np.log(np.where(known, past, 1.0)), 0.0)
    series = Series(logs, known, counts)
    ahead = fit_trend(series, options.memory).ahead(options.to_year - history.last_year, options.damping)
    spread = past_spread(series, options.memory, options.damping)
    if group.driver is Driver.LEAVERS:
        stayed = _stayed(history, layout)
        weights = options.memory ** np.arange(stayed.size - 1, -1, -1, dtype=np.float64)
        ahead = ahead + float(weights @ stayed / weights.sum())
        spread = replace(spread, common=float(np.var(stayed, ddof=1)) if stayed.size > 1 else 0.0)
    return Entries(group.driver, group.rows, group.grades, ahead, group.births, spread)


def _observed(history: History, group: _Group) -> tuple[Floats, Flags]:
    """Entrants [year, cell] of the years of the history, and whether they are known."""
    is_whole = group.grades < 0
    counts = np.where(is_whole, history.totals[:, group.rows], history.pupils[:, group.rows, group.grades])
    known = np.where(is_whole, history.has_total[:, group.rows], history.has_grades[:, group.rows])
    return counts.astype(np.float64), known


def _earlier(history: History, group: _Group, ratio: Steps) -> tuple[Floats, Flags]:
    """Entrants of the years before the first one, oldest first, from its higher grades; unknown where a step is rare."""
    counts, known = np.zeros((group.reach, len(group.rows))), np.zeros((group.reach, len(group.rows)), np.bool_)
    kept = np.ones(len(group.rows))
    for back in range(1, group.reach + 1):
        grade = group.grades + back
        kept = kept * ratio[group.rows, grade - 1]
        told = history.has_grades[0, group.rows] & (kept > _RARE)
        pupils = history.pupils[0, group.rows, grade].astype(np.float64)
        counts[-back] = np.divide(pupils, kept, out=np.zeros_like(pupils), where=told)
        known[-back] = told
    return counts, known


def _all_entrants(counts: Floats, known: Flags) -> Floats:
    """All entrants of each year, for every cell; cells that are unknown in a year count by their share of the last year."""
    today = counts[-1].sum()
    seen = np.where(known, counts, 0.0).sum(axis=1)
    share = np.divide(np.where(known, counts[-1], 0.0).sum(axis=1), today, out=np.ones_like(seen), where=today > 0)
    whole = np.divide(seen, share, out=np.ones_like(seen), where=share > 0)
    return np.repeat(np.maximum(whole, 0.5)[:, None], counts.shape[1], axis=1)
