"""Opening the rounds of several counties in the background, even when the worker is killed on the way."""

from typing import Any

import pytest
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.audit.models import Entry
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.registry import body_of
from junheng.web.jobs.worker import run_pending
from junheng.web.returns.actions import opening
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Return, Round
from tests.web.returns.reporting import STANDARD, YEAR, open_round
from tests.web.world import World


def begun(world: World, role: Role = Role.SUPERVISOR, place: str = "city", **changed: Any) -> Round | Job:
    given: dict[str, Any] = {"year": YEAR, "standard": STANDARD, "title": "填报", "due_on": timezone.localdate()}
    return opening.begin(by=world.actor(role, place), **{"place": world[place], "key": "once", **given, **changed})


def test_begin_when_there_is_one_county_then_its_round_is_open_at_once(world: World) -> None:
    opened = begun(world, Role.COUNTY_OFFICE, "county")

    assert opened == Round.objects.get()
    assert not Job.objects.exists()


def test_begin_when_it_may_not_be_then_no_job_is_ordered(world: World) -> None:
    with pytest.raises(RefusedError, match="只有县级管理员"):
        begun(world, place="city", role=Role.ASSESSOR)

    assert not Job.objects.exists()


def test_begin_when_a_county_has_a_round_then_the_job_leaves_it_out_and_names_it(world: World) -> None:
    theirs = open_round(world)
    job = begun(world)

    run_pending()

    assert isinstance(job, Job)
    job.refresh_from_db()
    assert job.said == f"已开始填报:1 个县。已有 {YEAR} 年度填报轮次、没有重开的 1 个县:青石县。"
    assert (job.state, job.done, job.total) == (State.DONE, 2, 2)
    assert set(Round.objects.exclude(pk=theirs.pk).values_list("county__name", "issuer__name")) == {
        ("白沙县", "示例市")
    }
    assert Entry.objects.get(action="round.open", organisation_id=world["neighbour"].pk).user_name == "督导·示例市"


def test_begin_when_the_worker_is_killed_between_two_counties_then_the_next_one_goes_on(world: World) -> None:
    job = begun(world)
    assert isinstance(job, Job)
    work = opening.carry_out(job)
    next(work)
    work.close()  # the first county is open, the second is not
    before = Return.objects.count()

    result = body_of(opening.JOB)(job, lambda _label, _done, _total: None)

    assert (Round.objects.count(), Job(result=result).said) == (2, "已开始填报:2 个县。")
    assert Return.objects.filter(round__county=world["county"]).count() == before
    assert Entry.objects.filter(action="round.open").count() == 2
