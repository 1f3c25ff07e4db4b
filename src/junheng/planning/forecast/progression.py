"""How many pupils of a grade are in the next grade a year later: per school, shrunk to the county's mean of that grade."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.core.standard import Stage
from junheng.planning.forecast.history import GRADES, Flags, History
from junheng.planning.forecast.spread import Floats, Law, fit_law

STEPS = GRADES - 1
_MOSTLY_FROM_ELSEWHERE = 2.0
Steps = NDArray[np.float64]


@dataclass(frozen=True)
class Moves:
    """Observed pairs: pupils of grade g (`before`) and of grade g+1 a year later (`after`), both [year, row, g − 1].

    `is_known[year, row]` tells whether both years have grades; `weights[year]` is the weight of the year, 1 for the latest.
    """

    before: Floats
    after: Floats
    is_known: Flags
    weights: Floats

    def until(self, count: int) -> "Moves":
        """The first `count` years alone, the latest of them with weight 1."""
        last = self.weights[count - 1] if count else 1.0
        return Moves(self.before[:count], self.after[:count], self.is_known[:count], self.weights[:count] / last)


@dataclass(frozen=True)
class Progression:
    """What moving up is expected to do.

    `ratio[row, g − 1]` is the expected pupils of grade g+1 per pupil of grade g and `doubt[row, g − 1]` the variance of its
    logarithm: a ratio that is wrong stays wrong in all years. `enters[row, grade − 1]` marks grades that pupils enter from
    elsewhere: the school has no grade below, or one of less than half as many, and then nobody is counted as moving up. `law` is
    the spread of past one-year errors.
    """

    ratio: Steps
    doubt: Steps
    enters: Flags
    law: Law


def moves_of(history: History, memory: float) -> Moves:
    """All pairs of successive years of a history."""
    pupils = history.pupils.astype(np.float64)
    is_known = history.has_grades[:-1] & history.has_grades[1:]
    before = np.where(is_known[:, :, None], pupils[:-1, :, :-1], 0.0)
    after = np.where(is_known[:, :, None], pupils[1:, :, 1:], 0.0)
    weights = memory ** np.arange(len(history.years) - 2, -1, -1, dtype=np.float64)
    return Moves(before, after, is_known, weights)


def progression_of(history: History, moves: Moves) -> Progression:
    """Ratios from all pairs, and the spread of the errors that the same method made in the past."""
    stages = np.array([row[1] is Stage.PRIMARY for row in history.rows], np.bool_)
    ratio, doubt = _ratios(moves, stages)
    before, after = moves.before.sum(axis=0), moves.after.sum(axis=0)
    seen = np.asarray(moves.is_known.any(axis=0))[:, None]
    enters = np.zeros((len(history.rows), GRADES), np.bool_)
    enters[:, 1:] = seen & (after > _MOSTLY_FROM_ELSEWHERE * before)
    absorbed = enters[:, 1:] & (before > 0)
    ratio, doubt = np.where(absorbed, 0.0, ratio), np.where(absorbed, 0.0, doubt)
    return Progression(ratio, doubt, enters, _past_law(moves, stages))


def county_steps(moves: Moves, is_primary: Flags) -> Floats:
    """The county's mean ratio of each step of primary (row 0) and junior (row 1) schools; NaN where no pupil was ever seen.

    Schools that never have the upper grade, and those that never have the lower one, do not count.
    """
    before, after = _sums(moves)
    is_usual = (before > 0) & (after > 0)
    means = np.full((2, STEPS), np.nan)
    for place, chosen in enumerate((is_primary, ~is_primary)):
        usual = is_usual & chosen[:, None]
        below = np.where(usual, before, 0.0).sum(axis=0)
        above = np.where(usual, after, 0.0).sum(axis=0)
        np.divide(above, below, out=means[place], where=below > 0)
    return means


def _sums(moves: Moves) -> tuple[Floats, Floats]:
    weights = moves.weights[:, None, None]
    return (moves.before * weights).sum(axis=0), (moves.after * weights).sum(axis=0)


def _ratios(moves: Moves, is_primary: Flags) -> tuple[Steps, Steps]:
    """Ratios, (pupils above + k × mean) ÷ (pupils below + k), and their doubt, noise ÷ (pupils below + k).

    k, the weight of the county's mean in pupils, is noise ÷ difference between schools: infinite when schools do not differ. The
    ratio is 0 where a school never has the upper grade.
    """
    before, after = _sums(moves)
    means = np.nan_to_num(county_steps(moves, is_primary), nan=0.0)
    ratio, doubt = np.zeros_like(before), np.zeros_like(before)
    for place, chosen in enumerate((is_primary, ~is_primary)):
        below, above, mean = before[chosen], after[chosen], means[place]
        noise, between = _moments(moves, chosen, mean)
        own = np.divide(above, below, out=np.zeros_like(below), where=below > 0)
        total = below * between + noise
        trust = np.divide(below * between, total, out=np.zeros_like(below), where=total > 0)
        never = (below > 0) & (above == 0)
        ratio[chosen] = np.where(never, 0.0, mean + trust * np.where(below > 0, own - mean, 0.0))
        error = np.divide(noise * between, total, out=np.zeros_like(below), where=total > 0)
        doubt[chosen] = np.divide(error, ratio[chosen] ** 2, out=np.zeros_like(below), where=ratio[chosen] > 0)
    return ratio, np.minimum(doubt, 1.0)


def _moments(moves: Moves, chosen: Flags, mean: Floats) -> tuple[Floats, Floats]:
    """Per step: the noise of one pupil's moving up, and the variance of ratios between schools (method of moments).

    The noise comes from the years of one school against each other; after a single pair of years it cannot be told apart from
    lasting differences, and half of the scatter counts as noise.
    """
    before, after = moves.before[:, chosen], moves.after[:, chosen]
    below, above = before.sum(axis=0), after.sum(axis=0)
    usual = (below > 0) & (above > 0)
    own = np.divide(above, below, out=np.zeros_like(below), where=usual)
    counted = (before > 0) & usual
    deviations = np.divide((after - own * before) ** 2, before, out=np.zeros_like(before), where=counted)
    degrees = np.maximum(counted.sum(axis=0) - 1, 0).sum(axis=0)
    noise = np.divide(deviations.sum(axis=(0, 1)), degrees, out=np.full(STEPS, np.nan), where=degrees > 0)
    scatter = np.where(usual, below * (own - mean) ** 2, 0.0).sum(axis=0)
    others = np.maximum(usual.sum(axis=0) - 1, 0)
    noise = np.where(np.isnan(noise), scatter / np.maximum(others, 1) / 2, noise)
    pupils = np.where(usual, below, 0.0).sum(axis=0)
    return noise, np.maximum((scatter - noise * others) / np.maximum(pupils, 1.0), 0.0)


def _past_law(moves: Moves, is_primary: Flags) -> Law:
    """The spread of one-year errors: each year's pupils against what the years before it would have said.

    A single pair has no years before it; it is held against the county's mean of the same year.
    """
    pairs = len(moves.weights)
    errors: list[Floats] = []
    sizes: list[Floats] = []
    for year in range(min(pairs - 1, 1), pairs):
        if year:
            ratio, _ = _ratios(moves.until(year), is_primary)
        else:
            means = np.nan_to_num(county_steps(moves.until(1), is_primary), nan=0.0)
            ratio = np.where(is_primary[:, None], means[0], means[1])
        expected = moves.before[year] * ratio
        compared = moves.is_known[year][:, None] & (expected > 0) & (moves.after[year] > 0)
        errors.append(np.log((moves.after[year][compared] + 0.5) / (expected[compared] + 0.5)))
        sizes.append(expected[compared])
    return fit_law(np.concatenate(errors), np.concatenate(sizes))
