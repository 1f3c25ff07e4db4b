"""The command line as people use it: on the demo workbook, with what goes wrong in the field."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from junheng import __version__, api
from junheng.cli import app
from junheng.core.errors import InputError
from tests.demo.kept import demo_county

runner = CliRunner()


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return api.write_template(tmp_path_factory.mktemp("demo") / "示例.xlsx", demo_county()[0])


@pytest.fixture(scope="session")
def faulty(workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workbook with one certain error: more certified teachers than teachers in the first stage row."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["学段"]
    header = next(row for row in sheet.iter_rows() if any("学校标识码" in str(cell.value) for cell in row))
    column = next(place for place, cell in enumerate(header) if "持有教师资格证" in str(cell.value))
    first = next(row for row in sheet.iter_rows() if str(row[1].value).startswith("9999"))
    first[column].value = 99999
    path = tmp_path_factory.mktemp("faulty") / "有错.xlsx"
    book.save(path)
    return path


def run(*arguments: str | Path) -> Result:
    return runner.invoke(app, [str(argument) for argument in arguments])


def test_version_when_asked_then_it_is_told_and_nothing_else_runs() -> None:
    result = run("--version", "demo")
    assert (result.exit_code, result.output) == (0, f"junheng {__version__}\n")


def test_template_when_asked_then_a_workbook_that_checks_clean(tmp_path: Path) -> None:
    result = run("template", tmp_path / "采集表.xlsx")
    assert result.exit_code == 0
    assert "学校" in openpyxl.load_workbook(tmp_path / "采集表.xlsx").sheetnames


@pytest.mark.parametrize("command", [["template"], ["plan", "--new-scenario"]])
def test_file_to_fill_in_when_it_is_there_then_it_is_kept_unless_forced(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "已填.xlsx"
    path.write_text("辛苦填好的")

    refused = run(*command, path)

    assert (refused.exit_code, path.read_text()) == (1, "辛苦填好的")
    assert "已经存在,没有覆盖" in str(refused.exception)
    assert run(*command, path, "--force").exit_code == 0
    assert openpyxl.load_workbook(path).sheetnames


def test_template_when_it_cannot_be_written_then_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "采集表.xlsx").mkdir()

    result = run("template", tmp_path / "采集表.xlsx", "--force")

    assert isinstance(result.exception, InputError)
    assert "不能写入" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["采集表.xlsx"]  # nothing half-written beside it


@pytest.mark.parametrize("command", [["explain"], ["gaps"], ["evaluate", "--trial"]])
def test_command_when_nothing_can_be_read_then_the_findings_are_listed_and_no_trial_is_offered(
    tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "空.xlsx").write_bytes(b"")

    result = run(*command, tmp_path / "空.xlsx")

    assert isinstance(result.exception, api.BlockedByFindingsError)
    assert "--trial" not in str(result.exception)
    assert "reader-empty-file" in result.output


def test_check_when_the_demo_is_clean_then_exit_code_0(workbook: Path) -> None:
    result = run("check", workbook)
    assert result.exit_code == 0, result.output
    assert "错误" not in result.output


def test_check_when_a_cell_is_wrong_then_it_is_named_and_exit_code_3(faulty: Path) -> None:
    result = run("check", faulty)
    assert result.exit_code == 3
    assert "✗ 错误" in result.output
    assert "学段!" in result.output
    assert "99999" in result.output


def test_check_when_json_then_every_finding_has_code_and_cell(faulty: Path) -> None:
    findings = json.loads(run("check", faulty, "--json").stdout)
    errors = [finding for finding in findings if finding["level"] == "error"]
    assert errors
    assert all(finding["code"] and finding["location"]["sheet"] and finding["location"]["cell"] for finding in errors)


def test_check_when_a_reason_is_given_then_the_warning_becomes_an_info(workbook: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["县级数据"]
    for row in sheet.iter_rows():
        for cell, following in pairwise(row):
            if "人口总数" in str(cell.value):
                following.value = None
    path = tmp_path / "改.xlsx"
    book.save(path)
    warned = [entry for entry in json.loads(run("check", path, "--json").stdout) if entry["level"] == "warning"]
    reasons = tmp_path / "说明.json"
    reasons.write_text(json.dumps({entry["reference"]: "已与统计局核对" for entry in warned}), encoding="utf-8")
    after = json.loads(run("check", path, "--reasons", reasons, "--json").stdout)
    assert [entry["level"] for entry in after].count("warning") == 0
    assert sum("已与统计局核对" in entry["message"] for entry in after) == len(warned)


def test_evaluate_when_no_documents_then_the_verdict_fills_a_screen(workbook: Path) -> None:
    result = run("evaluate", workbook)
    assert result.exit_code == 0
    assert "结论:✗ 不达标" in result.output
    assert "先解决:" in result.output
    assert len(result.output.splitlines()) <= 45


def test_evaluate_when_the_facts_have_errors_then_they_are_listed_and_exit_code_3(faulty: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "junheng", "evaluate", str(faulty)], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 3
    assert "✗ 错误" in finished.stderr
    assert "--trial" in finished.stderr
    assert "结论" not in finished.stdout


def test_evaluate_when_plans_of_an_earlier_run_are_left_then_they_are_told(workbook: Path, tmp_path: Path) -> None:
    kinds = ["--kind", "school_plans", "--kind", "verdict"]
    assert "不是这次写的文档" not in run("evaluate", workbook, "--out", tmp_path, *kinds).output
    (tmp_path / "一校一案" / "旧的.docx").write_bytes(b"")

    assert "还有1个不是这次写的文档" in run("evaluate", workbook, "--out", tmp_path, *kinds).output


def test_evaluate_when_trial_then_its_json_says_so_first_and_no_other_does(faulty: Path, workbook: Path) -> None:
    trial, real = (json.loads(run("evaluate", path, "--trial", "--json").stdout) for path in (faulty, workbook))

    assert next(iter(trial.items())) == ("is_trial", True)
    assert "is_trial" not in real


def test_evaluate_when_trial_then_it_is_marked_as_such(faulty: Path) -> None:
    result = run("evaluate", faulty, "--trial")
    assert result.exit_code == 0
    assert "试算" in result.output


def test_evaluate_when_json_then_the_verdict_of_the_api(workbook: Path) -> None:
    result = run("evaluate", workbook, "--json", "--standard", "hunan-2018")
    data = json.loads(result.stdout)
    assert data["standard_id"] == "hunan-2018"
    assert data["digest"] == api.evaluate([workbook], "hunan-2018").verdict.digest


def test_evaluate_when_an_exception_is_enabled_then_the_verdict_names_it(workbook: Path) -> None:
    data = json.loads(run("evaluate", workbook, "--json", "--exception", "smaller_rooms_for_old_schools").stdout)
    assert data["exceptions_enabled"] == ["smaller_rooms_for_old_schools"]


def test_evaluate_when_out_is_given_then_only_the_chosen_documents(workbook: Path, tmp_path: Path) -> None:
    prices = tmp_path / "单价.json"
    prices.write_text('{"sports_area_per_student": "240", "backbone_teachers_per_100_students": 0}', encoding="utf-8")
    result = run(
        "evaluate", workbook, "--out", tmp_path / "结果", "--kind", "verdict", "--kind", "gaps", "--prices", prices
    )
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "结果").iterdir()) == ["verdict.json", "差距清单.xlsx"]


def test_explain_when_a_school_is_named_then_cells_and_clauses(workbook: Path) -> None:
    result = run("explain", workbook, "--at", "school:9999010001:primary")
    assert result.exit_code == 0
    assert "[示例.xlsx 学段!" in result.output
    assert "依据:" in result.output


def test_explain_when_depth_is_0_then_one_node(workbook: Path) -> None:
    result = run("explain", workbook, "--depth", "0")
    assert sum("县级数据" in line or "达标" in line for line in result.output.splitlines()) == 1


def test_explain_when_json_then_a_tree(workbook: Path) -> None:
    assert json.loads(run("explain", workbook, "--json").stdout)["children"]


def test_gaps_when_asked_then_natural_units(workbook: Path) -> None:
    result = run("gaps", workbook)
    assert "到标准缺" in result.output
    assert "㎡" in result.output
    assert json.loads(run("gaps", workbook, "--json").stdout)["schools"]


def test_compare_when_two_standards_then_who_flips(workbook: Path) -> None:
    result = run("compare", workbook, "-s", "cn-2017-quality-balance", "-s", "liaoning-shenyang-2021")
    assert result.exit_code == 0, result.output
    assert "变化" in result.output
    data = json.loads(
        run("compare", workbook, "-s", "cn-2017-quality-balance", "-s", "cn-2012-basic-balance", "--json").stdout
    )
    assert data["flips"]


def test_compare_when_another_year_then_the_same_standard(workbook: Path, tmp_path: Path) -> None:
    earlier = api.write_template(tmp_path / "上年.xlsx", demo_county()[1][-1])
    result = run("compare", earlier, "--with", workbook)
    assert result.exit_code == 0, result.output
    assert "2024" in result.output


def test_compare_when_only_one_side_then_told_what_to_give(workbook: Path) -> None:
    result = run("compare", workbook)
    assert result.exit_code != 0
    assert "两个 --standard" in str(result.exception)


def test_standards_when_listed_then_all_packs() -> None:
    result = run("standards", "list")
    assert "x-district-basic-balance" in result.output
    assert len(json.loads(run("standards", "list", "--json").stdout)) == len(api.standards())


def test_standards_when_shown_then_numbers_and_clauses() -> None:
    result = run("standards", "show", "liaoning-shenyang-2021")
    assert "生均公用经费不低于8000元" in result.output.replace("\n", "")
    assert "过渡例外" in result.output
    assert "no_excessive_load" in result.output  # the ids that judgements are written under
    assert not {"primary_limit", "junior "} & set(result.output.split())
    assert json.loads(run("standards", "show", "hunan-2018", "--json").stdout)["id"] == "hunan-2018"


def test_standards_when_compared_then_the_differing_number() -> None:
    result = run("standards", "diff", "cn-2017-quality-balance", "liaoning-shenyang-2021")
    assert "6000" in result.output
    assert "8000" in result.output
    assert json.loads(run("standards", "diff", "cn-2017-quality-balance", "hunan-2018", "--json").stdout)


def test_demo_when_run_then_all_documents(tmp_path: Path) -> None:
    result = run("demo", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "④ 文档:" in result.output
    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert {
        "示例县采集表.xlsx",
        "verdict.json",
        "申报表.xlsx",
        "差距清单.xlsx",
        "自评报告.docx",
        "自评报告.pdf",
    } <= names


BAD = (
    ("evaluate", ["没有.xlsx"], 2, "没有.xlsx"),
    ("evaluate", ["{workbook}", "--standard", "no-such"], 4, "no-such"),
    ("evaluate", ["{workbook}", "--on", "2025/12/31"], 2, "2025-12-31"),
    ("evaluate", ["{workbook}", "--exception", "no-such"], 4, "no-such"),
    ("evaluate", ["{workbook}", "--prices", "{folder}/没有.json", "--out", "{folder}/out"], 2, "没有.json"),
    ("gaps", ["{workbook}", "--prices", "{folder}/负.json"], 2, "负数"),
    ("gaps", ["{workbook}", "--prices", "{folder}/字.json"], 2, "不是数字"),
    ("gaps", ["{workbook}", "--prices", "{folder}/列.json"], 2, "应是一个对象"),
    ("gaps", ["{workbook}", "--prices", "{folder}/坏.json"], 2, "不是有效的 JSON"),
    ("explain", ["{workbook}", "--at", "school:0000000000"], 2, "0000000000"),
    ("evaluate", ["{workbook}", "--out", "{folder}/x", "--kind", "poem"], 2, "poem"),
    ("evaluate", ["{workbook}", "--kind", "report"], 2, "请同时用 --out"),
)


@pytest.mark.parametrize(("command", "arguments", "code", "text"), BAD, ids=[str(entry[3]) for entry in BAD])
def test_command_when_something_cannot_be_used_then_chinese_text_and_exit_code(
    command: str, arguments: list[str], code: int, text: str, workbook: Path, tmp_path: Path
) -> None:
    for name, content in (("负", '{"a": -1}'), ("字", '{"a": "贵"}'), ("列", "[1]"), ("坏", "{")):
        (tmp_path / f"{name}.json").write_text(content, encoding="utf-8")
    filled = [argument.format(workbook=workbook, folder=tmp_path) for argument in arguments]
    result = runner.invoke(app, [command, *filled])
    assert getattr(result.exception, "exit_code", None) == code
    assert text in str(result.exception)


def test_main_when_a_promise_is_broken_then_no_traceback(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "junheng", "check", str(tmp_path / "没有.xlsx")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 2
    assert finished.stderr.startswith("✗ ")
    assert "Traceback" not in finished.stderr
