"""The kinds of checks. A check in `fields.yaml` names one of `KINDS`; its other keys are the arguments, in typed units.

A kind takes a `Site` and gives the rules to look for: one, one per field, or none when the check does not apply (for example
because there are no facts of last year).
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Any, TypeAlias

import narwhals as nw

from junheng.core import check_named
from junheng.core.check_frames import PREVIOUS, row_keys
from junheng.core.check_rules import (
    DATA_YEAR,
    Rule,
    Site,
    all_of,
    any_of,
    full_sum,
    given_sum,
    is_one_of,
    outside,
)
from junheng.core.check_words import Row, ratio_text, rounded_text, value_text

Kind: TypeAlias = Callable[[Site], Sequence[Rule]]


def required(site: Site) -> Sequence[Rule]:
    """Every required field of the table that is missing, one finding per cell."""
    entries = site.tables.dictionary.tables[site.table].fields.values()
    return [
        site.rule(entry.id, nw.col(entry.id).is_null(), _constant(label=entry.label)) for entry in entries if entry.required
    ]


def not_negative(site: Site) -> Sequence[Rule]:
    """Every number of the table that is below zero, one finding per cell."""
    entries = site.tables.dictionary.tables[site.table].fields.values()
    return [
        site.rule(entry.id, nw.col(entry.id) < 0, lambda row, entry=entry: _named(entry.label, value_text(entry, row[entry.id])))
        for entry in entries
        if entry.type.is_number
    ]


def expected(site: Site) -> Sequence[Rule]:
    """Rows in which one of `fields` is missing (with `all: true`: all of them); one finding per row names them all."""
    fields = site.names("fields")
    missing = [nw.col(each).is_null() for each in fields]
    hit = all_of(missing) if site.check.arguments.get("all") else any_of(missing)
    return [_missing_rule(site, fields, hit)]


def together(site: Site) -> Sequence[Rule]:
    """Rows in which some of `fields` are given and others not."""
    fields = site.names("fields")
    missing = [nw.col(each).is_null() for each in fields]
    return [_missing_rule(site, fields, any_of(missing) & ~all_of(missing))]


def needs(site: Site) -> Sequence[Rule]:
    """Rows in which one of `given` is filled in and one of `fields` is not."""
    fields = site.names("fields")
    is_given = any_of([~nw.col(each).is_null() for each in site.names("given")])
    return [_missing_rule(site, fields, is_given & any_of([nw.col(each).is_null() for each in fields]))]


def absent(site: Site) -> Sequence[Rule]:
    """Rows in which one of `fields` is given although it should not be."""
    fields = site.names("fields")
    return [site.rule(fields[0], any_of([~nw.col(each).is_null() for each in fields]))]


def value_range(site: Site) -> Sequence[Rule]:
    """A number below `min` or above `max`, in typed units; `max: data_year` stands for the year of the facts."""
    field = site.text("field")
    scale = site.scale(field)
    low, high = (_bound(site, name) for name in ("min", "max"))
    low_units = None if low is None else ceil(low * scale)
    high_units = None if high is None else floor(high * scale)
    return [site.rule(field, outside(nw.col(field), low_units, high_units))]


def pattern(site: Site) -> Sequence[Rule]:
    """A text that does not match the regular expression."""
    field = site.text("field")
    return [site.rule(field, ~nw.col(field).str.contains(site.text("pattern")))]


def one_of(site: Site) -> Sequence[Rule]:
    """A value that is none of `values`; missing is not meant."""
    field = site.text("field")
    return [site.rule(field, ~is_one_of(field, site.names("values")) & ~nw.col(field).is_null())]


def differs(site: Site) -> Sequence[Rule]:
    """Two columns that must not be the same, and are."""
    field = site.text("field")
    return [site.rule(field, nw.col(field) == nw.col(site.text("other")))]


def equivalent(site: Site) -> Sequence[Rule]:
    """Rows where exactly one of `field = value` and `other = other_value` holds."""
    field = site.text("field")
    left = nw.col(field) == site.need("value")
    right = nw.col(site.text("other")) == site.need("other_value")
    return [site.rule(field, left != right)]


def at_most(site: Site) -> Sequence[Rule]:
    """A number above the number in `limit`. Both must have the same scale."""
    field = site.text("field")
    return [site.rule(field, nw.col(field) > nw.col(site.text("limit")))]


def sum_at_most(site: Site) -> Sequence[Rule]:
    """`parts` that add up to more than `total` (itself a sum). Parts that are missing only make the sum smaller."""
    parts, total = site.names("parts"), site.names("total")
    return [site.rule(total[0], given_sum(parts) > full_sum(total), _sums(site, parts, total))]


def sum_at_least(site: Site) -> Sequence[Rule]:
    """`parts`, all given, that add up to less than `total`."""
    parts, total = site.names("parts"), site.names("total")
    return [site.rule(total[0], full_sum(parts) < full_sum(total), _sums(site, parts, total))]


def sum_equals(site: Site) -> Sequence[Rule]:
    """`parts`, all given, that do not add up to `total`. Does not apply without last year's facts when it needs them."""
    parts, total = site.names("parts"), site.names("total")
    if not site.tables.has(site.table, *parts, *total):
        return []
    return [site.rule(total[0], full_sum(parts) != full_sum(total), _sums(site, parts, total))]


def ratio_band(site: Site) -> Sequence[Rule]:
    """`numerator` ÷ `denominator` outside [low, high], in typed units.

    With `least` the two must also differ, or the numerator must reach, that many typed units: a school of 3 pupils may double.
    """
    top, bottom = site.text("numerator"), site.text("denominator")
    ratio = nw.col(top) * site.scale(bottom) / (nw.col(bottom) * site.scale(top))
    hit = (nw.col(bottom) > 0) & _outside_band(site, ratio) & _is_large(site, top, bottom)

    def tell(row: Row) -> Mapping[str, str]:
        entry = site.tables.entry(site.table, top)
        return {"ratio": ratio_text(entry, site.typed(top, row) / site.typed(bottom, row))}

    return [site.rule(top, hit, tell)]


def year_on_year(site: Site) -> Sequence[Rule]:
    """This year's number ÷ last year's outside [low, high], and at least `least` typed units apart."""
    field = site.text("field")
    earlier = f"{PREVIOUS}{field}"
    if not site.tables.has(site.table, earlier):
        return []
    hit = (nw.col(earlier) > 0) & _outside_band(site, nw.col(field) / nw.col(earlier)) & _is_large(site, field, earlier)
    return [site.rule(field, hit)]


def looks_like(site: Site) -> Sequence[Rule]:
    """A number that is implausible per head of `per`, and plausible after one of `factors`: typed in another unit.

    `low` and `high` bound what is plausible per head, in typed units.
    """
    field, per = site.text("field"), site.text("per")
    factors = [Fraction(str(each)) for each in site.need("factors")]
    low, high = (float(Fraction(str(site.need(name)))) for name in ("low", "high"))
    each = nw.col(field) / (nw.col(per) * site.scale(field))
    fits = any_of([(each * float(factor) >= low) & (each * float(factor) <= high) for factor in factors])

    def tell(row: Row) -> Mapping[str, str]:
        entry = site.tables.entry(site.table, field)
        value, heads = site.typed(field, row), row[per]
        factor = next(each for each in factors if low <= float(value * each) / heads <= high)
        return {"ratio": ratio_text(entry, value / heads), "converted": f"{rounded_text(value * factor)} {entry.unit}"}

    return [site.rule(field, (nw.col(per) > 0) & (nw.col(field) > 0) & outside(each, low, high) & fits, tell)]


def reference(site: Site) -> Sequence[Rule]:
    """Rows whose `fields` are not found in `to_fields` of the table `to` (of its rows that fit `where`)."""
    fields = tuple(site.names("fields"))
    target = site.tables.facts.table(site.text("to"))
    for column, value in site.check.arguments.get("where", {}).items():
        target = target.filter(nw.col(column) == value)
    known = target.select(row_keys(tuple(site.names("to_fields"))).alias("key"))["key"].drop_nulls().unique().to_list()
    key = row_keys(fields)
    return [site.rule(fields[0], ~key.is_in(known) & ~key.is_null())]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "required": required,
        "not_negative": not_negative,
        "expected": expected,
        "together": together,
        "needs": needs,
        "absent": absent,
        "range": value_range,
        "pattern": pattern,
        "one_of": one_of,
        "differs": differs,
        "equivalent": equivalent,
        "at_most": at_most,
        "sum_at_most": sum_at_most,
        "sum_at_least": sum_at_least,
        "sum_equals": sum_equals,
        "ratio_band": ratio_band,
        "year_on_year": year_on_year,
        "looks_like": looks_like,
        "reference": reference,
        "unique_key": check_named.unique_key,
        "row_count": check_named.row_count,
        "same_name": check_named.same_name,
        "consecutive_years": check_named.consecutive_years,
        "arts_within_teachers": check_named.arts_within_teachers,
        "art_total_unmarked": check_named.art_total_unmarked,
        "cohort_retention": check_named.cohort_retention,
        "date_within_data_year": check_named.date_within_data_year,
    }
)
"""Every kind by the name it has in `fields.yaml`."""


def _named(label: str, value: str) -> Mapping[str, str]:
    return {"label": label, "value": value}


def _constant(**words: str) -> Callable[[Row], Mapping[str, str]]:
    return lambda _row: words


def _bound(site: Site, name: str) -> Fraction | None:
    is_data_year = site.check.arguments.get(name) == DATA_YEAR
    return Fraction(site.tables.facts.year) if is_data_year else site.number(name)


def _missing_rule(site: Site, fields: Sequence[str], hit: nw.Expr) -> Rule:
    """A rule that names the missing fields and points at the first of them, unless the check has a cell of its own."""

    def gaps(row: Row) -> list[str]:
        return [each for each in fields if row[each] is None]

    def tell(row: Row) -> Mapping[str, str]:
        return {"labels": "、".join(f"“{site.tables.entry(site.table, each).label}”" for each in gaps(row))}

    find_cell = None if "cell" in site.check.arguments else lambda row: gaps(row)[0]
    rule = site.rule(fields[0], hit, tell)
    return Rule(cell=rule.cell, hit=rule.hit, tell=tell, find_cell=find_cell)


def _sums(site: Site, parts: Sequence[str], total: Sequence[str]) -> Callable[[Row], Mapping[str, str]]:
    entry = site.tables.entry(site.table, total[0])

    def add(row: Row, names: Sequence[str]) -> str:
        given: list[Any] = [row[each] for each in names if row[each] is not None]
        return value_text(entry, sum(given))

    return lambda row: {"sum": add(row, parts), "limit": add(row, total)}


def _outside_band(site: Site, ratio: nw.Expr) -> nw.Expr:
    low, high = site.number("low"), site.number("high")
    return outside(ratio, None if low is None else float(low), None if high is None else float(high))


def _is_large(site: Site, top: str, bottom: str) -> nw.Expr:
    """True where the two numbers are at least `least` apart (in the unit of the first one, when the scales agree)."""
    least = site.number("least") or Fraction(0)
    units = ceil(least * site.scale(top))
    if site.scale(top) != site.scale(bottom):
        return nw.col(top) >= units
    return (nw.col(top) - nw.col(bottom)).abs() >= units
