"""The start page, the dashboard of a county and of one run, the page on paper for a leader."""

from functools import cache
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from junheng.web.access.actor import Actor
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, Role, may
from junheng.web.evaluations import pictures, queries
from junheng.web.evaluations.heat import heat_of, heat_part
from junheng.web.evaluations.kept import kept_part
from junheng.web.evaluations.models import Run, SchoolResult
from junheng.web.evaluations.towns import tiles_of
from junheng.web.jobs.models import Job
from junheng.web.organisations.models import BLOCK, Kind, Organisation

_START = (
    (Permission.MANAGE_ACCOUNTS, "accounts:people"),
    (Permission.GRANT_ROLES, "accounts:people"),
    (Permission.READ_AUDIT, "audit:list"),
)
"""Where people start who see no verdicts."""


BRIEF_STEPS = 6
"""As many as one page on paper holds."""


@page()
def dashboard(request: ActorRequest) -> HttpResponse:
    """Where everybody lands: the own county, the own school, the counties below, or the work of an administrator."""
    actor = request.actor
    if not may(actor.role, Permission.SEE_RUNS):
        for permission, route in _START:
            if may(actor.role, permission):
                return redirect(route)
        return redirect("accounts:security")
    if actor.role in {Role.REPORTER, Role.PRINCIPAL}:
        return redirect("evaluations:school", organisation_id=actor.organisation_id)
    county = _own_county(actor)
    if county is None:
        return redirect("evaluations:region")
    return county_page(request, county)


@page(Permission.SEE_RUNS)
def county(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """The dashboard of one county below."""
    return county_page(request, get_object_or_404(queries.visible_counties(request.actor), pk=organisation_id))


def _own_county(actor: Actor) -> Organisation | None:
    """The county an actor belongs to; None above the counties."""
    paths = [actor.own_path[:end] for end in range(BLOCK, len(actor.own_path) + 1, BLOCK)]
    return Organisation.objects.filter(path__in=paths, kind=Kind.COUNTY).first()


def county_page(request: ActorRequest, county: Organisation) -> HttpResponse:
    """The run that stands for a county, or what to do to get one."""
    runs = list(queries.finished(queries.visible_runs(request.actor).filter(organisation=county)))
    if not runs:
        return render(request, "evaluations/no_run.html", {"county": county})
    return run_page(request, runs[0], runs)


@page(Permission.SEE_RUNS)
def run(request: ActorRequest, run_id: int) -> HttpResponse:
    """One run: its dashboard, or how far it is."""
    found = get_object_or_404(queries.visible_runs(request.actor), pk=run_id)
    if not found.is_finished:
        job = Job.objects.select_related("organisation").filter(pk=found.job_id).first()
        return render(request, "evaluations/waiting.html", {"run": found, "job": job})
    others = queries.visible_runs(request.actor).filter(organisation_id=found.organisation_id)
    return run_page(request, found, list(queries.finished(others)))


def run_page(request: ActorRequest, run: Run, runs: list[Run]) -> HttpResponse:
    """The dashboard of a finished run; for townships only the sentence and their own schools."""
    results = cache(lambda: list(queries.school_results(request.actor, run).order_by("code", "stage")))
    if queries.is_local(request.actor):
        context = {"run": run, "summary": run.summary, "heat": heat_of(run, results(), request.GET)}
        return render(request, "evaluations/township.html", context)
    years = queries.one_a_year([*[other for other in runs if other.year != run.year], run])
    context = {
        "run": run,
        "year_runs": queries.one_a_year(runs),
        "board": kept_part(
            run, "evaluations/_board.html", lambda: _board(run, years, results()), *(other.pk for other in years)
        ),
        "schools": heat_part(run, results, request.GET),
        "details": kept_part(run, "evaluations/_details.html", lambda: _details(run)),
    }
    return render(request, "evaluations/dashboard.html", context)


def _board(run: Run, years: list[Run], results: list[SchoolResult]) -> dict[str, Any]:
    """What the upper part of the dashboard shows; `years` are the runs that stand for the years, this one among them."""
    before = next((other for other in reversed(years) if other.year < run.year), None)
    schools, summary = met_schools(results), run.summary
    has_thresholds = summary["has_thresholds"]
    return {
        "run": run,
        "summary": summary,
        "school_count": len(schools),
        "met_count": sum(schools.values()),
        "change": _change(run, before),
        **_step_counts(run),
        "coverage_percent": _coverage_percent(run),
        "towns": tiles_of(results),
        "bars": pictures.dispersion_bars(summary) if summary["dispersion"] else None,
        "radar": pictures.resource_radar(summary) if has_thresholds else None,
        "points": pictures.school_points(run, results) if has_thresholds else None,
        "trend": pictures.trend_lines(years) if len(years) > 1 and has_thresholds else None,
    }


def _details(run: Run) -> dict[str, Any]:
    coverage = [{**entry, "missing": entry["needed"] - entry["filled"]} for entry in run.summary["coverage"]]
    return {"run": run, "summary": run.summary, "coverage": coverage}


def met_schools(results: list[Any]) -> dict[str, bool]:
    """Per school code whether all its stages are met."""
    met: dict[str, bool] = {}
    for entry in results:
        met[entry.code] = met.get(entry.code, True) and entry.outcome == "met"
    return met


def _step_counts(run: Run) -> dict[str, int]:
    """How many things are surely not met, and how many cannot be told."""
    outcomes = [step["outcome"] for step in run.summary["steps"]]
    return {"blocking_count": outcomes.count("not_met"), "open_count": outcomes.count("cannot_tell")}


def _coverage_percent(run: Run) -> float | None:
    """How much of what is needed is there, in per cent, rounded down: 100 is said only when nothing is missing."""
    found = run.figures["coverage"]
    return found["filled"] * 1000 // found["needed"] / 10 if found["needed"] else None


def _change(run: Run, before: Run | None) -> dict[str, Any] | None:
    """How the share of met school stages moved since the year before, in points."""
    if before is None or before.standard != run.standard:
        return None
    now, then = (_share(entry) for entry in (run, before))
    if now is None or then is None:
        return None
    points = round(now - then, 1)
    return {"points": abs(points), "is_up": points > 0, "is_down": points < 0, "year": before.year}


def _share(run: Run) -> float | None:
    judged = sum(row["judged"] for row in run.figures["stages"])
    return 100 * sum(row["met"] for row in run.figures["stages"]) / judged if judged else None


@page(Permission.SEE_RUNS)
def brief(request: ActorRequest, run_id: int) -> HttpResponse:
    """One page for a leader: the verdict, the key figures, what to do first. Nothing for schools and townships."""
    if queries.is_local(request.actor):
        raise Http404
    runs = queries.finished(queries.visible_runs(request.actor).defer(None))
    found = get_object_or_404(runs, pk=run_id)
    schools = met_schools(list(found.schools.only("code", "outcome", "run_id")))
    context = {
        "run": found,
        "summary": found.summary,
        "school_count": len(schools),
        "met_count": sum(schools.values()),
        "steps": found.summary["steps"][:BRIEF_STEPS],
        "more_count": max(0, len(found.summary["steps"]) - BRIEF_STEPS),
        **_step_counts(found),
    }
    return render(request, "evaluations/brief.html", context)
