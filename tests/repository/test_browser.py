"""How the browser of the tests is found."""

from pathlib import Path

import pytest

from scripts import browser


def program(path: Path, code: int = 0) -> str:
    path.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_browser_when_the_environment_names_one_then_it_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_CHROMIUM", program(tmp_path / "mine"))

    assert browser.find() == str(tmp_path / "mine")


def test_browser_when_the_first_does_not_start_then_the_next_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_CHROMIUM", program(tmp_path / "broken", 127))
    monkeypatch.setattr(browser, "NAMES", ("works",))
    program(tmp_path / "works")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser.find() == str(tmp_path / "works")


def test_browser_when_there_is_none_then_the_obstacle_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_CHROMIUM", str(tmp_path / "nothing"))
    monkeypatch.setattr(browser, "NAMES", ())
    monkeypatch.setattr(browser, "FOLDER", tmp_path)

    assert browser.find() == ""
    assert "python -m scripts.browser" in browser.obstacle()


def test_browser_when_the_desktop_one_and_the_shell_are_there_then_the_shell_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUNHENG_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path / "chromium")
    assert browser.find() == str(tmp_path / "chromium")

    program(tmp_path / browser.SHELL)
    assert browser.find() == str(tmp_path / browser.SHELL)
    assert browser.main() == 0  # nothing to install
