"""The roster of schools: a template, an upload with preview, the confirmation."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api
from junheng.core.findings import Finding
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.organisations import queries
from junheng.web.organisations.actions.rosters import apply_roster
from junheng.web.organisations.errors import RefusedError
from junheng.web.organisations.forms import RosterForm
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.organisations.rosters import Entry, Preview, compare

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SALT = "organisations.roster"
_VALID_SECONDS = 8 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MANAGE_ORGANISATIONS)
def upload(request: ActorRequest) -> HttpResponse:
    """The upload, and after it the preview. Nothing is written."""
    form = RosterForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method != "POST" or not form.is_valid():
        counties = queries.managed_counties(request.actor)
        status = 422 if form.errors else 200
        return render(request, "organisations/import.html", {"form": form, "counties": counties}, status=status)
    entries, findings = _read(form.cleaned_data["file"])
    county = form.cleaned_data["county"]
    return _preview(request, county, entries, compare(county, entries, findings))


@require_POST
@page(Permission.MANAGE_ORGANISATIONS)
def confirm(request: ActorRequest) -> HttpResponse:
    """Takes over what the preview showed; shows a new preview when the county has changed since."""
    kept = _kept(request.POST.get("roster", ""))
    if kept is None:
        messages.error(request, _("预览已过期,请重新上传名录。"))
        return redirect("organisations:import")
    county_id, rows = kept
    county = get_object_or_404(queries.managed_counties(request.actor), pk=county_id)
    entries = [Entry(code, name, township, kind) for code, name, township, kind in rows]
    closing = {int(number) for number in request.POST.getlist("closing") if number.isascii() and number.isdigit()}
    try:
        applied = apply_roster(
            by=request.actor, county=county, entries=entries, digest=request.POST.get("digest", ""), closing=closing
        )
    except RefusedError as error:
        messages.error(request, str(error))
        return _preview(request, county, entries, compare(county, entries), status=409)
    told = {"created": applied.created, "renamed": applied.renamed, "moved": applied.moved, "closed": applied.closed}
    text = _("已导入:新增 %(created)s 所,更名 %(renamed)s 所,移动 %(moved)s 所,撤销 %(closed)s 所。") % told
    messages.success(request, text if applied.total else _("名录与现有学校一致,没有需要变更的。"))
    return redirect("organisations:detail", organisation_id=county.pk)


@require_GET
@page(Permission.MANAGE_ORGANISATIONS)
def template(request: ActorRequest) -> HttpResponse:
    """A workbook to fill in; with `?county=` it holds the schools that stand there now."""
    number = request.GET.get("county", "")
    rows: list[list[str]] = []
    if number.isascii() and number.isdigit():
        county = get_object_or_404(queries.managed_counties(request.actor), pk=int(number))
        rows = [_row(school) for school in queries.schools_below(county)]
    content = api.plain_table("学校名录", list(api.roster_columns().values()), rows)
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%AD%A6%E6%A0%A1%E5%90%8D%E5%BD%95.xlsx"
    return answer


def _row(school: Organisation) -> list[str]:
    township = school.parent.name if school.parent and school.parent.kind == Kind.TOWNSHIP else ""
    return [school.code, school.name, township, api.school_types().get(school.school_type, "")]


def _read(file: UploadedFile) -> tuple[list[Entry], tuple[Finding, ...]]:
    """The file's schools and findings. It lies on the disk under a name of ours, only while it is read."""
    with tempfile.TemporaryDirectory(prefix="junheng-") as folder:
        path = Path(folder) / f"名录{Path(str(file.name)).suffix.lower()}"
        with path.open("wb") as target:
            target.writelines(file.chunks())
        roster = api.read_roster(path)
    entries = [Entry(row.code, row.name, row.township, row.school_type, row.places["code"]) for row in roster.rows]
    return entries, roster.findings


def _preview(
    request: ActorRequest, county: Organisation, entries: list[Entry], preview: Preview, status: int = 200
) -> HttpResponse:
    kept = signing.dumps([county.pk, [entry.values for entry in entries]], salt=_SALT, compress=True)
    labels = api.school_types()
    context = {
        "county": county,
        "preview": preview,
        "kept": kept,
        "retyped": [
            (change, labels.get(change.before, ""), labels.get(change.after, "")) for change in preview.retyped
        ],
        "is_empty": not entries,
    }
    return render(request, "organisations/preview.html", context, status=status)


def _kept(text: str) -> tuple[int, list[list[str]]] | None:
    """County and rows of a preview that we ourselves made within the working day; None otherwise."""
    try:
        county_id, rows = signing.loads(text, salt=_SALT, max_age=_VALID_SECONDS)
    except signing.BadSignature:
        return None
    return int(county_id), list(rows)
