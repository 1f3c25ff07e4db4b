"""Every worked case of every pack goes through the engine, and every entry has the cases it needs."""

from functools import cache

import pytest

from junheng.core.worked_case import CaseKind, WorkedCase
from junheng.readers.standard_cases import load_cases
from junheng.readers.standards import list_standards, load_standard
from tests.standards.case_results import Found, run

PACKS = list_standards()


cases_of = cache(load_cases)


def subjects(standard_id: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case.subject for case in cases_of(standard_id)))


ALL = [(standard_id, subject) for standard_id in PACKS for subject in subjects(standard_id)]


def expected(case: WorkedCase, found: Found) -> Found:
    """What the case says; a value it does not mention is not compared."""
    return Found(case.outcome, found.value if case.value is None else case.value, case.points)


@pytest.mark.parametrize(("standard_id", "subject"), ALL, ids=lambda part: part)
def test_subject_when_its_worked_cases_are_judged_then_they_come_out_as_written(standard_id, subject):
    cases = [case for case in cases_of(standard_id) if case.subject == subject]
    found = run(cases, load_standard(standard_id))
    assert found == {case.id: expected(case, found[case.id]) for case in cases}


@pytest.mark.parametrize(("standard_id", "subject"), ALL, ids=lambda part: part)
def test_subject_when_its_cases_are_listed_then_no_kind_is_lacking(standard_id, subject):
    standard = load_standard(standard_id)
    kinds = {case.kind for case in cases_of(standard_id) if case.subject == subject}
    wanted = {CaseKind.AT, CaseKind.MISSING}
    without_limit = {entry.id for entry in standard.indicators if not entry.thresholds}
    if subject not in without_limit:
        wanted.add(CaseKind.BELOW)
    if any(entry.id == subject and entry.thresholds for entry in standard.indicators):
        wanted.add(CaseKind.ABOVE)
    if any(entry.id == subject for entry in standard.exceptions):
        wanted.add(CaseKind.EXCEPTED)
    assert wanted <= kinds


def test_case_when_its_fact_is_missing_then_nothing_is_judged_met():
    missing = [case for standard_id in PACKS for case in cases_of(standard_id) if case.kind is CaseKind.MISSING]
    assert [case.id for case in missing if case.outcome != "cannot_tell"] == []


def test_resource_cases_when_a_pack_has_thresholds_then_both_stages_lie_on_each_limit():
    for standard_id in PACKS:
        standard = load_standard(standard_id)
        at = {(case.subject, case.stage) for case in cases_of(standard_id) if case.kind is CaseKind.AT}
        if standard.extends is None:
            wanted = {(entry.id, stage) for entry in standard.indicators for stage in entry.thresholds}
            assert wanted <= at
