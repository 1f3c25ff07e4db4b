"""The parent's side of the reading process: start it, ask once, take its answer within limits, and never hang."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from junheng.core.errors import JunhengError
from junheng.readers.sheets import Limits

_COMMAND = [sys.executable, "-P", "-X", "utf8", "-m", "junheng.readers.workbook_process"]
_SIGXCPU = -24


class ReadingFailedError(JunhengError):
    """The process gave no complete answer. `reason` is the finding code that says why."""

    def __init__(
        self, reason: Literal["reader-process-crashed", "reader-process-timeout", "reader-answer-too-large"]
    ) -> None:
        super().__init__(reason)
        self.reason = reason


class ReadingProcess:
    """One child process for one file. Start it early: it boots while the caller inspects the file.

    Use as a context manager; leaving the block ends the process whatever happened. `command` is replaced in tests by
    processes that crash, hang or lie.
    """

    def __init__(self, limits: Limits, command: list[str] | None = None) -> None:
        self._limits = limits
        self._timed_out = False
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command of our own, no shell
            command or _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._timer = threading.Timer(limits.seconds, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> "ReadingProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.communicate()

    def _stop(self) -> None:
        self._timed_out = True
        self._process.kill()

    def ask(
        self, path: Path, kind: Literal["workbook", "parquet"], sheets: list[str] | None
    ) -> Iterator[dict[str, Any]]:
        """The messages of the answer, the done line left out; see `junheng.readers.workbook_process` for their shape.

        Raises ReadingFailedError when the process dies, lies, takes too long or sends too much.
        """
        limits = self._limits
        request = {
            "path": str(path),
            "kind": kind,
            "sheets": sheets,
            "max_rows": limits.max_rows,
            "max_cells": limits.max_cells,
            "memory_bytes": limits.memory_bytes,
            "seconds": limits.seconds,
        }
        self._timer.start()
        self._send(request)
        return self._messages()

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._failure() from error

    def _messages(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        left = self._limits.max_answer_bytes
        done = False
        while line := self._process.stdout.readline(left + 1):
            left -= len(line)
            if left < 0:
                raise ReadingFailedError("reader-answer-too-large")
            message = self._decoded(line)
            done = bool(message.get("done"))
            if not done:
                yield message
        if not done:
            raise self._failure()

    def _decoded(self, line: bytes) -> dict[str, Any]:
        try:
            message = json.loads(line, object_hook=_decode)
        except (ValueError, RecursionError) as error:
            raise self._failure() from error
        if not isinstance(message, dict):
            raise self._failure()
        return message

    def _failure(self) -> ReadingFailedError:
        try:
            self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._timed_out or self._process.returncode == _SIGXCPU:
            return ReadingFailedError("reader-process-timeout")
        return ReadingFailedError("reader-process-crashed")


def _decode(data: dict[str, Any]) -> Any:
    if len(data) == 1:
        if "d" in data:
            return date.fromisoformat(data["d"])
        if "t" in data:
            return datetime.fromisoformat(data["t"])
    return data
