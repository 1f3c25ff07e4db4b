"""Pupils through the years: every cohort is followed from its entry, so that one year explains the next.

First grades follow the trend of their area; each summer a cohort moves up, loses some pupils and wins others; teaching
points hand their top grade to the township's central school; all leavers of grade 6 are shared out to the junior schools.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from junheng.demo.draws import Draws, apportion, grown, nearest
from junheng.demo.roster import Site

DATA_YEAR = 2025
_FIRST_YEAR = 2010
_STAY_IN_COUNTY = 0.99
_LAST_PRIMARY, _FIRST_JUNIOR, _LAST_JUNIOR = 6, 7, 9
_LEAVING = {"urban": (0.006, 0.014), "town": (0.012, 0.010), "rural": (0.026, 0.006)}  # shares leaving, coming


@dataclass(frozen=True, slots=True)
class Cohort:
    """The pupils of one grade of one school, with what happened to them since they entered the stage."""

    count: int
    entrants: int
    transferred_in: int = 0
    transferred_out: int = 0
    deaths: int = 0


School = Mapping[int, Cohort]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """All cohorts of all schools by year: `years[year][school_id][grade]`."""

    years: Mapping[int, Mapping[str, School]]

    def size(self, year: int, school_id: str, stage: str) -> int:
        """Pupils of one stage of one school."""
        grades = self.grades(year, school_id, stage)
        return sum(grades.values())

    def grades(self, year: int, school_id: str, stage: str) -> dict[int, int]:
        """Pupils by grade; grades without pupils are left out."""
        low, high = (1, _LAST_PRIMARY) if stage == "primary" else (_FIRST_JUNIOR, _LAST_JUNIOR)
        school = self.years[year][school_id]
        return {
            grade: cohort.count for grade, cohort in sorted(school.items()) if low <= grade <= high and cohort.count
        }

    def leavers(self, year: int, school_id: str) -> Cohort | None:
        """The cohort that left grade 9 in the summer of the year; None when the school had none."""
        return self.years[year - 1][school_id].get(_LAST_JUNIOR)


def simulate(seed: int, sites: tuple[Site, ...]) -> Enrolment:
    """The enrolment of every school from the first simulated year to the data year."""
    current = {site.school_id: _start(seed, site) for site in sites}
    years = {_FIRST_YEAR: current}
    for year in range(_FIRST_YEAR + 1, DATA_YEAR + 1):
        current = _next_year(seed, sites, current, year)
        years[year] = current
    return Enrolment(years)


def _first_grade(seed: int, site: Site, year: int) -> int:
    draws = Draws(seed, "intake", site.school_id, year)
    trend = grown(site.primary / site.last_primary_grade, site.growth(), year - DATA_YEAR)
    return max(4, nearest(trend * draws.spread(0.04))) if site.primary else 0


def _start(seed: int, site: Site) -> dict[int, Cohort]:
    if not site.is_simulated:
        return _fixed(seed, site, _FIRST_YEAR)
    school: dict[int, Cohort] = {}
    if site.primary:
        size = _first_grade(seed, site, _FIRST_YEAR)
        school.update({grade: Cohort(size, size) for grade in range(1, site.last_primary_grade + 1)})
    if site.junior:
        size = nearest(site.junior / 3)
        school.update({grade: Cohort(size, size) for grade in range(_FIRST_JUNIOR, _LAST_JUNIOR + 1)})
    return school


def _next_year(
    seed: int, sites: tuple[Site, ...], before: Mapping[str, School], year: int
) -> dict[str, dict[int, Cohort]]:
    after: dict[str, dict[int, Cohort]] = {site.school_id: {} for site in sites}
    leavers = 0
    handed_on: dict[tuple[str, int], int] = {}
    for site in sites:
        if not site.is_simulated:
            after[site.school_id] = _fixed(seed, site, year)
            continue
        for grade, cohort in before[site.school_id].items():
            if grade == _LAST_PRIMARY:
                leavers += cohort.count
            elif grade == site.last_primary_grade and site.feeds:
                target = (site.feeds, grade + 1)
                handed_on[target] = handed_on.get(target, 0) + cohort.count
            elif grade != _LAST_JUNIOR:
                after[site.school_id][grade + 1] = _aged(seed, site, year, grade, cohort)
        if site.primary:
            size = _first_grade(seed, site, year)
            after[site.school_id][1] = Cohort(size, size)
    _receive(after, handed_on)
    _enter_junior(seed, sites, after, leavers, year)
    return after


def _receive(after: dict[str, dict[int, Cohort]], handed_on: Mapping[tuple[str, int], int]) -> None:
    for (school_id, grade), count in handed_on.items():
        cohort = after[school_id][grade]
        after[school_id][grade] = replace(
            cohort, count=cohort.count + count, transferred_in=cohort.transferred_in + count
        )


def _enter_junior(
    seed: int, sites: tuple[Site, ...], after: dict[str, dict[int, Cohort]], leavers: int, year: int
) -> None:
    weights = {
        site.school_id: grown(site.junior, site.growth(), year - DATA_YEAR)
        * Draws(seed, "junior", site.school_id, year).spread(0.03)
        for site in sites
        if site.junior and site.is_simulated
    }
    for school_id, size in apportion(nearest(leavers * _STAY_IN_COUNTY), weights).items():
        after[school_id][_FIRST_JUNIOR] = Cohort(size, size)


def _aged(seed: int, site: Site, year: int, grade: int, cohort: Cohort) -> Cohort:
    draws = Draws(seed, "aged", site.school_id, year, grade)
    leaving, coming = _LEAVING[site.area_type]
    out = min(cohort.count, draws.count(cohort.count * leaving * draws.spread(0.3)))
    into = draws.count(cohort.count * coming * draws.spread(0.3))
    died = 1 if draws.chance(cohort.count * 0.0001) else 0
    dropped = draws.count(cohort.count * 0.004) if grade >= _FIRST_JUNIOR else 0
    return Cohort(
        count=max(0, cohort.count - out - died - dropped) + into,
        entrants=cohort.entrants,
        transferred_in=cohort.transferred_in + into,
        transferred_out=cohort.transferred_out + out,
        deaths=cohort.deaths + died,
    )


def _fixed(seed: int, site: Site, year: int) -> dict[int, Cohort]:
    school: dict[int, Cohort] = {}
    for first, last, pupils in ((1, _LAST_PRIMARY, site.primary), (_FIRST_JUNIOR, _LAST_JUNIOR, site.junior)):
        for grade in range(first, last + 1) if pupils else ():
            entered = year - (grade - first)
            draws = Draws(seed, "fixed", site.school_id, first, entered)
            size = max(3, nearest(pupils / (last - first + 1) * draws.spread(0.08)))
            school[grade] = Cohort(size, size)
    return school
