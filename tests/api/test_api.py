"""The public API as an analyst uses it, on the demo county and on small counties changed where a test says so."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from junheng import api
from junheng.core.errors import InputError, StandardError
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level, Location
from junheng.core.verdict import Outcome
from junheng.readers.dictionary import load_dictionary
from junheng.reports.fact_folders import write_csv_folder
from tests.demo.kept import demo_county, demo_evaluation

LAST_DAY = date(2025, 12, 31)


@pytest.fixture(scope="session")
def demo() -> tuple[Facts, tuple[Facts, ...]]:
    return demo_county()


@pytest.fixture(scope="session")
def facts(demo) -> Facts:
    return demo[0]


@pytest.fixture(scope="session")
def evaluation() -> api.Evaluation:
    return demo_evaluation()


@pytest.fixture(scope="session")
def folder(facts, tmp_path_factory) -> Path:
    """The demo county as a folder of CSV files."""
    target = tmp_path_factory.mktemp("csv")
    write_csv_folder(facts, load_dictionary(), target)
    return target


def with_values(facts: Facts, table: str, **values: Any) -> Facts:
    """The facts with some columns of a table set to one value throughout."""
    frame = facts.table(table)
    columns = [nw.lit(value).cast(frame.schema[name]).alias(name) for name, value in values.items()]
    return replace(facts, tables={**facts.tables, table: frame.with_columns(*columns)})


def finding(level: Level, code: str = "check-x") -> Finding:
    return Finding(level, code, "不对。", "请改。", Location("县.xlsx", "学校", 5, "C"))


# --------------------------------------------------------------------------------------------------------------- check


def test_check_when_files_are_sound_then_facts_and_no_error(folder, facts):
    checked = api.check([folder])

    assert checked.is_usable
    assert checked.facts is not None
    assert checked.facts.year == facts.year
    assert len(checked.facts.table("schools")) == len(facts.table("schools"))


def test_check_when_nothing_can_be_read_then_no_facts_and_the_reason(tmp_path):
    (tmp_path / "空.xlsx").write_bytes(b"")

    checked = api.check([str(tmp_path / "空.xlsx")])

    assert checked.facts is None
    assert not checked.is_usable
    assert [entry.code for entry in checked.findings] == ["reader-empty-file", "reader-no-facts"]


def test_check_when_path_does_not_exist_then_input_error(tmp_path):
    with pytest.raises(InputError, match="找不到"):
        api.check([tmp_path / "没有.xlsx"])


def test_check_when_year_is_given_then_it_must_agree(folder):
    assert "reader-year-conflict" in {entry.code for entry in api.check([folder], year=1999).findings}


def test_check_when_last_year_is_given_then_changes_are_looked_at(folder, facts, tmp_path):
    smaller = with_values(replace(facts, year=2024), "stages", student_count=3)
    write_csv_folder(with_values(smaller, "county", year=2024), load_dictionary(), tmp_path)

    alone, compared = api.check([folder]), api.check([folder], previous=[tmp_path])

    assert len(compared.findings) > len(alone.findings)


def test_check_when_a_warning_has_a_reason_then_an_info_that_quotes_it(folder, tmp_path):
    target = tmp_path / "少一张表"
    target.mkdir()
    for file in folder.iterdir():
        if file.stem != "社会认可度":
            (target / file.name).write_bytes(file.read_bytes())
    before = api.check([target]).findings
    warnings = [entry for entry in before if entry.level is Level.WARNING]

    after = api.check([target], reasons={warnings[0].reference: " 县里没有做过调查 "}).findings

    assert len(after) == len(before)
    told = after[before.index(warnings[0])]
    assert (told.level, told.reference) == (Level.INFO, warnings[0].reference)
    assert told.message.endswith("（已说明:县里没有做过调查）")


def test_check_when_a_reason_is_blank_or_for_something_else_then_the_warning_stays(folder, tmp_path):
    (tmp_path / "学校.csv").write_bytes((folder / "学校.csv").read_bytes())
    before = api.check([tmp_path], year=2025).findings
    references = {entry.reference for entry in before if entry.level is Level.WARNING}

    after = api.check([tmp_path], year=2025, reasons={**dict.fromkeys(references, " "), "other": "理由"}).findings

    assert references
    assert after == before


# ------------------------------------------------------------------------------------------------------------ evaluate


def test_evaluate_when_given_facts_then_judged_as_they_are(evaluation, facts):
    assert evaluation.verdict.standard_id == api.DEFAULT_STANDARD
    assert (evaluation.verdict.county_code, evaluation.verdict.judged_on) == (facts.county_code, LAST_DAY)
    assert (evaluation.findings, evaluation.is_trial) == ((), False)


def test_evaluate_when_given_files_or_what_check_gave_then_the_same_verdict(evaluation, folder):
    from_files = api.evaluate([folder])
    from_checked = api.evaluate(api.check([folder]))

    assert from_files.verdict.digest == from_checked.verdict.digest == evaluation.verdict.digest
    assert from_files.findings == api.check([folder]).findings


def test_evaluate_when_findings_block_then_refused_with_all_of_them(facts):
    errors = (finding(Level.ERROR), finding(Level.WARNING), finding(Level.ERROR, "check-y"))

    with pytest.raises(api.BlockedByFindingsError, match="2处错误") as caught:
        api.evaluate(api.Checked(facts, errors))

    assert caught.value.findings == errors
    assert caught.value.exit_code == 3


def test_evaluate_when_it_is_a_trial_then_judged_and_marked(facts, evaluation):
    trial = api.evaluate(api.Checked(facts, (finding(Level.ERROR),)), is_trial=True)

    assert trial.is_trial
    assert trial.verdict.digest == evaluation.verdict.digest


def test_evaluate_when_a_trial_has_no_errors_then_it_is_none(facts):
    assert not api.evaluate(api.Checked(facts, (finding(Level.WARNING),)), is_trial=True).is_trial


def test_evaluate_when_there_are_no_facts_then_refused_even_as_a_trial():
    with pytest.raises(api.BlockedByFindingsError):
        api.evaluate(api.Checked(None, (finding(Level.ERROR),)), is_trial=True)


def test_evaluate_when_the_standard_is_a_file_of_ones_own_then_judged_by_it(facts, tmp_path):
    own = Path(__file__).parent.parent / "standards_files" / "books-example.yaml"

    by_path = api.evaluate(facts, own)
    by_object = api.evaluate(facts, api.standard_of(str(own)))

    assert [entry.id for entry in by_path.standard.indicators] == ["books_per_student"]
    assert by_path.verdict.digest == by_object.verdict.digest


@pytest.mark.parametrize("standard", ["no-such-standard", Path("没有.yaml")])
def test_evaluate_when_the_standard_is_unknown_then_standard_error(facts, standard):
    with pytest.raises(StandardError):
        api.evaluate(facts, standard)


def test_evaluate_when_judged_on_another_day_then_the_verdict_says_so(facts):
    assert api.evaluate(facts, on=date(2024, 1, 1)).verdict.judged_on == date(2024, 1, 1)


def test_evaluate_when_exceptions_are_switched_on_then_only_then_they_count(facts, evaluation):
    exception = evaluation.standard.exceptions[0].id

    assert evaluation.verdict.exceptions_enabled == ()
    assert api.evaluate(facts, exceptions=[exception]).verdict.exceptions_enabled == (exception,)
    with pytest.raises(StandardError):
        api.evaluate(facts, exceptions=["no-such-exception"])


def test_evaluate_when_every_fact_is_missing_then_nothing_is_met_and_nothing_is_zero(facts):
    names = [name for name, dtype in facts.table("schools").schema.items() if dtype == nw.Int64 and name != "year"]
    verdict = api.evaluate(with_values(facts, "schools", **dict.fromkeys(names))).verdict

    assert verdict.outcome is not Outcome.MET
    books = [
        entry for school in verdict.schools for entry in school.indicators if entry.indicator_id == "books_per_student"
    ]
    assert {entry.outcome for entry in books} <= {Outcome.CANNOT_TELL}


# ----------------------------------------------------------------------------------------- explain, gaps, compare, diff


def test_explain_when_asked_from_the_county_down_to_a_school_then_each_names_its_path(evaluation):
    school = evaluation.verdict.schools[0]
    path = f"school:{school.school_id}:{school.stage.value}"

    assert api.explain(evaluation).children
    assert api.explain(evaluation, path).path == path


def test_explain_when_facts_came_from_files_then_down_to_their_cells(folder):
    evaluation = api.evaluate([folder])
    school = evaluation.verdict.schools[0]

    node = api.explain(
        evaluation, f"school:{school.school_id}:{school.stage.value}:{school.indicators[0].indicator_id}"
    )

    assert {place.file for child in node.children for place in (*node.locations, *child.locations)} & {
        "学校.csv",
        "学段.csv",
    }


def test_explain_when_the_path_leads_nowhere_then_input_error(evaluation):
    with pytest.raises(InputError):
        api.explain(evaluation, "school:no-such-school")


def test_gaps_when_there_are_no_prices_then_no_costs(evaluation):
    found = api.gaps(evaluation)

    assert found.schools
    assert {entry.cost for entry in found.schools if any(entry.needed.values())} == {None}


def test_gaps_when_there_are_prices_then_cost_is_need_times_price(evaluation):
    prices = {entry.id: Fraction(100) for entry in evaluation.standard.indicators}

    found = api.gaps(evaluation, prices)

    (some, *_) = (entry for entry in found.schools if any(entry.needed.values()))
    assert some.cost == sum(100 * amount for amount in some.needed.values())


def test_compare_when_two_standards_then_flips_name_both(evaluation, facts):
    comparison = api.compare(evaluation, api.evaluate(facts, "cn-2012-basic-balance"))

    assert comparison.before.startswith("cn-2017-quality-balance")
    assert comparison.after.startswith("cn-2012-basic-balance")
    assert comparison.flips


def test_compare_when_an_evaluation_is_compared_with_itself_then_nothing_flips(evaluation):
    assert api.compare(evaluation, evaluation).flips == ()


def test_standards_when_listed_then_the_default_is_among_them():
    shipped = api.standards()

    assert api.DEFAULT_STANDARD in {entry.id for entry in shipped}
    assert len({entry.id for entry in shipped}) == len(shipped) >= 7


def test_standard_of_when_given_a_standard_then_the_same(evaluation):
    assert api.standard_of(evaluation.standard) is evaluation.standard


def test_diff_standards_when_two_differ_then_values_and_clauses_of_both():
    found = api.diff_standards(api.DEFAULT_STANDARD, "hunan-2018", on=LAST_DAY)

    assert found
    assert all(entry.a != entry.b for entry in found)
    assert api.diff_standards(api.DEFAULT_STANDARD, api.DEFAULT_STANDARD, on=LAST_DAY) == ()


# ------------------------------------------------------------------------------------------------- templates, documents


def test_write_template_when_the_folder_is_missing_then_made(tmp_path):
    path = api.write_template(tmp_path / "新" / "采集表.xlsx")

    assert path == tmp_path / "新" / "采集表.xlsx"
    assert api.check([path]).facts is None  # nothing is filled in, not even the year


def test_write_template_when_a_file_stands_where_the_folder_should_be_then_input_error(tmp_path):
    (tmp_path / "占用").write_text("x")

    with pytest.raises(InputError, match="请换一个位置"):
        api.write_template(tmp_path / "占用" / "采集表.xlsx")


def test_write_documents_when_kinds_are_chosen_then_only_those_and_progress(evaluation, tmp_path):
    seen: list[tuple[int, int]] = []

    written = api.write_documents(
        evaluation, tmp_path / "out", kinds=["verdict"], progress=lambda _label, done, total: seen.append((done, total))
    )

    assert [path.parent for path in written] == [tmp_path / "out"]
    assert seen
    assert json.loads(written[0].read_text(encoding="utf-8"))
    assert api.write_documents(evaluation, tmp_path / "out", kinds=["verdict"]) == written


def test_write_documents_when_a_kind_is_unknown_then_input_error_names_those_there_are(evaluation, tmp_path):
    with pytest.raises(InputError, match=r"没有这种文档:poem。可选:verdict、forms"):
        api.write_documents(evaluation, tmp_path, kinds=["verdict", "poem"])


def test_write_documents_when_the_folder_cannot_be_used_then_input_error(evaluation, tmp_path):
    (tmp_path / "占用").write_text("x")

    with pytest.raises(InputError, match="不能使用文件夹"):
        api.write_documents(evaluation, tmp_path / "占用", kinds=["verdict"])


# ---------------------------------------------------------------------------------------------------- frames, json, demo


@pytest.mark.parametrize("engine", [None, "polars"])
def test_judge_frames_when_given_polars_frames_then_polars_frames(facts, engine):
    frames = [facts.table(name).to_native() for name in ("schools", "stages", "classes")]

    rows, stages = api.judge_frames(frames[0], frames[1], on=LAST_DAY, classes=frames[2], engine=engine)

    assert (type(rows), type(stages)) == (pl.DataFrame, pl.DataFrame)
    assert len(rows) == len(frames[1])
    assert set(stages["stage"]) == {"primary", "junior"}


def test_judge_frames_when_classes_are_left_out_then_judged_without_them(facts):
    schools, stages = (facts.table(name).to_native() for name in ("schools", "stages"))

    rows, _ = api.judge_frames(schools, stages, on=LAST_DAY, exceptions=[])

    assert len(rows) == len(stages)


def test_judge_frames_when_the_engine_is_unknown_then_input_error(facts):
    schools, stages = (facts.table(name).to_native() for name in ("schools", "stages"))

    with pytest.raises(InputError, match="没有计算引擎"):
        api.judge_frames(schools, stages, on=LAST_DAY, engine="abacus")


def test_verdict_json_when_written_then_exact_and_with_the_hash(evaluation):
    text = api.verdict_json(evaluation)
    data = json.loads(text)

    assert text.endswith("}\n")
    assert data["standard_id"] == api.DEFAULT_STANDARD
    assert data["county_code"] == evaluation.verdict.county_code
    assert api.verdict_json(evaluation) == text


def test_demo_county_when_asked_then_three_past_years_oldest_first(demo):
    facts, history = demo

    assert [entry.year for entry in (*history, facts)] == [facts.year - 3, facts.year - 2, facts.year - 1, facts.year]
