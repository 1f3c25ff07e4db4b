"""A share that is summed over school stages and judged once for the county, with the schools that pull it down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from junheng.core.item_formulas.inquiry import Tally, number, plus, share_of
from junheng.core.item_formulas.roll import Row, SchoolRecord
from junheng.core.standard import Stage

StageRow = tuple[SchoolRecord, Stage, Row]


@dataclass(frozen=True, slots=True)
class ShareSum:
    """Part and whole over the county (None when a row is missing) and the share of 1 (None when it cannot be told)."""

    part: int | None
    whole: int | None
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class ShareRule:
    """Which share: the field and name of part and whole, the name of the share and its limit (a share of 1)."""

    part: str
    part_label: str
    whole: str
    whole_label: str
    label: str
    limit: Fraction


def stage_rows(schools: Iterable[SchoolRecord]) -> list[StageRow]:
    """Every stage of these schools."""
    return [(school, stage, row) for school in schools for stage, row in school.stages.items()]


def judge_share(tally: Tally, rows: Sequence[StageRow], rule: ShareRule, unsure: Sequence[StageRow] = ()) -> ShareSum:
    """Judges the share over all rows and names the schools below the limit when the county is below it.

    With facts missing it is NOT_MET only when no value of them could save it, nor any of the rows that are not sure to belong to
    it (what they lack is noted already).
    """
    for school, _, row in rows:
        for field, label in ((rule.part, rule.part_label), (rule.whole, rule.whole_label)):
            if row[field] is None:
                tally.lack(label, school)
    part = plus(row[rule.part] for _, _, row in rows)
    whole = plus(row[rule.whole] for _, _, row in rows)
    value = share_of(part, whole)
    if whole == 0:
        tally.cannot_tell("zero-denominator", f"{rule.whole_label}合计为 0,{rule.label}无法计算。请核对。")
    elif value is not None and not unsure:
        tally.share_at_least(rule.label, value, rule.limit)
        if value < rule.limit:
            _fail_rows(tally, rows, rule)
    elif _is_beyond_saving(rows, rule, unsure):
        _fail_rows(tally, rows, rule)
    return ShareSum(part, whole, value)


def _is_beyond_saving(rows: Sequence[StageRow], rule: ShareRule, unsure: Sequence[StageRow]) -> bool:
    """True when the best that the missing facts could say still leaves the share below its limit."""
    pairs = [(row[rule.part], row[rule.whole]) for _, _, row in rows]
    if rule.limit >= 1:
        return any(part < whole for part, whole in pairs if part is not None and whole is not None)
    pairs += [pair for pair in ((row[rule.part], row[rule.whole]) for _, _, row in unsure) if _may_raise(*pair, rule)]
    whole = plus(whole for _, whole in pairs)
    best = sum(whole if part is None else part for part, whole in pairs if whole is not None)
    return whole is not None and best < rule.limit * whole


def _may_raise(part: int | None, whole: int | None, rule: ShareRule) -> bool:
    return part is None or whole is None or part >= rule.limit * whole


def _fail_rows(tally: Tally, rows: Sequence[StageRow], rule: ShareRule) -> None:
    for school, stage, row in rows:
        part, whole = row[rule.part], row[rule.whole]
        if part is not None and whole is not None and part < rule.limit * whole:
            short = ceil(rule.limit * whole - part)
            text = f"{rule.whole_label} {whole} 人,{rule.part_label} {part} 人,距 {number(100 * rule.limit)}% 差 {short} 人"
            tally.fail(school, text, shortfall=Fraction(short), unit="人", stage=stage)
