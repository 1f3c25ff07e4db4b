"""The documents of a plan: the same data give the same bytes, and what they say is what the data say."""

import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from junheng.core.errors import InputError
from junheng.reports.bundle import make_folder
from junheng.reports.charts import Chart
from junheng.reports.docx_document import render_docx
from junheng.reports.plan_bundle import write_plan_files
from junheng.reports.plan_charts import money_chart
from junheng.reports.plan_compare import compare_scenarios
from junheng.reports.plan_data import plan_data
from junheng.reports.plan_paper import plan_paper
from junheng.reports.plan_reality import curve_data, reality_data
from junheng.reports.plan_school import plan_school, plan_school_files
from junheng.reports.plan_text import count_text, judged_cell, percent, wan_text, year_span
from junheng.reports.plan_workbook import plan_workbook
from tests.planning.plan.counties import Sample, county_of
from tests.planning.scenario.scenarios import SHORT, THREE_YEARS, answer, county, opening, usual_answer, with_year


@pytest.fixture(scope="module")
def data():
    return plan_data(usual_answer())


@pytest.fixture(scope="module")
def no_plan():
    return plan_data(answer(money="limited", budgets=[{"year": 2026, "amount": 0.5}]))


def _text(document) -> str:
    """All that a document says, tables included."""
    found = docx.Document(io.BytesIO(render_docx(document)))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in found.paragraphs), *cells])


def test_plan_data_when_made_twice_then_the_same_hash_whatever_the_time(data):
    again = plan_data(usual_answer())
    assert again["digest"] == data["digest"]
    assert json.loads(json.dumps(data)) == data
    assert data["years"][0]["year"] == 2025
    assert [entry["passing"] for entry in data["years"]][-1] == 3
    assert sum(task["money"] for task in data["tasks"]) == pytest.approx(data["spent"])
    assert sum(entry["amount"] for entry in data["money"]) == pytest.approx(data["spent"])
    assert sum(entry["money"] for entry in data["measures"]) == pytest.approx(data["spent"])
    assert sum(school["money"] for school in data["schools"]) == pytest.approx(data["spent"])


def test_plan_data_when_pupils_are_forecast_then_the_futures_are_told():
    facts = county_of(SHORT)
    place = county(facts, [with_year(facts, year) for year in (2022, 2023, 2024)])
    found = plan_data(answer(place, pupils__source="forecast", pupils__simulations=20))
    assert found["robustness"]["draws"] == 20
    assert found["pupils"]["quantile"] == 0.5
    assert found["history_years"] == [2022, 2023, 2024]
    assert "次模拟的学生数变化中" in _text(plan_paper(found))


def test_plan_data_when_there_is_no_plan_then_what_stands_in_the_way(no_plan):
    assert no_plan["cost"] is None
    assert "tasks" not in no_plan
    assert no_plan["clash"]["texts"]
    assert no_plan["later"]["year"] == 2027
    assert no_plan["status_label"] == "在现有限制下没有可行方案"


def test_plan_data_when_the_question_is_wrong_then_the_findings():
    found = plan_data(answer(target_year=2025))
    assert found["status_label"] == "数据或条件有错误"
    assert found["findings"][0]["code"] == "plan-target-year"


def test_write_plan_files_when_there_is_a_plan_then_everything_and_the_same_bytes(data, tmp_path):
    told = []
    first = write_plan_files(data, make_folder(tmp_path / "一"), lambda *entry: told.append(entry))
    second = write_plan_files(data, make_folder(tmp_path / "二"), lambda *_: None)
    names = [path.relative_to(tmp_path / "一").as_posix() for path in first]
    assert names[:2] == ["plan.json", "任务清单.xlsx"]
    assert names[-2:] == ["预算报告.docx", "预算报告.pdf"]
    assert {name.split("/")[0] for name in names[2:-2]} == {"一校一案"}
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert told[-1] == ("完成", len(first), len(first))
    assert json.loads(first[0].read_text(encoding="utf-8")) == data


def test_write_plan_files_when_there_is_no_plan_then_the_paper_only(no_plan, tmp_path):
    written = write_plan_files(no_plan, tmp_path, lambda *_: None)
    assert [path.name for path in written] == ["plan.json", "预算报告.docx", "预算报告.pdf"]


def test_make_folder_when_a_file_is_in_the_way_then_input_error(tmp_path):
    (tmp_path / "x").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="不能使用文件夹"):
        make_folder(tmp_path / "x" / "y")


def test_plan_paper_when_there_is_a_plan_then_cost_bound_and_hash(data):
    text = _text(plan_paper(data))
    assert wan_text(data["cost"]) in text
    assert wan_text(data["bound"]) in text
    assert data["digest"] in text
    assert "3 个校段全部达到资源配置要求，差异系数全部在上限以内" in text
    assert "各年学生数沿用现状" in text
    assert "没有检验人数变化的影响" in text
    assert "教师调动：谁调出，谁调入" in text


def test_plan_paper_when_a_plan_leaves_something_then_it_is_said(data):
    changed = deepcopy(data)
    changed["years"][-1].update(passing=2, spreads_broken=1)
    changed["pupils"]["quantile"] = 0.9
    changed["optimality_gap"], changed["bindings"], changed["rotation"] = (
        0.01,
        [],
        [{"year": 2026, "teachers": 3, "backbone": 1}],
    )
    changed["money"][0]["budget"] = changed["money"][1]["budget"] = 900.0
    changed["robustness"] = {
        "draws": 2000,
        "passes": 0.25,
        "edge": [
            {"school_name": f"学校{number}", "stage": "primary", "fails": 0.5, "lacks": "体艺教师"}
            for number in range(9)
        ],
        "spreads": [{"stage": "junior", "indicator_id": "x", "name": "骨干教师", "broken": 0.75}],
    }
    changed["milestones"] = [{"text": "2026 年达标", "asked": 2, "reached": 2, "is_met": True}]
    row = {"label": "把学校3并入学校1", "change": 0, "cost": 1.0, "bound": 1.0, "is_ruled_out": False, "text": ""}
    changed["options"] = {"text": "试过 1 种调整", "options": [row], "findings": []}
    changed["left_open"] = [{"name": "某项材料", "label": "无法判定", "number": "1", "outcome": "", "reasons": []}]
    points = [{"asked": 0.5, "cost": None, "passing": None, "text": "没有可行方案"}]
    changed["curves"] = [
        {"axis": "budget", "label": "预算", "points": points, "findings": []},
        {
            "axis": "target_year",
            "label": "目标年度",
            "points": [{**points[0], "asked": 2028, "cost": 1.0, "passing": 2}],
        },
        {"axis": "passing", "label": "达标的校段数", "points": []},
    ]
    text = _text(plan_paper(changed))
    for words in (
        "有 2 个达到资源配置要求，差异系数仍有 1 项超限",
        "最多还能再省 1.00%",
        "按预测的 90% 情形",
        "全部达标的占 25.0%",
        "等 9 个校段",
        "学校0（多为“体艺教师”，50%）",
        "最容易超限的差异系数及可能性：初中“骨干教师”（75.0%）",
        "某项材料：无法判定",
        "2026年 3 人（骨干教师 1 人）",
        "2026 年达标",
        "把学校3并入学校1",
        "没有一项限制单独抬高费用",
        "50%",
        "2028",
        "预算",
    ):
        assert words in text
    changed["robustness"]["edge"] = []
    assert "最容易落空的学校" not in _text(plan_paper(changed))


def test_plan_paper_when_nothing_is_to_be_done_then_said():
    found = plan_data(answer(county([Sample("1"), Sample("2")])))
    text = _text(plan_paper(found))
    assert "没有学校需要安排任务" in text
    assert "不需要安排经费" in text
    assert "教师调配" not in text


def test_plan_paper_when_there_is_no_plan_then_the_ways_out(no_plan):
    text = _text(plan_paper(no_plan))
    assert "在现有限制下没有可行方案" in text
    assert "县级财政的年度预算" in text
    assert "最小的放宽" in text
    assert "推迟到2027年" in text
    bare = {**no_plan, "clash": None, "relaxations": [], "later": None}
    bare["findings"] = [{"level": "error", "message": "缺少数据。", "hint": "请补填。"}, {"level": "info"}]
    text = _text(plan_paper(bare))
    assert "缺少数据。请补填。" in text
    assert "最小的放宽" not in text
    unknown = {**no_plan["relaxations"][0], "is_enough": False, "status": "nothing"}
    assert "没有结果" in _text(plan_paper({**no_plan, "relaxations": [unknown]}))
    rushed = {**no_plan, "clash": {**no_plan["clash"], "is_smallest": False}}
    assert "求解时间有限" in _text(plan_paper(rushed))


def test_plan_school_when_a_school_has_tasks_then_its_measures_and_indicators(data):
    names = plan_school_files(data)
    assert names["1"] == "学校1-1.docx"
    text = _text(plan_school(data, "1"))
    assert "配备网络多媒体教室 8 间" in text
    assert "教育局（教育装备）" in text
    assert "校长" in text
    assert data["digest"] in text


def test_plan_school_when_a_school_is_not_judged_then_said(data):
    changed = deepcopy(data)
    changed["schools"][0].update(stages=[], school_name="校" * 90)
    assert len(plan_school_files(changed)["1"].encode()) < 180
    assert "不纳入评估范围" in _text(plan_school(changed, "1"))
    unjudged = deepcopy(data)
    unjudged["schools"][0]["stages"][0]["outcomes"]["2025"] = None
    unjudged["schools"][0]["stages"][0]["indicators"][0]["is_met_today"] = None
    assert "不纳入" in _text(plan_school(unjudged, "1"))


def test_plan_workbook_when_read_then_tasks_years_and_money(data):
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(data)))
    assert book.sheetnames[:4] == ["概览", "任务清单", "年度任务表", "分年经费"]
    tasks = list(book["任务清单"].values)
    assert len(tasks) == len(data["tasks"]) + 1
    assert sum(float(str(row[9])) for row in tasks[1:]) == pytest.approx(data["spent"])
    matrix = list(book["年度任务表"].values)
    assert sum(float(str(row[-1])) for row in matrix[1:]) == pytest.approx(data["spent"])


def test_plan_workbook_when_budgets_and_futures_are_known_then_shown(data):
    changed = deepcopy(data)
    for entry in changed["money"]:
        entry["budget"] = 10.0
    edge = [
        {"school_name": "学校1", "stage": stage, "fails": 0.5, "lacks": "体艺教师"} for stage in ("primary", "junior")
    ]
    spreads = [{"stage": "junior", "indicator_id": "x", "name": "骨干教师", "broken": 0.75}]
    changed["robustness"] = {"draws": 20, "passes": 0.5, "edge": edge, "spreads": spreads}
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(changed)))
    assert "预算" in [row[1] for row in book["分年经费"].values]
    rows = list(book["制约与风险"].values)
    assert "20 次模拟中全部达标的占 50.0%" in [row[0] for row in rows]
    assert ("学校1", "初中", 0.5, "体艺教师") in rows
    assert ("骨干教师", "初中", 0.75, None) in rows


@pytest.fixture(scope="module")
def grown() -> dict[str, Any]:
    """The data of a plan with a new school, teachers who retire and distances."""
    distances = [{"first": "1", "second": "2", "km": 3.5}, {"first": "1", "second": "9", "km": 2}]
    distances += [{"first": "2", "second": "9", "km": 4}]
    given = {"farthest_move": 5, "distances": distances, "attrition": 2, **THREE_YEARS}
    hires = ("hire_teacher", "hire_pe_art_teacher", "train_pe_art")
    given |= {f"allowed__{name}": False for name in hires}
    samples = (Sample("1", has={"arts": 0.4}), Sample("2", has={"arts": 2}))
    return plan_data(answer(county(samples), **opening(), **given))


def test_plan_paper_when_a_school_opens_and_teachers_retire_then_both_are_told(grown):
    text = _text(plan_paper(grown))
    for words in (
        "已决定新开 1 所学校",
        "一次性支出 30.00 万元另计",
        "学校1 300 人、学校2 100 人",
        "小学 500 人",
        "不采取措施时的专任教师",
        "最远 3.5 千米",
    ):
        assert words in text, words
    # 2 × 47 teachers lose 2 % a year over three years: 94 − 94 · 0.98³ = 5.5
    assert "共减少 5.5 人" in text


def test_plan_workbook_when_a_school_opens_then_it_has_sheets_of_its_own(grown):
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(grown)))
    assert {"新开学校", "教师去向", "教师增减"} <= set(book.sheetnames)
    assert list(book["新开学校"].values)[1][:4] == ("9", "新区小学", "新区街道", 2027)
    assert list(book["教师去向"].values)[1][2:] == ("学校2", "学校1", grown["moves"][0]["count"], 3.5)
    assert [row[0] for row in list(book["教师增减"].values)[1:]] == [2026, 2027, 2028]
    assert any("新开学校（小学容纳 500 人）" in row for row in book["任务清单"].values)
    assert any(
        "，来自学校2 " in str(row[6]) and str(row[6]).endswith("（3.5 千米）") for row in book["任务清单"].values
    )


def test_plan_school_when_it_opens_or_gives_pupils_then_it_is_told(grown):
    assert "2027年秋季开办" in _text(plan_school(grown, "9"))
    assert "2027年起 300 名学生到新开的新区小学就读" in _text(plan_school(grown, "1"))


def test_money_chart_when_there_are_many_sources_then_the_rest_is_added_up(data):
    entries = [{"year": 2026, "source": f"来源{number}", "amount": float(number)} for number in range(6)]
    chart = money_chart({**data, "money": entries})
    assert isinstance(chart, Chart)
    assert "其他" in chart.alt
    assert "2026年 3.0" in chart.alt


def test_compare_scenarios_when_two_differ_then_side_by_side(data, no_plan):
    found = compare_scenarios([data, no_plan])
    assert [column["status"] for column in found["columns"]] == ["optimal", "infeasible"]
    labels = {row["label"]: row["values"] for row in found["differences"]}
    assert labels["目标年度"] == ["2027", "2026"]
    assert labels["年度预算"] == ["", "1 行"]
    assert labels["资金是否有限"] == ["不设上限", "按年度预算"]
    results = {row["label"]: row["values"] for row in found["results"]}
    assert results["方案费用（折现）"] == [data["cost"], None]
    assert results["2027 年达标校段"] == [3, None]
    assert results["配备网络多媒体教室"] == [8, None]
    assert compare_scenarios([data])["differences"] == []


def test_compare_scenarios_when_flags_and_lists_differ_then_words(data):
    other = deepcopy(data)
    other["scenario"]["allowed"]["hire_teacher"] = False
    other["scenario"]["exceptions"] = ["a", "b"]
    other["robustness"] = {"passes": 0.5}
    found = compare_scenarios([data, other])
    assert [row["values"] for row in found["differences"]] == [["", "a、b"], ["是", "否"]]
    assert [row["values"] for row in found["results"] if row["label"] == "人数变化时仍达标的可能"] == [[None, 50.0]]


def test_reality_data_when_late_then_rows_and_money(data):
    from junheng.planning.scenario.reality import against_plan

    found = reality_data(against_plan(data, with_year(county_of(SHORT), 2027)))
    assert found["late_money"] == sum(row["money"] for row in found["late"])
    assert found["passing"] is None
    assert json.loads(json.dumps(found)) == found


def test_reality_data_when_something_is_under_way_then_told():
    from junheng.core.judge import judge
    from junheng.planning.scenario.reality import against_plan
    from junheng.readers.dictionary import load_dictionary
    from tests.planning.plan.counties import bare_standard

    place = county([Sample("1", has={"sports": 0.7}), Sample("2")])
    first = plan_data(answer(place, target_year=2027, lead_years__build_sports_area=1))
    facts = with_year(place.facts, 2026)
    found = reality_data(against_plan(first, facts, judge(facts, bare_standard(), load_dictionary())))
    assert [entry["label"] for entry in found["underway"]] == ["新建运动场地"] * len(found["underway"])
    assert found["passing"]["planned"] <= 2


def test_curve_data_when_made_then_money_in_wan():
    from junheng.planning.plan.solver import Effort
    from junheng.planning.scenario.curves import Axis, curve_of
    from tests.planning.scenario.scenarios import scenario

    found = curve_data(curve_of(Axis.PASSING, scenario(), county(), Effort(), [1]))
    assert found["axis"] == "passing"
    assert found["points"][0]["asked"] == 1.0
    assert found["findings"] == []


def test_options_data_when_compared_then_cheapest_first():
    from junheng.planning.scenario.asking import compare_changes
    from junheng.reports.plan_reality import options_data
    from tests.planning.scenario.scenarios import scenario

    place = county([Sample("1"), Sample("2"), Sample("3", pupils=200, has={"rooms": 0.5})])
    mergers = [{"closed": "3", "into": "1", "amount": 0}]
    found, question = compare_changes(scenario(mergers=mergers, effort__seconds=20), place)
    made = options_data(found, question.findings)
    assert made["options"][0]["label"] == "把学校3并入学校1"
    assert made["unchanged"] is not None
    assert options_data(None, ())["options"] == []


def test_words_when_numbers_are_missing_then_dashes():
    assert (wan_text(None), count_text(None), percent(None)) == ("—", "—", "—")
    assert (wan_text(1234.567), count_text(1234.5), percent(0.125)) == ("1,234.57", "1,234.5", "12.5%")
    assert judged_cell("x", None).printed == "x"
    assert year_span({"base_year": 2025, "target_year": 2026}) == "2026"
    assert Path("x").name == "x"
