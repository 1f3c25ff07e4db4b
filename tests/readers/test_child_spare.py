import signal
import subprocess
import sys

import pytest

from junheng.readers import child
from junheng.readers.grids import Limits, read_grids
from tests.readers import hostile_files as hostile

WAITS = [sys.executable, "-c", "import sys; sys.stdin.read()"]


@pytest.fixture
def spare():
    made = child._Spare()
    yield made
    made.discard()


def ended(process):
    child._end(process)
    return process.returncode is not None


def test_spare_when_prepared_then_taken_once_and_alive(spare):
    spare.prepare(WAITS)
    ahead = spare._process

    first, second = spare.take(WAITS), spare.take(WAITS)

    assert first is ahead
    assert first.poll() is None
    assert second is not ahead
    assert ended(first)
    assert ended(second)


def test_spare_when_there_is_one_then_preparing_starts_no_other(spare):
    spare.prepare(WAITS)
    ahead = spare._process

    spare.prepare(WAITS)

    assert spare._process is ahead


def test_spare_when_it_has_died_then_a_new_one(spare):
    spare.prepare([sys.executable, "-c", "pass"])
    spare._process.wait()

    taken = spare.take([sys.executable, "-c", "pass"])

    assert taken.stdin is not None
    assert not taken.stdin.closed
    assert ended(taken)


def test_spare_when_another_command_is_wanted_then_it_ends(spare):
    spare.prepare(WAITS)
    ahead = spare._process

    taken = spare.take([*WAITS, "other"])

    assert taken.args == [*WAITS, "other"]
    assert ahead.returncode is not None
    assert ended(taken)


def test_spare_when_this_process_was_forked_then_the_parents_is_left_alone(spare):
    spare.prepare(WAITS)
    parents = spare._process
    spare._owner += 1

    spare.discard()
    spare._process = parents
    taken = spare.take(WAITS)
    spare._process = parents
    spare.prepare(WAITS)

    assert taken is not parents
    assert spare._process is not parents
    assert parents.poll() is None
    assert ended(parents)
    assert ended(taken)


def test_spare_when_the_system_starts_no_more_then_nothing_is_raised_and_there_is_none(spare, tmp_path):
    spare.prepare([str(tmp_path / "no such program")])

    assert spare._process is None


def test_spare_when_its_maker_is_killed_then_it_ends():
    script = (
        "import os, signal, junheng.readers.child as child\n"
        "child._SPARE.prepare(child._command())\n"
        "print(child._SPARE._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=20)
    pid = int(killed.stdout)

    waiting = subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], check=False, timeout=20)

    assert killed.returncode == -signal.SIGKILL
    assert waiting.returncode == 0  # tail ends when the process has


def test_read_grids_when_a_file_was_read_then_the_next_one_finds_a_process_ready(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]]))
    read_grids(path)
    ahead = child._SPARE._process

    with child.ReadingProcess(Limits()) as process:
        answer = list(process.answer(path, "workbook"))

    assert process._process is ahead
    assert [next(iter(message)) for message in answer] == ["sheet", "rows", "end"]
