"""The kinds of checks. A check in `fields.yaml` names one of `KINDS`; its other keys are the arguments, in typed units.

A kind takes a `Site` and gives the rules that were broken, or none when the check does not apply (for example because there
are no facts of last year). A missing value breaks no comparison: only `required`, `expected`, `together` and `needs` ask for it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import TypeAlias

from junheng.core import check_named
from junheng.core.check_rules import DATA_YEAR, FindCells, Rule, Site, Tell, full_sum, given_sum, outside_band
from junheng.core.check_tables import PREVIOUS, Row, values_of
from junheng.core.check_words import ratio_text, rounded_text, value_text

Kind: TypeAlias = Callable[[Site], Sequence[Rule]]

_UNBOUNDED = 2**63
"""Beyond every canonical number."""


def required(site: Site) -> Sequence[Rule]:
    """Every required field of the table that is missing, one finding per cell."""
    names = [entry.id for entry in site.fields.values() if entry.required]
    values = values_of(names)
    return [site.rule(names[0], lambda row: None in values(row), find_cells=_gaps(names))]


def not_negative(site: Site) -> Sequence[Rule]:
    """Every number of the table that is below zero, one finding per cell."""
    names = [entry.id for entry in site.fields.values() if entry.type.is_number]

    def find_cells(row: Row) -> Sequence[str]:
        return [name for name in names if row[name] is not None and row[name] < 0]

    return [site.rule(names[0], lambda row: bool(find_cells(row)), find_cells=find_cells)]


def expected(site: Site) -> Sequence[Rule]:
    """Rows in which one of `fields` is missing (with `all: true`: all of them); one finding per row names them all."""
    names = site.names("fields")
    least, values = len(names) if site.check.arguments.get("all") else 1, values_of(names)
    return [_missing_rule(site, names, lambda row: values(row).count(None) >= least)]


def together(site: Site) -> Sequence[Rule]:
    """Rows in which some of `fields` are given and others not."""
    names = site.names("fields")
    values = values_of(names)
    return [_missing_rule(site, names, lambda row: 0 < values(row).count(None) < len(names))]


def needs(site: Site) -> Sequence[Rule]:
    """Rows in which one of `given` is filled in and one of `fields` is not."""
    names, given = site.names("fields"), site.names("given")
    values = values_of(names)

    def breaks(row: Row) -> bool:
        return None in values(row) and any(row[name] is not None for name in given)

    return [_missing_rule(site, names, breaks)]


def absent(site: Site) -> Sequence[Rule]:
    """Rows in which one of `fields` is given although it should not be."""
    names = site.names("fields")
    return [site.rule(names[0], lambda row: any(row[name] is not None for name in names))]


def value_range(site: Site) -> Sequence[Rule]:
    """A number below `min` or above `max`, in typed units; `max: data_year` stands for the year of the facts.

    With `or_zero: true` a 0 passes, where it says that there is none.
    """
    field = site.text("field")
    scale = site.entry(field).scale
    low, high = (_bound(site, name) for name in ("min", "max"))
    least = -_UNBOUNDED if low is None else ceil(low * scale)
    most = _UNBOUNDED if high is None else floor(high * scale)
    passing = {None, 0} if site.check.arguments.get("or_zero") else {None}

    def breaks(row: Row) -> bool:
        value = row[field]
        return value not in passing and not least <= value <= most

    return [site.rule(field, breaks)]


def pattern(site: Site) -> Sequence[Rule]:
    """A text that the regular expression does not match as a whole."""
    field, expression = site.text("field"), re.compile(site.text("pattern"))
    return [site.rule(field, lambda row: row[field] is not None and expression.fullmatch(row[field]) is None)]


def one_of(site: Site) -> Sequence[Rule]:
    """A value that is none of `values`; missing is not meant."""
    field, allowed = site.text("field"), {None, *site.names("values")}
    return [site.rule(field, lambda row: row[field] not in allowed)]


def differs(site: Site) -> Sequence[Rule]:
    """Two columns that must not be the same, and are."""
    field, other = site.text("field"), site.text("other")
    return [site.rule(field, lambda row: row[field] is not None and row[field] == row[other])]


def equivalent(site: Site) -> Sequence[Rule]:
    """Rows where exactly one of `field = value` and `other = other_value` holds; both columns must be given."""
    field, other = site.text("field"), site.text("other")
    value, other_value = site.need("value"), site.need("other_value")

    def breaks(row: Row) -> bool:
        is_known = row[field] is not None and row[other] is not None
        return is_known and (row[field] == value) != (row[other] == other_value)

    return [site.rule(field, breaks)]


def at_most(site: Site) -> Sequence[Rule]:
    """A number above the number in `limit`. Both must have the same scale."""
    field, limit = site.text("field"), site.text("limit")
    return [site.rule(field, lambda row: _is_below(row[limit], row[field]))]


def sum_at_most(site: Site) -> Sequence[Rule]:
    """`parts` that add up to more than `total` (itself a sum). Parts that are missing only make the sum smaller."""
    parts, total = site.names("parts"), site.names("total")
    return [site.rule(total[0], lambda row: _is_below(full_sum(row, total), given_sum(row, parts)), _sums(site))]


def sum_at_least(site: Site) -> Sequence[Rule]:
    """`parts`, all given, that add up to less than `total`."""
    parts, total = site.names("parts"), site.names("total")
    return [site.rule(total[0], lambda row: _is_below(full_sum(row, parts), full_sum(row, total)), _sums(site))]


def sum_equals(site: Site) -> Sequence[Rule]:
    """`parts`, all given, that do not add up to `total`. Does not apply without last year's facts when it needs them."""
    parts, total = site.names("parts"), site.names("total")
    if not site.tables.applies(site.table, *parts, *total):
        return []

    def breaks(row: Row) -> bool:
        left, right = full_sum(row, parts), full_sum(row, total)
        return left is not None and right is not None and left != right

    return [site.rule(total[0], breaks, _sums(site))]


def ratio_band(site: Site) -> Sequence[Rule]:
    """`numerator` ÷ `denominator` outside [low, high], in typed units.

    With `least` the two must also be that far apart, in typed units of the numerator: a school of 3 pupils may double.
    """
    return [_band_rule(site, site.text("numerator"), site.text("denominator"))]


def year_on_year(site: Site) -> Sequence[Rule]:
    """This year's number ÷ last year's outside [low, high], and at least `least` typed units apart."""
    field = site.text("field")
    earlier = f"{PREVIOUS}{field}"
    return [_band_rule(site, field, earlier)] if site.tables.applies(site.table, earlier) else []


def looks_like(site: Site) -> Sequence[Rule]:
    """A number that is implausible per head of `per`, and plausible after one of `factors`: typed in another unit.

    `low` and `high` bound what is plausible per head, in typed units.
    """
    field, per = site.text("field"), site.text("per")
    entry, low, high = site.entry(field), site.number("low"), site.number("high")
    is_odd = outside_band(low, high, Fraction(1, entry.scale))
    factors = {each: outside_band(low, high, each / entry.scale) for each in map(Fraction, site.names("factors"))}

    def fitting(row: Row) -> list[Fraction]:
        return [factor for factor, stays_odd in factors.items() if not stays_odd(row[field], row[per])]

    def breaks(row: Row) -> bool:
        value, heads = row[field] or 0, row[per] or 0
        return value > 0 and heads > 0 and is_odd(value, heads) and bool(fitting(row))

    def tell(row: Row) -> Mapping[str, str]:
        value = entry.typed(row[field])
        converted = rounded_text(value * fitting(row)[0])
        return {"ratio": ratio_text(entry, value / row[per]), "converted": f"{converted} {entry.unit}"}

    return [site.rule(field, breaks, tell)]


def reference(site: Site) -> Sequence[Rule]:
    """Rows whose `fields` are not found in `to_fields` of the table `to` (of its rows that fit `where`)."""
    key_of, target_key_of = values_of(site.names("fields")), values_of(site.names("to_fields"))
    where = site.check.arguments.get("where", {})
    known = {
        target_key_of(row)
        for row in site.tables.rows[site.text("to")]
        if all(row[name] == value for name, value in where.items())
    }

    def breaks(row: Row) -> bool:
        key = key_of(row)
        return key not in known and None not in key

    return [site.rule(site.names("fields")[0], breaks)]


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
        "same_name": check_named.same_name,
        "row_count": check_named.row_count,
        "consecutive_years": check_named.consecutive_years,
        "arts_within_teachers": check_named.arts_within_teachers,
        "art_total_unmarked": check_named.art_total_unmarked,
        "cohort_retention": check_named.cohort_retention,
        "date_within_data_year": check_named.date_within_data_year,
    }
)
"""Every kind by the name it has in `fields.yaml`."""


def _gaps(names: Sequence[str]) -> FindCells:
    return lambda row: [name for name in names if row[name] is None]


def _missing_rule(site: Site, names: Sequence[str], breaks: Callable[[Row], bool]) -> Rule:
    """A rule that names the missing fields and points at the first of them, unless the check has a cell of its own."""
    gaps = _gaps(names)

    def tell(row: Row) -> Mapping[str, str]:
        return {"labels": "、".join(f"“{site.entry(name).label}”" for name in gaps(row))}

    return site.rule(names[0], breaks, tell, lambda row: gaps(row)[:1])


def _bound(site: Site, name: str) -> Fraction | None:
    is_data_year = site.check.arguments.get(name) == DATA_YEAR
    return Fraction(site.tables.facts.year) if is_data_year else site.number(name)


def _is_below(left: int | None, right: int | None) -> bool:
    """True when both are given and the left one is smaller."""
    return left is not None and right is not None and left < right


def _sums(site: Site) -> Tell:
    """The words `sum` (of the parts that are given) and `limit` (of the total)."""
    parts, total = site.names("parts"), site.names("total")
    entry = site.entry(total[0])
    return lambda row: {
        "sum": value_text(entry, given_sum(row, parts)),
        "limit": value_text(entry, given_sum(row, total)),
    }


def _band_rule(site: Site, top: str, bottom: str) -> Rule:
    entry, below = site.entry(top), site.entry(bottom)
    scale = Fraction(below.scale, entry.scale)
    is_odd = outside_band(site.number("low"), site.number("high"), scale)
    least = ceil((site.number("least") or 0) * entry.scale)

    def breaks(row: Row) -> bool:
        value, base = row[top], row[bottom]
        if value is None or base is None or base <= 0 or not is_odd(value, base):
            return False
        return bool(abs(value - base / scale) >= least)

    def tell(row: Row) -> Mapping[str, str]:
        return {"ratio": ratio_text(entry, entry.typed(row[top]) / below.typed(row[bottom]))}

    return site.rule(top, breaks, tell)
