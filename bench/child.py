"""Judges a nation in a fresh process and prints the most memory it held, in bytes. `python -m bench.child FOLDER`."""

import resource
import sys
from pathlib import Path

from bench.data import judge_folder, national_rules

_STATUS = Path("/proc/self/status")


def main() -> None:
    """Prints one number."""
    judge_folder(Path(sys.argv[1]), national_rules())
    print(peak_memory())


def peak_memory() -> int:
    """Bytes. Linux keeps the peak of the program itself; `getrusage` there also counts what its parent held before the start."""
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS, KiB elsewhere
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main()
