"""Cost curves of a plan: asked for once, made by the worker, ended early, shown on the plan's page."""

import json
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from django.urls import reverse

from junheng.core.errors import EngineError, InputError
from junheng.web.access.roles import Role
from junheng.web.audit.chain import verify
from junheng.web.audit.models import Entry
from junheng.web.documents.files import located, store
from junheng.web.jobs.actions import cancel
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.worker import run_pending
from junheng.web.plans import kept
from junheng.web.plans.actions import curves, plans
from junheng.web.plans.background import FOLDER
from junheng.web.plans.models import CostCurves, Plan
from tests.web.evaluations.county import YEAR
from tests.web.plans.county import NEW_SCHOOL, finished_plan, scenario_of

POINT = {"status": "feasible", "cost": 120.5, "bound": 118.25, "passing": 3, "text": "方案费用 120.50 万元。"}
NO_POINT = {"status": "infeasible", "cost": None, "bound": None, "passing": None, "text": "没有可行方案。"}
DATA = {
    "curves": [
        {"axis": "target_year", "points": [{**NO_POINT, "asked": 2026.0}, {**POINT, "asked": 2027.0}]},
        {"axis": "budget", "points": [{**POINT, "asked": 0.75}]},
        {"axis": "passing", "points": [{**NO_POINT, "asked": 4.0}]},
    ],
    "options": {
        "text": "试过 1 种调整，最省的是甲并入乙。",
        "unchanged": 120.5,
        "best": "甲并入乙",
        "options": [
            {"label": "甲并入乙", "change": 1.0, "cost": 90.0, "bound": 89.0, "is_ruled_out": False, "text": ""}
        ],
        "findings": [{"level": "error", "message": "学校丙不在数据里。"}, {"level": "info", "message": "仅供参考。"}],
    },
}


@pytest.fixture
def plan(office, run) -> Plan:
    return finished_plan(office, run)


def _words(path: Path) -> str:
    """The paragraphs of a document and the words of its tables."""
    found = docx.Document(str(path))
    return "\n".join(paragraph.text for paragraph in found.paragraphs)


def page_of(plan: Plan) -> str:
    return reverse("plans:plan", args=[plan.pk])


def made(office, plan) -> CostCurves:
    """Curves that are there, without a worker."""
    found = curves.start(by=office, plan=plan)
    Job.objects.filter(pk=found.job_id).update(state=State.DONE)
    return curves.keep(by=office, curves_id=found.pk, data=DATA)


# --------------------------------------------------------------------------------------------------------------- actions


def test_start_when_asked_again_then_gives_those_there_are(office, plan) -> None:
    first = curves.start(by=office, plan=plan, key="k1")
    again = [curves.start(by=office, plan=plan), curves.start(by=office, plan=plan, key="k1")]
    kept_ones = curves.keep(by=office, curves_id=first.pk, data=DATA)

    assert again == [first, first]
    assert curves.start(by=office, plan=plan) == kept_ones
    assert Entry.objects.filter(action="curves.start").count() == 1


def test_start_when_the_ones_before_were_stopped_or_failed_then_makes_others(office, plan) -> None:
    failed = curves.start(by=office, plan=plan)
    Job.objects.filter(pk=failed.job_id).update(state=State.FAILED)
    stopped = curves.start(by=office, plan=plan, key="k2")
    curves.stop(by=office, plan=plan)
    curves.keep(by=office, curves_id=stopped.pk, data=DATA)
    third = curves.start(by=office, plan=plan, key="k3")

    assert len({failed.pk, stopped.pk, third.pk}) == 3


def test_start_when_there_is_nothing_to_draw_from_then_refuses(office, run, plan) -> None:
    waiting = plans.start(by=office, scenario=scenario_of(office, run, "方案乙"), run=run)
    Plan.objects.filter(pk=plan.pk).update(status="refused")
    plan.refresh_from_db()

    for other, words in ((waiting, "还没有完成"), (plan, "有问题")):
        with pytest.raises(InputError, match=words):
            curves.start(by=office, plan=other)


def test_stop_when_asked_twice_then_is_one_row_and_without_work_refuses(office, plan) -> None:
    with pytest.raises(InputError, match="没有正在推算"):
        curves.stop(by=office, plan=plan)
    found = curves.start(by=office, plan=plan)
    asked = [curves.stop(by=office, plan=plan).stop_asked_at for _time in range(2)]
    curves.keep(by=office, curves_id=found.pk, data=DATA)

    assert asked[0] == asked[1]
    assert Entry.objects.filter(action="curves.stop").count() == 1
    with pytest.raises(InputError, match="没有正在推算"):
        curves.stop(by=office, plan=plan)


def test_keep_when_it_comes_twice_then_the_first_stays(office, plan) -> None:
    first = made(office, plan)
    again = curves.keep(by=office, curves_id=first.pk, data={"curves": [], "options": None})

    assert again.digest == first.digest
    assert kept.curves_of(again) == DATA
    verify(plan.organisation_id)
    CostCurves.objects.update(data=b"altered")
    first.digest = "altered"  # nobody has it in memory
    with pytest.raises(EngineError, match="已损坏"):
        kept.curves_of(first)


def test_keep_when_documents_come_along_then_they_take_the_place_of_those_before(office, plan) -> None:
    old = store(b"old", kind="plan", name="预算报告.pdf", folder=FOLDER)
    first = curves.start(by=office, plan=plan)
    curves.keep(by=office, curves_id=first.pk, data=DATA, files=[old])
    CostCurves.objects.update(stop_asked_at=first.created_at)
    again = curves.start(by=office, plan=plan)
    new = replace(
        old, path=store(b"newer", kind="plan", name="预算报告.pdf", folder=FOLDER).path, size=5, sha256="b" * 64
    )
    curves.keep(by=office, curves_id=again.pk, data=DATA, files=[new])

    file = plan.files.get()
    assert (file.name, file.path, file.size, file.sha256) == ("预算报告.pdf", new.path, 5, "b" * 64)
    row = Entry.objects.filter(action="curves.finish").latest("sequence")
    assert row.after["files"] == {"预算报告.pdf": "b" * 64}
    verify(plan.organisation_id)


# ---------------------------------------------------------------------------------------------------------------- worker


def test_make_curves_when_ordered_then_every_axis_has_its_points(office, run, plan) -> None:
    found = curves.start(by=office, plan=plan)
    run_pending()
    found.refresh_from_db()
    body = kept.curves_of(found)
    years = body["curves"][0]["points"]

    assert [curve["axis"] for curve in body["curves"]] == ["target_year", "passing"]  # money is not limited
    assert [point["asked"] for point in years] == [YEAR + 1, YEAR + 2, YEAR + 3, YEAR + 4]
    assert years[0]["cost"] is None
    assert years[1]["cost"] == pytest.approx(plan.figures["cost"], rel=0.02)
    assert body["options"] is None
    files = {file.name: located(file.path, FOLDER) for file in plan.files.all()}
    assert set(files) == {"plan.json", "预算报告.docx", "预算报告.pdf"}
    assert [curve["axis"] for curve in json.loads(files["plan.json"].read_text())["curves"]] == [
        "target_year",
        "passing",
    ]
    assert "费用与目标年度" in _words(files["预算报告.docx"])
    Job.objects.filter(pk=found.job_id).update(state=State.QUEUED)
    run_pending()
    assert CostCurves.objects.get().finished_at == found.finished_at


def test_make_curves_when_stopped_early_then_keeps_what_there_is(office, plan, monkeypatch) -> None:
    def draw(*arguments, stop, **_named) -> dict:
        curves.stop(by=office, plan=plan)
        monkeypatch.setattr("junheng.web.plans.watching.EVERY_SECONDS", 0.0)
        return {"axis": arguments[3], "points": [] if stop() else [POINT], "findings": []}

    monkeypatch.setattr("junheng.web.plans.background.planning.frontier", draw)
    found = curves.start(by=office, plan=plan)
    run_pending()
    found.refresh_from_db()

    assert kept.curves_of(found) == {"curves": [], "options": None}


def test_make_curves_when_money_and_mergers_are_there_then_both_are_tried(office, run, monkeypatch) -> None:
    merger = [{"closed": "9900000003", "into": "9900000002", "amount": 1}]
    money = [{"year": year, "source": "县级财政", "amount": 9000} for year in (YEAR + 1, YEAR + 2)]
    plan = finished_plan(office, run, mergers=merger, budgets=money, money="limited")
    opened = finished_plan(office, run, "方案乙", **NEW_SCHOOL)
    told: list[str] = []
    point = {**POINT, "asked": 2027.0}
    answers = {"axis": "passing", "label": "达标的校段数", "points": [point], "findings": [], "options": [], "text": ""}

    def told_of(*given, **_named) -> dict:
        told.append(given[3] if len(given) > 3 else "options")
        return answers

    for name in ("frontier", "compare_options"):
        monkeypatch.setattr(f"junheng.web.plans.background.planning.{name}", told_of)
    found = curves.start(by=office, plan=plan)
    run_pending()
    found.refresh_from_db()

    assert told == ["target_year", "budget", "passing", "options"]
    assert kept.curves_of(found)["options"] == answers
    curves.start(by=office, plan=opened)
    run_pending()
    assert told[4:] == ["target_year", "passing", "options"]  # a new school that is not decided is compared


def test_make_curves_when_the_scenario_can_no_longer_be_read_then_fails_with_words(office, plan) -> None:
    found = curves.start(by=office, plan=plan)
    Plan.objects.filter(pk=plan.pk).update(scenario_data={})
    run_pending()

    assert Job.objects.get(pk=found.job_id).state == State.FAILED
    assert not CostCurves.objects.get().is_finished


@pytest.mark.usefixtures("transactional_db")
def test_make_curves_when_called_off_then_nothing_is_kept(office, plan, monkeypatch) -> None:
    found = curves.start(by=office, plan=plan)
    job = Job.objects.get(pk=found.job_id)

    def draw(*_given, stop, **_named) -> dict:
        cancel(by=office, job=job)
        return {"points": [], "stopped": stop()}

    monkeypatch.setattr("junheng.web.plans.background.planning.frontier", draw)
    monkeypatch.setattr("junheng.web.plans.watching.EVERY_SECONDS", 0.0)
    run_pending()

    assert Job.objects.get(pk=job.pk).state == State.CANCELLED
    assert not CostCurves.objects.get().is_finished


# ------------------------------------------------------------------------------------------------------------------ page


def test_page_when_nothing_was_asked_then_the_office_may_and_leaders_see_none(client, client_for, world, office, plan):
    plans.adopt(by=office, plan=plan)
    leader = client_for(world.member(Role.LEADER, "county"))
    offered = client.get(page_of(plan)).content.decode()
    sent = client.post(reverse("plans:start_curves", args=[plan.pk]), {"send_key": "k"}, follow=True)
    page = sent.content.decode()

    assert f'action="{reverse("plans:start_curves", args=[plan.pk])}"' in offered
    assert f'action="{reverse("plans:start_curves", args=[plan.pk])}"' not in page
    assert reverse("plans:stop_curves", args=[plan.pk]) in page
    assert reverse("jobs:cancel", args=[CostCurves.objects.get().job_id]) in page
    assert 'id="curves"' not in leader.get(page_of(plan)).content.decode()


def test_page_when_stopping_then_says_so(client, office, plan) -> None:
    curves.start(by=office, plan=plan)
    page = client.post(reverse("plans:stop_curves", args=[plan.pk]), follow=True).content.decode()
    made_ones = curves.keep(by=office, curves_id=CostCurves.objects.get().pk, data=DATA)
    again = client.post(reverse("plans:stop_curves", args=[plan.pk]), follow=True).content.decode()

    assert "已请求停止" in page
    assert "正在停止" in page
    assert made_ones.stop_asked_at is not None
    assert "没有正在推算" in again
    assert "中途停止" in again
    assert "重新推算费用曲线" in again


def test_page_when_curves_are_there_then_charts_tables_and_sentences(
    client, client_for, world, office, plan, django_assert_max_num_queries
) -> None:
    made(office, plan)
    plans.adopt(by=office, plan=plan)
    client.get(page_of(plan))
    with django_assert_max_num_queries(18):
        page = client.get(page_of(plan)).content.decode()
    leader = client_for(world.member(Role.LEADER, "county")).get(page_of(plan)).content.decode()

    for text in (page, leader):
        assert 'id="curve-target_year-data"' in text
        assert 'id="curve-passing-data"' not in text  # no point has a cost
        assert "没有可行方案。" in text
        assert ">75%<" in text
        assert "最省的是甲并入乙" in text
        assert "学校丙不在数据里" in text
        assert "仅供参考" not in text
        assert reverse("plans:start_curves", args=[plan.pk]) not in text


def test_page_when_there_is_no_plan_then_curves_tell_what_would_help(client, office, run) -> None:
    none = finished_plan(office, run, "赶一年", YEAR + 1)
    offered = client.get(page_of(none)).content.decode()
    made(office, none)
    Plan.objects.filter(pk=none.pk).update(status="refused")
    refused = client.post(reverse("plans:start_curves", args=[none.pk]), follow=True).content.decode()

    assert reverse("plans:start_curves", args=[none.pk]) in offered
    assert 'id="curve-target_year-data"' in refused
    assert "不能推算费用曲线" in refused


def test_start_when_the_plan_is_another_countys_then_is_not_found(client_for, world, plan) -> None:
    other = client_for(world.member(Role.COUNTY_OFFICE, "neighbour"))

    assert other.post(reverse("plans:start_curves", args=[plan.pk])).status_code == 404
    assert other.post(reverse("plans:stop_curves", args=[plan.pk])).status_code == 404
