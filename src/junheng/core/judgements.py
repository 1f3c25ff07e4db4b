"""Judgements that people make on documents: who found what, on which evidence.

A judgement without an assessor or without evidence does not count. The table `judgements` names an item (`Item.id`), a scored
point (`Item.id/SubItem.id`) or a veto (`Veto.id`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from junheng.core.facts import Facts
from junheng.core.standard import Standard
from junheng.core.verdict import Outcome, Reason

_POINT_SCALE = 100
_ITEM_WORDS = {"met": Outcome.MET, "not_met": Outcome.NOT_MET}
_VETO_WORDS = {"not_found": Outcome.MET, "found": Outcome.NOT_MET}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judgement gives: an outcome with its reasons, who made it and on which evidence.

    `points` are given only by `Judgements.of_points`, and only when they count.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    assessor: str = ""
    evidence: tuple[str, ...] = ()
    points: Fraction | None = None


def unknown_subjects(facts: Facts, standard: Standard) -> tuple[str, ...]:
    """The ids that judgements name and the standard does not have, sorted: what somebody typed and nothing looks at."""
    known = {item.id for item in standard.items} | {veto.id for veto in standard.vetoes}
    known |= {f"{item.id}/{point.id}" for item in standard.items for point in item.sub_items}
    named = facts.table("judgements")["item_id"].to_list()
    return tuple(sorted(set(named) - known))


@dataclass(frozen=True)
class Judgements:
    """All judgements of one county and year."""

    facts: Facts

    @cached_property
    def _rows(self) -> Mapping[str, list[dict[str, Any]]]:
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in self.facts.table("judgements").rows(named=True):
            rows.setdefault(row["item_id"], []).append(row)
        return rows

    def holds(self, subject_id: str) -> bool:
        """True when at least one row names this id."""
        return subject_id in self._rows

    def of_item(self, item_id: str) -> Judgement:
        """The judgement on an item: 达标 or 不达标; CANNOT_TELL with the reason when there is none that counts."""
        return self._worded(item_id, _ITEM_WORDS, "达标或不达标")

    def of_veto(self, veto_id: str) -> Judgement:
        """The judgement on a veto: 未发现 gives MET, 存在 NOT_MET; CANNOT_TELL with the reason when there is none that counts."""
        return self._worded(veto_id, _VETO_WORDS, "未发现或存在")

    def of_points(self, subject_id: str, full_points: Fraction) -> Judgement:
        """The points for a scored point, 0 up to full marks; CANNOT_TELL with the reason when there are none that count."""
        row, flaw = self._row(subject_id)
        if flaw is not None:
            return flaw
        if row["points"] is None:
            return _cannot_tell("points-missing", f"{subject_id} 没有给分,请评估人补填得分。", row)
        points = Fraction(row["points"], _POINT_SCALE)
        if not 0 <= points <= full_points:
            text = f"{subject_id} 得分 {float(points):g} 超出 0~{float(full_points):g} 分的范围,请更正。"
            return _cannot_tell("points-out-of-range", text, row)
        return Judgement(Outcome.MET, (), row["assessor"].strip(), _evidence(row), points)

    def _worded(self, subject_id: str, words: Mapping[str, Outcome], expected: str) -> Judgement:
        row, flaw = self._row(subject_id)
        if flaw is not None:
            return flaw
        outcome = words.get(row["result"] or "")
        if outcome is None:
            return _cannot_tell("judgement-unfit", f"{subject_id} 的审核结论应当是{expected},请更正。", row)
        reasons = () if outcome is Outcome.MET else (Reason("judgement-not-met", _negative(subject_id, row)),)
        return Judgement(outcome, reasons, row["assessor"].strip(), _evidence(row))

    def _row(self, subject_id: str) -> tuple[dict[str, Any], Judgement | None]:
        """The one row that counts, or an empty row beside the judgement that says why there is none."""
        rows = self._rows.get(subject_id, [])
        if not rows:
            return {}, _cannot_tell(
                "judgement-missing", f"尚未审核,请在“资料审核与评分”表以编号 {subject_id} 填写结论、评估人和佐证材料。"
            )
        if len(rows) > 1:
            return {}, _cannot_tell("judgement-duplicate", f"{subject_id} 有 {len(rows)} 条审核结论,请只保留一条。")
        row = rows[0]
        lacking = [
            label
            for label, value in (("评估人", (row["assessor"] or "").strip()), ("佐证材料", _evidence(row)))
            if not value
        ]
        if lacking:
            return {}, _cannot_tell(
                "judgement-incomplete", f"{subject_id} 的审核结论缺少{'、'.join(lacking)},不作数,请补齐。", row
            )
        return row, None


def _cannot_tell(code: str, text: str, row: Mapping[str, Any] | None = None) -> Judgement:
    assessor = ((row or {}).get("assessor") or "").strip()
    return Judgement(Outcome.CANNOT_TELL, (Reason(code, text),), assessor, _evidence(row or {}))


def _evidence(row: Mapping[str, Any]) -> tuple[str, ...]:
    parts = re.split("[;；]", row.get("evidence") or "")
    return tuple(part.strip() for part in parts if part.strip())


def _negative(subject_id: str, row: Mapping[str, Any]) -> str:
    note = (row["note"] or "").strip()
    verdict = "审核发现该情形存在" if row["result"] == "found" else "资料审核结论为不达标"
    return f"{subject_id} {verdict}{f':{note}' if note else ''}。"
