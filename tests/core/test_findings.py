"""Findings as data: the cell they name, their JSON form, and which of them block."""

import pytest

from junheng.core.findings import Finding, Level, Location, has_errors

WHERE = Location("甲.xlsx", "学校", 7, "N", "book_count", "甲校")


@pytest.mark.parametrize(
    ("location", "cell"), [(WHERE, "N7"), (Location(row=7), ""), (Location(column="N"), ""), (Location(), "")]
)
def test_cell_when_row_and_column_are_known_then_it_is_told_and_else_empty(location, cell):
    assert location.cell == cell


def test_finding_when_it_becomes_json_then_every_part_and_the_cell_are_plain():
    finding = Finding(Level.WARNING, "check-range", "过大", "核对", WHERE, "check-range:schools:1")

    assert finding.as_dict() == {
        "level": "warning",
        "code": "check-range",
        "message": "过大",
        "hint": "核对",
        "location": {
            "file": "甲.xlsx",
            "sheet": "学校",
            "row": 7,
            "column": "N",
            "field": "book_count",
            "subject": "甲校",
            "cell": "N7",
        },
        "reference": "check-range:schools:1",
    }
    assert type(finding.as_dict()["level"]) is str


def test_errors_when_only_warnings_and_remarks_are_there_then_nothing_blocks():
    remarks = [Finding(Level.WARNING, "a", "甲"), Finding(Level.INFO, "b", "乙")]

    assert not has_errors([])
    assert not has_errors(remarks)
    assert has_errors([*remarks, Finding(Level.ERROR, "c", "丙")])
