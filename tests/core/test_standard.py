"""A standard that exists can be used: dated values, and what construction refuses."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.standard import Dated, Exception_, Item, Parameter, Part, Scope
from tests.core.builders import DAY, SINCE, exception_of, item_of, standard_of

DAY_BEFORE = timedelta(days=1)


def row(value, since, until=None):
    return Dated(Fraction(value), since, "第八条", until)


def test_value_when_it_has_no_clause_then_it_cannot_be_built():
    with pytest.raises(StandardError, match="clause"):
        Dated(Fraction(1), SINCE, "")


def test_value_when_it_ends_before_it_begins_then_it_cannot_be_built_and_one_day_is_enough():
    with pytest.raises(StandardError, match="第八条"):
        row(1, SINCE, SINCE - DAY_BEFORE)

    assert row(1, SINCE, SINCE).until == SINCE


def test_parameter_when_it_has_no_rows_then_it_cannot_be_built():
    with pytest.raises(StandardError):
        Parameter(())


@pytest.mark.parametrize("until", [None, date(2020, 1, 1), date(2020, 6, 1)])
def test_parameter_when_rows_overlap_then_it_cannot_be_built(until):
    with pytest.raises(StandardError, match="重叠"):
        Parameter((row(1, date(2017, 1, 1), until), row(2, date(2020, 1, 1))))


def test_parameter_when_rows_follow_each_other_then_each_day_has_its_own():
    changed = date(2020, 1, 1)
    parameter = Parameter((row(1, SINCE, changed - DAY_BEFORE), row(2, changed, DAY)))

    def value(day):
        found = parameter.on(day)
        return None if found is None else found.value

    assert value(SINCE - DAY_BEFORE) is None
    assert value(SINCE) == 1
    assert value(changed - DAY_BEFORE) == 1
    assert value(changed) == 2
    assert value(DAY) == 2
    assert value(DAY + DAY_BEFORE) is None


def test_parameter_when_there_is_a_gap_between_rows_then_nothing_holds_on_those_days():
    parameter = Parameter((row(1, date(2017, 1, 1), date(2018, 1, 1)), row(2, date(2019, 1, 1))))

    assert parameter.on(date(2018, 6, 1)) is None
    assert parameter.on(date(2030, 1, 1)) == row(2, date(2019, 1, 1))


@pytest.mark.parametrize(
    "reason", ["school_type", "ownership", "organiser_type", "teaching_point_minimum", "no_students"]
)
def test_scope_when_a_rule_has_no_clause_then_it_cannot_be_built(reason):
    clauses = dict.fromkeys(
        ("school_type", "ownership", "organiser_type", "teaching_point_minimum", "no_students"), "第五条"
    )

    for missing in ({**clauses, reason: ""}, {name: text for name, text in clauses.items() if name != reason}):
        with pytest.raises(StandardError, match=reason):
            Scope((), (), (), missing)


def test_item_when_it_has_no_clause_or_nothing_to_judge_by_then_it_cannot_be_built():
    with pytest.raises(StandardError, match=r"item.*clause"):
        item_of("dropout_rate", clause="")
    with pytest.raises(StandardError, match="指标 item"):
        item_of()


def test_item_when_a_judgement_alone_is_asked_for_then_it_is_built():
    assert item_of(needs_judgement=True).formula is None


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [
        (SINCE - DAY_BEFORE, False),
        (SINCE, True),
        (DAY, True),
        (DAY + DAY_BEFORE, False),
    ],
)
def test_exception_when_a_day_lies_outside_its_time_then_it_is_not_in_force(day, is_in_force):
    assert exception_of("relief", {}, until=DAY).is_in_force(day) is is_in_force


def test_exception_when_it_has_no_end_then_it_stays_in_force():
    assert exception_of("relief", {}).is_in_force(date(2099, 1, 1))


def test_standard_when_two_entries_have_one_id_then_both_are_named_and_it_cannot_be_built():
    first = item_of(needs_judgement=True)
    other = Item("other", "3.2", Part.QUALITY, "其他", "第九条", needs_judgement=True)

    with pytest.raises(StandardError, match=r"tiny-test.*:item。"):
        standard_of(first, other, first)


def test_standard_when_an_exception_points_nowhere_then_it_cannot_be_built():
    lost: Exception_ = exception_of("relief", {}, applies_to=("item", "nothing"))

    with pytest.raises(StandardError, match=r"relief 指向不存在的指标 \['nothing'\]"):
        standard_of(item_of(needs_judgement=True), exceptions=[lost])


def test_entry_when_it_is_asked_for_by_id_then_it_is_given_and_an_unknown_id_is_refused():
    standard = standard_of(item_of(needs_judgement=True), item_of(item_id="second", needs_judgement=True))

    assert standard.item("second").id == "second"
    with pytest.raises(StandardError, match=r"tiny-test 没有指标 third"):
        standard.item("third")
    with pytest.raises(StandardError, match=r"tiny-test 没有资源配置指标 third"):
        standard.indicator("third")
    assert replace(standard, version="2").version == "2"
