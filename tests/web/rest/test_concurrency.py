"""Thirty identical writes at once give one result, in an installation of its own on the database of the tests."""

from pathlib import Path

from tests.web.installation import installation
from tests.web.rest.at_once import MANY


def test_writes_when_many_come_at_once_with_one_key_then_one_is_done_and_all_get_its_answer(tmp_path: Path) -> None:
    with installation(tmp_path / "one", JUNHENG_SECOND_FACTOR="0") as made:
        told = made.run("import json; from tests.web.rest.at_once import play; print(json.dumps(play()))")

    assert told["submits"] == [[200, told["submits"][0][1]]] * MANY
    assert told["runs"] == [[201, told["runs"][0][1]]] * MANY
    assert (told["decisions"], told["rows"], told["run_count"], told["answers"]) == (1, 1, 1, 2)
