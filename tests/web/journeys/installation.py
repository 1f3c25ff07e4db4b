"""The platform as its users meet it: an installation in a folder, with its commands, its server and its worker."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

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
