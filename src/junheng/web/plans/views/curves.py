"""Cost curves of a plan: asking for them, ending early. They are shown on the page of the plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng.core.errors import JunhengError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.plans import queries
from junheng.web.plans.actions import curves as actions


@require_POST
@page(Permission.EDIT_PLANS)
def start(request: ActorRequest, plan_id: int) -> HttpResponse:
    """Has the worker make the curves of a plan."""
    found = get_object_or_404(queries.visible_plans(request.actor), pk=plan_id)
    try:
        actions.start(by=request.actor, plan=found, key=request.POST.get("send_key", ""))
    except JunhengError as error:
        messages.error(request, str(error))
    return _back(plan_id)


@require_POST
@page(Permission.EDIT_PLANS)
def stop(request: ActorRequest, plan_id: int) -> HttpResponse:
    """Ends the work early and keeps the points there are so far."""
    found = get_object_or_404(queries.visible_plans(request.actor), pk=plan_id)
    try:
        actions.stop(by=request.actor, plan=found)
    except JunhengError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已请求停止，马上给出到现在为止算出的点。"))
    return _back(plan_id)


def _back(plan_id: int) -> HttpResponse:
    return redirect(reverse("plans:plan", kwargs={"plan_id": plan_id}) + "#curves")
