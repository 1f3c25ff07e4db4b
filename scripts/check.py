"""The static gates: all of them run, two at a time, then the failed ones are named. `python -m scripts.check`."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "scripts", "bench", "tests")
TYPED = tuple(folder for folder in FOLDERS if any((ROOT / folder).rglob("*.py")))  # mypy refuses a folder without code


@dataclass(frozen=True)
class Gate:
    """One gate: its name, the module that runs it, and what repairs it."""

    name: str
    arguments: tuple[str, ...]
    remedy: str


GATES = (
    Gate("types", ("mypy", *TYPED), "mypy 的提示 / what mypy says"),  # takes the longest
    Gate("lint", ("ruff", "check", "."), "make fix"),
    Gate("format", ("ruff", "format", "--check", "."), "make fix"),
    Gate("layers", ("scripts.layers",), "docs/architecture.md"),
    Gate("locks", ("scripts.locks", "check"), "make lock"),
    Gate("docs", ("scripts.docs_build", "--check"), "make docs"),
)


def run_gate(gate: Gate, root: Path = ROOT) -> bool:
    """Run one gate, print its name and time, and its output only when it fails. True when it is kept."""
    started = time.monotonic()
    command = [sys.executable, "-m", *gate.arguments]
    # The type checker loads the platform's settings, which need a data folder.
    environment = {"JUNHENG_DATA_DIR": str(root / "build" / "check-data"), **os.environ}
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=environment)
    is_kept = result.returncode == 0
    line = f"  {'通过 ok  ' if is_kept else '未过 FAIL'} {gate.name:<8} {time.monotonic() - started:5.1f} s"
    print(line if is_kept else f"{line}\n{result.stdout}{result.stderr}", flush=True)
    return is_kept


def main(gates: tuple[Gate, ...] = GATES, root: Path = ROOT) -> int:
    """Run all gates; the exit code is 1 when one of them failed."""
    print("静态检查 / static gates", flush=True)
    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(lambda gate: run_gate(gate, root), gates))
    failed = [gate for gate, is_kept in zip(gates, kept, strict=True) if not is_kept]
    for gate in failed:
        print(f"未通过 / failed: {gate.name} → {gate.remedy}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
