"""Rounds: the list, opening them, and what those who run one may do: lock, move the last day, remind, extend."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junheng import api
from junheng.web.access.actor import Actor
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission, may
from junheng.web.jobs.models import Job
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.returns.actions import opening
from junheng.web.returns.actions import rounds as actions
from junheng.web.returns.clock import clock_of, clock_of_entry
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Return, Round
from junheng.web.returns.progress import lines_of, round_counts, tally_of
from junheng.web.returns.queries import visible_returns, visible_rounds
from junheng.web.returns.round_forms import DueForm, ExtendForm, RoundForm

PER_PAGE = 50
USUAL_DAYS = 30
USUAL_EXTENSION = 7


@page(Permission.SEE_PROGRESS)
@require_safe
def rounds(request: ActorRequest) -> HttpResponse:
    """The rounds the actor may see, the latest first, with their clock and how many have reported."""
    listed = Paginator(visible_rounds(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    counted = round_counts(request.actor, visible_rounds(request.actor).filter(pk__in=[found.pk for found in listed]))
    lines = [{"round": found, "clock": clock_of(found, ())} for found in counted]
    may_open = may(request.actor.role, Permission.OPEN_ROUNDS)
    return render(request, "returns/rounds.html", {"page": listed, "lines": lines, "may_open": may_open})


@page(Permission.OPEN_ROUNDS)
def round_open(request: ActorRequest) -> HttpResponse:
    """The form that opens the year's round of the own county, or of one or all counties below."""
    places = _places(request.actor)
    form = RoundForm(
        request.POST or None,
        places=places.values(),
        initial={"due_on": timezone.localdate() + timedelta(days=USUAL_DAYS)},
    )
    if request.method == "POST" and form.is_valid():
        wanted = {**form.cleaned_data, "place": places[form.cleaned_data["place"]]}
        try:
            begun = opening.begin(by=request.actor, key=request.POST.get("send_key", ""), **wanted)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if isinstance(begun, Job):
                return redirect("jobs:progress", job_id=begun.pk)
            messages.success(request, _("已开始填报:%(count)s 个县。") % {"count": 1})
            return redirect("returns:round", round_id=begun.pk)
    return render(request, "returns/round_open.html", {"form": form}, status=422 if form.is_bound else 200)


def _places(actor: Actor) -> dict[int, Organisation]:
    """Where the actor may open rounds, by id: the own organisation, and the counties below it."""
    own = Organisation.objects.filter(pk=actor.organisation_id or 0)
    below = Organisation.objects.below(actor.own_path).filter(kind=Kind.COUNTY).open().order_by("code", "name")
    return {place.pk: place for place in (*own, *below)}


def runs(actor: Actor, found: Round) -> bool:
    """True when the actor may lock, remind and extend in a round (its county must be loaded)."""
    return may(actor.role, Permission.OPEN_ROUNDS) and found.county.is_within(actor.own_path)


def _seen(request: ActorRequest, round_id: int) -> Round:
    return get_object_or_404(visible_rounds(request.actor), pk=round_id)


@page(Permission.SEE_PROGRESS)
@require_safe
def round_page(request: ActorRequest, round_id: int) -> HttpResponse:
    """One round: how it stands, who has not submitted, and what can be done about it."""
    return _round_page(request, _seen(request, round_id), None)


def _round_page(request: ActorRequest, found: Round, form: DueForm | None) -> HttpResponse:
    lines = lines_of(request.actor, found)
    context = {
        "round": found,
        "standard": api.standard_of(found.standard),
        "clock": clock_of(found, ()),
        "tally": tally_of(found.title, lines),
        "unfinished": [line for line in lines if not line.is_reported],
        "runs": runs(request.actor, found),
        "is_own_county": found.county_id == request.actor.organisation_id,
        "form": form or DueForm(initial={"due_on": found.due_on}),
    }
    return render(request, "returns/round.html", context, status=422 if form else 200)


@page(Permission.OPEN_ROUNDS)
@require_POST
def round_lock(request: ActorRequest, round_id: int) -> HttpResponse:
    """Stops filling in and uploading."""
    return _change(request, round_id, actions.lock, _("已锁定:填写和上传都已停止。"))


@page(Permission.OPEN_ROUNDS)
@require_POST
def round_unlock(request: ActorRequest, round_id: int) -> HttpResponse:
    """Lets drafts be changed again."""
    return _change(request, round_id, actions.unlock, _("已解锁,截止日期之前可以继续填报。"))


def _change(request: ActorRequest, round_id: int, action: Callable[..., Round], said: str) -> HttpResponse:
    found = _seen(request, round_id)
    try:
        action(by=request.actor, round_id=found.pk)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("returns:round", round_id=found.pk)


@page(Permission.OPEN_ROUNDS)
@require_POST
def round_due(request: ActorRequest, round_id: int) -> HttpResponse:
    """Moves the last day; the page comes back with what is wrong at the field."""
    found = _seen(request, round_id)
    form = DueForm(request.POST)
    if form.is_valid():
        try:
            actions.change_due(by=request.actor, round_id=found.pk, due_on=form.cleaned_data["due_on"])
        except RefusedError as refusal:
            form.add_error("due_on", str(refusal))
        else:
            messages.success(request, _("截止日期已改。"))
            return redirect("returns:round", round_id=found.pk)
    return _round_page(request, found, form)


@page(Permission.OPEN_ROUNDS)
@require_POST
def round_remind(request: ActorRequest, round_id: int) -> HttpResponse:
    """Tells all who have not submitted; at most once a day each."""
    found = _seen(request, round_id)
    try:
        told = actions.remind(by=request.actor, round_id=found.pk)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        told_all = _("已通知 %(count)s 个没有提交的单位。") % {"count": told}
        messages.success(request, told_all if told else _("没有新的通知:今天都已催过,或都已提交。"))
    return redirect("returns:round", round_id=found.pk)


@page(Permission.OPEN_ROUNDS)
def extend(request: ActorRequest, return_id: int) -> HttpResponse:
    """Gives one return more time, with an end and a reason."""
    entry: Return = get_object_or_404(visible_returns(request.actor).prefetch_related("extensions"), pk=return_id)
    usual = max(entry.round.due_on, timezone.localdate()) + timedelta(days=USUAL_EXTENSION)
    form = ExtendForm(request.POST or None, initial={"until": usual})
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend(by=request.actor, return_id=entry.pk, **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已延期:%(name)s。") % {"name": entry.organisation.name})
            return redirect("returns:round", round_id=entry.round_id)
    granted = entry.extensions.order_by("-granted_at")
    context = {"entry": entry, "form": form, "clock": clock_of_entry(entry), "granted": granted}
    return render(request, "returns/round_extend.html", context, status=422 if form.is_bound else 200)
