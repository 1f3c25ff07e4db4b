"""Backup and restore, from outside, as an administrator does it."""

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from junheng.core.errors import InputError
from junheng.web.config import backup, database_copies
from tests.web.installation import Installation, installation

FILL = """
import json
from pathlib import Path
from django.conf import settings
from junheng.web.organisations.models import Organisation
Organisation.objects.create(path="00000001", kind="nation", name={name!r})
folder = Path(settings.MEDIA_ROOT) / "uploads"
folder.mkdir(parents=True, exist_ok=True)
(folder / "文件.bin").write_bytes({name!r}.encode())
"""
LOOK = """
import json
from pathlib import Path
from django.conf import settings
from junheng.web.organisations.models import Organisation
root = Path(settings.MEDIA_ROOT)
print(json.dumps([[place.name for place in Organisation.objects.all()],
                  [file.read_text() for file in sorted(root.rglob("*")) if file.is_file()]]))
"""


def manage(place: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "junheng", "manage", *arguments]
    return subprocess.run(command, env=place.variables, capture_output=True, text=True, timeout=120)


def look(place: Installation) -> list:
    return place.run(LOOK)


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("here")) as place:
        place.run(FILL.format(name="甲地"))
        yield place


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("there")) as place:
        yield place


@pytest.fixture(scope="module")
def file(here, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("backups") / "备份.tar"
    done = manage(here, "backup", str(path))
    assert done.returncode == 0, done.stderr
    assert "1 个文件" in done.stdout
    return path


def test_backup_when_written_then_only_its_owner_may_read_it_and_nothing_is_overwritten(here, file) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        assert tar.getnames()[0] == "manifest.json"

    again = manage(here, "backup", str(file))

    assert again.returncode == 1
    assert "已存在" in again.stderr
    assert "没有文件夹" in manage(here, "backup", str(file.parent / "nowhere" / "x.tar")).stderr


def test_restore_when_the_new_place_is_empty_then_everything_is_there_and_a_second_time_asks(there, file) -> None:
    done = manage(there, "restore", str(file))

    assert done.returncode == 0, done.stderr
    assert look(there) == [["甲地"], ["甲地"]]
    refused = manage(there, "restore", str(file))
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)

    there.run(FILL.replace("00000001", "00000002").format(name="乙地"))
    assert manage(there, "restore", str(file), "--replace").returncode == 0
    assert look(there) == [["甲地"], ["甲地"]]
    kept = [folder for folder in Path(there.variables["JUNHENG_DATA_DIR"]).iterdir() if "before-" in folder.name]
    assert [(folder / "uploads" / "文件.bin").read_text() for folder in kept] == ["乙地"]


@pytest.mark.slow(seconds=12)
def test_restore_when_the_file_is_cut_then_refuses_and_changes_nothing(there, file, tmp_path) -> None:
    before = look(there)
    for cut in (0.3, 0.9):
        broken = tmp_path / f"{cut}.tar"
        broken.write_bytes(file.read_bytes()[: int(file.stat().st_size * cut)])

        refused = manage(there, "restore", str(broken), "--replace")

        assert "不是完整的均衡备份" in refused.stderr
    assert look(there) == before


def test_restore_when_there_is_no_file_then_says_so(there, tmp_path) -> None:
    assert "没有这个备份文件" in manage(there, "restore", str(tmp_path / "none.tar")).stderr


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside", "other", "files\\..\\x", "c:x"])
def test_unpack_when_a_member_leads_elsewhere_then_refuses(tmp_path, name) -> None:
    path = tmp_path / "evil.tar"
    (tmp_path / "member").write_text("x")
    with tarfile.open(path, "w") as tar:
        tar.add(tmp_path / "member", name)
        tar.getmembers()[0].name = name

    with pytest.raises(InputError, match="不是完整的"):
        backup._unpack(path, tmp_path / "target")
    assert not (tmp_path / "outside").exists()


def test_check_when_the_backup_is_of_the_other_database_or_newer_then_refuses(db, tmp_path) -> None:
    made = backup.Manifest(1, "9.9", database_copies.engine(), "", "", 0, ["returns.9999_later"])

    with pytest.raises(InputError, match=r"较新的版本 9\.9"):
        backup._check(made, tmp_path)
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[made.engine]
    with pytest.raises(InputError, match="不能直接恢复"):
        backup._check(backup.Manifest(1, "9.9", other, "", "", 0, []), tmp_path)


@pytest.mark.parametrize("has_new", [True, False])
@pytest.mark.parametrize("before", ["absent", "empty", "full"])
def test_put_files_when_there_were_some_then_they_are_kept_aside(tmp_path, before, has_new) -> None:
    new, target = tmp_path / "new", tmp_path / "files"
    if has_new:
        new.mkdir()
        (new / "b.bin").write_text("new")
    if before != "absent":
        target.mkdir()
    if before == "full":
        (target / "a.bin").write_text("old")

    backup._put_files(new, target)

    assert [path.name for path in target.iterdir()] == (["b.bin"] if has_new else [])
    kept = [path.read_text() for path in tmp_path.glob("files.before-*/a.bin")]
    assert kept == (["old"] if before == "full" else [])
