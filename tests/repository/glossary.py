"""Reads GLOSSARY.md and says what is wrong with it."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("术语", "标识符", "含义", "出处", "勿混", "状态")
USED, RESERVED = "已用", "预留"
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Term:
    """One row of the glossary."""

    term: str
    identifier: str
    meaning: str
    source: str
    status: str


def read(text: str) -> list[Term]:
    """The rows of every table that has the glossary's columns."""
    terms = []
    is_inside = False
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if cells == COLUMNS:
            is_inside = True
        elif not line.startswith("|"):
            is_inside = False
        elif is_inside and not set(line) <= set("|-: "):
            padded = (*cells, *[""] * len(COLUMNS))[: len(COLUMNS)]
            terms.append(Term(padded[0], padded[1].strip("`"), padded[2], padded[3], padded[5]))
    return terms


def source_text(root: Path) -> str:
    """Everything that may hold an identifier: code and data of the package, file and folder names included."""
    files = [path for path in (root / "src").rglob("*") if path.suffix in {".py", ".yaml", ".typ"}]
    names = [path.relative_to(root).as_posix() for path in files]
    return "\n".join([*names, *(path.read_text(encoding="utf-8") for path in files)])


def occurs(identifier: str, source: str) -> bool:
    """True when the identifier is a whole name or a part of one between underscores, in any spelling of case."""
    camel = "".join(part.capitalize() for part in identifier.split("_"))
    pattern = rf"(?<![A-Za-z0-9]){identifier}(s|es)?(?![A-Za-z0-9])|{camel}"
    return re.search(pattern, source) is not None


def problems(text: str, source: str) -> list[str]:
    """Terms or identifiers that appear twice, cells that are empty or malformed, identifiers that do not occur."""
    terms = read(text)
    found = [f"{term} appears twice" for term, n in Counter(each.term for each in terms).items() if n > 1]
    found += [f"{name} names two terms" for name, n in Counter(each.identifier for each in terms).items() if n > 1]
    for each in terms:
        if not (each.term and each.meaning and each.source):
            found.append(f"{each.term} lacks a cell")
        if not IDENTIFIER.fullmatch(each.identifier):
            found.append(f"{each.term}: {each.identifier} is not an identifier")
        if each.status not in {USED, RESERVED}:
            found.append(f"{each.term}: status {each.status} is neither {USED} nor {RESERVED}")
        if each.status == USED and not occurs(each.identifier, source):
            found.append(f"{each.term}: {each.identifier} does not occur in src")
    return found
