"""What must be true of every standard pack, read from its YAML: cases, people, and a review date that has not passed."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from scripts.docs_build.standard_pages import entries, packs

JUDGED = ("indicators", "items", "vetoes", "exceptions")
PEOPLE = ("author", "checker")
PACK_ID = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def load(path: Path) -> Any:
    """The content of a YAML file, None when there is no such file."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None


def words(content: Any) -> Iterator[str]:
    """Every string in a YAML document, keys included."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield str(key)
            yield from words(value)
    elif isinstance(content, list):
        for value in content:
            yield from words(value)
    elif isinstance(content, str):
        yield content


def judged_ids(pack: dict[str, Any]) -> list[str]:
    """The ids of everything that a pack itself judges (an extending pack lists only what differs)."""
    return [str(entry["id"]) for section in JUDGED for entry in entries(pack, section) if "id" in entry]


def problems(root: Path, today: date) -> list[str]:
    """What is missing or overdue in the packs of a tree."""
    found = []
    for folder in packs(root):
        pack = load(folder / "standard.yaml")
        cases = set(words(load(folder / "cases.yaml")))
        found += [f"{folder.name}: {name} has no worked case" for name in judged_ids(pack) if name not in cases]
        found += [f"{folder.name}: {key} is missing" for key in PEOPLE if not pack.get(key)]
        found += _review(folder.name, pack.get("review_by"), today)
        if not PACK_ID.fullmatch(folder.name) or pack.get("id", folder.name) != folder.name:
            found.append(f"{folder.name}: the folder and the id must be the same, in kebab-case")
        if pack.get("author") == pack.get("checker"):
            found.append(f"{folder.name}: nobody checks their own pack")
    return found


def _review(name: str, review_by: Any, today: date) -> list[str]:
    day = date.fromisoformat(review_by) if isinstance(review_by, str) else review_by
    if not isinstance(day, date):
        return [f"{name}: review_by is missing"]
    return [f"{name}: the review was due on {day}"] if day < today else []
