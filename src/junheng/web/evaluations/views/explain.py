"""Why: from any number of a run down to cells and clauses."""

from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from junheng import api
from junheng.core.errors import InputError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.evaluations import queries, trees
from junheng.web.evaluations.kept import Kept, run_key
from junheng.web.evaluations.models import Run, Source
from junheng.web.evaluations.origins import sources_of
from junheng.web.evaluations.snapshots import evaluation_of

_MOST = 128
"""Explanations kept in memory; the longest takes 0.1 MB."""


@page(Permission.SEE_RUNS)
def explain(request: ActorRequest, run_id: int, at: str = "") -> HttpResponse:
    """The explanation of one place of the verdict; schools and townships see only what is below their own schools."""
    run = get_object_or_404(queries.finished(queries.visible_runs(request.actor).defer("summary")), pk=run_id)
    school = trees.school_of(at)
    if queries.is_local(request.actor):
        get_object_or_404(queries.visible_schools(request.actor).exclude(code=""), code=school or "-")
    try:
        told = _told(run, at, school)
    except InputError as error:
        raise Http404(str(error)) from error
    context = {
        "run": run,
        "told": told,
        "at": at,
        "school": queries.visible_schools(request.actor).filter(code=school).first() if school else None,
        "is_local": queries.is_local(request.actor),
    }
    return render(request, "evaluations/explain.html", context)


@dataclass(frozen=True)
class Told:
    """What a page says about one place: the same to everybody who may see it. `above` are paths with their titles."""

    title: str
    standard_title: str
    above: tuple[tuple[str, str], ...]
    tree: SafeString


_kept: Kept[Told] = Kept(_MOST)


def _told(run: Run, at: str, school: str) -> Told:
    """The explanation, from memory when its sources cannot change any more. InputError for a place that is not there."""
    if run.source == Source.TRIAL:
        return _tell(run, at, school)
    return _kept.get((*run_key(run), at), lambda: _tell(run, at, school))


def _tell(run: Run, at: str, school: str) -> Told:
    evaluation = evaluation_of(run)
    facts = replace(evaluation.facts, sources=sources_of(run, school))
    node = api.explain(replace(evaluation, facts=facts), at)
    above = tuple((path, api.explain(evaluation, path).title) for path in trees.trail(at))
    drawn = {"run": run, "branch": trees.branch_of(node), "is_root": True}
    tree = SafeString(render_to_string("evaluations/_branch.html", drawn))
    return Told(node.title, evaluation.standard.title, above, tree)
