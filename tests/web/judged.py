"""Finished runs on the small tree, judged for real on a few figures, without going through reporting."""

from functools import lru_cache
from typing import Any

from django.utils import timezone

from junheng import api
from junheng.core.facts import Facts, facts_from_rows
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import PLATFORM
from junheng.web.evaluations import actions
from junheng.web.evaluations.judging import Judged, Material, judge
from junheng.web.evaluations.models import Publication, Run, Source
from junheng.web.organisations.models import Kind, Organisation
from tests.web.returns.reporting import ROOMS, SCHOOL, STAGE, STANDARD, YEAR

FEW = {"equipment_value": "0.5"}
"""Too few, so that every school has something to put right."""


def finished_run(county: Organisation, *, is_published: bool = True) -> Run:
    """A run of a county with a verdict on every school below it."""
    run = Run.objects.create(
        organisation=county, year=YEAR, standard=STANDARD, source=Source.APPROVED, created_by="县级管理员"
    )
    schools = Organisation.objects.below(county.path).filter(kind=Kind.SCHOOL).order_by("code")
    judged = _judged(county.code, county.name, tuple(schools.values_list("code", "name")))
    kept = actions.keep(by=PLATFORM, run_id=run.pk, judged=judged)
    if is_published:
        Publication.objects.create(
            organisation=county, year=kept.year, run=kept, published_by="县级管理员", published_at=timezone.now()
        )
    return kept


@lru_cache(maxsize=16)
def _judged(code: str, name: str, schools: tuple[tuple[str, str], ...]) -> Judged:
    """Judging takes a moment and writes nothing: each county is judged once per test process."""
    run = Run(year=YEAR, standard=STANDARD, source=Source.APPROVED, exceptions=[])
    return judge(run, Material(_facts(code, name, schools)))


def _facts(code: str, name: str, schools: tuple[tuple[str, str], ...]) -> Facts:
    rows = typed_rows(schools)
    for row in rows["schools"]:
        row.update(_typed("schools", FEW))
    rows["county"] = [{"county_code": code, "county_name": name, "year": YEAR}]
    return facts_from_rows(load_dictionary(), county_code=code, county_name=name, year=YEAR, rows=rows)


def typed_rows(schools: tuple[tuple[str, str], ...]) -> dict[str, list[dict[str, Any]]]:
    """The rows of some schools (code and name) that all report the same."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in load_dictionary().tables}
    for school_id, school_name in schools:
        rows["schools"].append({"school_id": school_id, "school_name": school_name, **_typed("schools", SCHOOL)})
        rows["stages"].append({"school_id": school_id, **_typed("stages", STAGE)})
        for room, purpose, area in ROOMS:
            texts = {"room_name": room, "purpose": purpose, "area": area}
            rows["rooms"].append({"school_id": school_id, **_typed("rooms", texts)})
    return rows


def _typed(table: str, texts: dict[str, str]) -> dict[str, Any]:
    fields = load_dictionary().tables[table].fields
    return {name: api.parse_value(fields[name], text).value for name, text in texts.items()}
