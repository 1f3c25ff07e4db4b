"""Findings: everything Junheng has to say about data, in one form.

A finding never stops the program. Readers and checks collect all of them; the caller decides what to do.
Broken promises (a file that does not exist, a standard that does not load) are exceptions, see `junheng.core.errors`.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How grave a finding is: an error blocks, a warning needs a written reason, an info is for reading."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Location:
    """Where in the source a finding points to. Every part may be empty when it is not known.

    `row` is the row number as the user sees it (1-based); `column` is the column letter of a workbook
    (or the header of a text file); `field` is the id in the field dictionary; `subject` names the school or item.
    """

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    field: str = ""
    subject: str = ""

    @property
    def cell(self) -> str:
        """The cell in spreadsheet notation, e.g. `C7`; empty when row or column is unknown."""
        return f"{self.column}{self.row}" if self.column and self.row else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on the data.

    `code` is stable and in kebab-case (`reader-zip-bomb`, `check-sum-mismatch`); `message` says in Chinese what is
    wrong and where; `hint` says in Chinese what to do next. `reference` (`<code>:<table>:<key>`) stays the same from run to
    run, so that a written reason can be kept for a warning; it is empty where no reason can be given.
    """

    level: Level
    code: str
    message: str
    hint: str = ""
    location: Location = Location()
    reference: str = ""

    def as_dict(self) -> dict[str, Any]:
        """A plain dictionary for JSON, with the cell spelled out."""
        data = asdict(self)
        data["level"] = self.level.value
        data["location"]["cell"] = self.location.cell
        return data


def has_errors(findings: list[Finding]) -> bool:
    """True when at least one finding blocks."""
    return any(finding.level is Level.ERROR for finding in findings)
