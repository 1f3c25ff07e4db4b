"""Two verdicts on the same county, by two standards or in two years: who flips, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL, amount_text
from junheng.core.rounding import printed
from junheng.core.verdict import DispersionResult, ExcludedSchool, ItemResult, Outcome, SchoolResult, Verdict


@dataclass(frozen=True, slots=True)
class Flip:
    """One judgement that differs. `before` and `after` are None where only one of the two verdicts judges it.

    `kind` is county, part, school, dispersion, item or veto; `why` are Chinese sentences.
    """

    kind: str
    key: str
    name: str
    before: Outcome | None
    after: Outcome | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two verdicts, in the order county, parts, schools, dispersion, items, vetoes."""

    before: str
    after: str
    flips: tuple[Flip, ...]
    same_count: int


def compare(before: Verdict, after: Verdict, names: Mapping[str, str]) -> Comparison:
    """Every judgement that both or only one of the two make, where the outcome is not the same.

    `names` are the Chinese names of the indicators of both standards, by id.
    """
    entries = [*_county(before, after), *_schools(before, after, names), *_dispersion(before, after, names)]
    entries += [*_items(before, after), *_vetoes(before, after)]
    flips = tuple(entry for entry in entries if entry.before is not entry.after)
    label = [f"{verdict.standard_id} {verdict.year}" for verdict in (before, after)]
    return Comparison(label[0], label[1], flips, len(entries) - len(flips))


def _county(before: Verdict, after: Verdict) -> Iterable[Flip]:
    why = (f"依据 {before.standard_id} 与 {after.standard_id} 分别判定。",)
    yield Flip("county", before.county_code, before.county_name, before.outcome, after.outcome, why)
    parts = {entry.part for entry in (*before.parts, *after.parts)}
    for part in sorted(parts, key=lambda entry: entry.value):
        old, new = before.part(part), after.part(part)
        counts = [
            f"{word}:达标{entry.met_count}、不达标{entry.not_met_count}、无法判定{entry.cannot_tell_count}"
            for word, entry in (("前", old), ("后", new))
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
    reasons = []
    earlier = {entry.indicator_id: entry for entry in first.indicators}
    for entry in second.indicators:
        old, name = earlier.pop(entry.indicator_id, None), names[entry.indicator_id]
        if old is None:
            reasons.append(f"{name}:只在后者评估")
        elif old.outcome is not entry.outcome or old.threshold != entry.threshold:
            reasons.append(f"{name}:{_pair(old.value, old.threshold)}→{_pair(entry.value, entry.threshold)}")
    reasons += [f"{names[name]}:只在前者评估" for name in earlier]
    return tuple(reasons)


def _pair(value: Fraction | None, limit: Fraction | None) -> str:
    return f"{printed(value, 2)}（标准{printed(limit, 2)}）"


def _dispersion(before: Verdict, after: Verdict, names: Mapping[str, str]) -> Iterable[Flip]:
    old, new = (
        {(entry.indicator_id, entry.stage): entry for entry in verdict.dispersion} for verdict in (before, after)
    )
    for key in sorted(old.keys() | new.keys()):
        first, second = old.get(key), new.get(key)
        why = tuple(
            f"{word}:差异系数{printed(entry.coefficient, 3)},上限{printed(entry.limit, 2)}"
            for word, entry in (("前", first), ("后", second))
            if entry is not None
        )
        name = f"{STAGE_LABEL[key[1]]}“{names[key[0]]}”差异系数"
        yield Flip("dispersion", ":".join(key), name, _judged(first), _judged(second), why)


def _judged(entry: DispersionResult | None) -> Outcome | None:
    """A coefficient that has no limit is printed but not judged."""
    return entry.outcome if entry is not None and entry.limit is not None else None


def _items(before: Verdict, after: Verdict) -> Iterable[Flip]:
    old, new = ({entry.item_id: entry for entry in verdict.items} for verdict in (before, after))
    for key in [*old, *(name for name in new if name not in old)]:
        first, second = old.get(key), new.get(key)
        name = (first or new[key]).name
        outcomes = (first.outcome if first else None, second.outcome if second else None)
        yield Flip("item", key, name, *outcomes, _why_item(first, second))


def _why_item(first: ItemResult | None, second: ItemResult | None) -> tuple[str, ...]:
    reasons = []
    for word, entry in (("前", first), ("后", second)):
        if entry is None:
            reasons.append(f"{word}:不评估")
            continue
        if entry.limit is not None:
            value = amount_text(entry.value, entry.unit) or "—"
            reasons.append(f"{word}:{value},标准{amount_text(entry.limit, entry.unit)}（{entry.clause}）")
        reasons += [f"{word}:{reason.text}" for reason in entry.reasons]
    return tuple(reasons)


def _vetoes(before: Verdict, after: Verdict) -> Iterable[Flip]:
    old, new = ({entry.veto_id: entry for entry in verdict.vetoes} for verdict in (before, after))
    for key in [*old, *(name for name in new if name not in old)]:
        first, second = old.get(key), new.get(key)
        name = (first or new[key]).name
        why = tuple(reason.text for entry in (first, second) if entry for reason in entry.reasons)
        outcomes = (first.outcome if first else None, second.outcome if second else None)
        yield Flip("veto", key, name, *outcomes, why)
