"""The table of schools, the page of one school, its plan, and what a department owns."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header

from junheng import api
from junheng.core.errors import InputError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, Role
from junheng.web.evaluations import pictures, queries
from junheng.web.evaluations.heat import heat_of
from junheng.web.evaluations.models import Run, SchoolResult
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.organisations.models import BLOCK, Kind, Organisation

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page(Permission.SEE_RUNS)
def schools(request: ActorRequest, run_id: int) -> HttpResponse:
    """Schools × indicators, filtered and sorted: a page of its own, or for htmx the table."""
    runs = queries.finished(queries.visible_runs(request.actor).defer(None))
    run = get_object_or_404(runs, pk=run_id)
    results = list(queries.school_results(request.actor, run).order_by("code", "stage"))
    context = {"run": run, "summary": run.summary, "heat": heat_of(run, results, request.GET)}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "evaluations/_heat.html" if is_part else "evaluations/schools.html", context)


@page(Permission.SEE_RUNS)
def school(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """One school: its verdict in a run (the one that stands, or `?run=`), its gaps, and how it did over the years."""
    place = get_object_or_404(queries.visible_schools(request.actor), pk=organisation_id)
    county = Organisation.objects.above(place.path).filter(kind=Kind.COUNTY).get()
    listed = list(queries.finished(queries.visible_runs(request.actor).filter(organisation=county)))
    run = _chosen(request, listed)
    if run is None:
        return render(request, "evaluations/school_empty.html", {"place": place, "county": county})
    full = Run.objects.select_related("organisation", "publication").defer("versions").get(pk=run.pk)
    years = queries.one_a_year([run, *(entry for entry in listed if entry.year != run.year)])
    year_of = {entry.pk: entry.year for entry in years}
    rows = list(SchoolResult.objects.filter(school=place, run__in=years))
    own = sorted((row for row in rows if row.run_id == run.pk), key=lambda row: row.stage, reverse=True)
    history = sorted((year_of[row.run_id], row.stage, row.met_count, row.indicator_count) for row in rows)
    context = {
        "place": place,
        "run": full,
        "runs": queries.one_a_year(listed)[::-1],
        "results": [_with_indicators(row, full) for row in own],
        "failures": _failures(full, place.code),
        "history": pictures.school_history(history) if len(years) > 1 else None,
        "is_own": queries.is_local(request.actor),
        "has_plan": any(row.outcome == "not_met" for row in own) or place.code in full.summary["school_failures"],
        "excluded": [entry for entry in full.summary["excluded"] if entry["school_id"] == place.code],
    }
    return render(request, "evaluations/school.html", context)


def _chosen(request: ActorRequest, runs: list[Run]) -> Run | None:
    wanted = request.GET.get("run", "")
    if not wanted:
        return runs[0] if runs else None
    found = next((run for run in runs if str(run.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _with_indicators(result: SchoolResult, run: Run) -> tuple[SchoolResult, list[tuple[Any, Any, Any]]]:
    """A school stage with one line per indicator: the indicator, its value, what is missing (None: nothing)."""
    gaps = {gap["id"]: gap for gap in result.gaps}
    cells = {cell["id"]: cell for cell in result.cells}
    lines = [(entry, cells[entry["id"]], gaps.get(entry["id"])) for entry in run.summary["indicators"]]
    return result, lines


def _failures(run: Run, code: str) -> list[dict[str, Any]]:
    """The items that name the school, each with what is wrong."""
    items = {item["id"]: item for item in run.summary["items"]}
    found = run.summary["school_failures"].get(code, [])
    return [{**entry, "item": items[entry["item"]], "more": entry["count"] - len(entry["texts"])} for entry in found]


@page(Permission.SEE_RUNS)
def plan(request: ActorRequest, run_id: int, organisation_id: int) -> HttpResponse:
    """The draft of a school's plan (一校一案) as a download."""
    place = get_object_or_404(queries.visible_schools(request.actor), pk=organisation_id)
    runs = queries.finished(queries.visible_runs(request.actor))
    run = get_object_or_404(runs, pk=run_id, organisation__path__in=_paths_above(place))
    try:
        name, content = api.school_plan(evaluation_of(run), place.code)
    except InputError as error:
        raise Http404(str(error)) from error
    response = HttpResponse(content, content_type=DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@page(Permission.SEE_RUNS)
def departments(request: ActorRequest, run_id: int) -> HttpResponse:
    """What each department owns in a run: the facts it reports, what is missing, and which indicators rest on them."""
    if queries.is_local(request.actor):
        raise Http404
    run = get_object_or_404(queries.finished(queries.visible_runs(request.actor).defer(None)), pk=run_id)
    own = _own_reporters(request)
    names = {entry["id"]: (entry["name"], "", "") for entry in run.summary["indicators"]}
    names |= {
        entry["id"]: (f"{entry['number']} {entry['name']}", entry["outcome"], entry["path"])
        for entry in run.summary["items"]
    }
    listed = [_owned(entry, names) for entry in run.summary["coverage"]]
    listed.sort(key=lambda entry: entry["reporter"] not in own)
    wanted = request.GET.get("reporter", "") or (own[0] if own else "")
    chosen = next((entry for entry in listed if entry["reporter"] == wanted), listed[0] if listed else None)
    context = {"run": run, "listed": listed, "chosen": chosen, "own": own}
    return render(request, "evaluations/departments.html", context)


def _paths_above(place: Organisation) -> list[str]:
    return [place.path[:end] for end in range(BLOCK, len(place.path), BLOCK)]


def _own_reporters(request: ActorRequest) -> list[str]:
    if request.actor.role != Role.DEPARTMENT:
        return []
    place = Organisation.objects.only("reports_as").get(path=request.actor.own_path)
    return [str(name) for name in place.reports_as]


def _owned(entry: dict[str, Any], names: dict[str, tuple[str, str, str]]) -> dict[str, Any]:
    users = dict.fromkeys(name for fact in entry["facts"] for name in fact["used_by"])
    return {
        **entry,
        "missing": entry["needed"] - entry["filled"],
        "users": [
            {"id": name, "name": names[name][0], "outcome": names[name][1], "path": names[name][2]} for name in users
        ],
    }
