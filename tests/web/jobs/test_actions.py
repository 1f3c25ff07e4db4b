"""Ordering and calling off."""

import pytest

from junheng.core.errors import InputError
from junheng.web.access.roles import Role
from junheng.web.audit.models import Entry
from junheng.web.jobs import actions
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.registry import is_registered, job, title_of
from junheng.web.jobs.worker import run_pending
from tests.web.jobs import bodies


@pytest.fixture
def office(world):
    return world.actor(Role.COUNTY_OFFICE, "county")


def order(office, world, place="county", **more) -> Job:
    return actions.enqueue(
        by=office, kind="tests.count", arguments={"upto": 3}, organisation_id=world[place].id, **more
    )


def test_enqueue_when_ordered_then_waits_with_an_audit_row(office, world) -> None:
    made = order(office, world)

    assert (made.state, made.created_by, made.created_by_id) == (State.QUEUED, office.name, office.user_id)
    assert Entry.objects.get(action="job.enqueue").subject == f"job:{made.pk}"


def test_enqueue_when_the_key_is_the_same_then_gives_the_same_job_even_after_its_end(office, world) -> None:
    first = order(office, world, key="run-7")
    run_pending()

    assert order(office, world, key="run-7").pk == first.pk
    assert Entry.objects.filter(action="job.enqueue").count() == 1


def test_enqueue_when_another_organisation_uses_the_key_then_gives_another_job(office, world) -> None:
    assert order(office, world, key="run-7").pk != order(office, world, "neighbour", key="run-7").pk


def test_enqueue_when_there_is_no_key_then_every_call_makes_a_job(office, world) -> None:
    assert order(office, world).pk != order(office, world).pk


def test_enqueue_when_nobody_knows_the_kind_then_refuses(office, world) -> None:
    with pytest.raises(LookupError):
        actions.enqueue(by=office, kind="tests.unknown", arguments={}, organisation_id=world["county"].id)


def test_cancel_when_the_job_waits_then_it_never_runs(office, world) -> None:
    made = actions.cancel(by=office, job=order(office, world))

    assert (made.state, run_pending()) == (State.CANCELLED, 0)
    assert Entry.objects.get(action="job.cancel").before == {"state": "queued"}


def test_cancel_when_the_job_has_ended_then_refuses_in_words(office, world) -> None:
    made = order(office, world)
    run_pending()

    with pytest.raises(InputError, match="已经结束"):
        actions.cancel(by=office, job=made)


def test_job_when_two_bodies_claim_a_kind_then_refuses() -> None:
    with pytest.raises(ValueError, match=r"tests\.count"):
        job("tests.count")(bodies.refuse)


def test_title_when_the_kind_is_gone_then_is_the_kind_itself() -> None:
    assert (title_of("tests.count"), title_of("old.kind"), is_registered("old.kind")) == ("数数", "old.kind", False)
