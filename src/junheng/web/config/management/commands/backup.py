"""`junheng manage backup FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng.core.errors import InputError
from junheng.web.config.backup import write_backup


class Command(BaseCommand):
    """Writes the whole installation into one file."""

    help = "把数据库、上传的文件和密钥备份成一个 .tar 文件;平台不必停。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, help="要写的文件,如 备份-20260901.tar")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Writes it and says what it holds."""
        path = options["file"].absolute()
        try:
            manifest = write_backup(path)
        except InputError as error:
            raise CommandError(str(error)) from error
        size = path.stat().st_size / 2**20
        self.stdout.write(f"已备份到 {path}（{size:.1f} MB,{manifest.file_count} 个文件）。请存到另一台机器上。")
