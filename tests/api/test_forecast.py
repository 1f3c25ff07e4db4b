"""The forecast through the public door: facts or files in, an outlook and its files out."""

import json
from pathlib import Path

import pytest

from junheng import api
from junheng.core.errors import InputError
from junheng.planning.forecast import Assumptions, Options
from junheng.readers.assumptions import assumptions_from
from junheng.readers.dictionary import load_dictionary
from junheng.reports.fact_folders import write_csv_folder
from tests.demo.kept import demo_county


@pytest.fixture(scope="module")
def years():
    facts, past = demo_county()
    return [*past, facts]


@pytest.fixture(scope="module")
def folders(years, tmp_path_factory) -> list[Path]:
    """Two years of the demo county as folders of CSV files."""
    targets = []
    for facts in years[-2:]:
        target = tmp_path_factory.mktemp("csv") / str(facts.year)
        write_csv_folder(facts, load_dictionary(), target)
        targets.append(target)
    return targets


def test_forecast_when_facts_are_given_then_an_outlook(years):
    outlook = api.forecast(years, 2028, simulations=200)

    assert outlook.forecast.years == (2026, 2027, 2028)
    assert outlook.forecast.options == Options(2028, 200)
    assert outlook.backtest is not None
    assert outlook.backtest.score(None, 1).mape < outlook.backtest.score(None, 1).naive_mape
    assert outlook.standard.id == api.DEFAULT_STANDARD


def test_forecast_when_files_are_given_then_the_same_as_from_facts(years, folders):
    from_files = api.forecast(folders[::-1], 2027, simulations=200)

    assert (
        from_files.forecast.draws.tobytes() == api.forecast(years[-2:], 2027, simulations=200).forecast.draws.tobytes()
    )
    assert [entry for entry in from_files.findings if entry.code.startswith("reader-")] == []


def test_forecast_when_a_year_comes_in_parts_then_they_are_read_together(folders, tmp_path):
    for name, tables in (("甲", ("学校", "学段", "县级数据")), ("乙", ("班级", "县级数据"))):
        (tmp_path / name).mkdir()
        for table in tables:
            source = next(folders[1].glob(f"{table}*"), None)
            assert source is not None, sorted(folders[1].iterdir())
            (tmp_path / name / source.name).write_bytes(source.read_bytes())

    outlook = api.forecast([folders[0], tmp_path / "甲", tmp_path / "乙"], 2026, simulations=2)

    assert outlook.forecast.has_grades.all()


def test_forecast_when_a_file_holds_no_year_then_refused(tmp_path, folders):
    other = tmp_path / "别的"
    other.mkdir()
    (other / "别的.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")

    with pytest.raises(InputError, match="读不出一个年度的数据"):
        api.forecast([folders[0], other], 2027)


def test_forecast_when_assumptions_are_given_then_from_a_file_or_as_they_are(years, tmp_path):
    path = tmp_path / "条件.json"
    path.write_text('{"teachers": {"attrition": 0.01}, "births": {"东": {"2026": 1}}}', encoding="utf-8")

    from_file = api.forecast(years, 2026, simulations=2, assumptions=path)
    given = api.forecast(years, 2026, simulations=2, assumptions=Assumptions(births={"东": {2026: 1}}, attrition=0.01))

    assert from_file.forecast.options == given.forecast.options


def test_forecast_when_the_example_of_the_manual_is_given_then_all_of_it_is_used(years):
    page = (Path(__file__).resolve().parents[2] / "docs" / "forecast.md").read_text(encoding="utf-8")
    example = json.loads(page.split("```json")[1].split("```")[0])
    outlook = api.forecast(years, 2027, simulations=2, assumptions=assumptions_from(example))

    assert [entry.message for entry in outlook.findings if entry.code == "forecast-change-unusable"] == []
    assert [entry.message for entry in outlook.findings if entry.code == "forecast-births-missing"] == []
    assert outlook.teachers.rows


def test_write_forecast_when_a_folder_is_given_then_the_workbook_is_there(years, tmp_path):
    outlook = api.forecast(years, 2026, simulations=2)
    path = api.write_forecast(outlook, tmp_path / "新")

    assert path.name == "学生数预测.xlsx"
    assert path.read_bytes()[:2] == b"PK"


def test_write_forecast_when_the_file_cannot_be_written_then_said(years, tmp_path):
    outlook = api.forecast(years, 2026, simulations=2)
    (tmp_path / "学生数预测.xlsx").mkdir()

    with pytest.raises(InputError, match="写不了"):
        api.write_forecast(outlook, tmp_path)


def test_forecast_data_when_asked_then_plain(years):
    data = api.forecast_data(api.forecast(years, 2026, simulations=2), (0.5,))

    assert data["county"][0]["quantiles"].keys() == {"0.5"}
