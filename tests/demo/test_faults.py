"""Every kind of fault is planted, and each one is found where it is."""

from dataclasses import replace

import pytest

from junheng.core.checks import check_facts
from junheng.core.errors import JunhengError
from junheng.core.facts import TableSource
from junheng.demo.faults import FAULT_KINDS, plant_faults
from junheng.readers.dictionary import load_dictionary
from tests.demo.kept import demo_county

# An attached class is remarked on in the clean county; one date cannot be both unreadable and too late.
NOT_PLANTED = {"check-school-vocational-attached", "check-county-recognised-format"}


def text_key(row, key):
    return tuple("" if row[name] is None else str(row[name]) for name in key)


def with_cells(facts):
    """The facts as if read from sheets named like the tables, so that a finding tells its row and column."""
    sources = {}
    for name, table in load_dictionary().tables.items():
        places: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(facts.table(name).rows(named=True), start=2):
            places.setdefault(text_key(row, table.key), number)
        columns = {field: field for field in table.fields}
        if table.is_vertical:
            places = {(field,): number for number, field in enumerate(table.fields, start=2)}
            columns = {"": "B"}
        source = TableSource("county", name, places, columns, is_vertical=table.is_vertical)
        sources[name] = (source,)
    return replace(facts, sources=sources)


@pytest.fixture(scope="module")
def planted():
    unplanted, past = demo_county()
    facts, faults = plant_faults(unplanted)
    facts = with_cells(facts)
    return facts, faults, check_facts(facts, load_dictionary(), past[-1])


def expected_place(facts, fault):
    """Table, row and field that the finding must name; nothing but the field for the table as a whole."""
    if not fault.key:
        return ("", None, fault.field)
    key = (fault.field,) if fault.table == "county" else fault.key
    return (fault.table, facts.sources[fault.table][0].row_of[key], fault.field)


@pytest.mark.parametrize("kind", FAULT_KINDS, ids=lambda kind: kind.id)
def test_fault_when_planted_then_it_is_found_at_its_row_and_field(planted, kind):
    facts, faults, findings = planted
    fault = next(each for each in faults if each.id == kind.id)

    places = {(f.location.sheet, f.location.row, f.location.field) for f in findings if f.code == fault.expected_code}

    assert expected_place(facts, fault) in places, fault.description


def test_faults_when_counted_then_every_check_of_the_dictionary_has_one():
    codes = {check.code for table in load_dictionary().tables.values() for check in table.checks}

    assert codes - {kind.code for kind in FAULT_KINDS} == NOT_PLANTED


def test_faults_when_listed_then_ids_are_unique_and_said_in_chinese(planted):
    _, faults, _ = planted

    assert len({fault.id for fault in faults}) == len(faults) == len(FAULT_KINDS)
    assert all(any("一" <= letter <= "鿿" for letter in fault.description) for fault in faults)


def test_faults_when_planted_then_the_given_facts_stay_as_they_were():
    facts, _ = demo_county()
    before = facts.table("schools").rows()

    plant_faults(facts)

    assert facts.table("schools").rows() == before


def test_faults_when_no_row_is_left_then_it_is_said_which_one_has_no_place():
    facts, _ = demo_county()
    tables = {**facts.tables, "rooms": facts.table("rooms").head(0)}

    with pytest.raises(JunhengError, match="没有合适的行"):
        plant_faults(replace(facts, tables=tables))
