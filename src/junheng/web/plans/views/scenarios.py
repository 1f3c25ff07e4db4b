"""Scenarios: the list, the form, copies, facts taken as changed, and starting a plan from one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng import api
from junheng.core.errors import JunhengError
from junheng.core.findings import Level
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.plans import queries, what_if
from junheng.web.plans.actions import plans as plan_actions
from junheng.web.plans.actions import scenarios as actions
from junheng.web.plans.forms import WhatIfForm
from junheng.web.plans.models import Plan, Scenario
from junheng.web.plans.scenario_form import ScenarioForm, findings_of, summary_of
from junheng.web.plans.views.forecasts import run_name

MOST_RUNS = 30
MOST_FLIPS = 200


@page(Permission.EDIT_PLANS)
def listed(request: ActorRequest) -> HttpResponse:
    """The scenarios of the own county, each with what it asks, what is still wrong with it, and its last plan."""
    county = _county(request)
    scenarios = list(queries.visible_scenarios(request.actor).filter(organisation=county))
    last: dict[int, Plan] = {}
    for plan in queries.visible_plans(request.actor).filter(scenario__in=scenarios):
        last.setdefault(plan.scenario_id, plan)
    rows = [
        {"scenario": entry, "plan": last.get(entry.pk), **summary_of(entry.data, findings_of(entry.data, None)[1])}
        for entry in scenarios
    ]
    return render(request, "plans/scenarios.html", {"county": county, "rows": rows})


def _county(request: ActorRequest) -> Organisation:
    return get_object_or_404(Organisation, pk=request.actor.organisation_id, kind=Kind.COUNTY)


@require_POST
@page(Permission.EDIT_PLANS)
def create(request: ActorRequest) -> HttpResponse:
    """A new scenario of the own county."""
    county = _county(request)
    try:
        scenario = actions.create(by=request.actor, county=county, title=request.POST.get("title", ""))
    except JunhengError as error:
        messages.error(request, str(error))
        return redirect("plans:scenarios")
    return redirect("plans:scenario", scenario_id=scenario.pk)


@require_POST
@page(Permission.EDIT_PLANS)
def copy(request: ActorRequest, scenario_id: int) -> HttpResponse:
    """A new scenario like this one."""
    scenario = _scenario(request, scenario_id)
    try:
        made = actions.copy(by=request.actor, scenario=scenario, title=request.POST.get("title", ""))
    except JunhengError as error:
        messages.error(request, str(error))
        return redirect("plans:scenario", scenario_id=scenario.pk)
    messages.success(request, _("已另存为“%(title)s”。") % {"title": made.title})
    return redirect("plans:scenario", scenario_id=made.pk)


@require_POST
@page(Permission.EDIT_PLANS)
def remove(request: ActorRequest, scenario_id: int) -> HttpResponse:
    """Takes a scenario off the list."""
    scenario = _scenario(request, scenario_id)
    actions.remove(by=request.actor, scenario_id=scenario.pk)
    messages.success(request, _("已删除方案“%(title)s”，由它做出的规划不受影响。") % {"title": scenario.title})
    return redirect("plans:scenarios")


def _scenario(request: ActorRequest, scenario_id: int) -> Scenario:
    return get_object_or_404(queries.visible_scenarios(request.actor), pk=scenario_id)


def _runs(request: ActorRequest, county: Organisation) -> list[Run]:
    return list(queries.base_runs(request.actor, county)[:MOST_RUNS])


@page(Permission.EDIT_PLANS)
def scenario(request: ActorRequest, scenario_id: int) -> HttpResponse:
    """The form of a scenario. It saves whatever can be read, and shows what is still wrong at the fields."""
    found = _scenario(request, scenario_id)
    runs = _runs(request, found.organisation)
    facts = evaluation_of(runs[0]).facts if runs else None
    kept = {"scenario": found.data, "lock_version": found.lock_version, "facts": facts}
    if request.method != "POST":
        form = ScenarioForm(**kept)
        return _form_page(request, found, form, runs, 200)
    form = ScenarioForm(request.POST, **kept)
    if not form.is_valid():
        return _form_page(request, found, form, runs, 422)
    data = form.scenario()
    try:
        changed = actions.change(
            by=request.actor, scenario_id=found.pk, lock_version=form.cleaned_data["lock_version"], data=data
        )
    except JunhengError as error:
        form.add_error("title" if isinstance(error, actions.WrongTitleError) else None, str(error))
        return _form_page(request, found, form, runs, 409)
    problems = summary_of(data, findings_of(data, facts)[1])["problems"]
    if problems:
        messages.warning(request, _("已保存；还有 %(count)s 处要填写或改正，见各项下面。") % {"count": problems})
    else:
        messages.success(request, _("已保存，可以开始规划。"))
    return redirect("plans:scenario", scenario_id=changed.pk)


def _form_page(
    request: ActorRequest, scenario: Scenario, form: ScenarioForm, runs: list[Run], status: int
) -> HttpResponse:
    facts = evaluation_of(runs[0]).facts if runs else None
    findings = findings_of(scenario.data, facts)[1]
    rest = form.tell(findings) if not form.is_bound else []
    schools = facts.table("schools").rows(named=True) if facts is not None else []
    context: dict[str, Any] = {
        "scenario": scenario,
        "form": form,
        "groups": form.groups(),
        "measures": form.measures(),
        "sources": form.sources(),
        "rest": rest,
        "problem_count": sum(finding.level is Level.ERROR for finding in findings),
        "runs": [(run.pk, run_name(run)) for run in runs],
        "schools": sorted((row["school_id"], row["school_name"] or "") for row in schools),
        "plans": list(queries.visible_plans(request.actor).filter(scenario=scenario)[:5]),
    }
    return render(request, "plans/scenario.html", context, status=status)


@require_POST
@page(Permission.EDIT_PLANS)
def start(request: ActorRequest, scenario_id: int) -> HttpResponse:
    """Asks for a plan of the scenario on the facts of a run. Sent twice, the form asks once."""
    scenario = _scenario(request, scenario_id)
    run = get_object_or_404(queries.base_runs(request.actor, scenario.organisation), pk=_number(request, "run"))
    follows = None
    if request.POST.get("follows"):
        own = queries.finished_plans(request.actor).filter(organisation=scenario.organisation)
        follows = get_object_or_404(own, pk=_number(request, "follows"))
    if findings_of(scenario.data, evaluation_of(run).facts)[0] is None:
        messages.error(request, _("方案里还有要填写或改正的地方，改好才能规划。"))
        return redirect("plans:scenario", scenario_id=scenario.pk)
    try:
        plan = plan_actions.start(
            by=request.actor, scenario=scenario, run=run, follows=follows, key=request.POST.get("send_key", "")
        )
    except JunhengError as error:
        messages.error(request, str(error))
        return redirect("plans:scenario", scenario_id=scenario.pk)
    return redirect("plans:plan", plan_id=plan.pk)


def _number(request: ActorRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@page(Permission.EDIT_PLANS)
def what_ifs(request: ActorRequest, scenario_id: int) -> HttpResponse:
    """Facts that the scenario takes as changed, and what that does to the verdict of today."""
    found = _scenario(request, scenario_id)
    runs = _runs(request, found.organisation)
    if not runs:
        return render(request, "plans/no_run.html", {"county": found.organisation})
    evaluation = evaluation_of(runs[0])
    schools = sorted(
        (row["school_id"], row["school_name"] or "") for row in evaluation.facts.table("schools").rows(named=True)
    )
    form = WhatIfForm(request.POST or None, schools=schools, initial={"lock_version": found.lock_version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            changes = _changed(found, form, evaluation)
            actions.change_what_ifs(
                by=request.actor, scenario_id=found.pk, lock_version=given["lock_version"], what_ifs=changes
            )
        except JunhengError as error:
            form.add_error("text" if not given["remove"] else None, str(error))
        else:
            return redirect("plans:what_ifs", scenario_id=found.pk)
    context: dict[str, Any] = {"scenario": found, "form": form, "run": runs[0], "changes": _told(found)}
    if found.what_ifs and request.GET.get("judge"):
        supposed = api.evaluate(
            what_if.applied(evaluation.facts, found.what_ifs),
            evaluation.standard,
            exceptions=runs[0].exceptions,
            is_trial=True,
        )
        comparison = api.compare(evaluation, supposed)
        context |= {
            "comparison": comparison,
            "flips": comparison.flips[:MOST_FLIPS],
            "outcome": supposed.verdict.outcome.value,
        }
        context["more_count"] = max(0, len(comparison.flips) - MOST_FLIPS)
    return render(request, "plans/what_ifs.html", context)


def _changed(scenario: Scenario, form: WhatIfForm, evaluation: api.Evaluation) -> list[dict[str, Any]]:
    """The list with the form's change in it, or without the one it takes away."""
    given = form.cleaned_data
    if given["remove"]:
        return [entry for entry in scenario.what_ifs if what_if.place_of(entry) != given["remove"]]
    change = what_if.change_of(
        evaluation.facts, school=given["school"], stage=given["stage"], field=given["field"], text=given["text"]
    )
    return what_if.with_change(scenario.what_ifs, change)


def _told(scenario: Scenario) -> list[dict[str, Any]]:
    """The changes as people read them: entry, old and new value in the unit in which they are typed."""
    entries = {(table, entry.id): entry for table, entry in what_if.changeable()}
    return [
        {
            **change,
            "place": what_if.place_of(change),
            "entry": entries[change["table"], change["field"]],
            "before": what_if.typed(entries[change["table"], change["field"]], change["was"]),
            "after": what_if.typed(entries[change["table"], change["field"]], change["value"]),
        }
        for change in scenario.what_ifs
    ]
