"""Runs import-linter on the contracts in pyproject.toml. `python -m scripts.layers`."""

import sys

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def main() -> int:
    """Exit code 0 when every contract is kept."""
    return 0 if lint_imports(cache_dir=None) == EXIT_STATUS_SUCCESS else 1


if __name__ == "__main__":
    sys.exit(main())
