"""Scored items: marks of the points, the least share of each item, the total and its band."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from junheng.core.errors import StandardError
from junheng.core.item_formulas.inquiry import number
from junheng.core.rounding import printed
from junheng.core.standard import Parameter, Scoring, Standard
from junheng.core.verdict import ItemResult, Outcome, Reason, ScoringResult, SubItemResult, all_of

_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The marks of one item: `points` is None until all are given; `least` is the share of full marks it has to reach."""

    outcome: Outcome
    points: Fraction | None
    full_points: Fraction
    least: Fraction
    reasons: tuple[Reason, ...] = ()


def score_item(sub_items: Sequence[SubItemResult], standard: Standard, on: date) -> ItemScore:
    """The marks of one scored item.

    NOT_MET as soon as even full marks for what is open would not do; MET only when all marks are given. StandardError when the
    standard has scored items but no rule for them on that day.
    """
    if standard.scoring is None:
        raise StandardError(f"标准 {standard.id} 有评分指标,却没有评分办法(scoring)。")
    share = _value(standard, standard.scoring.item_share, on, "单项最低得分比例")
    points, best = _sum(sub_items), _best(sub_items)
    full = sum((sub.full_points for sub in sub_items), Fraction(0))
    least = share * full
    reasons = tuple(sub.reason for sub in sub_items if sub.reason is not None)
    if best < least:
        text = f"{_shown('得分', points, best)},低于满分 {number(full)} 分的 {number(100 * share)}%。"
        return ItemScore(Outcome.NOT_MET, points, full, least, (*reasons, Reason("points-too-few", text)))
    return ItemScore(Outcome.CANNOT_TELL if points is None else Outcome.MET, points, full, least, reasons)


def judge_scoring(items: Sequence[ItemResult], standard: Standard, on: date) -> ScoringResult | None:
    """The sum of all scored items and its band; None when the standard does not score.

    Passed when the total reaches the least total and every scored item its share. The band is given only when it is passed: the
    highest whose lower bound the unrounded total reaches. StandardError when the least total is not dated for that day.
    """
    scoring = standard.scoring
    if scoring is None:
        return None
    least = _value(standard, scoring.pass_total, on, "最低总分")
    scored = [item for item in items if item.full_points is not None]
    marks = [sub for item in scored for sub in item.sub_items]
    total, best = _sum(marks), _best(marks)
    full = sum((sub.full_points for sub in marks), Fraction(0))
    outcome = all_of([*(item.outcome for item in scored), _total_outcome(total, best, least)])
    band = _band(scoring, total) if outcome is Outcome.MET and total is not None else ""
    return ScoringResult(outcome, total, full, band, _reasons(scored, total, best, least))


def _total_outcome(total: Fraction | None, best: Fraction, least: Fraction) -> Outcome:
    if best < least:
        return Outcome.NOT_MET
    return Outcome.CANNOT_TELL if total is None else Outcome.MET


def _reasons(
    scored: Sequence[ItemResult], total: Fraction | None, best: Fraction, least: Fraction
) -> tuple[Reason, ...]:
    reasons = []
    low = [item.number for item in scored if item.outcome is Outcome.NOT_MET]
    if low:
        reasons.append(Reason("items-below-share", f"单项得分不足的指标:{'、'.join(low)}。"))
    if best < least:
        reasons.append(Reason("total-too-low", f"{_shown('总分', total, best)},低于 {number(least)} 分。"))
    waiting = [item.number for item in scored if item.points is None]
    if waiting:
        reasons.append(Reason("points-missing", f"尚有评分未完成的指标:{'、'.join(waiting)}。"))
    return tuple(reasons)


def _shown(label: str, points: Fraction | None, best: Fraction) -> str:
    return f"{label}{'最多' if points is None else ''} {printed(best, _DECIMALS)} 分"


def _band(scoring: Scoring, total: Fraction) -> str:
    reached = [name for lower, name in scoring.bands if total >= lower]
    return reached[-1] if reached else ""


def _sum(marks: Sequence[SubItemResult]) -> Fraction | None:
    """The marks given; None while one is open."""
    given = [sub.points for sub in marks if sub.points is not None]
    return sum(given, Fraction(0)) if len(given) == len(marks) else None


def _best(marks: Sequence[SubItemResult]) -> Fraction:
    """The most that can come out when what is open gets full marks."""
    return sum((sub.full_points if sub.points is None else sub.points for sub in marks), Fraction(0))


def _value(standard: Standard, parameter: Parameter, on: date, label: str) -> Fraction:
    row = parameter.on(on)
    if row is None:
        raise StandardError(f"标准 {standard.id} 的评分办法在 {on.isoformat()} 没有{label}。")
    return row.value
