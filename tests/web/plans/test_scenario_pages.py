"""The pages of scenarios: list, form with findings at the fields, copies, suppositions, starting a plan."""

import re
from typing import Any

import pytest
from django.urls import reverse

from junheng.web.evaluations.models import Run
from junheng.web.jobs.models import Job
from junheng.web.plans.actions import scenarios
from junheng.web.plans.models import Plan, Scenario
from tests.web.evaluations.county import YEAR
from tests.web.plans.county import NEW_SCHOOL, TARGET, data, finished_plan, scenario_of


@pytest.fixture
def scenario(office, run) -> Scenario:
    return scenario_of(office, run)


def page_of(scenario: Scenario) -> str:
    return reverse("plans:scenario", args=[scenario.pk])


def sent(client, scenario: Scenario, **changes: Any) -> dict[str, Any]:
    """What a browser sends when the form is sent as it stands, but for some inputs."""
    form = client.get(page_of(scenario)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in values.items() if value is not None and value is not False}
    return {key: value for key, value in {**kept, **changes}.items() if value is not None}


# ------------------------------------------------------------------------------------------------------------------- list


def test_list_when_there_are_many_then_takes_no_more_queries(
    office, run, client, scenario, django_assert_max_num_queries
) -> None:
    finished_plan(office, run)
    for number in range(5):
        scenario_of(office, run, f"方案{number}")
    with django_assert_max_num_queries(12):
        page = client.get(reverse("plans:scenarios"))

    assert len(page.context["rows"]) == 6
    assert page.context["rows"][-1]["plan"].has_plan


def test_list_when_blank_then_says_what_is_to_fill_in(world, client, office) -> None:
    assert "还没有方案" in client.get(reverse("plans:scenarios")).content.decode()
    scenarios.create(by=office, county=world["county"], title="空方案")
    scenarios.create(
        by=office,
        county=world["county"],
        title="有预算",
        data=data(
            money="limited",
            budgets=[
                {"year": 2026, "source": "县级财政", "amount": "1,000"},
                {"year": 2027, "source": "县级财政", "amount": 500.5},
            ],
        ),
    )
    scenarios.create(
        by=office,
        county=world["county"],
        title="怪预算",
        data=data(money="limited", budgets=[{"year": 2026, "source": "县级财政", "amount": "许多"}]),
    )
    rows = {row["scenario"].title: row for row in client.get(reverse("plans:scenarios")).context["rows"]}

    assert rows["空方案"]["problems"] > 10
    assert [rows[name]["money"] for name in ("空方案", "有预算", "怪预算")] == ["未填", "1500.5 万元", "未填"]


def test_create_when_the_name_will_do_then_leads_to_the_form(world, client) -> None:
    answer = client.post(reverse("plans:create_scenario"), {"title": "方案甲"})
    again = client.post(reverse("plans:create_scenario"), {"title": "方案甲"}, follow=True)

    assert answer.url == page_of(Scenario.objects.get())
    assert "已有同名的方案" in again.content.decode()


# ------------------------------------------------------------------------------------------------------------------- form


def test_form_when_sent_as_it_stands_then_the_scenario_is_the_same_question(client, scenario) -> None:
    answer = client.post(page_of(scenario), sent(client, scenario), follow=True)
    kept = Scenario.objects.get()

    assert "已保存，可以开始规划" in answer.content.decode()
    assert kept.lock_version == 2
    assert {name: float(price) for name, price in kept.data["prices"].items()} == scenario.data["prices"]
    assert str(kept.data["target_year"]) == str(TARGET)


def test_form_when_a_price_is_wrong_then_it_is_kept_and_told_at_the_field(client, scenario) -> None:
    wrong = sent(client, scenario, **{"prices--hire_teacher": "-5", "target_year": ""})
    page = client.post(page_of(scenario), wrong, follow=True)
    text = page.content.decode()

    assert "2 处要填写或改正" in re.sub(r"\s+", " ", text)
    assert Scenario.objects.get().data["prices"]["hire_teacher"] == "-5"
    assert page.context["form"]["prices--hire_teacher"].errors
    assert page.context["form"]["target_year"].errors
    assert 'value="-5"' in text


def test_form_when_money_is_limited_then_asks_for_every_year_and_source(client, scenario) -> None:
    client.post(page_of(scenario), sent(client, scenario, money="limited"))
    page = client.get(page_of(scenario))
    table = next(table for group in page.context["groups"] for table in group.tables if table.entry.path == "budgets")
    years = [row.cells[0].field.value() for row in table.rows]
    amounts = {f"budgets--{row.number}--amount": "300" for row in table.rows[:2]}
    client.post(page_of(scenario), sent(client, scenario, **amounts))

    assert years[:2] == [YEAR + 1, YEAR + 2]
    assert "预算" in table.problem
    assert [row["amount"] for row in Scenario.objects.get().data["budgets"]] == ["300", "300"]


def test_form_when_a_row_is_wrong_then_it_is_told_in_the_row(client, scenario) -> None:
    rows = {"forbidden--1--school_id": "0000000000", "forbidden--1--measure": "hire_teacher"}
    rows |= {"forbidden--2--school_id": "9900000001", "forbidden--2--measure": "hire_teacher"}
    rows |= {"forbidden--3--school_id": "9900000001", "forbidden--3--measure": "hire_teacher", "forbidden--rows": "3"}
    client.post(page_of(scenario), sent(client, scenario, **rows))
    twice = client.get(page_of(scenario))
    client.post(page_of(scenario), sent(client, scenario, **{name: "" for name in rows if "--3--" in name}))
    unknown = client.get(page_of(scenario))
    table = next(
        table for group in twice.context["groups"] for table in group.tables if table.entry.path == "forbidden"
    )

    assert "第 3 行与第 2 行" in "".join(row.problem for row in table.rows)
    assert unknown.context["form"]["forbidden--1--school_id"].errors


def test_form_when_somebody_else_saved_meanwhile_then_says_so_and_changes_nothing(office, client, scenario) -> None:
    mine = sent(client, scenario, target_year="2031")
    scenarios.change(by=office, scenario_id=scenario.pk, lock_version=1, data=data(title="方案甲", target_year=2030))
    answer = client.post(page_of(scenario), mine)

    assert answer.status_code == 409
    assert "改过这个方案" in answer.content.decode()
    assert Scenario.objects.get().data["target_year"] == 2030


def test_form_when_the_name_is_taken_or_nothing_fits_then_says_so(office, run, client, scenario) -> None:
    scenario_of(office, run, "方案乙")
    taken = client.post(page_of(scenario), sent(client, scenario, title="方案乙"))
    odd = client.post(page_of(scenario), sent(client, scenario, money="nothing"))

    assert (taken.status_code, odd.status_code) == (409, 422)
    assert taken.context["form"]["title"].errors


def test_form_when_there_is_no_run_then_can_be_filled_in_but_not_planned(office, world, client) -> None:
    made = scenarios.create(by=office, county=world["county"], title="空方案", data=data(money="limited"))
    page = client.get(page_of(made)).content.decode()

    assert "还没有完成的评估" in page
    assert reverse("plans:start", args=[made.pk]) not in page


def test_form_when_shown_then_takes_few_queries(client, scenario, django_assert_max_num_queries) -> None:
    client.get(page_of(scenario))
    with django_assert_max_num_queries(14):
        client.get(page_of(scenario))


def test_copy_and_remove_when_pressed_then_do_so(client, scenario) -> None:
    copied = client.post(reverse("plans:copy_scenario", args=[scenario.pk]), {"title": "方案乙"}, follow=True)
    refused = client.post(reverse("plans:copy_scenario", args=[scenario.pk]), {"title": "方案乙"}, follow=True)
    removed = client.post(reverse("plans:remove_scenario", args=[scenario.pk]), follow=True)

    assert "已另存为" in copied.content.decode()
    assert "已有同名" in refused.content.decode()
    assert "已删除方案" in removed.content.decode()
    assert client.get(page_of(scenario)).status_code == 404


# ------------------------------------------------------------------------------------------------------------------ start


def test_start_when_sent_twice_then_there_is_one_plan(run, client, scenario) -> None:
    asked = {"run": run.pk, "send_key": "once"}
    answers = [client.post(reverse("plans:start", args=[scenario.pk]), asked) for _time in range(2)]

    assert {answer.url for answer in answers} == {reverse("plans:plan", args=[Plan.objects.get().pk])}
    assert Job.objects.filter(kind="plans.make").count() == 1


def test_start_when_there_are_holes_then_leads_back_to_the_form(office, run, world, client) -> None:
    made = scenarios.create(by=office, county=world["county"], title="空方案")
    answer = client.post(reverse("plans:start", args=[made.pk]), {"run": run.pk}, follow=True)

    assert "改好才能规划" in answer.content.decode()
    assert not Plan.objects.exists()


def test_start_when_following_a_plan_then_the_new_one_names_it(office, run, client, scenario) -> None:
    first = finished_plan(office, run)
    client.post(reverse("plans:start", args=[scenario.pk]), {"run": run.pk, "follows": first.pk})
    strange = client.post(reverse("plans:start", args=[scenario.pk]), {"run": run.pk, "follows": "x"})

    assert Plan.objects.latest("pk").follows == first
    assert strange.status_code == 404


def test_start_when_the_run_is_not_theirs_then_is_not_found(world, client, scenario) -> None:
    foreign = Run.objects.create(organisation=world["neighbour"], year=YEAR, standard="x", source="trial")

    assert client.post(reverse("plans:start", args=[scenario.pk]), {"run": foreign.pk}).status_code == 404


# --------------------------------------------------------------------------------------------------------------- what ifs


def test_what_ifs_when_one_is_added_and_judged_then_the_verdict_moves(client, scenario) -> None:
    address = reverse("plans:what_ifs", args=[scenario.pk])
    asked = {"school": "9900000003", "stage": "junior", "field": "stages.student_count", "text": "900"}
    client.post(address, {**asked, "lock_version": 1})
    shown = client.get(address, {"judge": 1})

    assert [entry["value"] for entry in Scenario.objects.get().what_ifs] == [900]
    assert shown.context["changes"][0]["after"] == 900
    assert shown.context["comparison"].flips


def test_what_ifs_when_one_is_taken_away_then_it_is_gone(client, scenario) -> None:
    address = reverse("plans:what_ifs", args=[scenario.pk])
    asked = {"school": "9900000003", "stage": "junior", "field": "stages.student_count", "text": "900"}
    client.post(address, {**asked, "lock_version": 1})
    place = client.get(address).context["changes"][0]["place"]
    client.post(address, {"lock_version": 2, "remove": place})

    assert Scenario.objects.get().what_ifs == []


@pytest.mark.parametrize(
    "given", [{"text": "x"}, {"lock_version": 7}, {"lock_version": 7, "remove": "x"}, {"school": "?"}]
)
def test_what_ifs_when_something_is_wrong_then_says_so(client, scenario, given) -> None:
    asked = {
        "school": "9900000003",
        "stage": "junior",
        "field": "stages.student_count",
        "text": "900",
        "lock_version": 1,
    }
    page = client.post(reverse("plans:what_ifs", args=[scenario.pk]), {**asked, **given})

    assert page.context["form"].errors
    assert Scenario.objects.get().what_ifs == []


def test_what_ifs_when_there_is_no_run_then_leads_to_one(office, world, client) -> None:
    made = scenarios.create(by=office, county=world["county"], title="空方案")

    assert reverse("evaluations:start") in client.get(reverse("plans:what_ifs", args=[made.pk])).content.decode()


def test_form_when_a_new_school_is_entered_then_kept_row_by_row_and_told_what_lacks(client, scenario) -> None:
    cells = {f"openings--1--{name}": str(value) for name, value in NEW_SCHOOL["openings"][0].items()}
    cells |= {f"opening_stages--1--{name}": str(value) for name, value in NEW_SCHOOL["opening_stages"][0].items()}
    page = client.post(page_of(scenario), sent(client, scenario, **cells), follow=True).content.decode()
    kept = Scenario.objects.get().data

    assert [row["name"] for row in kept["openings"]] == ["新区小学"]  # the blank rows are no schools
    assert "decision" not in kept["openings"][0]
    assert "生源合计 0 人" in page
    pupils = {f"opening_sources--1--{name}": str(value) for name, value in NEW_SCHOOL["opening_sources"][0].items()}
    answer = client.post(page_of(scenario), sent(client, scenario, **pupils), follow=True)
    assert "已保存，可以开始规划" in answer.content.decode()


def test_form_when_distances_and_ages_are_wrong_then_told_at_their_cells(client, scenario) -> None:
    cells = {
        "distances--1--first": "9900000001",
        "distances--1--second": "9900000002",
        "distances--1--km": "远",
        "teacher_ages--1--school_id": "9900000001",
        "teacher_ages--1--stage": "primary",
        "teacher_ages--1--group": "女",
        "teacher_ages--1--ages": "54",
    }
    form = client.post(page_of(scenario), sent(client, scenario, **cells), follow=True).context["form"]
    assert "应填数字" in "".join(form.errors["distances--1--km"])
    fixed = sent(client, scenario, **{"distances--1--km": "3.5"})
    form = client.post(page_of(scenario), fixed, follow=True).context["form"]
    assert {"farthest_move", "teacher_ages--1--ages", "attrition"} <= set(form.errors)
