"""What stands between a county and the standard, in the order in which to look at it.

This is the only list of what blocks: the verdict screen prints it as it is, the gap list and the report word it at length.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL, amount_text, counted
from junheng.core.rounding import printed
from junheng.core.school_rule import threshold
from junheng.core.stages import Rules
from junheng.core.standard import Part, Stage, Standard
from junheng.core.verdict import (
    CompositeResult,
    DispersionResult,
    ItemResult,
    Outcome,
    PartResult,
    ScoringResult,
    Verdict,
    VetoResult,
)

_NAMED = 3
"""How many indicators a line about schools names."""


class BlockerKind(StrEnum):
    """What kind of thing blocks, in the order of the list."""

    VETO = "veto"
    NO_SCHOOL = "no_school"
    COEFFICIENT = "coefficient"
    COMPOSITE = "composite"
    MEAN = "mean"
    SCHOOLS = "schools"
    ITEM = "item"
    SCORING = "scoring"


@dataclass(frozen=True, slots=True)
class MissedIndicator:
    """How many schools of a stage share an outcome in one indicator: all judged ones, and those that are open as a whole."""

    indicator_id: str
    school_count: int
    open_count: int


@dataclass(frozen=True, slots=True)
class OpenSchools:
    """The schools of a stage with one outcome (not met, or cannot tell), out of all that are judged.

    `missed` are the indicators with that outcome, those that hold back most schools first. It also has indicators that only
    schools miss which pass as a whole.
    """

    stage: Stage
    count: int
    judged_count: int
    missed: tuple[MissedIndicator, ...]


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that is not met or cannot be told.

    `path` leads to its explanation; `text` is a Chinese phrase with numbers; `result` is what the verdict says about it: for
    `MEAN` the dispersion whose mean it is.
    """

    kind: BlockerKind
    part: Part
    path: str
    outcome: Outcome
    text: str
    result: VetoResult | PartResult | DispersionResult | CompositeResult | OpenSchools | ItemResult | ScoringResult


def find_blockers(verdict: Verdict, standard: Standard) -> tuple[Blocker, ...]:
    """All blockers: first what is surely not met, then what cannot be told, each in the order of `BlockerKind`.

    Coefficients come with the one that is furthest above its limit first. One that is not judged itself blocks when it is
    unknown and the composite of its stage is judged.
    """
    everything = [
        *_vetoes(verdict),
        *_no_school(verdict),
        *_coefficients(verdict, standard),
        *_composites(verdict),
        *_means(verdict, standard),
        *_schools(verdict, standard),
        *_items(verdict),
        *_scoring(verdict),
    ]
    failing = [entry for entry in everything if entry.outcome is Outcome.NOT_MET]
    unknown = [entry for entry in everything if entry.outcome is Outcome.CANNOT_TELL]
    return (*failing, *unknown)


def _vetoes(verdict: Verdict) -> Iterator[Blocker]:
    for entry in verdict.vetoes:
        if entry.outcome is not Outcome.MET:
            text = f"一票否决:{entry.name}（{_veto_state(entry)}）"
            yield Blocker(BlockerKind.VETO, Part.VETO, f"veto:{entry.veto_id}", entry.outcome, text, entry)


def _veto_state(entry: VetoResult) -> str:
    if entry.outcome is Outcome.NOT_MET:
        return "存在"
    told = [reason.text.rstrip("。") for reason in entry.reasons if not reason.code.startswith("judgement-")]
    return told[0] if told else "尚未审核"


def _no_school(verdict: Verdict) -> Iterator[Blocker]:
    part = verdict.part(Part.RESOURCES)
    if part is not None and part.outcome is Outcome.CANNOT_TELL and part.reasons:
        text = "".join(reason.text for reason in part.reasons)
        yield Blocker(BlockerKind.NO_SCHOOL, Part.RESOURCES, "part:resources", part.outcome, text, part)


def _coefficients(verdict: Verdict, standard: Standard) -> Iterator[Blocker]:
    for entry in sorted(verdict.dispersion, key=_excess, reverse=True):
        if entry.outcome is Outcome.MET or not _is_judged(entry, verdict):
            continue
        name = standard.indicator(entry.indicator_id).short_name
        value = f"{printed(entry.coefficient, 3)},上限{printed(entry.limit, 2)}"
        text = f"{STAGE_LABEL[entry.stage]}“{name}”差异系数 {entry.reason.text if entry.reason else value}"
        path = f"dispersion:{entry.indicator_id}:{entry.stage.value}"
        yield Blocker(BlockerKind.COEFFICIENT, Part.RESOURCES, path, entry.outcome, text, entry)


def _excess(entry: DispersionResult) -> float:
    """How far a coefficient is above its limit; what is unknown or has no limit counts as at it."""
    return 0.0 if entry.coefficient is None or entry.limit is None else entry.coefficient - float(entry.limit)


def _is_judged(entry: DispersionResult, verdict: Verdict) -> bool:
    """Whether the coefficient decides anything: by itself, or through the composite of its stage."""
    by_composite = any(other.stage is entry.stage and other.limit is not None for other in verdict.composites)
    return entry.limit is not None or by_composite


def _composites(verdict: Verdict) -> Iterator[Blocker]:
    for entry in verdict.composites:
        if entry.outcome is None or entry.outcome is Outcome.MET:
            continue
        value = f"{printed(entry.value, 3)},上限{printed(entry.limit, 2)}"
        text = f"{STAGE_LABEL[entry.stage]}综合差异系数 {entry.reason.text if entry.reason else value}"
        path = f"composite:{entry.stage.value}"
        yield Blocker(BlockerKind.COMPOSITE, Part.RESOURCES, path, entry.outcome, text, entry)


def _means(verdict: Verdict, standard: Standard) -> Iterator[Blocker]:
    """County means below their threshold, and unknown ones unless the coefficient is unknown for the same reason."""
    rules = Rules.resolve(standard, verdict.judged_on)
    for entry in verdict.dispersion:
        if entry.mean_outcome is None or entry.mean_outcome is Outcome.MET:
            continue
        if entry.mean_outcome is Outcome.CANNOT_TELL and _is_judged(entry, verdict):
            continue
        indicator = standard.indicator(entry.indicator_id)
        limit = counted(threshold(indicator, entry.stage, rules), 8)
        shown = amount_text(entry.mean, indicator.unit) or "无法计算"
        text = f"{STAGE_LABEL[entry.stage]}“{indicator.short_name}”全县平均值{shown},标准{limit}{indicator.unit}"
        path = f"dispersion:{entry.indicator_id}:{entry.stage.value}"
        yield Blocker(BlockerKind.MEAN, Part.RESOURCES, path, entry.mean_outcome, text, entry)


def _schools(verdict: Verdict, standard: Standard) -> Iterator[Blocker]:
    if standard.school_rule is None:
        return
    for stage in Stage:
        for outcome, word in ((Outcome.NOT_MET, "不达标"), (Outcome.CANNOT_TELL, "无法判定")):
            found = _open_schools(verdict, stage, outcome)
            if not found.count:
                continue
            most = "、".join(
                f"{standard.indicator(missed.indicator_id).short_name}{missed.open_count}所"
                for missed in found.missed[:_NAMED]
                if missed.open_count
            )
            text = f"{STAGE_LABEL[stage]}{found.judged_count}所中{found.count}所{word}（主要是{most}）"
            yield Blocker(BlockerKind.SCHOOLS, Part.RESOURCES, "part:resources", outcome, text, found)


def _open_schools(verdict: Verdict, stage: Stage, outcome: Outcome) -> OpenSchools:
    judged = [entry for entry in verdict.schools if entry.stage is stage]
    in_all, in_open = Counter[str](), Counter[str]()
    for school in judged:
        missed = [result.indicator_id for result in school.indicators if result.outcome is outcome]
        in_all.update(missed)
        in_open.update(missed if school.outcome is outcome else ())
    ranked = sorted(in_all, key=lambda name: (-in_open[name], -in_all[name]))
    return OpenSchools(
        stage=stage,
        count=sum(school.outcome is outcome for school in judged),
        judged_count=len(judged),
        missed=tuple(MissedIndicator(name, in_all[name], in_open[name]) for name in ranked),
    )


def _items(verdict: Verdict) -> Iterator[Blocker]:
    for entry in verdict.items:
        if entry.outcome is not Outcome.MET:
            text = f"{PART_LABEL[entry.part]}{entry.number} {_why(entry)}"
            yield Blocker(BlockerKind.ITEM, entry.part, f"item:{entry.item_id}", entry.outcome, text, entry)


def _why(entry: ItemResult) -> str:
    if entry.failures:
        schools = len({failure.school_id for failure in entry.failures})
        return f"{entry.name}:{schools}所学校{len(entry.failures)}处不达标"
    waiting = sum(sub.points is None for sub in entry.sub_items)
    if waiting and entry.outcome is Outcome.CANNOT_TELL:
        return f"{entry.name}:{waiting}个计分点没有得分"
    if not entry.reasons:
        return entry.name
    if entry.reasons[0].code == "judgement-missing":
        return f"{entry.name}（尚未审核）"  # how to have it judged is told once for all of them, not line by line
    reason = entry.reasons[-1 if entry.sub_items else 0]  # the verdict on a sum of points stands behind its points
    return f"{entry.name}:{reason.text}"


def _scoring(verdict: Verdict) -> Iterator[Blocker]:
    """A sum of points that is too low; one that is unknown is unknown because of its items, which are listed."""
    entry = verdict.scoring
    if entry is not None and entry.outcome is Outcome.NOT_MET:
        text = f"{PART_LABEL[Part.SCORED]} {''.join(reason.text for reason in entry.reasons)}"
        yield Blocker(BlockerKind.SCORING, Part.SCORED, "part:scored", entry.outcome, text, entry)
