"""The rules of this repository as functions: each takes the root of a tree and gives back what breaks the rule.

They walk the folders of the project rather than asking git, so that the result does not depend on what is committed.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = (".ci", "bench", "docs", "requirements", "scripts", "src", "tests")
ROOT_FILES = ("*.md", "*.toml", "Makefile", ".pre-commit-config.yaml", ".editorconfig", ".gitattributes", ".gitignore")
BINARY = {".pyc", ".png", ".jpg", ".xlsx", ".xls", ".docx", ".pdf", ".parquet", ".otf", ".ttf", ".zip", ".so", ".gz"}
LINE_LIMITS = {".py": 600, ".typ": 600, ".sh": 200, ".yaml": 2500}  # YAML packs carry a clause beside every value
GENERATED_FOLDERS = {"__pycache__", "vendor"}  # vendored assets keep their own shape
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
VAGUE_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "services",
    "service",
    "managers",
    "manager",
    "base",
}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|raise NotImplementedError)\b")
DODGES = {"skip", "skipif", "xfail", "importorskip", "skipTest", "expectedFailure"}
DOCUMENTED_PACKAGES = ("core", "planning", "surveys", "readers", "reports", "demo", "api")
CLOCK_CALLS = {"today", "now", "utcnow", "fromtimestamp"}
MAX_BODY = 80
P90_BODY = 30

# Assembled from parts, so that this file does not break its own rules.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("debian", "org"))
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.$~/-])/(?!opt/junheng\b)(?:{})/\w".format("|".join(("work", "root", "tmp", "home", "Users", "opt")))
)
UPWARDS = re.compile(r"(?:\.\./)+[\w.][\w./-]*")


def text_files(root: Path) -> Iterator[Path]:
    """Every text file of the project, sorted; generated and binary files are left out."""
    found = [path for name in FOLDERS for path in (root / name).rglob("*")]
    found += [path for pattern in ROOT_FILES for path in root.glob(pattern)]
    for path in sorted(set(found)):
        is_generated = GENERATED_FOLDERS & set(path.parts) or any(part.endswith(".egg-info") for part in path.parts)
        if path.is_file() and not is_generated and path.suffix not in BINARY and not path.name.endswith(".gb18030.csv"):
            yield path


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Python files below the folders (all of the project's when none is named)."""
    starts = tuple(folders) or FOLDERS
    yield from (p for p in text_files(root) if p.suffix == ".py" and p.relative_to(root).as_posix().startswith(starts))


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def _tree(path: Path) -> ast.Module:
    return ast.parse(_read(path), filename=str(path))


def _mentioning(paths: Iterable[Path], *words: str) -> Iterator[Path]:
    """The files in which a word stands: reading a file is ten times as quick as parsing it."""
    return (path for path in paths if any(word in _read(path) for word in words))


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def long_files(root: Path) -> list[str]:
    """Files above the ceiling of their kind."""
    problems = []
    for path in text_files(root):
        limit = LINE_LIMITS.get(path.suffix)
        length = _read(path).count("\n")
        if limit is not None and length > limit:
            problems.append(f"{_name(root, path)} has {length} lines, at most {limit} are allowed")
    return problems


def vague_modules(root: Path) -> list[str]:
    """Modules and packages named after nothing."""
    files = python_files(root, "src", "scripts", "bench")
    return [_name(root, path) for path in files if VAGUE_NAMES & {*path.relative_to(root).parts[:-1], path.stem}]


def unfinished_code(root: Path) -> list[str]:
    """Lines of the source that promise work for later."""
    files = (path for path in text_files(root) if _name(root, path).startswith("src/"))
    return list(_matching_lines(root, files, UNFINISHED))


def _matching_lines(root: Path, files: Iterator[Path], pattern: re.Pattern[str]) -> Iterator[str]:
    for path in files:
        for number, line in enumerate(_read(path).splitlines(), start=1):
            if pattern.search(line):
                yield f"{_name(root, path)}:{number}: {line.strip()[:100]}"


def registry_hosts(root: Path) -> list[str]:
    """Lines that name the host of a package registry."""
    return list(_matching_lines(root, text_files(root), re.compile("|".join(map(re.escape, REGISTRY_HOSTS)))))


def machine_paths(root: Path) -> list[str]:
    """Lines that name an absolute path of somebody's machine."""
    return list(_matching_lines(root, text_files(root), MACHINE_PATHS))


def outside_paths(root: Path) -> list[str]:
    """Relative paths that lead out of the repository."""
    problems = []
    for path in text_files(root):
        for match in UPWARDS.findall(_read(path)):
            if not (path.parent / match).resolve().is_relative_to(root.resolve()):
                problems.append(f"{_name(root, path)}: {match}")
    return problems


def broken_links(root: Path) -> list[str]:
    """Relative links of Markdown files that lead nowhere."""
    problems = []
    for path in (each for each in text_files(root) if each.suffix == ".md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", _read(path)):
            file = target.partition("#")[0]
            if file and "://" not in target and not (path.parent / file).exists():
                problems.append(f"{_name(root, path)}: {target}")
    return problems


def dodged_tests(root: Path) -> list[str]:
    """Tests that may be skipped or are expected to fail."""
    problems = []
    for path in _mentioning(python_files(root, "tests"), *DODGES):
        for node in ast.walk(_tree(path)):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name in DODGES:
                problems.append(f"{_name(root, path)}:{node.lineno}: {name}")  # type: ignore[attr-defined]
    return problems


def toothless_tests(root: Path) -> list[str]:
    """Tests that cannot fail: no assert, no `pytest.raises`, and no call of a check of their own."""
    problems = []
    for path in python_files(root, "tests"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not _can_fail(node):
                problems.append(f"{_name(root, path)}:{node.lineno}: {node.name}")
    return problems


def _can_fail(test: ast.FunctionDef) -> bool:
    for node in ast.walk(test):
        if isinstance(node, ast.Assert | ast.Raise):
            is_constant = isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant) and bool(node.test.value)
            if not is_constant:
                return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"raises", "fail", "warns"} or name.startswith(
                ("assert_", "check_", "expect_", "django_assert_")
            ):
                return True
    return False


def badly_named_tests(root: Path) -> list[str]:
    """Tests whose name does not say subject, condition and result (`…_when_…_then_…` or a plain `…_then_…`)."""
    problems = []
    for path in python_files(root, "tests"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and "_then_" not in node.name:
                problems.append(f"{_name(root, path)}:{node.lineno}: {node.name}")
    return problems


def undocumented_names(root: Path) -> list[str]:
    """Public modules, classes, functions and methods of the gated packages that have no docstring."""
    problems = []
    for package in DOCUMENTED_PACKAGES:
        for path in python_files(root, f"src/junheng/{package}"):
            tree = _tree(path)
            if path.stat().st_size and not ast.get_docstring(tree):
                problems.append(f"{_name(root, path)}: module")
            problems += [f"{_name(root, path)}:{node.lineno}: {node.name}" for node in _public(tree) if not _told(node)]
    return problems


Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _public(parent: ast.Module | ast.ClassDef) -> Iterator[Named]:
    for node in parent.body:
        if isinstance(node, Named) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _told(node: Named) -> bool:
    """True when the name has a docstring, or repeats one that has (an overload or a setter)."""
    decorators = {ast.unparse(each) for each in node.decorator_list}
    return bool(ast.get_docstring(node)) or any(
        each.endswith(("overload", ".setter", "override")) for each in decorators
    )


@dataclass(frozen=True)
class Body:
    """The length of one function, its docstring left out."""

    where: str
    lines: int


def function_bodies(root: Path, *folders: str) -> list[Body]:
    """Every function below the folders with the number of lines of its body."""
    bodies = []
    for path in python_files(root, *folders):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                statements = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0
                bodies.append(Body(f"{_name(root, path)}:{node.lineno}: {node.name}", lines))
    return bodies


def long_functions(root: Path, *folders: str) -> list[str]:
    """Functions above the ceiling, and the ninetieth percentile when it is too high."""
    bodies = function_bodies(root, *folders)
    problems = [f"{body.where} has {body.lines} lines, at most {MAX_BODY}" for body in bodies if body.lines > MAX_BODY]
    lengths = sorted(body.lines for body in bodies)
    if lengths and (p90 := lengths[int(0.9 * (len(lengths) - 1))]) > P90_BODY:
        problems.append(f"the ninetieth percentile of function bodies is {p90} lines, at most {P90_BODY}")
    return problems


def clock_calls(root: Path, *folders: str) -> list[str]:
    """Calls that ask for the present day or time, and files that are opened, where neither may be."""
    problems = []
    for path in python_files(root, *folders):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call):
                called = node.func
                is_clock = isinstance(called, ast.Attribute) and called.attr in CLOCK_CALLS
                if is_clock or (isinstance(called, ast.Name) and called.id in {"open", "input", "print"}):
                    problems.append(f"{_name(root, path)}:{node.lineno}: {ast.unparse(called)}()")
    return problems


def swallowed_exceptions(root: Path) -> list[str]:
    """Handlers that catch everything and go on without a trace in the log."""
    problems = []
    for path in _mentioning(python_files(root, "src", "scripts", "bench"), "except:", "Exception"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ExceptHandler):
                is_broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
                is_told = any(isinstance(each, ast.Raise) or _logs(each) for each in ast.walk(node))
                if is_broad and not is_told:
                    problems.append(f"{_name(root, path)}:{node.lineno}")
    return problems


def _logs(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "exception"


def writing_views(root: Path) -> list[str]:
    """Views that write to the database themselves; writes belong in actions."""
    problems = []
    for path in python_files(root, "src/junheng/web"):
        if path.stem != "views" and path.parent.name != "views":
            continue
        tree = _tree(path)
        writers = {"actions", "request.session"} | _imported_actions(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node.func, writers):
                problems.append(f"{_name(root, path)}:{node.lineno}: {ast.unparse(node.func)}()")
    return problems


def _writes(called: ast.Attribute, writers: set[str]) -> bool:
    return called.attr in WRITES and ast.unparse(called.value) not in writers


def _imported_actions(tree: ast.Module) -> set[str]:
    """What a module imports out of an `actions` package, by the names it uses."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "actions" in (node.module or "").split(".")
        for alias in node.names
    }
