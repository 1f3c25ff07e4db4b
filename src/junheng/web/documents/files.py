"""Files of documents: kept under random names in a folder that the web never serves."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

FOLDER = "documents"
"""Where documents lie; other apps keep their files in folders of their own."""

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".zip": "application/zip",
}
"""The content type by the suffix of a name; a file of another kind is a stream of bytes."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is in place: its kind, what a download is called, its random name, size and hash, the school it is about."""

    kind: str
    name: str
    path: str
    size: int
    sha256: str
    school_code: str = ""


def store(content: bytes, *, kind: str, name: str, school_code: str = "", folder: str = FOLDER) -> StoredFile:
    """Writes a file under a random name; it is there as a whole or not at all."""
    place = _folder(folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = f"{secrets.token_hex(16)}{Path(name).suffix}"
    beside = place / f"{path}.part"
    beside.write_bytes(content)
    beside.chmod(0o600)
    beside.replace(place / path)
    return StoredFile(kind, name, path, len(content), sha256(content).hexdigest(), school_code)


def located(path: str, folder: str = FOLDER) -> Path:
    """Where a stored file lies; its name is one that `store` made."""
    return _folder(folder) / Path(path).name


def strays(known: set[str], folder: str = FOLDER) -> Iterator[Path]:
    """Files that no document names: left behind by a worker that died half-way."""
    place = _folder(folder)
    if place.is_dir():
        yield from (path for path in sorted(place.iterdir()) if path.name not in known)


def changed_at(path: Path) -> float:
    """When a file was written last; never, when another worker has just swept it away."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def content_type(name: str) -> str:
    """The content type of a file by its name."""
    return TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def _folder(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name
