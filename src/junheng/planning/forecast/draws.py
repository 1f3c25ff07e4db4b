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
from junheng.planning.forecast.spread import Floats, Law

Drawn = NDArray[np.int32]
_JITTER = 1e-12
_FARTHEST = 6.0  # standard deviations; keeps an exponential of a badly known school from leaving 32 bits
_MOST_PUPILS = 2.0**30


def covariances(projection: Projection, entries: Sequence[Entries], law: Law) -> Floats:
    """[row, year, year]: covariance of the logarithmic errors that a row has for itself."""
    years, rows, _ = projection.pupils.shape
    totals = projection.totals
    found = _progress_covariance(projection.pupils, totals, entries, law)
    for group in entries:
        shares = entrant_shares(projection, group)
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


def _progress_covariance(pupils: Floats, totals: Floats, entries: Sequence[Entries], law: Law) -> Floats:
    """The part that comes from moving up: each cohort gathers one error a year, from its first move on."""
    years, rows, _ = pupils.shape
    variance = law.variance(pupils)
    for group in entries:
        if (group.grades >= 0).all():
            variance[:, group.rows, group.grades] = 0.0
    variance[:, :, 0] = 0.0
    shares = np.divide(pupils, totals[:, :, None], out=np.zeros_like(pupils), where=totals[:, :, None] > 0)
    earlier = np.minimum.outer(np.arange(years), np.arange(years))
    found = np.zeros((rows, years, years))
    for cohort in range(1 - GRADES, years):  # the year in which the cohort would be in grade index 0
        gathered, weight = np.zeros((rows, years)), np.zeros((rows, years))
        sum_so_far = np.zeros(rows)
        for year in range(max(cohort, 0), min(years, cohort + GRADES)):
            sum_so_far = sum_so_far + variance[year, :, year - cohort]
            gathered[:, year], weight[:, year] = sum_so_far, shares[year, :, year - cohort]
        found += weight[:, :, None] * weight[:, None, :] * gathered[:, earlier]
    return found


def draw(
    rows: Sequence[Row], projection: Projection, entries: Sequence[Entries], law: Law, *, simulations: int, seed: int
) -> Drawn:
    """[row, year, simulation]: simulated pupils in whole numbers; the second half of the simulations mirrors the first.

    The errors are lognormal with the expected pupils as their mean, so that sums over schools keep theirs.
    The numbers of a row depend on its id, its expectation and the seed alone, whatever other rows there are.
    """
    years = len(projection.pupils)
    half = simulations // 2
    own_covariance = covariances(projection, entries, law) + _JITTER * np.eye(years)
    own = np.linalg.cholesky(own_covariance).astype(np.float32)
    errors = np.empty((len(rows), years, half), np.float32)
    normals = np.empty((years, half), np.float32)
    for place, row in enumerate(rows):
        _stream(seed, row[0], row[1].value).standard_normal(out=normals, dtype=np.float32)
        np.matmul(own[place], normals, out=errors[place])
    variances = np.einsum("ryy->ry", own_covariance) + _add_common(errors, projection, entries, seed)
    centre = (projection.totals.T * np.exp(-np.minimum(variances, _FARTHEST) / 2.0)).astype(np.float32)[:, :, None]
    np.clip(errors, -_FARTHEST, _FARTHEST, out=errors)
    factors = np.exp(errors)
    drawn = np.empty((len(rows), years, simulations), np.int32)
    drawn[:, :, :half] = np.rint(np.minimum(centre * factors, _MOST_PUPILS))
    drawn[:, :, half:] = np.rint(np.minimum(centre / factors, _MOST_PUPILS))
    return drawn


def _add_common(errors: NDArray[np.float32], projection: Projection, entries: Sequence[Entries], seed: int) -> Floats:
    """Adds the errors that all entrants of a kind share; gives their variances [row, year]."""
    rows, years, half = errors.shape
    variances = np.zeros((rows, years))
    for number, group in enumerate(entries):
        if group.spread.common > 0:
            covariance = group.spread.common * group.spread.covariance(years) + _JITTER * np.eye(years)
            normals = _stream(seed, "", f"{group.driver.value}{number}").standard_normal((years, half))
            path = np.linalg.cholesky(covariance) @ normals
            shares = entrant_shares(projection, group)
            np.add.at(errors, group.rows, (shares @ path).astype(np.float32))
            np.add.at(variances, group.rows, np.einsum("rye,ef,ryf->ry", shares, covariance, shares))
    return variances


def _stream(seed: int, school_id: str, part: str) -> np.random.Generator:
    """The random numbers of one row: keyed by seed, school and stage, so that no other row moves them."""
    digest = sha256(f"{seed}|{school_id}|{part}".encode()).digest()
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(list(np.frombuffer(digest, "<u4")))))
