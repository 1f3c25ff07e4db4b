"""One school's part of a plan: for those who see the plan, and for the school itself."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.plans import queries, shown
from junheng.web.plans.kept import body_of


@page(Permission.SEE_PLANS)
def school(request: ActorRequest, plan_id: int, organisation_id: int) -> HttpResponse:
    """What a plan does in one school, year by year, and what that does to its indicators."""
    plan = get_object_or_404(queries.finished_plans(request.actor), pk=plan_id)
    place = get_object_or_404(queries.schools_of(plan), pk=organisation_id)
    found = shown.school_of(body_of(plan), place.code) if plan.has_plan else None
    files = list(plan.files.filter(school=place))
    context = {"plan": plan, "data": body_of(plan), "place": place, "school": found, "files": files, "is_own": False}
    return render(request, "plans/school.html", context)


@page(Permission.SEE_OWN_MEASURES)
def mine(request: ActorRequest) -> HttpResponse:
    """What the plan that the county follows does in the own school."""
    place = queries.own_school(request.actor)
    if place is None:
        raise Http404
    county = Organisation.objects.above(place.path).filter(kind=Kind.COUNTY).first()
    plan = queries.plan_in_force(county) if county is not None else None
    if plan is None:
        return render(request, "plans/school_empty.html", {"place": place})
    data = body_of(plan)
    context = {"plan": plan, "data": data, "place": place, "school": shown.school_of(data, place.code), "is_own": True}
    return render(request, "plans/school.html", context)
