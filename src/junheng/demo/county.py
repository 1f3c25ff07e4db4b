"""The demo county: a believable fictional county of 120 schools, with three past years."""

from dataclasses import dataclass
from typing import Any

from junheng.core.facts import Facts, facts_from_rows
from junheng.demo.classes import class_rows, room_rows
from junheng.demo.county_tables import (
    cohort_rows,
    county_row,
    school_totals,
    spending_rows,
    subject_rows,
    survey_rows,
)
from junheng.demo.enrolment import DATA_YEAR, Enrolment, simulate
from junheng.demo.judgements import judgement_rows
from junheng.demo.premises import school_rows
from junheng.demo.roster import COUNTY_CODE, COUNTY_NAME, Site, build_roster
from junheng.demo.staffing import stage_rows
from junheng.readers.dictionary import load_dictionary

FIRST_YEAR = 2022
DEFAULT_SEED = 20260101


@dataclass(frozen=True)
class DemoCounty:
    """The county in its data year, and the years before it, oldest first."""

    facts: Facts
    history: tuple[Facts, ...]


def build_demo_county(seed: int = DEFAULT_SEED) -> DemoCounty:
    """The county of a seed: the same on every machine and Python, every table filled, no finding that blocks."""
    sites = build_roster(seed)
    enrolment = simulate(seed, sites)
    years = [_facts(seed, sites, enrolment, year) for year in range(FIRST_YEAR, DATA_YEAR + 1)]
    return DemoCounty(facts=years[-1], history=tuple(years[:-1]))


def _facts(seed: int, sites: tuple[Site, ...], enrolment: Enrolment, year: int) -> Facts:
    classes = list(class_rows(seed, sites, enrolment, year))
    by_stage, by_school = school_totals(classes)
    today = school_totals(list(class_rows(seed, sites, enrolment, DATA_YEAR)))[1]
    schools = list(school_rows(seed, sites, enrolment, year, by_school))
    stages = list(stage_rows(seed, sites, enrolment, year, by_stage))
    rows: dict[str, list[dict[str, Any]]] = {
        "schools": schools,
        "stages": stages,
        "classes": classes,
        "rooms": list(room_rows(seed, sites, today)),
        "cohorts": list(cohort_rows(sites, enrolment, year)),
        "county": [county_row(seed, sites, year, schools, stages)],
        "county_subjects": list(subject_rows()),
        "county_years": list(spending_rows(sites, enrolment, year)),
        "survey_groups": list(survey_rows(year)),
        "judgements": list(judgement_rows(year)),
    }
    return facts_from_rows(load_dictionary(), county_code=COUNTY_CODE, county_name=COUNTY_NAME, year=year, rows=rows)
