"""Which facts a return covers: all school tables for a school, the county facts it owns for a department, the rest for the
county office. The field dictionary says who owns what (`Field.reporter`); `Organisation.reports_as` says who is who."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from junheng import api
from junheng.core.fields import Field, FieldDictionary, Table
from junheng.readers.dictionary import load_dictionary
from junheng.web.organisations.models import Organisation
from junheng.web.returns.models import Return

SCHOOL_TABLES = ("schools", "stages", "classes", "rooms", "cohorts")
COUNTY_TABLES = ("county", "county_subjects", "county_years", "survey_groups", "judgements")
SINGLE_ROW_TABLES = frozenset({"schools", "county"})
IDENTITY = frozenset({"school_id", "school_name", "county_code", "county_name", "year"})
"""Fields that say whose facts these are: taken from the tree of organisations, never typed."""

Covers = Mapping[str, Sequence[str]]
SPENDING_YEARS = 5


@cache
def school_covers() -> dict[str, tuple[str, ...]]:
    """Every field of the school tables."""
    tables = load_dictionary().tables
    return {name: tuple(tables[name].fields) for name in SCHOOL_TABLES}


def covers_of(entry: Return) -> Covers:
    """`{table: (field id, …)}` of a return, tables and fields in the order of the dictionary."""
    return entry.covers or school_covers()


def tables_of(covers: Covers) -> tuple[Table, ...]:
    """The covered tables, in the order of the dictionary."""
    return tuple(table for table in load_dictionary().tables.values() if table.id in covers)


def dictionary_of(covers: Covers) -> FieldDictionary:
    """The dictionary reduced to the covered tables: all that checks of this return need to look at."""
    return _dictionary(tuple(covers))


@cache
def _dictionary(names: tuple[str, ...]) -> FieldDictionary:
    whole = load_dictionary()
    return FieldDictionary(
        tables={name: table for name, table in whole.tables.items() if name in names}, version=whole.version
    )


def field_of(covers: Covers, table: str, name: str) -> Field | None:
    """A covered field that may be typed; None for anything else."""
    if name in IDENTITY or name not in covers.get(table, ()):
        return None
    return load_dictionary().tables[table].fields[name]


def share_out(county: Organisation, departments: Iterable[Organisation]) -> dict[int, Covers]:
    """Who reports which county facts: organisation id → covers. Every field has one owner.

    A field belongs to the department that reports as its reporter; of several reporters (财政局、人社局) the first that has a
    department; without one, to the county office. The keys of a table go to everyone who has a field in it.
    """
    owners: dict[str, int] = {}
    for department in sorted(departments, key=lambda place: (place.code, place.name, place.pk)):
        for reporter in department.reports_as:
            owners.setdefault(reporter, department.pk)
    shares: dict[int, dict[str, list[str]]] = {county.pk: {}}
    tables = load_dictionary().tables
    for name in COUNTY_TABLES:
        for entry in tables[name].fields.values():
            if entry.id not in tables[name].key and entry.id not in IDENTITY:
                share = shares.setdefault(_owner(entry.reporter, owners, county.pk), {})
                share.setdefault(name, list(tables[name].key)).append(entry.id)
    return {
        owner: {name: _ordered(tables[name], ids) for name, ids in share.items()} for owner, share in shares.items()
    }


def _owner(reporter: str, owners: Mapping[str, int], county_id: int) -> int:
    names = (reporter, *reporter.split("、"))
    return next((owners[name] for name in names if name in owners), county_id)


def _ordered(table: Table, ids: Sequence[str]) -> list[str]:
    return [name for name in table.fields if name in ids]


def first_rows(
    covers: Covers, place: Organisation, county: Organisation, *, year: int, standard: str
) -> dict[str, list[dict[str, Any]]]:
    """The rows that a new return starts with: what is known without asking (identity, subjects, groups, years, items)."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in covers}
    if "schools" in covers:
        told = {"school_type": place.school_type} if place.school_type else {}
        rows["schools"] = [{"school_id": place.code, "school_name": place.name, **told}]
    if "county" in covers:
        rows["county"] = [{"county_code": county.code, "county_name": county.name, "year": year}]
    fields = load_dictionary().tables
    for name, key in (("county_subjects", "subject"), ("survey_groups", "group")):
        if name in covers:
            rows[name] = [{key: choice} for choice in fields[name].fields[key].choices]
    if "county_years" in covers:
        rows["county_years"] = [{"spending_year": each} for each in range(year - SPENDING_YEARS + 1, year + 1)]
    if "judgements" in covers:
        rows["judgements"] = [{"item_id": each} for each in judged_ids(standard)]
    return rows


@cache
def judged_ids(standard: str) -> tuple[str, ...]:
    """The items, scored points and vetoes of a standard that people judge on documents. StandardError when it is unknown."""
    chosen = api.standard_of(standard)
    items = [item.id for item in chosen.items if item.needs_judgement]
    points = [f"{item.id}/{sub.id}" for item in chosen.items for sub in item.sub_items if not sub.formula]
    return (*items, *points, *(veto.id for veto in chosen.vetoes if not veto.formula))
