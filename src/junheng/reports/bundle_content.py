"""What every document of one evaluation is made from, with the look-ups that several of them need.

Documents ask, they do not judge: everything here is taken from the verdict, the facts and the standard as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from junheng.core.exceptions import values_on
from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.gaps import Gaps, SchoolGap
from junheng.core.item_formulas.roll import Roll
from junheng.core.school_rule import floor_share, threshold
from junheng.core.stages import Rules
from junheng.core.standard import Item, Part, ResourceIndicator, Stage, Standard
from junheng.core.verdict import (
    DispersionResult,
    ExcludedSchool,
    Failure,
    IndicatorResult,
    ItemResult,
    SchoolResult,
    Verdict,
)
from junheng.reports.wording import STAGE_WORD, chinese_date

__all__ = ["TRIAL", "Bundle"]

TRIAL = "试算"
_DIGITS = 16
_INTEGRATED = ("nine_year_school", "twelve_year_school")


@dataclass(frozen=True)
class Bundle:
    """One verdict with the facts, rules, dictionary and gaps it belongs to.

    `is_trial`: the facts hold findings that block, so every document says 「试算」 and must not be submitted.
    """

    verdict: Verdict
    facts: Facts
    rules: Rules
    dictionary: FieldDictionary
    gaps: Gaps
    is_trial: bool

    @property
    def standard(self) -> Standard:
        """The standard the verdict rests on."""
        return self.rules.standard

    @cached_property
    def roll(self) -> Roll:
        """The schools with compulsory stages and what was reported about each."""
        return Roll(self.facts)

    @property
    def check_code(self) -> str:
        """The first 16 hexadecimal digits of the verdict's digest, which bind a document to its verdict."""
        return self.verdict.digest[:_DIGITS]

    @property
    def stamp(self) -> str:
        """The line at the foot of every document: check code, standard, engine version and day of judging."""
        verdict = self.verdict
        trial = f"{TRIAL}，不得上报　" if self.is_trial else ""
        return (
            f"{trial}判定校验码 {self.check_code}　标准 {verdict.standard_id}（{verdict.standard_version}）　"
            f"引擎 {verdict.engine_version}　判定日 {chinese_date(verdict.judged_on)}"
        )

    @property
    def trial_mark(self) -> str:
        """「（试算）」 for a trial, else empty."""
        return f"（{TRIAL}）" if self.is_trial else ""

    @property
    def programme(self) -> str:
        """What the county is evaluated for: 优质均衡 or 基本均衡."""
        return "基本均衡" if self.standard.kind == "basic_balance" else "优质均衡"

    @cached_property
    def floor(self) -> Fraction:
        """The share of a threshold that an indicator must reach in any case."""
        return floor_share(self.rules)

    @property
    def floor_word(self) -> str:
        """The floor as people say it, e.g. `85%`."""
        return f"{float(self.floor * 100):g}%"

    def threshold(self, entry: ResourceIndicator, stage: Stage) -> Fraction | None:
        """The threshold of an indicator for a stage in the standard's unit; None when the standard has none."""
        return threshold(entry, stage, self.rules) if entry.thresholds else None

    @cached_property
    def has_thresholds(self) -> bool:
        """True when schools are judged one by one against thresholds."""
        return self.standard.school_rule is not None and any(entry.thresholds for entry in self.standard.indicators)

    def schools_of(self, stage: Stage) -> list[SchoolResult]:
        """The judged schools of a stage, in the order of the verdict."""
        return [entry for entry in self.verdict.schools if entry.stage is stage]

    @cached_property
    def school_rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The school table by school id, special schools included."""
        return {row["school_id"]: row for row in self.facts.table("schools").rows(named=True)}

    @cached_property
    def stage_rows(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """The stage table by (school id, stage)."""
        return {(row["school_id"], row["stage"]): row for row in self.facts.table("stages").rows(named=True)}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {school_id: row["school_name"] or school_id for school_id, row in self.school_rows.items()}

    def part_name(self, school: SchoolResult | ExcludedSchool | SchoolGap | Failure) -> str:
        """The school's name, with 「（小学部）」 or 「（初中部）」 when it has other stages as well."""
        kind = self.school_rows.get(school.school_id, {}).get("school_type")
        if school.stage is None or kind not in (*_INTEGRATED, "full_secondary_school"):
            return school.school_name
        return f"{school.school_name}（{STAGE_WORD[school.stage]}部）"

    def name_of(self, school_id: str) -> str:
        """The name of a school, its id when it has none."""
        return self._names.get(school_id, school_id)

    def choice(self, field_id: str, value: str | None) -> str:
        """The Chinese label of a school's choice (type, organiser, area …); empty when it is missing."""
        return "" if value is None else self.dictionary.field("schools", field_id).choices.get(value, value)

    def county_number(self, field_id: str) -> Fraction | None:
        """A number of the county table in typed units; None when missing."""
        value = self.facts.county_value(field_id)
        return None if value is None else self.dictionary.field("county", field_id).typed(value)

    def dispersion(self, indicator_id: str, stage: Stage) -> DispersionResult | None:
        """The dispersion of one indicator in one stage."""
        found = (
            entry for entry in self.verdict.dispersion if (entry.indicator_id, entry.stage) == (indicator_id, stage)
        )
        return next(found, None)

    def items_of(self, part: Part) -> list[ItemResult]:
        """The items of a part in the order of the verdict."""
        return [entry for entry in self.verdict.items if entry.part is part]

    def item(self, result: ItemResult) -> Item:
        """The standard's own entry for an item."""
        return self.standard.item(result.item_id)

    def item_values(self, item: Item) -> Mapping[str, Fraction]:
        """The numbers an item's formula takes on the day of judging."""
        return values_on(item.params, self.rules.on)

    @cached_property
    def failures_by_school(self) -> Mapping[str, list[tuple[ItemResult, Failure]]]:
        """What each school fails, item by item."""
        found: dict[str, list[tuple[ItemResult, Failure]]] = {}
        for result in self.verdict.items:
            for failure in result.failures:
                found.setdefault(failure.school_id, []).append((result, failure))
        return found

    def results(self, school: SchoolResult) -> list[tuple[ResourceIndicator, IndicatorResult]]:
        """The indicators of the standard beside a school's results."""
        return list(zip(self.standard.indicators, school.indicators, strict=True))
