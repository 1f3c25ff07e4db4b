"""The workbook and the JSON data of a forecast, read back."""

import io
import json
from dataclasses import replace

import openpyxl
import pytest

from junheng.core.findings import Finding, Level
from junheng.core.standard import Stage
from junheng.planning.forecast import Assumptions, Options, TeacherAges, look_ahead
from junheng.readers.standards import load_standard
from junheng.reports.forecast_data import forecast_data
from junheng.reports.forecast_workbook import forecast_workbook, quantile_title
from tests.core.builders import classes, facts_of, school, stage

A, B = "1000000001", "1000000002"
STANDARD = load_standard("cn-2017-quality-balance")
QUANTILES = (0.1, 0.9)
AGES = Assumptions(
    ages=TeacherAges({(A, Stage.PRIMARY): {"全部": {59: 2, 30: 3}}}), retirement_age={"全部": 60}, attrition=0.0
)


def county(year):
    """A school of two grades whose classes are known, and one of which only the total is."""
    rows = [row for grade in (1, 2) for row in classes(A, 44, grade=grade)]
    stages = [stage(A, student_count=88), stage(B, student_count=95, class_count=2)]
    return facts_of(year=year, schools=[school(A), {**school(B), "school_name": "=1+1"}], stages=stages, classes=rows)


@pytest.fixture(scope="module")
def outlook():
    return look_ahead([county(year) for year in (2023, 2024, 2025)], STANDARD, Options(2027, 200), AGES)


@pytest.fixture(scope="module")
def book(outlook):
    return openpyxl.load_workbook(io.BytesIO(forecast_workbook(outlook, QUANTILES)))


def rows(sheet):
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_workbook_when_it_is_written_then_all_sheets_with_charts(book):
    assert book.sheetnames == ["概览", "学生数", "分年级", "突破风险", "各项规定", "教师", "说明"]
    assert len(book["概览"]._charts) == len(book["各项规定"]._charts) == 1


def test_overview_when_it_is_read_back_then_the_county_and_the_back_test(book, outlook):
    found = rows(book["概览"])

    assert found[0][0] == "示例县学生数预测（2026–2027年）"
    assert found[2][:5] == ("学段", "年度", "预计学生数", "10%情形", "90%情形")
    (first, second) = outlook.county(QUANTILES)
    assert found[3][:5] == ("小学", 2026, first.pupils, *first.quantiles)
    assert found[4][2] == second.pupils
    assert found[8][0].startswith("回测:站在2024年")
    assert found[9][:3] == ("学段", "提前年数", "平均误差")
    assert found[10][:2] == ("全部", 1)


def test_pupils_when_they_are_read_back_then_numbers_as_forecast_and_no_formula(book, outlook):
    found = rows(book["学生数"])

    assert found[0][3:7] == ("2025年现有", "2026年预计", "2026年10%情形", "2026年90%情形")
    assert found[1][:5] == (A, f"学校{A}", "小学", 88, 88)
    assert found[2][1] == "=1+1"
    assert book["学生数"]["B3"].data_type == "s"
    assert found[2][4] == outlook.forecast.point[1, 0]


def test_grades_when_they_are_known_then_a_row_per_year_and_else_none(book):
    found = rows(book["分年级"])

    assert found[1][:6] == (A, f"学校{A}", "小学", 2026, 44, 44)
    assert found[1][6] is None
    assert len(found) == 3


def test_risks_when_they_are_read_back_then_what_is_kept_today_comes_first(book, outlook):
    found = rows(book["突破风险"])

    assert found[0][3:] == ("会突破的规定", "界线", "现在", "2026年", "2027年")
    assert [row[5] for row in found[1:]] == sorted((row[5] for row in found[1:]), key=lambda text: text == "已突破")
    standing = next(row for row in found if row[3] == "现有班级装不下" and row[0] == B)
    assert (standing[4], standing[5]) == ("45人", "已突破")  # 95 in two classes of 45
    small = next(row for row in found if row[3] == "不足小规模学校经费线" and row[0] == A)
    (risk,) = (row for row in outlook.risks.rows if row.rule == small[3] and row.school_id == A)
    assert small[2] == "全校"
    assert small[6:] == pytest.approx(risk.probabilities)


def test_rules_when_they_are_summed_then_expected_numbers_by_year(book):
    found = {row[0]: row[1:] for row in rows(book["各项规定"]) if row[0]}

    assert found["不足小规模学校经费线"][:2] == (2, pytest.approx(2, abs=0.5))
    assert found["学校规模超限"] == (0, 0, 0)


def test_teachers_when_ages_are_given_then_a_row_per_year(book):
    assert rows(book["教师"])[1] == (A, f"学校{A}", "小学", 2026, 2, 0, 0, 3, 0)


def test_remarks_when_there_are_findings_then_listed_after_the_method(book, outlook):
    found = rows(book["说明"])

    assert [row[0] for row in found[1:4]] == ["方法"] * 3
    assert [row[1] for row in found[4:]] == [finding.message for finding in outlook.findings]


def test_workbook_when_parts_are_missing_then_it_is_written_without_them(outlook):
    risks = replace(outlook.risks, rows=())
    teachers = replace(outlook.teachers, rows={})
    error = Finding(Level.ERROR, "a", "出错", "改")
    bare = replace(outlook, risks=risks, teachers=teachers, backtest=None, findings=(error,))
    book = openpyxl.load_workbook(io.BytesIO(forecast_workbook(bare, ())))

    assert "教师" not in book.sheetnames
    assert len(rows(book["突破风险"])) == 1
    assert rows(book["说明"])[-1] == ("错误", "出错", "改")
    assert not any(str(row[0]).startswith("回测") for row in rows(book["概览"]))


def test_workbook_when_a_rule_is_not_in_force_then_its_cells_stay_empty(outlook):
    (row,) = (entry for entry in outlook.risks.rows if entry.rule == "现有班级装不下" and entry.school_id == B)
    later = replace(row, bounds=(None, row.bounds[1]), probabilities=(None, 1.0), is_broken_today=None)
    never = replace(row, rule="从未生效", bounds=(None, None), probabilities=(1.0, None), is_broken_today=None)
    book = openpyxl.load_workbook(
        io.BytesIO(forecast_workbook(replace(outlook, risks=replace(outlook.risks, rows=(later, never))), ()))
    )

    shown = rows(book["突破风险"])
    assert shown[1][4:] == ("45人", "无此规定", None, 1)
    assert shown[2][4] in ("", None)
    assert rows(book["各项规定"])[1][:4] == ("现有班级装不下", 0, None, 1)


def test_workbook_when_written_twice_then_the_same_bytes(outlook):
    assert forecast_workbook(outlook, QUANTILES) == forecast_workbook(outlook, QUANTILES)


def test_quantile_title_when_it_is_a_share_then_in_percent():
    assert quantile_title(0.975) == "97.5%情形"


def test_data_when_it_becomes_json_then_plain_and_complete(outlook):
    data = json.loads(json.dumps(forecast_data(outlook, QUANTILES)))

    assert (data["data_year"], data["years"], data["simulations"]) == (2025, [2026, 2027], 200)
    assert data["schools"][0]["years"][0]["grades"] == {"1": 44, "2": 44}
    assert data["schools"][1]["years"][0]["grades"] is None
    assert set(data["county"][0]["quantiles"]) == {"0.1", "0.9"}
    assert data["backtest"]["scores"]
    assert data["teachers"][0]["years"][0]["retired"] == 2
    small = next(row for row in data["risks"] if row["rule_id"] == "small_school_funding")
    assert small["years"][0]["bound"] == "100"
    assert small["stage"] is None


def test_data_when_parts_are_missing_then_null_and_unknown_schools_left_out(outlook):
    unknown = replace(outlook.forecast, is_known=outlook.forecast.is_known & [True, False])
    data = forecast_data(replace(outlook, backtest=None, forecast=unknown), ())

    assert data["backtest"] is None
    assert [entry["school_id"] for entry in data["schools"]] == [A]


def test_workbook_when_a_school_is_not_known_then_it_has_no_row(outlook):
    unknown = replace(outlook.forecast, is_known=outlook.forecast.is_known & [True, False])
    book = openpyxl.load_workbook(io.BytesIO(forecast_workbook(replace(outlook, forecast=unknown), ())))

    assert [row[0] for row in rows(book["学生数"])[1:]] == [A]
