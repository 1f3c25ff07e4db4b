"""Plans side by side, and a plan beside what has come of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from junheng.api import planning
from junheng.core.errors import JunhengError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, may
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.plans import queries
from junheng.web.plans.kept import body_of
from junheng.web.plans.models import Plan
from junheng.web.plans.views.forecasts import run_name

MOST = 4
MOST_LISTED = 60
MOST_ROWS = 200


@page(Permission.SEE_PLANS)
def compare(request: ActorRequest) -> HttpResponse:
    """Up to four plans side by side: what was asked differently, and what came of it."""
    listed = list(queries.finished_plans(request.actor)[:MOST_LISTED])
    wanted = request.GET.getlist("plan")[:MOST]
    numbers = {int(text) for text in wanted if text.isdecimal() and len(text) < 18}
    chosen = [get_object_or_404(queries.finished_plans(request.actor), pk=number) for number in sorted(numbers)]
    context: dict[str, Any] = {"plans": listed, "chosen": chosen, "most": MOST}
    if len(chosen) > 1:
        told = planning.compare_scenarios([_comparable(plan) for plan in chosen])
        context |= {"columns": list(zip(chosen, told["columns"], strict=True)), "told": told}
    return render(request, "plans/compare.html", context)


def _comparable(plan: Plan) -> dict[str, Any]:
    """A plan's data under the name its scenario had; one that was refused has no digest of its own."""
    data = dict(body_of(plan))
    return {**data, "title": plan.scenario_title, "digest": data.get("digest") or plan.hash}


@page(Permission.SEE_PLANS)
def reality(request: ActorRequest, plan_id: int) -> HttpResponse:
    """A plan beside the facts of a later year, and the form that plans on from there."""
    plan = get_object_or_404(queries.finished_plans(request.actor), pk=plan_id)
    runs = [
        run
        for run in queries.base_runs(request.actor, plan.organisation)[:MOST_LISTED]
        if plan.has_plan and plan.run.year < run.year <= (plan.target_year or 0)
    ]
    run = _chosen(request, runs)
    context: dict[str, Any] = {
        "plan": plan,
        "run": run,
        "runs": [(entry.pk, run_name(entry)) for entry in runs],
        "may_edit": may(request.actor.role, Permission.EDIT_PLANS) and plan.scenario.removed_at is None,
    }
    if run is not None:
        evaluation = evaluation_of(run)
        try:
            told = planning.reality_data(planning.against_plan(body_of(plan), evaluation.facts))
        except JunhengError as error:
            messages.error(request, str(error))
        else:
            context |= {"told": told, "rows": told["rows"][:MOST_ROWS], "more": max(0, len(told["rows"]) - MOST_ROWS)}
    return render(request, "plans/reality.html", context)


def _chosen(request: ActorRequest, runs: list[Run]) -> Run | None:
    wanted = request.GET.get("run", "")
    return next((run for run in runs if str(run.pk) == wanted), runs[0] if runs else None)
