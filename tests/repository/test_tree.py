"""The rules on files, names and code, on this repository and on a bad sample of each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repository import gates

pytestmark = pytest.mark.slow(seconds=2)  # nothing of the platform runs, so nothing is to be measured
ROOT = Path(__file__).resolve().parents[2]

Gate = Callable[[Path], list[str]]


def pure_code(root: Path) -> list[str]:
    return gates.clock_calls(root, "src/junheng/core", "src/junheng/planning", "src/junheng/surveys")


def source_functions(root: Path) -> list[str]:
    return gates.long_functions(root, "src", "scripts", "bench")


HOST = ".".join(("files", "pythonhosted", "org"))
MACHINE = "/" + "work/main"
SHORT = "".join(f"def short_{n}():\n    x = 1\n" for n in range(20))
FUNCTION = SHORT + "def f():\n" + "    x = 1\n" * (gates.MAX_BODY + 1)
MANY = "".join(f"def f{n}():\n" + "    x = 1\n" * (gates.P90_BODY + 1) for n in range(4))

# gate, the path of a bad file, its content, and a part of what the gate says about it
BAD_SAMPLES: list[tuple[Gate, str, str, str]] = [
    (gates.long_files, "src/junheng/core/big.py", "x = 1\n" * 601, "601 lines"),
    (gates.long_files, "src/junheng/reports/big.typ", "a\n" * 601, "601 lines"),
    (gates.long_files, "src/junheng/standards/a/standard.yaml", "a: 1\n" * 2501, "2501 lines"),
    (gates.vague_modules, "src/junheng/core/utils.py", "", "utils.py"),
    (gates.vague_modules, "src/junheng/helpers/names.py", "", "helpers"),
    (gates.unfinished_code, "src/junheng/core/later.py", "raise Not" + "ImplementedError\n", "later.py:1"),
    (gates.unfinished_code, "src/junheng/core/later.py", "# TO" + "DO: think\n", "later.py:1"),
    (gates.registry_hosts, "requirements/dev.txt", f"--index-url https://{HOST}/\n", "dev.txt:1"),
    (gates.machine_paths, "docs/a.md", f"cd {MACHINE}\n", "docs/a.md:1"),
    (gates.outside_paths, "docs/a.md", "see " + "../" * 2 + "elsewhere/a.md\n", "elsewhere"),
    (gates.broken_links, "docs/a.md", "[b](b.md)\n", "b.md"),
    (
        gates.dodged_tests,
        "tests/test_a.py",
        "import pytest\n@pytest.mark.sk" + "ip\ndef test_a(): assert f()\n",
        "test_a.py:2",
    ),
    (gates.dodged_tests, "tests/test_a.py", "import pytest\npytest.import" + "orskip('a')\n", "test_a.py:2"),
    (gates.toothless_tests, "tests/test_a.py", "def test_a_then_b():\n    f()\n", "test_a_then_b"),
    (gates.toothless_tests, "tests/test_a.py", "def test_a_then_b():\n    assert True\n", "test_a_then_b"),
    (gates.badly_named_tests, "tests/test_a.py", "def test_it():\n    assert f()\n", "test_it"),
    (gates.undocumented_names, "src/junheng/core/a.py", '"""A."""\ndef f(): ...\n', "a.py:2: f"),
    (
        gates.undocumented_names,
        "src/junheng/core/a.py",
        '"""A."""\nclass A:\n    """A."""\n    def m(self): ...\n',
        "m",
    ),
    (gates.undocumented_names, "src/junheng/api.py", "x = 1\n", "module"),
    (gates.swallowed_exceptions, "src/junheng/core/a.py", "try:\n    f()\nexcept Exception:\n    pass\n", "a.py:3"),
    (gates.writing_views, "src/junheng/web/a/views.py", "def v(r):\n    r.save()\n", "views.py:2: r.save()"),
    (gates.writing_views, "src/junheng/web/a/views/b.py", "X.objects.create(a=1)\n", "b.py:1"),
    (source_functions, "src/junheng/core/a.py", FUNCTION, f"{gates.MAX_BODY + 1} lines"),
    (source_functions, "src/junheng/core/a.py", MANY, "ninetieth percentile"),
    (pure_code, "src/junheng/core/a.py", "from datetime import date\nd = date.today()\n", "today"),
    (pure_code, "src/junheng/planning/a.py", "f = open('a')\n", "open"),
]
GATES = list(dict.fromkeys(sample[0] for sample in BAD_SAMPLES))


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_repository_when_a_gate_looks_at_it_then_nothing_is_found(gate: Gate) -> None:
    assert gate(ROOT) == []


@pytest.mark.parametrize(("gate", "path", "content", "expected"), BAD_SAMPLES)
def test_gate_when_a_bad_file_is_there_then_it_is_named(
    tmp_path: Path, gate: Gate, path: str, content: str, expected: str
) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")

    problems = gate(tmp_path)

    assert len(problems) == 1
    assert expected in problems[0]


def test_text_files_when_the_repository_is_walked_then_every_kind_of_file_is_seen() -> None:
    seen = {gates._name(ROOT, path) for path in gates.text_files(ROOT)}

    assert {"Makefile", "pyproject.toml", ".ci/run", "src/junheng/core/errors.py", "scripts/setup.sh"} <= seen
    assert not any(name.startswith((".venv", ".git/")) or "__pycache__" in name for name in seen)
