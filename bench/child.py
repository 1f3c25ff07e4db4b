"""Judges a nation in a fresh process and prints the most memory it held, in bytes. `python -m bench.child FOLDER`."""

import resource
import sys
from pathlib import Path

from bench.data import judge_folder, national_rules


def main() -> None:
    """Prints one number. Linux counts in KiB, macOS in bytes."""
    judge_folder(Path(sys.argv[1]), national_rules())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak if sys.platform == "darwin" else peak * 1024)


if __name__ == "__main__":
    main()
