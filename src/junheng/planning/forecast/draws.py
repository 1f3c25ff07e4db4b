"""Simulated futures: logarithmic errors with the covariance that past errors give, drawn by the id of each school.

A stage's error in a year is the mean of the errors of its cohorts, weighted by their pupils: entrants bring theirs in, every
further grade adds one, and all cohorts of a kind share a part that concerns the whole county. So the years of one future hang
together, and a stage of many cohorts is surer than one grade of it.
"""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from junheng.planning.forecast.cohorts import Projection
from junheng.planning.forecast.entrants import Entries
from junheng.planning.forecast.history import GRADES, Row
from junheng.planning.forecast.progression import STEPS, Progression
from junheng.planning.forecast.spread import Floats

Drawn = NDArray[np.int32]
_JITTER = 1e-9  # keeps a matrix of nearly the same errors invertible; a deviation of 0.003 %
_FARTHEST = 6.0  # standard deviations; keeps an exponential of a badly known school from leaving 32 bits
_MOST_PUPILS = 2.0**30


def covariances(
    projection: Projection, entries: Sequence[Entries], shares_of: Sequence[Floats], progression: Progression
) -> Floats:
    """[row, year, year]: covariance of the logarithmic errors that a row has for itself; `shares_of` each of the entries."""
    years, rows, _ = projection.pupils.shape
    found = _progress_covariance(projection.pupils, projection.totals, entries, progression)
    for group, shares in zip(entries, shares_of, strict=True):
        sizes = _entrants(projection, group)
        deviation = np.sqrt(group.spread.law.variance(sizes)).T  # [cell, year]
        errors = group.spread.covariance(years) * deviation[:, :, None] * deviation[:, None, :]
        np.add.at(found, group.rows, shares @ errors @ shares.transpose(0, 2, 1))
    return found.reshape(rows, years, years)


def entrant_shares(projection: Projection, group: Entries) -> Floats:
    """[cell, year, entry]: the share of a row's pupils of a year who entered by this cell so many years ahead."""
    years = len(projection.pupils)
    totals = projection.totals
    shares = np.zeros((len(group.rows), years, years))
    is_whole = group.grades < 0
    for year in range(years):
        size = totals[year, group.rows]
        shares[is_whole, year, year] = _share(projection.whole[year, group.rows], size)[is_whole]
        for entry in range(year + 1):
            grade = group.grades + year - entry
            inside = ~is_whole & (grade < GRADES)
            pupils = projection.pupils[year, group.rows, np.minimum(grade, GRADES - 1)]
            shares[inside, year, entry] = _share(pupils, size)[inside]
    return shares


def _share(pupils: Floats, total: Floats) -> Floats:
    return np.divide(pupils, total, out=np.zeros_like(pupils), where=total > 0)


def _entrants(projection: Projection, group: Entries) -> Floats:
    """Expected entrants [year, cell]."""
    if (group.grades < 0).all():
        return projection.whole[:, group.rows]
    return projection.pupils[:, group.rows, group.grades]


def _progress_covariance(
    pupils: Floats, totals: Floats, entries: Sequence[Entries], progression: Progression
) -> Floats:
    """The part that comes from moving up: each cohort gathers one error a year, from its first move on."""
    years, rows, _ = pupils.shape
    variance = np.where(
        pupils > 0, progression.law.variance(pupils), 0.0
    )  # nobody, no error: cohorts begin in the middle of the grades
    begins = np.zeros((rows, GRADES), np.bool_)
    begins[:, 0] = True
    for group in entries:
        if (group.grades >= 0).all():
            begins[group.rows, group.grades] = True
    variance[:, begins] = 0.0
    shares = np.divide(pupils, totals[:, :, None], out=np.zeros_like(pupils), where=totals[:, :, None] > 0)
    earlier = np.minimum.outer(np.arange(years), np.arange(years))
    found = _doubt_covariance(shares, progression.doubt)
    for cohort in range(1 - GRADES, years):  # the year in which the cohort would be in grade index 0
        gathered, weight = np.zeros((rows, years)), np.zeros((rows, years))
        sum_so_far = np.zeros(rows)
        for year in range(max(cohort, 0), min(years, cohort + GRADES)):
            sum_so_far = sum_so_far + variance[year, :, year - cohort]
            gathered[:, year], weight[:, year] = sum_so_far, shares[year, :, year - cohort]
        found += weight[:, :, None] * weight[:, None, :] * gathered[:, earlier]
    return found


def _doubt_covariance(shares: Floats, doubt: Floats) -> Floats:
    """The part that comes from ratios that may be wrong: one lasting error per step, in every cohort that took it."""
    years, rows, _ = shares.shape
    found = np.zeros((rows, years, years))
    gathered = np.concatenate([np.zeros((years, rows, 1)), np.cumsum(shares, axis=2)], axis=2)
    for step in range(STEPS):
        took = np.stack(
            [gathered[year, :, min(step + 2 + year, GRADES)] - gathered[year, :, step + 1] for year in range(years)],
            axis=1,
        )
        found += doubt[:, step, None, None] * took[:, :, None] * took[:, None, :]
    return found


def draw(
    rows: Sequence[Row],
    projection: Projection,
    entries: Sequence[Entries],
    progression: Progression,
    *,
    simulations: int,
    seed: int,
) -> Drawn:
    """[row, year, simulation]: simulated pupils in whole numbers; the second half of the simulations mirrors the first.

    The errors are lognormal with the expected pupils as their mean, so that sums over schools keep theirs.
    The numbers of a row depend on its id, its expectation and the seed alone, whatever other rows there are.
    """
    years, half = len(projection.pupils), simulations // 2
    shares_of = [entrant_shares(projection, group) for group in entries]
    covariance = covariances(projection, entries, shares_of, progression) + _JITTER * np.eye(years)
    mixing = [np.linalg.cholesky(covariance)]
    normals = [np.zeros((years, half))]  # filled anew for each row
    variances = np.einsum("ryy->ry", covariance).copy()
    for number, group in enumerate(entries):
        if group.spread.common > 0:
            shares = np.zeros_like(covariance)
            np.add.at(shares, group.rows, shares_of[number])
            of_all = group.spread.common * group.spread.covariance(years) + _JITTER * np.eye(years)
            mixing.append(shares @ np.linalg.cholesky(of_all))
            normals.append(_stream(seed, "", f"{group.driver.value}{number}").standard_normal((years, half)))
            variances += np.einsum("rye,ef,ryf->ry", shares, of_all, shares)
    errors = _errors(
        rows, np.concatenate(mixing, axis=2).astype(np.float32), np.concatenate(normals).astype(np.float32), seed
    )
    expected = projection.totals.T * np.exp(-np.minimum(variances, _FARTHEST) / 2.0)
    return _pupils(errors, np.minimum(expected, _MOST_PUPILS).astype(np.float32))


def _errors(
    rows: Sequence[Row], mixing: NDArray[np.float32], normals: NDArray[np.float32], seed: int
) -> NDArray[np.float32]:
    """[row, year, half of the simulations]: each row's matrix times its own normals and those of the county."""
    years = mixing.shape[1]
    errors = np.empty((len(rows), years, normals.shape[1]), np.float32)
    for place, (school_id, stage) in enumerate(rows):
        _stream(seed, school_id, stage.value).standard_normal(out=normals[:years], dtype=np.float32)
        np.matmul(mixing[place], normals, out=errors[place])
    return np.clip(errors, -_FARTHEST, _FARTHEST, out=errors)


def _pupils(errors: NDArray[np.float32], expected: NDArray[np.float32]) -> Drawn:
    """Whole pupils: the expectation times the exponential of each error, then divided by it."""
    rows, years, half = errors.shape
    drawn = np.empty((rows, years, 2 * half), np.int32)
    factors = np.exp(errors, out=errors)
    middle = expected[:, :, None]
    mirrored = np.divide(middle, factors)
    np.multiply(middle, factors, out=factors)
    for place, pupils in enumerate((factors, mirrored)):
        np.minimum(pupils, _MOST_PUPILS, out=pupils)
        drawn[:, :, place * half : (place + 1) * half] = np.rint(pupils, out=pupils)
    return drawn


def _stream(seed: int, school_id: str, part: str) -> np.random.Generator:
    """The random numbers of one row: keyed by seed, school and stage, so that no other row moves them."""
    digest = sha256(f"{seed}|{school_id}|{part}".encode()).digest()
    return np.random.Generator(np.random.SFC64(int.from_bytes(digest[:16], "little")))
