"""One entry of a scenario's dictionary, and the bounds and choices that many entries share."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

MOST = Fraction(10**9)
ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)
FIRST_YEAR, LAST_YEAR = Fraction(1990), Fraction(2100)


class Kind(StrEnum):
    """What an entry holds. Money is in the entry's unit (元 or 万元), shares are in %, flags are true or false."""

    TEXT = "text"
    INT = "int"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    CHOICE = "choice"
    FLAG = "flag"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class ScenarioField:
    """One entry. `default` is in human units (None: there is none); money never has one.

    `is_required`: a scenario needs it. `least`, `most`: bounds in human units, both included. `choices`: value →
    label. `columns`: the entries of a table's row. `row`, `column`: measure and kind of an entry that every measure has.
    """

    path: str
    label: str
    kind: Kind
    unit: str = ""
    help: str = ""
    group: str = ""
    is_required: bool = False
    default: Any = None
    least: Fraction | None = None
    most: Fraction | None = None
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple["ScenarioField", ...] = ()
    row: str = ""
    column: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


STAGE_CHOICES = (("primary", "小学"), ("junior", "初中"))
