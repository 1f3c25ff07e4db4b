"""Copies of the database, taken while it is in use, and put back in one piece.

SQLite by its online backup; PostgreSQL by `pg_dump` and `pg_restore`, which must be installed in the server's version.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from junheng.core.errors import InputError

_PAGES = 4096  # copied at a time; writers get their turn in between


def engine() -> str:
    """ "sqlite" or "postgresql"."""
    return str(connection.vendor)


def copy_database(target: Path) -> None:
    """The whole database as it stands at one moment, in a new file."""
    if engine() == "sqlite":
        with closing(sqlite3.connect(_file())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=_PAGES)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", _name())


def check_copy(copy: Path) -> None:
    """InputError when a copy cannot be put back as it is. Nothing is changed."""
    if engine() == "sqlite":
        with closing(sqlite3.connect(copy)) as database:
            try:
                answer = database.execute("PRAGMA quick_check").fetchone()[0]
            except sqlite3.DatabaseError as error:
                answer = str(error)
        if answer != "ok":
            raise InputError(f"备份里的数据库已损坏（{answer}）,没有恢复。请换一份备份。")
        return
    _run("pg_restore", "--list", str(copy))


def restore_database(copy: Path) -> None:
    """Puts a copy in the place of the present database, wholly or not at all."""
    connections.close_all()
    if engine() == "sqlite":
        with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(_file(), timeout=30)) as target:
            source.backup(target)
        return
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
        f"--dbname={_name()}", str(copy),
    )  # fmt: skip


def _file() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL. The password travels in the environment, where other users do not see it."""
    path = shutil.which(program)
    if path is None:
        raise InputError(
            f"找不到 {program}。请安装与数据库同版本的 PostgreSQL 客户端（Debian:apt-get install postgresql-client）。"
        )
    given = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    variables = {name: str(given[key]) for name, key in named.items() if given[key]}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL with our own arguments
        [path, *arguments], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise InputError(f"{program} 没有成功:{done.stderr.strip()[-500:]}")
