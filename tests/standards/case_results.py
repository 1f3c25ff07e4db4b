"""What the engine gives for a worked case: only the part that judges the subject runs, so that hundreds of cases stay fast."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from junheng.core.facts import Facts
from junheng.core.items import judge_items
from junheng.core.resources import judge_resources
from junheng.core.stages import Rules
from junheng.core.standard import Standard
from junheng.core.verdict import Outcome
from junheng.core.vetoes import judge_vetoes
from junheng.core.worked_case import WorkedCase
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standard_cases import case_facts


@dataclass(frozen=True)
class Found:
    """Outcome, value and points that came out; `points` only for a scored sub-item."""

    outcome: Outcome | None
    value: Fraction | None = None
    points: Fraction | None = None


def run(cases: Sequence[WorkedCase], standard: Standard) -> dict[str, Found]:
    """The result of the entry that each case judges, by case id. All cases judge the same entry of the standard."""
    judges = cases[0].judges
    if any(entry.id == judges for entry in standard.indicators):
        return _indicators(cases, standard)
    if any(entry.id == judges for entry in standard.vetoes):
        return {case.id: _veto(case, standard) for case in cases}
    narrow = narrowed(standard, judges)
    return {case.id: _item(case, narrow) for case in cases}


def narrowed(standard: Standard, entry_id: str) -> Standard:
    """The standard with one indicator or item only, and the exceptions that apply to it."""
    exceptions = tuple(entry for entry in standard.exceptions if entry_id in entry.applies_to)
    return replace(
        standard,
        indicators=tuple(entry for entry in standard.indicators if entry.id == entry_id),
        items=tuple(
            entry for entry in standard.items if entry_id in {entry.id, *(sub_item.id for sub_item in entry.sub_items)}
        ),
        exceptions=tuple(replace(entry, applies_to=(entry_id,)) for entry in exceptions),
    )


def _indicators(cases: Sequence[WorkedCase], standard: Standard) -> dict[str, Found]:
    """Resource indicators are judged row by row, so cases with the same exceptions share one county, each in its own school."""
    narrow = narrowed(standard, cases[0].judges)
    found = {}
    for (enabled, day), together in _grouped(cases).items():
        schools = judge_resources(_one_county(together), Rules.resolve(narrow, day, enabled), load_dictionary()).schools
        judged = {(school.school_id, school.stage): school.indicators for school in schools}
        for case in together:
            (result,) = judged[_own(case, case.school_id), case.stage]  # type: ignore[index]
            found[case.id] = Found(result.outcome, result.value)
    return found


def _grouped(cases: Sequence[WorkedCase]) -> dict[tuple[frozenset[str], date], list[WorkedCase]]:
    groups: dict[tuple[frozenset[str], date], list[WorkedCase]] = {}
    for case in cases:
        groups.setdefault((frozenset(case.exceptions), case.on), []).append(case)
    return groups


def _own(case: WorkedCase, school_id: str) -> str:
    return f"{case.id}/{school_id}"


def _one_county(cases: Sequence[WorkedCase]) -> Facts:
    rows = {
        table: tuple(
            {**row, "school_id": _own(case, row["school_id"])} for case in cases for row in case.rows.get(table, ())
        )
        for table in ("schools", "stages")
    }
    return case_facts(replace(cases[0], rows={"county": cases[0].rows["county"], **rows}))


def _item(case: WorkedCase, standard: Standard) -> Found:
    (result,) = judge_items(case_facts(case), standard, case.on, frozenset(case.exceptions))
    if result.item_id == case.judges:
        return Found(result.outcome, result.value)
    (sub_item,) = (entry for entry in result.sub_items if entry.id == case.judges)
    return Found(Outcome.CANNOT_TELL if sub_item.points is None else None, points=sub_item.points)


def _veto(case: WorkedCase, standard: Standard) -> Found:
    narrow = replace(standard, vetoes=tuple(entry for entry in standard.vetoes if entry.id == case.judges))
    facts = case_facts(case)
    results = judge_vetoes(facts, narrow, case.on, judge_items(facts, narrow, case.on))
    return Found({entry.veto_id: entry.outcome for entry in results}[case.judges])
