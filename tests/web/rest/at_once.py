"""Run in an installation of its own by test_concurrency: the same write by many threads at once. No tests here."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from django.db import connection
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.accounts.models import Token
from junheng.web.accounts.one_time import digest
from junheng.web.audit.models import Entry
from junheng.web.evaluations.models import Run
from junheng.web.rest.models import Answer
from junheng.web.returns.models import Decision
from tests.web.rest.conftest import Program
from tests.web.rest.test_writes import TABLES
from tests.web.returns.reporting import STANDARD, YEAR, entry_of, open_round
from tests.web.world import World, build_world

MANY = 30


def play() -> dict[str, Any]:
    """What came of it: the answers, and what stands in the database."""
    world = build_world()
    open_round(world)
    make_tokens(world)
    address = f"/returns/{entry_of(world, 'school').pk}/submit"
    submits = _at_once(lambda: _send(Role.REPORTER, address, {"tables": TABLES}))
    runs = _at_once(lambda: _send(Role.COUNTY_OFFICE, "/runs", {"year": YEAR, "standard": STANDARD}))
    return {
        "submits": submits,
        "runs": runs,
        "decisions": Decision.objects.count(),
        "rows": Entry.objects.filter(action="return.submit").count(),
        "run_count": Run.objects.count(),
        "answers": Answer.objects.count(),
    }


def _send(role: Role, address: str, body: Any) -> list[Any]:
    answer = Program(f"jh_{role.value}").send("POST", address, body, key="the-same-key")
    return [answer.status_code, answer.json().get("id")]


def _at_once(write: Callable[[], Any]) -> list[Any]:
    """The same write by many threads, started together."""
    barrier = Barrier(MANY)

    def one(_number: int) -> Any:
        try:
            barrier.wait()
            return write()
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def make_tokens(world: World) -> None:
    """A token for the reporter of the school and for the county office."""
    for role, place in ((Role.REPORTER, "school"), (Role.COUNTY_OFFICE, "county")):
        Token.objects.create(
            membership=world.member(role, place),
            name="程序",
            secret_hash=digest(f"jh_{role.value}"),
            expires_at=timezone.now() + timedelta(days=1),
        )
