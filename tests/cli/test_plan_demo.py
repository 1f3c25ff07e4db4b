"""The demo county by command line: failing today, passing by its target year, planned again after a shock, up to the paper."""

import io
import json
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from junheng import api
from junheng.api import planning
from junheng.cli import app
from junheng.core.facts import facts_from_rows
from junheng.core.judge import default_day
from junheng.planning.plan.futures import plain_tables
from junheng.readers.dictionary import load_dictionary
from tests.planning.plan.counties import PRICES

TARGET, BUDGET = 2028, 1_800


def run(*arguments: str | int | Path):
    return CliRunner().invoke(app, ["plan", *(str(argument) for argument in arguments)])


def _shocked(facts, year):
    """A year later: nothing was done, ten schools lost a quarter of their multimedia rooms."""
    tables = plain_tables(facts, load_dictionary())
    for row in tables["schools"][:10]:
        row["multimedia_classroom_count"] = (row["multimedia_classroom_count"] or 0) * 3 // 4
    for row in tables["county"]:
        row["year"] = year
    return facts_from_rows(
        load_dictionary(), county_code=facts.county_code, county_name=facts.county_name, year=year, rows=tables
    )


def _paper(folder: Path) -> str:
    document = docx.Document(io.BytesIO((folder / "预算报告.docx").read_bytes()))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


@pytest.mark.slow
def test_plan_when_the_demo_county_asks_then_it_passes_in_time_and_again_after_a_shock(tmp_path):
    facts, history = api.demo_county()
    years = [api.write_template(tmp_path / f"{entry.year}.xlsx", entry) for entry in (*history[-2:], facts)]
    given = {"target_year": TARGET, "money": "unlimited", "discount_rate": 3, "disruption": 0, "effort.seconds": 90}
    given |= {f"prices.{measure.value}": price // 100 for measure, price in PRICES.items()}
    scenario = planning.write_scenario(tmp_path / "条件.xlsx", planning.blank_scenario(given))

    first = run(*years, "--scenario", scenario, "--budget", BUDGET, "--trial", "--out", tmp_path / "一")
    assert first.exit_code == 0, first.output
    data = json.loads((tmp_path / "一" / "plan.json").read_text(encoding="utf-8"))
    assert data["years"][0]["resources"] == "not_met"
    assert data["years"][-1]["resources"] == "met"
    assert data["years"][-1]["passing"] == data["years"][-1]["judged"]
    assert data["years"][-1]["spreads_broken"] == 0
    assert data["optimality_gap"] <= 0.005
    assert all(entry["amount"] <= entry["budget"] == BUDGET for entry in data["money"])
    assert len(list((tmp_path / "一" / "一校一案").iterdir())) == sum(
        bool(school["tasks"]) for school in data["schools"]
    )

    shocked = _shocked(facts, TARGET - 2)
    # what the plan calls today is what core says of the county's facts
    today = api.evaluate(facts, on=default_day(facts.year))
    assert data["years"][0]["verdict_digest"] == today.verdict.digest
    later = api.write_template(tmp_path / f"{shocked.year}.xlsx", shocked)
    again = run(*years[1:], later, "--previous", tmp_path / "一" / "plan.json", "--trial", "--out", tmp_path / "二")
    assert again.exit_code == 0, again.output
    assert "对照上次方案" in again.output
    second = json.loads((tmp_path / "二" / "plan.json").read_text(encoding="utf-8"))
    assert [entry["year"] for entry in second["years"]] == [TARGET - 2, TARGET - 1, TARGET]
    assert second["years"][-1]["resources"] == "met"
    rooms = {entry["measure"]: entry["amount"] for entry in second["measures"]}
    before = {entry["measure"]: entry["amount"] for entry in data["measures"]}
    assert rooms["fit_multimedia_room"] > before["fit_multimedia_room"]
    text = _paper(tmp_path / "二")
    assert f"{second['spent']:,.2f} 万元" in text
    assert f"{second['bound']:,.2f} 万元" in text
    assert (tmp_path / "二" / "预算报告.pdf").read_bytes().startswith(b"%PDF")
