"""GLOSSARY.md: one term, one identifier, and the identifier is the one the code uses."""

from pathlib import Path

import pytest

from tests.repository import glossary

ROOT = Path(__file__).resolve().parents[2]
HEAD = "| 术语 | 标识符 | 含义 | 出处 | 勿混 | 状态 |\n|---|---|---|---|---|---|\n"
GOOD = "| 学段 | `stage` | 小学或初中 | 一 | | 已用 |\n"


def test_glossary_when_it_is_read_then_it_holds_terms_and_nothing_is_wrong() -> None:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")

    assert len(glossary.read(text)) > 20
    assert glossary.problems(text, glossary.source_text(ROOT)) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| 学段 | `level` | 又一次 | 一 | | 预留 |\n", "appears twice"),
        ("| 阶段 | `stage` | 另一个词 | 一 | | 预留 |\n", "names two terms"),
        ("| 台账 | `tai-zhang` | 清单 | 一 | | 预留 |\n", "is not an identifier"),
        ("| 台账 | `ledger` | 清单 | 一 | | |\n", "neither"),
        ("| 台账 | `ledger` | | 一 | | 预留 |\n", "lacks a cell"),
        ("| 台账 | `ledger` | 清单 | 一 | | 已用 |\n", "does not occur in src"),
    ],
)
def test_glossary_when_a_row_is_wrong_then_it_is_named(row: str, expected: str) -> None:
    found = glossary.problems(HEAD + GOOD + row, "class Stage: ...")

    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("veto = 1", True),
        ("def judge_veto(): ...", True),
        ("vetoes: []", True),
        ("class VetoResult: ...", True),
        ("pivetot = 1", False),
        ("", False),
    ],
)
def test_identifier_when_source_is_searched_then_only_whole_words_count(source: str, is_found: bool) -> None:
    assert glossary.occurs("veto", source) is is_found
