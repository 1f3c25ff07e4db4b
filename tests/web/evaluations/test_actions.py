"""Starting, keeping and publishing runs."""

from typing import Any

import pytest

from junheng import api
from junheng.core.errors import InputError, StandardError
from junheng.web.access.roles import Role
from junheng.web.audit.chain import verify
from junheng.web.audit.models import Entry
from junheng.web.evaluations import actions
from junheng.web.evaluations.models import Publication, Run, SchoolResult, Snapshot, Source
from junheng.web.jobs.models import Job, State
from tests.web.evaluations.county import STANDARD, YEAR, finished_run, judged

EXCEPTION = api.standard_of(STANDARD).exceptions[0].id


def start(office, place, **more) -> Run:
    wanted: dict[str, Any] = {"year": YEAR, "standard": STANDARD, "source": Source.APPROVED} | more
    return actions.start(by=office, county=place, **wanted)


def test_start_when_the_same_form_is_sent_again_after_the_end_then_gives_the_same_run(office, world) -> None:
    first = start(office, world["county"], key="form-1")
    Job.objects.update(state=State.DONE)

    assert start(office, world["county"], key="form-1").pk == first.pk
    assert start(office, world["county"], key="form-2").pk != first.pk


def test_start_when_asked_then_a_job_waits_and_the_audit_says_so(office, world) -> None:
    run = start(office, world["county"], exceptions=[EXCEPTION, EXCEPTION])

    job = Job.objects.get(pk=run.job_id)
    assert (job.state, job.arguments) == (State.QUEUED, {"run_id": run.pk})
    assert run.exceptions == [EXCEPTION]
    entry = Entry.objects.get(action="run.start")
    assert (entry.subject, entry.after["exceptions"]) == (f"run:{run.pk}", [EXCEPTION])


def test_start_when_the_same_is_under_way_then_gives_the_same_run(office, world) -> None:
    first = start(office, world["county"])

    assert start(office, world["county"]).pk == first.pk
    assert start(office, world["county"], exceptions=[EXCEPTION]).pk != first.pk


def test_start_when_the_earlier_one_failed_then_starts_anew(office, world) -> None:
    first = start(office, world["county"])
    Job.objects.filter(pk=first.job_id).update(state=State.FAILED)

    assert start(office, world["county"]).pk != first.pk


@pytest.mark.parametrize(
    ("place", "more", "error"),
    [
        ("city", {}, InputError),
        ("county", {"source": "guessed"}, InputError),
        ("county", {"standard": "no-such-standard"}, StandardError),
        ("county", {"exceptions": ["no_such_exception"]}, InputError),
    ],
)
def test_start_when_something_is_unknown_then_refuses(office, world, place, more, error) -> None:
    with pytest.raises(error):
        start(office, world[place], **more)

    assert not Run.objects.exists()


def test_keep_when_judged_then_run_snapshot_and_schools_are_there(run, world) -> None:
    assert run.is_finished
    assert (run.outcome, run.is_trial) == ("not_met", False)
    assert len(run.code) == 16
    assert Snapshot.objects.filter(run=run).count() == 1
    schools = SchoolResult.objects.filter(run=run).order_by("code")
    assert [entry.school for entry in schools] == [world["school"], world["town_school"], world["middle_school"]]
    assert Entry.objects.get(action="run.finish").after["hash"] == run.hash
    assert not list(verify())


def test_keep_when_the_body_comes_twice_then_the_finished_run_stays_as_it_is(office, run) -> None:
    again = actions.keep(by=office, run_id=run.pk, judged=judged(more=100))

    assert (again.hash, again.finished_at) == (run.hash, run.finished_at)
    assert SchoolResult.objects.filter(run=run).count() == 3


def test_keep_when_the_inputs_are_the_same_then_the_hash_is_the_same(office, world, run) -> None:
    judged.cache_clear()

    assert finished_run(office, world["county"]).hash == run.hash
    assert finished_run(office, world["county"], more=1).hash != run.hash
    assert finished_run(office, world["county"], source=Source.TRIAL).hash != run.hash


def test_keep_when_somebody_is_missing_then_the_run_is_a_trial(office, world) -> None:
    run = finished_run(office, world["county"], missing=("青石镇示例小学",))

    assert (run.is_trial, run.missing) == (True, ["青石镇示例小学"])


def test_publish_when_another_stood_for_the_year_then_takes_its_place(office, world, run) -> None:
    actions.publish(by=office, run=run)
    second = finished_run(office, world["county"], more=1)

    publication = actions.publish(by=office, run=second)

    assert Publication.objects.get().run_id == publication.run_id == second.pk
    assert publication.published_by == office.name
    entry = Entry.objects.filter(action="run.publish").latest("sequence")
    assert (entry.before, entry.after["run"]) == ({"run": run.pk}, second.pk)


def test_publish_when_it_stands_already_then_nothing_is_written(office, published) -> None:
    actions.publish(by=office, run=published)

    assert Entry.objects.filter(action="run.publish").count() == 1


def test_publish_when_the_run_is_not_finished_then_refuses(office, world) -> None:
    with pytest.raises(InputError, match="还没有完成"):
        actions.publish(by=office, run=start(office, world["county"]))


def test_publish_when_the_run_is_a_trial_then_refuses(office, world) -> None:
    with pytest.raises(InputError, match="试算"):
        actions.publish(by=office, run=finished_run(office, world["county"], source=Source.TRIAL))


def test_publish_when_years_differ_then_both_stand(office, world, published) -> None:
    finished_run(office, world["county"], year=YEAR - 1, publish=True)

    assert Publication.objects.count() == 2
    assert world.actor(Role.COUNTY_OFFICE, "county").name == published.publication.published_by
