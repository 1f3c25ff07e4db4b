"""Whether the optional Spark engine can run here: Java 17 or newer, and pyspark."""

import importlib.util
import re
import shutil
import subprocess

NEEDED_JAVA = 17


def parse_java_major(text: str) -> int | None:
    """The major version in what `java -version` prints (`1.8.0_392` is 8), or None when there is none."""
    match = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(match.group(1)) if match else None


def java_major() -> int | None:
    """The major version of the Java on the path, or None when there is no Java that runs."""
    java = shutil.which("java")
    if java is None:
        return None
    result = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    return parse_java_major(result.stderr + result.stdout) if result.returncode == 0 else None


def has_java() -> bool:
    """True when Java is new enough for Spark."""
    major = java_major()
    return major is not None and major >= NEEDED_JAVA


def spark_obstacle() -> str:
    """Why Spark cannot run here, in Chinese and English; empty when it can."""
    if not has_java():
        return f"未找到 Java {NEEDED_JAVA} 以上版本 / Java {NEEDED_JAVA} or newer was not found"
    if importlib.util.find_spec("pyspark") is None:
        return "未安装 pyspark(make setup-spark 可安装)/ pyspark is not installed (make setup-spark installs it)"
    return ""
