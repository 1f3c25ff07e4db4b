"""Files that have the same bytes whenever they are written from the same content.

docx and xlsx files are zip archives, and every writer stamps its members with the time of writing. Rewriting them here
takes the clock out.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

__all__ = ["fixed_moment", "rewrite_zip", "rewrite_zip_file"]

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_NO_DATE = date(2000, 1, 1)
_FIRST_MEMBER = "[Content_Types].xml"


def fixed_moment(issued_on: date | None) -> datetime:
    """Midnight UTC of the given day, or of 2000-01-01 when there is none: what file properties carry as their date."""
    day = issued_on if issued_on is not None else _NO_DATE
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def rewrite_zip(archive: bytes) -> bytes:
    """The same members with fixed dates, permissions and compression, in sorted order, the OPC type list first."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST_MEMBER, name)):
            member = zipfile.ZipInfo(name, date_time=_ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            member.external_attr = 0
            target.writestr(member, source.read(name))
    return result.getvalue()


def rewrite_zip_file(path: Path) -> None:
    """Rewrite the archive at `path` in place, as `rewrite_zip` does."""
    path.write_bytes(rewrite_zip(path.read_bytes()))
