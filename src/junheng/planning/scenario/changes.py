"""The forecast's assumptions as rows of plain values, and back."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from junheng.core.standard import Stage
from junheng.planning.forecast.options import Change, Closure, HousingProject, Opening, Shift, Transfer
from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.scenario.entries import WrongValueError, number_of, plain_number

Rows = Sequence[Mapping[str, Any]]
NEEDED: Mapping[str, tuple[str, ...]] = {
    "opening": ("school_id", "name"),
    "closure": ("school_id", "receivers"),
    "shift": ("giver_id", "receiver_id", "share"),
    "transfer": ("count",),
    "housing": ("name", "school_id", "dwellings", "pupils_per_dwelling", "occupied"),
}


def receivers_of(text: str) -> dict[str, float]:
    """`9999010036=60;9999010037=40` as shares by school. WrongValueError when it is written otherwise."""
    found: dict[str, float] = {}
    for part in _parts(text):
        school, sign, share = part.partition("=")
        if not sign or school.strip() in found:
            raise WrongValueError("应写成 标识码=百分比，几所学校用分号隔开，每所只写一次")
        found[school.strip()] = _percent(share)
    return found


def occupied_of(text: str) -> tuple[float, ...]:
    """`40;80;95` as shares by year. WrongValueError when it is written otherwise."""
    return tuple(_percent(part) for part in _parts(text))


def assumptions_of(births: Rows, catchments: Rows, changes: Rows) -> Assumptions:
    """The assumptions of rows whose values were accepted."""
    children: dict[str, dict[int, int]] = {}
    for row in births:
        children.setdefault(row["catchment"], {})[row["year"]] = row["children"]
    return Assumptions(
        births=children,
        catchments={row["school_id"]: row["catchment"] for row in catchments},
        changes=tuple(_change(row) for row in changes),
    )


def rows_of_assumptions(assumptions: Assumptions) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables `births`, `catchments` and `changes`. What concerns teachers' ages has no place in a plan."""
    return {
        "births": [
            {"catchment": catchment, "year": year, "children": count}
            for catchment, by_year in sorted(assumptions.births.items())
            for year, count in sorted(by_year.items())
        ],
        "catchments": [
            {"school_id": school, "catchment": catchment}
            for school, catchment in sorted(assumptions.catchments.items())
        ],
        "changes": [_row(change) for change in assumptions.changes],
    }


def _change(row: Mapping[str, Any]) -> Change:
    kind, stage, year = row["kind"], Stage(row["stage"]), row["year"]
    if kind == "opening":
        return Opening(row["school_id"], row["name"], stage, year)
    if kind == "closure":
        return Closure(row["school_id"], stage, year, receivers_of(row["receivers"]))
    if kind == "shift":
        return Shift(row["giver_id"], row["receiver_id"], stage, year, float(row["share"]), row["moves_all_grades"])
    if kind == "transfer":
        return Transfer(row["giver_id"], row["receiver_id"], stage, year, row["count"])
    per_dwelling = float(row["pupils_per_dwelling"])
    return HousingProject(
        row["name"], row["school_id"], stage, year, row["dwellings"], per_dwelling, occupied_of(row["occupied"])
    )


def _row(change: Change) -> dict[str, Any]:
    stage = change.stage.value
    if isinstance(change, Opening):
        own: dict[str, Any] = {"kind": "opening", "school_id": change.school_id, "name": change.school_name}
    elif isinstance(change, Closure):
        text = ";".join(f"{school}={_in_percent(share)}" for school, share in change.receivers.items())
        own = {"kind": "closure", "school_id": change.school_id, "receivers": text}
    elif isinstance(change, Shift):
        own = {"kind": "shift", "giver_id": change.giver_id, "receiver_id": change.receiver_id}
        own |= {"share": Fraction(str(change.share)), "moves_all_grades": change.moves_all_grades}
    elif isinstance(change, Transfer):
        own = {
            "kind": "transfer",
            "giver_id": change.giver_id,
            "receiver_id": change.receiver_id,
            "count": change.count,
        }
    else:
        return {"kind": "housing", "stage": stage, "year": change.completed_in, **_housing(change)}
    return {**own, "stage": stage, "year": change.year}


def _housing(change: HousingProject) -> dict[str, Any]:
    per_dwelling, occupied = change.pupils_per_dwelling, change.occupied
    return {
        "name": change.name,
        "school_id": change.school_id,
        "dwellings": change.dwellings,
        "pupils_per_dwelling": None if per_dwelling is None else Fraction(str(per_dwelling)),
        "occupied": None if occupied is None else ";".join(_in_percent(share) for share in occupied),
    }


def _parts(text: str) -> list[str]:
    return [part for part in text.replace("；", ";").split(";") if part.strip()]


def _percent(text: str) -> float:
    share = number_of(text.strip().removesuffix("%")) / 100
    if not 0 <= share <= 1:
        raise WrongValueError("百分比应在 0 与 100 之间")
    return float(share)


def _in_percent(share: float) -> str:
    return str(plain_number(Fraction(str(share)) * 100))
