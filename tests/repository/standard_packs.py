"""What must be true of every standard pack, read from its YAML: cases, people, and a review date that has not passed."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from scripts.docs_build.standard_pages import case_rows, entries, packs

JUDGED = ("indicators", "items", "vetoes", "exceptions")
PEOPLE = ("author", "checker")
PACK_ID = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def load(path: Path) -> Any:
    """The content of a YAML file, None when there is no such file."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None


def judged(pack: dict[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    """Everything a pack itself judges, with the kinds of worked case it needs (an extending pack lists what differs)."""
    for section in JUDGED:
        for entry in entries(pack, section):
            yield str(entry["id"]), _needed(section, entry)
            for sub_item in entry.get("sub_items") or []:
                if sub_item.get("formula"):
                    yield str(sub_item["id"]), frozenset()


def _needed(section: str, entry: dict[str, Any]) -> frozenset[str]:
    if section == "indicators":
        return frozenset({"below", "at", "above", "missing"})
    if section == "exceptions":
        return frozenset({"excepted"})
    return frozenset({"below", "missing"}) if entry.get("formula") and section == "items" else frozenset()


def kinds_by_subject(cases: Any) -> dict[str, set[str]]:
    """The kinds of worked case that each subject of a `cases.yaml` has."""
    kinds: dict[str, set[str]] = {}
    for row in case_rows(cases):
        kinds.setdefault(row["subject"], set()).add(str(row.get("kind")))
    return kinds


def case_problems(name: str, pack: dict[str, Any], cases: Any) -> list[str]:
    """What has no worked case, or lacks a kind of it."""
    kinds = kinds_by_subject(cases)
    found = []
    for subject, needed in judged(pack):
        if subject not in kinds:
            found.append(f"{name}: {subject} has no worked case")
        elif lacking := needed - kinds[subject]:
            found.append(f"{name}: {subject} has no worked case of the kind {', '.join(sorted(lacking))}")
    return found


def problems(root: Path, today: date) -> list[str]:
    """What is missing or overdue in the packs of a tree."""
    found = []
    for folder in packs(root):
        pack = load(folder / "standard.yaml")
        found += case_problems(folder.name, pack, load(folder / "cases.yaml"))
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
