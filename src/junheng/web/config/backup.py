"""One file that holds an installation: its database, its files, its secret. Written while the platform runs.

The file is a plain .tar with `manifest.json` first. Restoring looks at everything before it changes anything.
"""

import hashlib
import json
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

import junheng
from junheng.core.errors import InputError
from junheng.web.config import database_copies

_MANIFEST, _DATABASE, _SECRET, _FILES = "manifest.json", "database", "secret.key", "files"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. `digest` is the SHA-256 of its database; `migrations` are those it had applied."""

    format: int
    version: str
    engine: str
    made_at: str
    digest: str
    file_count: int
    migrations: list[str]


def write_backup(path: Path) -> Manifest:
    """Writes the backup; the file appears under its name only when it is whole, readable by its owner only.

    The database is copied first: every file that it names is then on the disk. InputError when the path exists.
    """
    if path.exists():
        raise InputError(f"“{path}”已存在,没有覆盖。请换一个文件名。")
    if not path.parent.is_dir():
        raise InputError(f"没有文件夹“{path.parent}”。请先建立它。")
    with tempfile.TemporaryDirectory(prefix="junheng-backup-", dir=path.parent) as folder:
        copy, whole = Path(folder) / _DATABASE, Path(folder) / "whole.tar"
        database_copies.copy_database(copy)
        files = _files()
        manifest = Manifest(
            format=_FORMAT,
            version=junheng.__version__,
            engine=database_copies.engine(),
            made_at=timezone.localtime().isoformat(timespec="seconds"),
            digest=_digest(copy),
            file_count=len(files),
            migrations=_applied(),
        )
        _write_tar(whole, Path(folder), manifest, copy, files)
        whole.chmod(0o600)
        whole.replace(path)
    return manifest


def restore_backup(path: Path, *, replace: bool = False) -> Manifest:
    """Puts an installation back. InputError, with nothing changed, when the backup is broken, from a newer version or of the
    other database, or when there is something here already and `replace` is not given.

    Files that were here before are kept beside the new ones, in `files.before-<moment>`.
    """
    if not path.is_file():
        raise InputError(f"没有这个备份文件:{path}。")
    if not replace and _is_in_use():
        raise InputError("这里已有数据,没有恢复。确实要用备份替换全部现有数据时,加 --replace。")
    home = Path(settings.MEDIA_ROOT).parent
    with tempfile.TemporaryDirectory(prefix="junheng-restore-", dir=home) as folder:
        manifest = _unpack(path, Path(folder))
        copy = Path(folder) / _DATABASE
        _check(manifest, copy)
        database_copies.restore_database(copy)
        _put_files(Path(folder) / _FILES, Path(settings.MEDIA_ROOT))
        if (Path(folder) / _SECRET).exists():
            (Path(folder) / _SECRET).replace(settings.ENVIRONMENT.data_folder / _SECRET)
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


# -------------------------------------------------------------------------------------------------------------- writing


def _files() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(file for file in root.rglob("*") if file.is_file() and not file.is_symlink()) if root.is_dir() else []


def _write_tar(whole: Path, folder: Path, manifest: Manifest, copy: Path, files: list[Path]) -> None:
    note = folder / _MANIFEST
    note.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
    secret = settings.ENVIRONMENT.data_folder / _SECRET
    with tarfile.open(whole, "w") as tar:
        tar.add(note, _MANIFEST)
        tar.add(copy, _DATABASE)
        if secret.is_file():
            tar.add(secret, _SECRET)
        for file in files:
            name = PurePosixPath(_FILES, *file.relative_to(settings.MEDIA_ROOT).parts)
            tar.add(file, str(name), recursive=False)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _applied() -> list[str]:
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations or {})


# ------------------------------------------------------------------------------------------------------------ restoring


def _is_in_use() -> bool:
    """True when somebody has worked here: the tree of organisations has a root, or there are files."""
    table = "organisations_organisation"
    with connection.cursor() as cursor:
        if table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - a name of ours
            if cursor.fetchone():
                return True
    return bool(_files())


def _unpack(path: Path, folder: Path) -> Manifest:
    """Writes the members that belong into a backup into the folder; a name that leads elsewhere makes it unusable."""
    broken = InputError(f"“{path}”不是完整的均衡备份,没有恢复。请换一份备份。")
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                target = _target(member, folder)
                source = tar.extractfile(member) if target else None
                if target is None or source is None:
                    raise broken
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    shutil.copyfileobj(source, file)
                target.chmod(0o600)
        manifest = Manifest(**json.loads((folder / _MANIFEST).read_text(encoding="utf-8")))
        found = sum(1 for file in (folder / _FILES).rglob("*") if file.is_file())
        if _digest(folder / _DATABASE) != manifest.digest or found != manifest.file_count:
            raise broken
    except (tarfile.TarError, OSError, ValueError, TypeError, EOFError) as error:
        raise broken from error
    return manifest


def _target(member: tarfile.TarInfo, folder: Path) -> Path | None:
    """Where a member is written to; None for what no backup holds."""
    parts = PurePosixPath(member.name).parts
    if not member.isreg() or not parts or ".." in parts or "\\" in member.name or ":" in member.name:
        return None
    is_known = member.name in {_MANIFEST, _DATABASE, _SECRET} or (parts[0] == _FILES and len(parts) > 1)
    return folder.joinpath(*parts) if is_known else None


def _check(manifest: Manifest, copy: Path) -> None:
    if manifest.engine != database_copies.engine():
        told = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        here = told[database_copies.engine()]
        raise InputError(f"备份来自 {told.get(manifest.engine, manifest.engine)},这里用的是 {here},不能直接恢复。")
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations or {}}
    if manifest.format > _FORMAT or not set(manifest.migrations) <= known:
        raise InputError(f"备份由较新的版本 {manifest.version} 写成,没有恢复。请先把这里的均衡更新到该版本。")
    database_copies.check_copy(copy)


def _put_files(new: Path, target: Path) -> None:
    if target.exists() and any(target.iterdir()):
        target.rename(target.with_name(f"{target.name}.before-{timezone.localtime():%Y%m%d-%H%M%S}"))
    elif target.exists():
        target.rmdir()
    if new.exists():
        new.rename(target)
    else:
        target.mkdir(mode=0o700, parents=True)
