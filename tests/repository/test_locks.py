"""The locks: pinned, hashed, without an address, and in agreement with each other and with pyproject.toml."""

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts import locks

HASH = "    --hash=sha256:" + "0" * 64


def test_locks_when_this_repository_is_checked_then_they_fit() -> None:
    assert locks.check() == []


def test_lock_when_it_is_well_formed_then_its_pins_are_read() -> None:
    text = f"Py_YAML==6.0 ; python_version < '4' \\\n{HASH} \\\n{HASH}\n    # via a\n"

    pins, problems = locks.parse_lock(text, "a.txt")

    assert problems == []
    assert pins == [locks.Pin("py-yaml", "6.0", 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a==1\n", "a has no hash"),
        (f"a>=1 \\\n{HASH}\n", "neither a pin nor a hash"),
        (f"a==1 \\\n{HASH}\n-e .\n", "neither a pin nor a hash"),
        (f"--index-url somewhere\na==1 \\\n{HASH}\n", "names an index"),
        (f"a==1 \\\n{HASH}\n# from https://example.invalid/\n", "names an index"),
        (f"a==1 \\\n{HASH[:-1]}\n", "neither a pin nor a hash"),
    ],
)
def test_lock_when_a_line_is_wrong_then_it_is_named(text: str, expected: str) -> None:
    assert any(expected in problem for problem in locks.parse_lock(text, "a.txt")[1])


@pytest.mark.parametrize(("requirement", "count"), [("a>=1", 0), ("a>=1,<3", 0), ("a>=3", 1), ("b", 1), ("A", 0)])
def test_requirement_when_a_lock_lacks_or_refuses_it_then_it_is_named(requirement: str, count: int) -> None:
    pins = [locks.Pin("a", "2", 1)]

    assert len(locks.unsatisfied([Requirement(requirement)], pins, "a.txt", "a.in")) == count


def test_locks_when_two_disagree_then_it_is_named() -> None:
    wide = [locks.Pin("a", "1", 1)]

    assert locks.disagreements([locks.Pin("a", "2", 1)], wide, "spark.txt", is_contained=False) == [
        "spark.txt locks a 2, dev.txt 1"
    ]
    assert locks.disagreements([locks.Pin("b", "2", 1)], wide, "spark.txt", is_contained=False) == []
    assert locks.disagreements([locks.Pin("b", "2", 1)], wide, "runtime.txt", is_contained=True) == [
        "dev.txt lacks b of runtime.txt"
    ]


def test_locks_when_a_package_differs_between_versions_of_python_then_all_its_pins_are_compared() -> None:
    both = [locks.Pin("a", "1", 1), locks.Pin("a", "2", 1)]

    assert locks.disagreements(both, both[::-1], "spark.txt", is_contained=False) == []
    assert locks.disagreements(both[:1], both, "spark.txt", is_contained=False) == ["spark.txt locks a 1, dev.txt 1, 2"]
    assert locks.unsatisfied(locks.requested("a<2\n"), both, "dev.txt", "dev.in") == [
        "dev.txt locks a 2, but dev.in asks for <2"
    ]


def test_requested_when_a_file_has_comments_and_includes_then_only_requirements_are_read(tmp_path: Path) -> None:
    text = "# why\n-r runtime.in\n-c dev.txt\npytest>=9  # runs the tests\n\n"

    assert [str(each) for each in locks.requested(text)] == ["pytest>=9"]
