"""From catalogues that people write (`locale/<language>/<app>.po`) to the one compiled file that Django reads.

Compiled into the data folder when a process starts and a catalogue has changed since: nothing compiled is committed, so
nothing compiled can be out of date, and two people who translate two apps never touch the same file.
"""

import hashlib
import os
from pathlib import Path

import polib


def compile_catalogues(source: Path, target: Path) -> list[Path]:
    """Brings `target/<language>/LC_MESSAGES/django.mo` up to date; the files that were written."""
    return [made for folder in sorted(source.iterdir()) if folder.is_dir() and (made := _compile(folder, target))]


def _compile(folder: Path, target: Path) -> Path | None:
    """The compiled file of one language; None when it was up to date."""
    files = sorted(folder.glob("*.po"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    compiled = target / folder.name / "LC_MESSAGES" / "django.mo"
    stamp = compiled.with_suffix(".sha256")
    if compiled.is_file() and stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return None
    compiled.parent.mkdir(parents=True, exist_ok=True)
    _replace(compiled, merged(files).to_binary())
    _replace(stamp, digest.encode("ascii"))
    return compiled


def merged(files: list[Path]) -> polib.POFile:
    """All catalogues of a language in one; of two translations of a message the first one counts."""
    whole = polib.POFile()
    whole.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    seen: set[tuple[str | None, str]] = set()
    for path in files:
        for entry in polib.pofile(str(path), encoding="utf-8"):
            key = (entry.msgctxt, entry.msgid)
            if key not in seen:
                seen.add(key)
                whole.append(entry)
    return whole


def _replace(path: Path, content: bytes) -> None:
    """Writes a file so that a process that reads it meanwhile sees the old one or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
