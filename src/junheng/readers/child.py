"""The parent's side of the reading process: start it, ask once, take its answer within limits, and never hang."""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal

from junheng.core.errors import JunhengError
from junheng.readers.sheets import Limits
from junheng.readers.wire import LENGTH_BYTES, decode, encode, framed

_SCRIPT = "import sys; sys.path += sys.argv[1:]; from junheng.readers.workbook_process import run; run()"
_SOURCES = Path(__file__).parents[2]
_SIGXCPU = -24
_UNASKED_BYTES = 2_048  # with the request, the 4096 bytes that every pipe takes without a reader
_RUNNING_AHEAD = 1_048_576


def _command() -> list[str]:
    """An isolated Python that finds what this one finds, without the time that looking for it at the start would take."""
    places = [str(Path(place).absolute()) for place in (str(_SOURCES), *sys.path) if place]
    return [sys.executable, "-I", "-S", "-X", "utf8", "-c", _SCRIPT, *places]


def _widen(pipe: IO[bytes]) -> None:
    """Let the process run ahead of its reader by the sheets of a county, where the system can (Linux)."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _RUNNING_AHEAD)


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - a fixed command of our own, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


class _Spare:
    """One reading process kept ahead: it boots after a file was read, and the next file finds it ready.

    It has read nothing and serves one file like any other. It ends with this process, however that ends: its standard input
    closes. A process made by forking has no share in it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def take(self, command: list[str]) -> "subprocess.Popen[bytes]":
        """The spare one if it runs this very command and is alive, else a new one."""
        with self._lock:
            spare, self._process = self._process, None
            is_ours = spare is not None and self._owner == os.getpid()
        if spare is None or not is_ours:
            return _start(command)
        if spare.args == command and spare.poll() is None:
            return spare
        _end(spare)
        return _start(command)

    def prepare(self, command: list[str]) -> None:
        """Start one if there is none. Where the system allows no more, the next file must: what was read is not lost."""
        with self._lock, suppress(OSError):
            if self._process is None or self._owner != os.getpid():
                self._process, self._owner = _start(command), os.getpid()

    def discard(self) -> None:
        """End the one that nobody came for."""
        with self._lock:
            spare, self._process = self._process, None
        if spare is not None and self._owner == os.getpid():
            _end(spare)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):  # what is left of a request need not arrive
        process.stdin.close()
    process.stdout.close()
    process.wait()


_SPARE = _Spare()
atexit.register(_SPARE.discard)


class ReadingFailedError(JunhengError):
    """The process gave no complete answer. `reason` is the finding code that says why."""

    def __init__(
        self, reason: Literal["reader-process-crashed", "reader-process-timeout", "reader-answer-too-large"]
    ) -> None:
        super().__init__(reason)
        self.reason = reason


class ReadingProcess:
    """One child process for one file. Make it early: where no spare one is ready, it boots while the caller inspects the file.

    Use as a context manager; leaving the block ends the process whatever happened. `command` is replaced in tests by
    processes that crash, hang or lie.
    """

    def __init__(self, limits: Limits, command: list[str] | None = None) -> None:
        self._limits = limits
        self._timed_out = False
        self._unasked_bytes = 0
        self._held: list[str] = []
        self._command = command or _command()
        self._process = _SPARE.take(self._command)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        _widen(self._stdout)
        self._timer = threading.Timer(limits.seconds, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> "ReadingProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _end(self._process)
        _SPARE.prepare(self._command)

    def _stop(self) -> None:
        self._timed_out = True
        self._process.kill()

    def allow(self, path: Path, sheet: str) -> None:
        """Let the process read one sheet of a workbook at once, while the caller still inspects the others.

        Never blocks: names beyond what a pipe surely takes wait until the process asks for them.
        """
        if not self._unasked_bytes:
            self._request(path, "workbook", follow=True)
        message = framed(encode({"sheets": [sheet]}))
        self._unasked_bytes += len(message)
        if self._held or self._unasked_bytes > _UNASKED_BYTES:
            self._held.append(sheet)
        else:
            self._send(message)

    def answer(self, path: Path, kind: Literal["workbook", "parquet"]) -> Iterator[dict[str, Any]]:
        """The messages about all sheets, or about those allowed if any was, the last message left out.

        See `junheng.readers.workbook_process` for their shape. Raises ReadingFailedError when the process dies, lies, takes
        too long or sends too much.
        """
        self._timer.start()
        if self._unasked_bytes:
            self._send(framed(encode({"held": True} if self._held else {})))
        else:
            self._request(path, kind, follow=False)
        return self._messages()

    def _request(self, path: Path, kind: Literal["workbook", "parquet"], *, follow: bool) -> None:
        limits = self._limits
        request = {
            "path": str(path.absolute()),
            "kind": kind,
            "follow": follow,
            "max_rows": limits.max_rows,
            "max_cells": limits.max_cells,
            "memory_bytes": limits.memory_bytes,
            "seconds": float(limits.seconds),
        }
        self._send(framed(encode(request)))

    def _send(self, data: bytes) -> None:
        with suppress(
            OSError
        ):  # a process that is gone will not answer either, and that is said when its answer is read
            self._stdin.write(data)
            self._stdin.flush()

    def _messages(self) -> Iterator[dict[str, Any]]:
        left = self._limits.max_answer_bytes
        while True:
            length = int.from_bytes(self._received(LENGTH_BYTES), "big")
            left -= LENGTH_BYTES + length
            if left < 0:
                raise ReadingFailedError("reader-answer-too-large")
            message = self._decoded(self._received(length))
            if message.get("done"):
                return
            if "more" in message:
                self._send(framed(encode({"sheets": self._held})) + framed(b""))
            else:
                yield message

    def _received(self, count: int) -> bytes:
        data = self._stdout.read(count)
        if len(data) < count:
            raise self._failure()
        return data

    def _decoded(self, data: bytes) -> dict[str, Any]:
        try:
            return decode(data)
        except ValueError as error:
            raise self._failure() from error

    def _failure(self) -> ReadingFailedError:
        try:
            self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._timed_out or self._process.returncode == _SIGXCPU:
            return ReadingFailedError("reader-process-timeout")
        return ReadingFailedError("reader-process-crashed")
