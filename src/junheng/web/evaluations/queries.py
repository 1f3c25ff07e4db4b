"""What an actor may see of runs and their schools. Everything starts here.

People of a county, its departments and the levels above see all runs of their area. Townships and schools see the published
runs of their county: townships their own schools in them, schools themselves.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, Role, may
from junheng.web.evaluations.models import Run, SchoolResult
from junheng.web.organisations.models import BLOCK, Kind, Organisation, after

_LOCAL = frozenset({Role.REPORTER, Role.PRINCIPAL, Role.TOWNSHIP})
"""Roles that see only part of a county."""


def is_local(actor: Actor) -> bool:
    """True for schools and townships, who see only their own part of a run."""
    return actor.role in _LOCAL


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """The runs an actor may open, without their long columns, newest year first."""
    runs = Run.objects.select_related("organisation", "publication").defer("summary", "versions", "missing")
    if not may(actor.role, Permission.SEE_RUNS) or not actor.area_path:
        return runs.none()
    if is_local(actor):
        above = [actor.own_path[:end] for end in range(BLOCK, len(actor.own_path), BLOCK)]
        return runs.filter(organisation__path__in=above, publication__isnull=False)
    return runs.filter(organisation__path__gte=actor.area_path, organisation__path__lt=after(actor.area_path))


def finished(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Those with a verdict, the one to show first in front: the latest year, the published one, then the newest."""
    return runs.filter(finished_at__isnull=False).order_by(
        "-year", F("publication__pk").desc(nulls_last=True), "is_trial", "-pk"
    )


def visible_counties(actor: Actor) -> QuerySet[Organisation]:
    """The counties in an actor's area."""
    return visible_places(actor).filter(kind=Kind.COUNTY)


def visible_places(actor: Actor) -> QuerySet[Organisation]:
    """The organisations in an actor's area that runs are about."""
    places = Organisation.objects.order_by("code", "name")
    return places.within(actor.area_path) if may(actor.role, Permission.SEE_RUNS) else places.none()


def visible_schools(actor: Actor) -> QuerySet[Organisation]:
    """The schools whose results an actor may see."""
    return visible_places(actor).filter(kind=Kind.SCHOOL)


def school_results(actor: Actor, run: Run) -> QuerySet[SchoolResult]:
    """The school stages of a run that an actor may see; the run must be visible to the actor."""
    results = SchoolResult.objects.filter(run=run).select_related("school")
    if is_local(actor):
        results = results.filter(school__path__gte=actor.own_path, school__path__lt=after(actor.own_path))
    return results


def one_a_year(runs: Iterable[Run]) -> list[Run]:
    """Of runs in the order of `finished`, the first of each year, oldest year first."""
    first: dict[int, Run] = {}
    for run in runs:
        first.setdefault(run.year, run)
    return [first[year] for year in sorted(first)]


def one_a_county(runs: Iterable[Run]) -> dict[int, Run]:
    """Of runs in the order of `finished`, the first of each county, by the id of the county."""
    first: dict[int, Run] = {}
    for run in runs:
        first.setdefault(run.organisation_id, run)
    return first


def in_order(results: Iterable[SchoolResult], order: str) -> list[SchoolResult]:
    """School stages in the order of a column: `code`, `name`, `students`, `met`, `outcome`, or an indicator's id; `-` reverses.

    What is unknown comes last either way; an unknown column sorts by code.
    """
    name, is_reversed = order.lstrip("-"), order.startswith("-")
    known = [(_sort_value(entry, name), entry) for entry in results]
    there = [pair for pair in known if pair[0] is not None]
    there.sort(key=lambda pair: pair[0], reverse=is_reversed)
    return [entry for _value, entry in there] + [entry for value, entry in known if value is None]


_OUTCOME_ORDER = {"not_met": 0, "cannot_tell": 1, "met": 2}


def _sort_value(entry: SchoolResult, name: str) -> Any:
    if name == "name":
        return (entry.name, entry.code, entry.stage)
    if name == "students":
        return entry.student_count
    if name == "met":
        return entry.met_count
    if name == "outcome":
        return (_OUTCOME_ORDER[entry.outcome], entry.least_percent or 0.0)
    for cell in entry.cells:
        if cell["id"] == name:
            return _cell_value(cell)
    return (entry.code, entry.stage)


def _cell_value(cell: dict[str, Any]) -> float | None:
    percent: float | None = cell["percent"]
    if percent is not None:
        return percent
    return None if cell["band"] == "unknown" else float(cell["text"])
