"""What items print: every figure names its facts and their unit, and every message is a whole Chinese sentence."""

import re
from collections.abc import Iterator

import pytest

from junheng.core.items import judge_items
from junheng.core.verdict import Failure, Figure, ItemResult
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standard_cases import case_facts, load_cases
from junheng.readers.standards import list_standards, load_standard
from tests.standards.case_results import narrowed

DICTIONARY = load_dictionary()
UNITS = {"", "人", "所", "间", "个", "份", "分", "元", "万元", "%", "‰", "年", "级", "小时"}
CODE = re.compile(r"[a-z]+(-[a-z]+)*")
PACKS = [name for name in list_standards() if load_standard(name).extends is None]
OWN_UNITS = {  # what the dictionary does not say: years counted from a date, a share of all lessons, a level
    "county.basic_balance_recognised_on": "年",
    "county.labour_hours_share": "%",
    "county_subjects.level": "级",
}


def results(standard_id: str) -> Iterator[ItemResult]:
    """Every item of a pack, judged on each of its worked cases."""
    standard = load_standard(standard_id)
    items = {item.id for item in standard.items} | {entry.id for item in standard.items for entry in item.sub_items}
    for case in load_cases(standard_id):
        if case.judges in items:
            narrow = narrowed(standard, case.judges)
            yield from judge_items(case_facts(case), narrow, case.on, frozenset(case.exceptions))


def check_figure(figure: Figure) -> None:
    """Its unit is that of the facts it names."""
    assert figure.sources, figure
    assert set(figure.sources) <= DICTIONARY.ids, figure
    assert figure.label, figure
    assert figure.unit in UNITS, figure
    if figure.unit in {"%", "‰"}:
        assert figure.decimals > 0, figure
    elif len(figure.sources) == 1 and figure.key:
        unit = DICTIONARY.field(*figure.sources[0].split(".")).unit
        assert figure.unit == OWN_UNITS.get(figure.sources[0], unit), figure
    assert figure.id.endswith(("_share", "_rate")) is (figure.unit in {"%", "‰"}), figure


def check_failure(failure: Failure) -> None:
    """It is a part of a sentence about a school, and says how much is missing."""
    assert not re.search("[A-Z]|。$", failure.text), failure
    assert failure.unit in UNITS, failure
    assert failure.shortfall is not None, failure
    assert failure.shortfall > 0, failure


def check_message(text: str) -> None:
    """It is a whole Chinese sentence."""
    assert text.endswith("。"), text
    assert not re.search("[A-Z]", text), text  # no None, and no English beyond ids
    assert not re.search(r"\s\s|^\s", text), text


@pytest.mark.parametrize("standard_id", PACKS)
def test_items_when_their_worked_cases_are_judged_then_figures_failures_and_messages_can_be_printed(standard_id):
    for result in results(standard_id):
        for figure in result.figures:
            check_figure(figure)
        for failure in result.failures:
            check_failure(failure)
        for reason in (*result.reasons, *(entry.reason for entry in result.sub_items if entry.reason is not None)):
            assert CODE.fullmatch(reason.code), reason
            check_message(reason.text)
