"""Looking at the tree, and changing it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from junheng import api
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.organisations import queries
from junheng.web.organisations.actions import tree
from junheng.web.organisations.errors import RefusedError
from junheng.web.organisations.forms import CorrectForm, CreateForm, DatedForm, MergeForm, MoveForm, RenameForm
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.organisations.rights import is_own_top, own_top_stays

changing = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@page(Permission.SEE_ORGANISATIONS)
def index(request: ActorRequest) -> HttpResponse:
    """The tree from the top of the actor's area, or what a search finds."""
    text = request.GET.get("text", "").strip()[:100]
    top = queries.top(request.actor).first()
    context = {
        "text": text,
        "found": list(queries.search(request.actor, text)) if text else None,
        "most": queries.FOUND,
        "top": top,
        "places": queries.children(top) if top and not text else (),
        "may_import": queries.managed_counties(request.actor).exists(),
    }
    return render(request, "organisations/index.html", context)


@require_GET
@page(Permission.SEE_ORGANISATIONS)
def children(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """The part of the tree directly below a place, when it is unfolded."""
    place = get_object_or_404(queries.visible(request.actor), pk=organisation_id)
    return render(request, "organisations/branches.html", {"places": queries.children(place)})


@require_GET
@page(Permission.SEE_ORGANISATIONS)
def detail(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """One organisation: what it is, what stands below it, what happened to it, what can be done."""
    place = get_object_or_404(queries.visible(request.actor).select_related("parent"), pk=organisation_id)
    context = {
        "place": place,
        "above": queries.above(request.actor, place),
        "places": queries.children(place),
        "below": queries.kinds_below(place),
        "history": queries.history(place) if place.kind == Kind.SCHOOL else (),
        "rights": queries.rights(request.actor, place),
        "is_school": place.kind == Kind.SCHOOL,
        "school_type": api.school_types().get(place.school_type, ""),
        "can_import": place.kind == Kind.COUNTY
        and queries.managed_counties(request.actor).filter(pk=place.pk).exists(),
    }
    return render(request, "organisations/detail.html", context)


@changing
@page(Permission.MANAGE_ORGANISATIONS)
def create(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Something new below a place."""
    parent = get_object_or_404(queries.visible(request.actor), pk=organisation_id)
    kinds = queries.rights(request.actor, parent).may_add
    if not kinds:
        raise PermissionDenied
    form = CreateForm(_posted(request), kinds=kinds)

    def act(given: dict[str, Any]) -> Organisation:
        return tree.create(by=request.actor, parent=parent, **given)

    title = _("在“%(name)s”下新增机构") % {"name": parent.name}
    return _answer(request, form, parent, title, act)


@changing
@page(Permission.MANAGE_ORGANISATIONS)
def rename(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """A new name."""
    place = _changeable(request, organisation_id)
    form = RenameForm(_posted(request), initial={"name": place.name})
    return _answer(request, form, place, _("更名"), lambda given: tree.rename(by=request.actor, place=place, **given))


@changing
@page(Permission.MANAGE_ORGANISATIONS)
def correct(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """A wrong code or type put right."""
    place = _changeable(request, organisation_id)
    now = {"code": place.code, "school_type": place.school_type, "reports_as": place.reports_as}
    form = CorrectForm(_posted(request), place=place, initial=now)

    def act(given: dict[str, Any]) -> Organisation:
        return tree.correct(by=request.actor, place=place, **{"code": "", **given})

    return _answer(request, form, place, _("更正信息"), act)


@changing
@page(Permission.MANAGE_ORGANISATIONS)
def move(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Another place in the tree, with all that stands below."""
    place = _changeable(request, organisation_id)
    if is_own_top(request.actor, place):
        return _stays(request, place)
    form = MoveForm(_posted(request), actor=request.actor, place=place)
    return _answer(request, form, place, _("移动"), lambda given: tree.move(by=request.actor, place=place, **given))


@changing
@page(Permission.MANAGE_ORGANISATIONS)
def merge(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """One school becomes part of another."""
    place = _changeable(request, organisation_id)
    form = MergeForm(_posted(request), actor=request.actor, place=place)
    return _answer(
        request, form, place, _("并入另一所学校"), lambda given: tree.merge(by=request.actor, school=place, **given)
    )


@changing
@page(Permission.MANAGE_ORGANISATIONS)
def close(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """The end of an organisation; what was reported and judged stays."""
    place = _changeable(request, organisation_id)
    if is_own_top(request.actor, place):
        return _stays(request, place)
    form = DatedForm(_posted(request))
    title = pgettext("organisation", "撤销")
    return _answer(request, form, place, title, lambda given: tree.close(by=request.actor, place=place, **given))


def _stays(request: ActorRequest, place: Organisation) -> HttpResponse:
    """Back to the own organisation, saying why it is neither moved nor closed by those who act for it."""
    messages.error(request, own_top_stays(place))
    return redirect("organisations:detail", organisation_id=place.pk)


def _posted(request: ActorRequest) -> QueryDict | None:
    """What was sent, also when that is nothing; None when nobody sent anything."""
    return request.POST if request.method == "POST" else None


def _changeable(request: ActorRequest, organisation_id: int) -> Organisation:
    """A place that the actor sees (else 404) and may change (else 403)."""
    place = get_object_or_404(queries.visible(request.actor), pk=organisation_id)
    if not queries.rights(request.actor, place).may_change:
        raise PermissionDenied
    return place


def _answer(
    request: ActorRequest,
    form: forms.Form,
    place: Organisation,
    title: str,
    act: Callable[[dict[str, Any]], Organisation],
) -> HttpResponse:
    """The form, again with what was wrong in it, or the changed organisation."""
    if request.method == "POST" and form.is_valid():
        try:
            changed = act(form.cleaned_data)
        except RefusedError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("已保存。"))
            return redirect("organisations:detail", organisation_id=changed.pk)
    context = {"form": form, "place": place, "title": title, "above": queries.above(request.actor, place)}
    status = 422 if form.errors else 200
    return render(request, "organisations/change.html", context, status=status)
