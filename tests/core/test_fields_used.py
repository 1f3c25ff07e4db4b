"""No fact is collected for nothing: each field is used by a rule, a form, a check or the template."""

import re
from functools import cache
from pathlib import Path

import pytest

from junheng.readers.dictionary import load_dictionary

SOURCE = Path(__file__).resolve().parents[2] / "src" / "junheng"
DICTIONARY = load_dictionary()
FIELDS = sorted(DICTIONARY.ids)
NOT_A_USE = {"demo"}  # made-up data uses every field and proves nothing


@cache
def words() -> frozenset[str]:
    """Every word of the code and the standards, the dictionary's own list of fields left out."""
    files = [
        path for path in SOURCE.rglob("*") if path.suffix in {".py", ".yaml", ".typ"} and path.name != "fields.yaml"
    ]
    used = [path for path in files if not NOT_A_USE & set(path.relative_to(SOURCE).parts)]
    return frozenset(re.findall(r"\w+", " ".join(path.read_text(encoding="utf-8") for path in used)))


@cache
def checked(table: str) -> frozenset[str]:
    """Every field that a check of the table names as its own argument."""
    texts = [str(value) for check in DICTIONARY.tables[table].checks for value in check.arguments.values()]
    return frozenset(re.findall(r"\w+", " ".join(texts)))


@pytest.mark.parametrize("name", FIELDS)
def test_field_when_it_is_collected_then_something_uses_it(name):
    table, field = name.split(".")
    assert field in words() | checked(table)


def test_words_when_a_name_is_nowhere_then_it_is_not_found():
    assert "colour_of_the_school_gate" not in words() | checked("schools")
    assert "school_id" in words()
