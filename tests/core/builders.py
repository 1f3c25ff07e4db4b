"""Tiny facts and standards for tests, built from the real types. Values are canonical (分, 0.01 ㎡, shares × 10 000)."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from junheng.core.facts import Facts, TableSource, facts_from_rows
from junheng.core.items import judge_items
from junheng.core.standard import (
    Dated,
    Document,
    Exception_,
    Item,
    Parameter,
    Part,
    ResourceIndicator,
    Scope,
    Scoring,
    Sharing,
    Standard,
    SubItem,
    Veto,
)
from junheng.core.verdict import ItemResult
from junheng.readers.dictionary import load_dictionary
from tests.core.printable import check_printable

DAY = date(2025, 12, 31)
SINCE = date(2017, 4, 19)
COUNTY = "990101"
GIVEN = {"assessor": "评估员甲", "evidence": "E-1;E-2"}
SCHOOL = {"organiser_type": "7", "ownership": "public", "area_type": "town", "is_boarding": False}

Row = Mapping[str, Any]


def facts_of(
    *,
    schools: Iterable[Row] = (),
    county: Row | None = None,
    sources: Mapping[str, tuple[TableSource, ...]] | None = None,
    year: int = 2025,
    **rows: Iterable[Row],
) -> Facts:
    """Facts of an invented county. `county` holds county facts without the scope; the other keywords are tables."""
    scope = {"county_code": COUNTY, "county_name": "示例县", "year": year}
    tables = {"schools": schools, "county": [] if county is None else [{**scope, **county}], **rows}
    return facts_from_rows(
        load_dictionary(), county_code=COUNTY, county_name="示例县", year=year, rows=tables, sources=sources
    )


def school(school_id: str, school_type: str = "primary_school", **fields: Any) -> Row:
    """A public town school without boarding, unless the fields say otherwise; its name is `学校` and its id."""
    return {"school_id": school_id, "school_name": f"学校{school_id}", "school_type": school_type, **SCHOOL, **fields}


def stage(school_id: str, name: str = "primary", **fields: Any) -> Row:
    """One stage of a school."""
    return {"school_id": school_id, "stage": name, **fields}


def classes(school_id: str, *sizes: int | None, stage_name: str = "primary", grade: int = 1) -> list[Row]:
    """Classes (1)班, (2)班 … of one grade with the given sizes."""
    return [
        {
            "school_id": school_id,
            "stage": stage_name,
            "grade": grade,
            "class_name": f"({index})班",
            "student_count": size,
        }
        for index, size in enumerate(sizes, start=1)
    ]


def room(school_id: str, name: str, purpose: str | None, area: int | None) -> Row:
    """One music or art room; the area is in 0.01 ㎡."""
    return {"school_id": school_id, "room_name": name, "purpose": purpose, "area": area}


def parameter(value: str | int | Fraction, *, since: date = SINCE, until: date | None = None) -> Parameter:
    """A value in force since the standard was issued."""
    return Parameter((Dated(Fraction(value), since, "第八条", until),))


def parameters(values: Mapping[str, str | int | Fraction]) -> dict[str, Parameter]:
    """Several such values."""
    return {name: parameter(value) for name, value in values.items()}


def item_of(formula: str | None = None, *, item_id: str = "item", **fields: Any) -> Item:
    """An item of the guarantee part; `params` may be plain numbers."""
    params = parameters(fields.pop("params", {}))
    defaults: dict[str, Any] = {"number": "3.1", "part": Part.GUARANTEE, "name": "示例指标", "clause": "第八条"}
    return Item(id=item_id, formula=formula, params=params, **{**defaults, **fields})


def sub_item(sub_id: str, points: int | str, formula: str | None = None, **params: str | int) -> SubItem:
    """A scored point."""
    return SubItem(sub_id, f"要点{sub_id}", Fraction(points), formula, parameters(params))


def exception_of(effect: str, params: Mapping[str, str | int], **fields: Any) -> Exception_:
    """An exception that applies to the item `item` and is in force."""
    defaults: dict[str, Any] = {
        "id": effect,
        "name": "过渡例外",
        "applies_to": ("item",),
        "since": SINCE,
        "clause": "规程第七条",
    }
    return Exception_(effect=effect, params=parameters(params), **{**defaults, **fields})


def scoring_of(share: str = "0.8", total: int = 80) -> Scoring:
    """A rule for scored items with the bands [80, 86), [86, 91), [91, 100]."""
    bands = ((Fraction(80), "合格"), (Fraction(86), "良好"), (Fraction(91), "优秀"))
    return Scoring(parameter(share), parameter(total), bands, "计分办法")


def standard_of(
    *items: Item,
    vetoes: Iterable[Veto] = (),
    exceptions: Iterable[Exception_] = (),
    scoring: Scoring | None = None,
    indicators: Iterable[ResourceIndicator] = (),
) -> Standard:
    """A standard with these items and nothing else."""
    clauses = dict.fromkeys(
        ("school_type", "ownership", "organiser_type", "teaching_point_minimum", "no_students"), "第五条"
    )
    return Standard(
        id="tiny-test",
        version="1",
        title="示例标准",
        place="示例",
        kind="quality_balance",
        document=Document("示例办法", "示例〔2017〕1号", "示例机关", "2017-04-19"),
        author="甲",
        checker="乙",
        review_by=date(2030, 1, 1),
        scope=Scope(("primary_school",), ("public",), ("7",), clauses),
        sharing=Sharing({}, "第六条"),
        indicators=tuple(indicators),
        items=tuple(items),
        vetoes=tuple(vetoes),
        exceptions=tuple(exceptions),
        scoring=scoring,
    )


def figures(result: ItemResult) -> dict[str, Any]:
    """The figures of a result by id, in order."""
    return {figure.id: figure.value for figure in result.figures}


def codes(reasons: Iterable[Any]) -> list[str]:
    """The codes of reasons, in order."""
    return [reason.code for reason in reasons]


def judged(facts: Facts, formula: str, enabled: Iterable[Exception_] = (), /, **params: Any) -> Any:
    """The ItemResult of one item with that formula, which can be printed; the exceptions are all switched on."""
    exceptions = tuple(enabled)
    standard = standard_of(item_of(formula, params=params), exceptions=exceptions)
    (result,) = judge_items(facts, standard, DAY, frozenset(entry.id for entry in exceptions))
    check_printable(result)
    return result
