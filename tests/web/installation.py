"""A whole installation of its own, driven from outside: processes that may be killed need a database that is not the test's."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
DATABASE_FILE = "junheng.sqlite3"


@dataclass
class Installation:
    """A data folder and a database; `variables` is the environment of its processes."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def start(self, code: str, **more: Any) -> subprocess.Popen[str]:
        """Starts Python with Django set up; `code` may import everything, tests included."""
        head = "import django; django.setup()\n"
        return subprocess.Popen(
            [sys.executable, "-c", head + code], cwd=ROOT, env=self.variables, text=True, stdout=subprocess.PIPE, **more
        )

    def run(self, code: str) -> Any:
        """Runs Python and returns the JSON on the last line that it printed."""
        process = self.start(code, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        return json.loads(out.splitlines()[-1]) if out.strip() else None


@contextmanager
def installation(folder: Path, **variables: str) -> Iterator[Installation]:
    """A migrated installation below `folder`, on PostgreSQL when the tests run on it; its database is dropped afterwards."""
    folder.mkdir(exist_ok=True)
    migrated = _migrated()
    with _database(template=_name_of(migrated)) as url:
        if not url:
            shutil.copy2(Path(migrated.variables["JUNHENG_DATA_DIR"]) / DATABASE_FILE, folder / DATABASE_FILE)
        yield Installation(folder, _variables(folder, url, variables))


@cache
def _migrated() -> Installation:
    """An installation that is migrated and never used: every other of this process starts as a copy of its database."""
    kept = ExitStack()
    atexit.register(kept.close)
    folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="junheng-migrated-")))
    made = Installation(folder, _variables(folder, kept.enter_context(_database()), {}))
    made.run("from django.core.management import call_command; call_command('migrate', verbosity=0)")
    return made


def _variables(folder: Path, url: str, more: Mapping[str, str]) -> dict[str, str]:
    own = {
        "JUNHENG_DATA_DIR": str(folder),
        "JUNHENG_DATABASE_URL": url,
        "JUNHENG_HTTPS": "0",
        "DJANGO_SETTINGS_MODULE": "junheng.web.config.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **own, **more}


def _name_of(made: Installation) -> str:
    """The name of its PostgreSQL database, "" on SQLite."""
    return urlsplit(made.variables["JUNHENG_DATABASE_URL"]).path.removeprefix("/")


@contextmanager
def _database(template: str = "") -> Iterator[str]:
    """The address of a PostgreSQL database, empty or a copy of `template`, or "" for SQLite in the data folder."""
    address = os.environ.get("JUNHENG_DATABASE_URL", "")
    if not address:
        yield ""
        return
    name = f"junheng_{uuid.uuid4().hex}"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template1")
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(make)
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
