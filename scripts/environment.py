"""Makes the virtual environment match a lock file, and remembers that it does.

Run through `scripts/setup.sh`, by any Python from 3.11, before anything else is installed: only the standard library is
imported here. A stamp in the environment holds the hash of everything the installation depends on, so that a later
run with the same locks does nothing.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROFILES = ("runtime", "dev", "spark")
INSTALLS_JUNHENG = ("runtime", "dev")
CONTAINED_IN = {"runtime": "dev"}  # a wider profile that already holds everything of the narrower one


def environment_folder(root: Path) -> Path:
    """Where the virtual environment of a checkout is."""
    return root / ".venv"


def environment_python(root: Path) -> Path:
    """The interpreter inside the virtual environment."""
    folder = "Scripts" if os.name == "nt" else "bin"
    return environment_folder(root) / folder / "python"


def fingerprint(root: Path, profile: str) -> str:
    """A hash that changes whenever the installation of a profile has to be done again."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    packaging = [project.get("build-system"), project.get("project"), project.get("tool", {}).get("setuptools")]
    digest = hashlib.sha256((root / "requirements" / f"{profile}.txt").read_bytes())
    digest.update(json.dumps(packaging, sort_keys=True).encode())
    digest.update(str(root).encode())  # the editable installation points at this folder
    return digest.hexdigest()


def is_current(root: Path, profile: str) -> bool:
    """True when the environment already holds what the profile's lock says, or what a wider profile says."""
    candidates = [profile, CONTAINED_IN.get(profile, profile)]
    return environment_python(root).exists() and any(_stamp_matches(root, name) for name in candidates)


def _stamp(root: Path, profile: str) -> Path:
    return environment_folder(root) / f"junheng-{profile}.stamp"


def _stamp_matches(root: Path, profile: str) -> bool:
    stamp = _stamp(root, profile)
    return stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint(root, profile)


def _pip(root: Path, *arguments: str) -> None:
    command = [str(environment_python(root)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*command, "--no-input", *arguments], check=True, cwd=root)


def install(root: Path, profile: str) -> None:
    """Create the environment when it is missing and install one profile into it."""
    if not environment_python(root).exists():
        venv.create(environment_folder(root), with_pip=True, clear=True)
    _pip(root, "--no-build-isolation", "--require-hashes", "-r", f"requirements/{profile}.txt")
    if profile in INSTALLS_JUNHENG:
        _pip(root, "--no-deps", "--no-build-isolation", "--editable", ".")
    _stamp(root, profile).write_text(fingerprint(root, profile), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Bring the environment up to date for one profile; the exit code says whether that worked."""
    if len(arguments) != 1 or arguments[0] not in PROFILES:
        print(f"用法 / usage: scripts/setup.sh {'|'.join(PROFILES)}", file=sys.stderr)
        return 2
    profile = arguments[0]
    if is_current(ROOT, profile):
        return 0
    print(
        f"正在按 requirements/{profile}.txt 安装依赖,首次约需一至三分钟 / installing the locked {profile} packages …",
        flush=True,
    )
    started = time.monotonic()
    try:
        install(ROOT, profile)
    except subprocess.CalledProcessError as error:
        print(
            f"错误:依赖安装失败(退出码 {error.returncode}),原因见上方 pip 的输出。请检查网络与磁盘空间后重新运行。\n"
            f"Error: pip failed with exit code {error.returncode}; see its output above, then run the command again.",
            file=sys.stderr,
        )
        return 1
    print(f"依赖已就绪,用时 {time.monotonic() - started:.0f} 秒 / packages are ready.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
