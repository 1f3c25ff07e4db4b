"""docs/fields.md says what the dictionary says."""

from pathlib import Path

from junheng.core.fields import Field, FieldDictionary, FieldType, Table
from junheng.readers.dictionary import load_dictionary
from junheng.reports.field_pages import PAGE, fields_page

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = load_dictionary()


def test_page_when_the_dictionary_is_the_shipped_one_then_the_file_is_up_to_date():
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert text.endswith(fields_page(DICTIONARY).rstrip("\n") + "\n"), "python -m scripts.docs_build"


def test_page_when_it_is_made_then_every_field_and_every_check_has_one_line():
    lines = fields_page(DICTIONARY).splitlines()
    for table in DICTIONARY.tables.values():
        for entry in table.fields.values():
            assert any(f"| `{entry.id}` |" in line and line.startswith(f"| {entry.label} |") for line in lines)
        for check in table.checks:
            assert len([line for line in lines if line.startswith(f"| `{check.code}` |")]) == 1


def test_page_when_a_text_holds_a_bar_then_the_table_stays_whole():
    entry = Field(
        id="a", table="t", label="甲|乙", type=FieldType.CHOICE, choices={"x": "某"}, example="x", help="说明。"
    )
    page = fields_page(FieldDictionary(tables={"t": Table("t", "表", "t", ("a",), {"a": entry})}, version="1"))
    assert page.splitlines()[-1] == "| 甲\\|乙 | `a` | 选项 |  |  | 说明。选项：某。 | 某 |  |"
    assert "检查\n\n|" not in page
