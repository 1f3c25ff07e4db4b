"""The forecast tried on years that are known: how far off it was, and how often its intervals held, beside a naive forecast."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from junheng.core.errors import InputError
from junheng.core.standard import Stage
from junheng.planning.forecast.history import Counts, Flags, History
from junheng.planning.forecast.model import forecast
from junheng.planning.forecast.options import Options
from junheng.planning.forecast.spread import Floats

INTERVAL = 0.8


@dataclass(frozen=True, slots=True)
class Score:
    """The errors for one stage (None: both) so many years ahead, over `count` pairs of stage and year.

    `mae` is the mean absolute error in pupils, `mape` the mean of absolute error ÷ pupils over stages that have any; `naive_…`
    the same for carrying the last year forward. `coverage` is the share of pairs inside the interval.
    """

    stage: Stage | None
    years_ahead: int
    count: int
    mae: float
    mape: float
    naive_mae: float
    naive_mape: float
    coverage: float


@dataclass(frozen=True)
class Backtest:
    """All scores, by stage and years ahead; `origins` are the years from which was forecast, `level` the interval's share."""

    origins: tuple[int, ...]
    level: float
    scores: tuple[Score, ...]

    def score(self, stage: Stage | None, years_ahead: int) -> Score:
        """One score; InputError when the history does not reach so far."""
        for entry in self.scores:
            if entry.stage is stage and entry.years_ahead == years_ahead:
                return entry
        raise InputError(f"往年数据不够,不能检验提前 {years_ahead} 年的预测。")


@dataclass(frozen=True)
class _Held:
    """What one origin said of one held-out year: truth, forecast, naive forecast, inside the interval; per row that is known."""

    years_ahead: int
    truth: Counts
    point: Counts
    naive: Counts
    inside: Flags
    is_primary: Flags


def backtest(history: History, options: Options, level: float = INTERVAL) -> Backtest:
    """Forecasts from every year with a year before it and a year after it, held against what came.

    Of the options, births, simulations, seed, memory and damping are used; planned changes lie in the future. InputError when
    there are fewer than three years.
    """
    origins = history.years[1:-1]
    if not origins:
        raise InputError(f"回测至少需要相邻三年的数据,现在只有 {len(history.years)} 年。")
    held = [entry for origin in origins for entry in _held_out(history, options, origin, level)]
    leads = sorted({entry.years_ahead for entry in held})
    scores = [_score(held, stage, lead) for stage in (None, *Stage) for lead in leads]
    return Backtest(origins, level, tuple(entry for entry in scores if entry is not None))


def _held_out(history: History, options: Options, origin: int, level: float) -> Iterator[_Held]:
    found = forecast(history.until(origin), replace(options, to_year=history.last_year, changes=()))
    low, high = found.interval(level)
    is_primary = np.array([row[1] is Stage.PRIMARY for row in history.rows], np.bool_)
    for place, year in enumerate(found.years):
        then = history.years.index(year)
        known = found.is_known & history.has_total[then]
        truth = history.totals[then]
        yield _Held(
            years_ahead=year - origin,
            truth=truth[known],
            point=found.point[known, place],
            naive=found.present[known],
            inside=((low[:, place] <= truth) & (truth <= high[:, place]))[known],
            is_primary=is_primary[known],
        )


def _score(held: list[_Held], stage: Stage | None, lead: int) -> Score | None:
    """The score over all origins; None when no stage was known."""
    chosen = [
        (entry, np.ones_like(entry.is_primary) if stage is None else entry.is_primary == (stage is Stage.PRIMARY))
        for entry in held
        if entry.years_ahead == lead
    ]
    truth, point, naive = (
        np.concatenate([getattr(entry, name)[rows] for entry, rows in chosen]).astype(np.float64)
        for name in ("truth", "point", "naive")
    )
    inside = np.concatenate([entry.inside[rows] for entry, rows in chosen])
    if not truth.size:
        return None
    return Score(
        stage=stage,
        years_ahead=lead,
        count=int(truth.size),
        mae=float(np.mean(np.abs(point - truth))),
        mape=_mape(point, truth),
        naive_mae=float(np.mean(np.abs(naive - truth))),
        naive_mape=_mape(naive, truth),
        coverage=float(np.mean(inside)),
    )


def _mape(forecasts: Floats, truth: Floats) -> float:
    has_pupils = truth > 0
    return float(np.mean(np.abs(forecasts - truth)[has_pupils] / truth[has_pupils])) if has_pupils.any() else 0.0
