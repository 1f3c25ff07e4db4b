"""What every kind of check gives back, and the expressions that kinds are built from.

Contradictions (errors) are decided in integers. Plausibility (ratios, changes, units) is decided in floating point: a band is
a judgement of habit, its edges need no exactness, and products of money would leave 64 bits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import and_, or_
from typing import Any, TypeAlias

import narwhals as nw

from junheng.core.check_frames import CheckTables
from junheng.core.check_words import Row
from junheng.core.errors import StandardError
from junheng.core.fields import Check

DATA_YEAR = "data_year"

Tell: TypeAlias = Callable[[Row], Mapping[str, str]]


def no_words(_row: Row) -> Mapping[str, str]:
    """For checks whose message needs nothing but the columns of the row."""
    return {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for in a table.

    `hit` is true for the rows that break the check (missing counts as false); None says that the table as a whole breaks it.
    `cell` is the field to point at; `find_cell` decides it per row instead. `tell` adds words for the message.
    """

    cell: str
    hit: nw.Expr | None
    tell: Tell = no_words
    find_cell: Callable[[Row], str] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A check at its table, with everything it may look at."""

    check: Check
    table: str
    tables: CheckTables

    def text(self, name: str) -> str:
        """An argument that must be there; StandardError names the check otherwise."""
        return str(self.need(name))

    def names(self, name: str) -> list[str]:
        """A list of columns that must be there."""
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
        return None if value is None else Fraction(str(value))

    def scale(self, column: str) -> int:
        """Canonical units in one typed unit of a column."""
        return self.tables.entry(self.table, column).scale

    def typed(self, column: str, row: Row) -> Fraction:
        """The number of a row in its typed unit."""
        return self.tables.entry(self.table, column).typed(row[column])

    def rule(self, cell: str, hit: nw.Expr, tell: Tell = no_words) -> Rule:
        """A rule for the rows that `when` and `when_positive` leave; `cell` of the check goes before the given one."""
        return Rule(cell=str(self.check.arguments.get("cell", cell)), hit=self.restricted(hit), tell=tell)

    def restricted(self, hit: nw.Expr) -> nw.Expr:
        """The expression, true only where the row fits `when` (values by column) and `when_positive` (a column above 0)."""
        for column, wanted in self.check.arguments.get("when", {}).items():
            hit = hit & is_one_of(column, wanted if isinstance(wanted, list) else [wanted])
        positive = self.check.arguments.get("when_positive")
        return hit & (nw.col(positive) > 0) if positive else hit


def is_one_of(column: str, values: Sequence[Any]) -> nw.Expr:
    """True where the column has one of the values; None among them stands for missing."""
    given = [value for value in values if value is not None]
    found = nw.col(column).is_in(given).fill_null(False)
    return found | nw.col(column).is_null() if len(given) < len(values) else found


def all_of(expressions: Sequence[nw.Expr]) -> nw.Expr:
    """True where all are."""
    return reduce(and_, expressions)


def any_of(expressions: Sequence[nw.Expr]) -> nw.Expr:
    """True where one is."""
    return reduce(or_, expressions)


def given_sum(columns: Sequence[str]) -> nw.Expr:
    """The sum of what is given: a lower bound, because no count is negative. Missing when nothing is given."""
    return nw.when(any_of([~nw.col(each).is_null() for each in columns])).then(
        nw.sum_horizontal(*[nw.col(each) for each in columns])
    )


def full_sum(columns: Sequence[str]) -> nw.Expr:
    """The sum, missing as soon as one column is."""
    return reduce(lambda left, right: left + right, [nw.col(each) for each in columns])


def outside(value: nw.Expr, low: float | None, high: float | None) -> nw.Expr:
    """True where a value lies below `low` or above `high`; at least one of them must be given."""
    parts = [] if low is None else [value < low]
    if high is not None:
        parts.append(value > high)
    return any_of(parts)
