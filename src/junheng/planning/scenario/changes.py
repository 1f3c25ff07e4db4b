"""The forecast's assumptions as rows of plain values, and back."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from junheng.core.standard import Stage
from junheng.planning.forecast.options import Change, Closure, HousingProject, Opening, Shift, Transfer
from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.forecast.teachers import TeacherAges
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


def ages_of(text: str) -> dict[int, int]:
    """`30=4;58=2` as persons by age. WrongValueError when it is written otherwise."""
    found: dict[int, int] = {}
    for part in _parts(text):
        age, sign, count = part.partition("=")
        if not (sign and age.strip().isdecimal() and count.strip().isdecimal()) or int(age) in found:
            raise WrongValueError("应写成 年龄=人数，几个年龄用分号隔开，每个年龄只写一次")
        found[int(age)] = int(count)
    return found


def assumptions_of(values: Mapping[str, Any]) -> Assumptions:
    """The assumptions of entries whose values were accepted, by path."""
    children: dict[str, dict[int, int]] = {}
    for row in values["births"]:
        children.setdefault(row["catchment"], {})[row["year"]] = row["children"]
    ages: dict[tuple[str, Stage], dict[str, Mapping[int, int]]] = {}
    for row in values["teacher_ages"]:
        ages.setdefault((row["school_id"], Stage(row["stage"])), {})[row["group"]] = ages_of(row["ages"])
    hiring: dict[tuple[str, Stage], dict[int, int]] = {}
    for row in values["hiring"]:
        hiring.setdefault((row["school_id"], Stage(row["stage"])), {})[row["year"]] = row["count"]
    return Assumptions(
        births=children,
        catchments={row["school_id"]: row["catchment"] for row in values["catchments"]},
        changes=tuple(_change(row) for row in values["changes"]),
        ages=TeacherAges(ages) if ages else None,
        retirement_age={row["group"]: row["age"] for row in values["retirement_ages"]},
        attrition=None if values["attrition"] is None else float(values["attrition"]),
        hiring=hiring,
    )


def rows_of_assumptions(assumptions: Assumptions) -> dict[str, Any]:
    """The entries of `assumptions_of` by path; it gives the same assumptions back."""
    share = assumptions.attrition
    return {
        **_teachers(assumptions),
        "attrition": None if share is None else Fraction(str(share)),
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


def _teachers(assumptions: Assumptions) -> dict[str, Rows]:
    counts = assumptions.ages.counts if assumptions.ages is not None else {}
    return {
        "teacher_ages": [
            {
                "school_id": school,
                "stage": stage.value,
                "group": group,
                "ages": ";".join(f"{age}={count}" for age, count in sorted(of_ages.items())),
            }
            for (school, stage), groups in sorted(counts.items())
            for group, of_ages in sorted(groups.items())
        ],
        "retirement_ages": [{"group": group, "age": age} for group, age in sorted(assumptions.retirement_age.items())],
        "hiring": [
            {"school_id": school, "stage": stage.value, "year": year, "count": count}
            for (school, stage), of_years in sorted(assumptions.hiring.items())
            for year, count in sorted(of_years.items())
        ],
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
