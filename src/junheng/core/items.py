"""Judging the items of a standard: guarantee, quality, recognition, eligibility, scores.

An item has a formula on facts, a judgement by people, scored points, or several of these; it is met when all of them are.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from junheng.core.errors import StandardError
from junheng.core.exceptions import active_exceptions, refused_exceptions
from junheng.core.facts import Facts
from junheng.core.formula_catalogue import FormulaKind
from junheng.core.item_formulas import basic_balance, enrolment, funding, learning, recognition, rooms, sizes, teachers
from junheng.core.item_formulas.inquiry import FormulaResult, Inquiry, ItemFormula, read_values
from junheng.core.item_formulas.roll import Roll
from junheng.core.judgements import Judgement, Judgements
from junheng.core.scoring import score_item
from junheng.core.standard import Item, Standard, SubItem
from junheng.core.verdict import ItemResult, Outcome, SubItemResult, all_of

FORMULAS: Mapping[str, ItemFormula] = {
    **teachers.FORMULAS,
    **rooms.FORMULAS,
    **sizes.FORMULAS,
    **funding.FORMULAS,
    **enrolment.FORMULAS,
    **learning.FORMULAS,
    **recognition.FORMULAS,
    **basic_balance.FORMULAS,
}
"""Every formula an item may name."""

SUB_ITEM_FORMULAS: Mapping[str, ItemFormula] = {**funding.SUB_ITEM_FORMULAS, **recognition.SUB_ITEM_FORMULAS}
"""Every formula a scored point may name."""


def judge_items(
    facts: Facts, standard: Standard, on: date, enabled: frozenset[str] = frozenset()
) -> tuple[ItemResult, ...]:
    """One result per item, in the order of the standard.

    `on` selects dated values; `enabled` are the ids of exceptions that are switched on. One that is not in force that day is not
    used and the items it would apply to say so. Raises StandardError for an unknown exception or formula, and for a formula
    without a number that it needs on that day.
    """
    bench = _Bench(facts, standard, on, enabled)
    return tuple(bench.judge(item) for item in standard.items)


def needed_item_fields(standard: Standard) -> frozenset[str]:
    """The facts (`table.field`) that the formulas of a standard's items and scored points rest on."""
    formulas = [FORMULAS[item.formula] for item in standard.items if item.formula]
    formulas += [SUB_ITEM_FORMULAS[sub.formula] for item in standard.items for sub in item.sub_items if sub.formula]
    return frozenset(name for formula in formulas for name in formula.uses)


class _Bench:
    """What all items of one judging share: the roll of schools, the judgements, the exceptions."""

    def __init__(self, facts: Facts, standard: Standard, day: date, enabled: frozenset[str]) -> None:
        self.facts = facts
        self.standard = standard
        self.day = day
        self.roll = Roll(facts)
        self.judgements = Judgements(facts)
        self.exceptions = active_exceptions(standard, day, enabled)
        self.refused = refused_exceptions(standard, day, enabled)

    def judge(self, item: Item) -> ItemResult:
        """The result of one item."""
        if item.sub_items:
            return self._scored(item)
        found = self._formula_result(item) if item.formula else None
        judged = self.judgements.of_item(item.id) if item.needs_judgement else None
        result = self._blank(item, all_of(part.outcome for part in (found, judged) if part is not None))
        if found is not None:
            result = _with_formula(result, found)
        return result if judged is None else _with_judgement(result, judged)

    def _blank(self, item: Item, outcome: Outcome) -> ItemResult:
        reasons = self.refused.get(item.id, ())
        return ItemResult(item.id, item.number, item.part, item.name, item.clause, outcome, reasons=reasons)

    def _formula_result(self, item: Item) -> FormulaResult:
        values = read_values(self.standard, self.day, FormulaKind.ITEM, item.id, item.formula or "", item.params)
        exceptions = tuple(entry for entry in self.exceptions if item.id in entry.applies_to)
        return FORMULAS[item.formula or ""].judge(Inquiry(self.facts, self.roll, self.day, values, exceptions))

    def _scored(self, item: Item) -> ItemResult:
        if item.formula or item.needs_judgement:
            raise StandardError(f"标准 {self.standard.id} 的评分指标 {item.id} 不能同时有公式或资料审核。")
        marks = [self._marks(item, sub) for sub in item.sub_items]
        score = score_item([sub for sub, _ in marks], self.standard, self.day)
        judged = [entry for _, entry in marks if entry is not None]
        blank = self._blank(item, score.outcome)
        return replace(
            blank,
            value=score.points,
            limit=score.least,
            unit="分",
            reasons=blank.reasons + score.reasons,
            assessor="、".join(dict.fromkeys(entry.assessor for entry in judged if entry.assessor)),
            evidence=tuple(dict.fromkeys(name for entry in judged for name in entry.evidence)),
            points=score.points,
            full_points=score.full_points,
            sub_items=tuple(sub for sub, _ in marks),
        )

    def _marks(self, item: Item, sub: SubItem) -> tuple[SubItemResult, Judgement | None]:
        """The marks of one point, from its formula when it has one, else from the judgement on `Item.id/SubItem.id`."""
        subject = f"{item.id}/{sub.id}"
        if sub.formula is None:
            judged = self.judgements.of_points(subject, sub.points)
            return SubItemResult(sub.id, sub.name, judged.points, sub.points, next(iter(judged.reasons), None)), judged
        values = read_values(self.standard, self.day, FormulaKind.SUB_ITEM, subject, sub.formula, sub.params)
        found = SUB_ITEM_FORMULAS[sub.formula].judge(Inquiry(self.facts, self.roll, self.day, values))
        points = None if found.credit is None else found.credit * sub.points
        return SubItemResult(sub.id, sub.name, points, sub.points, next(iter(found.reasons), None)), None


def _with_formula(result: ItemResult, found: FormulaResult) -> ItemResult:
    return replace(
        result,
        figures=found.figures,
        failures=found.failures,
        value=found.value,
        limit=found.limit,
        unit=found.unit,
        is_rounding_sensitive=found.is_rounding_sensitive,
        exceptions=found.exceptions,
        reasons=result.reasons + found.reasons,
    )


def _with_judgement(result: ItemResult, judged: Judgement) -> ItemResult:
    return replace(result, reasons=result.reasons + judged.reasons, assessor=judged.assessor, evidence=judged.evidence)
