"""The office of the small county, its run, and browsers."""

import pytest

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.evaluations.models import Run
from junheng.web.jobs.models import Job, State
from tests.web.evaluations.county import finished_run
from tests.web.world import World


@pytest.fixture
def office(world: World) -> Actor:
    """The county office."""
    return world.actor(Role.COUNTY_OFFICE, "county")


@pytest.fixture
def run(world: World, office: Actor) -> Run:
    """A finished run that stands for its year; nothing is left to do for a worker."""
    made = finished_run(office, world["county"], publish=True)
    Job.objects.update(state=State.DONE)
    return made


@pytest.fixture
def client(world, client_for):
    """The county office's browser."""
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))
