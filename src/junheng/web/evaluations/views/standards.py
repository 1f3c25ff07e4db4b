"""The standards: what they demand, why, and what another one would change for a county."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from junheng import api
from junheng.web.access.pages import ActorRequest, page
from junheng.web.evaluations import queries
from junheng.web.evaluations.snapshots import evaluation_of


@page()
def standards(request: ActorRequest) -> HttpResponse:
    """All standards that ship with the platform."""
    return render(request, "evaluations/standards.html", {"standards": api.standards()})


@page()
def standard(request: ActorRequest, standard_id: str) -> HttpResponse:
    """One standard: what it demands with every number and clause, its notes and worked cases."""
    found = next((entry for entry in api.standards() if entry.id == standard_id), None)
    if found is None:
        raise Http404
    context = {
        "standard": found,
        "sections": _sections(found.id, found.digest),
        "others": [entry for entry in api.standards() if entry.id != found.id],
    }
    return render(request, "evaluations/standard.html", context)


@lru_cache(maxsize=32)
def _sections(standard_id: str, _digest: str) -> tuple[Any, ...]:
    """Reading the worked cases takes a second; they change with the standard only."""
    return api.standard_sections(standard_id)


@page()
def compare_standards(request: ActorRequest) -> HttpResponse:
    """Two standards: what they demand differently, and on the data of a run who would flip."""
    known = {entry.id: entry for entry in api.standards()}
    a, b = (known.get(request.GET.get(name, "")) for name in ("a", "b"))
    on = _day(request.GET.get("on", ""))
    runs = queries.finished(queries.visible_runs(request.actor))
    runs = runs.none() if queries.is_local(request.actor) else runs
    context: dict[str, Any] = {"standards": known.values(), "a": a, "b": b, "on": on, "runs": runs[:60]}
    if a is not None and b is not None:
        context["differences"] = api.diff_standards(a.id, b.id, on=on)
        wanted = request.GET.get("run", "")
        if wanted:
            run = get_object_or_404(runs, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0)
            facts = evaluation_of(run).facts
            context |= {"run": run, "comparison": api.compare(api.evaluate(facts, a), api.evaluate(facts, b))}
    return render(request, "evaluations/compare_standards.html", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
