"""One cell: its value through the versions, its remarks, a comment; and why a warning is right as it stands."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.returns.actions import remarks
from junheng.web.returns.document import key_text
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.forms import CommentForm, plain_values
from junheng.web.returns.models import Remark, Return, Version
from junheng.web.returns.sheets import Cell
from junheng.web.returns.views.filling import FILLS_IN
from junheng.web.returns.views.finding_out import current, drawn, own, seen
from junheng.web.returns.words import shown


@page(Permission.SEE_RETURNS)
def comment(request: ActorRequest, return_id: int) -> HttpResponse:
    """A cell (`table`, `row`, `field` in the query) with its history and remarks; POST adds a comment."""
    entry = seen(request, return_id)
    table, row_key, field = plain_values(request.GET, "table", "row", "field")
    cell = drawn(entry, current(entry)).cell(table, row_key, field)
    if cell is None:
        raise Http404
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            remarks.comment(
                by=request.actor,
                return_id=entry.pk,
                table=table,
                row_key=row_key,
                field=field,
                text=form.cleaned_data["text"],
            )
        except RefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("备注已保存。"))
        return redirect(request.get_full_path())
    said = Remark.objects.filter(entry=entry, table=table, row_key=row_key, field=field).order_by("-at")
    context = {"entry": entry, "cell": cell, "form": form, "remarks": said, "history": _history(entry, cell)}
    return render(request, "returns/cell.html", context)


def _history(entry: Return, cell: Cell) -> list[tuple[Version, str]]:
    """The value of a cell in every version, the latest first."""
    versions = Version.objects.filter(entry=entry).defer("origins", "findings", "row_ids").order_by("-number")
    found = []
    for version in versions:
        rows = version.values.get(cell.table, ())
        value = next((row.get(cell.entry.id) for row in rows if key_text(cell.table, row) == cell.row_key), None)
        found.append((version, shown(cell.entry, value)))
    return found


@page(*FILLS_IN)
@require_POST
def explain(request: ActorRequest, return_id: int) -> HttpResponse:
    """Writes the reason of a warning and goes back to where it was written."""
    entry = own(request, return_id)
    reference, text, back = plain_values(request.POST, "reference", "text", "back")
    try:
        remarks.explain(by=request.actor, return_id=entry.pk, reference=reference, text=text)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("理由已保存。") if text.strip() else _("理由已撤回。"))
    route = "returns:submit" if back == "submit" else "returns:edit"
    return redirect(reverse(route, args=[entry.pk]) + "#findings")
