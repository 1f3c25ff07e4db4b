"""A scenario as canonical values by path, and back: the one place that knows where each entry goes."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from junheng.core.standard import Stage
from junheng.planning.plan.catchments import Catchments, Merger, Neighbours
from junheng.planning.plan.limits import COUNTY_SOURCE, Limits, Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.milestones import Milestone, MilestoneKind
from junheng.planning.plan.plan import Goal
from junheng.planning.scenario.changes import assumptions_of, rows_of_assumptions
from junheng.planning.scenario.openings import openings_of, rows_of_openings
from junheng.planning.scenario.scenario import PupilChoice, PupilSource, Scenario, usual_department

Values = Mapping[str, Any]
METRES_PER_KM = 1000


def scenario_from(values: Values) -> Scenario:
    """The scenario of values that hold every entry (None where nothing is given and nothing is needed)."""
    is_limited = values["money"] == "limited"
    budgets = {(row["year"], row["source"]): row["amount"] for row in values["budgets"]} if is_limited else None
    limits = Limits(
        allowed=frozenset(Measure(name) for name, given in _column(values, "allowed").items() if given),
        moves_out=values["moves_out"],
        moves_in=values["moves_in"],
        budgets=budgets,
        sources=_measures(values, "sources", COUNTY_SOURCE),
        per_year=_measures(values, "per_year"),
        per_school=_measures(values, "per_school"),
        lumps=_measures(values, "lumps", 1),
        lead_years=_measures(values, "lead_years", 0),
        teacher_quota=values["teacher_quota"],
        backbone_share=values["backbone_share"],
        students_per_teacher={Stage(name): ratio for name, ratio in _column(values, "students_per_teacher").items()},
        forbidden=frozenset((row["school_id"], Measure(row["measure"])) for row in values["forbidden"]),
        fixed={(row["school_id"], Measure(row["measure"])): row["amount"] for row in values["fixed"]},
        with_rotation=values["with_rotation"],
        moves_include_private=values["moves_include_private"],
        disruption_fen=values["disruption"],
        cv_margin=values["cv_margin"],
        milestones=tuple(_milestone(row) for row in values["milestones"]),
        retired_share={row["year"]: row["share"] for row in values["retired_share"]},
        retired={(row["school_id"], row["year"]): row["value"] for row in values["retired"]},
        zones={row["school_id"]: row["zone"] for row in values["zones"]},
    )
    choice = PupilChoice(
        PupilSource(values["pupils.source"]),
        values["pupils.quantile"],
        values["pupils.simulations"],
        values["pupils.seed"],
    )
    return Scenario(
        title=values["title"],
        standard=values["standard"],
        target_year=values["target_year"],
        prices=Prices(_measures(values, "prices"), values["discount_rate"]),
        limits=limits,
        enabled=frozenset(values["exceptions"]),
        goal=Goal(values["goal"]),
        pupils=choice,
        assumptions=assumptions_of(values),
        departments={
            measure: name
            for measure, name in _measures(values, "departments").items()
            if name != usual_department(measure)
        },
        catchments=_catchments(values),
        mergers=tuple(Merger(row["closed"], row["into"], row["amount"]) for row in values["mergers"]),
        openings=openings_of(values),
        farthest_move=None if values["farthest_move"] is None else _metres(values["farthest_move"]),
        distances={pair_of(row["first"], row["second"]): _metres(row["km"]) for row in values["distances"]},
        seconds=values["effort.seconds"],
        optimality_gap=values["effort.optimality_gap"],
    )


def values_of(scenario: Scenario) -> dict[str, Any]:
    """The values of a scenario by path; entries that it leaves open are left out."""
    limits, choice = scenario.limits, scenario.pupils
    values: dict[str, Any] = {
        "title": scenario.title,
        "standard": scenario.standard,
        "target_year": scenario.target_year,
        "exceptions": tuple(sorted(scenario.enabled)),
        "goal": scenario.goal.value,
        "pupils.source": choice.source.value,
        "pupils.quantile": choice.quantile,
        "pupils.simulations": choice.simulations,
        "pupils.seed": choice.seed,
        "money": "unlimited" if limits.budgets is None else "limited",
        "budgets": [
            {"year": year, "source": source, "amount": fen}
            for (year, source), fen in sorted((limits.budgets or {}).items())
        ],
        "discount_rate": scenario.prices.discount_rate,
        "disruption": limits.disruption_fen,
        "effort.seconds": scenario.seconds,
        "effort.optimality_gap": scenario.optimality_gap,
    }
    parts = (
        _of_measures(scenario),
        _of_limits(limits),
        _of_options(scenario),
        _of_distances(scenario),
        rows_of_openings(scenario.openings),
        rows_of_assumptions(scenario.assumptions),
    )
    return {**values, **{path: value for part in parts for path, value in part.items()}}


def _of_measures(scenario: Scenario) -> dict[str, Any]:
    limits = scenario.limits
    given: dict[str, Mapping[Measure, Any]] = {
        "allowed": {measure: measure in limits.allowed for measure in Measure},
        "prices": scenario.prices.fen,
        "sources": {measure: limits.source(measure) for measure in Measure},
        "per_year": limits.per_year,
        "per_school": limits.per_school,
        "lumps": {measure: limits.lump(measure) for measure in Measure},
        "lead_years": {measure: limits.lead(measure) for measure in Measure},
        "departments": {measure: scenario.department(measure) for measure in Measure},
    }
    return {f"{name}.{measure.value}": value for name, column in given.items() for measure, value in column.items()}


def _of_limits(limits: Limits) -> dict[str, Any]:
    values: dict[str, Any] = {
        "moves_out": limits.moves_out,
        "moves_in": limits.moves_in,
        "teacher_quota": limits.teacher_quota,
        "backbone_share": limits.backbone_share,
        "with_rotation": limits.with_rotation,
        "moves_include_private": limits.moves_include_private,
        "cv_margin": Fraction(limits.cv_margin),
        "forbidden": [{"school_id": school, "measure": measure.value} for school, measure in sorted(limits.forbidden)],
        "fixed": [
            {"school_id": school, "measure": measure.value, "amount": amount}
            for (school, measure), amount in sorted(limits.fixed.items())
        ],
    }
    values["milestones"] = [_row_of(entry) for entry in limits.milestones]
    values["zones"] = [{"school_id": school, "zone": zone} for school, zone in sorted(limits.zones.items())]
    values["retired_share"] = [{"year": year, "share": share} for year, share in sorted(limits.retired_share.items())]
    values["retired"] = [
        {"school_id": school, "year": year, "value": value} for (school, year), value in sorted(limits.retired.items())
    ]
    values.update(
        {f"students_per_teacher.{stage.value}": ratio for stage, ratio in limits.students_per_teacher.items()}
    )
    return {path: value for path, value in values.items() if value is not None}


def _catchments(values: Values) -> Catchments | None:
    if not values["neighbours"]:
        return None
    pairs = tuple(
        Neighbours(row["first"], row["second"], Stage(row["stage"]), row["metres"]) for row in values["neighbours"]
    )
    return Catchments(
        pairs=pairs,
        most_a_year=values["shifts.most_a_year"],
        fen_per_pupil=values["shifts.price"],
        step=values["shifts.step"],
        farthest=values["shifts.farthest"],
        largest=values["shifts.largest"],
    )


def _of_options(scenario: Scenario) -> dict[str, Any]:
    found = scenario.catchments
    values: dict[str, Any] = {
        "mergers": [{"closed": entry.closed, "into": entry.into, "amount": entry.fen} for entry in scenario.mergers],
        "shifts.step": 10,
    }
    if found is None:
        return values
    pairs = [
        {"first": pair.first, "second": pair.second, "stage": pair.stage.value, "metres": pair.metres}
        for pair in found.pairs
    ]
    own = {
        "most_a_year": found.most_a_year,
        "price": found.fen_per_pupil,
        "step": found.step,
        "farthest": found.farthest,
        "largest": found.largest,
    }
    return {**values, "neighbours": pairs, **{f"shifts.{name}": value for name, value in own.items()}}


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Two schools in the order of their ids."""
    return (min(one, other), max(one, other))


def _metres(km: Fraction) -> int:
    return round(km * METRES_PER_KM)


def _of_distances(scenario: Scenario) -> dict[str, Any]:
    pairs = [
        {"first": first, "second": second, "km": Fraction(metres, METRES_PER_KM)}
        for (first, second), metres in sorted(scenario.distances.items())
    ]
    farthest = scenario.farthest_move
    return {"distances": pairs, "farthest_move": None if farthest is None else Fraction(farthest, METRES_PER_KM)}


def _milestone(row: Mapping[str, Any]) -> Milestone:
    return Milestone(
        year=row["year"],
        kind=MilestoneKind(row["kind"]),
        indicator_id=row["indicator_id"] or "",
        stage=None if row["stage"] is None else Stage(row["stage"]),
        schools=row["schools"],
        limit=row["limit"],
        measure=None if row["measure"] is None else Measure(row["measure"]),
        amount=row["amount"],
    )


def _row_of(entry: Milestone) -> dict[str, Any]:
    return {
        "year": entry.year,
        "kind": entry.kind.value,
        "indicator_id": entry.indicator_id or None,
        "stage": None if entry.stage is None else entry.stage.value,
        "schools": entry.schools,
        "limit": entry.limit,
        "measure": None if entry.measure is None else entry.measure.value,
        "amount": entry.amount,
    }


def _column(values: Values, name: str) -> dict[str, Any]:
    start = f"{name}."
    return {
        path.removeprefix(start): value
        for path, value in values.items()
        if path.startswith(start) and value is not None
    }


def _measures(values: Values, name: str, usual: Any = None) -> dict[Measure, Any]:
    """One column of the measures; what is as usual is left out."""
    return {Measure(key): value for key, value in _column(values, name).items() if value != usual}
