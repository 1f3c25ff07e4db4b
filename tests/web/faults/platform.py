"""The platform as processes: started, killed without warning, started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 90.0


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Platform:
    """One installation: `junheng serve` with its worker, in a process group of its own."""

    folder: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    teller: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where browsers find it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this installation."""
        own = {
            "JUNHENG_DATA_DIR": str(self.folder),
            "JUNHENG_DATABASE_URL": self.database_url,
            "JUNHENG_HTTPS": "0",
            "JUNHENG_SECOND_FACTOR": "0",
            "JUNHENG_JOB_STALE": "3",
            "DJANGO_SETTINGS_MODULE": "junheng.web.config.settings",
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        return {**others, **own}

    def plant(self) -> dict[str, Any]:
        """What `tests.web.faults.seed plant` prints."""
        done = subprocess.run(self._seed("plant"), cwd=ROOT, env=self.environment, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def tell(self) -> dict[str, Any]:
        """What `tests.web.faults.seed tell` prints now; one process, which looks anew each time, answers every question."""
        if self.teller is None:
            pipe = subprocess.PIPE
            self.teller = subprocess.Popen(
                self._seed("tell"), cwd=ROOT, env=self.environment, text=True, stdin=pipe, stdout=pipe
            )
        assert self.teller.stdin is not None
        assert self.teller.stdout is not None
        self.teller.stdin.write("now\n")
        self.teller.stdin.flush()
        answer: dict[str, Any] = json.loads(self.teller.stdout.readline())
        return answer

    def _seed(self, command: str) -> list[str]:
        return [sys.executable, "-m", "tests.web.faults.seed", command]

    def start(self) -> None:
        """Starts it and waits until it answers."""
        arguments = [sys.executable, "-m", "junheng", "serve", "--port", str(self.port), "--workers", "1"]
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                arguments, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process.poll() is None, (self.folder / "serve.log").read_text(errors="replace")[-3000:]
            try:
                if httpx.get(f"{self.address}/accounts/sign-in/", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """Ends every process of it at once, without a word."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def end(self) -> None:
        """Ends everything, the process that tells too."""
        self.kill()
        if self.teller is not None:
            self.teller.communicate(timeout=60)
            self.teller = None

    def kill_worker(self) -> bool:
        """Ends the background worker alone; False when there is none at the moment."""
        assert self.process is not None
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        for line in listed.stdout.splitlines():
            pid, _, arguments = line.strip().partition(" ")
            if " worker" in arguments:
                os.kill(int(pid), signal.SIGKILL)
                return True
        return False
