"""Many people at the same moment, each in a thread with a connection of its own. Runs in an installation."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from junheng.web.access.roles import Role
from junheng.web.accounts.actors import actor_of
from junheng.web.accounts.models import Membership, User
from junheng.web.returns.actions import drafts, reviews, submissions
from junheng.web.returns.actions.drafts import Edit
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Decision, Return, Version
from tests.web.returns.reporting import entry_of, fill_school, open_round, version_of
from tests.web.world import World, build_world

FIELDS = ("book_count", "computer_count", "multimedia_classroom_count", "migrant_student_count")


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What `act` gives in each of so many threads that start together; a refusal is given as its text."""
    barrier = Barrier(count)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return act(number)
        except RefusedError as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def play() -> dict[str, Any]:
    """Plays all scenes in a fresh tree and gives what came of each."""
    world = build_world()
    open_round(world)
    for place in ("school", "town_school"):
        fill_school(world, place)
    return {"cells": cells(world), "one_key": one_key(world), "keys": keys(world), "approval": approval(world)}


def cells(world: World) -> dict[str, Any]:
    """Four people type into four cells of one draft."""
    by, entry = world.actor(Role.REPORTER, "school"), entry_of(world, "school")
    shown = version_of(entry).values["schools"][0]

    def save(number: int) -> None:
        edit = Edit("schools", 1, FIELDS[number], "7", was=str(shown[FIELDS[number]]))
        drafts.save(by=by, return_id=entry.pk, lock_version=entry.lock_version, edits=[edit])

    given = at_once(len(FIELDS), save)
    school = version_of(entry).values["schools"][0]
    moved = Return.objects.get(pk=entry.pk).lock_version - entry.lock_version
    return {"given": given, "values": [school[field] for field in FIELDS], "moved": moved}


def one_key(world: World) -> dict[str, Any]:
    """Thirty identical submissions."""
    by, entry = world.actor(Role.REPORTER, "school"), entry_of(world, "school")
    given = at_once(30, lambda _: submissions.submit(by=by, return_id=entry.pk, key="one").pk)
    decisions = Decision.objects.filter(version__entry=entry, verdict="submitted").count()
    versions = Version.objects.filter(entry=entry).count()
    return {"given": given, "version": entry.version_id, "decisions": decisions, "versions": versions}


def keys(world: World) -> dict[str, Any]:
    """Thirty submissions, each with a key of its own."""
    by, entry = world.actor(Role.REPORTER, "town_school"), entry_of(world, "town_school")
    given = at_once(30, lambda number: submissions.submit(by=by, return_id=entry.pk, key=f"key-{number}").pk)
    return {"given": given, "version": entry.version_id}


def approval(world: World) -> dict[str, Any]:
    """Two principals approve one version."""
    entry = entry_of(world, "school")
    version = version_of(entry)
    user = User.objects.create(login="second", name="第二位校级审核")
    second = actor_of(Membership.objects.create(user=user, organisation=world["school"], role=Role.PRINCIPAL))
    people = (world.actor(Role.PRINCIPAL, "school"), second)
    given = at_once(
        2, lambda number: reviews.approve(by=people[number], return_id=entry.pk, version_id=version.pk).state
    )
    decisions = Decision.objects.filter(version=version, verdict="approved").count()
    return {"given": given, "decisions": decisions, "state": entry_of(world, "school").state}
