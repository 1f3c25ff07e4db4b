"""Checks that are not simple: each is a named Python function, selected by `kind` in `fields.yaml`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from junheng.core.check_rules import WHOLE_TABLE, Rule, Site, full_sum, given_sum, outside_band
from junheng.core.check_tables import Row, values_of
from junheng.core.check_words import value_text

_PAIR = ("music_teacher_count", "fine_art_teacher_count")
_COHORT = values_of(("graduate_count", "transferred_in_count", "transferred_out_count", "entrant_count", "death_count"))


def unique_key(site: Site) -> Sequence[Rule]:
    """Rows whose key was there before; rows with an incomplete key are left to `required`."""
    names = site.tables.dictionary.tables[site.table].key
    key_of = values_of(names)
    seen: set[tuple[object, ...]] = set()
    positions = []
    for position, row in enumerate(site.rows):
        key = key_of(row)
        if key in seen and None not in key:
            positions.append(position)
        seen.add(key)
    return [Rule(names[-1], positions)]


def same_name(site: Site) -> Sequence[Rule]:
    """Rows with one name in one township (or all without township) and different ids; one id twice is told elsewhere."""
    ids = defaultdict(set)
    for row in site.rows:
        ids[row["township"], row["school_name"]].add(row["school_id"])

    def breaks(row: Row) -> bool:
        return row["school_name"] is not None and len(ids[row["township"], row["school_name"]]) > 1

    return [site.rule("school_name", breaks)]


def row_count(site: Site) -> Sequence[Rule]:
    """A table that does not hold exactly `rows` rows."""
    count = len(site.rows)
    positions = [] if count == site.need("rows") else [WHOLE_TABLE]
    return [Rule(site.text("cell"), positions, lambda _row: {"count": str(count)})]


def consecutive_years(site: Site) -> Sequence[Rule]:
    """A table with years that are not `count` consecutive ones; an empty table is not meant, repeated years count once."""
    cell = site.text("field")
    years = sorted({row[cell] for row in site.rows if row[cell] is not None})
    is_run = not years or years == list(range(years[0], years[0] + site.need("count")))
    return [Rule(cell, [] if is_run else [WHOLE_TABLE], lambda _row: {"years": "、".join(str(year) for year in years)})]


def arts_within_teachers(site: Site) -> Sequence[Rule]:
    """More PE and art teachers than full-time teachers, counted the way that gives the fewest."""
    total = "full_time_teacher_count"

    def breaks(row: Row) -> bool:
        return row[total] is not None and _fewest_arts(row) > row[total]

    def tell(row: Row) -> Mapping[str, str]:
        return {"sum": value_text(site.entry(total), _fewest_arts(row))}

    return [site.rule("art_teacher_count", breaks, tell)]


def _fewest_arts(row: Row) -> int:
    """PE and art teachers at least: an art number that is, or may be, a total is not added to its parts."""
    pair, art = given_sum(row, _PAIR) or 0, row["art_teacher_count"] or 0
    arts = pair + art if row["is_art_count_total"] is False else max(pair, art)
    return (row["pe_teacher_count"] or 0) + arts


def art_total_unmarked(site: Site) -> Sequence[Rule]:
    """An art number that is not below music plus fine art and is not marked: it may be a total that contains its parts."""

    def breaks(row: Row) -> bool:
        return row["is_art_count_total"] is None and _may_hold_pair(row)

    return [site.rule("is_art_count_total", breaks)]


def _may_hold_pair(row: Row) -> bool:
    pair = full_sum(row, _PAIR) or 0
    return 0 < pair <= (row["art_teacher_count"] or 0)


def cohort_retention(site: Site) -> Sequence[Rule]:
    """A three-year retention outside [low, high]: (graduates − in + out) ÷ (entrants − deaths), when all five are given."""
    is_odd = outside_band(site.number("low"), site.number("high"))

    def breaks(row: Row) -> bool:
        share = _retention(row)
        return share is not None and share[1] > 0 and is_odd(*share)

    def tell(row: Row) -> Mapping[str, str]:
        stayed, entered = _retention(row) or (0, 1)
        return {"ratio": f"{100 * stayed / entered:.1f}%"}

    return [site.rule("graduate_count", breaks, tell)]


def _retention(row: Row) -> tuple[int, int] | None:
    values = _COHORT(row)
    if None in values:
        return None
    graduates, moved_in, moved_out, entrants, deaths = values
    return graduates - moved_in + moved_out, entrants - deaths


def date_within_data_year(site: Site) -> Sequence[Rule]:
    """A date after the last day of the data year. Dates are kept as ISO text, whose order is that of time."""
    cell, last_day = site.text("field"), f"{site.tables.facts.year:04d}-12-31"
    return [site.rule(cell, lambda row: row[cell] is not None and row[cell] > last_day)]
