"""Processes are killed at random moments while people report, decide and judge: nothing acknowledged is lost."""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.web.faults.browser import Person
from tests.web.faults.platform import Platform

KILLS = 6
WORKER_ALONE = 0.3
SEED = 20261122


@dataclass
class Acknowledged:
    """What the platform has answered with success: that must stand whatever happens next."""

    uploads: list[int] = field(default_factory=list)
    applied: list[int] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """An installation on the database of this test run, killed at the end."""
    url = os.environ.get("JUNHENG_DATABASE_URL", "")
    name = f"junheng_kills_{os.getpid()}"
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
    made = Platform(tmp_path, database_url=urlsplit(url)._replace(path=f"/{name}").geturl() if url else "")
    yield made
    made.end()
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def report(person: Callable[[str], Person], folder: Path, code: str, return_id: int, done: Acknowledged) -> None:
    """One school: a workbook is sent and put into the draft, submitted, approved by the principal and by the county."""
    reporter, principal, office = person(f"r{code}"), person(f"p{code}"), person("county")
    sheet = (folder / f"{code}.xlsx").read_bytes()
    answer = reporter.post(f"/returns/{return_id}/upload/", {}, files={"file": (f"{code}.xlsx", sheet)})
    assert answer.status_code == 302, answer.text[-3000:]
    upload = int(answer.headers["location"].rstrip("/").rpartition("/")[2])
    done.uploads.append(upload)
    page = reporter.get(f"/returns/uploads/{upload}/").text
    if 'name="seen"' in page:
        seen = reporter.hidden(page, "seen")
        assert reporter.post(f"/returns/uploads/{upload}/apply/", {"seen": seen}).status_code == 302
        done.applied.append(upload)
    key = reporter.hidden(reporter.get(f"/returns/{return_id}/submit/").text, "key")
    answer = reporter.post(f"/returns/{return_id}/submit/", {"key": key})
    assert answer.status_code == 302, answer.text[-3000:]
    done.submitted.append(code)
    for reviewer in (principal, office):
        page = reviewer.get(f"/returns/{return_id}/review/").text
        if 'name="version"' in page:  # otherwise the approval was taken and only its answer was lost
            version = reviewer.hidden(page, "version")
            reviewer.post(f"/returns/{return_id}/approve/", {"version": version})
    done.approved.append(code)


def judge(office: Person, year: int, done: Acknowledged) -> None:
    """A trial run on what stands now."""
    office.get("/runs/start/")
    answer = office.post("/runs/start/", {"year": str(year), "standard": "cn-2017-quality-balance", "source": "trial"})
    assert answer.status_code == 302, answer.text[-3000:]
    done.runs.append(int(answer.headers["location"].rstrip("/").rpartition("/")[2]))


def live_through_a_day(platform: Platform, world: dict[str, Any], done: Acknowledged, stop: threading.Event) -> None:
    """All schools, one after the other, with a run after each."""
    people: dict[str, Person] = {}

    def person(login: str) -> Person:
        if login not in people:
            people[login] = Person(platform.address, login, world["passwords"][login], stop)
            people[login].sign_in()
        return people[login]

    try:
        for code, return_id in world["returns"].items():
            report(person, platform.folder, code, return_id, done)
            judge(person("county"), world["year"], done)
    finally:
        for each in people.values():
            each.client.close()


@pytest.mark.slow(seconds=80)
def test_kill_when_it_comes_at_any_moment_then_nothing_acknowledged_is_lost(platform: Platform) -> None:
    world = platform.plant()
    chance, stop, done = random.Random(SEED), threading.Event(), Acknowledged()
    platform.start()
    with ThreadPoolExecutor(1) as pool:
        day = pool.submit(live_through_a_day, platform, world, done, stop)
        try:
            kills = kill_while(day, platform, chance)
            day.result(timeout=300)
        finally:
            stop.set()

    assert kills >= KILLS // 2
    check(wait_for_jobs(platform), world, done)


def kill_while(day: Future[None], platform: Platform, chance: random.Random) -> int:
    """Kills the web server or the worker alone at random moments while the day goes on; gives how often."""
    kills = 0
    while kills < KILLS and not day.done():
        time.sleep(chance.uniform(0.2, 3.0))
        if chance.random() < WORKER_ALONE:
            kills += platform.kill_worker()
            continue
        platform.kill()
        kills += 1
        told = platform.tell()
        assert told["breaks"] == []
        assert all(told["uploads"].values())
        platform.start()
    return kills


def wait_for_jobs(platform: Platform) -> dict[str, Any]:
    """What stands once no job waits any more."""
    until = time.monotonic() + 120
    while True:
        told = platform.tell()
        if not {"queued", "running"} & set(told["jobs"].values()) or time.monotonic() > until:
            return told
        time.sleep(0.5)


def check(told: dict[str, Any], world: dict[str, Any], done: Acknowledged) -> None:
    """Everything that was acknowledged stands, once and whole."""
    codes = list(world["returns"])
    assert told["breaks"] == []
    assert set(map(str, done.uploads)) <= set(told["uploads"])
    assert all(told["uploads"].values())
    assert set(done.applied) <= set(told["applied"])
    assert done.submitted == done.approved == codes
    assert [told["returns"][code] for code in codes] == ["approved"] * len(codes)
    assert told["submitted"] == told["final"] == sorted(codes)  # each was submitted once, and approved once
    assert set(told["jobs"].values()) == {"done"}
    finished = [told["runs"][str(run)] for run in done.runs]
    assert all(is_finished and digest and schools for is_finished, digest, schools in finished)
