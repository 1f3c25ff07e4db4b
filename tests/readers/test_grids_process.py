import io
import json
import subprocess
import sys
import time

import pytest

from junheng.readers import child, workbook_process
from junheng.readers.grids import Limits, read_grids
from tests.readers import hostile_files as hostile

HELLO = '{"sheet": "学校", "start": [1, 1], "hidden": false, "merges": []}'


def process_that(script):
    """The command of a reading process that runs `script` after it has taken the request."""
    return [sys.executable, "-c", f"import sys, os, time; sys.stdin.readline()\n{script}"]


def read_with(monkeypatch, tmp_path, script, limits=None):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]]))
    monkeypatch.setattr(child, "_COMMAND", process_that(script))
    return read_grids(path, limits=limits or Limits())


@pytest.mark.parametrize(
    "script",
    [
        "os.abort()",
        "sys.exit(1)",
        "pass",
        f"print({HELLO!r})",
        "print('not json')",
        "print('[1]')",
        "print('[' * 100_000)",
        "print('{\"rows\": [[1]]}')",
        "print('{}')",
        'print(\'{"d": "2024-99-99"}\')',
        'print(\'{"sheet": "x", "start": 1, "hidden": false, "merges": []}\')',
        f"print({HELLO!r}); print('{{\"rows\": 5}}')",
        "print('x', flush=True); time.sleep(60)",
    ],
)
def test_read_grids_when_process_dies_or_lies_then_crashed(monkeypatch, tmp_path, script):
    result = read_with(monkeypatch, tmp_path, script)

    assert [finding.code for finding in result.findings] == ["reader-process-crashed"]
    assert result.findings[0].location.file == "a.xlsx"


def test_read_grids_when_process_is_gone_before_it_is_asked_then_crashed(tmp_path):
    with child.ReadingProcess(Limits(), [sys.executable, "-c", "pass"]) as process:
        process._process.wait()
        with pytest.raises(child.ReadingFailedError) as caught:
            list(process.ask(tmp_path / "a.xlsx", "workbook", None))

    assert caught.value.reason == "reader-process-crashed"


@pytest.mark.parametrize("script", ["time.sleep(60)", "print('{\"sheet\"', end='', flush=True); time.sleep(60)"])
def test_read_grids_when_process_hangs_then_timeout_soon(monkeypatch, tmp_path, script):
    start = time.monotonic()

    result = read_with(monkeypatch, tmp_path, script, Limits(seconds=0.5))

    assert [finding.code for finding in result.findings] == ["reader-process-timeout"]
    assert time.monotonic() - start < 10


def test_read_grids_when_process_uses_up_its_processor_time_then_timeout(monkeypatch, tmp_path):
    result = read_with(monkeypatch, tmp_path, "os.kill(os.getpid(), 24)")  # SIGXCPU

    assert [finding.code for finding in result.findings] == ["reader-process-timeout"]


def test_read_grids_when_answer_is_endless_then_too_large(monkeypatch, tmp_path):
    script = "while True: print('{\"x\": \"' + 'a' * 1000 + '\"}')"

    result = read_with(monkeypatch, tmp_path, f"print({HELLO!r})\n{script}", Limits(max_answer_bytes=50))

    assert [finding.code for finding in result.findings] == ["reader-answer-too-large"]


def test_read_grids_when_one_shared_text_fills_every_cell_then_too_large_and_not_all_memory(tmp_path):
    # 30 000 characters x 2 000 cells = 60 MB from a file of a few kilobytes
    text = "<sst><si><t>" + "字" * 30_000 + "</t></si></sst>"
    cells = "".join(hostile.row(i, ("A", "<v>0</v>", ' t="s"')) for i in range(1, 2_001))
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.one_sheet(cells, extra={"xl/sharedStrings.xml": text}))

    result = read_grids(path, limits=Limits(max_answer_bytes=10_000_000))

    assert [finding.code for finding in result.findings] == ["reader-answer-too-large"]


def test_read_grids_when_memory_is_short_then_crashed_and_parent_lives(tmp_path):
    # one mebibyte of address space is less than the process has already: every allocation fails
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.one_sheet(hostile.row(1, hostile.number("A", 1))))

    result = read_grids(path, limits=Limits(memory_bytes=1_024 * 1_024))

    assert [finding.code for finding in result.findings] == ["reader-process-crashed"]


def test_process_when_started_then_it_imports_nothing_heavy():
    script = (
        "import sys, junheng.readers.workbook_process as p\n"
        "heavy = {'polars', 'narwhals', 'yaml', 'defusedxml', 'typer', 'rich', 'python_calamine', 'csv'}\n"
        "print(sorted(heavy & set(sys.modules)), sorted(m for m in sys.modules if m.startswith('junheng')))"
    )

    output = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True).stdout

    assert output.strip() == "[] ['junheng', 'junheng.readers', 'junheng.readers.workbook_process']"


def test_process_when_request_is_empty_then_it_answers_nothing():
    target = io.StringIO()

    workbook_process.main(iter(["\n"]), target)
    workbook_process.main(iter([]), target)

    assert target.getvalue() == ""


def test_process_when_system_has_no_limits_then_reading_goes_on(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)

    assert workbook_process.limit_resources(1, 1.0) is False


def test_process_when_hard_limit_is_lower_then_it_is_kept():
    script = (
        "import resource, junheng.readers.workbook_process as p\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (50, 50))\n"
        "print(p.limit_resources(10**9, 60.0), resource.getrlimit(resource.RLIMIT_CPU),"
        " resource.getrlimit(resource.RLIMIT_AS)[0])"
    )

    output = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True).stdout

    assert output.strip() == "True (50, 50) 1000000000"


def test_process_when_run_by_hand_then_lines_of_json_end_with_done(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]]))
    request = {"path": str(path), "kind": "workbook", "sheets": None, "max_rows": 10, "max_cells": 10}
    request |= {"memory_bytes": 2**31, "seconds": 20}

    output = subprocess.run(
        [sys.executable, "-m", "junheng.readers.workbook_process"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert [json.loads(line) for line in output.splitlines()] == [
        {"sheet": "学校", "start": [1, 1], "hidden": False, "merges": []},
        {"rows": [["甲", 1.0]]},
        {"done": True},
    ]
