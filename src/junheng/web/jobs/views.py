"""Pages of background work: the list, the progress of one job, calling it off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng.core.errors import InputError
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.jobs import actions, queries
from junheng.web.jobs.models import State

PER_PAGE = 25


@page(Permission.SEE_JOBS)
def index(request: ActorRequest) -> HttpResponse:
    """The background work of the actor's area."""
    jobs = queries.visible(request.actor)
    state = request.GET.get("state", "")
    if state in State.values:
        jobs = jobs.filter(state=state)
    shown = Paginator(jobs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/index.html", {"page": shown, "state": state, "states": State.choices})


@page(Permission.SEE_JOBS)
def progress(request: ActorRequest, job_id: int) -> HttpResponse:
    """How far a job is: a whole page, or for htmx the part that asks again until the job has ended.

    A page that shows the part is loaded anew once, when the job has ended, so that it can show what was made.
    """
    job = get_object_or_404(queries.visible(request.actor), pk=job_id)
    context = {"job": job, "may_cancel": queries.may_cancel(request.actor, job)}
    if request.headers.get("HX-Request") != "true":
        return render(request, "jobs/progress.html", context)
    response = render(request, "jobs/progress_part.html", context)
    if job.has_ended and request.GET.get("then") == "reload":
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@page(Permission.SEE_JOBS)
def cancel(request: ActorRequest, job_id: int) -> HttpResponse:
    """Calls a job off."""
    job = get_object_or_404(queries.visible(request.actor), pk=job_id)
    if not job.has_ended and not queries.may_cancel(request.actor, job):
        raise PermissionDenied
    try:
        actions.cancel(by=request.actor, job=job)
    except InputError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已取消。"))
    return redirect("jobs:progress", job_id=job.pk)
