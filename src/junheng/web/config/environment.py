"""What the environment says about this installation. Every variable is read here and nowhere else.

JUNHENG_DATA_DIR       folder for the embedded database, uploads, documents and the secret key (default: ./junheng-data)
JUNHENG_DATABASE_URL   postgresql://user:password@host:port/name, or postgresql://user@/name?host=/folder/of/the/socket;
                       empty: SQLite in the data folder
JUNHENG_SECRET_KEY     secret of the installation (default: made once and kept in the data folder, readable by its owner only)
JUNHENG_OLD_SECRET_KEYS  secrets used before, separated by commas, while what was sealed under them is still to be read
JUNHENG_HOSTS          host names that may be asked for, separated by commas (default: the loopback)
JUNHENG_HTTPS          1 (default): cookies and redirects for https; 0: plain http, for a desk computer on the loopback
JUNHENG_BEHIND_PROXY   1: a reverse proxy tells who visits and whether by https; `junheng serve --behind-proxy` sets it
JUNHENG_SECOND_FACTOR  1 (default): administrators and county offices sign in with a second factor; 0: for a demonstration
JUNHENG_DEBUG          1: Django's debug pages, never on a server
JUNHENG_JOB_STALE      seconds after which a silent worker is given up and its job taken by another (default: 120)
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from junheng.core.errors import InputError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Environment:
    """The installation, read once at start."""

    data_folder: Path
    database: Mapping[str, Any]
    secret_key: str
    hosts: tuple[str, ...]
    is_https: bool
    is_behind_proxy: bool
    asks_second_factor: bool
    is_debug: bool
    job_stale_seconds: float = 120.0
    old_secret_keys: tuple[str, ...] = ()

    @property
    def origins(self) -> list[str]:
        """Where forms may come from, for the check against forged requests."""
        scheme = "https" if self.is_https else "http"
        return [f"{scheme}://{host}" for host in self.hosts if host not in LOOPBACK]


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """The environment of this process; makes the data folder and the secret key when they do not exist."""
    folder = Path(variables.get("JUNHENG_DATA_DIR") or "junheng-data").absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    hosts = _listed(variables.get("JUNHENG_HOSTS", ""))
    return Environment(
        data_folder=folder,
        database=database_settings(variables.get("JUNHENG_DATABASE_URL", ""), folder),
        secret_key=variables.get("JUNHENG_SECRET_KEY") or _kept_secret(folder / "secret.key"),
        hosts=hosts or LOOPBACK,
        is_https=variables.get("JUNHENG_HTTPS", "1") != "0",
        is_behind_proxy=variables.get("JUNHENG_BEHIND_PROXY", "0") == "1",
        asks_second_factor=variables.get("JUNHENG_SECOND_FACTOR", "1") != "0",
        is_debug=variables.get("JUNHENG_DEBUG", "0") == "1",
        job_stale_seconds=_seconds(variables.get("JUNHENG_JOB_STALE", "") or "120"),
        old_secret_keys=_listed(variables.get("JUNHENG_OLD_SECRET_KEYS", "")),
    )


def database_settings(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings of one database. InputError for an address that is not PostgreSQL's."""
    if not url:
        # WAL: readers do not wait for the writer. IMMEDIATE: two writers queue instead of failing half-way.
        # synchronous=FULL: what was acknowledged survives a power cut.
        start = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "junheng.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": start},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise InputError("JUNHENG_DATABASE_URL 应写成 postgresql://用户:口令@主机:端口/库名。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if seconds <= 0:
        raise InputError(f"JUNHENG_JOB_STALE 应是大于 0 的秒数,现在是“{text}”。")
    return seconds


def _kept_secret(path: Path) -> str:
    """The secret in a file that only its owner may read; made by whoever comes first, and never seen half-written."""
    if not path.exists():
        own = path.with_suffix(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text(encoding="ascii").strip()
