"""Writing all documents of an evaluation into a folder: names, order, progress, safety, sameness."""

import json

import pytest

from junheng.core.digest import plain
from junheng.core.errors import InputError
from junheng.reports.bundle import write_bundle
from tests.reports.small_evaluation import INJECTED, NINE_YEAR, bundle_of, fresh_bundle, small_facts

KINDS = ("verdict", "forms", "gaps", "report", "school_plans")
NAMES = (
    "verdict.json",
    "申报表.xlsx",
    "差距清单.xlsx",
    "自评报告.docx",
    "自评报告.pdf",
    f"一校一案/{INJECTED}（小学）.docx",
    f"一校一案/{NINE_YEAR}（小学、初中）.docx",
)


def silent(label, done, total):
    """Nothing."""


def test_bundle_when_all_kinds_are_written_then_files_progress_and_bytes_are_as_promised(tmp_path):
    calls = []
    written = write_bundle(bundle_of(), tmp_path, kinds=KINDS, progress=lambda *call: calls.append(call))
    assert written == tuple(tmp_path / name for name in NAMES)
    assert [(done, total) for _, done, total in calls] == [(number, 7) for number in range(8)]
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == sorted(NAMES)
    first = {path: path.read_bytes() for path in written}
    write_bundle(bundle_of(), tmp_path, kinds=KINDS, progress=silent)
    assert first == {path: path.read_bytes() for path in written}


def test_bundle_when_the_verdict_is_written_then_it_reads_back_whole(tmp_path):
    bundle = bundle_of()
    (path,) = write_bundle(bundle, tmp_path, kinds=("verdict",), progress=silent)
    text = path.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert json.loads(text) == json.loads(json.dumps(plain(bundle.verdict)))
    assert json.loads(text)["digest"] == bundle.verdict.digest


def test_bundle_when_kinds_are_given_in_any_order_then_files_come_in_the_usual_one(tmp_path):
    written = write_bundle(bundle_of(), tmp_path, kinds=("gaps", "verdict"), progress=silent)
    assert [path.name for path in written] == ["verdict.json", "差距清单.xlsx"]


def test_bundle_when_a_kind_is_unknown_then_nothing_is_written(tmp_path):
    with pytest.raises(InputError, match="没有这种文档：poster"):
        write_bundle(bundle_of(), tmp_path, kinds=("verdict", "poster"), progress=silent)
    assert not list(tmp_path.iterdir())


def test_bundle_when_a_target_cannot_be_replaced_then_it_says_where_and_leaves_no_part(tmp_path):
    (tmp_path / "申报表.xlsx").mkdir()
    with pytest.raises(InputError, match=r"不能写入“.*申报表\.xlsx”"):
        write_bundle(bundle_of(), tmp_path, kinds=("forms",), progress=silent)
    assert [path.name for path in tmp_path.iterdir()] == ["申报表.xlsx"]


def test_bundle_when_a_name_cannot_be_printed_then_the_old_document_stays(tmp_path):
    target = tmp_path / "自评报告.docx"
    target.write_bytes(b"old")
    with pytest.raises(InputError, match="不能印刷"):
        write_bundle(fresh_bundle(facts=small_facts(name="坏\x01名")), tmp_path, kinds=("report",), progress=silent)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["自评报告.docx"]
