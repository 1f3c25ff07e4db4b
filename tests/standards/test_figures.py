"""What items print in every worked case: figures name their facts and their unit, and messages are whole sentences."""

from collections.abc import Iterator

import pytest

from junheng.core.items import judge_items
from junheng.core.verdict import ItemResult
from junheng.readers.standard_cases import case_facts, load_cases
from junheng.readers.standards import list_standards, load_standard
from tests.core.printable import check_printable
from tests.standards.case_results import narrowed

PACKS = [name for name in list_standards() if load_standard(name).extends is None]


def results(standard_id: str) -> Iterator[ItemResult]:
    """Every item of a pack, judged on each of its worked cases."""
    standard = load_standard(standard_id)
    items = {item.id for item in standard.items} | {entry.id for item in standard.items for entry in item.sub_items}
    for case in load_cases(standard_id):
        if case.judges in items:
            narrow = narrowed(standard, case.judges)
            yield from judge_items(case_facts(case), narrow, case.on, frozenset(case.exceptions))


@pytest.mark.parametrize("standard_id", PACKS)
def test_items_when_their_worked_cases_are_judged_then_figures_failures_and_messages_can_be_printed(standard_id):
    found = list(results(standard_id))
    assert found
    for result in found:
        check_printable(result)
