"""The promises of tests/conftest.py and of the pytest settings."""

import importlib.util
import socket
import warnings
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_socket import SocketConnectBlockedError

from scripts import browser, java
from tests import conftest

ROOT = Path(__file__).resolve().parents[2]


def test_socket_when_it_leaves_the_loopback_then_it_is_refused() -> None:
    with socket.socket() as outside, pytest.raises((SocketConnectBlockedError, UserWarning), match="192"):
        outside.connect(("192.0.2.1", 80))  # an address reserved for documentation


def test_socket_when_it_stays_on_the_loopback_then_it_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_warning_when_it_is_issued_then_it_is_an_error() -> None:
    with pytest.raises(UserWarning, match="anything"):
        warnings.warn("anything", stacklevel=1)


def test_hypothesis_when_tests_run_then_examples_are_the_same_each_time() -> None:
    profile = settings.get_profile("ci")

    assert profile.derandomize
    assert profile.deadline is None


def test_seconds_when_a_slow_test_names_them_then_they_order_it(request: pytest.FixtureRequest) -> None:
    plain = conftest.seconds(request.node)
    request.node.add_marker(pytest.mark.slow(seconds=70))

    assert (plain, conftest.seconds(request.node)) == (0.0, 70.0)


def test_patience_when_a_test_is_slow_then_ten_times_its_seconds_and_ten_minutes_at_least(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conftest, "obstacles", dict)
    item = request.node
    found = []
    for marker in (None, pytest.mark.slow(seconds=5), pytest.mark.slow(seconds=70)):
        item.own_markers = [marker.mark] if marker else []
        conftest.pytest_collection_modifyitems(request.config, [item])
        found.append([mark.args[0] for mark in item.iter_markers("timeout")])

    assert found == [[], [600], [700]]


def test_spark_when_it_cannot_run_then_a_loud_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "java_major", lambda: None)
    monkeypatch.setattr(browser, "find", lambda: "/usr/bin/chromium")

    notes = conftest.loud_notes()

    assert len(notes) == 1
    assert "Spark 引擎未测试" in notes[0]
    assert "未找到 Java 17" in notes[0]


def test_browser_when_there_is_none_then_a_loud_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find", lambda: "")

    assert any("网页未在浏览器里测试" in note and "没有找到 Chromium" in note for note in conftest.loud_notes())


@pytest.mark.parametrize(
    ("major", "has_pyspark", "obstacle"),
    [
        (None, True, "未找到 Java"),
        (11, True, "未找到 Java"),
        (17, False, "未安装 pyspark"),
        (17, True, ""),
        (21, True, ""),
    ],
)
def test_spark_when_java_or_pyspark_is_missing_then_the_obstacle_is_named(
    monkeypatch: pytest.MonkeyPatch, major: int | None, has_pyspark: bool, obstacle: str
) -> None:
    monkeypatch.setattr(java, "java_major", lambda: major)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object() if has_pyspark else None)

    found = java.spark_obstacle()

    assert found.startswith(obstacle)
    assert bool(found) is bool(obstacle)
