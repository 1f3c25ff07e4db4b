"""Scenarios are written whole, never over somebody else's change, and every write leaves an audit row."""

import pytest

from junheng.core.errors import InputError
from junheng.web.audit.chain import verify
from junheng.web.audit.models import Entry
from junheng.web.plans.actions import scenarios
from junheng.web.plans.actions.scenarios import ChangedMeanwhileError, WrongTitleError
from junheng.web.plans.models import Scenario
from tests.web.plans.county import data, finished_plan, scenario_of

CHANGE = {"table": "schools", "key": {"school_id": "1"}, "field": "book_count", "value": 1, "was": 2}


def last_row(county) -> Entry:
    verify(county.pk)
    return Entry.objects.filter(organisation_id=county.pk).latest("sequence")


def test_create_when_blank_then_no_price_and_no_budget_is_assumed(office, world) -> None:
    made = scenarios.create(by=office, county=world["county"], title=" 方案甲 ")

    assert made.title == made.data["title"] == "方案甲"
    assert set(made.data["prices"].values()) == {None}
    assert made.data["budgets"] == []
    assert last_row(world["county"]).action == "scenario.create"


@pytest.mark.parametrize("title", ["", "  ", "长" * 81, "方案甲"])
def test_create_when_the_title_will_not_do_then_refuses(office, world, title) -> None:
    scenarios.create(by=office, county=world["county"], title="方案甲")

    with pytest.raises(WrongTitleError):
        scenarios.create(by=office, county=world["county"], title=title)


def test_create_when_the_place_is_no_county_then_refuses(office, world) -> None:
    with pytest.raises(InputError, match="县"):
        scenarios.create(by=office, county=world["city"], title="方案甲")


def test_copy_when_the_source_changes_afterwards_then_the_copy_stays(office, run) -> None:
    source = scenario_of(office, run)
    source = scenarios.change_what_ifs(by=office, scenario_id=source.pk, lock_version=1, what_ifs=[CHANGE])
    made = scenarios.copy(by=office, scenario=source, title="方案乙")
    scenarios.change(by=office, scenario_id=source.pk, lock_version=2, data=data(title="方案甲", target_year=2030))
    made.refresh_from_db()

    assert (made.data["target_year"], made.copied_from_id, made.what_ifs) == (2027, source.pk, [CHANGE])
    assert "copied_from" in Entry.objects.filter(action="scenario.create").latest("sequence").after


def test_change_when_saved_then_the_audit_tells_what_differs_and_examples_are_no_longer_examples(office, world) -> None:
    made = scenarios.create(by=office, county=world["county"], title="方案甲", data=data(), is_example=True)
    changed = scenarios.change(
        by=office, scenario_id=made.pk, lock_version=1, data=data(title="方案丙", target_year=2029)
    )
    row = last_row(world["county"])

    assert (changed.title, changed.lock_version, changed.is_example) == ("方案丙", 2, False)
    assert row.action == "scenario.change"
    assert row.after["target_year"] == "2029"


def test_change_when_much_differs_then_the_audit_tells_the_first_entries(office, world) -> None:
    made = scenarios.create(by=office, county=world["county"], title="方案甲")

    scenarios.change(by=office, scenario_id=made.pk, lock_version=1, data=data(title="方案甲"))

    assert len(last_row(world["county"]).after) <= 22


def test_change_when_somebody_else_saved_first_then_refuses_and_keeps_theirs(office, run) -> None:
    made = scenario_of(office, run)
    scenarios.change(by=office, scenario_id=made.pk, lock_version=1, data=data(title="方案甲", target_year=2028))

    with pytest.raises(ChangedMeanwhileError, match="改过这个方案"):
        scenarios.change(by=office, scenario_id=made.pk, lock_version=1, data=data(title="方案甲", target_year=2029))

    assert Scenario.objects.get().data["target_year"] == 2028


def test_remove_when_done_twice_then_is_recorded_once_and_nothing_more_can_be_written(office, run) -> None:
    made = scenario_of(office, run)
    for _time in range(2):
        scenarios.remove(by=office, scenario_id=made.pk)

    assert Entry.objects.filter(action="scenario.remove").count() == 1
    with pytest.raises(InputError, match="已经删除"):
        scenarios.change(by=office, scenario_id=made.pk, lock_version=1, data=data(title="方案甲"))
    assert scenario_of(office, run).title == "方案甲"  # the name is free again


def test_change_what_ifs_when_there_are_too_many_then_refuses(office, run) -> None:
    made = scenario_of(office, run)

    with pytest.raises(InputError, match="最多"):
        scenarios.change_what_ifs(by=office, scenario_id=made.pk, lock_version=1, what_ifs=[CHANGE] * 201)


def test_steadier_when_asked_twice_then_one_scenario_for_more_pupils(office, run) -> None:
    plan = finished_plan(office, run, "方" * 79)
    made = [scenarios.steadier(by=office, plan=plan, quantile=90) for _time in range(2)]

    assert made[0] == made[1]
    assert made[0].title == "方" * 74 + " · 90%"
    assert made[0].data["pupils"] == {**plan.scenario_data["pupils"], "source": "forecast", "quantile": 90}
    assert made[0].data["prices"] == plan.scenario_data["prices"]
    assert made[0].copied_from_id == plan.scenario_id


def test_steadier_when_the_scenario_of_that_name_says_something_else_then_refuses(office, run) -> None:
    plan = finished_plan(office, run)
    made = scenarios.steadier(by=office, plan=plan, quantile=95)
    changed = data(title=made.title, target_year=2031)
    scenarios.change(by=office, scenario_id=made.pk, lock_version=made.lock_version, data=changed)

    with pytest.raises(WrongTitleError):
        scenarios.steadier(by=office, plan=plan, quantile=95)
    for wrong in (0, 100):
        with pytest.raises(InputError, match="预测情形"):
            scenarios.steadier(by=office, plan=plan, quantile=wrong)
