"""What pages need of an evaluation: keeping it, showing it as plain data, single documents and lists."""

import hashlib
import io
import json
from typing import Any

import pytest
import python_calamine

from junheng import api
from junheng.core.errors import InputError
from junheng.core.verdict import Outcome
from junheng.readers.dictionary import load_dictionary
from tests.demo.kept import demo_evaluation


@pytest.fixture(scope="module")
def evaluation() -> api.Evaluation:
    return demo_evaluation()


def sheet_of(content: bytes) -> tuple[str, list[list[Any]]]:
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return workbook.sheet_names[0], workbook.get_sheet_by_index(0).to_python()


def test_pack_when_unpacked_then_the_same_evaluation_and_its_digest(evaluation):
    packed = api.pack(evaluation)

    again = api.unpack(packed)

    assert (again.verdict, again.findings, again.is_trial) == (evaluation.verdict, evaluation.findings, False)
    assert again.standard == evaluation.standard
    assert api.pack(again) == packed
    assert hashlib.sha256(packed.verdict).hexdigest() == evaluation.verdict.digest


def test_overview_when_made_then_plain_data_that_agrees_with_the_verdict(evaluation):
    overview = api.overview(evaluation)
    verdict = evaluation.verdict

    assert json.loads(json.dumps([overview.figures, overview.summary, overview.schools], allow_nan=False))
    shown = [(entry["code"], entry["stage"], entry["outcome"]) for entry in overview.schools]
    assert shown == [(entry.school_id, entry.stage.value, entry.outcome.value) for entry in verdict.schools]
    filled = sum(have for have, _ in verdict.coverage.values())
    assert overview.figures["coverage"]["filled"] == filled


def test_school_plan_when_a_school_falls_short_then_a_document_of_its_own_name(evaluation):
    short = next(entry for entry in evaluation.verdict.schools if entry.outcome is Outcome.NOT_MET)

    name, content = api.school_plan(evaluation, short.school_id)

    assert name.endswith(".docx")
    assert short.school_name in name
    assert content.startswith(b"PK")


def test_school_plan_when_there_is_no_such_school_then_input_error(evaluation):
    with pytest.raises(InputError, match="没有需要整改的问题"):
        api.school_plan(evaluation, "0000000000")


def test_plain_table_when_text_looks_like_a_formula_then_it_stays_text():
    name, rows = sheet_of(api.plain_table("学校名单", ["学校", "人数"], [["=1+1", 45], ["乙", None]]))

    assert name == "学校名单"
    assert rows == [["学校", "人数"], ["=1+1", 45.0], ["乙", ""]]


def test_read_when_a_template_is_read_back_then_facts_without_any_check(evaluation, tmp_path):
    path = api.write_template(tmp_path / "县.xlsx", evaluation.facts)

    read = api.read([path])

    assert read.facts is not None
    assert read.facts.county_code == evaluation.facts.county_code
    assert not [finding for finding in read.findings if not finding.code.startswith(("reader-", "cell-"))]


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [("1，234", 1_234, None), ("４５", 45, None), ("", None, None), ("45人", None, "has_unit")],
)
def test_parse_value_when_typed_then_as_a_cell_of_a_workbook(typed, value, code):
    parsed = api.parse_value(load_dictionary().field("stages", "student_count"), typed)

    assert (parsed.value, parsed.problem and parsed.problem.code) == (value, code)


def test_standard_sections_when_a_pack_is_named_then_sections_of_tables():
    sections = api.standard_sections(api.DEFAULT_STANDARD)

    assert sections
    assert all(section.title for section in sections)
