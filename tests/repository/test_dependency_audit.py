"""The audit of the locked packages: clean is said only of what was audited."""

import json
import sys

import pytest

from scripts import dependency_audit
from scripts.dependency_audit import BROKEN, CLEAN, UNREACHABLE, VULNERABLE, Outcome, audit, judge, main

FINE = {"name": "a", "version": "1", "vulns": []}
UNKNOWN = {"name": "b", "skip_reason": "not found"}
WRONG = {"name": "c", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]}


def says(out: str = "", err: str = "", code: int = 0) -> list[str]:
    """A program that answers like the tool."""
    return [sys.executable, "-c", f"import sys; sys.stdout.write({out!r}); sys.stderr.write({err!r}); sys.exit({code})"]


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([FINE], CLEAN, "1 packages audited"),
        ([FINE, UNKNOWN], CLEAN, "not audited: b"),
        ([FINE, WRONG, UNKNOWN], VULNERABLE, "c 2: CVE-1(修复版本 / fixed in: 2.1)"),
        ([UNKNOWN], UNREACHABLE, "NOT audited: 没有一个包查得到"),
        ([], UNREACHABLE, "none of the 0 packages"),
    ],
)
def test_judge_when_the_tool_reports_then_only_audited_packages_are_clean(packages, code: int, said: str) -> None:
    outcome = judge({"dependencies": packages})

    assert outcome.code == code
    assert said in "\n".join(outcome.lines)


def test_audit_when_the_tool_answers_then_its_report_counts_and_not_its_exit_code() -> None:
    assert audit(says(json.dumps({"dependencies": [FINE]}), code=1)).code == CLEAN
    assert audit(says(json.dumps({"dependencies": [WRONG]}), code=1)).code == VULNERABLE


@pytest.mark.parametrize(
    "error",
    ["requests.exceptions.ConnectionError: Max retries", "ERROR: Could not connect to the feed", "read timed out"],
)
def test_audit_when_nobody_answers_then_it_is_said_loudly_in_two_languages(error: str) -> None:
    outcome = audit(says(err=error, code=1))

    assert outcome.code == UNREACHABLE
    assert outcome.lines[0] == outcome.lines[-1] == "!" * 88
    assert "依赖漏洞未审计 / dependencies were NOT audited" in outcome.lines[1]


def test_audit_when_it_takes_too_long_then_it_counts_as_unreachable() -> None:
    assert audit([sys.executable, "-c", "import time; time.sleep(30)"], seconds=0.2).code == UNREACHABLE


def test_audit_when_the_tool_itself_fails_then_it_is_broken_and_not_a_matter_of_the_network() -> None:
    outcome = audit(says(err="invalid requirements input", code=1))

    assert outcome.code == BROKEN
    assert "invalid requirements input" in outcome.lines


@pytest.mark.parametrize(
    ("code", "plain", "offline_ok"), [(CLEAN, 0, 0), (VULNERABLE, 1, 1), (BROKEN, 2, 2), (UNREACHABLE, 3, 0)]
)
def test_main_when_offline_is_allowed_then_only_lack_of_network_is_forgiven(
    monkeypatch, capsys, code: int, plain: int, offline_ok: int
) -> None:
    monkeypatch.setattr(dependency_audit, "audit", lambda: Outcome(code, ("said",)))

    assert (main([]), main(["--offline-ok"])) == (plain, offline_ok)
    assert capsys.readouterr().out == "said\nsaid\n"
