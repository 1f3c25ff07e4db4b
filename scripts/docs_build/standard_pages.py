"""docs/standards/ID.md: each standard as a page: what it judges, with which numbers and clauses, and its worked cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from junheng.readers.dictionary import load_dictionary
from junheng.readers.standard_cases import load_cases
from junheng.readers.standards import list_standards, load_standard
from junheng.reports.standard_pages import index_page, standard_page

PACKS = "src/junheng/standards"


def packs(root: Path) -> list[Path]:
    """The folders of all standard packs, sorted by id."""
    return sorted(path.parent for path in (root / PACKS).glob("*/standard.yaml"))


def entries(pack: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    """The entries of one section with their ids, whether the section is a list or a mapping by id."""
    content = pack.get(section) or []
    if isinstance(content, Mapping):
        return [{"id": key, **(value or {})} for key, value in content.items()]
    return [dict(entry) for entry in content]


def case_rows(cases: Any) -> list[dict[str, Any]]:
    """The worked cases of a `cases.yaml`, one row for each subject of a case."""
    listed = cases.get("cases", []) if isinstance(cases, Mapping) else []
    rows = []
    for case in listed:
        rest = {key: value for key, value in case.items() if key not in {"subject", "subjects"}}
        rows += [{"subject": subject, **rest} for subject in subjects(case)]
    return rows


def subjects(case: Mapping[str, Any]) -> list[str]:
    """What a worked case is about: its one `subject` or its several `subjects`."""
    return [str(each) for each in case.get("subjects") or [case.get("subject")]]


def build(root: Path) -> dict[str, str]:
    """One page per pack, and an index when there is any."""
    folder = root / PACKS
    standards = [load_standard(name, folder) for name in list_standards(folder)]
    pages = {
        f"docs/standards/{entry.id}.md": standard_page(entry, load_cases(entry.id, folder), load_dictionary())
        for entry in standards
    }
    return pages | ({"docs/standards/README.md": index_page(standards)} if standards else {})
