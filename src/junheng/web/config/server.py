"""`junheng serve`: makes the installation ready, starts the background worker beside the web server, and serves."""

import ipaddress
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from junheng.core.errors import InputError

log = logging.getLogger(__name__)

_RESTART_SECONDS = 3.0
_STOP_SECONDS = 30
_KILL_SECONDS = 10  # a web process that was caught in the middle of starting or stopping
# Ctrl+C in a terminal reaches a whole group of processes; the worker is told to stop by us alone, and in its own time.
_OWN_GROUP = 0x200 if sys.platform == "win32" else 0  # CREATE_NEW_PROCESS_GROUP; elsewhere a session of its own


@dataclass(frozen=True, slots=True)
class Server:
    """What was asked for on the command line. `workers` 0: as many as fit the system."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 0
    with_worker: bool = True
    is_behind_proxy: bool = False
    certificate: Path | None = None
    key: Path | None = None

    @property
    def has_tls(self) -> bool:
        """True when the server speaks https itself."""
        return self.certificate is not None

    @property
    def is_on_loopback(self) -> bool:
        """True when only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def address(self) -> str:
        """Where a browser on this machine opens it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.has_tls else 'http'}://{host}:{self.port}"


def run_server(server: Server) -> None:
    """Serves until SIGTERM or Ctrl+C. InputError when passwords would travel unprotected."""
    for name, value in variables_of(server).items():
        os.environ[name] = value
    prepare()
    with _background_worker() if server.with_worker else nullcontext():
        sys.stdout.write(f"均衡平台:{server.address}  (Ctrl+C 停止)\n")
        _serve(server)


def variables_of(server: Server) -> dict[str, str]:
    """The environment that fits how the server is reached. InputError when passwords would travel unprotected."""
    if (server.certificate is None) != (server.key is None):
        raise InputError("--certificate 与 --key 要一起给。")
    for file in (server.certificate, server.key):
        if file is not None and not file.is_file():
            raise InputError(f"没有这个文件:{file}。")
    is_secure = server.has_tls or server.is_behind_proxy
    if not is_secure and not server.is_on_loopback:
        raise InputError(
            f"在 {server.host} 上监听会让口令以明文经过网络,没有启动。"
            "请在前面放一个提供 https 的反向代理并加 --behind-proxy,或给出 --certificate 与 --key;"
            "只在本机使用时去掉 --host。做法见 docs/deployment/server.md。"
        )
    given = {"JUNHENG_BEHIND_PROXY": "1" if server.is_behind_proxy else "0"}
    return given | ({"JUNHENG_HTTPS": "1"} if is_secure else {"JUNHENG_HTTPS": os.environ.get("JUNHENG_HTTPS", "0")})


def prepare() -> None:
    """Brings the database and the static files up to date."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()


def _serve(server: Server) -> None:
    from granian.constants import Interfaces
    from granian.server import Server as Granian

    Granian(
        "junheng.web.config.served:application",
        address=server.host.strip("[]"),
        port=server.port,
        interface=Interfaces.WSGI,
        workers=server.workers or (1 if sys.platform == "win32" else 2),
        blocking_threads=8,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_SECONDS,
        log_access=False,
        ssl_cert=server.certificate,
        ssl_key=server.key,
    ).serve()


@contextmanager
def _background_worker() -> Iterator[None]:
    """A worker process beside the server, started again when it dies, stopped with the server."""
    keeper = WorkerKeeper([sys.executable, "-m", "junheng", "worker", "--ends-with-stdin"])
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class WorkerKeeper:
    """Keeps one process running. The process ends by itself when our end of its stdin closes, also when we are killed."""

    def __init__(self, command: list[str], restart_seconds: float = _RESTART_SECONDS) -> None:
        self._command = command
        self._restart_seconds = restart_seconds
        self._is_over = threading.Event()
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="keeper of the worker", daemon=True)
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def start(self) -> None:
        """Starts the process and watches it."""
        if sys.platform != "win32":
            os.register_at_fork(after_in_child=self._forget)
        self._start_process()
        self._thread.start()

    def stop(self) -> None:
        """Asks the process to end and waits for it."""
        self._is_over.set()
        with self._starting:
            process = self._process
        if process is not None:
            _end(process)
        self._thread.join(_STOP_SECONDS)

    def _forget(self) -> None:
        """In a fork of ours: lets go of our end of the pipe, which would keep the process alive after us."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _run(self) -> None:
        while self._process is not None:
            code = self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            if self._is_over.wait(self._restart_seconds):
                return
            log.warning("the worker ended with code %s and is started again", code)
            self._start_process()

    def _start_process(self) -> None:
        with self._starting:
            if self._is_over.is_set():
                return
            self.starts += 1
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command, stdin=subprocess.PIPE, creationflags=_OWN_GROUP, start_new_session=True
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
