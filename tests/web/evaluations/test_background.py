"""From the returns of a county to a finished run, in the worker."""

from junheng.web.access.actor import PLATFORM
from junheng.web.access.roles import Role
from junheng.web.evaluations import actions
from junheng.web.evaluations.models import Run, Source
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.worker import run_pending
from junheng.web.returns.actions import archive
from tests.web.evaluations.county import STANDARD, YEAR, facts_of
from tests.web.returns import reporting


def run_now(office, world, source: str) -> Run:
    run = actions.start(by=office, county=world["county"], year=YEAR, standard=STANDARD, source=source)
    assert run_pending() == 1
    return Run.objects.get(pk=run.pk)


def test_run_when_everything_is_approved_then_judges_the_approved_versions(office, world, client_for) -> None:
    archive.import_approved(
        by=PLATFORM, county=world["county"], facts=facts_of(), standard=STANDARD, title="2025 年度填报"
    )

    run = run_now(office, world, Source.APPROVED)

    assert run.is_finished
    assert {len(entry[2]) for entry in run.versions} == {64}
    assert len(evaluation_of(run).verdict.schools) == 3
    job = Job.objects.get(pk=run.job_id)
    assert (job.state, job.page) == (State.DONE, f"/runs/{run.pk}/")
    place = "school:9900000001:primary:backbone_teachers_per_100_students"
    page = client_for(world.member(Role.COUNTY_OFFICE, "county")).get(f"/runs/{run.pk}/explain/{place}/")
    assert "平台 上传" in page.content.decode()  # who brought the value in stands beside it


def test_run_when_nobody_has_approved_then_a_trial_shows_the_drafts_and_an_approved_run_names_who_is_missing(
    office, world, client_for
) -> None:
    reporting.open_round(world)
    reporting.fill_school(world)

    trial = run_now(office, world, Source.TRIAL)
    approved = run_now(office, world, Source.APPROVED)

    assert (trial.is_trial, approved.is_trial) == (True, True)
    assert "9900000001" in {school.code for school in trial.schools.all()}
    assert "青石镇示例小学" in approved.missing
    assert not approved.schools.exists()
    page = client_for(world.member(Role.PRINCIPAL, "school"))
    assert page.get(f"/runs/{trial.pk}/").status_code == 404  # not published: nothing for the school to see


def test_run_when_a_draft_is_explained_then_says_who_typed_it(office, world, client_for) -> None:
    reporting.open_round(world)
    reporting.fill_school(world)
    run = run_now(office, world, Source.TRIAL)

    place = "school:9900000001:primary:backbone_teachers_per_100_students"
    page = client_for(world.member(Role.COUNTY_OFFICE, "county")).get(f"/runs/{run.pk}/explain/{place}/")

    assert "网页填报 · 填报员·青石镇示例小学" in page.content.decode()
