"""Chores: seen to by every worker, whatever happens to one of them."""

import logging

import pytest
from django.db import OperationalError

from junheng.web.jobs import chores
from junheng.web.jobs.worker import Worker


@pytest.fixture(autouse=True)
def none_known(monkeypatch) -> None:
    monkeypatch.setattr(chores, "_CHORES", {})


def test_do_all_when_one_fails_then_the_others_are_done_and_the_log_tells(caplog) -> None:
    done: list[str] = []

    @chores.chore
    def broken() -> None:
        raise ZeroDivisionError("no")

    @chores.chore
    def sound() -> None:
        done.append("sound")

    with caplog.at_level(logging.ERROR):
        chores.do_all()

    assert done == ["sound"]
    assert "broken" in caplog.text


def test_do_all_when_the_database_is_away_then_says_so() -> None:
    @chores.chore
    def away() -> None:
        raise OperationalError

    with pytest.raises(OperationalError):
        chores.do_all()


def test_worker_when_it_works_then_sees_to_the_chores_at_once_and_then_each_hour(db, monkeypatch) -> None:
    times = iter([0.0, 10.0, 3599.0, 3600.0, 3601.0])
    worker, done = Worker(), []

    @chores.chore
    def tick() -> None:
        done.append(now[0])

    now = [0.0]
    monkeypatch.setattr("junheng.web.jobs.worker.time.monotonic", lambda: now[0])
    for now[0] in times:
        worker._take_one()

    assert done == [0.0, 3600.0]
