"""Workbooks: the template to fill in, the upload, the preview, and the file itself as a download."""

import tempfile
from io import BytesIO
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from junheng import api
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.returns.actions import uploads
from junheng.web.returns.clock import clock_of_entry
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.facts import facts_of
from junheng.web.returns.forms import UploadForm
from junheng.web.returns.models import Return, Round, Upload
from junheng.web.returns.queries import may_edit, visible_rounds, visible_uploads
from junheng.web.returns.uploading import path_of
from junheng.web.returns.views.filling import FILLS_IN
from junheng.web.returns.views.finding_out import current, is_writable, own

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200
"""Changes that a preview lists per return; the rest is counted."""


@page(*FILLS_IN)
def upload(request: ActorRequest, return_id: int) -> HttpResponse:
    """A workbook for one return: choose the file, then look at what it would change."""
    entry = own(request, return_id)
    context = {"entry": entry, "round": entry.round, "is_writable": is_writable(request, entry)}
    return _upload(request, entry.round, entry, context)


@page(Permission.OPEN_ROUNDS)
def upload_county(request: ActorRequest, round_id: int) -> HttpResponse:
    """A workbook of the whole county, for every school whose return is still a draft."""
    found = get_object_or_404(visible_rounds(request.actor), pk=round_id)
    if found.county_id != request.actor.organisation_id:
        raise PermissionDenied
    return _upload(request, found, None, {"round": found, "is_writable": found.locked_at is None})


def _upload(request: ActorRequest, found: Round, entry: Return | None, context: dict[str, object]) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = uploads.receive(
                by=request.actor,
                round_id=found.pk,
                file=form.cleaned_data["file"],
                return_id=entry.pk if entry else None,
            )
        except RefusedError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("returns:uploaded", upload_id=made.pk)
    earlier = Upload.objects.filter(round=found, entry=entry).defer("rows", "findings").order_by("-at")[:10]
    status = 422 if form.is_bound else 200
    return render(request, "returns/upload.html", {**context, "form": form, "uploads": earlier}, status=status)


@page(*FILLS_IN)
@require_safe
def uploaded(request: ActorRequest, upload_id: int) -> HttpResponse:
    """What a workbook would change, cell by cell, and what the reader found in it."""
    found = get_object_or_404(visible_uploads(request.actor), pk=upload_id)
    drawn = uploads.plans(found) if found.state == Upload.State.READ else []
    clock = clock_of_entry(found.entry) if found.entry else None
    context = {
        "upload": found,
        "plans": drawn,
        "seen": uploads.fingerprint(drawn),
        "change_count": sum(len(plan.merge.changes) for plan in drawn if plan.merge),
        "row_count": sum(len(plan.merge.added) + len(plan.merge.removed) for plan in drawn if plan.merge),
        "is_empty": all(plan.merge is None or plan.merge.is_empty for plan in drawn),
        "clock": clock,
        "most": MOST_SHOWN,
    }
    return render(request, "returns/uploaded.html", context)


@page(*FILLS_IN)
@require_POST
def upload_apply(request: ActorRequest, upload_id: int) -> HttpResponse:
    """Puts a workbook into the drafts, as it was shown."""
    found = _own_upload(request, upload_id)
    try:
        uploads.apply(by=request.actor, upload_id=found.pk, seen=request.POST.get("seen", ""))
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("returns:uploaded", upload_id=found.pk)
    messages.success(request, _("已写入草稿。请核对检查结果,改正后提交。"))
    if found.entry_id is not None:
        return redirect("returns:edit", return_id=found.entry_id)
    return redirect("returns:uploaded", upload_id=found.pk)


@page(*FILLS_IN)
@require_POST
def upload_discard(request: ActorRequest, upload_id: int) -> HttpResponse:
    """Gives up a workbook."""
    found = _own_upload(request, upload_id)
    try:
        uploads.discard(by=request.actor, upload_id=found.pk)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已放弃这个工作簿,草稿没有变化。"))
    return redirect("returns:uploaded", upload_id=found.pk)


def _own_upload(request: ActorRequest, upload_id: int) -> Upload:
    """A workbook that the actor decides on; 404 when it is out of sight, 403 when it is somebody else's."""
    found = get_object_or_404(visible_uploads(request.actor), pk=upload_id)
    if found.entry is not None and not may_edit(request.actor, found.entry):
        raise PermissionDenied
    return found


@page(Permission.SEE_RETURNS)
@require_safe
def upload_file(request: ActorRequest, upload_id: int) -> FileResponse:
    """The workbook as it was sent, as a download."""
    found = get_object_or_404(visible_uploads(request.actor), pk=upload_id)
    path = path_of(found.stored_name)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )


@page(*FILLS_IN)
@require_safe
def template(request: ActorRequest, return_id: int) -> FileResponse:
    """The collection workbook with what stands in the draft, to be filled in and uploaded."""
    entry = own(request, return_id)
    facts = facts_of(entry.round.county, entry.round.year, [current(entry)])
    with tempfile.TemporaryDirectory() as place:
        written = api.write_template(Path(place) / "template.xlsx", facts)
        content = BytesIO(written.read_bytes())
    name = f"{entry.organisation.name}-{entry.round.year}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=_WORKBOOK)
