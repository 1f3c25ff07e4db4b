"""Two verdicts on the same county, by two standards or in two years: who flips, and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import ge, le

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL, amount_text
from junheng.core.rounding import MISSING, printed, rounded
from junheng.core.standard import Stage
from junheng.core.verdict import (
    CompositeResult,
    DispersionResult,
    ExcludedSchool,
    Failure,
    IndicatorResult,
    ItemResult,
    Outcome,
    SchoolResult,
    ScoringResult,
    Verdict,
    VetoResult,
)

_WORDS = ("前", "后")
_NOT_JUDGED = "不评估"
_NAMED = 3
"""How many failures of an item are told one by one."""
_MOST_DECIMALS = 8
_BAND = ("scoring", "band")
_Rule = Callable[[Fraction, Fraction], bool]


@dataclass(frozen=True, slots=True)
class Flip:
    """One judgement that differs. `before` and `after` are None where only one of the two verdicts judges it.

    `kind` is county, part, school, dispersion, composite, mean, item, scoring or veto; `why` are Chinese sentences. The band of
    the scores (kind scoring, key band) is the one judgement that can differ while its outcome stays: both are passed.
    """

    kind: str
    key: str
    name: str
    before: Outcome | None
    after: Outcome | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two verdicts.

    In the order county, parts, schools, dispersion, composites, means, items, scoring, vetoes.
    """

    before: str
    after: str
    flips: tuple[Flip, ...]
    same_count: int


def compare(before: Verdict, after: Verdict, names: Mapping[str, str]) -> Comparison:
    """Every judgement that both or only one of the two make, where the outcome (or the band of the scores) is not the same.

    `names` are the Chinese names of the indicators of both standards, by id. What neither of the two judges is not counted.
    """
    entries = [
        *_county(before, after),
        *_schools(before, after, names),
        *_dispersion(before, after, names),
        *_composites(before, after),
        *_means(before, after, names),
        *_items(before, after),
        *_scoring(before.scoring, after.scoring),
        *_vetoes(before, after),
    ]
    judged = [entry for entry in entries if entry.before is not None or entry.after is not None]
    flips = tuple(entry for entry in judged if _is_flip(entry))
    label = [f"{verdict.standard_id} {verdict.year}" for verdict in (before, after)]
    return Comparison(label[0], label[1], flips, len(judged) - len(flips))


def _is_flip(entry: Flip) -> bool:
    return entry.before is not entry.after or (entry.kind, entry.key) == _BAND


def _county(before: Verdict, after: Verdict) -> Iterable[Flip]:
    why = (f"依据 {before.standard_id} 与 {after.standard_id} 分别判定。",)
    yield Flip("county", before.county_code, before.county_name, before.outcome, after.outcome, why)
    parts = {entry.part for entry in (*before.parts, *after.parts)}
    for part in sorted(parts, key=lambda entry: entry.value):
        old, new = before.part(part), after.part(part)
        counts = [
            f"{word}:达标{entry.met_count}、不达标{entry.not_met_count}、无法判定{entry.cannot_tell_count}"
            for word, entry in zip(_WORDS, (old, new), strict=True)
            if entry is not None
        ]
        yield Flip(
            "part",
            part.value,
            PART_LABEL[part],
            old.outcome if old else None,
            new.outcome if new else None,
            tuple(counts),
        )


def _schools(before: Verdict, after: Verdict, names: Mapping[str, str]) -> Iterable[Flip]:
    old, new = ({entry.key: entry for entry in verdict.schools} for verdict in (before, after))
    for key in sorted(old.keys() | new.keys()):
        first, second = old.get(key), new.get(key)
        known = first or new[key]
        name = f"{known.school_name}（{STAGE_LABEL[known.stage]}）"
        yield Flip(
            "school",
            ":".join(key),
            name,
            first.outcome if first else None,
            second.outcome if second else None,
            _why_absent(known, first is None, before.excluded if first is None else after.excluded)
            if first is None or second is None
            else _why_school(first, second, names),
        )


def _why_absent(known: SchoolResult, is_first: bool, excluded: Iterable[ExcludedSchool]) -> tuple[str, ...]:
    word = "前者" if is_first else "后者"
    texts = [f"{entry.text}（{entry.clause}）" for entry in excluded if entry.school_id == known.school_id]
    return tuple(f"{word}不评估该校:{text}" for text in texts) or (f"{word}没有该校数据。",)


def _why_school(first: SchoolResult, second: SchoolResult, names: Mapping[str, str]) -> tuple[str, ...]:
    """The indicators that differ; where none does, the rule for schools must, so how many are met is told."""
    reasons = []
    earlier = {entry.indicator_id: entry for entry in first.indicators}
    for entry in second.indicators:
        old, name = earlier.pop(entry.indicator_id, None), names[entry.indicator_id]
        if old is None:
            reasons.append(f"{name}:只在后者评估")
        elif _state(old) != _state(entry):
            is_floor_told = old.floor_outcome is not entry.floor_outcome
            reasons.append(f"{name}:{_reached(old, is_floor_told)}→{_reached(entry, is_floor_told)}")
    reasons += [f"{names[name]}:只在前者评估" for name in earlier]
    return tuple(reasons) or tuple(
        f"{word}:{entry.met_count}/{len(entry.indicators)}项达标,{entry.floor_count}/{len(entry.indicators)}项达到底线"
        for word, entry in zip(_WORDS, (first, second), strict=True)
    )


def _state(entry: IndicatorResult) -> tuple[Outcome, Outcome, Fraction | None]:
    """All of an indicator that a school can flip by."""
    return (entry.outcome, entry.floor_outcome, entry.threshold)


def _reached(entry: IndicatorResult, is_floor_told: bool) -> str:
    """A value beside its threshold. One that misses it says on which side of the floor it is, if that is what changed."""
    floor = ""
    if is_floor_told and entry.outcome is Outcome.NOT_MET:
        floor = ",达到底线" if entry.floor_outcome is Outcome.MET else ",低于底线"
    value = _telling(entry.value, entry.threshold, 2, entry.outcome, ge)
    return f"{value}（标准{printed(entry.threshold, 2)}{floor}）"


def _telling(
    value: Fraction | float | None, limit: Fraction | None, decimals: int, outcome: Outcome | None, holds: _Rule
) -> str:
    """The value printed with as many more decimals as it takes not to look as if its outcome were another one.

    `holds` compares a value with the limit. Without a limit, or a value, there is nothing to compare.
    """
    if value is None or limit is None:
        return printed(value, decimals)
    is_met = outcome is Outcome.MET
    while holds(rounded(Fraction(value), decimals), limit) is not is_met and decimals < _MOST_DECIMALS:
        decimals += 1
    return printed(value, decimals)


def _dispersion(before: Verdict, after: Verdict, names: Mapping[str, str]) -> Iterable[Flip]:
    old, new = _by_group(before), _by_group(after)
    for key in sorted(old.keys() | new.keys()):
        first, second = old.get(key), new.get(key)
        name = f"{STAGE_LABEL[key[1]]}“{names[key[0]]}”差异系数"
        why = _why_spread("差异系数", (first, second))
        yield Flip("dispersion", ":".join(key), name, _judged(first), _judged(second), why)


def _by_group(verdict: Verdict) -> Mapping[tuple[str, Stage], DispersionResult]:
    return {(entry.indicator_id, entry.stage): entry for entry in verdict.dispersion}


def _judged(entry: DispersionResult | None) -> Outcome | None:
    """A coefficient that has no limit is printed but not judged."""
    return entry.outcome if entry is not None and entry.limit is not None else None


def _composites(before: Verdict, after: Verdict) -> Iterable[Flip]:
    """The means of all coefficients of a stage, judged by some standards."""
    old, new = ({entry.stage: entry for entry in verdict.composites} for verdict in (before, after))
    for stage in Stage:
        first, second = old.get(stage), new.get(stage)
        label = "综合差异系数"
        outcomes = (first.outcome if first else None, second.outcome if second else None)
        why = _why_spread(label, (first, second))
        yield Flip("composite", stage.value, f"{STAGE_LABEL[stage]}{label}", *outcomes, why)


def _why_spread(label: str, pair: Sequence[DispersionResult | CompositeResult | None]) -> tuple[str, ...]:
    """Both values with their limits, and why one is missing."""
    reasons = []
    for word, entry in zip(_WORDS, pair, strict=True):
        if entry is None:
            continue
        value = entry.coefficient if isinstance(entry, DispersionResult) else entry.value
        shown = _telling(value, entry.limit, 3, entry.outcome, le)
        reasons.append(f"{word}:{label}{shown},上限{printed(entry.limit, 2)}")
        reasons += [f"{word}:{entry.reason.text}"] if entry.reason is not None else []
    return tuple(reasons)


def _means(before: Verdict, after: Verdict, names: Mapping[str, str]) -> Iterable[Flip]:
    """The county values of the indicators, judged where a standard asks for them."""
    verdicts = (before, after)
    groups, limits = [_by_group(entry) for entry in verdicts], [_thresholds(entry) for entry in verdicts]
    for key in sorted(groups[0].keys() | groups[1].keys()):
        pair = [group.get(key) for group in groups]
        outcomes = [entry.mean_outcome if entry is not None else None for entry in pair]
        name = f"{STAGE_LABEL[key[1]]}“{names[key[0]]}”全县平均值"
        why = tuple(
            f"{word}:{_mean_text(entry, limit.get(key))}"
            for word, entry, limit in zip(_WORDS, pair, limits, strict=True)
        )
        yield Flip("mean", ":".join(key), name, outcomes[0], outcomes[1], why)


def _thresholds(verdict: Verdict) -> Mapping[tuple[str, Stage], Fraction | None]:
    """The threshold of each indicator and stage, the same for every school; a stage without schools has no mean either."""
    return {
        (entry.indicator_id, school.stage): entry.threshold for school in verdict.schools for entry in school.indicators
    }


def _mean_text(entry: DispersionResult | None, limit: Fraction | None) -> str:
    if entry is None or entry.mean_outcome is None:
        return _NOT_JUDGED
    if entry.mean is not None:
        value = _telling(entry.mean, limit, 2, entry.mean_outcome, ge)
        return f"全县平均值{value},标准{printed(limit, 2)}"
    if not entry.school_count:
        return "该学段没有纳入评估的学校"
    return f"全县平均值无法计算,{entry.school_count}所学校中有{entry.missing_count}所没有可用的数据"


def _items(before: Verdict, after: Verdict) -> Iterable[Flip]:
    old, new = ({entry.item_id: entry for entry in verdict.items} for verdict in (before, after))
    for key in [*old, *(name for name in new if name not in old)]:
        first, second = old.get(key), new.get(key)
        name = (first or new[key]).name
        outcomes = (first.outcome if first else None, second.outcome if second else None)
        yield Flip("item", key, name, *outcomes, _why_each((first, second)))


def _why_each(pair: Sequence[ItemResult | VetoResult | None]) -> tuple[str, ...]:
    """What each of the two says for itself: the value and its limit, the reasons, who fails."""
    reasons = []
    for word, entry in zip(_WORDS, pair, strict=True):
        if entry is None:
            reasons.append(f"{word}:{_NOT_JUDGED}")
            continue
        if isinstance(entry, ItemResult) and entry.limit is not None:
            value = amount_text(entry.value, entry.unit) or MISSING
            reasons.append(f"{word}:{value},标准{amount_text(entry.limit, entry.unit)}（{entry.clause}）")
        reasons += [f"{word}:{reason.text}" for reason in entry.reasons]
        failures = entry.failures if isinstance(entry, ItemResult) else ()
        reasons += [f"{word}:{text}" for text in _failing(failures)]
    return tuple(reasons)


def _failing(failures: Sequence[Failure]) -> Iterable[str]:
    """Who fails and by how much. What passes names nobody, so at a flip all that are named are new, or gone."""
    if len(failures) > _NAMED:
        schools = len({failure.school_id for failure in failures})
        yield f"{schools}所学校{len(failures)}处不达标,只列前{_NAMED}处"
    for failure in failures[:_NAMED]:
        yield f"{failure.school_name}:{failure.text}"


def _scoring(first: ScoringResult | None, second: ScoringResult | None) -> Iterable[Flip]:
    """The sum of the scored items, and its band where both pass and only the band differs."""
    outcomes = (first.outcome if first else None, second.outcome if second else None)
    why = tuple(text for word, entry in zip(_WORDS, (first, second), strict=True) for text in _scored(word, entry))
    yield Flip("scoring", "total", "量化计分（总分和单项得分）", *outcomes, why)
    bands = [entry.band for entry in (first, second) if entry is not None and entry.band]
    if len(set(bands)) > 1:
        yield Flip(*_BAND, "量化计分等次", *outcomes, why)


def _scored(word: str, entry: ScoringResult | None) -> Iterable[str]:
    if entry is None:
        yield f"{word}:{_NOT_JUDGED}"
        return
    total = amount_text(entry.total, "分") or MISSING
    yield f"{word}:总分{total}（满分{amount_text(entry.full, '分')}）" + (f",等次{entry.band}" if entry.band else "")
    yield from (f"{word}:{reason.text}" for reason in entry.reasons)


def _vetoes(before: Verdict, after: Verdict) -> Iterable[Flip]:
    old, new = ({entry.veto_id: entry for entry in verdict.vetoes} for verdict in (before, after))
    for key in [*old, *(name for name in new if name not in old)]:
        first, second = old.get(key), new.get(key)
        name = (first or new[key]).name
        outcomes = (first.outcome if first else None, second.outcome if second else None)
        yield Flip("veto", key, name, *outcomes, _why_each((first, second)))
