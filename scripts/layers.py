"""Runs import-linter on the contracts in pyproject.toml. `python -m scripts.layers`."""

import logging
import sys

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def are_kept() -> bool:
    """Whether every contract is kept. The loggers of this process, which import-linter switches off, are on again afterwards."""
    known = [entry for entry in logging.Logger.manager.loggerDict.values() if isinstance(entry, logging.Logger)]
    enabled = [entry for entry in known if not entry.disabled]
    try:
        return bool(lint_imports(cache_dir=None) == EXIT_STATUS_SUCCESS)
    finally:
        for entry in enabled:
            entry.disabled = False


def main() -> int:
    """Exit code 0 when every contract is kept."""
    return 0 if are_kept() else 1


if __name__ == "__main__":
    sys.exit(main())
