"""Checking plain rows says the same as checking frames of them."""

from typing import Any

from junheng.core.checks import check_facts, check_rows
from junheng.core.facts import facts_from_rows
from junheng.readers.dictionary import load_dictionary

SCHOOL = {"school_id": "990000000", "school_type": "primary_school", "teaching_floor_area": 100_000}


def test_plain_rows_when_checked_then_the_findings_are_those_of_the_frames() -> None:
    dictionary = load_dictionary()
    scope: dict[str, Any] = {"county_code": "990101", "county_name": "青石县", "year": 2025}
    now = facts_from_rows(dictionary, **scope, rows={"schools": [SCHOOL]})
    then = facts_from_rows(dictionary, **scope, rows={"schools": [{**SCHOOL, "teaching_floor_area": 900_000}]})
    rows, earlier = ({name: frame.rows(named=True) for name, frame in facts.tables.items()} for facts in (now, then))

    found = check_rows(now, rows, dictionary, earlier)

    assert found == check_facts(now, dictionary, then)
    # nine digits; 1 000 ㎡ after 9 000 ㎡ is a factor of 0.11 < 0.7
    assert {"check-school-id-format", "check-school-floor-area-change"} <= {finding.code for finding in found}
