"""docs/fields.md: the field dictionary as a page."""

from pathlib import Path

from junheng.readers.dictionary import load_dictionary
from junheng.reports.field_pages import PAGE, fields_page


def build(_root: Path) -> dict[str, str]:
    """The one page of the dictionary."""
    return {str(PAGE): fields_page(load_dictionary())}
