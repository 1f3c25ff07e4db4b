"""The commands: the Makefile, the environment's stamp, the search for a Python, and the static gates' runner."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import check, environment, java

ROOT = Path(__file__).resolve().parents[2]
OLD = '#!/bin/sh\nif [ "$1" = "--version" ]; then echo "Python 3.8.2"; exit 0; fi\nexit 1\n'
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\nexit 0\n'
PROMISED = {"setup", "demo", "test", "unit", "check", "fix", "bench", "docs", "lock", "clean", "help"}


def find_python(folder: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Run the search with nothing on the path but the given programs."""
    for name, text in programs.items():
        program = folder / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
    (folder / "cat").symlink_to(shutil.which("cat") or "")
    command = ["/bin/sh", str(ROOT / "scripts" / "find_python.sh")]
    return subprocess.run(command, env={"PATH": str(folder)}, capture_output=True, text=True, check=False)


def make_checkout(root: Path, lock: str = "a==1\n") -> Path:
    """A checkout with locks and an environment that only looks like one."""
    (root / "requirements").mkdir()
    for profile in environment.PROFILES:
        (root / "requirements" / f"{profile}.txt").write_text(lock, encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "a"\n[tool.ruff]\nline-length = 1\n', encoding="utf-8")
    environment.environment_python(root).parent.mkdir(parents=True)
    environment.environment_python(root).touch()
    return root


def stamp(root: Path, profile: str) -> None:
    environment._stamp(root, profile).write_text(environment.fingerprint(root, profile), encoding="utf-8")


def test_makefile_when_help_is_asked_then_every_promised_command_is_listed() -> None:
    result = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(re.findall(r"make ([a-z-]+)", result.stdout)) >= PROMISED


def test_ci_when_it_runs_then_it_calls_make_test_and_the_audit_and_can_be_executed() -> None:
    script = ROOT / ".ci" / "run"
    commands = [line for line in script.read_text(encoding="utf-8").splitlines() if line.startswith("make ")]

    assert commands == ["make test </dev/null || status=$?", "make audit OFFLINE_OK=1 </dev/null || audit=$?"]
    assert os.access(script, os.X_OK)


def test_pre_commit_when_it_runs_then_it_calls_the_same_commands() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")

    assert re.findall(r"entry: (.*)", text) == ["make check", "make unit"]


def test_find_python_when_only_an_old_one_is_there_then_both_languages_say_what_to_do(tmp_path: Path) -> None:
    result = find_python(tmp_path, python3=OLD)

    assert result.returncode == 1
    assert "需要 Python 3.11 或更高版本,现有:Python 3.8.2" in result.stderr
    assert "Python 3.11 or newer is needed, found: Python 3.8.2" in result.stderr


def test_find_python_when_none_is_there_then_it_says_none(tmp_path: Path) -> None:
    result = find_python(tmp_path)

    assert result.returncode == 1
    assert "现有:无" in result.stderr


def test_find_python_when_venv_is_missing_then_it_names_the_package(tmp_path: Path) -> None:
    result = find_python(tmp_path, python3=WITHOUT_VENV)

    assert result.returncode == 1
    assert "缺少 venv 模块" in result.stderr
    assert "lacks the venv module" in result.stderr


def test_find_python_when_a_later_name_is_new_enough_then_it_is_taken(tmp_path: Path) -> None:
    result = find_python(tmp_path, python3=OLD, **{"python3.12": "#!/bin/sh\nexit 0\n"})

    assert result.returncode == 0
    assert result.stdout.strip() == str(tmp_path / "python3.12")


def test_environment_when_the_stamp_matches_then_it_is_current(tmp_path: Path) -> None:
    root = make_checkout(tmp_path)
    assert not environment.is_current(root, "runtime")

    stamp(root, "runtime")

    assert environment.is_current(root, "runtime")
    assert not environment.is_current(root, "dev")


def test_environment_when_the_wider_profile_is_installed_then_the_narrow_one_is_current(tmp_path: Path) -> None:
    root = make_checkout(tmp_path)

    stamp(root, "dev")

    assert environment.is_current(root, "runtime")


@pytest.mark.parametrize(
    ("file", "text", "is_current"),
    [
        ("requirements/dev.txt", "a==2\n", False),
        ("pyproject.toml", '[project]\nname = "b"\n', False),
        ("pyproject.toml", '[project]\nname = "a"\n[tool.ruff]\nline-length = 2\n', True),  # installs nothing else
        (".venv/bin/python", None, False),
    ],
)
def test_environment_when_an_input_changes_then_it_is_current_only_if_the_installation_is_the_same(
    tmp_path: Path, file: str, text: str | None, is_current: bool
) -> None:
    root = make_checkout(tmp_path)
    stamp(root, "dev")

    if text is None:
        environment.environment_python(root).unlink()
    else:
        (root / file).write_text(text, encoding="utf-8")

    assert environment.is_current(root, "dev") is is_current


def test_environment_when_the_profile_is_unknown_then_usage_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert environment.main(["everything"]) == 2
    assert "runtime|dev|spark" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_392"', 8),
        ("no java here", None),
    ],
)
def test_java_when_its_version_is_printed_then_the_major_number_is_read(text: str, major: int | None) -> None:
    assert java.parse_java_major(text) == major


def test_check_when_one_gate_fails_then_all_still_run_and_the_failed_one_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gates = (
        check.Gate("first", ("json.tool", "no-such-file.json"), "repair it"),
        check.Gate("second", ("json.tool", "--help"), "never"),
    )

    status = check.main(gates)

    printed = capsys.readouterr().out
    assert status == 1
    assert "未过 FAIL first" in printed
    assert "通过 ok   second" in printed
    assert "failed: first → repair it" in printed


def test_check_when_all_gates_are_kept_then_it_succeeds() -> None:
    assert check.main((check.Gate("only", ("json.tool", "--help"), "never"),)) == 0


def test_check_when_its_gates_are_listed_then_none_is_forgotten() -> None:
    assert {gate.name for gate in check.GATES} == {"lint", "format", "layers", "locks", "types", "docs"}
