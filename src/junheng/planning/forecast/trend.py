"""Entrants by trend: for each series a level and a yearly change, the change shrunk to that of all series together.

A series is the logarithm of entrants, or of entrants per child of what drives them (births of the catchment, leavers of primary
schools). Half a pupil is added, so that a year without entrants stays a number.
"""

from dataclasses import dataclass

import numpy as np

from junheng.planning.forecast.history import Flags
from junheng.planning.forecast.spread import Floats, Law, fit_law

_DEFAULT_GROWTH = 1.0
_STEEPEST = 0.2  # a school that doubled while it filled up does not go on doubling


@dataclass(frozen=True)
class Series:
    """`logs[year, series]` with `is_known`; `pupils` are the entrants themselves, for the size of errors."""

    logs: Floats
    is_known: Flags
    pupils: Floats

    def until(self, count: int) -> "Series":
        """The first `count` years alone."""
        return Series(self.logs[:count], self.is_known[:count], self.pupils[:count])


@dataclass(frozen=True)
class Trend:
    """`level[series]` at the last year and `slope[series]` per year ahead, which is never steeper than a fifth.

    The level is NaN where a series was never seen.
    """

    level: Floats
    slope: Floats

    def ahead(self, years: int, damping: float) -> Floats:
        """Logarithms [years, series] for 1 … `years` ahead; each further year keeps `damping` of the change of the one before."""
        steps = np.cumsum(damping ** np.arange(1, years + 1, dtype=np.float64))
        return np.asarray(self.level[None, :] + steps[:, None] * self.slope[None, :], np.float64)


@dataclass(frozen=True)
class EntrantSpread:
    """Past errors of entrants: `law` one year ahead, the variance growing by `growth` of itself with each further year.

    `common` is the variance of the error that all schools share in a year. `is_growth_told`: past errors reach two years ahead;
    otherwise the growth is that of a random walk.
    """

    law: Law
    growth: float
    common: float
    is_growth_told: bool

    def covariance(self, years: int) -> Floats:
        """[years, years]: covariances of the errors of entrants 1 … `years` ahead, in units of the variance one year ahead."""
        lasting = min(self.growth, 1.0)
        lead = np.arange(1, years + 1, dtype=np.float64)
        shared = np.minimum(lead[:, None], lead[None, :])
        return np.asarray(lasting + self.growth * (shared - 1.0) + np.eye(years) * (1.0 - lasting), np.float64)


def fit_trend(series: Series, memory: float) -> Trend:
    """Level and slope of every series; years weigh `memory` times the year after them."""
    years = series.logs.shape[0]
    time = np.arange(years, dtype=np.float64)[:, None]
    weights = np.where(series.is_known, memory ** (years - 1 - time), 0.0)
    whole = weights.sum(axis=0)
    seen = whole > 0
    safe = np.where(seen, whole, 1.0)
    logs = np.where(series.is_known, series.logs, 0.0)
    middle, mean = (weights * time).sum(axis=0) / safe, (weights * logs).sum(axis=0) / safe
    offset = np.where(series.is_known, time - middle, 0.0)
    reach = (weights * offset**2).sum(axis=0)
    own = np.divide((weights * offset * (logs - mean)).sum(axis=0), reach, out=np.zeros_like(reach), where=reach > 0)
    residuals = np.where(series.is_known, logs - mean - own * offset, 0.0)
    slope = _shrunk(own, _slope_variance(series, residuals, weights, offset, reach), reach > 0)
    later = np.clip(slope, -_STEEPEST, _STEEPEST)
    last = np.where(series.is_known, time, 0.0).max(axis=0)
    level = mean + slope * (last - middle) + later * (years - 1 - last)
    return Trend(np.where(seen, level, np.nan), later)


def _slope_variance(series: Series, residuals: Floats, weights: Floats, offset: Floats, reach: Floats) -> Floats:
    """The variance of each series' own slope, from how its years scatter about the line."""
    counts = series.is_known.sum(axis=0)
    pupils = np.where(series.is_known, series.pupils, 0.0).sum(axis=0) / np.maximum(counts, 1)
    free = counts > 2
    scatter = np.sqrt((residuals**2).sum(axis=0) / np.maximum(counts - 2, 1))
    noise = fit_law(scatter[free], pupils[free]).variance(pupils)
    safe = np.where(reach > 0, reach, 1.0)
    return np.asarray(noise * ((weights * offset) ** 2).sum(axis=0) / safe**2, np.float64)


def _shrunk(own: Floats, variance: Floats, is_told: Flags) -> Floats:
    """Each slope drawn to the mean slope, the more the less its own years say; 0 when no series tells one."""
    if not is_told.any():
        return np.zeros_like(own)
    told, noise = own[is_told], variance[is_told]
    between, mean = 0.0, 0.0
    for _ in range(3):
        weights = 1.0 / (between + noise)
        mean = float(weights @ told / weights.sum())
        between = max(float(weights @ ((told - mean) ** 2 - noise) / weights.sum()), 0.0)
    trust = np.divide(between, between + variance, out=np.zeros_like(own), where=is_told)
    return np.asarray(mean + trust * (own - mean), np.float64)


def past_spread(series: Series, memory: float, damping: float) -> EntrantSpread:
    """The errors that this method would have made from every earlier year for the years after it."""
    by_lead = _past_errors(series, memory, damping)
    if not by_lead:
        return EntrantSpread(_law_of_one_change(series), _DEFAULT_GROWTH, 0.0, is_growth_told=False)
    first = by_lead[1]
    common = _common_variance(first)
    law = fit_law(
        np.concatenate([errors - _mean(errors, pupils) for errors, pupils in first]),
        np.concatenate([pupils for _, pupils in first]),
    )
    growth = _growth(by_lead, law)
    known = growth if growth is not None else _DEFAULT_GROWTH
    return EntrantSpread(law, known, common, is_growth_told=growth is not None)


Errors = list[tuple[Floats, Floats]]


def _past_errors(series: Series, memory: float, damping: float) -> dict[int, Errors]:
    """Per lead in years: (errors, forecast pupils) of each year of the later half, for series that had shown a change by then."""
    found: dict[int, Errors] = {}
    years = series.logs.shape[0]
    for count in range(max(2, years // 2), years):
        has_change = series.is_known[:count].sum(axis=0) > 1
        ahead = fit_trend(series.until(count), memory).ahead(years - count, damping)
        for lead in range(1, years - count + 1):
            place = count + lead - 1
            compared = series.is_known[place] & has_change
            errors = series.logs[place][compared] - ahead[lead - 1][compared]
            pupils = series.pupils[place][compared] * np.exp(-errors)
            if errors.size:
                found.setdefault(lead, []).append((errors, pupils))
    return found


def _law_of_one_change(series: Series) -> Law:
    """With two years alone: how the changes of single series scatter about the mean change."""
    both = series.is_known[0] & series.is_known[-1]
    change = series.logs[-1][both] - series.logs[0][both]
    pupils = series.pupils[-1][both]
    return fit_law(change - _mean(change, pupils), pupils)


def _mean(errors: Floats, pupils: Floats) -> float:
    """The error of all pupils together."""
    return float(errors @ pupils / pupils.sum()) if pupils.sum() > 0 else 0.0


def _common_variance(first: Errors) -> float:
    """The mean square of the common error, less what independent errors of single series would give by chance."""
    squares = []
    for errors, pupils in first:
        weights = pupils / max(pupils.sum(), 1.0)
        mean = _mean(errors, pupils)
        squares.append(mean**2 - float(weights**2 @ (errors - mean) ** 2))
    return max(float(np.mean(squares)), 0.0)


def _growth(by_lead: dict[int, Errors], law: Law) -> float | None:
    """How much of itself the variance gains per further year, at most 3; None when no error reaches two years ahead."""
    above, below = 0.0, 0.0
    for lead, pairs in by_lead.items():
        for errors, pupils in pairs if lead > 1 else ():
            ratios = (errors - _mean(errors, pupils)) ** 2 / law.variance(pupils)
            above += float(np.sum(np.minimum(ratios, 16.0 * lead)) - ratios.size) * (lead - 1)
            below += ratios.size * (lead - 1) ** 2
    return min(max(above / below, 0.0), 3.0) if below else None
