"""The numbers of 表Ⅱ-1, 表Ⅱ-2 and 表Ⅲ, shared by the workbook and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.core.standard import ResourceIndicator, Stage
from junheng.core.verdict import CompositeResult, DispersionResult, IndicatorResult, Outcome, SchoolResult
from junheng.reports.bundle_content import Bundle

__all__ = ["MetCount", "composite_of", "dispersion_tone", "indicator_tone", "met_counts", "remark", "school_footnote"]


@dataclass(frozen=True, slots=True)
class MetCount:
    """How many schools of a stage surely meet something, out of how many, and for how many it cannot be told."""

    met: int
    unknown: int
    total: int

    @property
    def percent(self) -> Fraction | None:
        """The share in %; None when there is no school or one of them cannot be told."""
        return Fraction(100 * self.met, self.total) if self.total and not self.unknown else None


def met_counts(bundle: Bundle, stage: Stage) -> tuple[list[MetCount], MetCount]:
    """One count per indicator, and one for schools that pass as a whole."""
    schools = bundle.schools_of(stage)
    columns: Sequence[Sequence[IndicatorResult]] = list(zip(*(school.indicators for school in schools), strict=True))
    by_indicator = [_count([result.outcome for result in column]) for column in columns]
    if not schools:
        by_indicator = [MetCount(0, 0, 0) for _ in bundle.standard.indicators]
    return by_indicator, _count([school.outcome for school in schools])


def _count(outcomes: Sequence[Outcome]) -> MetCount:
    return MetCount(outcomes.count(Outcome.MET), outcomes.count(Outcome.CANNOT_TELL), len(outcomes))


def indicator_tone(result: IndicatorResult) -> str:
    """`bad` below the floor, `warn` below the threshold, `unknown` when it cannot be told, else empty."""
    if result.threshold is None or result.outcome is Outcome.MET:
        return "" if result.value is not None else "unknown"
    if result.outcome is Outcome.CANNOT_TELL:
        return "unknown"
    return "warn" if result.floor_outcome is Outcome.MET else "bad"


def dispersion_tone(result: DispersionResult | CompositeResult | None) -> str:
    """`bad` over its limit, `unknown` when there is no coefficient, else empty."""
    value = None
    if isinstance(result, DispersionResult):
        value = result.coefficient
    elif result is not None:
        value = result.value
    if result is None or value is None:
        return "unknown"
    return "bad" if result.limit is not None and result.outcome is Outcome.NOT_MET else ""


def composite_of(bundle: Bundle, stage: Stage) -> CompositeResult | None:
    """The mean of a stage's coefficients."""
    return next((entry for entry in bundle.verdict.composites if entry.stage is stage), None)


def remark(bundle: Bundle, school: SchoolResult) -> str:
    """Which indicators are met, which reach the floor, which do not, and which cannot be told, by their numbers."""
    groups: dict[str, list[ResourceIndicator]] = {}
    for entry, result in bundle.results(school):
        groups.setdefault(_group(result), []).append(entry)
    texts = {
        "met": "达标：第{numbers}项（{count}项）",
        "floor": f"达到{bundle.floor_word}：第{{numbers}}项",
        "below": f"不足{bundle.floor_word}：第{{numbers}}项",
        "unknown": "无法判定：第{numbers}项",
    }
    shown = [
        text.format(numbers="、".join(entry.number for entry in groups[name]), count=len(groups[name]))
        for name, text in texts.items()
        if name in groups
    ]
    return "；".join(shown)


def _group(result: IndicatorResult) -> str:
    if result.outcome is Outcome.MET:
        return "met"
    return {"warn": "floor", "bad": "below"}.get(indicator_tone(result), "unknown")


def school_footnote(bundle: Bundle) -> str:
    """The count of judged schools as the note below 表Ⅱ-2 asks for it."""
    kinds = {stage: [school.school_type for school in bundle.schools_of(stage)] for stage in Stage}
    primary, junior = kinds[Stage.PRIMARY], kinds[Stage.JUNIOR]
    integrated = ("nine_year_school", "twelve_year_school")
    senior = _among(junior, "full_secondary_school")
    return (
        f"小学学校总数{len(primary)}所（其中：一贯制学校的小学部有{_among(primary, *integrated)}所，"
        f"{_points(bundle)}{_among(primary, 'teaching_point')}个），初中学校总数{len(junior)}所"
        f"（其中：一贯制学校的初中部{_among(junior, *integrated)}所，完全中学的初中部{senior}所）。"
    )


def _among(kinds: Sequence[str], *wanted: str) -> int:
    return sum(kind in wanted for kind in kinds)


def _points(bundle: Bundle) -> str:
    scope = bundle.standard.scope
    row = scope.teaching_point_minimum.on(bundle.rules.on) if scope.teaching_point_minimum else None
    return f"{int(row.value)}人及以上教学点有" if row is not None else "教学点有"
