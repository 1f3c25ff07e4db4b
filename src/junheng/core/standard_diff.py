"""What two standards demand differently on one day, as data.

Only what changes a verdict is compared: numbers, formulas, what is asked for, scope, sharing and scoring. Wording, notes and
the documents' own numbering are not. An entry that only one side has is one difference, not one for each of its numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL
from junheng.core.formula_catalogue import CATALOGUE, FormulaKind, FormulaSpec
from junheng.core.standard import Exception_, Item, Parameter, ResourceIndicator, Standard, Veto

_WEIGHED = {"primary": "小学生", "junior": "初中生", "senior": "高中生"}
_PRESENT = "有"
_NOT_IN_FORCE = "当日无效"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: `path` for programs, `label` in Chinese, both values as exact text (None: that side has none).

    The clauses are those of the values; a clause is empty where its side has no value.
    """

    path: str
    label: str
    a: str | None
    b: str | None
    clause_a: str
    clause_b: str


@dataclass(frozen=True, slots=True)
class _Statement:
    """One thing a standard says."""

    label: str
    value: str
    clause: str


def diff_standards(
    a: Standard, b: Standard, on: date, words: Mapping[str, str] | None = None
) -> tuple[Difference, ...]:
    """Every difference between two standards with the values in force on that day: the entries of `a`, then those only `b` has.

    `words` are Chinese words for ids of school types, organisers and the like (the choices of the field dictionary); an id
    without a word stands for itself.
    """
    left, right = (dict(_statements(standard, on, words or {})) for standard in (a, b))
    entries = list(dict.fromkeys(_entry_of(path) for path in (*left, *right)))
    order = {entry: number for number, entry in enumerate(entries)}
    paths = sorted(dict.fromkeys((*left, *right)), key=lambda path: order[_entry_of(path)])
    found = (_difference(path, left, right) for path in paths)
    return tuple(entry for entry in found if entry is not None)


def exact(value: Fraction) -> str:
    """A fraction as exact text: a decimal where there is one (`4.2`), else a quotient (`1/3`)."""
    rest, digits = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        digits = max(digits, power)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    scaled = abs(value.numerator) * 10**digits // value.denominator
    whole, part = divmod(scaled, 10**digits)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def _difference(path: str, left: Mapping[str, _Statement], right: Mapping[str, _Statement]) -> Difference | None:
    a, b = left.get(path), right.get(path)
    either = a or b
    if either is None or (a is not None and b is not None and a.value == b.value):
        return None
    entry = _entry_of(path)
    if entry != path and (entry not in left or entry not in right):
        return None
    return Difference(
        path=path,
        label=either.label,
        a=a.value if a else None,
        b=b.value if b else None,
        clause_a=a.clause if a else "",
        clause_b=b.clause if b else "",
    )


def _entry_of(path: str) -> str:
    """The path of the entry a statement belongs to: one indicator or item, one rule, one kind of school that shares."""
    section, name, *_ = path.split(".")
    if section in ("indicators", "items", "vetoes", "exceptions"):
        return f"{section}.{name}"
    return path if section == "sharing" else f"{section}.all"


Statements = Iterator[tuple[str, _Statement]]


def _statements(standard: Standard, on: date, words: Mapping[str, str]) -> Statements:
    yield from _scope(standard, on, words)
    for indicator in standard.indicators:
        yield from _indicator(indicator, on)
    yield from _resource_rules(standard, on)
    for item in standard.items:
        yield from _item(item, on)
    for veto in standard.vetoes:
        yield from _veto(veto, on)
    for exception in standard.exceptions:
        yield from _exception(exception, on)
    yield from _scoring(standard, on)


def _number(parameter: Parameter, on: date, label: str, fallback: str) -> _Statement:
    row = parameter.on(on)
    return (
        _Statement(label, _NOT_IN_FORCE, fallback) if row is None else _Statement(label, exact(row.value), row.clause)
    )


def _scope(standard: Standard, on: date, words: Mapping[str, str]) -> Statements:
    scope = standard.scope
    lists = {"school_type": scope.school_types, "ownership": scope.ownerships, "organiser_type": scope.organiser_types}
    labels = {"school_type": "学校类别", "ownership": "办学性质", "organiser_type": "举办者类型"}
    yield "scope.all", _Statement("评估范围", _PRESENT, "")
    for name, values in lists.items():
        yield (
            f"scope.{name}",
            _Statement(
                f"评估范围：{labels[name]}", "、".join(words.get(value, value) for value in values), scope.clauses[name]
            ),
        )
    least, clause = scope.teaching_point_minimum, scope.clauses["teaching_point_minimum"]
    if least is not None:
        path = "scope.teaching_point_minimum"
        yield path, _number(least, on, "评估范围：教学点最少学生数", clause)
    for school_type, weights in standard.sharing.weights.items():
        text = "、".join(f"{_WEIGHED[stage]} {exact(Fraction(weight, 100))}" for stage, weight in weights.items())
        label = f"资源拆分：{words.get(school_type, school_type)}"
        yield f"sharing.{school_type}", _Statement(label, text, standard.sharing.clause)


def _indicator(entry: ResourceIndicator, on: date) -> Statements:
    path = f"indicators.{entry.id}"
    yield path, _Statement(entry.name, _PRESENT, entry.clause)
    yield (
        f"{path}.formula",
        _Statement(f"{entry.name}：算法", CATALOGUE[FormulaKind.RESOURCE][entry.formula].label, entry.clause),
    )
    yield f"{path}.per_students", _Statement(f"{entry.name}：每多少学生", str(entry.per_students), entry.clause)
    for stage, parameter in entry.thresholds.items():
        label = f"{entry.name}：{STAGE_LABEL[stage]}不低于（{entry.unit}）"
        yield f"{path}.thresholds.{stage.value}", _number(parameter, on, label, entry.clause)


def _resource_rules(standard: Standard, on: date) -> Statements:
    rule = standard.school_rule
    if rule is not None:
        yield "school_rule.all", _Statement("逐校评判", _PRESENT, rule.clause)
        yield "school_rule.required_met", _number(rule.required_met, on, "逐校评判：至少达到项数", rule.clause)
        yield "school_rule.floor", _number(rule.floor, on, "逐校评判：余项底线", rule.clause)
    spread = standard.dispersion
    if spread is not None:
        mode = {"each": "逐项评判", "composite": "只评判综合值"}[spread.mode.value]
        yield "dispersion.all", _Statement("差异系数", _PRESENT, spread.clause)
        yield "dispersion.mode", _Statement("差异系数：评判方式", mode, spread.clause)
        for stage, parameter in spread.limits.items():
            label = f"差异系数：{STAGE_LABEL[stage]}不超过"
            yield f"dispersion.{stage.value}", _number(parameter, on, label, spread.clause)
    if standard.county_mean_clause:
        yield "county_means.all", _Statement("县均值逐项评判", _PRESENT, standard.county_mean_clause)


def _params(
    path: str, place: tuple[str, str, date], spec: FormulaSpec | None, params: Mapping[str, Parameter]
) -> Statements:
    """A formula and its numbers; `place` is the name and clause of the entry they stand in, and the day."""
    if spec is None:
        return
    name, clause, on = place
    yield f"{path}.formula", _Statement(f"{name}：算法", spec.label, clause)
    for key, parameter in params.items():
        unit = f"（{spec.params[key].unit}）" if spec.params[key].unit else ""
        yield f"{path}.{key}", _number(parameter, on, f"{name}：{spec.params[key].label}{unit}", clause)


def _spec(kind: FormulaKind, formula: str | None) -> FormulaSpec | None:
    return CATALOGUE[kind][formula] if formula is not None else None


def _item(entry: Item, on: date) -> Statements:
    path = f"items.{entry.id}"
    yield path, _Statement(entry.name, _PRESENT, entry.clause)
    yield f"{path}.part", _Statement(f"{entry.name}：所属部分", PART_LABEL[entry.part], entry.clause)
    asked = "要" if entry.needs_judgement else "不要"
    yield f"{path}.needs_judgement", _Statement(f"{entry.name}：资料审核", asked, entry.clause)
    yield from _params(path, (entry.name, entry.clause, on), _spec(FormulaKind.ITEM, entry.formula), entry.params)
    for sub_item in entry.sub_items:
        points = _Statement(f"{entry.name}：{sub_item.name}（分）", exact(sub_item.points), entry.clause)
        yield f"{path}.{sub_item.id}", points
        spec = _spec(FormulaKind.SUB_ITEM, sub_item.formula)
        yield from _params(f"{path}.{sub_item.id}", (sub_item.name, entry.clause, on), spec, sub_item.params)


def _veto(entry: Veto, on: date) -> Statements:
    path, name = f"vetoes.{entry.id}", f"一票否决：{entry.name}"
    yield path, _Statement(name, _PRESENT, entry.clause)
    yield from _params(path, (name, entry.clause, on), _spec(FormulaKind.VETO, entry.formula), entry.params)


def _exception(entry: Exception_, on: date) -> Statements:
    path, name = f"exceptions.{entry.id}", f"过渡性例外：{entry.name}"
    yield path, _Statement(name, _PRESENT if entry.is_in_force(on) else _NOT_IN_FORCE, entry.clause)
    yield f"{path}.applies_to", _Statement(f"{name}：用于", "、".join(entry.applies_to), entry.clause)
    yield from _params(path, (name, entry.clause, on), _spec(FormulaKind.EFFECT, entry.effect), entry.params)


def _scoring(standard: Standard, on: date) -> Statements:
    scoring = standard.scoring
    if scoring is None:
        return
    yield "scoring.all", _Statement("计分", _PRESENT, scoring.clause)
    yield "scoring.item_share", _number(scoring.item_share, on, "计分：单项得分比例不低于", scoring.clause)
    yield "scoring.pass_total", _number(scoring.pass_total, on, "计分：总分不低于", scoring.clause)
    bands = "、".join(f"{exact(low)}分起{name}" for low, name in scoring.bands)
    yield "scoring.bands", _Statement("计分：等次", bands, scoring.clause)
