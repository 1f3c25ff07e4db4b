"""An evaluation kept as bytes is the same evaluation again: facts with their cells, the verdict with its digest."""

from dataclasses import replace
from hashlib import sha256

import orjson
import pytest

from junheng.core import packing
from junheng.core.digest import canonical_json, facts_digest
from junheng.core.errors import EngineError
from junheng.core.facts import TableSource
from junheng.core.findings import Finding, Level, Location
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.builders import GIVEN
from tests.core.resource_counties import HUNAN, QUALITY, county, integrated, junior, primary, verdict_of

DICTIONARY = load_dictionary()
ONE, TWO, THREE = "9900000001", "9900000002", "9900000003"
FIRST = TableSource("甲.xlsx", "学校", {(TWO,): 8, (ONE,): 7}, {"book_count": "N"})
SECOND = TableSource("乙.xlsx", "县级数据", {("population",): 4}, {"": "C"}, is_vertical=True)


def kept(*schools):
    judgements = [{"item_id": "layout_and_planning", "result": "met", **GIVEN}]
    sources = {"schools": (FIRST,), "county": (SECOND,)}
    return county(*schools, county={"population": 1000}, judgements=judgements, sources=sources)


def test_facts_when_kept_and_read_again_then_values_and_cells_are_the_same():
    facts = kept(primary(ONE), primary(TWO, book_count=None))

    again = packing.facts_of(packing.facts_bytes(facts, DICTIONARY), DICTIONARY)

    assert (again.county_code, again.county_name, again.year) == (facts.county_code, facts.county_name, facts.year)
    assert facts_digest(again) == facts_digest(facts)
    assert again.table("schools")["book_count"].to_list() == [20_000, None]
    assert again.county_value("population") == 1000
    assert again.sources == facts.sources
    assert again.locate("schools", (TWO,), "book_count").cell == "N8"


def test_facts_when_rows_were_read_in_another_order_then_the_bytes_are_the_same_and_with_another_value_not():
    bytes_of = [
        packing.facts_bytes(kept(*schools), DICTIONARY)
        for schools in (
            (primary(ONE), primary(TWO)),
            (primary(TWO), primary(ONE)),
            (primary(ONE), primary(TWO, book_count=1)),
        )
    ]

    assert bytes_of[0] == bytes_of[1] != bytes_of[2]


def test_facts_when_a_part_or_a_field_is_not_known_then_engine_error_names_it():
    data = orjson.loads(packing.facts_bytes(kept(primary(ONE)), DICTIONARY))
    without = {name: value for name, value in data.items() if name != "rows"}
    unknown = {**data, "rows": {"schools": [{"school_id": ONE, "no_such_field": 1}]}}

    with pytest.raises(EngineError, match="rows"):
        packing.facts_of(orjson.dumps(without), DICTIONARY)
    with pytest.raises(EngineError, match="no_such_field"):
        packing.facts_of(orjson.dumps(unknown), DICTIONARY)


@pytest.mark.parametrize("standard_id", [QUALITY, HUNAN])
def test_verdict_when_kept_and_read_again_then_it_is_equal_and_its_digest_is_that_of_the_bytes(standard_id):
    schools = primary(ONE, multimedia_classroom_count=1), primary(TWO), junior(THREE, book_count=None)
    nine = integrated("9900000004", "nine_year_school", {"primary": 300, "junior": None})
    verdict = verdict_of(kept(*schools, nine), standard_id)

    content = packing.verdict_bytes(verdict)

    assert sha256(content).hexdigest() == verdict.digest
    assert packing.verdict_of(content) == verdict


def test_verdict_when_the_bytes_are_not_one_then_engine_error_names_what_is_wrong():
    data = orjson.loads(packing.verdict_bytes(verdict_of(kept(primary(ONE)))))

    for broken, told in (
        ({**data, "year": "2025"}, "'2025' / int"),
        ({**data, "outcome": "perhaps"}, "perhaps"),
        ({**data, "more": 1}, "more"),
        ({name: value for name, value in data.items() if name != "parts"} | {"other": 1}, "parts"),
        ({**data, "judged_on": "soon"}, "soon"),
    ):
        with pytest.raises(EngineError, match=told):
            packing.verdict_of(orjson.dumps(broken))


@pytest.mark.parametrize("standard_id", [QUALITY, HUNAN])
def test_standard_when_kept_and_read_again_then_it_is_equal(standard_id):
    standard = load_standard(standard_id)

    assert packing.standard_of_bytes(canonical_json(standard)) == standard
    assert packing.standard_of_bytes(canonical_json(replace(standard, version="x"))).version == "x"


def test_findings_when_kept_and_read_again_then_they_are_equal():
    findings = (
        Finding(
            Level.ERROR, "reader-cell", "看不懂", "改正", Location("甲.xlsx", "学校", 7, "N", "book_count", "甲校")
        ),
        Finding(Level.WARNING, "check-range", "过大", reference="check-range:schools:1"),
    )

    assert packing.findings_of(canonical_json(findings)) == findings
    assert packing.findings_of(canonical_json(())) == ()
