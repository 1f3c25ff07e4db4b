"""Checks that are not simple: each is a named Python function, selected by `kind` in `fields.yaml`."""

from collections.abc import Mapping, Sequence

import narwhals as nw

from junheng.core.check_frames import row_keys
from junheng.core.check_rules import Rule, Site, full_sum, outside
from junheng.core.check_words import Row, value_text

_ARTS = ("music_teacher_count", "fine_art_teacher_count", "art_teacher_count")


def same_name(site: Site) -> Sequence[Rule]:
    """Two rows with one name in one township (or both without township) and different ids. An id that repeats is not told twice."""
    place = nw.concat_str([nw.col("township").fill_null(""), nw.col("school_name")], separator="\x1f")
    hit = place.is_duplicated() & ~nw.col("school_name").is_null() & ~nw.col("school_id").is_duplicated()
    return [site.rule("school_name", hit)]


def unique_key(site: Site) -> Sequence[Rule]:
    """Rows whose key was there before; rows with an incomplete key are left to `required`."""
    key = site.tables.dictionary.tables[site.table].key
    joined = row_keys(key)
    return [site.rule(key[-1], ~joined.is_first_distinct() & ~joined.is_null())]


def row_count(site: Site) -> Sequence[Rule]:
    """A table that does not hold exactly `rows` rows."""
    count = len(site.tables.frames[site.table])
    if count == site.need("rows"):
        return []
    return [Rule(cell=site.text("cell"), hit=None, tell=lambda _row: {"count": str(count)})]


def consecutive_years(site: Site) -> Sequence[Rule]:
    """A table with years that are not `count` consecutive ones; an empty table is not meant, repeated years count once."""
    cell = site.text("field")
    years = sorted({year for year in site.tables.frames[site.table][cell].to_list() if year is not None})
    is_run = bool(years) and years == list(range(years[0], years[0] + site.need("count")))
    if is_run or not years:
        return []
    return [Rule(cell=cell, hit=None, tell=lambda _row: {"years": "、".join(str(year) for year in years)})]


def arts_within_teachers(site: Site) -> Sequence[Rule]:
    """More PE and art teachers than full-time teachers, counted the way that gives the fewest.

    An art number that is marked as a total replaces music and fine art; without a mark it may be one, so the larger of the
    two readings' lower bounds is taken: max(art, music + fine art).
    """
    total = "full_time_teacher_count"
    art, parts = nw.col("art_teacher_count").fill_null(0), nw.sum_horizontal(*[nw.col(each) for each in _ARTS[:2]])
    is_apart = nw.col("is_art_count_total").fill_null(True)
    arts = nw.when(~is_apart).then(art + parts).otherwise(nw.max_horizontal(art, parts))
    hit = nw.col("pe_teacher_count").fill_null(0) + arts > nw.col(total)

    def tell(row: Row) -> Mapping[str, str]:
        music, fine_art, art_count = (row[each] or 0 for each in _ARTS)
        pair = music + fine_art
        least = art_count + pair if row["is_art_count_total"] is False else max(art_count, pair)
        return {"sum": value_text(site.tables.entry(site.table, total), (row["pe_teacher_count"] or 0) + least)}

    return [site.rule("art_teacher_count", hit, tell)]


def art_total_unmarked(site: Site) -> Sequence[Rule]:
    """An art number that equals music plus fine art and is not marked: probably a total that contains its parts."""
    pair = full_sum(_ARTS[:2])
    art = nw.col("art_teacher_count")
    return [site.rule("is_art_count_total", (art == pair) & (art > 0) & nw.col("is_art_count_total").is_null())]


def cohort_retention(site: Site) -> Sequence[Rule]:
    """A three-year retention outside [low, high]: (graduates − in + out) ÷ (entrants − deaths)."""
    low, high = site.number("low"), site.number("high")
    remained = full_sum(["graduate_count", "transferred_out_count"]) - nw.col("transferred_in_count")
    entered = nw.col("entrant_count") - nw.col("death_count")
    hit = (entered > 0) & outside(remained / entered, low and float(low), high and float(high))

    def tell(row: Row) -> Mapping[str, str]:
        stayed = row["graduate_count"] - row["transferred_in_count"] + row["transferred_out_count"]
        return {"ratio": f"{100 * stayed / (row['entrant_count'] - row['death_count']):.1f}%"}

    return [site.rule("graduate_count", hit, tell)]


def date_within_data_year(site: Site) -> Sequence[Rule]:
    """A date after the last day of the data year. Dates are kept as ISO text, whose order is that of time."""
    cell = site.text("field")
    return [site.rule(cell, nw.col(cell) > f"{site.tables.facts.year:04d}-12-31")]
