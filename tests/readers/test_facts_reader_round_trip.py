"""Facts → workbook → facts: nothing is lost, nothing is added."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.core.facts import facts_from_rows
from junheng.core.fields import FieldType
from junheng.core.findings import Level
from junheng.readers.dictionary import load_dictionary
from junheng.readers.facts import facts_from_grids, read_facts
from junheng.readers.grids import Grid, read_grids
from junheng.reports.template import write_template
from tests.demo.kept import demo_county
from tests.workbooks.small_county import facts_in

DICTIONARY = load_dictionary()
# Names keep their full-width signs; nothing here looks like a note or a total.
TEXT = st.text("甲乙丙丁堃喆𬭩中心小学校（）；㎡ＡＢABC0123456789=+@", min_size=1, max_size=12)
KEYS = st.integers(0, 10**10 - 1).map("{:010d}".format)


def values(entry):
    if entry.choices:
        keys = [int(key) if entry.type is FieldType.CHOICE_INTEGER else key for key in entry.choices]
        return st.sampled_from(keys)
    kinds = {
        FieldType.TEXT: KEYS if entry.id.endswith(("_id", "_code")) else TEXT,
        FieldType.BOOLEAN: st.booleans(),
        FieldType.INTEGER: st.integers(0, 10**6).map(lambda count: count * entry.scale),
        FieldType.DECIMAL: st.integers(0, 10**17),
        FieldType.RATIO: st.integers(0, entry.scale),
        FieldType.YEAR: st.integers(1950, 2050),
        FieldType.DATE: st.dates().filter(lambda day: 1950 <= day.year <= 2099).map(lambda day: day.isoformat()),
    }
    return kinds[entry.type]


def records(table):
    cells = {
        name: values(entry) if name in table.key else st.none() | values(entry) for name, entry in table.fields.items()
    }
    return st.lists(
        st.fixed_dictionaries(cells), max_size=3, unique_by=lambda row: tuple(row[name] for name in table.key)
    )


@st.composite
def counties(draw):
    rows = {name: draw(records(table)) for name, table in DICTIONARY.tables.items() if not table.is_vertical}
    county = draw(
        st.fixed_dictionaries({name: st.none() | values(e) for name, e in DICTIONARY.tables["county"].fields.items()})
    )
    county |= {"county_code": "999901", "county_name": "示范县", "year": 2024}
    return facts_from_rows(
        DICTIONARY, county_code="999901", county_name="示范县", year=2024, rows={**rows, "county": [county]}
    )


@settings(max_examples=5)
@given(facts=counties())
def test_template_when_filled_and_read_back_then_the_very_same_facts(facts, tmp_path_factory):
    path = tmp_path_factory.mktemp("round") / "县.xlsx"
    write_template(DICTIONARY, path, facts=facts, rows=4)
    result = read_facts([path], DICTIONARY)
    assert [finding for finding in result.findings if finding.level is not Level.INFO] == []
    assert (facts_in(result).county_code, facts_in(result).county_name, facts_in(result).year) == (
        "999901",
        "示范县",
        2024,
    )
    for name, frame in facts.tables.items():
        assert facts_in(result).tables[name].to_dict(as_series=False) == frame.to_dict(as_series=False), name


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The facts of the demo county and the workbook that holds them."""
    facts, _past = demo_county()
    path = tmp_path_factory.mktemp("demo") / "县.xlsx"
    write_template(DICTIONARY, path, facts=facts)
    return facts, path


def test_template_when_filled_with_the_demo_county_then_read_back_whole(demo):
    facts, path = demo
    result = read_facts([path], DICTIONARY)
    assert result.findings == []
    for name, frame in facts.tables.items():
        assert facts_in(result).tables[name].to_dict(as_series=False) == frame.to_dict(as_series=False), name


def test_template_when_its_marker_column_was_deleted_then_the_example_rows_are_no_data(demo):
    facts, path = demo
    (schools,) = (grid for grid in read_grids(path).grids if grid.sheet == "学校")
    rows = [row[1:] for row in schools.rows[2:]]
    result = facts_from_grids([Grid("县.xlsx", "学校", rows)], DICTIONARY, year=2025)
    assert facts_in(result).tables["schools"]["school_id"].to_list() == facts.tables["schools"]["school_id"].to_list()
