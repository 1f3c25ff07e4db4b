"""Core and the slow oracle must say the same about thousands of invented counties."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.core.resources import judge_resources
from junheng.core.stages import Rules
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.oracle.agreement import disagreements
from tests.oracle.counties import YEAR, County, counties, tied_counties
from tests.oracle.resource_oracle import judge_county

DAY = date(YEAR, 12, 31)
QUALITY, BASIC, HUNAN = "cn-2017-quality-balance", "cn-2012-basic-balance", "hunan-2018"
EXCEPTIONS = ("visiting_teachers_in_small_rural_schools", "converted_and_leased_sports_area")
rule_choices = st.sampled_from(
    [
        (QUALITY, frozenset()),
        (QUALITY, frozenset(EXCEPTIONS)),
        (QUALITY, frozenset(EXCEPTIONS[:1])),
        (BASIC, frozenset()),
        (HUNAN, frozenset()),
    ]
)


def differences(county: County, standard_id: str, enabled: frozenset[str]) -> list[str]:
    standard = load_standard(standard_id)
    results = judge_resources(county.facts(), Rules.resolve(standard, DAY, enabled), load_dictionary())
    oracle = judge_county(county.schools, county.stages, standard, DAY, enabled)
    return disagreements(results, oracle, standard)


@settings(max_examples=100)
@given(county=counties(), choice=rule_choices)
def test_resources_when_a_county_is_invented_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []


@settings(max_examples=50)
@given(county=tied_counties(), choice=rule_choices)
def test_resources_when_coefficients_tie_with_their_limit_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []


@pytest.mark.slow
@settings(max_examples=3000)
@given(county=counties(), choice=rule_choices)
def test_resources_when_thousands_of_counties_are_invented_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []


@pytest.mark.slow
@settings(max_examples=1500)
@given(county=tied_counties(), choice=rule_choices)
def test_resources_when_a_thousand_coefficients_tie_then_core_and_oracle_agree(county, choice):
    assert differences(county, *choice) == []
