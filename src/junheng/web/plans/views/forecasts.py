"""The forecast of a county: its page, its workbook, and how a new one is ordered."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from junheng.api import planning
from junheng.core.errors import JunhengError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, may
from junheng.web.documents.files import content_type, located
from junheng.web.evaluations.models import Run
from junheng.web.jobs.models import Job
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.plans import outlooks, queries
from junheng.web.plans.actions import forecasts as actions
from junheng.web.plans.background import FOLDER
from junheng.web.plans.forms import ForecastForm
from junheng.web.plans.kept import forecast_of
from junheng.web.plans.models import Forecast, Scenario

YEARS_AHEAD = 4
MOST_LISTED = 200


@page(Permission.SEE_PLANS)
def listed(request: ActorRequest) -> HttpResponse:
    """The newest forecast of the own county; above the counties, the newest of each."""
    county = queries.own_county(request.actor)
    forecasts = queries.visible_forecasts(request.actor).filter(finished_at__isnull=False)
    if county is not None:
        newest = forecasts.filter(organisation=county).first()
        if newest is not None:
            return forecast_page(request, newest)
        return render(request, "plans/forecast_empty.html", {"county": county, **_rights(request)})
    first: dict[int, Forecast] = {}
    for entry in forecasts.defer("data")[:MOST_LISTED]:
        first.setdefault(entry.organisation_id, entry)
    rows = sorted(first.values(), key=lambda entry: (entry.organisation.code, entry.organisation.name))
    return render(request, "plans/forecasts.html", {"forecasts": rows})


@page(Permission.SEE_PLANS)
def forecast(request: ActorRequest, forecast_id: int) -> HttpResponse:
    """One forecast, or how far it is; for htmx one of its tables."""
    found = get_object_or_404(queries.visible_forecasts(request.actor), pk=forecast_id)
    if not found.is_finished:
        job = Job.objects.select_related("organisation").filter(pk=found.job_id).first()
        return render(request, "plans/forecast_waiting.html", {"forecast": found, "job": job})
    return forecast_page(request, found)


def forecast_page(request: ActorRequest, forecast: Forecast) -> HttpResponse:
    """The page of a finished forecast, or for htmx the one table it puts in place."""
    data = forecast_of(forecast)
    context: dict[str, Any] = {"forecast": forecast, "data": data}
    target = request.headers.get("HX-Target", "")
    if target == "pupils":
        context |= {"schools": outlooks.school_page(data, request.GET), "asked": request.GET}
        return render(request, "plans/_pupils.html", context)
    leasts = [(value, _("至少 %(share)s") % {"share": f"{float(value):.0%}"}) for value in outlooks.LEASTS]
    context |= {"risks": outlooks.risk_table(data, request.GET), "least_choices": leasts}
    if target == "risks":
        return render(request, "plans/_risks.html", context)
    context |= {"schools": outlooks.school_page(data, request.GET), "asked": request.GET}
    names = {row["school_id"]: row["school_name"] for row in data["schools"]}
    context |= {
        "lines": [(stage, outlooks.pupil_lines(data, stage)) for stage in outlooks.stages_of(data)],
        "bars": outlooks.rule_bars(data) if data["risks"] else None,
        "new_count": outlooks.newly_broken(data),
        "teachers": [(names.get(row["school_id"], row["school_id"]), row) for row in data["teachers"]],
        **_rights(request),
    }
    return render(request, "plans/forecast.html", context)


def _rights(request: ActorRequest) -> dict[str, bool]:
    return {"may_edit": may(request.actor.role, Permission.EDIT_PLANS)}


@page(Permission.EDIT_PLANS)
def start(request: ActorRequest) -> HttpResponse:
    """The form that orders a forecast of the own county."""
    county = get_object_or_404(Organisation, pk=request.actor.organisation_id, kind=Kind.COUNTY)
    runs = list(queries.base_runs(request.actor, county)[:50])
    if not runs:
        return render(request, "plans/no_run.html", {"county": county})
    choices = [(run.pk, run_name(run)) for run in runs]
    known = list(queries.visible_scenarios(request.actor).filter(organisation=county)[:50])
    given: dict[str, Any] = {"runs": choices, "scenarios": [(entry.pk, entry.title) for entry in known]}
    if request.method != "POST":
        form = ForecastForm(**given, initial={"run": runs[0].pk, "to_year": runs[0].year + YEARS_AHEAD})
        return render(request, "plans/forecast_start.html", {"form": form, "county": county})
    form = ForecastForm(request.POST, request.FILES, **given)
    if form.is_valid():
        run = next(entry for entry in runs if entry.pk == form.cleaned_data["run"])
        try:
            made = actions.start(
                by=request.actor,
                run=run,
                to_year=form.cleaned_data["to_year"],
                assumptions=_assumptions(form.cleaned_data, known),
                key=request.POST.get("send_key", ""),
            )
        except JunhengError as error:
            form.add_error("to_year", str(error))
        else:
            return redirect("plans:forecast", forecast_id=made.pk)
    return render(request, "plans/forecast_start.html", {"form": form, "county": county})


def _assumptions(wanted: dict[str, Any], known: list[Scenario]) -> dict[str, Any]:
    """What a file says, or the scenario's part about the years ahead."""
    chosen = next((entry for entry in known if entry.pk == wanted["scenario"]), None)
    if chosen is None:
        return dict(wanted["assumptions"])
    parts = {field.path for field in planning.scenario_fields() if field.group == planning.ASSUMPTIONS}
    return {
        "scenario": {path: value for path, value in chosen.data.items() if path in parts and value not in (None, [])}
    }


def run_name(run: Run) -> str:
    """What people choose a run by."""
    state = _("试算") if run.is_trial else _("已发布") if hasattr(run, "publication") else _("未发布")
    return f"{run.year} · {run.figures['standard_title']} · {state} · {run.code}"


@page(Permission.SEE_PLANS)
def workbook(request: ActorRequest, forecast_id: int) -> HttpResponseBase:
    """The workbook of a forecast, as a download only."""
    found = get_object_or_404(queries.visible_forecasts(request.actor).exclude(workbook=""), pk=forecast_id)
    county = found.organisation.name
    return sent(found.workbook, f"{county}{_('学生数预测')}{found.to_year}.xlsx")


def sent(path: str, name: str) -> FileResponse:
    """A stored file as a download under a name. Http404 when it is no longer there."""
    place = located(path, FOLDER)
    if not place.is_file():
        raise Http404(_("文件已不在服务器上，请重新生成。"))
    response = FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=content_type(name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
