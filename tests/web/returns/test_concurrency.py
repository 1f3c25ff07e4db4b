"""Many at once: one submission, one approval, no lost value. In an installation of its own, on the database of the tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.installation import installation


@pytest.fixture(scope="module")
def scenes(tmp_path_factory) -> Iterator[dict[str, Any]]:
    """What came of all scenes of `at_once`."""
    with installation(tmp_path_factory.mktemp("returns")) as made:
        yield made.run("import json; from tests.web.returns.at_once import play; print(json.dumps(play()))")


def test_submit_when_thirty_come_at_once_with_one_key_then_there_is_one_version(scenes: dict[str, Any]) -> None:
    scene = scenes["one_key"]

    assert set(scene["given"]) == {scene["version"]}
    assert (scene["decisions"], scene["versions"]) == (1, 1)


def test_submit_when_thirty_come_at_once_with_their_own_keys_then_one_wins_and_others_are_told(
    scenes: dict[str, Any],
) -> None:
    scene = scenes["keys"]

    assert scene["given"].count(scene["version"]) == 1
    assert sum("待校级审核" in str(each) for each in scene["given"]) == 29


def test_approve_when_two_decide_at_once_then_there_is_one_approval(scenes: dict[str, Any]) -> None:
    scene = scenes["approval"]

    assert sum("不由您这一级审核" in str(each) for each in scene["given"]) == 1
    assert (scene["decisions"], scene["state"]) == (1, "at_county")


def test_save_when_many_type_into_different_cells_at_once_then_every_value_is_kept(scenes: dict[str, Any]) -> None:
    scene = scenes["cells"]

    assert scene["given"] == [None] * 4
    assert (scene["values"], scene["moved"]) == ([7, 7, 7, 7], 4)
