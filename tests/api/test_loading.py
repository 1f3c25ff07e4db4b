"""What a command loads: only what it needs, so that it starts at once."""

import os
import subprocess
import sys

from junheng.readers.dictionary import load_dictionary
from junheng.reports.fact_folders import write_csv_folder
from tests.demo.kept import demo_county

NEEDLESS = {
    "pandas", "pyarrow", "numpy", "duckdb", "pyspark", "docx", "typst", "xlsxwriter", "openpyxl", "python_calamine", "PIL",
    "multiprocessing", "asyncio", "sqlite3", "junheng.reports", "junheng.demo",
}  # fmt: skip
HEAVY = {"polars", "narwhals", "yaml", "orjson", "rich.console", "defusedxml", "junheng.core.judge", "junheng.readers"}


def loaded_by(*arguments):
    """The modules that are loaded when a command has run."""
    script = "import sys; from junheng.cli import app; app(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("COV")
    }  # it loads much itself
    output = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=environment).stdout
    return set(output.splitlines()[-1].split())


def test_help_when_asked_then_nothing_heavy_is_loaded():
    assert not loaded_by("--help") & (NEEDLESS | HEAVY)


def test_evaluate_when_no_documents_are_wanted_then_no_document_writer_and_no_second_engine_is_loaded(tmp_path):
    write_csv_folder(demo_county()[0], load_dictionary(), tmp_path)

    loaded = loaded_by("evaluate", "--no-documents", tmp_path)

    assert "polars" in loaded
    assert not loaded & NEEDLESS
