"""Core and the slow oracle must say the same about thousands of invented counties, one by one and many at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.core.nation import NationResult, judge_nation
from junheng.core.resources import ResourceResults, judge_resources
from junheng.core.stages import Rules
from junheng.readers.dictionary import load_dictionary
from junheng.readers.frames import wrap
from junheng.readers.standards import load_standard
from tests.oracle.agreement import FLAG, disagreements, nation_disagreements
from tests.oracle.counties import YEAR, County, counties, rolled_counties, tied_counties
from tests.oracle.resource_oracle import judge_county

DAY = date(YEAR, 12, 31)
QUALITY, BASIC, HUNAN = "cn-2017-quality-balance", "cn-2012-basic-balance", "hunan-2018"
EXCEPTIONS = ("visiting_teachers_in_small_rural_schools", "converted_and_leased_sports_area")
Choice = tuple[str, frozenset[str]]
CHOICES: dict[str, Choice] = {
    "quality": (QUALITY, frozenset()),
    "all-exceptions": (QUALITY, frozenset(EXCEPTIONS)),
    "one-exception": (QUALITY, frozenset(EXCEPTIONS[:1])),
    "basic": (BASIC, frozenset()),
    "hunan": (HUNAN, frozenset()),
}
rule_choices = st.sampled_from(list(CHOICES.values()))


def differences(county: County, standard_id: str, enabled: frozenset[str]) -> list[str]:
    standard = load_standard(standard_id)
    results = judge_resources(county.facts(), Rules.resolve(standard, DAY, enabled), load_dictionary())
    oracle = judge_county(county.schools, county.stages, standard, DAY, enabled)
    return disagreements(results, oracle, standard)


@settings(max_examples=20)
@given(county=counties(), choice=rule_choices)
def test_resources_when_a_county_is_invented_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []


@settings(max_examples=15)
@given(county=tied_counties(), choice=rule_choices)
def test_resources_when_coefficients_tie_with_their_limit_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []


@pytest.mark.slow(seconds=10)
@settings(max_examples=300)
@given(county=counties(), choice=rule_choices)
def test_resources_when_hundreds_of_counties_are_invented_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []


@pytest.mark.slow(seconds=10)
@settings(max_examples=200)
@given(county=tied_counties(), choice=rule_choices)
def test_resources_when_hundreds_of_coefficients_tie_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []


# ---- many counties in one frame

seeds = st.integers(min_value=0, max_value=2**32)
batches = st.tuples(
    counties("990301"), tied_counties("990302"), counties("990303"), counties("990304"), tied_counties("990305")
)


def nation_of(batch: Sequence[County], table: str) -> Any:
    frames = [county.facts().table(table).to_native() for county in batch]
    return pl.concat(frames)


def nation_results(batch: Sequence[County], rules: Rules, engine: str) -> tuple[NationResult, list[dict]]:
    """The batch judged by one engine, with the rows of the school stages in memory."""
    schools, stages = (nation_of(batch, table) for table in ("schools", "stages"))
    is_lazy = engine == "polars"
    schools, stages = (nw.from_native(f.lazy()) if is_lazy else wrap(f, engine)[0] for f in (schools, stages))
    result = judge_nation(schools, stages, rules)
    return result, result.rows.collect("polars").rows(named=True)


def nation_differences(batch: Sequence[County], choice: Choice, engine: str) -> list[str]:
    """Where the engine's rows or stages are not bit for bit what judging each county alone gives."""
    rules = Rules.resolve(load_standard(choice[0]), DAY, choice[1])
    result, rows = nation_results(batch, rules, engine)
    by_row = {(row["county_code"], row["school_id"], row["stage"]): row for row in rows if row["exclusion"] == 0}
    by_stage = {(row["county_code"], row["stage"]): row for row in result.stages.rows(named=True)}
    found = []
    for county in batch:
        alone = judge_resources(county.facts(), rules, load_dictionary())
        found += school_differences(county.code, alone, by_row, rules)
        found += stage_differences(county.code, alone, by_stage, rules)
    return found + [f"{key}: judged by the nation only" for key in (*by_row, *by_stage)]


def school_differences(code: str, alone: ResourceResults, by_row: dict, rules: Rules) -> list[str]:
    found = []
    for school in alone.schools:
        row = by_row.pop((code, *school.key), None)
        if row is None:
            found.append(f"{school.key}: judged by the county only")
            continue
        if rules.standard.school_rule is not None:
            ours = [FLAG[school.outcome]]
            theirs = [row["school"]]
            for entry in school.indicators:
                ours += [FLAG[entry.outcome], FLAG[entry.floor_outcome]]
                theirs += [row[f"m_{entry.indicator_id}"], row[f"f_{entry.indicator_id}"]]
            found += [f"{school.key}: {ours} / {theirs}"] if ours != theirs else []
    return found


def stage_differences(code: str, alone: ResourceResults, by_stage: dict, rules: Rules) -> list[str]:
    found = []
    for composite in alone.composites:
        stage = composite.stage
        schools = [entry for entry in alone.schools if entry.stage is stage]
        row = by_stage.pop((code, stage.value), None)
        if row is None:
            found += [f"{code} {stage}: judged by the county only"] if schools else []
            continue
        for entry in (item for item in alone.dispersion if item.stage is stage):
            ours = [entry.coefficient] + ([FLAG[entry.outcome]] if entry.limit is not None else [])
            theirs = [row[f"cv_{entry.indicator_id}"]] + [row.get(f"ok_{entry.indicator_id}")] * (len(ours) - 1)
            found += [f"{code} {stage} {entry.indicator_id}: {ours} / {theirs}"] if ours != theirs else []
        if rules.standard.school_rule is not None:
            counts = [sum(FLAG[entry.outcome] == flag for entry in schools) for flag in (1, 0, None)]
            theirs = [row["met"], row["not_met"], row["unknown"]]
            found += [f"{code} {stage}: {counts} / {theirs}"] if counts != theirs else []
    return found


@settings(max_examples=2)
@given(batch=batches, choice=rule_choices)
def test_nation_when_judged_by_polars_then_each_county_is_bit_equal_to_itself_alone(batch, choice):
    assert nation_differences(batch, choice, "polars") == []


@settings(max_examples=1)
@given(batch=batches, choice=rule_choices)
def test_nation_when_judged_by_duckdb_then_each_county_is_bit_equal_to_itself_alone(batch, choice):
    assert nation_differences(batch, choice, "duckdb") == []


def oracle_differences(batch: Sequence[County], choice: Choice, engines: Sequence[str]) -> list[str]:
    """Where the rows or stages of an engine are not what the oracle says of each county; the oracle is asked once for all."""
    rules = Rules.resolve(load_standard(choice[0]), DAY, choice[1])
    oracles = [judge_county(county.schools, county.stages, rules.standard, DAY, choice[1]) for county in batch]
    found = []
    for engine in engines:
        result, rows = nation_results(batch, rules, engine)
        by_county = defaultdict(list)
        for row in rows:
            by_county[row["county_code"]].append(row)
        stages_of = defaultdict(list)
        for row in result.stages.rows(named=True):
            stages_of[row["county_code"]].append(row)
        for county, oracle in zip(batch, oracles, strict=True):
            lines = nation_disagreements(by_county[county.code], stages_of[county.code], oracle, rules.standard)
            found += [f"{engine}: {county.code}: {line}" for line in lines]
    return found


@pytest.mark.slow(seconds=10)
@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
@settings(max_examples=1)
@given(seed=seeds)
def test_nation_when_thousands_of_counties_are_invented_then_the_engines_and_the_oracle_agree(choice, seed):
    assert oracle_differences(rolled_counties(seed, 400), choice, ["polars", "duckdb"]) == []


@pytest.mark.slow(seconds=10)
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@settings(max_examples=2)
@given(seed=seeds, choice=rule_choices)
def test_nation_when_a_hundred_counties_are_judged_then_each_is_bit_equal_to_itself_alone(engine, seed, choice):
    assert nation_differences(rolled_counties(seed, 50), choice, engine) == []


@pytest.mark.spark
@pytest.mark.slow(seconds=60)
@settings(max_examples=2)
@given(seed=seeds, choice=rule_choices)
def test_nation_when_judged_by_spark_then_each_county_is_bit_equal_to_itself_alone(seed, choice):
    assert nation_differences(rolled_counties(seed, 50), choice, "spark") == []
