"""`python -m scripts.docs_build` writes the generated pages; with `--check` it only says which are stale."""

import sys

from scripts.docs_build import pages


def main(arguments: list[str]) -> int:
    """Write or check; the exit code is 1 when a checked page is stale."""
    if arguments == ["--check"]:
        problems = pages.stale()
        for problem in problems:
            print(f"{problem} → make docs")
        return 1 if problems else 0
    for path in pages.write():
        print(f"已更新 / written: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
