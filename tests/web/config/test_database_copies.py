"""What is asked of PostgreSQL's own programs, and what is said when they fail; `test_backup` runs the real ones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from junheng.core.errors import InputError
from junheng.web.config import database_copies

Programs = Callable[[str], Path]
AT_ONCE = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Puts pg_dump and pg_restore on the path that note how they were called and then do what a line of shell says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(database_copies, "engine", lambda: "postgresql")
    given = {"NAME": "county", "HOST": "127.0.0.1", "PORT": "", "USER": "clerk", "PASSWORD": "not-on-the-command-line"}
    for name, value in given.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    monkeypatch.setattr("junheng.web.config.database_copies.connections.close_all", lambda: None)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("PGPORT", raising=False)

    def does(line: str) -> Path:
        noted = tmp_path / "noted"
        for name in ("pg_dump", "pg_restore"):
            program = folder / name
            program.write_text(
                f'#!/bin/sh\necho "{name} $*|$PGHOST|${{PGPORT-unset}}|$PGUSER|$PGPASSWORD" >> {noted}\n{line}\n'
            )
            program.chmod(0o755)
        return noted

    return does


def test_postgresql_when_copied_checked_and_restored_then_its_programs_are_asked_and_the_password_stays_hidden(
    programs: Programs, tmp_path: Path
) -> None:
    noted = programs("exit 0")

    database_copies.copy_database(tmp_path / "copy")
    database_copies.check_copy(tmp_path / "copy")
    database_copies.restore_database(tmp_path / "copy")

    variables = "|127.0.0.1|unset|clerk|not-on-the-command-line"
    assert noted.read_text().splitlines() == [
        f"pg_dump --format=custom --no-owner --no-privileges --file={tmp_path}/copy county{variables}",
        f"pg_restore --list {tmp_path}/copy{variables}",
        f"pg_restore {' '.join(AT_ONCE)} --dbname=county {tmp_path}/copy{variables}",
    ]


def test_postgresql_when_its_program_fails_then_its_last_words_are_told(programs: Programs, tmp_path: Path) -> None:
    programs("echo 'server version mismatch' >&2; exit 3")

    with pytest.raises(InputError, match="pg_dump 没有成功:server version mismatch"):
        database_copies.copy_database(tmp_path / "copy")


def test_postgresql_when_its_program_is_not_there_then_says_what_to_install(programs: Programs, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到 pg_restore。请安装与数据库同版本的"):
        database_copies.check_copy(tmp_path / "copy")


def test_check_when_the_copy_is_no_database_then_it_is_said_before_anything_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_copies, "engine", lambda: "sqlite")
    (tmp_path / "copy").write_bytes(b"no database at all, but long enough to be read as one" * 100)

    with pytest.raises(InputError, match="备份里的数据库已损坏（file is not a database）,没有恢复"):
        database_copies.check_copy(tmp_path / "copy")
