"""A real Chromium and real installations of the platform; nothing of them lives in the test process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts import browser as chromium
from tests.web.journeys.installation import Installation, copy_of_planted

ONLY_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="module")
def engine() -> Iterator[Browser]:
    """Ends with the module: while it runs, Django takes this thread for an asynchronous one."""
    with sync_playwright() as playwright:
        arguments = [*chromium.ARGUMENTS, ONLY_LOOPBACK]
        started = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)
        yield started
        started.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """An installation without anything in it, as it is on the first day; not started."""
    made = Installation(tmp_path, asks_second_factor=True)
    yield made
    made.kill()


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, dict[str, Any]]]:
    """A running installation with a small county of every state, and what `seed` says about it; no test changes its state."""
    made, told = copy_of_planted(tmp_path_factory, "county", Installation.plant)
    made.start()
    yield made, told
    made.kill()
