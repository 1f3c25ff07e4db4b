"""The pages of plans: while the search goes on, what came of it, schools, comparing, reality, and who sees what."""

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.evaluations.models import Run
from junheng.web.jobs.models import Job, State
from junheng.web.plans.actions import plans
from junheng.web.plans.actions.plans import MadePlan
from junheng.web.plans.models import Plan
from tests.web.evaluations.county import YEAR, finished_run
from tests.web.plans.county import answered, finished_plan, grown_plan, scenario_of


@pytest.fixture
def plan(office, run) -> Plan:
    return finished_plan(office, run)


def page_of(plan: Plan) -> str:
    return reverse("plans:plan", args=[plan.pk])


# ------------------------------------------------------------------------------------------------------- while it is made


@pytest.fixture
def waiting(office, run) -> Plan:
    return plans.start(by=office, scenario=scenario_of(office, run), run=run)


def test_waiting_page_when_nothing_is_found_yet_then_asks_again_and_offers_to_stop(client, waiting) -> None:
    page = client.get(page_of(waiting)).content.decode()

    assert f'hx-get="{reverse("plans:progress", args=[waiting.pk])}"' in page
    assert reverse("plans:stop", args=[waiting.pk]) in page
    assert reverse("jobs:cancel", args=[waiting.job_id]) in page
    assert "还没有找到方案" in page


def test_progress_when_plans_have_been_found_then_draws_the_gap(client, waiting) -> None:
    Job.objects.filter(pk=waiting.job_id).update(state=State.RUNNING, done=3, total=21, label="求解")
    plans.keep_trail(plan_id=waiting.pk, trail=[(number, 200 - number, 90, 0.5) for number in range(60)])
    answer = client.get(reverse("plans:progress", args=[waiting.pk]), headers={"HX-Request": "true"})
    page = answer.content.decode()

    assert "HX-Refresh" not in answer.headers
    assert "目前最好的方案" in page
    assert 'id="trail-data"' in page
    assert "50.00%" in page


def test_stop_when_pressed_then_says_so_and_no_longer_offers_it(client, waiting) -> None:
    page = client.post(reverse("plans:stop", args=[waiting.pk]), follow=True).content.decode()

    assert "已请求停止" in page
    assert "正在停止" in page
    assert reverse("plans:stop", args=[waiting.pk]) not in page


def test_progress_when_it_is_over_then_the_page_is_loaded_anew(client, office, waiting) -> None:
    Job.objects.filter(pk=waiting.job_id).update(state=State.FAILED, error="没有完成")
    failed = client.get(reverse("plans:progress", args=[waiting.pk]))
    plans.keep(by=office, plan_id=waiting.pk, made=answered())
    done = client.post(reverse("plans:stop", args=[waiting.pk]), follow=True)

    assert failed.headers["HX-Refresh"] == "true"
    assert "没有完成" in failed.content.decode()
    assert "已经完成" in done.content.decode()


# ------------------------------------------------------------------------------------------------------------- what it says


def test_page_when_there_is_a_plan_then_begins_with_cost_bound_and_verdict(
    client, plan, django_assert_max_num_queries
) -> None:
    client.get(page_of(plan))
    with django_assert_max_num_queries(16):
        answer = client.get(page_of(plan))
    page, body = answer.content.decode(), answer.context["data"]

    assert f"方案费用 {round(body['cost'])} 万元" in page or f"方案费用 {body['cost']:.1f} 万元" in page
    assert "可以证明任何方案都不会少于" in page
    assert 'id="money-data"' in page
    assert plan.hash in page
    assert reverse("plans:adopt", args=[plan.pk]) in page


def test_tables_when_asked_for_by_htmx_then_come_alone_and_filtered(client, plan) -> None:
    headers = {"HX-Request": "true"}
    measure = client.get(page_of(plan)).context["tasks"].object_list[0]["measure"]
    tasks = client.get(page_of(plan), {"measure": measure}, headers={**headers, "HX-Target": "tasks"})
    schools = client.get(
        page_of(plan), {"school": "第一", "work": "1"}, headers={**headers, "HX-Target": "plan-schools"}
    )

    assert {task["measure"] for task in tasks.context["tasks"]} == {measure}
    assert tasks.templates[0].name == "plans/_tasks.html"
    assert schools.templates[0].name == "plans/_schools.html"
    assert all("第一" in row["school_name"] and row["tasks"] for row in schools.context["schools"])


def test_page_when_there_is_no_plan_then_tells_the_clash_and_the_ways_out(client, office, run) -> None:
    page = client.get(page_of(finished_plan(office, run, "赶一年", YEAR + 1))).content.decode()

    assert "哪些要求互相冲突" in page
    assert "最少放宽什么" in page
    assert "暂不达标" in page


def test_page_when_the_search_went_on_for_long_then_shows_how_the_gap_closed(client, plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(trail=[[1, 3, 1, 0.6], [2, 2, 1, 0.5]])

    assert 'id="trail-data"' in client.get(page_of(plan)).content.decode()


def test_adopt_when_pressed_then_it_is_in_force_and_schools_see_their_part(
    client, client_for, world, office, plan
) -> None:
    head = client_for(world.member(Role.PRINCIPAL, "middle_school"))
    before = head.get(reverse("plans:mine")).content.decode()
    page = client.post(reverse("plans:adopt", args=[plan.pk]), follow=True).content.decode()
    after = head.get(reverse("plans:mine")).content.decode()
    other = finished_plan(office, plan.run, "方案乙")
    client.post(reverse("plans:adopt", args=[other.pk]))

    assert "还没有采用规划" in before
    assert "本县采用这个规划" in page
    assert "青石县第一初级中学" in after
    assert "每年做什么" in after
    assert "改用别的规划" in client.get(page_of(plan)).content.decode()


def test_adopt_when_there_is_no_plan_then_says_why_not(client, office, run) -> None:
    none = finished_plan(office, run, "赶一年", YEAR + 1)

    assert "没有得到方案" in client.post(reverse("plans:adopt", args=[none.pk]), follow=True).content.decode()


def test_mine_when_the_actor_belongs_to_no_school_then_is_not_found(client, client_for, world, plan) -> None:
    member = world.member(Role.REPORTER, "town_school")
    member.organisation = world["county"]
    member.save()

    assert client_for(member).get(reverse("plans:mine")).status_code == 404


def test_school_page_when_opened_then_shows_measures_and_indicators(client, world, plan) -> None:
    page = client.get(reverse("plans:school", args=[plan.pk, world["middle_school"].pk]))
    foreign = client.get(reverse("plans:school", args=[plan.pk, world["neighbour_school"].pk]))

    assert page.context["school"]["tasks"]
    assert "不采取措施" in page.content.decode()
    assert foreign.status_code == 404


def test_school_page_when_the_plan_does_not_know_the_school_then_says_so(client, world, plan, office, run) -> None:
    world["middle_school"].code = "9900000099"
    world["middle_school"].save()
    none = finished_plan(office, run, "赶一年", YEAR + 1)
    pages = [client.get(reverse("plans:school", args=[entry.pk, world["middle_school"].pk])) for entry in (plan, none)]

    assert ["规划里没有这所学校" in page.content.decode() for page in pages] == [True, True]


# ---------------------------------------------------------------------------------------------------------------- lists


def test_list_when_others_look_then_they_see_what_was_adopted(client, client_for, world, office, run, plan) -> None:
    other = finished_plan(office, run, "方案乙")
    plans.adopt(by=office, plan=plan)
    leader, city = (client_for(world.member(*who)) for who in ((Role.LEADER, "county"), (Role.SUPERVISOR, "city")))
    mine, theirs, above = (browser.get(reverse("plans:plans")).context["page"] for browser in (client, leader, city))

    assert [entry.pk for entry in mine] == [other.pk, plan.pk]
    assert [entry.pk for entry in theirs] == [entry.pk for entry in above] == [plan.pk]
    assert leader.get(page_of(other)).status_code == 404
    assert reverse("plans:adopt", args=[plan.pk]) not in leader.get(page_of(plan)).content.decode()


def test_list_when_empty_then_says_what_to_do(client, client_for, world) -> None:
    leader = client_for(world.member(Role.LEADER, "county"))

    assert reverse("plans:scenarios") in client.get(reverse("plans:plans")).content.decode()
    assert "还没有采用的规划" in leader.get(reverse("plans:plans")).content.decode()


def test_list_when_there_are_many_then_takes_no_more_queries(
    client, office, run, django_assert_max_num_queries
) -> None:
    for number in range(6):
        finished_plan(office, run, f"方案{number}")
    with django_assert_max_num_queries(12):
        client.get(reverse("plans:plans"))


# ------------------------------------------------------------------------------------------------------------- comparing


def test_compare_when_two_are_chosen_then_stand_side_by_side(client, office, run, plan) -> None:
    other = finished_plan(office, run, "赶一年", YEAR + 1)
    one = client.get(reverse("plans:compare"), {"plan": [plan.pk, "x"]}).content.decode()
    page = client.get(reverse("plans:compare"), {"plan": [plan.pk, other.pk]})
    text = page.content.decode()

    assert "再选一个" in one
    assert [column["title"] for _plan, column in page.context["columns"]] == ["方案甲", "赶一年"]
    assert "目标年度" in text
    assert ">None<" not in text


def test_compare_when_there_is_nothing_then_says_so(client) -> None:
    assert "还没有可以比较的规划" in client.get(reverse("plans:compare")).content.decode()


def test_compare_when_one_was_refused_then_can_still_stand_beside_another(client, office, run, plan) -> None:
    refused = plans.start(by=office, scenario=scenario_of(office, run, "方案乙"), run=run)
    body = {**answered(YEAR + 1).data, "digest": None}
    plans.keep(by=office, plan_id=refused.pk, made=MadePlan("refused", body, answered(YEAR + 1).figures))

    assert client.get(reverse("plans:compare"), {"plan": [plan.pk, refused.pk]}).status_code == 200


# --------------------------------------------------------------------------------------------------------------- reality


def test_reality_when_there_is_no_later_year_then_says_so(client, plan) -> None:
    assert "还没有以后年度的评估" in client.get(reverse("plans:reality", args=[plan.pk])).content.decode()


@pytest.fixture
def next_run(office, world, run) -> Run:
    made = finished_run(office, world["county"], publish=True, year=YEAR + 1)
    Job.objects.update(state=State.DONE)
    return made


def test_reality_when_a_later_year_is_there_then_compares_and_plans_on(client, plan, next_run) -> None:
    address = reverse("plans:reality", args=[plan.pk])
    page = client.get(address)
    text = page.content.decode()
    client.post(reverse("plans:start", args=[plan.scenario_id]), {"run": next_run.pk, "follows": plan.pk})

    assert page.context["told"]["year"] == YEAR + 1
    assert "从现状重新规划" in text
    assert "逐项对照" in text
    assert (Plan.objects.latest("pk").run, Plan.objects.latest("pk").follows) == (next_run, plan)


def test_reality_when_another_run_is_chosen_then_takes_that_one(client, office, world, plan, next_run) -> None:
    trial = finished_run(office, world["county"], year=YEAR + 1, source="trial")
    page = client.get(reverse("plans:reality", args=[plan.pk]), {"run": trial.pk})

    assert page.context["run"] == trial
    assert "哪次评估" in page.content.decode()


def test_reality_when_the_facts_do_not_fit_then_says_why(client, plan, next_run, monkeypatch) -> None:
    Plan.objects.filter(pk=plan.pk).update(target_year=YEAR + 2)
    monkeypatch.setattr("junheng.web.plans.views.comparing.body_of", lambda _plan: {"format": 0})

    page = client.get(reverse("plans:reality", args=[plan.pk]))

    assert "told" not in page.context
    assert "alert-danger" in page.content.decode()


def test_download_when_the_file_is_gone_then_is_not_found(client, office, run, plan) -> None:
    file = plan.files.create(name="a.pdf", path="gone.pdf", size=1, sha256="0" * 64)

    assert client.get(reverse("plans:download", args=[file.pk])).status_code == 404
    assert timezone.now() > plan.finished_at


def test_page_when_schools_open_and_futures_are_known_then_says_where_it_fails(client, office, run) -> None:
    found = grown_plan(office, run)
    answer = client.get(page_of(found))
    page, body = answer.content.decode(), answer.context["data"]

    assert found.has_plan
    assert "新区小学" in page
    assert "400 / 600" in page
    assert "不采取措施时的专任教师" in page
    assert body["robustness"]["edge"][0]["school_name"] in page
    assert f"多为“{body['robustness']['edge'][0]['lacks']}”不足" in page
    assert [share for share in (80, 90, 95, 99) if f'<option value="{share}">' in page] == [80, 90, 95, 99]


def test_steadier_when_pressed_then_another_plan_of_the_same_run_is_under_way(client, office, run) -> None:
    found = grown_plan(office, run)
    address = reverse("plans:steadier", args=[found.pk])
    answer = client.post(address, {"quantile": "90", "send_key": "k"}, follow=True)
    made = Plan.objects.exclude(pk=found.pk).get()
    again = client.post(address, {"quantile": "90", "send_key": "k"})

    assert "正在规划" in answer.content.decode()
    assert (made.scenario_title, made.run_id, made.scenario_data["pupils"]["quantile"]) == ("新区 · 90%", run.pk, 90)
    assert again.url == page_of(made)
    assert Plan.objects.count() == 2


@pytest.mark.parametrize("quantile", ["", "much", "100"])
def test_steadier_when_the_quantile_will_not_do_then_says_so(client, office, run, quantile) -> None:
    found = grown_plan(office, run)
    page = client.post(reverse("plans:steadier", args=[found.pk]), {"quantile": quantile}, follow=True)

    assert "预测情形应在" in page.content.decode()
    assert Plan.objects.count() == 1


def test_page_when_a_leader_looks_then_cannot_order_another_plan(client_for, world, office, run) -> None:
    found = grown_plan(office, run)
    plans.adopt(by=office, plan=found)
    page = client_for(world.member(Role.LEADER, "county")).get(page_of(found)).content.decode()

    assert reverse("plans:steadier", args=[found.pk]) not in page
    assert "按更高的情形" in page
