"""The forecast itself: pupils by school, stage, grade and year, with simulated futures."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np

from junheng.core.errors import InputError
from junheng.core.explain_node import STAGE_LABEL
from junheng.core.findings import Finding, Level, Location
from junheng.core.standard import Stage
from junheng.planning.forecast.cohorts import Projection, project
from junheng.planning.forecast.draws import Drawn, draw
from junheng.planning.forecast.entrants import Entries, Layout, entries_of
from junheng.planning.forecast.history import GRADES, Counts, Flags, History, Row
from junheng.planning.forecast.options import Opening, Options, openings, require_years, usable_changes
from junheng.planning.forecast.progression import STEPS, Moves, Progression, county_steps, moves_of, progression_of
from junheng.planning.forecast.spread import FEWEST_ERRORS


@dataclass(frozen=True)
class Forecast:
    """Pupils to come, for `rows` (school stages by id) and `years` (ahead).

    `present[row]` are the pupils of the last known year. `point[row, year]` is the middle forecast in whole pupils and
    `grades[row, year, grade − 1]` its grades, which sum to it where `has_grades`; otherwise they are 0. `draws[row, year,
    simulation]` are simulated pupils. Rows that could not be forecast are not `is_known`; their numbers are 0 and mean nothing.
    """

    years: tuple[int, ...]
    rows: tuple[Row, ...]
    names: Mapping[str, str]
    present: Counts
    is_known: Flags
    point: Counts
    grades: Counts
    has_grades: Flags
    draws: Drawn
    findings: tuple[Finding, ...]
    options: Options

    def quantile(self, q: float) -> Counts:
        """Pupils [row, year] that a share `q` of the futures does not exceed (0 < q < 1); InputError otherwise."""
        require_quantile(q)
        place = max(ceil(q * self.draws.shape[2] - 1e-9) - 1, 0)
        return np.partition(self.draws, place, axis=2)[:, :, place].astype(np.int64)

    def interval(self, level: float) -> tuple[Counts, Counts]:
        """Lower and upper pupils [row, year] between which a share `level` of the futures lies (0 < level < 1)."""
        tail = (1.0 - level) / 2.0
        return self.quantile(tail), self.quantile(1.0 - tail)

    def name(self, school_id: str) -> str:
        """The school's name; its id when it has none."""
        return self.names.get(school_id, school_id)


def require_quantile(q: float) -> None:
    """InputError when a quantile is not between 0 and 1."""
    if not 0 < q < 1:
        raise InputError(f"分位数应在 0 与 1 之间（不含）,现在是 {q}。")


def forecast(history: History, options: Options) -> Forecast:
    """The forecast from past years to `options.to_year`; the same input and seed give the same bits.

    Grades move up by each school's own ratios, shrunk to the county's; first grades follow births where these are given, else
    their trend; first junior grades share out the leavers of all primary schools. Stages without grades follow the trend of their
    total. What cannot be told is said in `findings`. InputError when the years do not allow a forecast.
    """
    require_years(history, options.to_year)
    opened = openings(history, options)
    extended = _with_openings(history, opened)
    moves = moves_of(extended, options.memory)
    progression = progression_of(extended, moves)
    layout, findings = _layout(extended, moves, progression, {(change.school_id, change.stage) for change in opened})
    is_known = layout.is_graded | extended.has_total[-1]
    known, graded = (
        {row for row, chosen in zip(extended.rows, flags, strict=True) if chosen}
        for flags in (is_known, layout.is_graded)
    )
    changes, unusable = usable_changes(history, options, graded, known)
    entries, about_births = entries_of(extended, layout, progression, options)
    years = options.to_year - history.last_year
    projection = project(extended, layout, progression.ratio, entries, changes, years)
    drawn = draw(extended.rows, projection, entries, progression, simulations=options.simulations, seed=options.seed)
    point = np.rint(projection.totals.T).astype(np.int64)
    errors = progression.law.errors if layout.is_graded.any() else FEWEST_ERRORS
    return Forecast(
        years=tuple(range(history.last_year + 1, options.to_year + 1)),
        rows=extended.rows,
        names=extended.names,
        present=extended.totals[-1],
        is_known=is_known,
        point=point,
        grades=_whole_grades(projection, point, layout.is_graded),
        has_grades=layout.is_graded,
        draws=drawn,
        findings=(*findings, *about_births, *unusable, *_about_spread(history, entries, errors)),
        options=options,
    )


def quantile_pupils(forecast: Forecast, q: float) -> dict[tuple[str, Stage], dict[int, int]]:
    """Pupils per school stage and year at a quantile of the futures, for planning; stages that are not known are left out."""
    pupils = forecast.quantile(q).tolist()
    return {
        row: dict(zip(forecast.years, of_years, strict=True))
        for row, of_years, is_known in zip(forecast.rows, pupils, forecast.is_known, strict=True)
        if is_known
    }


def futures(forecast: Forecast) -> Drawn:
    """The simulated pupils as [simulation, row, year] (a view); rows that are not known are 0."""
    return forecast.draws.transpose(2, 0, 1)


def _with_openings(history: History, opened: tuple[Opening, ...]) -> History:
    """The history with a row without any year for each stage that is to be opened."""
    if not opened:
        return history
    rows = sorted({*history.rows, *((change.school_id, change.stage) for change in opened)})
    places = [rows.index(row) for row in history.rows]

    def widened(values: Counts | Flags) -> Counts | Flags:
        wide = np.zeros((values.shape[0], len(rows), *values.shape[2:]), values.dtype)
        wide[:, places] = values
        return wide

    return History(
        history.years,
        tuple(rows),
        np.asarray(widened(history.totals), np.int64),
        np.asarray(widened(history.has_total), np.bool_),
        np.asarray(widened(history.pupils), np.int64),
        np.asarray(widened(history.has_grades), np.bool_),
        {**{change.school_id: change.school_name for change in opened}, **history.names},
        history.findings,
    )


def _layout(
    history: History, moves: Moves, progression: Progression, opened: set[Row]
) -> tuple[Layout, tuple[Finding, ...]]:
    """Which stages are followed by grade: those with grades in the last year, if the county shows how each grade moves up."""
    is_primary = np.array([row[1] is Stage.PRIMARY for row in history.rows], np.bool_)
    is_opened = np.array([row in opened for row in history.rows], np.bool_)
    is_graded = history.has_grades[-1] | is_opened
    findings = list(history.findings)
    untold = _untold_steps(history, moves, progression, is_primary)
    first, top = {}, {}
    for stage, chosen in zip(Stage, (is_primary, ~is_primary), strict=True):
        used = np.nonzero(history.pupils[:, chosen].any(axis=(0, 1)))[0]
        first[stage], top[stage] = (int(used[0]), int(used[-1])) if len(used) else (-1, -1)
        if len(used) and untold[chosen, first[stage] : top[stage]].any():
            is_graded = is_graded & ~chosen
            first[stage] = top[stage] = -1
            text = f"{STAGE_LABEL[stage]}看不出各年级的升级情况（没有相邻两年的班级数据）,改按学段总数的趋势预测。"
            findings.append(Finding(Level.WARNING, "forecast-steps-unknown", text, "请补填最近几年的班级表。"))
    findings += _about_missing(history, is_opened)
    return Layout(is_graded, first, top), tuple(findings)


def _untold_steps(history: History, moves: Moves, progression: Progression, is_primary: Flags) -> Flags:
    """[row, g − 1]: pupils of today, or of the years ahead, will take a step that neither the school nor the county has shown."""
    means = county_steps(moves, is_primary)
    is_shown = ~np.isnan(np.where(is_primary[:, None], means[0], means[1])) | (moves.before.sum(axis=0) > 0)
    reached = history.pupils[-1] > 0
    for step in range(STEPS):
        goes_on = reached[:, step] & (~is_shown[:, step] | (progression.ratio[:, step] > 0))
        reached[:, step + 1] |= goes_on
    return np.asarray(reached[:, :-1] & ~is_shown, np.bool_)


def _about_missing(history: History, is_opened: Flags) -> list[Finding]:
    """Rows of past years that the last year does not hold."""
    absent = np.nonzero(~history.has_total[-1] & ~is_opened)[0]
    findings = []
    for place in absent:
        school_id, stage = history.rows[place]
        where = f"{history.name(school_id)}（{STAGE_LABEL[stage]}）"
        text = f"{where}没有 {history.last_year} 年的学生数,不作预测。"
        hint = "学校已经撤并的不必处理;漏报的请补填后重新预测。"
        findings.append(
            Finding(Level.INFO, "forecast-stage-absent", text, hint, Location(subject=history.name(school_id)))
        )
    return findings


def _about_spread(history: History, entries: tuple[Entries, ...], errors: int) -> list[Finding]:
    """What is assumed of errors because past years are too few to show them."""
    told = all(group.spread.is_growth_told and group.spread.law.errors >= FEWEST_ERRORS for group in entries)
    if told and errors >= FEWEST_ERRORS:
        return []
    text = f"往年数据（{history.years[0]}–{history.last_year} 年）太少,看不全预测误差,一部分误差幅度按一般规律推定。"
    return [Finding(Level.INFO, "forecast-errors-few", text, "多给几年往年数据,区间会更可靠。")]


def _whole_grades(projection: Projection, point: Counts, is_graded: Flags) -> Counts:
    """The grades [row, year, grade − 1] in whole pupils that sum to the point forecast (largest remainders)."""
    exact = (projection.pupils + projection.housing).transpose(1, 0, 2) * is_graded[:, None, None]
    whole = np.floor(exact)
    rest = np.where(is_graded[:, None], point, 0) - whole.sum(axis=2)
    order = np.argsort(-(exact - whole), axis=2, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(GRADES), order.shape), axis=2)
    return np.asarray(whole + (rank < rest[:, :, None]), np.int64)
