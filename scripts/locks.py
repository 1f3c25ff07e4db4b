"""The locked requirements: compile them, and prove that they fit together. `python -m scripts.locks check|compile`.

`check` needs no network: every line is pinned and hashed, no line names an index or an address, the narrow locks agree
with dev.txt, every entry of a `.in` file is locked, and the versions satisfy pyproject.toml.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROFILES = ("dev", "runtime", "spark")  # compiled in this order: the later ones are constrained by dev.txt
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(\s*;[^\\]*)?\s*\\?$")
HASH = re.compile(r"^\s+--hash=sha256:[0-9a-f]{64}\s*\\?$")
ADDRESS = re.compile(r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b")


@dataclass(frozen=True)
class Pin:
    """One locked package."""

    name: str
    version: str
    hashes: int


def parse_lock(text: str, file: str) -> tuple[list[Pin], list[str]]:
    """The pins of a lock file, and what is wrong with its lines."""
    pins: list[Pin] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if ADDRESS.search(line):
            problems.append(f"{file}:{number} names an index or an address")
        elif pinned := PINNED.match(line):
            pins.append(Pin(canonicalize_name(pinned["name"]), pinned["version"], 0))
        elif HASH.match(line) and pins:
            pins[-1] = Pin(pins[-1].name, pins[-1].version, pins[-1].hashes + 1)
        elif line.strip() and not line.lstrip().startswith("#"):
            problems.append(f"{file}:{number} is neither a pin nor a hash: {line.strip()}")
    problems += [f"{file}: {pin.name} has no hash" for pin in pins if not pin.hashes]
    return pins, problems


def requested(text: str) -> list[Requirement]:
    """The requirements that a `.in` file asks for itself, without its `-r` and `-c` lines."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def unsatisfied(requirements: list[Requirement], pins: list[Pin], file: str, wanted_by: str) -> list[str]:
    """Which requirements a lock lacks or locks to a version that they refuse."""
    versions = versions_of(pins)
    problems = []
    for requirement in requirements:
        locked = versions.get(canonicalize_name(requirement.name), [])
        if not locked:
            problems.append(f"{file} lacks {requirement.name}, which {wanted_by} asks for")
        problems += [
            f"{file} locks {requirement.name} {version}, but {wanted_by} asks for {requirement.specifier}"
            for version in locked
            if not requirement.specifier.contains(version, prereleases=True)
        ]
    return problems


def versions_of(pins: list[Pin]) -> dict[str, list[str]]:
    """Per package its locked versions, sorted: more than one where they differ between versions of Python."""
    versions: dict[str, list[str]] = {}
    for pin in pins:
        versions[pin.name] = sorted([*versions.get(pin.name, []), pin.version])
    return versions


def disagreements(narrow: list[Pin], wide: list[Pin], file: str, *, is_contained: bool) -> list[str]:
    """Where a narrow lock says something else than dev.txt, or (when contained in it) something more."""
    versions = versions_of(wide)
    ours = versions_of(narrow)
    problems = [
        f"{file} locks {name} {', '.join(locked)}, dev.txt {', '.join(versions[name])}"
        for name, locked in ours.items()
        if versions.get(name, locked) != locked
    ]
    if is_contained:
        problems += [f"dev.txt lacks {name} of {file}" for name in ours if name not in versions]
    return problems


def check(root: Path = ROOT) -> list[str]:
    """Everything that is wrong with the locks of a checkout; empty when they fit together."""
    folder = root / "requirements"
    problems: list[str] = []
    locks: dict[str, list[Pin]] = {}
    for profile in PROFILES:
        file = f"{profile}.txt"
        locks[profile], wrong = parse_lock((folder / file).read_text(encoding="utf-8"), file)
        wanted = requested((folder / f"{profile}.in").read_text(encoding="utf-8"))
        problems += wrong + unsatisfied(wanted, locks[profile], file, f"{profile}.in")
    problems += disagreements(locks["runtime"], locks["dev"], "runtime.txt", is_contained=True)
    problems += disagreements(locks["spark"], locks["dev"], "spark.txt", is_contained=False)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [Requirement(text) for text in project["project"]["dependencies"]]
    return problems + unsatisfied(needed, locks["runtime"], "runtime.txt", "pyproject.toml")


def compile_locks(options: list[str], root: Path = ROOT) -> None:
    """Resolve every lock again with uv, which is installed into a throwaway environment. Needs the network."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", "uv"], check=True)
        for profile in PROFILES:
            command = [f"{folder}/bin/uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
            command += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links", *options]
            constraint = ["-c", "dev.txt"] if profile == "runtime" else []
            command += [*constraint, f"{profile}.in", "-o", f"{profile}.txt"]
            subprocess.run(command, check=True, cwd=root / "requirements")


def main(arguments: list[str]) -> int:
    """Check or compile; the exit code is 1 when the locks do not fit."""
    if arguments[:1] == ["compile"]:
        compile_locks(arguments[1:])
    elif arguments != ["check"]:
        print("usage: python -m scripts.locks check | compile [--upgrade]", file=sys.stderr)
        return 2
    problems = check()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
