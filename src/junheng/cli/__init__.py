"""The command line: `junheng …`. Parses, asks `junheng.api`, prints. Loads nothing heavy before a command runs."""

import sys

from junheng.cli.commands import app

__all__ = ["app", "main"]


def main() -> None:
    """Runs the command line; broken promises end with their Chinese text on standard error and their exit code."""
    from junheng.core.errors import JunhengError

    try:
        app()
    except JunhengError as error:
        sys.stderr.write(f"✗ {error}\n")
        sys.exit(error.exit_code)
