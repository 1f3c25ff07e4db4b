"""What pages send: cells of a draft, reasons, comments, workbooks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from junheng.web.returns.actions.drafts import Edit
from junheng.web.returns.uploading import ENDINGS

CELL, WAS = "c-", "w-"
_LONGEST = 2000


def lock_version_of(data: QueryDict) -> int:
    """The lock version the page was made with; 0, which fits no draft, when it is missing or no number."""
    text = data.get("lock_version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def edits_of(data: QueryDict) -> list[Edit]:
    """The cells that were typed into: `c-<table>-<row>-<field>` with `w-…`, what stood in it; unchanged ones are left out."""
    edits = []
    for name, text in data.items():
        parts = name.removeprefix(CELL).split("-")
        if not name.startswith(CELL) or len(parts) != 3 or not parts[1].isdecimal():
            continue
        was = data.get(WAS + name.removeprefix(CELL))
        if str(text) != was:
            table, row_id, field = parts
            edits.append(Edit(table, int(row_id), field, str(text)[:_LONGEST], None if was is None else str(was)))
    return edits


def chosen_edits(data: QueryDict) -> list[Edit]:
    """The edits that a conflict page sends: cells with `k-<cell>` = theirs are left as they are now."""
    return [edit for edit in edits_of(data) if data.get(f"k-{edit.table}-{edit.row_id}-{edit.field}", "mine") == "mine"]


class UploadForm(forms.Form):
    """A workbook."""

    file = forms.FileField(
        label=_("工作簿"),
        help_text=_("Excel 工作簿(.xlsx、.xlsm、.xls),不超过 20 MB。先看改动,确认后才写入草稿。"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS), "class": "form-control"}),
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    )


class CommentForm(forms.Form):
    """Something to say about one cell."""

    text = forms.CharField(
        label=_("备注"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    )


def plain_values(data: Mapping[str, Any], *names: str) -> list[str]:
    """Named values of a query or form as text, empty where missing."""
    return [str(data.get(name, "")) for name in names]
