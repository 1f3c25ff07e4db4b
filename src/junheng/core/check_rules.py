"""What every kind of check gives back, and how it walks the rows of its table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from junheng.core.check_tables import CheckTables, Row, Rows
from junheng.core.errors import StandardError
from junheng.core.fields import Check, Field

DATA_YEAR = "data_year"
WHOLE_TABLE = -1

Breaks: TypeAlias = Callable[[Row], bool]
Tell: TypeAlias = Callable[[Row], Mapping[str, str]]
Excludes: TypeAlias = Callable[[int, int], bool]
FindCells: TypeAlias = Callable[[Row], Sequence[str]]


def no_words(_row: Row) -> Mapping[str, str]:
    """For checks whose message needs nothing but the columns of the row."""
    return {}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a check found: the positions of the rows that break it (`WHOLE_TABLE`: the table as such).

    `cell` is the field to point at; `find_cells` decides it per row instead, with one finding per cell. `tell` adds words
    for the message.
    """

    cell: str
    positions: Sequence[int]
    tell: Tell = no_words
    find_cells: FindCells | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A check at its table, with everything it may look at."""

    check: Check
    table: str
    tables: CheckTables

    @property
    def rows(self) -> Rows:
        """All rows of the table, whatever `when` says."""
        return self.tables.rows[self.table]

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields of the table as the dictionary has them."""
        return self.tables.dictionary.tables[self.table].fields

    def text(self, name: str) -> str:
        """An argument that must be there; StandardError names the check otherwise."""
        return str(self.need(name))

    def names(self, name: str) -> list[str]:
        """A list of texts that must be there."""
        return [str(each) for each in self.need(name)]

    def need(self, name: str) -> Any:
        """An argument of any type; StandardError names the check when it is not there."""
        try:
            return self.check.arguments[name]
        except KeyError:
            raise StandardError(f"字段字典：检查 {self.check.code} 缺少参数 {name}。") from None

    def number(self, name: str) -> Fraction | None:
        """An optional number in typed units; None when it is not given."""
        value = self.check.arguments.get(name)
        return None if value is None else _exact(str(value))

    def entry(self, column: str) -> Field:
        """The description of a column of this table."""
        return self.tables.entry(self.table, column)

    def rule(self, cell: str, breaks: Breaks, tell: Tell = no_words, find_cells: FindCells | None = None) -> Rule:
        """A rule for the rows that fit `when` and break the check; `cell` of the check goes before the given ones."""
        own = self.check.arguments.get("cell")
        positions = [position for position, row in self._candidates() if breaks(row)]
        return Rule(own or cell, positions, tell, None if own else find_cells)

    def _candidates(self) -> Iterable[tuple[int, Row]]:
        """The rows that fit `when` (values by column, None for missing) and `when_positive` (a column above 0)."""
        found: Iterable[tuple[int, Row]] = enumerate(self.rows)
        for name, wanted in self.check.arguments.get("when", {}).items():
            values = wanted if isinstance(wanted, list) else [wanted]
            found = [(position, row) for position, row in found if row[name] in values]
        positive = self.check.arguments.get("when_positive")
        return found if positive is None else [(place, row) for place, row in found if (row[positive] or 0) > 0]


@lru_cache(maxsize=1024)
def _exact(text: str) -> Fraction:
    """The number of an argument; the same few are asked for with every school that is checked."""
    return Fraction(text)


def given_sum(row: Row, columns: Sequence[str]) -> int | None:
    """The sum of what is given: a lower bound, because no count is negative. None when nothing is given."""
    given = [row[each] for each in columns if row[each] is not None]
    return sum(given) if given else None


def full_sum(row: Row, columns: Sequence[str]) -> int | None:
    """The sum, None as soon as one column is missing."""
    values = [row[each] for each in columns]
    return None if None in values else sum(values)


def outside_band(low: Fraction | None, high: Fraction | None, scale: Fraction = Fraction(1)) -> Excludes:
    """A function of (top, bottom): true when `scale · top ÷ bottom` lies below `low` or above `high` (None: no bound).

    `bottom` must be above 0. The comparison is exact: it is made by cross-multiplied integers.
    """
    low_top, low_bottom = (0, 0) if low is None else _cross(scale, low)
    high_top, high_bottom = (0, 0) if high is None else _cross(scale, high)
    return lambda top, bottom: top * low_top < bottom * low_bottom or top * high_top > bottom * high_bottom


def _cross(scale: Fraction, bound: Fraction) -> tuple[int, int]:
    """The factors of top and bottom that turn `scale · top ÷ bottom < bound` into a comparison of integers."""
    return scale.numerator * bound.denominator, bound.numerator * scale.denominator
