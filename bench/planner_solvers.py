"""planner-solvers: the end state of small counties by the planner's search and by SCIP, which takes the cones as they are."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bench.planner_counties import uneven_county, uneven_problem
from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread
from junheng.planning.plan.model import Model
from junheng.planning.plan.planner import Planner
from junheng.planning.plan.solver import Effort

_OPTIMALITY_GAP = 0.001
_AGREES = 2.5e-3  # both optimality gaps, and the tolerance of the cones


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """Cost and time of both on the same models; RuntimeError when one finds a cost below what the other has proven."""
    if find_spec("pyscipopt") is None:
        yield Measure("SCIP", Spread.of([0.0]), "", note="not measured: pyscipopt is not installed")
        return
    seconds = float(spec.size("seconds", run))
    costs, times = [], []
    for number in range(spec.size("counties", run)):
        problem = uneven_problem(uneven_county(spec.seed + number, 1, spec.size("every", run)))
        planner = Planner.of(problem)
        other = _scip(planner.model, seconds)
        found = planner.search.run(Effort(seconds, _OPTIMALITY_GAP))
        if other["cost"] is None:
            continue
        for cost, bound in ((found.cost, other["bound"]), (other["cost"], found.bound)):
            if cost < bound - _AGREES * abs(bound):
                raise RuntimeError(f"one solver's cost {cost:.2f} is below the other's bound {bound:.2f}")
        costs.append(found.cost / other["cost"])
        times.append(found.seconds / other["seconds"])
    note = f"{len(costs)} of {spec.size('counties', run)} counties; SCIP found nothing in {seconds:g} s elsewhere"
    if costs:
        yield Measure("cost ÷ SCIP's", Spread.of(costs), "×", note=note)
        yield Measure("solver's time ÷ SCIP's", Spread.of(times), "×", note="both stop at an optimality gap of 0.1 %")
    else:
        yield Measure("SCIP", Spread.of([0.0]), "", note=note)


def _scip(model: Model, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        np.savez(path, **_arrays(model))
        command = [sys.executable, "-m", "bench.planner_scip", str(path), f"{seconds:g}", f"{_OPTIMALITY_GAP:g}"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    answer: dict[str, Any] = json.loads(printed)
    return answer


def _arrays(model: Model) -> dict[str, Any]:
    sketch = model.sketch
    (lower, upper), (row_lower, row_upper), (starts, columns, values) = (
        sketch.column_bounds,
        sketch.row_bounds,
        sketch.row_major(),
    )
    arrays: dict[str, Any] = {
        "lower": lower,
        "upper": upper,
        "cost": sketch.costs,
        "integer": sketch.is_integer,
        "row_lower": row_lower,
        "row_upper": row_upper,
        "starts": starts,
        "columns": columns,
        "values": values,
        "cone_count": len(model.cones),
    }
    for number, cone in enumerate(model.cones):
        arrays[f"cone_share_{number}"], arrays[f"cone_weight_{number}"] = cone.share, cone.weights
        arrays[f"cone_mean_{number}"], arrays[f"cone_factor_{number}"] = cone.mean, 1 + cone.limit**2
    return arrays


BENCHMARK = Benchmark(
    name="planner-solvers",
    compares="the end state of small counties of 20 schools, with SCIP where pyscipopt is there",
    seed=20260760,
    sizes={"counties": 5, "every": 6, "seconds": 60},
    small_sizes={"counties": 1, "every": 12, "seconds": 20},
    measure=measure,
)
