"""Why: from any number of a run down to cells and clauses."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from junheng import api
from junheng.core.errors import InputError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.evaluations import queries, trees
from junheng.web.evaluations.origins import sources_of
from junheng.web.evaluations.snapshots import evaluation_of


@page(Permission.SEE_RUNS)
def explain(request: ActorRequest, run_id: int, at: str = "") -> HttpResponse:
    """The explanation of one place of the verdict; schools and townships see only what is below their own schools."""
    run = get_object_or_404(queries.finished(queries.visible_runs(request.actor).defer("summary")), pk=run_id)
    school = trees.school_of(at)
    if queries.is_local(request.actor):
        get_object_or_404(queries.visible_schools(request.actor).exclude(code=""), code=school or "-")
    evaluation = evaluation_of(run)
    facts = replace(evaluation.facts, sources=sources_of(run, school))
    try:
        node = api.explain(replace(evaluation, facts=facts), at)
        above = [(path, api.explain(evaluation, path).title) for path in trees.trail(at)]
    except InputError as error:
        raise Http404(str(error)) from error
    context = {
        "run": run,
        "node": node,
        "branch": trees.branch_of(node),
        "above": above,
        "at": at,
        "school": queries.visible_schools(request.actor).filter(code=school).first() if school else None,
        "is_local": queries.is_local(request.actor),
        "standard": evaluation.standard,
    }
    return render(request, "evaluations/explain.html", context)
