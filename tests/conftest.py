"""What every test may rely on: sockets stay on the loopback, warnings are errors, generated data is the same each run."""

import gc
import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings

from scripts import browser
from scripts.java import spark_obstacle

# The platform's settings read the environment once, so it must stand before Django loads: every test process has a folder
# of its own, plain http, and SQLite unless `scripts.run_tests` names a PostgreSQL server.
os.environ["DJANGO_SETTINGS_MODULE"] = "junheng.web.config.settings"
os.environ["JUNHENG_DATA_DIR"] = tempfile.mkdtemp(prefix="junheng-tests-")
os.environ["JUNHENG_HTTPS"] = "0"
os.environ["JUNHENG_HOSTS"] = ""

# Spark cuts every shuffle into 200 parts unless it is told otherwise; the counties of a test fit into two. And what runs once
# is not worth Java's second compiler: 40 % less of the processor.
os.environ.setdefault(
    "PYSPARK_SUBMIT_ARGS",
    "--conf spark.sql.shuffle.partitions=2 --conf spark.ui.enabled=false"
    " --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell",
)
PATIENCE = 10
LEAST_PATIENCE = 600
"""A slow test may take ten times what its marker says, and ten minutes in any case: machines are slow, or busy with others."""

settings.register_profile(
    "ci",
    derandomize=True,  # the same examples on every machine and run
    deadline=None,  # two busy cores must not turn a slow example into a failure
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", parent=settings.get_profile("ci"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def obstacles() -> dict[str, tuple[str, str]]:
    """By marker: what is not tested on this machine, and why."""
    found = {
        "spark": ("Spark 引擎未测试 / the Spark engine was NOT tested", spark_obstacle()),
        "browser": ("网页未在浏览器里测试 / the pages were NOT tested in a browser", browser.obstacle()),
    }
    return {marker: (name, why) for marker, (name, why) in found.items() if why}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run; `pytest_terminal_summary` says loudly what that was."""
    markers = obstacles()
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in markers)]
    if left_out:
        items[:] = [item for item in items if item not in set(left_out)]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=seconds, reverse=True)  # keeps the order of equals
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(max(LEAST_PATIENCE, PATIENCE * seconds(item))))


def pytest_collection_finish() -> None:
    """The tests live to the end: looking through all of them for garbage again and again took a twentieth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_runtest_setup() -> None:
    """In a mutation run every test builds its queries and reads its standards anew: what an earlier test left behind would hide
    which tests a rule has, and the rule as it was before it was changed."""
    if os.environ.get("MUTANT_UNDER_TEST"):
        from junheng.core import county_query
        from junheng.readers import standards

        county_query._idle.cache_clear()
        standards._load.cache_clear()


def pytest_unconfigure() -> None:
    """At the end everything may go, or the engines complain that something of theirs is left."""
    gc.unfreeze()


def seconds(item: pytest.Item) -> float:
    """About how long a slow test takes, as its marker says: the longest start first, so that no worker waits at the end."""
    return max((float(marker.kwargs.get("seconds", 0)) for marker in item.iter_markers("slow")), default=0.0)


def loud_notes() -> list[str]:
    """What was not tested on this machine, and why."""
    return [f"{name}: {why}" for name, why in obstacles().values()]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the loud notes where nobody can miss them."""
    for note in loud_notes():
        terminalreporter.section("注意 / NOTE", sep="!", yellow=True, bold=True)
        terminalreporter.write_line(note, yellow=True, bold=True)
