"""`junheng manage restore FILE [--replace]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng.core.errors import InputError
from junheng.web.config.backup import restore_backup


class Command(BaseCommand):
    """Puts an installation back from a backup."""

    help = "从备份恢复数据库、文件和密钥。先停止 junheng serve 和 junheng worker。"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether what is here may be replaced."""
        parser.add_argument("file", type=Path, help="备份文件")
        parser.add_argument("--replace", action="store_true", help="用备份替换这里已有的全部数据")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Restores it and says from when it is."""
        try:
            manifest = restore_backup(options["file"].absolute(), replace=options["replace"])
        except InputError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已恢复到 {manifest.made_at} 的状态。现在可以重新启动平台。")
