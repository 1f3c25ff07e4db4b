"""The explanation of one resource indicator of one school stage, down to the cells."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from junheng.core.explain_node import ROUNDING_NOTE, STAGE_LABEL, Context, Node, counted
from junheng.core.indicators import DEGREES_ABOVE, FORMULAS, VISITING, Formula
from junheng.core.rounding import printed
from junheng.core.school_rule import floor_share, in_force
from junheng.core.stages import STAGES_OF_TYPE
from junheng.core.standard import ResourceIndicator
from junheng.core.verdict import IndicatorResult, Outcome, SchoolResult

_PIECES = {"primary": "小学", "junior": "初中", "senior": "高中"}


def indicator_node(context: Context, school: SchoolResult, result: IndicatorResult) -> Node:
    """The node: value, threshold, margin, what flips it, sharing, exceptions and every fact with its cell."""
    entry = context.rules.standard.indicator(result.indicator_id)
    formula = FORMULAS[entry.formula]
    notes = [] if result.reason is None else [result.reason.text]
    notes += _sharing_notes(context, school, result, formula)
    notes += [f"使用例外条款:{name}" for name in result.exceptions]
    if result.is_rounding_sensitive:
        notes.append(ROUNDING_NOTE)
    limit = result.threshold
    return Node(
        path=f"school:{school.school_id}:{school.stage.value}:{entry.id}",
        title=f"{entry.number} {entry.name}",
        outcome=result.outcome if limit is not None else None,
        value=f"{printed(result.value, entry.decimals)}{entry.unit}" if result.value is not None else "",
        limit=_limit(context, entry, limit) if limit is not None else "",
        formula=_formula_text(entry, formula, school, result),
        margin=_margin(entry, result),
        flip=_flip(entry, formula, school, result),
        clause=_clause(context, entry, school),
        notes=tuple(notes),
        children=tuple(_facts(context, school, formula, result)),
    )


def _limit(context: Context, entry: ResourceIndicator, limit: Fraction) -> str:
    """The threshold, and the floor where the standard has a school rule: without one nothing may fall short."""
    least = f"≥{counted(limit)}{entry.unit}"
    if context.rules.standard.school_rule is None:
        return least
    return f"{least},底线{counted(limit * floor_share(context.rules), 4)}{entry.unit}"


def _clause(context: Context, entry: ResourceIndicator, school: SchoolResult) -> str:
    if not entry.thresholds:
        return entry.clause
    return in_force(entry.thresholds[school.stage], context.rules, entry.name).clause


def _formula_text(entry: ResourceIndicator, formula: Formula, school: SchoolResult, result: IndicatorResult) -> str:
    if result.value is None or result.numerator is None:
        return f"{formula.label} ÷ 学生数" + (" × 100" if entry.per_students == 100 else "")
    times = " × 100" if entry.per_students == 100 else ""
    return (
        f"{formula.label} {counted(result.numerator)} ÷ 学生数 {school.student_count}{times}"
        f" = {printed(result.value, entry.decimals)}"
    )


def _margin(entry: ResourceIndicator, result: IndicatorResult) -> str:
    if result.value is None or result.threshold is None:
        return ""
    gap = result.value - result.threshold
    share = printed(result.value / result.threshold * 100, 1)
    word = "高出" if gap >= 0 else "低"
    return f"{word}{printed(abs(gap), entry.decimals)}{entry.unit}（为标准的{share}%）"


def _flip(entry: ResourceIndicator, formula: Formula, school: SchoolResult, result: IndicatorResult) -> str:
    """In natural units, what would turn the outcome: how much more is needed, or may be lost, or how many pupils may come."""
    if result.value is None or result.threshold is None or result.share is None or school.student_count is None:
        return ""
    step = Fraction(1, formula.scale)
    gap = (result.threshold - result.value) * school.student_count / entry.per_students / result.share
    owner = "全校" if result.share != 1 else ""
    if result.outcome is Outcome.NOT_MET:
        return f"{owner}再增加{counted(ceil(gap / step) * step)}{entry.unit}即达标"
    spare = floor(-gap / step) * step
    more = _more_pupils(school.student_count, result.share, result.value / result.threshold)
    return f"{owner}减少超过{counted(spare)}{entry.unit},或学生再增加超过{more}人即不达标"


def _more_pupils(pupils: int, share: Fraction, ratio: Fraction) -> int:
    """How many more pupils of this stage still meet the threshold, when its value is now `ratio` times the threshold.

    A pupil more in a stage that shares adds its weight to the whole school: with share s = w·p/D the value is X·w/D, so D may
    grow by D·(value/threshold − 1), which is p/s·(value/threshold − 1) pupils of this stage.
    """
    return floor(pupils / share * (ratio - 1))


def _sharing_notes(context: Context, school: SchoolResult, result: IndicatorResult, formula: Formula) -> Sequence[str]:
    weights = context.rules.standard.sharing.weights.get(school.school_type)
    if not formula.is_shared or weights is None or result.share is None:
        return ()
    ratio = " : ".join(f"{_PIECES[stage]}{counted(Fraction(weight, 100))}" for stage, weight in weights.items())
    share = printed(result.share * 100, 2)
    return (
        f"按加权学生数拆分（{ratio}）,{STAGE_LABEL[school.stage]}占{share}%。依据:{context.rules.standard.sharing.clause}",
    )


def _facts(context: Context, school: SchoolResult, formula: Formula, result: IndicatorResult) -> list[Node]:
    stage_fields = DEGREES_ABOVE[school.stage] if formula.name == "above_standard_teachers" else formula.stage_fields
    nodes = [_fact(context, school, "stages", name) for name in ("student_count", *stage_fields)]
    nodes += [_fact(context, school, "schools", name) for name in formula.school_fields]
    nodes += _exception_facts(context, school, result)
    if formula.is_shared and school.school_type in context.rules.standard.sharing.weights:
        nodes += _sharing_facts(context, school)
    return nodes


def _sharing_facts(context: Context, school: SchoolResult) -> list[Node]:
    weights = context.rules.standard.sharing.weights[school.school_type]
    others = [stage for stage in STAGES_OF_TYPE[school.school_type] if stage != school.stage.value]
    nodes = [_fact(context, school, "stages", "student_count", stage=stage) for stage in others if stage in weights]
    if "senior" in weights:
        nodes.append(_fact(context, school, "schools", "senior_student_count"))
    return nodes


def _exception_facts(context: Context, school: SchoolResult, result: IndicatorResult) -> list[Node]:
    nodes: list[Node] = []
    for exception in context.rules.exceptions:
        if exception.id not in result.exceptions:
            continue
        if exception.effect == "count_visiting_teachers":
            nodes += [_fact(context, school, "stages", name) for name in VISITING]
        else:
            names = ("converted_sports_area", "leased_sports_area")
            nodes += [_fact(context, school, "schools", name) for name in names]
    return nodes


def _fact(context: Context, school: SchoolResult, table: str, field_id: str, stage: str = "") -> Node:
    field = context.dictionary.field(table, field_id)
    of_stage = stage or school.stage.value
    key = (school.school_id, of_stage) if table == "stages" else (school.school_id,)
    value = _raw(context, table, key, field_id)
    if value is None:
        shown = "未填"
    elif isinstance(value, bool):
        shown = "是" if value else "否"
    else:
        shown = f"{counted(field.typed(value))}{field.unit}"
    title = f"{_PIECES[of_stage]}{field.label}" if stage else field.label
    location = context.facts.locate(table, key, field_id, school.school_name)
    return Node(f"fact:{table}:{':'.join(key)}:{field_id}", title, None, value=shown, locations=(location,))


def _raw(context: Context, table: str, key: tuple[str, ...], field_id: str) -> Any:
    row = context.rows[table].get(key)
    return None if row is None else row[field_id]
