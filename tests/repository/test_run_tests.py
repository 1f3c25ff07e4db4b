"""What `make test` runs in which part."""

from pathlib import Path

import pytest

from scripts import run_tests


def test_slow_files_when_a_marker_is_spoken_of_then_its_file_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        "test_a.py": "@pytest.mark.slow(seconds=5)\n",
        "deep/test_b.py": "pytestmark = [pytest.mark.browser]\n",
        "deep/test_c.py": "pytest.param(1, marks=pytest.mark.spark)\n",
        "test_quick.py": "def test_slow(): ...\n",
        "seed.py": "pytest.mark.slow\n",
    }
    for name, text in texts.items():
        path = tmp_path / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(run_tests, "ROOT", tmp_path)

    assert run_tests.slow_files() == ["tests/deep/test_b.py", "tests/deep/test_c.py", "tests/test_a.py"]


def test_any_database_when_left_out_on_postgresql_then_each_path_is_there() -> None:
    missing = [path for path in run_tests.ANY_DATABASE if not (run_tests.ROOT / "tests" / "web" / path).exists()]

    assert missing == []
