"""The contracts of pyproject.toml hold here, and each of them is broken by a bad sample."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from scripts import layers

pytestmark = pytest.mark.slow(seconds=2)  # nothing of the platform runs, so nothing is to be measured
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "planning", "surveys", "demo", "readers", "reports")
HEAVY = {"polars", "pandas", "pyarrow", "narwhals", "duckdb", "pyspark", "numpy", "yaml", "docx", "typst", "xlsxwriter"}
HEAVY |= {"python_calamine", "openpyxl", "django", "defusedxml", "lxml"}
APPS = (
    "config",
    "example",
    "rest",
    "plans",
    "documents",
    "evaluations",
    "returns",
    "accounts",
    "organisations",
    "jobs",
    "audit",
    "layout",
    "access",
)
ONE_DOOR = {"junheng", "junheng.api", "junheng.core"}

# contract, path of a module, its content
BROKEN = [
    ("Layers point one way", "core/a.py", "import junheng.readers"),
    ("Layers point one way", "readers/a.py", "import junheng.reports"),
    ("Layers point one way", "planning/a.py", "import junheng.api"),
    ("Layers point one way", "newcomer/__init__.py", ""),
    ("core does no I/O", "core/a.py", "import pathlib"),
    ("core does no I/O", "core/a.py", "import polars"),
    ("planning and surveys do no I/O", "surveys/a.py", "import yaml"),
    ("No cycles", "core/a.py", "import junheng.core.b"),
    ("The apps of the platform", "web/audit/a.py", "import junheng.web.accounts"),
    ("The apps of the platform", "web/newcomer/__init__.py", ""),
    ("Pages ask junheng.api", "web/evaluations/a.py", "import polars"),
]


def make_sample(root: Path, path: str, content: str) -> None:
    """A package `junheng` of empty layers under the real contracts, with one module more."""
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    package = root / "src" / "junheng"
    for name in PACKAGES:
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").touch()
    for name in ("", *APPS):
        (package / "web" / name).mkdir(parents=True, exist_ok=True)
        (package / "web" / name / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "api.py").touch()
    (package / "core" / "b.py").write_text("import junheng.core.a\n" if content == "import junheng.core.b" else "")
    (package / path).parent.mkdir(exist_ok=True)
    (package / path).write_text(content + "\n", encoding="utf-8")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "scripts.layers"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def foreign_doors(imports: set[str]) -> set[str]:
    """What the command line imports past `api`, which is its only door (core lends it its types)."""
    inner = {".".join(name.split(".")[:2]) for name in imports if name.split(".")[0] == "junheng"}
    return inner - ONE_DOOR - {"junheng.cli"}


def loaded_modules(module: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after importing one module."""
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(result.stdout.split())


def test_contracts_when_this_repository_is_linted_then_all_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("junheng.something")

    status = layers.main()

    assert status == 0, capsys.readouterr().out
    assert not logger.disabled  # import-linter switches off what it does not know


@pytest.mark.parametrize(("contract", "path", "content"), BROKEN)
def test_contracts_when_a_module_breaks_one_then_it_is_named(
    tmp_path: Path, contract: str, path: str, content: str
) -> None:
    make_sample(tmp_path, path, content)

    result = lint(tmp_path)

    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert result.returncode == 1, result.stdout + result.stderr
    assert len(broken) == 1
    assert broken[0].startswith(contract)


def test_contracts_when_a_sample_breaks_none_then_it_passes(tmp_path: Path) -> None:
    make_sample(tmp_path, "core/a.py", "import math")

    assert lint(tmp_path).returncode == 0


def test_command_line_when_it_imports_the_project_then_only_through_the_api() -> None:
    graph = grimp.build_graph("junheng", cache_dir=None)
    modules = {name for name in graph.modules if name == "junheng.cli" or name.startswith("junheng.cli.")}
    modules -= {"junheng.cli.platform"}  # serve, worker and manage start the platform; they ask nothing of the rules
    imports = {each for module in modules for each in graph.find_modules_directly_imported_by(module)}

    assert foreign_doors(imports) == set()


def test_foreign_doors_when_the_command_line_reaches_past_the_api_then_they_are_named() -> None:
    imports = {"junheng.api", "junheng.core.errors", "junheng.readers.workbook", "typer"}

    assert foreign_doors(imports) == {"junheng.readers"}


def test_command_line_when_it_is_imported_then_nothing_heavy_is_loaded() -> None:
    has_cli = any((ROOT / "src" / "junheng").glob("cli*"))
    module = "junheng.cli" if has_cli else "junheng"

    assert loaded_modules(module) & HEAVY == set()


def test_loaded_modules_when_a_module_imports_something_heavy_then_it_is_seen() -> None:
    assert "yaml" in loaded_modules("yaml") & HEAVY
