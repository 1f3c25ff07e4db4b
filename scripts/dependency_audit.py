"""Known vulnerabilities of the locked packages. `python -m scripts.dependency_audit [--offline-ok]`.

Ends with 0 when nothing is known, 1 for a known vulnerability, 2 when the audit itself is broken, and 3 when nobody could be
asked: no network, or a service that knows none of the packages, which the tool alone would call clean. With `--offline-ok`
the last one ends with 0 as well, and says loudly that nothing was audited.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements/dev.txt"
AUDIT = (
    sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "-r", LOCK,
    "--format", "json", "--progress-spinner", "off", "--timeout", "15",
)  # fmt: skip
MOST_SECONDS = 300.0
CLEAN, VULNERABLE, BROKEN, UNREACHABLE = range(4)
NO_ANSWER = re.compile(
    r"(Connection|Timeout|Proxy|SSL|HTTP|Service)Error|[Cc]ould not connect|timed out|ConnectTimeout"
)
LINE = "!" * 88


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an audit found: an exit code, and the lines that say it."""

    code: int
    lines: tuple[str, ...]


def judge(report: dict[str, Any]) -> Outcome:
    """What the report of the tool means. A package that nobody knows was not audited."""
    packages = report["dependencies"]
    known = [entry for entry in packages if "vulns" in entry]
    if not known:
        return _unreachable(f"没有一个包查得到 / none of the {len(packages)} packages is known to the service")
    found = tuple(_line(entry, vulnerability) for entry in known for vulnerability in entry["vulns"])
    unknown = [entry["name"] for entry in packages if "vulns" not in entry]
    if unknown:
        found += (f"未审计 / not audited: {', '.join(unknown)}",)
    said = f"已审计 {len(known)} 个包 / {len(known)} packages audited"
    if any(entry["vulns"] for entry in known):
        return Outcome(VULNERABLE, (*found, f"✗ {said}:有已知漏洞 / with known vulnerabilities"))
    return Outcome(CLEAN, (*found, f"✓ {said}:没有已知漏洞 / no known vulnerability"))


def _line(entry: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    fixed = ", ".join(vulnerability.get("fix_versions", ())) or "—"
    return f"✗ {entry['name']} {entry['version']}: {vulnerability['id']}(修复版本 / fixed in: {fixed})"


def _unreachable(why: str) -> Outcome:
    told = f"依赖漏洞未审计 / dependencies were NOT audited: {why}"
    return Outcome(
        UNREACHABLE, (LINE, f"注意 / NOTE  {told}", "联网后请运行 make audit / run make audit with a network", LINE)
    )


def audit(command: Sequence[str] = AUDIT, seconds: float = MOST_SECONDS) -> Outcome:
    """Runs the tool and says what its answer means, whatever it is."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return _unreachable(f"{seconds:g} 秒内没有回答 / no answer within {seconds:g} s")
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        told = done.stderr.strip().splitlines()[-3:]
        if NO_ANSWER.search(done.stderr):
            return _unreachable(f"漏洞库连不上 / the advisory service cannot be reached: {' '.join(told)[-300:]}")
        return Outcome(BROKEN, (*told, f"✗ 审计没有运行 / the audit did not run (exit code {done.returncode})"))
    return judge(report)


def main(arguments: Sequence[str]) -> int:
    """Audits, prints, and gives the exit code."""
    outcome = audit()
    print("\n".join(outcome.lines), flush=True)
    return CLEAN if outcome.code == UNREACHABLE and "--offline-ok" in arguments else outcome.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
