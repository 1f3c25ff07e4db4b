import gc
import io
import random
import subprocess
import sys
import time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from junheng.readers import child, workbook_process
from junheng.readers.grids import Limits, read_grids
from junheng.readers.wire import LENGTH_BYTES, decode, encode, framed
from tests.readers import hostile_files as hostile

HELLO = {"sheet": "学校", "row": 1, "column": 1, "hidden": False, "merges": []}


def process_that(script):
    """The command of a reading process that runs `script` after it has taken the request."""
    start = "import sys, os, time; sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(8), 'big'))"
    return [sys.executable, "-c", f"{start}\n{script}"]


def says(*messages, wait=0):
    """A script that sends messages, or bytes in a frame, or text without one, and then perhaps hangs."""
    parts = [framed(encode(one)) if isinstance(one, dict) else one for one in messages]
    data = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return f"sys.stdout.buffer.write({data!r}); sys.stdout.flush(); time.sleep({wait})"


def read_with(monkeypatch, tmp_path, script, limits=None):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]]))
    monkeypatch.setattr(child, "_command", lambda: process_that(script))
    return read_grids(path, limits=limits or Limits())


@pytest.mark.parametrize(
    "script",
    [
        "os.abort()",
        "sys.exit(1)",
        "pass",
        says("x"),
        says(HELLO),
        says(framed(b"not a message")),
        says(framed(b"x"), wait=60),
        says(framed(framed(b"a"))),
        says(framed(framed(b"a") + framed(b"strange kind") + framed(b"1"))),
        says(framed(encode({"rows": [[1.0]]})[:-1])),
        says({"rows": [[1.0]]}),
        says({"end": "x"}),
        says({}),
        says({"sheet": "x", "row": 1}),
        says({**HELLO, "row": "x"}, {"rows": [[1.0]]}, {"end": "x"}, {"done": True}),
        says(HELLO, {"rows_found": 5}),
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
            list(process.answer(tmp_path / "a.xlsx", "workbook"))

    assert caught.value.reason == "reader-process-crashed"


@pytest.mark.parametrize("script", ["time.sleep(60)", says("x", wait=60), says(HELLO, wait=60)])
def test_read_grids_when_process_hangs_then_timeout_soon(monkeypatch, tmp_path, script):
    start = time.monotonic()

    result = read_with(monkeypatch, tmp_path, script, Limits(seconds=0.5))

    assert [finding.code for finding in result.findings] == ["reader-process-timeout"]
    assert time.monotonic() - start < 10


def test_read_grids_when_process_uses_up_its_processor_time_then_timeout(monkeypatch, tmp_path):
    result = read_with(monkeypatch, tmp_path, "os.kill(os.getpid(), 24)")  # SIGXCPU

    assert [finding.code for finding in result.findings] == ["reader-process-timeout"]


def test_read_grids_when_answer_is_endless_then_too_large(monkeypatch, tmp_path):
    script = f"{says(HELLO)}\nwhile True: {says({'rows': [['a' * 1_000]]})}"

    result = read_with(monkeypatch, tmp_path, script, Limits(max_answer_bytes=5_000))

    assert [finding.code for finding in result.findings] == ["reader-answer-too-large"]


def test_read_grids_when_one_shared_text_fills_every_cell_then_too_large_and_not_all_memory(tmp_path):
    # 30 000 characters x 3 bytes x 200 cells = 18 MB from a file of a few kilobytes
    text = "<sst><si><t>" + "字" * 30_000 + "</t></si></sst>"
    cells = "".join(hostile.row(i, ("A", "<v>0</v>", ' t="s"')) for i in range(1, 201))
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.one_sheet(cells, extra={"xl/sharedStrings.xml": text}))

    result = read_grids(path, limits=Limits(max_answer_bytes=1_000_000))

    assert [finding.code for finding in result.findings] == ["reader-answer-too-large"]


def test_read_grids_when_memory_is_short_then_crashed_and_parent_lives(tmp_path):
    # one mebibyte of address space is less than the process has already: what it set aside before may
    # be enough for a small file, so the texts of this one are 16 MB and do not compress well
    digits = random.Random(1)
    texts = "<sst>" + "".join(f"<si><t>{digits.getrandbits(128):032x}</t></si>" for _ in range(300_000)) + "</sst>"
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.one_sheet(hostile.row(1, hostile.number("A", 1)), extra={"xl/sharedStrings.xml": texts}))

    result = read_grids(path, limits=Limits(memory_bytes=1_024 * 1_024))

    assert [finding.code for finding in result.findings] == ["reader-process-crashed"]


def test_process_when_started_then_it_imports_nothing_heavy():
    script = (
        "import sys, junheng.readers.workbook_process as p\n"
        "heavy = {'polars', 'narwhals', 'yaml', 'defusedxml', 'typer', 'rich', 'json', 're', 'csv', 'datetime', 'typing'}\n"
        "print(sorted(heavy & set(sys.modules)), sorted(m for m in sys.modules if m.startswith('junheng')))"
    )

    command = child._command()
    command[command.index("-c") + 1] = "import sys; sys.path += sys.argv[1:]\n" + script

    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    modules = ["junheng", "junheng.readers", "junheng.readers.wire", "junheng.readers.workbook_process"]
    assert output.strip() == f"[] {modules}"


def test_process_when_request_is_empty_then_it_answers_nothing():
    target = io.BytesIO()

    workbook_process.main(io.BytesIO(), target)
    workbook_process.main(io.BytesIO(framed(b"")), target)

    assert target.getvalue() == b""


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


def test_process_when_more_sheets_are_allowed_than_a_pipe_takes_then_all_are_read(tmp_path):
    names = [f"表{number}" + "字" * 25 for number in range(200)]  # 200 names of about 80 bytes
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.package(dict.fromkeys(names, hostile.worksheet())))

    result = read_grids(path)

    assert [grid.sheet for grid in result.grids] == names
    assert result.findings == []


def messages_of(path, sheets=None, **wishes):
    """What the process would answer about a file, taken in this process."""
    request = {"path": str(path), "kind": "workbook", "max_rows": 10, "max_cells": 20}
    request |= {"memory_bytes": 2**31, "seconds": 20.0, **wishes}
    answer = []
    workbook_process.answer(decode(encode(request)), sheets, lambda message: answer.append(decode(encode(message))))
    return answer


def test_process_when_names_follow_then_each_as_it_comes_and_those_held_back_on_demand():
    said: list[dict[str, Any]] = [{"sheets": ["甲"]}, {"held": True}, {"sheets": ["乙", "丙"]}, {}]
    answer: list[Any] = []

    names = workbook_process.cleared_sheets(io.BytesIO(b"".join(framed(encode(one)) for one in said)), answer.append)

    assert (next(names), answer) == ("甲", [])
    assert (list(names), answer) == (["乙", "丙"], [{"more": True}])


def test_process_when_asked_then_sheet_rows_end_and_done(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]]))

    assert messages_of(path) == [
        {"sheet": "学校", "row": 1, "column": 1, "hidden": 0, "merges": []},
        {"rows": [["甲", 1.0]]},
        {"end": "学校"},
        {"done": 1},
    ]


def test_process_when_sheets_are_named_then_only_those(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]]))

    assert messages_of(path, sheets=["别的"]) == [{"done": 1}]
    assert [next(iter(message)) for message in messages_of(path, sheets=["学校"])] == ["sheet", "rows", "end", "done"]


def test_process_when_sheet_is_over_a_limit_then_its_size_and_no_rows(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]] * 11))

    assert messages_of(path)[0] == {"too_big": "学校", "rows_found": 11, "columns_found": 2}


def test_process_when_file_is_no_workbook_then_broken(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK")

    assert messages_of(path)[0]["file_error"] == "broken"


def test_process_when_a_sheet_cannot_be_read_then_said_and_the_others_follow(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.package({"坏": "<worksheet><sheetData><row", "好": hostile.worksheet()}))

    assert [next(iter(message)) for message in messages_of(path)] == ["sheet_error", "sheet", "end", "done"]


def test_process_when_name_does_not_fit_the_content_then_read_by_content(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(hostile.table([["甲", 1]]))

    assert messages_of(path)[1] == {"rows": [["甲", 1.0]]}


def test_process_when_workbook_has_a_password_then_said(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(hostile.password_protected_old_workbook())

    assert messages_of(path)[0]["file_error"] == "password"


def test_process_when_file_is_parquet_then_names_and_records(tmp_path):
    frame = pl.DataFrame({"人数": [1, None], "资产": [Decimal("12.30"), None]})
    frame.write_parquet(tmp_path / "schools.parquet")

    assert messages_of(tmp_path / "schools.parquet", kind="parquet")[:3] == [
        {"sheet": "schools", "row": 1, "column": 1, "hidden": 0, "merges": []},
        {"rows": [["人数", "资产"]]},
        {"rows": [[1, "12.30"], [None, None]]},
    ]


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        (pl.DataFrame({"x": [[1]]}), {"sheet_error": "a", "message": "unsupported column type: x"}),
        (pl.DataFrame({"x": range(10)}), {"too_big": "a", "rows_found": 11, "columns_found": 1}),
    ],
)
def test_process_when_parquet_is_unfit_then_said(tmp_path, frame, answer):
    frame.write_parquet(tmp_path / "a.parquet")

    assert messages_of(tmp_path / "a.parquet", kind="parquet") == [answer, {"done": 1}]


def test_process_when_parquet_is_broken_then_said(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1" + b"\x00" * 40 + b"PAR1")

    assert messages_of(path, kind="parquet")[0]["sheet_error"] == "a"


def test_process_when_it_serves_then_limits_first_and_every_message_in_a_frame(tmp_path, monkeypatch):
    limits: list[tuple[int, float]] = []
    ends: list[int] = []
    monkeypatch.setattr(workbook_process, "limit_resources", lambda memory, seconds: limits.append((memory, seconds)))
    monkeypatch.setattr("os._exit", ends.append)
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.package({}))
    request = {"path": str(path), "kind": "workbook", "max_rows": 1, "max_cells": 1, "memory_bytes": 7, "seconds": 2.0}
    asked = framed(encode({**request, "follow": True})) + framed(encode({}))
    source, target = SimpleNamespace(buffer=io.BytesIO(asked)), SimpleNamespace(buffer=io.BytesIO())
    monkeypatch.setattr(sys, "stdin", source)
    monkeypatch.setattr(sys, "stdout", target)

    workbook_process.run()
    gc.enable()

    assert limits == [(7, 2.0)]
    assert ends == [0]
    assert target.buffer.getvalue() == framed(encode({"done": True}))


def test_process_when_run_by_hand_then_it_serves_one_request(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.table([["甲", 1]]))
    request = {"path": str(path), "kind": "workbook", "max_rows": 10, "max_cells": 10, "follow": False}
    sent = framed(encode({**request, "memory_bytes": 2**31, "seconds": 20.0}))

    output = subprocess.run(child._command(), input=sent, capture_output=True, check=True).stdout

    first = int.from_bytes(output[:LENGTH_BYTES], "big")
    assert decode(output[LENGTH_BYTES : LENGTH_BYTES + first])["sheet"] == "学校"
    assert output.endswith(framed(encode({"done": True})))
