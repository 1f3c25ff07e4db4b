"""What the environment says."""

import threading

import pytest

from junheng.core.errors import InputError
from junheng.web.config.environment import database_settings, read_environment


def test_environment_when_nothing_is_set_then_is_safe_and_on_sqlite(tmp_path) -> None:
    found = read_environment({"JUNHENG_DATA_DIR": str(tmp_path / "data")})

    assert (found.is_https, found.is_debug, found.is_behind_proxy, found.asks_second_factor) == (
        True,
        False,
        False,
        True,
    )
    assert found.database["ENGINE"] == "django.db.backends.sqlite3"
    assert found.hosts == ("127.0.0.1", "localhost", "[::1]")
    assert found.origins == []
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_environment_when_there_were_other_secrets_then_they_are_known_as_old_ones(tmp_path) -> None:
    found = read_environment(
        {"JUNHENG_DATA_DIR": str(tmp_path), "JUNHENG_SECRET_KEY": "new", "JUNHENG_OLD_SECRET_KEYS": "older, oldest"}
    )

    assert (found.secret_key, found.old_secret_keys) == ("new", ("older", "oldest"))


def test_environment_when_hosts_are_named_then_forms_may_come_from_them(tmp_path) -> None:
    found = read_environment({"JUNHENG_DATA_DIR": str(tmp_path), "JUNHENG_HOSTS": " a.example, b.example,"})

    assert found.origins == ["https://a.example", "https://b.example"]


def test_environment_when_many_start_at_once_then_all_have_the_same_secret(tmp_path) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_environment({"JUNHENG_DATA_DIR": str(tmp_path)}).secret_key))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) > 80
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["0", "-1", "abc"])
def test_environment_when_the_patience_with_workers_is_no_time_then_refuses(tmp_path, text) -> None:
    with pytest.raises(InputError, match="JUNHENG_JOB_STALE"):
        read_environment({"JUNHENG_DATA_DIR": str(tmp_path), "JUNHENG_JOB_STALE": text})


def test_database_when_postgresql_is_named_then_parts_are_decoded(tmp_path) -> None:
    found = database_settings("postgresql://us%40er:p%2Fw@db.example:5433/jun", tmp_path)
    by_socket = database_settings("postgresql://postgres@/jun?host=/run/postgresql", tmp_path)

    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "us@er", "p/w", "db.example", "5433", "jun",
    ]  # fmt: skip
    assert (by_socket["HOST"], by_socket["PORT"], by_socket["USER"]) == ("/run/postgresql", "", "postgres")


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host/", "nonsense"])
def test_database_when_the_address_is_not_postgresqls_then_refuses(tmp_path, url) -> None:
    with pytest.raises(InputError, match="postgresql://"):
        database_settings(url, tmp_path)
