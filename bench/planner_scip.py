"""Another solver (SCIP) on a model written by `bench.planner_solvers`: linear rows, and every coefficient as the cone it is.

Runs in a process of its own: `python -m bench.planner_scip FILE SECONDS OPTIMALITY_GAP` prints cost, bound and seconds as JSON.
"""

import json
import sys
from importlib import import_module
from typing import Any

import numpy as np


def main(path: str, seconds: float, optimality_gap: float) -> None:
    """Reads, builds, solves, prints."""
    scip = import_module("pyscipopt")
    data = np.load(path)
    model = scip.Model()
    model.hideOutput()
    model.setParam("limits/time", seconds)
    model.setParam("limits/gap", optimality_gap)
    kinds = ["I" if flag else "C" for flag in data["integer"]]
    bounds = zip(data["lower"].tolist(), data["upper"].tolist(), kinds, data["cost"].tolist(), strict=True)
    columns = [model.addVar(lb=low, ub=high, vtype=kind, obj=cost) for low, high, kind, cost in bounds]
    _rows(scip, model, columns, data)
    _cones(scip, model, columns, data)
    model.optimize()
    found = model.getNSols() > 0
    cost, bound = (model.getObjVal() if found else None), model.getDualbound()
    json.dump({"cost": cost, "bound": bound, "seconds": model.getSolvingTime()}, sys.stdout)


def _rows(scip: Any, model: Any, columns: list[Any], data: Any) -> None:
    ends = [*data["starts"].tolist()[1:], len(data["columns"])]
    for row, (first, last) in enumerate(zip(data["starts"].tolist(), ends, strict=True)):
        cells = range(first, last)
        left = scip.quicksum(float(data["values"][cell]) * columns[int(data["columns"][cell])] for cell in cells)
        low, high = float(data["row_lower"][row]), float(data["row_upper"][row])
        if low == high:
            model.addCons(left == low)
        else:
            if np.isfinite(low):
                model.addCons(left >= low)
            if np.isfinite(high):
                model.addCons(left <= high)


def _cones(scip: Any, model: Any, columns: list[Any], data: Any) -> None:
    """Σ (p/P)·X² ≤ (1 + c²)·m²."""
    for number in range(int(data["cone_count"])):
        shares, weights = data[f"cone_share_{number}"].tolist(), data[f"cone_weight_{number}"].tolist()
        mean = columns[int(data[f"cone_mean_{number}"])]
        squares = scip.quicksum(
            weight * columns[share] * columns[share] for weight, share in zip(weights, shares, strict=True)
        )
        model.addCons(squares <= float(data[f"cone_factor_{number}"]) * mean * mean)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
