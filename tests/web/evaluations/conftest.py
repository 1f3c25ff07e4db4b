"""Runs of the small county."""

import pytest

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.evaluations.models import Run
from tests.web.evaluations.county import finished_run
from tests.web.world import World


@pytest.fixture
def office(world: World) -> Actor:
    """The county office."""
    return world.actor(Role.COUNTY_OFFICE, "county")


@pytest.fixture
def run(world: World, office: Actor) -> Run:
    """A finished run that has not been published."""
    return finished_run(office, world["county"])


@pytest.fixture
def published(world: World, office: Actor) -> Run:
    """A finished run that stands for its year."""
    return finished_run(office, world["county"], publish=True)
