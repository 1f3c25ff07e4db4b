"""Plans: the list, one plan while it is made and afterwards, its documents, adopting it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng.core.errors import JunhengError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, may
from junheng.web.jobs.models import Job
from junheng.web.jobs.queries import may_cancel
from junheng.web.plans import drawn, kept, queries, shown
from junheng.web.plans.actions import plans as actions
from junheng.web.plans.actions import scenarios
from junheng.web.plans.models import Adoption, Plan
from junheng.web.plans.views.forecasts import sent

PER_PAGE = 25


@page(Permission.SEE_PLANS)
def listed(request: ActorRequest) -> HttpResponse:
    """The plans of the actor's area, newest first: all of them for the county office, the adopted ones for others."""
    found = Paginator(queries.visible_plans(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": found, "may_edit": may(request.actor.role, Permission.EDIT_PLANS)}
    return render(request, "plans/plans.html", context)


@page(Permission.SEE_PLANS)
def plan(request: ActorRequest, plan_id: int) -> HttpResponse:
    """One plan: how its search goes, or what came of it; for htmx one of its tables."""
    found = get_object_or_404(queries.visible_plans(request.actor), pk=plan_id)
    may_edit = may(request.actor.role, Permission.EDIT_PLANS)
    if not found.is_finished:
        return render(request, "plans/plan_waiting.html", {"plan": found, **_progress(request, found)})
    data = kept.body_of(found)
    context: dict[str, Any] = {"plan": found, "data": data, "asked": request.GET, "may_edit": may_edit}
    if not found.has_plan:
        context |= {"files": list(found.files.all()), **_curves(request, found)}
        return render(request, "plans/plan_none.html", context)
    target = request.headers.get("HX-Target", "")
    if target != "tasks":
        context["schools"] = shown.school_page(data, request.GET)
        codes = [row["school_id"] for row in context["schools"]]
        context["places"] = dict(queries.schools_of(found).filter(code__in=codes).values_list("code", "pk"))
    if target != "plan-schools":
        context |= {"tasks": shown.task_page(data, request.GET), "choices": shown.task_choices(data)}
    if target in {"tasks", "plan-schools"}:
        return render(request, "plans/_tasks.html" if target == "tasks" else "plans/_schools.html", context)
    context |= {
        "sentence": shown.sentence_of(data),
        "money_chart": shown.money_bars(data),
        "money": shown.money_table(data),
        "spread_chart": shown.spread_bars(data),
        "trail": shown.trail_lines(found.trail) if len(found.trail) > 1 else None,
        "bindings": data["bindings"][: shown.MOST_BINDINGS],
        "risks": shown.risks_of(data),
        "moves": data["moves"][: shown.MOST_MOVES],
        "files": list(found.files.select_related("school")),
        "adoptions": list(Adoption.objects.filter(plan=found)),
        **_curves(request, found),
    }
    return render(request, "plans/plan.html", context)


def _curves(request: ActorRequest, plan: Plan) -> dict[str, Any]:
    """The cost curves that are there, and how the work on newer ones goes, for those who may ask for them."""
    there, waiting = queries.curves_of(plan)
    data = kept.curves_of(there) if there else {"curves": [], "options": None}
    may_edit = may(request.actor.role, Permission.EDIT_PLANS)
    job = None
    if waiting is not None and may_edit:
        job = Job.objects.select_related("organisation").filter(pk=waiting.job_id).first()
    is_drawing = job is not None and not job.has_ended
    return {
        "curves": there,
        "waiting": waiting,
        "parts": drawn.curve_parts(data),
        "changes": data["options"],
        "job": job,
        "may_cancel": job is not None and may_cancel(request.actor, job),
        "is_drawing": is_drawing,
        "may_draw": may_edit and not is_drawing and (there is None or there.stop_asked_at is not None),
    }


def _progress(request: ActorRequest, plan: Plan) -> dict[str, Any]:
    job = Job.objects.select_related("organisation").filter(pk=plan.job_id).first()
    return {
        "job": job,
        "may_edit": may(request.actor.role, Permission.EDIT_PLANS),
        "may_cancel": job is not None and may_cancel(request.actor, job),
        "trail": shown.trail_lines(plan.trail),
        "best": plan.trail[-1] if plan.trail else None,
        "is_over": job is None or job.has_ended,
    }


@page(Permission.EDIT_PLANS)
def progress(request: ActorRequest, plan_id: int) -> HttpResponse:
    """How the search goes, for htmx, which asks again until it is over; then the page is loaded anew."""
    found = get_object_or_404(queries.visible_plans(request.actor), pk=plan_id)
    context = {"plan": found, **_progress(request, found)}
    response = render(request, "plans/_progress.html", context)
    if found.is_finished or context["is_over"]:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@page(Permission.EDIT_PLANS)
def stop(request: ActorRequest, plan_id: int) -> HttpResponse:
    """Ends the search early and keeps the best plan found so far."""
    found = get_object_or_404(queries.visible_plans(request.actor), pk=plan_id)
    try:
        actions.stop(by=request.actor, plan_id=found.pk)
    except JunhengError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已请求停止，马上给出到现在为止最好的方案。"))
    return redirect("plans:plan", plan_id=found.pk)


@require_POST
@page(Permission.EDIT_PLANS)
def steadier(request: ActorRequest, plan_id: int) -> HttpResponse:
    """Plans the same scenario anew for pupils that more of the simulated futures do not exceed."""
    found = get_object_or_404(queries.finished_plans(request.actor), pk=plan_id)
    asked = request.POST.get("quantile", "")
    key = request.POST.get("send_key", "")
    try:
        scenario = scenarios.steadier(by=request.actor, plan=found, quantile=int(asked) if asked.isdecimal() else 0)
        made = actions.start(by=request.actor, scenario=scenario, run=found.run, follows=found.follows, key=key)
    except JunhengError as error:
        messages.error(request, str(error))
        return redirect(reverse("plans:plan", kwargs={"plan_id": found.pk}) + "#robust")
    words = {"title": scenario.title}
    messages.success(request, _("已另存方案“%(title)s”，正在规划。完成后可以与原来的规划并排比较。") % words)
    return redirect("plans:plan", plan_id=made.pk)


@require_POST
@page(Permission.EDIT_PLANS)
def adopt(request: ActorRequest, plan_id: int) -> HttpResponse:
    """Makes a plan the one its county follows."""
    found = get_object_or_404(queries.finished_plans(request.actor), pk=plan_id)
    try:
        actions.adopt(by=request.actor, plan=found)
    except JunhengError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已采用。上级、领导看到这个规划，各校看到本校的措施。"))
    return redirect("plans:plan", plan_id=found.pk)


@page(Permission.SEE_PLANS)
def download(request: ActorRequest, file_id: int) -> HttpResponseBase:
    """One document of a plan, as a download only."""
    found = get_object_or_404(queries.visible_files(request.actor), pk=file_id)
    return sent(found.path, found.name)
