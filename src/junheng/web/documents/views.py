"""Ordering, downloading and verifying documents."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from junheng.core.errors import JunhengError
from junheng.web.access.pages import ActorRequest, page, public
from junheng.web.access.roles import Permission, may
from junheng.web.documents import actions, queries
from junheng.web.documents.files import content_type, located
from junheng.web.documents.forms import CodeForm, OrderForm
from junheng.web.documents.limits import is_over_limit
from junheng.web.documents.models import Document, Kind
from junheng.web.evaluations.models import Run
from junheng.web.jobs.models import ENDS, Job

MOST_RUNS = 60


@page(Permission.SEE_DOCUMENTS)
def listed(request: ActorRequest) -> HttpResponse:
    """The documents of one run (the one that stands, or `?run=`), and the form that orders more."""
    runs = list(queries.documented_runs(request.actor)[:MOST_RUNS])
    run = _chosen(request, runs)
    documents = list(queries.visible_documents(request.actor).filter(run=run)) if run else []
    there = {document.kind for document in documents}
    context = {
        "run": run,
        "runs": runs,
        "groups": [
            (Kind(kind).label, [entry for entry in documents if entry.kind == kind]) for kind in Kind if kind in there
        ],
        "missing": [(kind.value, kind.label) for kind in Kind if kind not in there],
        "job": _job_under_way(run),
        "may_make": may(request.actor.role, Permission.MAKE_DOCUMENTS),
    }
    return render(request, "documents/list.html", context)


def _chosen(request: ActorRequest, runs: list[Run]) -> Run | None:
    wanted = request.GET.get("run", "")
    if not wanted:
        return runs[0] if runs else None
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0
    return get_object_or_404(queries.documented_runs(request.actor), pk=number)


def _job_under_way(run: Run | None) -> Job | None:
    if run is None:
        return None
    jobs = Job.objects.filter(kind=actions.JOB, organisation_id=run.organisation_id, arguments__run_id=run.pk)
    return jobs.exclude(state__in=ENDS).select_related("organisation").order_by("-pk").first()


@require_POST
@page(Permission.MAKE_DOCUMENTS)
def make(request: ActorRequest, run_id: int) -> HttpResponse:
    """Orders documents of a run."""
    run = get_object_or_404(queries.documented_runs(request.actor), pk=run_id)
    form = OrderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请至少选择一种文书。"))
        return redirect(reverse("documents:list") + f"?run={run.pk}")
    try:
        job = actions.order(by=request.actor, run=run, kinds=form.cleaned_data["kinds"])
    except JunhengError as error:
        messages.error(request, str(error))
        return redirect(reverse("documents:list") + f"?run={run.pk}")
    return redirect("jobs:progress", job_id=job.pk)


@page(Permission.SEE_DOCUMENTS)
def download(request: ActorRequest, document_id: int) -> HttpResponseBase:
    """One document, as a download only."""
    document = get_object_or_404(queries.visible_documents(request.actor), pk=document_id)
    path = located(document.path)
    if not path.is_file():
        raise Http404(_("文件已不在服务器上，请重新生成。"))
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=document.name, content_type=content_type(document.name)
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@public
@never_cache
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Says to anybody whether a printed code belongs to a verdict: county, year, digest, day, state; nothing else."""
    asked = request.GET.get("code", "") or code
    if not asked:
        return render(request, "documents/verify.html", {"form": CodeForm()})
    if is_over_limit(str(request.META.get("REMOTE_ADDR", ""))):
        return render(request, "documents/verify.html", {"form": CodeForm(), "is_over": True}, status=429)
    cleaned = queries.cleaned_code(asked)
    run = queries.run_of_code(cleaned) if cleaned else None
    context = {
        "form": CodeForm(initial={"code": asked[:80]}),
        "asked": asked[:80],
        "run": run,
        "is_malformed": not cleaned,
        "file": Document.objects.filter(run=run, sha256=cleaned).first() if run else None,
    }
    return render(request, "documents/verify.html", context, status=200 if run else 404)
