"""Files from people: kept under random names outside whatever the web serves, read in the reader's child process."""

import hashlib
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from junheng import api
from junheng.core.facts import Facts
from junheng.core.findings import Finding
from junheng.readers.dictionary import load_dictionary
from junheng.web.returns.errors import RefusedError

MOST_BYTES = 20 * 2**20
ENDINGS = (".xlsx", ".xlsm", ".xls")
_UNFIT = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is safely on disk: its random name, its size and its SHA-256."""

    stored_name: str
    size: int
    sha256: str


def clean_name(name: str) -> str:
    """The name a person gave to a file, fit to be shown and to be used on any disk."""
    plain = _UNFIT.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip()
    stem, ending = Path(plain).stem, Path(plain).suffix
    if plain.startswith(".") and not ending:
        stem, ending = "", plain
    return f"{stem[:80].strip(' .') or '工作簿'}{ending[:10]}"


def folder() -> Path:
    """Where uploads are kept; made when missing, for the server's account only."""
    place = Path(settings.MEDIA_ROOT) / "uploads"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(stored_name: str) -> Path:
    """The file of an upload."""
    return folder() / stored_name


def keep(file: UploadedFile) -> Kept:
    """Writes a file to disk and makes sure that it is there. RefusedError for a wrong kind, an empty or too large file."""
    name = clean_name(file.name or "")
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        known = {"endings": ", ".join(ENDINGS)}
        raise RefusedError(_("只能上传 Excel 工作簿(%(endings)s)。网页导出的表请先另存为 .xlsx。") % known)
    if not file.size:
        raise RefusedError(_("文件是空的。请重新选择。"))
    if file.size > MOST_BYTES:
        raise RefusedError(
            _("文件超过 %(most)d MB。请删去图片和多余的工作表后再上传。") % {"most": MOST_BYTES // 2**20}
        )
    stored_name = f"{secrets.token_hex(16)}{ending}"
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path_of(stored_name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        for chunk in file.chunks():
            digest.update(chunk)
            size += target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return Kept(stored_name, size, digest.hexdigest())


def read_rows(stored_name: str, name: str, year: int) -> tuple[dict[str, list[dict[str, Any]]] | None, list[Finding]]:
    """The rows of a kept workbook as `Upload.rows`, None when nothing could be read, and what the reader found.

    The file is read under the name people know, so that the findings name it.
    """
    with tempfile.TemporaryDirectory() as place:
        known = Path(place) / name
        try:
            os.link(path_of(stored_name), known)
        except OSError:
            known.write_bytes(path_of(stored_name).read_bytes())
        checked = api.read([known], year=year)
    rows = rows_of(checked.facts) if checked.facts is not None else None
    return rows, list(checked.findings)


def rows_of(facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """The rows of facts that were read from a workbook, each value with the sheet and cell it stood in."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, table in load_dictionary().tables.items():
        for row in facts.table(name).rows(named=True):
            values = {field: row[field] for field in table.fields if row[field] is not None}
            key = tuple("" if row[part] is None else str(row[part]) for part in table.key)
            places = {field: facts.locate(name, key, field) for field in values}
            sheet = next((place.sheet for place in places.values() if place.sheet), "")
            cells = {field: place.cell for field, place in places.items() if place.cell}
            rows.setdefault(name, []).append({"values": values, "sheet": sheet, "cells": cells})
    return rows
