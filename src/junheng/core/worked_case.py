"""A worked case of a standard: a few facts, the subject they are about, and what must come out.

Cases are the manual of a standard and its test at once: the documentation page prints them and a test runs each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from junheng.core.standard import Stage
from junheng.core.verdict import Outcome


class CaseKind(StrEnum):
    """Where a case lies: short of the limit, on it, beyond it on the good side, with a fact missing, or under an exception."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"
    MISSING = "missing"
    EXCEPTED = "excepted"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"below": "未达", "at": "恰好", "above": "超过", "missing": "缺数", "excepted": "例外"}[self.value]


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One worked case.

    `subject` is the id of an indicator, item, scored sub-item, veto or exception; `judges` is the indicator or item whose result
    is looked at (the subject itself but for an exception). `typed` holds the facts as people write them, `rows` the same facts in
    canonical values, table by table. `outcome` is None for a scored sub-item, which has `points` (None: cannot be given yet).
    `value` is checked when it is not None; `school_id` and `stage` say whose indicator is meant.
    """

    id: str
    subject: str
    judges: str
    name: str
    kind: CaseKind
    outcome: Outcome | None
    typed: Mapping[str, tuple[Mapping[str, str], ...]]
    rows: Mapping[str, tuple[Mapping[str, Any], ...]]
    on: date
    stage: Stage | None = None
    school_id: str = ""
    exceptions: tuple[str, ...] = ()
    value: Fraction | None = None
    points: Fraction | None = None
