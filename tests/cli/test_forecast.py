"""`junheng forecast` as people use it, on the demo county's workbooks."""

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from junheng import api
from junheng.cli import app
from junheng.cli.forecast_screen import show_forecast
from junheng.cli.printing import console
from junheng.core.errors import InputError
from junheng.core.findings import Finding, Level
from tests.demo.kept import demo_county

runner = CliRunner()


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("years")
    facts, past = demo_county()
    return [api.write_template(folder / f"{entry.year}.xlsx", entry) for entry in (*past[-2:], facts)]


def run(*arguments: str | Path) -> Result:
    return runner.invoke(app, ["forecast", *(str(argument) for argument in arguments)])


def test_forecast_when_run_then_a_screenful(workbooks):
    result = run(*workbooks, "--to-year", "2029", "--simulations", "400")

    assert result.exit_code == 0, result.output
    assert "学生数预测 2026–2029年" in result.output
    assert "90%情形" in result.output
    assert "回测:提前1年平均误差" in result.output
    assert "今后会突破规定的" in result.output
    assert len(result.output.splitlines()) <= 45


def test_forecast_when_json_then_the_data_of_the_api(workbooks, tmp_path):
    result = run(
        *workbooks, "--to-year", "2027", "--simulations", "20", "--quantile", "0.5", "--json", "--out", tmp_path
    )
    data = json.loads(result.stdout)

    assert data["years"] == [2026, 2027]
    assert set(data["county"][0]["quantiles"]) == {"0.5"}
    assert openpyxl.load_workbook(tmp_path / "学生数预测.xlsx").sheetnames[0] == "概览"


def test_forecast_when_out_is_given_then_the_file_is_named(workbooks, tmp_path):
    result = run(*workbooks, "--to-year", "2026", "--simulations", "20", "--out", tmp_path)

    assert "学生数预测.xlsx" in result.output


def test_forecast_when_two_years_are_given_then_no_back_test(workbooks):
    result = run(*workbooks[1:], "--to-year", "2026", "--simulations", "20", "--seed", "1")

    assert "不足三年数据" in result.output


def test_forecast_when_the_year_is_out_of_reach_then_said(workbooks):
    result = run(*workbooks, "--to-year", "2020")

    assert isinstance(result.exception, InputError)
    assert "可选 2026 至 2040 年" in str(result.exception)


def test_forecast_when_assumptions_are_given_then_teachers_and_what_is_left_out(workbooks, tmp_path):
    path = tmp_path / "条件.json"
    row = {"school_id": "9999010001", "stage": "primary"}
    teachers = {
        "ages": [{**row, "group": "全部", "ages": {"59": 2, "30": 40}}],
        "retirement_age": {"全部": 60},
        "attrition": 0,
    }
    closure = {"kind": "closure", **row, "year": 2026}
    path.write_text(json.dumps({"changes": [closure], "teachers": teachers}), encoding="utf-8")
    result = run(*workbooks, "--to-year", "2026", "--simulations", "20", "--assumptions", path)

    stages = demo_county()[0].table("stages").rows(named=True)
    others = sum(entry["full_time_teacher_count"] for entry in stages if entry["school_id"] != row["school_id"])
    # nobody leaves where no ages are given; 42 − 2 stay at the school whose ages are given
    assert f"教师 2026年:退休2人,流失0人,招聘0人,年末{others + 40}人（±0）" in result.output
    assert f"{len(stages) - 1}个学段没有教师年龄" in "".join(result.output.split())
    assert "没有写明学生去哪所学校" in result.output


def test_screen_when_nothing_is_at_risk_then_said_and_notes_are_counted(capsys):
    facts, past = demo_county()
    outlook = api.forecast([*past, facts], 2026, simulations=20)
    quiet = replace(outlook, risks=replace(outlook.risks, rows=()), findings=(Finding(Level.INFO, "a", "说明"),))
    show_forecast(console(), quiet, (), 0.5)

    shown = capsys.readouterr().out
    assert "没有现在达到、今后有50%以上可能突破的规定。" in shown
    assert "另有1条说明" in shown
    assert "已经突破" not in shown


def test_screen_when_a_rule_is_not_in_force_then_a_dash(capsys):
    facts, past = demo_county()
    outlook = api.forecast([*past, facts], 2027, simulations=20)
    rows = tuple(row for row in outlook.risks.above(0.5) if not row.is_broken_today)[:1]
    later = tuple(replace(row, probabilities=(None, 1.0), bounds=(None, None)) for row in rows)
    show_forecast(console(), replace(outlook, risks=replace(outlook.risks, rows=later), findings=()), (), 0.5)

    shown = capsys.readouterr().out
    assert "–" in shown
    assert "共1项。" in shown
    assert "条说明" not in shown
