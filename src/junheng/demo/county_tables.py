"""The tables that the county itself reports: county values, monitoring, spending, the public's view."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from junheng.demo.draws import Draws, grown, nearest
from junheng.demo.enrolment import DATA_YEAR, Enrolment
from junheng.demo.premises import JUNIOR_FUNDS_NORM, PRIMARY_FUNDS_NORM
from junheng.demo.roster import COUNTY_CODE, COUNTY_NAME, RURAL_TOWNSHIPS, SUBDISTRICTS, TOWNS, Site

Row = dict[str, Any]
_CENTS = 100
_STAGES = ("primary", "junior")
_SUBJECTS = {  # level, between-school variation in 1/10000
    "chinese": ("3", 1180),
    "mathematics": ("3", 1390),
    "science": ("3", 1620),
    "physical_education": ("4", 980),
    "arts": ("3", 1270),
    "moral_education": ("4", 860),
}
_SURVEY = {  # questionnaires sent, share returned valid, share satisfied, people visited
    "student": (80, 0.98, 0.94, 24),
    "parent": (480, 0.96, 0.90, 60),
    "teacher": (80, 0.99, 0.93, 24),
    "principal": (72, 1.0, 0.96, 12),
    "peoples_congress_deputy": (72, 0.97, 0.92, 12),
    "cppcc_member": (72, 0.97, 0.91, 12),
    "other": (76, 0.93, 0.87, 20),
}
_SPENDING_YEARS = 5


def county_row(seed: int, sites: tuple[Site, ...], year: int, schools: Sequence[Row], stages: Sequence[Row]) -> Row:
    """The one row of the county table; numbers that schools also report agree with theirs."""
    ago = year - DATA_YEAR
    draws = Draws(seed, "county")
    population = nearest(grown(462_000, -0.004, ago) / 100) * 100
    return {
        "county_code": COUNTY_CODE,
        "county_name": COUNTY_NAME,
        "year": year,
        "population": population,
        "rural_population": nearest(population * (0.47 - 0.01 * ago) / 100) * 100,
        "township_count": len(SUBDISTRICTS) + len(TOWNS) + len(RURAL_TOWNSHIPS),
        "village_count": 214,
        "gdp_per_capita": nearest(grown(58_600, 0.05, ago)) * _CENTS,
        "fiscal_revenue_per_capita": nearest(grown(4_120, 0.03, ago)) * _CENTS,
        "rural_income_per_capita": nearest(grown(24_300, 0.06, ago)) * _CENTS,
        "urban_income_per_capita": nearest(grown(43_900, 0.045, ago)) * _CENTS,
        "basic_balance_recognised_on": "2016-11-30",
        "primary_public_funds_norm": PRIMARY_FUNDS_NORM,
        "junior_public_funds_norm": JUNIOR_FUNDS_NORM,
        **_inclusion(sites, stages, draws),
        "average_teacher_pay": nearest(grown(96_400, 0.03, ago)) * _CENTS,
        "average_civil_servant_pay": nearest(grown(95_100, 0.03, ago)) * _CENTS,
        **_rotation(stages),
        **_senior_high(stages),
        **_migrants(schools),
        "labour_hours_share": 5_600,
        "primary_hours_in_school": 595,
        "junior_hours_in_school": 690,
        "government_work_score": 9_120,
    }


def _inclusion(sites: tuple[Site, ...], stages: Sequence[Row], draws: Draws) -> Row:
    special = {site.school_id for site in sites if site.school_type == "special_school"}
    in_special = sum(row["student_count"] for row in stages if row["school_id"] in special)
    included = draws.whole(150, 180)
    home_taught = draws.whole(18, 26)
    enrolled = in_special + included + home_taught
    return {
        "special_school_public_funds": in_special * 7_200 * _CENTS,
        "special_school_student_count": in_special,
        "inclusive_public_funds": included * 6_400 * _CENTS,
        "inclusive_student_count": included,
        "disabled_children_count": enrolled + draws.whole(3, 6),
        "disabled_enrolled_count": enrolled,
        "disabled_in_special_school_count": in_special,
    }


def _rotation(stages: Sequence[Row]) -> Row:
    teachers = sum(row["full_time_teacher_count"] for row in stages)
    eligible = nearest(teachers * 0.42)
    rotated = nearest(eligible * 0.118)
    return {
        "rotation_eligible_count": eligible,
        "rotated_teacher_count": rotated,
        "rotated_backbone_count": nearest(rotated * 0.235),
    }


def _senior_high(stages: Sequence[Row]) -> Row:
    juniors = sum(row["student_count"] for row in stages if row["stage"] == "junior")
    quota = nearest(juniors / 3 * 0.30 / 10) * 10
    allotted = nearest(quota * 0.62)
    return {
        "senior_high_quota": quota,
        "senior_high_quota_allotted": allotted,
        "senior_high_quota_rural": nearest(allotted * 0.54),
    }


def _migrants(schools: Sequence[Row]) -> Row:
    public = sum(row["migrant_student_count"] for row in schools if row["ownership"] == "public")
    private = sum(row["migrant_student_count"] for row in schools if row["ownership"] == "private")
    purchased = private // 2
    return {
        "migrant_children_count": public + private,
        "migrant_in_public_count": public,
        "migrant_in_purchased_count": purchased,
    }


def subject_rows() -> Iterator[Row]:
    """The latest monitoring result of each subject; science varies too much between schools."""
    for subject, (level, variation) in _SUBJECTS.items():
        yield {"subject": subject, "is_monitored": True, "level": int(level), "variation": variation}


def spending_rows(sites: tuple[Site, ...], enrolment: Enrolment, year: int) -> Iterator[Row]:
    """Education spending of the five years up to the data year."""
    for spending_year in range(year - _SPENDING_YEARS + 1, year + 1):
        pupils = sum(enrolment.size(spending_year, site.school_id, stage) for site in sites for stage in _STAGES)
        per_pupil = grown(16_800, 0.045, spending_year - DATA_YEAR)
        yield {
            "spending_year": spending_year,
            "general_education_spending": nearest(pupils * per_pupil / 10_000) * 10_000 * _CENTS,
            "spending_student_count": pupils,
            "is_funding_growth_met": True,
        }


def survey_rows(year: int) -> Iterator[Row]:
    """Questionnaires and visits by group; the share of satisfied people rises a little every year."""
    for group, (sent, returned, satisfied, visited) in _SURVEY.items():
        valid = nearest(sent * returned)
        share = satisfied - 0.008 * (DATA_YEAR - year)
        yield {
            "group": group,
            "questionnaire_count": sent,
            "valid_count": valid,
            "satisfied_count": nearest(valid * share),
            "visited_count": visited,
            "visit_satisfied_count": nearest(visited * share),
        }


def cohort_rows(sites: tuple[Site, ...], enrolment: Enrolment, year: int) -> Iterator[Row]:
    """The cohort that left each junior stage in the summer of the year, followed from its entry three years before."""
    for site in sites:
        leavers = enrolment.leavers(year, site.school_id)
        if leavers is not None:
            yield {
                "school_id": site.school_id,
                "graduate_count": leavers.count,
                "entrant_count": leavers.entrants,
                "transferred_in_count": leavers.transferred_in,
                "transferred_out_count": leavers.transferred_out,
                "death_count": leavers.deaths,
            }


def school_totals(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Classes per school stage, and per school."""
    by_stage: dict[tuple[str, str], int] = {}
    by_school: dict[str, int] = {}
    for row in rows:
        key = (row["school_id"], row["stage"])
        by_stage[key] = by_stage.get(key, 0) + 1
        by_school[row["school_id"]] = by_school.get(row["school_id"], 0) + 1
    return by_stage, by_school
