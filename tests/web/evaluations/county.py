"""The schools of the small tree with the facts of demo schools, judged once for all tests."""

from functools import cache
from typing import Any

from junheng import api
from junheng.core.facts import Facts, facts_from_rows
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import Actor
from junheng.web.evaluations import actions
from junheng.web.evaluations.judging import Judged, Material, judge
from junheng.web.evaluations.models import Run, Source
from junheng.web.organisations.models import Organisation
from tests.demo.kept import demo_county
from tests.web.world import PLACES

YEAR = 2025
STANDARD = api.DEFAULT_STANDARD
CODES = {"9999010001": "9900000001", "9999010003": "9900000002", "9999010011": "9900000003"}
"""Demo schools (two primary schools, a junior school) → the schools of the small tree. The first and the last are too large."""

NAMES = {code: name for _, _, _, code, name in PLACES}
TOWNSHIPS = {"9900000001": "青石镇", "9900000002": "城关街道", "9900000003": "城关街道"}
SCHOOL_TABLES = ("schools", "stages", "classes", "rooms", "cohorts")


@cache
def facts_of(year: int = YEAR, more: int = 0) -> Facts:
    """The facts of the small county; `more` pupils are added to every stage, so that years differ."""
    demo, _history = demo_county()
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, frame in demo.tables.items():
        listed = [
            {key: value for key, value in row.items() if key in load_dictionary().tables[name].fields}
            for row in frame.rows(named=True)
        ]
        rows[name] = [_own(name, row, more) for row in listed if name not in SCHOOL_TABLES or row["school_id"] in CODES]
    rows["county"] = [{**rows["county"][0], "county_code": "990101", "county_name": "青石县", "year": year}]
    return facts_from_rows(load_dictionary(), county_code="990101", county_name="青石县", year=year, rows=rows)


def _own(table: str, row: dict[str, Any], more: int) -> dict[str, Any]:
    if table not in SCHOOL_TABLES:
        return row
    code = CODES[row["school_id"]]
    own = {**row, "school_id": code}
    if table == "schools":
        own |= {"school_name": NAMES[code], "township": TOWNSHIPS[code], "parent_school_id": None}
    if table == "stages":
        own["student_count"] = row["student_count"] + more
    return own


@cache
def judged(
    year: int = YEAR,
    source: str = Source.APPROVED,
    standard: str = STANDARD,
    missing: tuple[str, ...] = (),
    more: int = 0,
) -> Judged:
    """The verdict on the small county, made once per kind."""
    run = Run(year=year, source=source, standard=standard, exceptions=[])
    return judge(run, Material(facts_of(year, more), versions=[[1, 1, "a" * 64]], missing=missing))


def finished_run(by: Actor, county: Organisation, *, publish: bool = False, **kind: Any) -> Run:
    """A finished run of a county, published or not; `kind` is what `judged` takes."""
    wanted: dict[str, Any] = {"year": YEAR, "source": Source.APPROVED, "standard": STANDARD} | {
        name: value for name, value in kind.items() if name in {"year", "source", "standard"}
    }
    run = actions.start(by=by, county=county, **wanted)
    run = actions.keep(by=by, run_id=run.pk, judged=judged(**kind))
    if publish:
        actions.publish(by=by, run=run)
    return run
