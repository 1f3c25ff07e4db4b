"""The worker answers a scenario for real, writes the documents, and keeps both."""

import pytest
from django.urls import reverse

from junheng.web.documents.files import located
from junheng.web.jobs.actions import cancel
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.worker import run_pending
from junheng.web.plans.actions import plans, scenarios
from junheng.web.plans.background import FOLDER
from junheng.web.plans.kept import body_of
from junheng.web.plans.models import Plan
from tests.web.evaluations.county import YEAR
from tests.web.plans.county import scenario_of


def ordered(office, run, **other) -> Plan:
    plan = plans.start(by=office, scenario=scenario_of(office, run, **other), run=run)
    assert run_pending() == 1
    plan.refresh_from_db()
    return plan


def test_make_plan_when_there_is_one_then_it_is_kept_with_its_documents(office, run, client, world) -> None:
    plan = ordered(office, run)
    names = {file.name for file in plan.files.all()}
    paper = plan.files.get(name="预算报告.pdf")
    download = client.get(reverse("plans:download", args=[paper.pk]))

    assert (plan.status, plan.target_year) == ("optimal", YEAR + 2)
    assert {"plan.json", "任务清单.xlsx", "预算报告.docx"} <= names
    assert plan.files.filter(school=world["middle_school"]).exists()
    assert b"".join(download.streaming_content).startswith(b"%PDF")
    assert plan.trail
    assert located(paper.path, FOLDER).is_file()


def test_make_plan_when_the_same_is_asked_again_then_the_answer_is_the_same(office, run) -> None:
    one = ordered(office, run)
    scenario = one.scenario
    other = plans.start(by=office, scenario=scenario, run=run)
    run_pending()
    other.refresh_from_db()

    assert body_of(one)["digest"] == body_of(other)["digest"]
    assert [file.sha256 for file in one.files.exclude(name="plan.json")] == [
        file.sha256 for file in other.files.exclude(name="plan.json")
    ]


def test_make_plan_when_there_is_none_then_what_would_have_to_give_is_kept(office, run) -> None:
    plan = ordered(office, run, target_year=YEAR + 1)
    body = body_of(plan)

    assert plan.status == "infeasible"
    assert body["clash"]["texts"]
    assert any(entry["is_enough"] for entry in body["relaxations"])


def test_make_plan_when_the_scenario_has_holes_then_the_findings_are_kept(office, run) -> None:
    scenario = scenarios.create(by=office, county=run.organisation, title="空方案")
    plan = plans.start(by=office, scenario=scenario, run=run)
    run_pending()
    plan.refresh_from_db()

    assert plan.status == "refused"
    assert any("单价" in finding["message"] for finding in body_of(plan)["findings"])
    assert not plan.files.exists()


def test_make_plan_when_the_question_cannot_be_put_then_is_refused(office, run) -> None:
    plan = ordered(office, run, target_year=YEAR - 1)

    assert plan.status == "refused"
    assert "目标年度" in body_of(plan)["findings"][0]["message"]


def test_make_plan_when_facts_are_supposed_then_they_are_planned_with(office, run) -> None:
    scenario = scenario_of(office, run)
    change = {"table": "stages", "key": {"school_id": "9900000003", "stage": "junior"}, "field": "student_count"}
    scenarios.change_what_ifs(
        by=office, scenario_id=scenario.pk, lock_version=1, what_ifs=[{**change, "value": 900, "was": 1}]
    )
    scenario.refresh_from_db()
    plan = plans.start(by=office, scenario=scenario, run=run)
    run_pending()
    body = body_of(Plan.objects.get(pk=plan.pk))
    school = next(entry for entry in body["schools"] if entry["school_id"] == "9900000003")

    assert school["stages"][0]["pupils"][str(YEAR)] == 900


def test_make_plan_when_the_standard_is_another_than_the_runs_then_it_is_taken(office, run) -> None:
    plan = ordered(office, run, standard="hunan-2018", target_year=YEAR + 3)

    assert body_of(plan)["standard_id"] == "hunan-2018"


def test_make_plan_when_the_job_comes_back_then_the_finished_plan_stays(office, run) -> None:
    plan = ordered(office, run)
    Job.objects.filter(pk=plan.job_id).update(state=State.QUEUED)
    run_pending()

    assert Plan.objects.get().finished_at == plan.finished_at


@pytest.mark.usefixtures("transactional_db")
def test_make_plan_when_called_off_while_solving_then_nothing_is_kept(office, run, monkeypatch) -> None:
    plan = plans.start(by=office, scenario=scenario_of(office, run), run=run)
    job = Job.objects.get(pk=plan.job_id)
    monkeypatch.setattr(
        "junheng.web.plans.background.planning.make_plan",
        lambda *_facts, stop, **_told: (cancel(by=office, job=job), stop()),
    )
    run_pending()
    plan.refresh_from_db()

    assert (Job.objects.get(pk=job.pk).state, plan.is_finished) == (State.CANCELLED, False)
