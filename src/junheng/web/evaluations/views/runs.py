"""The list of runs, starting one, publishing one, comparing two."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng import api
from junheng.core.errors import JunhengError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, may
from junheng.web.evaluations import actions, queries
from junheng.web.evaluations.forms import StartForm
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.jobs.models import Job
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.returns.models import Round

PER_PAGE = 25
MOST_FLIPS = 300


@page(Permission.SEE_RUNS)
def runs(request: ActorRequest) -> HttpResponse:
    """The runs of the actor's area, newest year first."""
    shown = Paginator(queries.visible_runs(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    waiting = [run.job_id for run in shown if not run.is_finished]
    jobs = Job.objects.in_bulk(waiting) if waiting else {}
    context = {
        "page": shown,
        "lines": [(run, jobs.get(run.job_id)) for run in shown],
        "may_start": may(request.actor.role, Permission.START_RUN),
        "is_local": queries.is_local(request.actor),
    }
    return render(request, "evaluations/runs.html", context)


@page(Permission.START_RUN)
def start(request: ActorRequest) -> HttpResponse:
    """The form that starts a run of the own county. htmx asks for it again when another standard is chosen."""
    county = get_object_or_404(Organisation, pk=request.actor.organisation_id, kind=Kind.COUNTY)
    rounds = list(Round.objects.filter(county=county).order_by("-year"))
    years = [entry.year for entry in rounds] or [timezone.localdate().year]
    usual = rounds[0].standard if rounds else ""
    if request.method != "POST":
        initial = {"year": request.GET.get("year") or years[0], "source": request.GET.get("source") or "approved"}
        form = StartForm(years=years, standard=request.GET.get("standard") or usual, initial=initial)
        return render(request, "evaluations/start.html", {"form": form, "county": county, "has_round": bool(rounds)})
    form = StartForm(request.POST, years=years)
    if form.is_valid():
        try:
            run = actions.start(
                by=request.actor,
                county=county,
                year=form.cleaned_data["year"],
                standard=form.cleaned_data["standard"],
                source=form.cleaned_data["source"],
                exceptions=form.cleaned_data.get("exceptions", ()),
                key=request.POST.get("send_key", ""),
            )
        except JunhengError as error:
            form.add_error(None, str(error))
        else:
            return redirect("evaluations:run", run_id=run.pk)
    return render(request, "evaluations/start.html", {"form": form, "county": county, "has_round": bool(rounds)})


@require_POST
@page(Permission.START_RUN)
def publish(request: ActorRequest, run_id: int) -> HttpResponse:
    """Makes a run the one that stands for its year."""
    run = get_object_or_404(queries.visible_runs(request.actor), pk=run_id)
    try:
        actions.publish(by=request.actor, run=run)
    except JunhengError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已发布为 %(year)s 年度的结论。") % {"year": run.year})
    return redirect("evaluations:run", run_id=run.pk)


@page(Permission.SEE_RUNS)
def compare(request: ActorRequest) -> HttpResponse:
    """Two runs side by side: who flips, and why."""
    if queries.is_local(request.actor):
        return redirect("evaluations:dashboard")
    listed = queries.finished(queries.visible_runs(request.actor))
    before, after = (_chosen(request, name) for name in ("before", "after"))
    context: dict[str, Any] = {"runs": listed[:100], "before": before, "after": after}
    if before is not None and after is not None:
        found = api.compare(evaluation_of(before), evaluation_of(after))
        context |= {
            "comparison": found,
            "flips": found.flips[:MOST_FLIPS],
            "more_count": max(0, len(found.flips) - MOST_FLIPS),
            "is_same_county": before.organisation_id == after.organisation_id,
        }
    return render(request, "evaluations/compare.html", context)


def _chosen(request: ActorRequest, name: str) -> Run | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    runs = queries.finished(queries.visible_runs(request.actor).defer("summary"))
    return get_object_or_404(runs, pk=int(text) if text.isdecimal() and len(text) < 18 else 0)
