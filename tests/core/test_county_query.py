"""Queries that are built once: every run judges the frames it is given, with the results of the expressions themselves."""

from concurrent.futures import ThreadPoolExecutor

import narwhals as nw
from polars.testing import assert_frame_equal

from junheng.core.county_query import group_coefficients, judged_rows
from junheng.core.dispersion import coefficients, group_sums
from junheng.core.facts import Facts
from junheng.core.school_rule import judge_rows
from junheng.core.stages import Rules, stage_rows
from junheng.readers.standards import load_standard
from tests.core.resource_counties import BASIC, DAY, QUALITY, county, integrated, junior, primary

RULES = Rules.resolve(load_standard(QUALITY), DAY)
FIRST = county(primary("P1"), junior("J1"), integrated("N1", "nine_year_school", {"primary": 300, "junior": 200}))
SECOND = county(
    primary("P2", 900), primary("P3", None), junior("J2", 40), primary("T1", 20, school_type="teaching_point")
)


def _rows(facts: Facts, rules: Rules = RULES) -> nw.DataFrame:
    return judged_rows(facts.table("schools"), facts.table("stages"), rules)


def check_judged_directly(facts: Facts, rules: Rules = RULES) -> None:
    rows = _rows(facts, rules)
    direct = judge_rows(stage_rows(facts.table("schools"), facts.table("stages"), rules), rules)
    keys = ["school_id", "stage"]
    assert_frame_equal(rows.sort(*keys).to_native(), direct.sort(*keys).to_native(), check_exact=True)
    indicators = rules.standard.indicators
    sums = group_sums(direct.filter(nw.col("exclusion") == 0), indicators)
    groups = coefficients(sums, indicators).sort("stage").to_native()
    assert_frame_equal(group_coefficients(rows, rules).sort("stage").to_native(), groups, check_exact=True)


def test_county_query_when_run_again_on_other_counties_then_gives_what_the_expressions_give() -> None:
    for facts in (FIRST, SECOND, FIRST):
        check_judged_directly(facts)


def test_county_query_when_another_standard_is_asked_then_runs_its_rules() -> None:
    basic = Rules.resolve(load_standard(BASIC), DAY)
    check_judged_directly(FIRST)
    check_judged_directly(FIRST, basic)


def test_county_query_when_frames_are_arrow_then_gives_the_same_rows() -> None:
    schools, stages = (nw.from_native(FIRST.table(name).to_arrow(), eager_only=True) for name in ("schools", "stages"))
    rows = judged_rows(schools, stages, RULES)
    assert rows.implementation.is_pyarrow()
    here = _rows(FIRST).sort("school_id", "stage")
    columns = ["school_id", "stage", "school", "exclusion", "weighted_total"]
    assert rows.sort("school_id", "stage").select(*columns).rows() == here.select(*columns).rows()


def test_county_query_when_threads_judge_at_once_then_none_sees_the_schools_of_another() -> None:
    counties = [FIRST, SECOND] * 8
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(_rows, counties))
    for facts, rows in zip(counties, found, strict=True):
        assert set(rows["school_id"].to_list()) == set(facts.table("schools")["school_id"].to_list())
