"""Coefficients of many counties that rounded sums do not decide: taken again from the rows, in exact fractions.

A close call is a coefficient whose limit lies inside the rounding band of its sums, or whose sums are too rough to trust
(`junheng.core.dispersion.is_coarse`). They are few; the rows of their counties are collected once for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import narwhals as nw

from junheng.core.dispersion import EXACT_BELOW, FLOAT_SLACK, GROUP_KEYS, WIDEST_BAND, Sums, settle
from junheng.core.stages import Rules
from junheng.core.standard import ResourceIndicator, Stage

Limits = Mapping[Stage, Fraction]
Key = tuple[Any, ...]
Row = dict[str, Any]
Triple = tuple[int, int, int]
Collect = Callable[[Any], nw.DataFrame[Any]]


def decide(
    groups: nw.DataFrame[Any], judged: Any, limits: Limits | None, rules: Rules, collect: Collect
) -> nw.DataFrame[Any]:
    """Settles every close call of `groups`, and adds `ok_<id>` per indicator where there are limits to judge by.

    `ok_<id>` is 1 within the limit of the stage, 0 above it, null where the coefficient is undefined. `judged` are the rows
    the groups were made of; `collect` brings the few that are needed into memory.
    """
    indicators = rules.standard.indicators
    if limits is not None:
        groups = groups.with_columns(*[_from_sums(entry, limits).alias(f"ok_{entry.id}") for entry in indicators])
    calls = _calls(indicators, groups, limits)
    if not calls:
        return groups
    triples = _triples(calls, judged, collect)
    places = {key: place for place, key in enumerate(groups.select(*GROUP_KEYS).rows())}
    for entry, rows in calls:
        groups = _settled(entry, rows, groups, places, triples[entry.id], limits)
    return groups


def _calls(
    indicators: Sequence[ResourceIndicator], groups: nw.DataFrame[Any], limits: Limits | None
) -> list[tuple[ResourceIndicator, Sequence[Row]]]:
    """The indicators that have close calls, each with the groups of them."""
    marks = groups.select(*[_is_close(entry, limits).alias(entry.id) for entry in indicators])
    return [(entry, groups.filter(marks[entry.id]).rows(named=True)) for entry in indicators if marks[entry.id].any()]


def _settled(
    entry: ResourceIndicator,
    rows: Sequence[Row],
    groups: nw.DataFrame[Any],
    places: Mapping[Key, int],
    triples: Mapping[Key, list[Triple]],
    limits: Limits | None,
) -> nw.DataFrame[Any]:
    names = [f"cv_{entry.id}", f"ok_{entry.id}"] if limits is not None else [f"cv_{entry.id}"]
    columns = {name: groups[name].to_list() for name in names}
    for row in rows:
        key = tuple(row[name] for name in GROUP_KEYS)
        sums = Sums(row["school_count"], row[f"S_{entry.id}"], row[f"Q_{entry.id}"])
        limit = limits[Stage(row["stage"])] if limits is not None else None
        coefficient, is_within = settle(row[names[0]], limit, sums, lambda key=key: triples[key])  # type: ignore[misc]
        columns[names[0]][places[key]] = coefficient
        if limits is not None:
            columns[names[1]][places[key]] = None if is_within is None else int(is_within)
    backend = groups.implementation
    new = [nw.new_series(name, columns[name], groups.schema[name], backend=backend) for name in names]
    return groups.with_columns(*new)


def _triples(
    calls: Sequence[tuple[ResourceIndicator, Sequence[Row]]], judged: Any, collect: Collect
) -> dict[str, dict[Key, list[Triple]]]:
    """Per indicator and group the rows (numerator, denominator, pupils) of the counties and years with close calls."""
    wanted = {name: {row[name] for _, rows in calls for row in rows} for name in ("county_code", "year")}
    here = nw.col("county_code").is_in(sorted(wanted["county_code"])) & nw.col("year").is_in(sorted(wanted["year"]))
    ids = [entry.id for entry, _ in calls]
    columns = [*GROUP_KEYS, "student_count", *(f"{letter}_{name}" for name in ids for letter in ("n", "d"))]
    found: dict[str, dict[Key, list[Triple]]] = {name: {} for name in ids}
    for row in collect(judged.filter(here).select(*columns)).iter_rows(named=True):
        key = tuple(row[name] for name in GROUP_KEYS)
        for name in ids:
            found[name].setdefault(key, []).append((row[f"n_{name}"], row[f"d_{name}"], row["student_count"]))
    return found


def _bound(limits: Limits) -> Any:
    primary, junior = (nw.lit(float(1 + limits[stage] ** 2)) for stage in (Stage.PRIMARY, Stage.JUNIOR))
    return nw.when(nw.col("stage") == "primary").then(primary).otherwise(junior)


def _from_sums(entry: ResourceIndicator, limits: Limits) -> Any:
    return (nw.col(f"cv_{entry.id}") ** 2 + 1.0 <= _bound(limits)).cast(nw.Int64)


def _is_close(entry: ResourceIndicator, limits: Limits | None) -> Any:
    """True where the sums alone do not decide; the same bounds as `settle` draws for one group."""
    count, total, squares = nw.col("school_count"), nw.col(f"S_{entry.id}"), nw.col(f"Q_{entry.id}")
    is_known = (nw.col(f"N_{entry.id}") == count) & (count > 1)
    heads = count.cast(nw.Float64)
    band = heads / squares.cast(nw.Float64) + 2.0 * heads / total.cast(nw.Float64) + FLOAT_SLACK
    is_coarse = (total <= 0) | (squares <= 0) | (total >= EXACT_BELOW) | (squares >= EXACT_BELOW) | (band > WIDEST_BAND)
    if limits is None:
        return is_known & is_coarse
    distance = (nw.col(f"cv_{entry.id}") ** 2 + 1.0 - _bound(limits)).abs()
    is_near = (distance <= 2.0 * band * _bound(limits)).fill_null(value=False)
    return is_known & (is_coarse | is_near)
