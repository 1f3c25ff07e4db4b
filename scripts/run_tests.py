"""Runs the tests. `python -m scripts.run_tests unit` for the quick part, `all` for everything with coverage gates."""

import subprocess
import sys
from pathlib import Path

from scripts import check, coverage_gate

ROOT = Path(__file__).resolve().parent.parent
WORKERS = "2"
COVERAGE_JSON = "build/coverage.json"


def _pytest(*arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "worksteal", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def run_unit() -> int:
    """Everything that is not slow and needs no browser, without measuring coverage."""
    return _pytest("-m", "not slow and not browser", "--durations=5")


def run_all() -> int:
    """The static gates, every test with branch coverage, the platform on PostgreSQL too, and each package's gate."""
    checks = check.main()
    report = ROOT / COVERAGE_JSON
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    status = _pytest("--durations=10", "--cov", f"--cov-report=json:{COVERAGE_JSON}", "--cov-report=term:skip-covered")
    gate = coverage_gate.main([str(report)]) if report.exists() else 1
    return status or run_on_postgresql() or gate or checks


def run_on_postgresql() -> int:
    """The platform's tests once more, on a real PostgreSQL that is started for them."""
    print("平台测试,PostgreSQL / the platform's tests on PostgreSQL", flush=True)
    tests = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        WORKERS,
        "--dist",
        "worksteal",
        "tests/web",
        "-m",
        "not browser",
    ]
    return subprocess.run([sys.executable, "-m", "scripts.postgres", "--", *tests], cwd=ROOT, check=False).returncode


def main(arguments: list[str]) -> int:
    """Run the part that is asked for."""
    parts = {"unit": run_unit, "all": run_all}
    if len(arguments) != 1 or arguments[0] not in parts:
        print("usage: python -m scripts.run_tests unit|all", file=sys.stderr)
        return 2
    return parts[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
