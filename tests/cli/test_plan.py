"""`junheng plan` as people use it, on a small county."""

import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from junheng import api
from junheng.api import planning
from junheng.cli import app
from junheng.cli.plan_screen import show_plan, show_reality
from junheng.cli.planning import _budgets, _stopping
from junheng.cli.printing import console, plan_progress
from junheng.core.errors import InputError
from junheng.reports.plan_data import plan_data
from tests.planning.plan.counties import county_of
from tests.planning.scenario.scenarios import SHORT, answer, county, filled, usual_answer, with_year

runner = CliRunner()


def run(*arguments: str | Path) -> Result:
    return runner.invoke(app, ["plan", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> tuple[Path, Path]:
    """The county's workbook and a scenario that is complete."""
    folder = tmp_path_factory.mktemp("plan")
    workbook = api.write_template(folder / "2025.xlsx", county_of(SHORT))
    path = folder / "条件.yaml"
    path.write_text(yaml.safe_dump(filled(effort__seconds=10), allow_unicode=True), encoding="utf-8")
    return workbook, path


def test_plan_when_a_new_scenario_is_asked_for_then_written(tmp_path):
    result = run(
        "--new-scenario",
        tmp_path / "条件.xlsx",
        "--target-year",
        "2028",
        "--quantile",
        "0.95",
        "--optimality-gap",
        "0.00001",
    )
    assert result.exit_code == 0, result.output
    assert "已生成" in result.output
    _, findings = planning.read_scenario(tmp_path / "条件.xlsx")
    wrong = {finding.location.field for finding in findings}
    assert not wrong & {"target_year", "pupils.quantile", "effort.optimality_gap"}


def test_plan_when_run_then_a_screenful_and_files(files, tmp_path):
    workbook, path = files
    result = run(workbook, "--scenario", path, "--trial", "--out", tmp_path, "--budget", "unlimited")
    assert result.exit_code == 0, result.output
    assert "理论下限" in result.output
    assert "达标校段" in result.output
    assert (tmp_path / "plan.json").exists()
    assert (tmp_path / "预算报告.pdf").exists()


def test_plan_when_json_then_the_data_and_curves(files, tmp_path):
    workbook, path = files
    options = (
        "--same-pupils",
        "--frontier",
        "passing",
        "--options",
        "--seconds",
        "10",
        "--json",
        "--trial",
        "--out",
        tmp_path,
    )
    result = run(workbook, "--scenario", path, *options)
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["curves"][0]["axis"] == "passing"
    assert data["options"]["options"] == []


def test_plan_when_impossible_then_the_ways_out_and_exit_code_6(files):
    workbook, path = files
    result = run(workbook, "--scenario", path, "--trial", "--budget", "0", "--seconds", "5")
    assert result.exit_code == 6, result.output
    assert "不能同时满足的要求" in result.output
    assert "可以怎样放宽" in result.output


def test_plan_when_the_scenario_has_errors_then_exit_code_3(files, tmp_path):
    workbook, _ = files
    path = planning.write_scenario(tmp_path / "空.yaml")
    result = run(workbook, "--scenario", path, "--trial")
    assert result.exit_code == 3
    assert "没有填写“目标年度”" in result.stderr


def test_plan_when_the_question_has_errors_then_exit_code_3(files):
    workbook, path = files
    result = run(workbook, "--scenario", path, "--trial", "--target-year", "2020")
    assert result.exit_code == 3
    assert "不晚于数据年度" in result.output


def test_plan_when_facts_have_errors_then_they_block(files):
    workbook, path = files
    result = run(workbook, "--scenario", path)
    assert isinstance(result.exception, api.BlockedByFindingsError)


def test_plan_when_files_or_conditions_are_missing_then_said(files):
    workbook, path = files
    assert "请给出采集表文件" in str(run("--scenario", path).exception)
    assert "请用 --scenario 给出方案条件" in str(run(workbook, "--trial").exception)


def test_plan_when_an_earlier_plan_is_given_then_compared_and_planned_again(files, tmp_path):
    _, path = files
    workbook = files[0]
    first = run(workbook, "--scenario", path, "--target-year", "2027", "--trial", "--out", tmp_path, "--json")
    assert first.exit_code == 0, first.output
    later = api.write_template(tmp_path / "2026.xlsx", with_year(county_of(SHORT), 2026))
    again = run(later, "--previous", tmp_path / "plan.json", "--trial")
    assert again.exit_code == 0, again.output
    assert "对照上次方案" in again.output


@pytest.mark.parametrize("text", ["很多", "2027=x", "x=1", "2027:甲=", "unlimited=1"])
def test_budgets_when_written_otherwise_then_input_error(text):
    with pytest.raises(InputError, match="写法不对"):
        _budgets([text])


def test_budgets_when_written_then_by_year_and_source():
    assert _budgets(["1500", "2027=80.5", "2027:上级=5"]) == {
        (None, "县级财政"): "1500",
        (2027, "县级财政"): "80.5",
        (2027, "上级"): "5",
    }
    assert _budgets(["unlimited"]) == {}


def test_stopping_when_interrupted_once_then_it_asks_to_stop():
    with _stopping() as is_stopped:
        assert not is_stopped()
        signal.raise_signal(signal.SIGINT)
        assert is_stopped()


def test_plan_progress_when_no_terminal_then_lines(capsys):
    with plan_progress() as tell:
        tell(12.0, 10.0, 1 / 6, 1.5)
        tell(12.0, float("-inf"), float("nan"), 1.5)
    lines = capsys.readouterr().err
    assert "费用 12.00 万元,下限 10.00 万元,差距 16.67%" in lines
    assert "下限未知" in lines
    with plan_progress(is_quiet=True) as tell:
        tell(12.0, 10.0, 1 / 6, 1.5)
    assert capsys.readouterr().err == ""


def _shown(show, data, capsys) -> str:
    show(console(), data)
    return capsys.readouterr().out


def test_show_plan_when_all_is_known_then_shown(capsys):
    data = plan_data(usual_answer())
    budgeted = [{**entry, "budget": 10.0} for entry in data["money"]]
    edge = [{"school_name": "学校1", "stage": "primary", "fails": 0.5, "lacks": "体艺教师"}]
    spreads = [{"stage": "junior", "name": "骨干教师", "broken": 0.75}]
    opened = {"school_name": "新区小学", "year": 2027, "money": 30.0, "stages": [{"pupils": 400}]}
    staff = [{"retired": 2.0, "left": 1.0, "hired": 4}]
    finding = {"level": "warning", "message": "有一处", "hint": "请看"}
    point = {"asked": 3.0, "cost": None, "passing": None, "text": "没有"}
    row = {"label": "把学校3并入学校1", "cost": 1.0, "bound": 0.5, "text": ""}
    more = {
        "money": budgeted,
        "robustness": {"draws": 20, "passes": 0.5, "edge": edge, "spreads": spreads},
        "pupils": {"quantile": 0.9, "label": "按学生数预测"},
        "openings": [opened],
        "teachers": staff,
        "left_open": [{"name": "材料", "label": "无法判定"}],
        "milestones": [{"text": "甲", "is_met": True}, {"text": "乙", "is_met": False}],
        "options": {"text": "试过 1 种调整", "options": [row]},
        "curves": [
            {"label": "目标年度", "points": [point], "findings": [{**finding, "level": "error"}]},
            {"label": "", "points": [], "findings": []},
        ],
        "findings": [finding] * 12,
        "bindings": [{"text": "预算", "unit": "1 万元", "yuan": 5.0}],
    }
    text = _shown(show_plan, {**data, **more}, capsys)
    for words in (
        "90%情形",
        "/ 10.00",
        "最可能落空:学校1（体艺教师）50%",
        "最可能超限的差异系数:初中“骨干教师”75%",
        "--quantile 0.95",
        "新开学校:新区小学,2027年,学生 400 人,一次性支出 30.00 万元",
        "退休和流失 3 人,已定招聘 4 人",
        "材料（无法判定）",
        "✓ 甲",
        "✗ 乙",
        "把学校3并入",
        "另有4处",
        "约省（元）",
    ):
        assert words in text
    bare = {**data, "exchanges_by_area": [], "bindings": [], "left_open": [], "options": {"text": "", "options": []}}
    bare["robustness"] = {"draws": 20, "passes": 1.0, "edge": [], "spreads": []}
    assert "没有可以比较的调整" in _shown(show_plan, bare, capsys)


def test_show_plan_when_there_is_none_then_why(capsys):
    data = plan_data(answer(target_year=2025))
    assert "改正后才能规划" in _shown(show_plan, data, capsys)
    clash = {"texts": ["甲"], "is_smallest": False, "text": "甲"}
    assert "时间有限" in _shown(show_plan, {**data, "clash": clash}, capsys)


def test_show_reality_when_late_then_listed(capsys):
    data = plan_data(usual_answer())
    later = with_year(county().facts, 2027)
    reality = planning.reality_data(planning.against_plan(data, later))
    assert "约需（万元）" in _shown(show_reality, reality, capsys)
    done = {**reality, "late": [], "underway": [1]}
    assert "按建成计入" in _shown(show_reality, done, capsys)
    assert replace(county(), history=()).history == ()
