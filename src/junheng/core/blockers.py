"""What stands between a county and the standard, in the order in which to look at it."""

from collections import Counter
from dataclasses import dataclass

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL
from junheng.core.rounding import printed
from junheng.core.standard import Part, Stage, Standard
from junheng.core.verdict import ItemResult, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that is not met or cannot be told. `path` leads to its explanation; `text` is a Chinese phrase with numbers."""

    part: Part
    path: str
    outcome: Outcome
    text: str


def find_blockers(verdict: Verdict, standard: Standard) -> tuple[Blocker, ...]:
    """All blockers: first what is surely not met (vetoes, coefficients, schools, items), then what cannot be told."""
    everything = [
        *_vetoes(verdict),
        *_dispersion(verdict, standard),
        *_schools(verdict, standard),
        *_items(verdict),
    ]
    failing = [entry for entry in everything if entry.outcome is Outcome.NOT_MET]
    unknown = [entry for entry in everything if entry.outcome is Outcome.CANNOT_TELL]
    return (*failing, *unknown)


def _vetoes(verdict: Verdict) -> list[Blocker]:
    words = {Outcome.NOT_MET: "存在", Outcome.CANNOT_TELL: "尚未审核"}
    return [
        Blocker(Part.VETO, f"veto:{entry.veto_id}", entry.outcome, f"一票否决:{entry.name}（{words[entry.outcome]}）")
        for entry in verdict.vetoes
        if entry.outcome is not Outcome.MET
    ]


def _dispersion(verdict: Verdict, standard: Standard) -> list[Blocker]:
    found = []
    for entry in sorted(verdict.dispersion, key=lambda result: -(result.coefficient or 0.0)):
        if entry.limit is None or entry.outcome is Outcome.MET:
            continue
        name = standard.indicator(entry.indicator_id).short_name
        value = f"{printed(entry.coefficient, 3)},上限{printed(entry.limit, 2)}"
        text = f"{STAGE_LABEL[entry.stage]}“{name}”差异系数 " + (entry.reason.text if entry.reason else value)
        path = f"dispersion:{entry.indicator_id}:{entry.stage.value}"
        found.append(Blocker(Part.RESOURCES, path, entry.outcome, text))
    for composite in verdict.composites:
        if composite.outcome in (Outcome.NOT_MET, Outcome.CANNOT_TELL):
            value = f"{printed(composite.value, 3)},上限{printed(composite.limit, 2)}"
            text = f"{STAGE_LABEL[composite.stage]}综合差异系数 {value}"
            found.append(Blocker(Part.RESOURCES, f"composite:{composite.stage.value}", composite.outcome, text))
    return found


def _schools(verdict: Verdict, standard: Standard) -> list[Blocker]:
    found = []
    for stage in Stage:
        schools = [entry for entry in verdict.schools if entry.stage is stage]
        for outcome, word in ((Outcome.NOT_MET, "不达标"), (Outcome.CANNOT_TELL, "无法判定")):
            open_schools = [entry for entry in schools if entry.outcome is outcome]
            if not open_schools or standard.school_rule is None:
                continue
            missed = Counter(
                result.indicator_id
                for school in open_schools
                for result in school.indicators
                if result.outcome is outcome
            )
            most = "、".join(f"{standard.indicator(name).short_name}{count}所" for name, count in missed.most_common(3))
            text = f"{STAGE_LABEL[stage]}{len(schools)}所中{len(open_schools)}所{word}（主要是{most}）"
            found.append(Blocker(Part.RESOURCES, "part:resources", outcome, text))
    return found


def _items(verdict: Verdict) -> list[Blocker]:
    return [
        Blocker(
            entry.part, f"item:{entry.item_id}", entry.outcome, f"{PART_LABEL[entry.part]}{entry.number} {_why(entry)}"
        )
        for entry in verdict.items
        if entry.outcome is not Outcome.MET
    ]


def _why(entry: ItemResult) -> str:
    if entry.failures:
        schools = len({failure.school_id for failure in entry.failures})
        return f"{entry.name}:{schools}所学校{len(entry.failures)}处不达标"
    return f"{entry.name}:{entry.reasons[0].text}" if entry.reasons else entry.name
