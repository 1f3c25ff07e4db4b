"""Judging one county: resources, items, scoring, vetoes and eligibility put together into one verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw

from junheng import __version__
from junheng.core.digest import facts_digest, sha256_of
from junheng.core.exceptions import refused_exceptions
from junheng.core.facts import Facts, in_key_order
from junheng.core.fields import FieldDictionary
from junheng.core.items import judge_items, needed_item_fields
from junheng.core.resources import ResourceResults, judge_resources
from junheng.core.scoring import judge_scoring
from junheng.core.stages import Rules, needed_fields
from junheng.core.standard import DispersionMode, Part, Standard
from junheng.core.verdict import (
    ItemResult,
    Outcome,
    PartResult,
    Reason,
    ScoringResult,
    Verdict,
    VetoResult,
    all_of,
)
from junheng.core.vetoes import judge_vetoes, needed_veto_fields


def default_day(year: int) -> date:
    """The day on which a year's facts are judged when nothing else is said: its last day."""
    return date(year, 12, 31)


def judge(
    facts: Facts,
    standard: Standard,
    dictionary: FieldDictionary,
    *,
    on: date | None = None,
    enabled: frozenset[str] = frozenset(),
) -> Verdict:
    """The verdict on one county by one standard.

    `on` selects dated values (default: the last day of the facts' year); `enabled` switches on exceptions by id.
    Missing facts give CANNOT_TELL with reasons. StandardError when an exception is unknown or a value is not dated for that day.
    """
    day = on or default_day(facts.year)
    rules = Rules.resolve(standard, day, enabled)
    facts = in_key_order(facts, dictionary)
    resources = judge_resources(facts, rules, dictionary)
    items = judge_items(facts, standard, day, enabled)
    vetoes = judge_vetoes(facts, standard, day, items)
    scoring = judge_scoring(items, standard, day)
    parts = _parts(standard, resources, items, vetoes, scoring)
    parts = _with_refusals(parts, standard, day, enabled)
    verdict = Verdict(
        standard_id=standard.id,
        standard_version=standard.version,
        standard_digest=standard.digest,
        engine_version=__version__,
        facts_digest=facts_digest(facts),
        county_code=facts.county_code,
        county_name=facts.county_name,
        year=facts.year,
        judged_on=day,
        outcome=all_of(entry.outcome for entry in parts),
        parts=parts,
        schools=resources.schools,
        excluded=resources.excluded,
        dispersion=resources.dispersion,
        composites=resources.composites,
        items=items,
        vetoes=vetoes,
        scoring=scoring,
        exceptions_enabled=tuple(sorted(enabled)),
        exceptions_used=_exceptions_used(resources, items),
        coverage=coverage(facts, standard),
    )
    return replace(verdict, digest=sha256_of(verdict))


def coverage(facts: Facts, standard: Standard) -> Mapping[str, tuple[int, int]]:
    """Per fact that the standard needs: how many rows have it, out of how many rows of its table."""
    names = (*needed_fields(standard), *sorted(needed_item_fields(standard) | needed_veto_fields(standard)))
    return {name: _filled(facts.table(table).get_column(field)) for name in names for table, field in [name.split(".")]}


def _filled(column: nw.Series[Any]) -> tuple[int, int]:
    return len(column) - column.null_count(), len(column)


def _parts(
    standard: Standard,
    resources: ResourceResults,
    items: Sequence[ItemResult],
    vetoes: Sequence[VetoResult],
    scoring: ScoringResult | None,
) -> tuple[PartResult, ...]:
    outcomes: dict[Part, list[Outcome]] = {Part.RESOURCES: _resource_outcomes(standard, resources)}
    for item in items:
        outcomes.setdefault(item.part, []).append(item.outcome)
    if scoring is not None:
        outcomes.setdefault(Part.SCORED, []).append(scoring.outcome)
    outcomes[Part.VETO] = [entry.outcome for entry in vetoes]
    return tuple(_part(part, outcomes[part], resources) for part in Part if outcomes.get(part))


def _resource_outcomes(standard: Standard, resources: ResourceResults) -> list[Outcome]:
    outcomes: list[Outcome] = []
    if standard.school_rule is not None:
        outcomes += [entry.outcome for entry in resources.schools]
    if standard.dispersion is not None and standard.dispersion.mode is DispersionMode.EACH:
        outcomes += [entry.outcome for entry in resources.dispersion]
    outcomes += [entry.outcome for entry in resources.composites if entry.outcome is not None]
    outcomes += [entry.mean_outcome for entry in resources.dispersion if entry.mean_outcome is not None]
    if standard.indicators and not resources.schools:
        outcomes.append(Outcome.CANNOT_TELL)
    return outcomes


def _part(part: Part, outcomes: Sequence[Outcome], resources: ResourceResults) -> PartResult:
    reasons: tuple[Reason, ...] = ()
    if part is Part.RESOURCES and not resources.schools:
        reasons = (Reason("no-school", "没有纳入资源配置评估的学校。"),)
    return PartResult(
        part=part,
        outcome=all_of(outcomes),
        met_count=sum(entry is Outcome.MET for entry in outcomes),
        not_met_count=sum(entry is Outcome.NOT_MET for entry in outcomes),
        cannot_tell_count=sum(entry is Outcome.CANNOT_TELL for entry in outcomes),
        reasons=reasons,
    )


def _with_refusals(
    parts: tuple[PartResult, ...], standard: Standard, day: date, enabled: frozenset[str]
) -> tuple[PartResult, ...]:
    """Tells at the resource part which exceptions were switched on for it outside their time, and so not used."""
    refused = refused_exceptions(standard, day, enabled)
    reasons = tuple(dict.fromkeys(reason for entry in standard.indicators for reason in refused.get(entry.id, ())))
    return tuple(
        replace(entry, reasons=(*entry.reasons, *reasons)) if entry.part is Part.RESOURCES else entry for entry in parts
    )


def _exceptions_used(resources: ResourceResults, items: Sequence[ItemResult]) -> tuple[str, ...]:
    groups = [entry.exceptions for school in resources.schools for entry in school.indicators]
    groups += [entry.exceptions for entry in items]
    return tuple(sorted({name for group in groups for name in group}))
