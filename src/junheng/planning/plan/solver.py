"""The one door to the solver (HiGHS): linear and integer models, with a time limit, a stop question and progress.

One thread, so that the same model gives the same answer. The solver's own clock is used; this package knows no other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.core.errors import EngineError
from junheng.planning.plan.sketch import Floats, Ints, Sketch

Progress = Callable[[float, float], None]
Stop = Callable[[], bool]
_LARGEST = 1e9


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Solved:
    """What a solve gave. `values` is empty unless there is a solution; `bound` is the proven lower bound of the cost (−inf when
    there is none); `duals` (rows) and `reduced` (columns) are those of a linear solve, empty otherwise."""

    status: Status
    values: Floats
    cost: float
    bound: float
    seconds: float
    duals: Floats
    reduced: Floats
    nodes: int = 0

    @property
    def has_solution(self) -> bool:
        """Whether there is anything to use."""
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(frozen=True)
class Effort:
    """How hard to try: seconds of the solver, the optimality gap that is enough, when to stop, whom to tell (cost, bound)."""

    seconds: float = 60.0
    optimality_gap: float = 0.002
    stop: Stop | None = None
    progress: Progress | None = None


class Session:
    """A model inside the solver; rows and bounds can change between solves, and linear solves start from the last one."""

    def __init__(self, sketch: Sketch) -> None:
        engine: Any = highspy.Highs
        self._highs = engine()
        self._set(output_flag=False, threads=1, random_seed=1, mip_abs_gap=1e-7)
        self._width = sketch.width
        self._integer = np.flatnonzero(sketch.is_integer)
        lower, upper = sketch.column_bounds
        nothing = np.zeros(0, dtype=np.int32)
        self._must(self._highs.addCols(sketch.width, sketch.costs, lower, upper, 0, nothing, nothing, np.zeros(0)))
        self._lower, self._upper = lower.copy(), upper.copy()
        kinds = np.full(len(self._integer), highspy.HighsVarType.kInteger.value, dtype=np.uint8)
        if len(kinds):
            self._must(self._highs.changeColsIntegrality(len(kinds), self._integer.astype(np.int32), kinds))
        starts, columns, values = sketch.row_major()
        self.add_rows(*sketch.row_bounds, starts, columns, values)
        self._told = self._watching = False

    def add_rows(
        self, lower: ArrayLike, upper: ArrayLike, starts: ArrayLike, columns: ArrayLike, values: ArrayLike
    ) -> None:
        """Adds rows in row-major form (starts of rows, column indices, values)."""
        low, high = np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
        cells = np.asarray(values, dtype=np.float64)
        if np.any(np.abs(cells) > _LARGEST):
            raise EngineError("规划模型里有大得无法计算的系数，请检查数据的单位。")
        if len(low):
            first, places = np.asarray(starts, dtype=np.int32), np.asarray(columns, dtype=np.int32)
            self._must(self._highs.addRows(len(low), low, high, len(cells), first, places, cells))

    def set_bounds(self, columns: Ints, lower: ArrayLike, upper: ArrayLike) -> None:
        """Changes the bounds of columns."""
        count = len(columns)
        low, high = (np.broadcast_to(np.asarray(entry, dtype=np.float64), (count,)).copy() for entry in (lower, upper))
        if count:
            self._must(self._highs.changeColsBounds(count, columns.astype(np.int32), low, high))
            self._lower[columns], self._upper[columns] = low, high

    def bounds_of(self, columns: Ints) -> tuple[Floats, Floats]:
        """The bounds of columns as they are now."""
        return self._lower[columns], self._upper[columns]

    def set_row_bounds(self, rows: Ints, lower: ArrayLike, upper: ArrayLike) -> None:
        """Changes the bounds of rows."""
        count = len(rows)
        low, high = (np.broadcast_to(np.asarray(entry, dtype=np.float64), (count,)).copy() for entry in (lower, upper))
        if count:
            self._must(self._highs.changeRowsBounds(count, rows.astype(np.int32), low, high))

    def set_costs(self, costs: Floats) -> None:
        """Changes the cost of every column."""
        everything = np.arange(self._width, dtype=np.int32)
        self._must(self._highs.changeColsCost(self._width, everything, np.asarray(costs, dtype=np.float64)))

    def solve_relaxed(self, effort: Effort) -> Solved:
        """Solves with whole numbers relaxed; starts from the basis of the last relaxed solve."""
        self._set(solve_relaxation=True)
        return self._run(effort)

    def solve(self, effort: Effort, start: Floats | None = None, enough: float = -np.inf) -> Solved:
        """Solves with whole numbers. `start` gives values of the integer columns to start from; a solution that costs no more
        than `enough` ends it."""
        self._set(solve_relaxation=False, mip_rel_gap=effort.optimality_gap, objective_target=enough)
        if start is not None:
            places = self._integer.astype(np.int32)
            self._highs.setSolution(len(places), places, np.round(start[self._integer]))
        return self._run(effort)

    def _run(self, effort: Effort) -> Solved:
        before = self._highs.getRunTime()
        self._set(time_limit=before + max(effort.seconds, 0.01))
        self._watch(effort)
        self._highs.run()
        return self._result(self._highs.getRunTime() - before)

    def _watch(self, effort: Effort) -> None:
        """Listens to the solver: it asks now and then whether to stop, and tells of better solutions."""
        self._effort = effort
        if effort.stop is not None and not self._watching:
            self._highs.cbMipInterrupt += self._ask
            self._highs.cbSimplexInterrupt += self._ask
            self._watching = True
        if effort.progress is not None and not self._told:
            self._highs.cbMipImprovingSolution += self._tell
            self._told = True

    def _ask(self, event: Any) -> None:
        event.interrupt(self._effort.stop is not None and self._effort.stop())

    def _tell(self, event: Any) -> None:
        if self._effort.progress is not None:
            self._effort.progress(event.data_out.objective_function_value, event.data_out.mip_dual_bound)

    def _result(self, seconds: float) -> Solved:
        info, found, state = self._highs.getInfo(), self._highs.getSolution(), self._highs.getModelStatus()
        kinds = highspy.HighsModelStatus
        if state in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
            return Solved(Status.INFEASIBLE, np.zeros(0), np.inf, np.inf, seconds, np.zeros(0), np.zeros(0))
        is_linear = bool(self._highs.getOptionValue("solve_relaxation")[1]) or not len(self._integer)
        is_done = state in (kinds.kOptimal, kinds.kModelEmpty)
        has_values = is_done or (not is_linear and info.primal_solution_status == highspy.kSolutionStatusFeasible)
        if not has_values:
            bound = -np.inf if is_linear else _bound(info)
            return Solved(Status.NOTHING, np.zeros(0), np.inf, bound, seconds, np.zeros(0), np.zeros(0))
        cost = info.objective_function_value
        return Solved(
            status=Status.OPTIMAL if is_done else Status.FEASIBLE,
            values=np.asarray(found.col_value),
            cost=cost,
            bound=cost if is_linear else min(_bound(info), cost),
            seconds=seconds,
            duals=np.asarray(found.row_dual) if is_linear else np.zeros(0),
            reduced=np.asarray(found.col_dual) if is_linear else np.zeros(0),
            nodes=0 if is_linear else int(info.mip_node_count),
        )

    def _set(self, **options: float | bool) -> None:
        for name, value in options.items():
            self._must(self._highs.setOptionValue(name, value))

    def _must(self, status: Any) -> None:
        if status == highspy.HighsStatus.kError:
            raise EngineError("求解器拒绝了规划模型，请检查数据是否有异常大的数。")


def _bound(info: Any) -> float:
    return float(info.mip_dual_bound)


def whole(values: NDArray[np.float64]) -> Ints:
    """Values of integer columns as whole numbers."""
    return np.rint(values).astype(np.int64)
