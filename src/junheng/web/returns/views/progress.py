"""One page that says who has not reported, how far each is and what remains: live, by township or county, and as a file."""

import csv
import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from junheng import api
from junheng.web.access.pages import ActorRequest, page
from junheng.web.access.roles import Permission
from junheng.web.organisations.models import Organisation
from junheng.web.returns import progress as reads
from junheng.web.returns.clock import clock_of
from junheng.web.returns.models import Round
from junheng.web.returns.progress import CountyLine, Line, Tally
from junheng.web.returns.queries import visible_rounds
from junheng.web.returns.round_forms import ProgressFilter
from junheng.web.returns.views.rounds import runs

Cell = str | int | float | None

_FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@page(Permission.SEE_PROGRESS)
@require_safe
def progress(request: ActorRequest) -> HttpResponse:
    """The latest round of the own county; for an area of several counties, all of them with their shares."""
    counties = reads.counties_of(request.actor)
    years = reads.years_of(request.actor)
    year = _year(request, years)
    if len(counties) > 1 and year is not None:
        return _counties(request, counties, years, year)
    found = visible_rounds(request.actor).filter(year=year).first() if year is not None else None
    if found is None:
        return render(request, "returns/progress_empty.html", {})
    return _round(request, found, years)


def _year(request: ActorRequest, years: Sequence[int]) -> int | None:
    """The year that was asked for, or the latest one; None when there is no round at all."""
    asked = request.GET.get("year", "")
    known = {str(year): year for year in years}
    return known.get(asked, years[0] if years else None)


@page(Permission.SEE_PROGRESS)
@require_safe
def progress_round(request: ActorRequest, round_id: int) -> HttpResponse:
    """One round, return by return."""
    return _round(request, get_object_or_404(visible_rounds(request.actor), pk=round_id), [])


def _round(request: ActorRequest, found: Round, years: Sequence[int]) -> HttpResponse:
    lines = reads.lines_of(request.actor, found)
    areas = reads.by_area(lines)
    form = ProgressFilter(request.GET, areas=[tally.label for tally in areas])
    chosen = reads.chosen(lines, **form.chosen())
    if kind := _file_kind(request):
        return _file(kind, found.title, *_round_table(chosen))
    context = {
        **_live(request),
        "round": found,
        "clock": clock_of(found, ()),
        "years": years,
        "tally": reads.tally_of(found.title, lines),
        "areas": areas,
        "lines": chosen,
        "form": form,
        "runs": runs(request.actor, found),
    }
    return _page_or_part(request, "returns/progress_round.html", "returns/progress_round_part.html", context)


@page(Permission.SEE_PROGRESS)
@require_safe
def progress_findings(request: ActorRequest, round_id: int) -> HttpResponse:
    """The findings that remain in a round, by kind, with the returns they stand in; as a file, one row per finding."""
    found = get_object_or_404(visible_rounds(request.actor), pk=round_id)
    lines = reads.lines_of(request.actor, found)
    if kind := _file_kind(request):
        return _file(kind, _("剩余问题") + f" {found.title}", *_findings_table(lines))
    context = {"round": found, "kinds": reads.remaining_of(lines), "tally": reads.tally_of(found.title, lines)}
    return render(request, "returns/progress_findings.html", context)


def _counties(request: ActorRequest, counties: Sequence[Organisation], years: Sequence[int], year: int) -> HttpResponse:
    lines = reads.county_lines(request.actor, counties, year, timezone.localdate())
    if kind := _file_kind(request):
        return _file(kind, _("%(year)s 年度填报进度") % {"year": year}, *_counties_table(lines))
    total = reads.total_of(request.actor.organisation_name, lines)
    context = {
        **_live(request),
        "lines": lines,
        "years": years,
        "year": year,
        "tally": total,
        "opened": sum(line.round is not None for line in lines),
    }
    return _page_or_part(request, "returns/progress_counties.html", "returns/progress_counties_part.html", context)


def _live(request: ActorRequest) -> dict[str, Any]:
    """What the part that asks for itself again needs: its own address, when it was made, and how to stop and start it."""
    kept = [(name, text) for name, text in request.GET.items() if name not in ("live", "as")]
    address = request.path + ("?" + urlencode(kept) if kept else "")
    return {
        "is_live": request.GET.get("live") != "0",
        "address": address,
        "still_address": request.path + "?" + urlencode([*kept, ("live", "0")]),
        "xlsx_address": request.path + "?" + urlencode([*kept, ("as", "xlsx")]),
        "csv_address": request.path + "?" + urlencode([*kept, ("as", "csv")]),
        "now": timezone.now(),
    }


def _page_or_part(request: ActorRequest, whole: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """The whole page, or for htmx only the part that changes."""
    is_part = request.headers.get("HX-Request") == "true"
    answer = render(request, part if is_part else whole, {**context, "part": part})
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _file_kind(request: ActorRequest) -> str:
    """`xlsx` or `csv` when a file was asked for, else empty."""
    asked = request.GET.get("as", "")
    return asked if asked in _FILES else ""


def _file(kind: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> HttpResponse:
    """A table as a download. Text never becomes a formula: text cells in a workbook, an apostrophe in CSV."""
    content = api.plain_table(title, heads, rows) if kind == "xlsx" else as_csv(heads, rows)
    answer = HttpResponse(content, content_type=_FILES[kind])
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{title}.{kind}") or ""  # noqa: FBT003
    return answer


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that spreadsheets look for; an empty cell for None."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(heads)
    writer.writerows([[_safe(value) for value in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def _safe(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value


def _round_table(lines: Sequence[Line]) -> tuple[list[str], list[list[Cell]]]:
    heads = [
        _("乡镇"), _("学校代码"), _("单位"), _("状态"), _("已填"), _("应填"), _("错误"), _("警告待说明"),
        _("最后一天"), _("是否逾期"), _("版本"), _("提交人"), _("提交时间"), _("最近改动"),
    ]  # fmt: skip
    return heads, [_round_row(line) for line in lines]


def _round_row(line: Line) -> list[Cell]:
    entry, version = line.entry, line.entry.version
    last_day = line.clock.last_day
    return [
        line.area,
        entry.organisation.code,
        entry.organisation.name,
        entry.get_state_display(),
        entry.filled_count,
        entry.cell_count,
        entry.error_count,
        entry.warning_count,
        last_day.isoformat() if last_day else _("已锁定"),
        _("逾期") if line.is_overdue else "",
        version.number if version else None,
        version.submitted_by if version else "",
        _moment(version.submitted_at) if version and version.submitted_at else "",
        _moment(entry.changed_at),
    ]


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _findings_table(lines: Sequence[Line]) -> tuple[list[str], list[list[Cell]]]:
    areas = {line.entry.pk: line.area for line in lines}
    levels = {"error": _("错误"), "warning": _("警告")}
    heads = [_("乡镇"), _("学校代码"), _("单位"), _("级别"), _("问题"), _("怎么办"), _("编号")]
    return heads, [
        [
            areas[entry.pk],
            entry.organisation.code,
            entry.organisation.name,
            levels[finding["level"]],
            finding["message"],
            finding["hint"],
            finding["reference"],
        ]
        for entry, finding in reads.remaining_findings(lines)
    ]


def _counties_table(lines: Sequence[CountyLine]) -> tuple[list[str], list[list[Cell]]]:
    heads = [
        _("上级"), _("县代码"), _("县(市、区)"), _("截止日期"), _("应报"), _("已提交"), _("已通过"), _("未提交"),
        _("已逾期"), _("有错误的单位"), _("已填"), _("应填"),
    ]  # fmt: skip
    return heads, [_county_row(line, line.tally) for line in lines]


def _county_row(line: CountyLine, tally: Tally) -> list[Cell]:
    found, above = line.round, line.county.parent
    head: list[Cell] = [above.name if above else "", line.county.code, line.county.name]
    if found is None:
        return [*head, _("没有开始填报"), *[None] * 8]
    counts = [tally.total, tally.reported, tally.approved, tally.missing, tally.overdue, tally.faulty]
    return [*head, found.due_on.isoformat(), *counts, tally.filled, tally.cells]
