"""The node of an explanation and what its makers share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.findings import Location
from junheng.core.rounding import printed
from junheng.core.stages import Rules
from junheng.core.standard import Part, Stage
from junheng.core.verdict import Outcome, Reason, Verdict

STAGE_LABEL: Mapping[Stage, str] = {Stage.PRIMARY: "小学", Stage.JUNIOR: "初中"}
PART_LABEL: Mapping[Part, str] = {
    Part.RESOURCES: "资源配置",
    Part.GUARANTEE: "政府保障程度",
    Part.QUALITY: "教育质量",
    Part.RECOGNITION: "社会认可度",
    Part.SCHOOL_STANDARD: "学校办学基本标准",
    Part.GOVERNMENT_WORK: "政府推进均衡工作",
    Part.SCORED: "量化计分",
    Part.ELIGIBILITY: "申报条件",
    Part.VETO: "一票否决",
}
ROUNDING_NOTE = "注意:打印的数值经过四舍五入,按未取整的数值判定,两者结论不同。"


@dataclass(frozen=True, slots=True)
class Node:
    """One step of an explanation.

    `value` and `limit` are printed; `limit` begins with ≥, ≤ or <, what it asks of the value, or with neither where that is not
    known; `formula` says how the value came about; `flip` what would change the outcome, in pupils, teachers, ㎡, 元 or rooms;
    `locations` are source cells; `outcome` is None for a plain number, and for a school that the standard does not judge.
    """

    path: str
    title: str
    outcome: Outcome | None
    value: str = ""
    limit: str = ""
    formula: str = ""
    margin: str = ""
    flip: str = ""
    clause: str = ""
    notes: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()
    children: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Context:
    """What an explanation is made from."""

    verdict: Verdict
    facts: Facts
    rules: Rules
    dictionary: FieldDictionary

    @cached_property
    def rows(self) -> Mapping[str, Mapping[tuple[str, ...], Mapping[str, Any]]]:
        """The school and stage tables by the keys of their rows: an explanation looks up thousands of facts.

        Of two rows with one key the first counts.
        """
        return {name: self._by_key(name) for name in ("schools", "stages")}

    @cached_property
    def rows_of_school(self) -> Mapping[tuple[str, str], Sequence[tuple[tuple[str, ...], Mapping[str, Any]]]]:
        """The rows about a school by (table, school id), each with its key as text, of every table that is about schools."""
        found: dict[tuple[str, str], list[tuple[tuple[str, ...], Mapping[str, Any]]]] = {}
        for table in self.dictionary.tables.values():
            if "school_id" in table.key:
                for row in self.facts.table(table.id).rows(named=True):
                    key = tuple(str(row[part]) for part in table.key)
                    found.setdefault((table.id, row["school_id"]), []).append((key, row))
        return found

    def _by_key(self, table: str) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        parts = self.dictionary.tables[table].key
        listed: list[dict[str, Any]] = self.facts.table(table).rows(named=True)
        return {tuple(row[part] for part in parts): row for row in reversed(listed)}


def counted(value: Fraction, decimals: int = 2) -> str:
    """A number without needless zeros: whole numbers as such, others with up to so many decimals (rounded half up)."""
    if value.denominator == 1:
        return str(value.numerator)
    return printed(value, decimals).rstrip("0").rstrip(".")


def amount_text(value: Fraction | None, unit: str) -> str:
    """A value with its unit; a share of 1 as a percentage when the unit is `比例`; empty when it is missing."""
    if value is None:
        return ""
    return f"{printed(value * 100, 1)}%" if unit == "比例" else f"{counted(value)}{unit}"


def reason_notes(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """The sentences of reasons."""
    return tuple(reason.text for reason in reasons)
