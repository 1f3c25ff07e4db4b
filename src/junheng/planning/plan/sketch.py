"""A linear model on paper: columns and rows as growing arrays, each row with the clause it stands for.

Nothing here knows a solver. Coefficients are kept as triples; `triples()` gives them all at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class Sketch:
    """Columns with bounds, cost and integrality; rows with bounds and a clause (an index into `clauses`)."""

    clauses: list[str] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _cost: list[Floats] = field(default_factory=list)
    _integer: list[NDArray[np.bool_]] = field(default_factory=list)
    _row_lower: list[Floats] = field(default_factory=list)
    _row_upper: list[Floats] = field(default_factory=list)
    _row_clause: list[Ints] = field(default_factory=list)
    _rows: list[Ints] = field(default_factory=list)
    _columns: list[Ints] = field(default_factory=list)
    _values: list[Floats] = field(default_factory=list)
    width: int = 0
    height: int = 0

    def add_columns(
        self, count: int, *, lower: ArrayLike = 0.0, upper: ArrayLike, cost: ArrayLike = 0.0, is_integer: bool = True
    ) -> Ints:
        """Adds columns and gives their indices; bounds and cost are one number or one per column."""
        for store, value in ((self._lower, lower), (self._upper, upper), (self._cost, cost)):
            store.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)).copy())
        self._integer.append(np.full(count, is_integer))
        self.width += count
        return np.arange(self.width - count, self.width, dtype=np.int64)

    def add_rows(self, count: int, *, lower: ArrayLike = -np.inf, upper: ArrayLike = np.inf, clause: str = "") -> Ints:
        """Adds empty rows of one clause and gives their indices."""
        for store, value in ((self._row_lower, lower), (self._row_upper, upper)):
            store.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)).copy())
        if clause not in self.clauses:
            self.clauses.append(clause)
        self._row_clause.append(np.full(count, self.clauses.index(clause), dtype=np.int64))
        self.height += count
        return np.arange(self.height - count, self.height, dtype=np.int64)

    def put(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Adds coefficients; the three are brought to one shape. Coefficients of one cell add up."""
        shape = np.broadcast_shapes(np.shape(rows), np.shape(columns), np.shape(values))
        for store, places in ((self._rows, rows), (self._columns, columns)):
            store.append(np.broadcast_to(np.asarray(places, dtype=np.int64), shape).ravel())
        self._values.append(np.broadcast_to(np.asarray(values, dtype=np.float64), shape).ravel())

    @property
    def column_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bounds of all columns."""
        return _joined(self._lower), _joined(self._upper)

    @property
    def costs(self) -> Floats:
        """The cost of every column."""
        return _joined(self._cost)

    @property
    def is_integer(self) -> NDArray[np.bool_]:
        """Which columns are whole numbers."""
        return np.concatenate(self._integer) if self._integer else np.zeros(0, dtype=bool)

    @property
    def row_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bounds of all rows."""
        return _joined(self._row_lower), _joined(self._row_upper)

    @property
    def row_clauses(self) -> Ints:
        """The clause of every row, as an index into `clauses`."""
        return np.concatenate(self._row_clause) if self._row_clause else np.zeros(0, dtype=np.int64)

    def rows_of(self, clauses: Sequence[str]) -> Ints:
        """The rows that stand for any of these clauses."""
        wanted = [index for index, name in enumerate(self.clauses) if name in clauses]
        return np.flatnonzero(np.isin(self.row_clauses, wanted))

    def row_major(self) -> tuple[Ints, Ints, Floats]:
        """Starts of the rows, columns and values, sorted by row and column, cells that were put twice added up."""
        if not self._rows:
            return np.zeros(self.height, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        cells, place = np.unique(rows * self.width + columns, return_inverse=True)
        values: Floats = np.zeros(len(cells))
        np.add.at(values, place, np.concatenate(self._values))
        starts = np.searchsorted(cells // self.width, np.arange(self.height))
        return starts.astype(np.int64), cells % self.width, values

    def copy(self) -> "Sketch":
        """A sketch that can grow on its own."""
        lists = {name: list(value) for name, value in vars(self).items() if isinstance(value, list)}
        return Sketch(width=self.width, height=self.height, **lists)


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)
