"""The platform as its users meet it: an installation in a folder, with its commands, its server and its worker."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.web.faults.platform import ROOT, Platform

COMMAND_SECONDS = 240.0


@dataclass
class Installation(Platform):
    """`junheng serve` on an empty folder; with a second factor when `asks_second_factor`."""

    asks_second_factor: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this installation."""
        return {**super().environment, "JUNHENG_SECOND_FACTOR": "1" if self.asks_second_factor else "0"}

    def manage(self, *arguments: str) -> str:
        """What a command of `junheng manage` prints."""
        return self._run("junheng", "manage", *arguments)

    def plant(self) -> dict[str, Any]:
        """The small county of `tests.web.journeys.seed`: sign-ins and where the pages are."""
        answer: dict[str, Any] = json.loads(self._run("tests.web.journeys.seed").splitlines()[-1])
        return answer

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


def copy_of_planted(
    tmp_path_factory: pytest.TempPathFactory, name: str, plant: Callable[[Installation], dict[str, Any]]
) -> tuple[Installation, dict[str, Any]]:
    """Planting takes long: the first worker that asks does it, the others take a copy. Not started; and what `plant` said."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    planted, told = shared / f"planted-{name}", shared / f"planted-{name}.json"
    with (shared / f"planted-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            planted.mkdir()
            told.write_text(json.dumps(plant(Installation(planted))), encoding="utf-8")
    folder = tmp_path_factory.mktemp(name) / "platform"
    shutil.copytree(planted, folder)
    answer: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return Installation(folder), answer
