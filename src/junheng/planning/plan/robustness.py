"""Whether a plan still passes when pupils come otherwise than planned: the resource rules under many simulated futures at once.

Teachers, rooms and things are those of the plan; pupils are drawn. Floats decide here, so a draw exactly on a threshold may be
told wrongly; a plan itself is always judged by core.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from junheng.core.errors import InputError
from junheng.core.indicators import FORMULAS
from junheng.core.resources import resource_frame
from junheng.core.school_rule import floor_share, in_force, required_met, threshold
from junheng.core.stages import EXCLUSIONS, Rules, per_student_threshold
from junheng.core.standard import DispersionRule, ResourceIndicator, Stage
from junheng.planning.plan.county import Bools, Floats
from junheng.planning.plan.limits import RowKey
from junheng.planning.plan.plan import Plan

_TIE = 1e-12
_MAY_BE_JUDGED = (0, EXCLUSIONS.index("teaching_point_minimum"))  # pupils decide on the second
STAGES = (Stage.PRIMARY, Stage.JUNIOR)


@dataclass(frozen=True, slots=True)
class SchoolRisk:
    """The share of futures in which a school stage fails (where it is judged at all), and the indicator that is below its
    threshold in most of them (empty: none is)."""

    row: RowKey
    school_name: str
    fails: float
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class SpreadRisk:
    """The share of futures in which a coefficient of variation is above its limit."""

    stage: str
    indicator_id: str
    broken: float


@dataclass(frozen=True)
class Robustness:
    """How a plan stands many futures: the share in which every resource rule is met, and where it breaks, likeliest first.

    `edge` are the schools that fail in at least one future.
    """

    draws: int
    passes: float
    edge: tuple[SchoolRisk, ...]
    spreads: tuple[SpreadRisk, ...]


@dataclass(frozen=True)
class _Futures:
    """Values in thresholds (D×R×K), pupils (D×R), which rows are judged (D×R) and which have pupils."""

    values: Floats
    pupils: Floats
    is_judged: Bools
    stage_of: Floats


def robustness(plan: Plan, keys: Sequence[RowKey], draws: ArrayLike) -> Robustness:
    """Judges a plan's target year under draws of pupils (D×len(keys), the columns in the order of `keys`).

    Stages that no key names keep the pupils of the plan. InputError when the draws do not fit the keys, hold negative numbers or
    are empty.
    """
    numbers = np.asarray(draws, dtype=np.float64)
    if numbers.ndim != 2 or numbers.shape[1] != len(keys) or not len(numbers) or (numbers < 0).any():
        raise InputError("模拟的学生数与学校名单不符，或有负数、或为空；请重新做人数预测。")
    rules = plan.problem.rules
    rows = [dict(row) for row in resource_frame(plan.facts[plan.problem.target_year], rules).rows(named=True)]
    rows = [row for row in rows if row["exclusion"] in _MAY_BE_JUDGED]
    futures = _futures(rows, rules, list(keys), numbers)
    fails = _fails(futures, rules)
    broken = _broken(futures, rules)
    is_passed = ~fails.any(axis=1) & ~broken.any(axis=(1, 2))
    names = plan.problem.school_names
    shares = fails.mean(axis=0)
    edge = [
        SchoolRisk(
            (row["school_id"], row["stage"]),
            names[row["school_id"]],
            float(share),
            _lacking(futures, fails, place, rules),
        )
        for place, (row, share) in enumerate(zip(rows, shares, strict=True))
        if share > 0
    ]
    return Robustness(
        draws=len(numbers),
        passes=float(is_passed.mean()),
        edge=tuple(sorted(edge, key=lambda entry: (-entry.fails, entry.row))),
        spreads=_spreads(broken, rules),
    )


def _futures(rows: list[dict[str, Any]], rules: Rules, keys: list[RowKey], draws: Floats) -> _Futures:
    columns = {key: place for place, key in enumerate(keys)}
    places = [columns.get((row["school_id"], row["stage"])) for row in rows]
    known = np.array([float(row["student_count"]) for row in rows])
    pupils = np.stack(
        [np.full(len(draws), known[i]) if place is None else draws[:, place] for i, place in enumerate(places)], axis=1
    )
    values = np.stack([_values(rows, entry, rules, pupils, known) for entry in rules.standard.indicators], axis=2)
    minimum = rules.standard.scope.teaching_point_minimum
    least = float(in_force(minimum, rules, "教学点人数下限").value) if minimum is not None else 0.0
    is_point = np.array([row["school_type"] == "teaching_point" for row in rows])
    is_judged = ~(is_point & (pupils < least)) & (pupils > 0)
    stage_of = np.array([STAGES.index(Stage(row["stage"])) for row in rows], dtype=np.float64)
    return _Futures(values, pupils, is_judged, stage_of)


def _values(
    rows: list[dict[str, Any]], entry: ResourceIndicator, rules: Rules, pupils: Floats, known: Floats
) -> Floats:
    """One indicator in thresholds under every draw; 0 where there are no pupils to share it."""
    limit = np.array(
        [float(per_student_threshold(entry, threshold(entry, Stage(row["stage"]), rules))) for row in rows]
    )
    have = np.array([float(row[f"n_{entry.id}"]) for row in rows])
    whole = _weighted(rows, pupils, known) if FORMULAS[entry.formula].is_shared else pupils
    shares: Floats = np.divide(have, whole * limit, out=np.zeros_like(pupils), where=whole * limit > 0)
    return shares


def _weighted(rows: list[dict[str, Any]], pupils: Floats, known: Floats) -> Floats:
    """The weighted pupils of each row's school: those of all its stages, and senior pupils as planned."""
    schools = [row["school_id"] for row in rows]
    weights = np.array([float(row["weight"]) for row in rows])
    change = (pupils - known) * weights
    together = np.array([[float(one == other) for other in schools] for one in schools])
    whole: Floats = np.array([float(row["weighted_total"]) for row in rows]) + change @ together
    return whole


def _fails(futures: _Futures, rules: Rules) -> Bools:
    if rules.standard.school_rule is None:
        return np.zeros(futures.pupils.shape, dtype=bool)
    met = (futures.values >= 1.0 - _TIE).sum(axis=2) >= required_met(rules)
    floor = (futures.values >= float(floor_share(rules)) - _TIE).all(axis=2)
    fails: Bools = futures.is_judged & ~(met & floor)
    return fails


def _lacking(futures: _Futures, fails: Bools, place: int, rules: Rules) -> str:
    """The indicator of one row that is short most often where the row fails."""
    short = (futures.values[fails[:, place], place] < 1.0 - _TIE).sum(axis=0)
    return rules.standard.indicators[int(short.argmax())].id if short.any() else ""


def _broken(futures: _Futures, rules: Rules) -> Bools:
    """Which coefficients are broken (D×2×K)."""
    count = len(rules.standard.indicators)
    broken = np.zeros((len(futures.pupils), 2, count), dtype=bool)
    rule = rules.standard.dispersion
    if rule is None:
        return broken
    for stage in (0, 1):
        limit = _limit(rule, stage, rules)
        members = futures.stage_of == stage
        pupils = np.where(futures.is_judged[:, members], futures.pupils[:, members], 0.0)
        total = pupils.sum(axis=1, keepdims=True)
        weights = np.divide(pupils, total, out=np.zeros_like(pupils), where=total > 0)
        mean = np.einsum("dr,drk->dk", weights, futures.values[:, members])
        square = np.einsum("dr,drk->dk", weights, np.square(futures.values[:, members]))
        broken[:, stage] = square > (1.0 + limit**2) * np.square(mean) + _TIE
    return broken


def _limit(rule: DispersionRule, stage: int, rules: Rules) -> float:
    return float(in_force(rule.limits[STAGES[stage]], rules, "差异系数上限").value)


def _spreads(broken: Bools, rules: Rules) -> tuple[SpreadRisk, ...]:
    shares = broken.mean(axis=0)
    found = [
        SpreadRisk(STAGES[stage].value, rules.standard.indicators[index].id, float(shares[stage, index]))
        for stage, index in np.argwhere(shares > 0)
    ]
    return tuple(sorted(found, key=lambda entry: (-entry.broken, entry.stage, entry.indicator_id)))
