"""Runs the tests. `python -m scripts.run_tests unit` for the quick part, `all` for everything with coverage gates."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from scripts import check, coverage_gate

ROOT = Path(__file__).resolve().parent.parent
WORKERS = "2"
WAITING = "3"  # tests that wait for a browser, a server or a database: a third worker has their time
COVERAGE_JSON = "build/coverage.json"
SLOW = "slow or browser or spark"
MARKED = re.compile(r"\bmark\.(slow|browser|spark)\b")
UNIT = ("core", "planning", "readers", "standards", "surveys")  # the others drive files, commands or the platform
WITHOUT_WEB = ("-p", "no:django", "-p", "no:playwright")  # each worker would load them for nothing
SHARED_OUT = ("--dist", "worksteal")  # thousands of short tests: half to each worker, the quicker takes from the other
ANY_DATABASE = (  # what these show does not hang on the database, or others show it there: SQLite is enough
    "config/test_server.py",  # its processes use none
    "example/test_load_demo.py",
    "layout",
    "plans/test_background.py",
    "plans/test_curves.py",
    "plans/test_forecasts.py",
    "plans/test_plan_pages.py",
    "plans/test_scenario_pages.py",
    "test_access_matrix.py",
)
ONE_BY_ONE = ("--dist", "load", "--maxschedchunk", "1")  # few long tests: the next one to whom is free


def environment() -> dict[str, str]:
    """That of the tests. They start hundreds of processes, so byte code is kept even where the user wants none of it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _run(*arguments: str, within: tuple[str, ...] = ()) -> int:
    command = [*within, sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


def _pytest(
    *arguments: str,
    within: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
    dist: tuple[str, ...] = SHARED_OUT,
    workers: str = WORKERS,
) -> int:
    return _run(*under, "pytest", "-q", "-n", workers, *dist, *arguments, within=within)


def run_unit() -> int:
    """What is quick of the rules, the readers and the planner, without measuring coverage."""
    folders = [f"tests/{name}" for name in UNIT if (ROOT / "tests" / name).exists()]
    return _pytest(*folders, "-m", f"not ({SLOW})", "--durations=5", *WITHOUT_WEB)


def run_measured() -> int:
    """All tests that are not slow, with branch coverage, and each package's gate. The workers are processes that coverage.py
    measures from their first line (`patch` in pyproject.toml), so what is only imported counts whoever imports it first."""
    report = ROOT / COVERAGE_JSON
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    _run("coverage", "erase")
    status = _pytest("-m", f"not ({SLOW})", "--durations=10", under=("coverage", "run", "-m"))
    _run("coverage", "combine", "--quiet")
    _run("coverage", "json", "--quiet", "-o", COVERAGE_JSON)
    _run("coverage", "report")
    gate = coverage_gate.main([str(report)]) if report.exists() else 1  # told also when a test fails
    return status or gate


def run_slow() -> int:
    """The oracle, the engines, the faults, the journeys in a browser: a tracer would only hold them up."""
    return _pytest(*slow_files(), "-m", SLOW, "--durations=10", dist=ONE_BY_ONE, workers=WAITING)


def slow_files() -> list[str]:
    """The files that speak of such a marker: to look through all the others takes every worker twice as long."""
    found = (ROOT / "tests").rglob("test_*.py")
    return sorted(str(path.relative_to(ROOT)) for path in found if MARKED.search(path.read_text(encoding="utf-8")))


def run_on_postgresql() -> int:
    """The platform's tests once more, on a real PostgreSQL that is started for them: reports, approvals, the audit, accounts,
    jobs, kills, the API. The rights of every route, the look and the drawing of plans are left to SQLite."""
    start = (sys.executable, "-m", "scripts.postgres", "--")
    without = [f"--ignore=tests/web/{path}" for path in ANY_DATABASE]
    return _pytest("tests/web", *without, "-m", "not browser", "--durations=5", within=start, workers=WAITING)


PARTS = {
    "静态检查 / the static gates": check.main,
    "测试与覆盖率 / tests with coverage": run_measured,
    "慢测试与浏览器 / slow tests and the browser": run_slow,
    "平台测试,PostgreSQL / the platform's tests on PostgreSQL": run_on_postgresql,
}


def run_all() -> int:
    """Every part, whatever the others say, with the seconds of each; the first exit code that is not 0."""
    said, first = [], 0
    for name, run in PARTS.items():
        print(f"\n▶ {name}", flush=True)
        started = time.monotonic()
        status = run()
        said.append(f"  {'通过 ok  ' if status == 0 else '未过 FAIL'} {time.monotonic() - started:5.0f} s  {name}")
        first = first or status
    print("\n".join(["", "各部分 / parts", *said]), flush=True)
    return first


def main(arguments: list[str]) -> int:
    """Run the part that is asked for."""
    parts = {"unit": run_unit, "all": run_all}
    if len(arguments) != 1 or arguments[0] not in parts:
        print("usage: python -m scripts.run_tests unit|all", file=sys.stderr)
        return 2
    return parts[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
