"""Workers: what becomes of a job, whatever becomes of its worker."""

import logging
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from junheng.web.access.actor import PLATFORM
from junheng.web.jobs import actions, states
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.registry import job as register
from junheng.web.jobs.worker import Worker, _Heart, run_pending
from tests.web.installation import Installation, installation

WORKER = "from tests.web.jobs import bodies\nfrom junheng.web.jobs.worker import Worker\nWorker().run()"


def order(place, kind: str = "tests.count", **arguments) -> Job:
    return actions.enqueue(by=PLATFORM, kind=kind, arguments=arguments or {"upto": 3}, organisation_id=place.id)


def test_run_pending_when_jobs_wait_then_runs_all_of_them_oldest_first(world) -> None:
    first, second = order(world["county"]), order(world["neighbour"])

    assert run_pending() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.result["counted"], first.attempts) == (State.DONE, 3, 1)
    assert first.finished_at is not None
    assert second.started_at is not None
    assert first.finished_at <= second.started_at


def test_run_pending_when_the_data_is_refused_then_the_job_says_why(world) -> None:
    made = order(world["county"], "tests.refuse")

    run_pending()

    made.refresh_from_db()
    assert (made.state, made.error) == (State.FAILED, "县级数据没有填完,请先填报。")


def test_run_pending_when_the_program_is_at_fault_then_the_detail_stands_only_in_the_log(world, caplog) -> None:
    made = order(world["county"], "tests.break")

    with caplog.at_level(logging.ERROR):
        run_pending()

    made.refresh_from_db()
    assert made.state == State.FAILED
    assert "secret" not in made.problem
    assert f"任务号 {made.pk}" in made.problem
    assert "secret detail" in caplog.text


def test_run_pending_when_the_database_is_away_then_tries_three_times(world) -> None:
    calls: list[int] = []

    @register("tests.away")
    def away(job, report):
        calls.append(job.attempts)
        raise OperationalError

    made = order(world["county"], "tests.away")
    run_pending()

    made.refresh_from_db()
    assert (calls, made.state) == ([1, 2, 3], State.FAILED)


def test_run_pending_when_the_job_is_cancelled_while_it_runs_then_stops_and_keeps_nothing(world) -> None:
    steps: list[int] = []

    @register("tests.cancelled")
    def body(job, report):
        for step in range(5):
            steps.append(step)
            if step == 1:
                actions.cancel(by=PLATFORM, job=job)
            report(f"第 {step} 步", step, 5)
        return {"page": "/nowhere/"}

    made = order(world["county"], "tests.cancelled")
    run_pending()

    made.refresh_from_db()
    assert (steps, made.state, made.result) == ([0, 1], State.CANCELLED, {})


def claimed() -> Job:
    """The oldest job that waits, taken."""
    job = states.claim()
    assert job is not None
    return job


def test_beat_when_another_worker_has_the_job_then_changes_nothing(world) -> None:
    order(world["county"])
    mine = claimed()
    Job.objects.update(state=State.QUEUED)
    theirs = claimed()

    assert theirs.attempts == 2
    assert not states.beat(mine, done=9)
    assert not states.finish(mine, {"late": True})
    assert not states.fail(mine, "迟到")
    assert not states.try_again(mine)
    assert states.finish(theirs, {})


def test_reap_when_a_worker_is_silent_too_long_then_the_job_waits_again_and_fails_after_the_third(world) -> None:
    made = order(world["county"])
    for attempt in (1, 2, 3):
        assert claimed().attempts == attempt
        assert states.reap() == 0  # 0 s since the heartbeat
        Job.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=121))  # 121 > 120
        assert states.reap() == 1

    made.refresh_from_db()
    assert (made.state, states.claim()) == (State.FAILED, None)
    assert "多次中断" in made.error


def test_percent_when_the_number_of_steps_is_unknown_then_is_none() -> None:
    assert Job(done=1).percent is None
    assert Job(done=1, total=3).percent == 33  # 100/3 = 33.3


def test_page_when_a_result_points_outside_then_is_empty() -> None:
    addresses = ["/runs/1/", "//elsewhere", "https://elsewhere", 7]

    assert [Job(result={"page": address}).page for address in addresses] == ["/runs/1/", "", "", ""]


# ------------------------------------------------------------------------------------------------- processes of their own

PLACE = """
import json
from junheng.web.access.actor import PLATFORM
from junheng.web.jobs import actions
from junheng.web.jobs.models import Job
from junheng.web.organisations.models import Organisation
from tests.web.jobs import bodies
nation, _ = Organisation.objects.get_or_create(path="00000001", defaults={"kind": "nation", "name": "国家"})
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Installation]:
    """One installation for all of them, in which a worker is given up after 5 seconds."""
    with installation(tmp_path_factory.mktemp("jobs"), JUNHENG_JOB_STALE="5") as made:
        yield made


@pytest.fixture
def worker(place) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a worker; those that still run are killed in the end."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str = WORKER, **more) -> subprocess.Popen[str]:
        started.append(place.start(code, stderr=subprocess.DEVNULL, **more))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def order_outside(place: Installation, count: int, **arguments) -> None:
    place.run(
        PLACE
        + f"for _ in range({count}): actions.enqueue(by=PLATFORM, kind='tests.mark', arguments={arguments!r},"
        + " organisation_id=nation.id)"
    )


def jobs_of(place: Installation) -> list[dict]:
    return place.run(PLACE + "print(json.dumps(list(Job.objects.order_by('id').values('id', 'state', 'attempts'))))")


def wait_until(condition, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not within the time"
        time.sleep(0.05)


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.slow(seconds=5)
def test_workers_when_two_take_at_once_then_every_job_runs_once(place, worker, tmp_path) -> None:
    order_outside(place, 20, file=str(tmp_path / "marks"))
    worker()
    worker()

    wait_until(lambda: len(lines(tmp_path / "marks")) >= 20)

    wait_until(lambda: {job["state"] for job in jobs_of(place)} == {"done"})
    assert len(lines(tmp_path / "marks")) == len(set(lines(tmp_path / "marks"))) == 20


@pytest.mark.slow(seconds=5)
def test_workers_when_one_is_killed_in_the_middle_then_another_finishes_its_job(place, worker, tmp_path) -> None:
    order_outside(place, 1, file=str(tmp_path / "marks"), steps=10, pause=0.1)
    job = jobs_of(place)[-1]["id"]
    first = worker()
    wait_until(lambda: lines(tmp_path / "marks") == [f"{job} 1"])
    first.kill()
    first.wait()

    worker()

    wait_until(lambda: jobs_of(place)[-1]["state"] == "done")
    assert jobs_of(place)[-1] == {"id": job, "state": "done", "attempts": 2}
    assert lines(tmp_path / "marks") == [f"{job} 1", f"{job} 2"]


def test_worker_when_asked_to_stop_then_puts_the_job_back_uncounted(place, worker, tmp_path) -> None:
    order_outside(place, 1, file=str(tmp_path / "marks"), steps=600, pause=0.1)
    job = jobs_of(place)[-1]["id"]
    process = worker("from tests.web.jobs import bodies\nfrom junheng.web.jobs.process import run\nrun()")
    wait_until(lambda: lines(tmp_path / "marks") == [f"{job} 1"])

    process.terminate()
    process.wait(timeout=20)

    assert (process.returncode, jobs_of(place)[-1]) == (0, {"id": job, "state": "queued", "attempts": 0})


@pytest.mark.slow(seconds=5)
def test_worker_when_its_parent_ends_then_it_ends_too(worker) -> None:
    process = worker("from junheng.web.jobs.process import run\nrun(ends_with_stdin=True)", stdin=subprocess.PIPE)

    process.communicate(timeout=20)  # closes stdin and waits

    assert process.returncode == 0


def test_worker_when_stopped_before_it_begins_then_takes_nothing(world) -> None:
    made = order(world["county"])
    worker = Worker()
    worker.stop()

    worker.run()

    made.refresh_from_db()
    assert made.state == State.QUEUED


# ------------------------------------------------------------------------------------------- the loop, in this process


def loops(worker: Worker, monkeypatch: pytest.MonkeyPatch, *takes: bool | Exception) -> list[float]:
    """Lets the worker take what is said, one after the other, and then stop; the pauses that it made."""
    waiting = iter(takes)
    pauses: list[float] = []

    def take() -> bool:
        taken = next(waiting, None)
        if taken is None:
            worker.stop()
            return True
        if isinstance(taken, Exception):
            raise taken
        return taken

    monkeypatch.setattr(worker, "_take_one", take)
    monkeypatch.setattr(worker._stop, "wait", pauses.append)
    monkeypatch.setattr("junheng.web.jobs.worker.close_old_connections", lambda: None)
    monkeypatch.setattr("junheng.web.jobs.worker.connection.close", lambda: None)
    worker.run()
    return pauses


def test_run_when_there_is_nothing_or_no_database_then_waits_a_moment_and_goes_on(world, monkeypatch, caplog) -> None:
    pauses = loops(Worker(), monkeypatch, True, False, OperationalError("gone"), True)

    assert len(pauses) == 2
    assert "the database does not answer: gone" in caplog.text


def test_take_one_when_jobs_wait_or_were_lost_then_takes_them_back_and_runs_one(world, monkeypatch, caplog) -> None:
    worker, made = Worker(), order(world["county"])
    lost = states.claim()
    assert lost is not None
    Job.objects.filter(pk=lost.pk).update(heartbeat_at=timezone.now() - timedelta(days=1))
    monkeypatch.setattr("junheng.web.jobs.worker._Heart", _NoHeart)

    assert [worker._take_one(), worker._take_one()] == [True, False]

    made.refresh_from_db()
    assert (made.state, made.attempts) == (State.DONE, 2)
    assert "1 job(s) of lost workers taken back" in caplog.text


class _NoHeart:
    """A second thread would not see what this test has not committed."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __enter__(self) -> None:
        """Nothing beats."""

    def __exit__(self, *_: object) -> None:
        """Nothing to stop."""


def test_heart_when_the_database_is_away_for_a_beat_then_the_next_one_counts(world, monkeypatch, caplog) -> None:
    made = order(world["county"])
    answers = iter([OperationalError("away"), None])
    beats: list[int] = []

    def beat(job: Job) -> bool:
        answer = next(answers)
        if answer is not None:
            raise answer
        beats.append(job.pk)
        return True

    monkeypatch.setattr(states, "beat", beat)
    monkeypatch.setattr("junheng.web.jobs.worker.connection.close", lambda: None)
    heart = _Heart(made)
    monkeypatch.setattr(heart._is_over, "wait", lambda _seconds: len(beats) > 0)

    heart._run()

    assert beats == [made.pk]
    assert f"job {made.pk}: no heartbeat: away" in caplog.text
