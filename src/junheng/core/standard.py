"""A standard as frozen data: what is judged, against which number, since when, and by which clause.

A standard holds no language: `formula` and `effect` select named Python functions. Everything is checked at construction, so
a Standard that exists can be used. `junheng.readers.standards` builds it from a pack's YAML and resolves `extends`.
Numbers are exact (`Fraction`), in the unit the document uses (4.2 人, 7.5 ㎡, 0.85, 45 人).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from junheng.core.errors import StandardError


class Stage(StrEnum):
    """A school stage that is judged."""

    PRIMARY = "primary"
    JUNIOR = "junior"


class Part(StrEnum):
    """The parts a verdict is made of, in the order they are printed."""

    RESOURCES = "resources"
    GUARANTEE = "guarantee"
    QUALITY = "quality"
    RECOGNITION = "recognition"
    SCHOOL_STANDARD = "school_standard"
    GOVERNMENT_WORK = "government_work"
    SCORED = "scored"
    ELIGIBILITY = "eligibility"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Dated:
    """One value with its time and its clause. `until` is the last day it holds (None: still in force)."""

    value: Fraction
    since: date
    clause: str
    until: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not self.clause:
            raise StandardError("标准里的每个数值都要写明条款(clause)。")
        if self.until is not None and self.until < self.since:
            raise StandardError(f"条款“{self.clause}”的止日早于起日。")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value through time: dated rows, sorted, that do not overlap."""

    rows: tuple[Dated, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise StandardError("参数没有任何数值。")
        for earlier, later in zip(self.rows, self.rows[1:], strict=False):
            if earlier.until is None or earlier.until >= later.since:
                raise StandardError(f"条款“{earlier.clause}”与“{later.clause}”的有效期重叠或次序不对。")

    def on(self, day: date) -> Dated | None:
        """The row in force on that day, or None when there is none."""
        for row in self.rows:
            if row.since <= day and (row.until is None or day <= row.until):
                return row
        return None


def first_day_hint(parameters: Iterable[Parameter], day: date) -> str:
    """What to do about values that are not in force yet on the day; empty when that is not what they lack."""
    first = max((entry.rows[0].since for entry in parameters), default=day)
    return f"这些数值自 {first.isoformat()} 起有效,请选不早于这一天的判定日期。" if first > day else ""


@dataclass(frozen=True, slots=True)
class Document:
    """The paper a standard rests on."""

    title: str
    number: str
    issuer: str
    issued_on: str


@dataclass(frozen=True, slots=True)
class Note:
    """An interpretation: what the sources leave open, and what we decided."""

    id: str
    text: str
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Which schools are judged. A school outside is excluded with the clause of the rule that excludes it."""

    school_types: tuple[str, ...]
    ownerships: tuple[str, ...]
    organiser_types: tuple[str, ...]
    clauses: Mapping[str, str]
    teaching_point_minimum: Parameter | None = None

    def __post_init__(self) -> None:
        for reason in ("school_type", "ownership", "organiser_type", "teaching_point_minimum", "no_students"):
            if not self.clauses.get(reason):
                raise StandardError(f"评估范围缺少“{reason}”的条款。")


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a school of several stages shares out its resources: weight of one student per stage, ×100, as integers.

    `weights[school_type]` maps `primary`, `junior`, `senior` to the weight; a stage that is not listed takes no share.
    """

    weights: Mapping[str, Mapping[str, int]]
    clause: str


@dataclass(frozen=True, slots=True)
class ResourceIndicator:
    """One indicator that is judged per school stage and by its dispersion.

    `formula` names an entry of `junheng.core.indicators.FORMULAS`; `per_students` is 100 for 每百名 and 1 for 生均;
    `unit` is what one unit of the value is called (人, ㎡, 元, 间); `decimals` is how it is printed.
    """

    id: str
    number: str
    name: str
    short_name: str
    formula: str
    per_students: int
    unit: str
    thresholds: Mapping[Stage, Parameter]
    clause: str
    decimals: int = 2
    note: str = ""


@dataclass(frozen=True, slots=True)
class SchoolRule:
    """A school passes when `required_met` indicators are met and the others reach `floor` of their threshold."""

    required_met: Parameter
    floor: Parameter
    clause: str


class DispersionMode(StrEnum):
    """Whether every coefficient is judged, or only the mean of all."""

    EACH = "each"
    COMPOSITE = "composite"


@dataclass(frozen=True, slots=True)
class DispersionRule:
    """The limits of the coefficient of variation, per stage."""

    mode: DispersionMode
    limits: Mapping[Stage, Parameter]
    clause: str


@dataclass(frozen=True, slots=True)
class SubItem:
    """A scored point of an item: full marks, and a formula when the mark follows from facts."""

    id: str
    name: str
    points: Fraction
    formula: str | None = None
    params: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of guarantee, quality, recognition or eligibility.

    `formula` names an entry of `junheng.core.items.FORMULAS` (None: no figure); `needs_judgement` asks for a judgement with
    an assessor and evidence as well; a scored item has `sub_items` instead. An item with both is met when both are.
    """

    id: str
    number: str
    part: Part
    name: str
    clause: str
    formula: str | None = None
    params: Mapping[str, Parameter] = field(default_factory=dict)
    needs_judgement: bool = False
    sub_items: tuple[SubItem, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.clause:
            raise StandardError(f"指标 {self.id} 缺少条款(clause)。")
        if not (self.formula or self.needs_judgement or self.sub_items):
            raise StandardError(f"指标 {self.id} 既没有公式,也没有资料审核或评分。")


@dataclass(frozen=True, slots=True)
class Exception_:
    """A transitional exception: off by default, dated, and printed wherever it is used.

    `effect` names a function in `junheng.core.exceptions`; `params` are its numbers.
    """

    id: str
    name: str
    effect: str
    applies_to: tuple[str, ...]
    params: Mapping[str, Parameter]
    since: date
    clause: str
    until: date | None = None
    note: str = ""

    def is_in_force(self, day: date) -> bool:
        """True when the exception may be used on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Veto:
    """A circumstance that alone refuses recognition. Judged by a judgement, or by a formula on facts."""

    id: str
    number: str
    name: str
    clause: str
    formula: str | None = None
    params: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scoring:
    """How scored items add up: the least share per item, the least total, and the bands by lower bound, ascending."""

    item_share: Parameter
    pass_total: Parameter
    bands: tuple[tuple[Fraction, str], ...]
    clause: str


@dataclass(frozen=True)
class Standard:
    """One standard, complete (extends already resolved). Ids are unique over indicators, items, exceptions and vetoes."""

    id: str
    version: str
    title: str
    place: str
    kind: str
    document: Document
    author: str
    checker: str
    review_by: date
    scope: Scope
    sharing: Sharing
    indicators: tuple[ResourceIndicator, ...]
    items: tuple[Item, ...]
    vetoes: tuple[Veto, ...]
    exceptions: tuple[Exception_, ...] = ()
    school_rule: SchoolRule | None = None
    dispersion: DispersionRule | None = None
    county_mean_clause: str = ""
    scoring: Scoring | None = None
    extends: str | None = None
    notes: tuple[Note, ...] = ()
    digest: str = ""

    def __post_init__(self) -> None:
        known = {entry.id for entry in self.indicators} | {entry.id for entry in self.items}
        ids = [entry.id for entry in self.indicators] + [entry.id for entry in self.items]
        ids += [entry.id for entry in self.vetoes] + [entry.id for entry in self.exceptions]
        doubles = sorted({name for name in ids if ids.count(name) > 1})
        if doubles:
            raise StandardError(f"标准 {self.id} 里的编号重复:{', '.join(doubles)}。")
        for exception in self.exceptions:
            unknown = [name for name in exception.applies_to if name not in known]
            if unknown:
                raise StandardError(f"标准 {self.id} 的例外 {exception.id} 指向不存在的指标 {unknown}。")

    def indicator(self, indicator_id: str) -> ResourceIndicator:
        """The resource indicator with that id (StandardError when unknown)."""
        for entry in self.indicators:
            if entry.id == indicator_id:
                return entry
        raise StandardError(f"标准 {self.id} 没有资源配置指标 {indicator_id}。")

    def item(self, item_id: str) -> Item:
        """The item with that id (StandardError when unknown)."""
        for entry in self.items:
            if entry.id == item_id:
                return entry
        raise StandardError(f"标准 {self.id} 没有指标 {item_id}。")
