"""Installs the locked pyspark when Java is there, and says so when it is not. `python -m scripts.spark_setup`."""

import subprocess
import sys
from pathlib import Path

from scripts.java import NEEDED_JAVA, has_java

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Exit code 0 when Spark is installed or cannot be used here; pip's own code when its installation failed."""
    if not has_java():
        print(
            f"提示:未找到 Java {NEEDED_JAVA} 以上版本,Spark 引擎不安装、不测试。\n"
            f"Note: no Java {NEEDED_JAVA}+, so the Spark engine is neither installed nor tested.",
            flush=True,
        )
        return 0
    return subprocess.run(["sh", "scripts/setup.sh", "spark"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
