"""The years ahead, grade by grade: move up, let enter, then play planned changes through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from junheng.planning.forecast.entrants import Driver, Entries, Layout, has_leavers, leavers
from junheng.planning.forecast.history import GRADES, Counts, History, Row
from junheng.planning.forecast.options import Change, Closure, HousingProject, Shift, Transfer
from junheng.planning.forecast.progression import Steps
from junheng.planning.forecast.spread import Floats


@dataclass(frozen=True)
class Projection:
    """Expected pupils, not rounded.

    `pupils[year ahead, row, grade − 1]` follows cohorts (0 for rows without grades), `housing` has the same shape and holds what
    zoned dwellings add, `whole[year ahead, row]` are the pupils of rows without grades, housing not counted.
    """

    pupils: Floats
    housing: Floats
    whole: Floats

    @cached_property
    def totals(self) -> Floats:
        """All pupils [year ahead, row]."""
        return np.asarray((self.pupils + self.housing).sum(axis=2) + self.whole, np.float64)


def project(
    history: History,
    layout: Layout,
    ratio: Steps,
    entries: Sequence[Entries],
    changes: Sequence[Change],
    years: int,
) -> Projection:
    """Expected pupils of every row for so many years after the last year of the history."""
    rows = len(history.rows)
    pupils, whole = np.zeros((years, rows, GRADES)), np.zeros((years, rows))
    current = np.where(layout.is_graded[:, None], history.pupils[-1], 0).astype(np.float64)
    follows = has_leavers(history, layout)
    places = {row: place for place, row in enumerate(history.rows)}
    for ahead in range(years):
        pool = leavers(current, layout, history.rows) if follows else 0.0
        current = np.concatenate([np.zeros((rows, 1)), current[:, :-1] * ratio], axis=1)
        arrived = np.zeros_like(current)
        for group in entries:
            count = _arrivals(group, ahead, pool)
            if (group.grades < 0).all():
                whole[ahead, group.rows] = count
            else:
                arrived[group.rows, group.grades] += count
        _play(changes, history.last_year + 1 + ahead, current, arrived, places)
        current = current + arrived
        pupils[ahead] = current
    return Projection(pupils, _housing(history, layout, pupils, changes, places), whole)


def _arrivals(group: Entries, ahead: int, pool: float) -> Floats:
    """The entrants of the cells of a group in one year."""
    driver: Floats | float = 1.0
    if group.driver is Driver.LEAVERS:
        driver = pool
    elif group.drivers is not None:
        driver = group.drivers[ahead]
    expected = np.where(np.isnan(group.logs[ahead]), -np.inf, group.logs[ahead])
    return np.asarray(np.maximum(np.exp(expected) * driver - 0.5, 0.0), np.float64)


def _play(changes: Sequence[Change], year: int, current: Floats, arrived: Floats, places: dict[Row, int]) -> None:
    """Plays the changes of one year in their order: shifted entrants, then closures, then transfers; arrays are changed."""
    for change in changes:
        if isinstance(change, Shift) and year >= change.year:
            giver, receiver = (places[school_id, change.stage] for school_id in (change.giver_id, change.receiver_id))
            _hand_over(arrived, giver, {receiver: change.share})
            if change.moves_all_grades and year == change.year:
                _hand_over(current, giver, {receiver: change.share})
    for change in changes:
        if isinstance(change, Closure) and year >= change.year:
            giver = places[change.school_id, change.stage]
            receivers = {places[name, change.stage]: share for name, share in change.receivers.items()}
            for pupils in (arrived, current):
                _hand_over(pupils, giver, receivers)
                pupils[giver] = 0.0
    for change in changes:
        if isinstance(change, Transfer) and year == change.year:
            _transfer(change, current, arrived, places)


def _hand_over(pupils: Floats, giver: int, receivers: dict[int, float]) -> None:
    given = pupils[giver].copy()
    for receiver, share in receivers.items():
        pupils[giver] -= given * share
        pupils[receiver] += given * share


def _transfer(change: Transfer, current: Floats, arrived: Floats, places: dict[Row, int]) -> None:
    """Out of all grades of the giver in proportion; from outside, into the grades of the receiver in proportion."""
    pupils = current + arrived
    giver = places[change.giver_id, change.stage] if change.giver_id is not None else None
    receiver = places[change.receiver_id, change.stage] if change.receiver_id is not None else None
    source = giver if giver is not None else receiver
    total = pupils[source].sum()
    if total <= 0:
        return
    moved = pupils[source] / total * (min(change.count, total) if giver is not None else change.count)
    if giver is not None:
        current[giver] -= moved
    if receiver is not None:
        current[receiver] += moved


def _housing(
    history: History, layout: Layout, pupils: Floats, changes: Sequence[Change], places: dict[Row, int]
) -> Floats:
    """Dwellings × pupils per dwelling × the share occupied since the last year, evenly over the grades that the row has."""
    added = np.zeros_like(pupils)
    for change in changes:
        if isinstance(change, HousingProject):
            place = places[change.school_id, change.stage]
            grades = _grades_of(history, layout, place)
            for ahead, gained in enumerate(_occupied_since(change, history.last_year, len(pupils))):
                assert change.dwellings is not None
                assert change.pupils_per_dwelling is not None
                added[ahead, place, grades] += change.dwellings * change.pupils_per_dwelling * gained / len(grades)
    return added


def _occupied_since(change: HousingProject, last_year: int, years: int) -> Iterator[float]:
    """The share occupied in each year ahead, less the share occupied in the last year, whose pupils are counted already."""
    assert change.occupied is not None

    def occupied(year: int) -> float:
        lived_in = year - change.completed_in
        shares = change.occupied or ()
        return shares[min(lived_in, len(shares) - 1)] if lived_in >= 0 else 0.0

    for year in range(last_year + 1, last_year + 1 + years):
        yield occupied(year) - occupied(last_year)


def _grades_of(history: History, layout: Layout, place: int) -> Counts:
    """The grades that a row has (indices): those with pupils in the last year, else all of its stage."""
    own = np.nonzero(history.pupils[-1, place])[0] if layout.is_graded[place] else np.array([], np.int64)
    stage = history.rows[place][1]
    low, high = max(layout.first[stage], 0), max(layout.top[stage], 0)
    return np.asarray(own if len(own) else np.arange(low, high + 1), np.int64)
