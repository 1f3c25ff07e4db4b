"""The counties below a city, a province or the nation: ranked, as tiles, with the distance to each line."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.evaluations import queries
from junheng.web.evaluations.models import Run
from junheng.web.organisations.models import BLOCK, Kind, Organisation

_ABOVE = (Kind.NATION, Kind.PROVINCE, Kind.CITY)
_ORDER = {"met": 0, "cannot_tell": 1, "not_met": 2}


@page(Permission.SEE_RUNS)
def region(request: ActorRequest) -> HttpResponse:
    """The own area; somebody of one county is sent to its dashboard."""
    place = queries.visible_places(request.actor).filter(path=request.actor.area_path).first()
    if place is None or place.kind not in _ABOVE:
        return redirect("evaluations:dashboard")
    return _page(request, place)


@page(Permission.SEE_RUNS)
def region_of(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """A province or city below the own area."""
    return _page(request, get_object_or_404(queries.visible_places(request.actor), pk=organisation_id, kind__in=_ABOVE))


@dataclass(frozen=True)
class Row:
    """One county: its place in the ranking (0 without a run), its run, and what the table shows of it."""

    place: int
    county: Organisation
    above: str
    run: Run | None
    met: int = 0
    judged: int = 0
    reach: float | None = None

    @property
    def percent(self) -> float | None:
        """The share of school stages that are met, in per cent."""
        return 100 * self.met / self.judged if self.judged else None

    @property
    def level(self) -> str:
        """The colour of the tile, as of the layout's heat table."""
        if self.run is None or self.run.outcome == "cannot_tell":
            return "unknown"
        if self.run.outcome == "met":
            return "high"
        return "near" if (self.percent or 0) >= 75 else "far"


def _page(request: ActorRequest, place: Organisation) -> HttpResponse:
    counties = list(Organisation.objects.within(place.path).filter(kind=Kind.COUNTY).open().order_by("code", "name"))
    runs = queries.finished(queries.visible_runs(request.actor)).filter(
        organisation__in=[county.pk for county in counties]
    )
    years = sorted(set(runs.order_by().values_list("year", flat=True)), reverse=True)
    year = _year(request.GET.get("year", ""), years)
    found = queries.one_a_county(runs.filter(year=year, is_trial=False)) if year else {}
    names = dict(
        Organisation.objects.within(place.path)
        .exclude(kind=Kind.SCHOOL)
        .filter(kind__in=_ABOVE)
        .values_list("path", "name")
    )
    rows = rank([_row(county, found.get(county.pk), names) for county in counties])
    below = Organisation.objects.filter(parent=place, kind__in=_ABOVE).order_by("code", "name")
    context = {
        "place": place,
        "above": Organisation.objects.above(place.path).within(request.actor.area_path),
        "year": year,
        "years": years,
        "rows": rows,
        "groups": [(entry, _group(entry, rows)) for entry in below],
        "totals": _totals(rows),
    }
    return render(request, "evaluations/region.html", context)


def _year(wanted: str, years: list[int]) -> int | None:
    return next((year for year in years if str(year) == wanted), years[0] if years else None)


def _row(county: Organisation, run: Run | None, names: dict[str, str]) -> Row:
    above = names.get(county.path[:-BLOCK], "")
    if run is None:
        return Row(0, county, above, None)
    stages = run.figures["stages"]
    worst = run.figures["worst"]
    reach = worst["value"] / worst["limit"] if worst and worst["limit"] else None
    return Row(0, county, above, run, sum(row["met"] for row in stages), sum(row["judged"] for row in stages), reach)


def rank(rows: list[Row]) -> list[Row]:
    """Counties with a run first: by the outcome, then by the share of met schools, then by the tightest coefficient."""
    known = sorted((row for row in rows if row.run is not None), key=_rank_key)
    ranked = [
        Row(at, row.county, row.above, row.run, row.met, row.judged, row.reach) for at, row in enumerate(known, 1)
    ]
    return ranked + [row for row in rows if row.run is None]


def _rank_key(row: Row) -> tuple[Any, ...]:
    outcome = row.run.outcome if row.run is not None else ""
    return (_ORDER[outcome], -(row.percent or 0.0), row.reach or 0.0, row.county.code)


def _group(place: Organisation, rows: list[Row]) -> dict[str, Any]:
    return _totals([row for row in rows if row.county.path.startswith(place.path)])


def _totals(rows: list[Row]) -> dict[str, Any]:
    with_run = [row for row in rows if row.run is not None]
    met = [row for row in with_run if row.run is not None and row.run.outcome == "met"]
    judged = sum(row.judged for row in with_run)
    return {
        "count": len(rows),
        "with_run": len(with_run),
        "met": len(met),
        "school_share": sum(row.met for row in with_run) / judged if judged else None,
        "published": sum(hasattr(row.run, "publication") for row in with_run),
    }
