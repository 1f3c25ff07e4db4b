"""The commands of the platform: serve, worker, manage. They load Django only when they run."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from junheng.core.errors import InputError

SETTINGS = "junheng.web.config.settings"


def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址;默认只有本机能打开。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口。")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="网页进程数;0 由程序决定。")] = 0,
    with_worker: Annotated[
        bool, typer.Option("--with-worker/--no-worker", help="同时启动后台任务进程（默认启动）。")
    ] = True,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="前面有提供 https 的反向代理（nginx 等）。")
    ] = False,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="https 证书（PEM）,直接提供 https 时用。")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="https 私钥（PEM）。")] = None,
) -> None:
    """启动网页平台:更新数据库、整理静态文件,然后监听。"""
    _needs_django()
    from junheng.web.config.server import Server, run_server

    run_server(Server(host, port, workers, with_worker, behind_proxy, certificate, key))


def worker(
    ends_with_stdin: Annotated[bool, typer.Option("--ends-with-stdin", hidden=True)] = False,
) -> None:
    """启动后台任务进程（评估、生成文书）;可同时启动多个。"""
    _needs_django()
    import django

    django.setup()
    from junheng.web.jobs.process import run

    run(ends_with_stdin=ends_with_stdin)


def manage(context: typer.Context) -> None:
    """维护命令（备份、恢复、核对审计等）;不带参数列出全部。"""
    _needs_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["junheng manage", *context.args])


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(serve)
    app.command()(worker)
    passed_on = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    app.command(context_settings=passed_on)(manage)


def _needs_django() -> None:
    """Says what to install where only the library is there, and names the settings."""
    from importlib.util import find_spec

    if find_spec("django") is None or find_spec("granian") is None:
        raise InputError("这台机器只装了判定程序。请先安装平台所需的包:pip install 'junheng[web]'。")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
