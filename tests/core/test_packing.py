"""The parts of an evaluation as bytes, and the same parts again."""

from dataclasses import replace
from hashlib import sha256

import orjson
import pytest

from junheng.core.digest import canonical_json, facts_digest
from junheng.core.errors import EngineError
from junheng.core.facts import Facts, TableSource, facts_from_rows
from junheng.core.findings import Finding, Level, Location
from junheng.core.packing import facts_bytes, facts_of, findings_of, verdict_bytes, verdict_of
from junheng.readers.dictionary import load_dictionary
from tests.core import resource_counties

SOURCE = TableSource("县.xlsx", "学校", {("2",): 6, ("1",): 5}, {"school_name": "B"})


def small(*codes: str) -> Facts:
    rows = {"schools": [{"school_id": code, "school_name": f"学校{code}"} for code in codes]}
    return facts_from_rows(
        load_dictionary(),
        county_code="990101",
        county_name="青石县",
        year=2025,
        rows=rows,
        sources={"schools": (SOURCE,)},
    )


def test_facts_when_packed_then_the_same_facts_and_cells_come_back() -> None:
    facts = small("1", "2")

    found = facts_of(facts_bytes(facts, load_dictionary()), load_dictionary())

    assert facts_digest(found) == facts_digest(facts)
    assert found.locate("schools", ("2",), "school_name").cell == "B6"
    assert (found.county_code, found.county_name, found.year) == ("990101", "青石县", 2025)


def test_facts_when_rows_were_read_in_another_order_then_the_bytes_are_the_same() -> None:
    assert facts_bytes(small("1", "2"), load_dictionary()) == facts_bytes(small("2", "1"), load_dictionary())


def test_facts_when_sources_come_in_another_order_then_the_bytes_are_the_same() -> None:
    other = replace(SOURCE, file="乙.xlsx")
    facts = small("1")
    one, two = (replace(facts, sources={"schools": pair}) for pair in ((SOURCE, other), (other, SOURCE)))

    assert facts_bytes(one, load_dictionary()) == facts_bytes(two, load_dictionary())


def test_facts_when_a_part_is_missing_then_says_so() -> None:
    data = orjson.loads(facts_bytes(small("1"), load_dictionary()))
    del data["rows"]

    with pytest.raises(EngineError, match="rows"):
        facts_of(orjson.dumps(data), load_dictionary())


def test_facts_when_a_field_is_not_known_any_more_then_says_so() -> None:
    data = orjson.loads(facts_bytes(small("1"), load_dictionary()))
    data["rows"]["schools"][0]["number_of_ghosts"] = 1

    with pytest.raises(EngineError, match="number_of_ghosts"):
        facts_of(orjson.dumps(data), load_dictionary())


def test_findings_when_packed_then_come_back() -> None:
    findings = (
        Finding(Level.WARNING, "check-x", "不对。", "请改。", Location("县.xlsx", "学校", 5, "C"), "check-x:1"),
    )

    assert findings_of(canonical_json(findings)) == findings


def test_verdict_when_packed_then_the_same_verdict_comes_back_with_the_digest_of_its_bytes() -> None:
    verdict = resource_counties.verdict_of(resource_counties.county(resource_counties.primary("1")))

    content = verdict_bytes(verdict)

    assert verdict_of(content) == verdict
    assert sha256(content).hexdigest() == verdict.digest
