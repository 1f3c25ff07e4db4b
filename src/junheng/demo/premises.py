"""Land, buildings, equipment and budgets of each school.

What a school owns was sized for the pupils it had some years ago: where pupils keep coming the value per pupil sinks, where
they leave it rises. Values are canonical: 0.01 ㎡ and 分.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from junheng.demo.draws import Draws, grown, nearest
from junheng.demo.enrolment import DATA_YEAR, Enrolment
from junheng.demo.roster import Site

Row = dict[str, Any]
_REFERENCE_YEARS = (2021, 2022, 2023)
_JUNIOR_WEIGHT, _SENIOR_WEIGHT = 1.1, 1.32
_CENTS_PER_CNY = 100
PRIMARY_FUNDS_NORM, JUNIOR_FUNDS_NORM = 720 * _CENTS_PER_CNY, 940 * _CENTS_PER_CNY
_MINIMUM_FUNDED_PUPILS = 100
_SHORT_OF_TRAINING_MONEY = frozenset({"空言乡乙村小学", "假想民办小学"})


@dataclass(frozen=True, slots=True)
class _Norm:
    """Meant value per primary pupil (or per junior pupil of a school without a primary stage) and factors by area."""

    primary: float
    junior: float
    factors: Mapping[str, float]
    sigma: float


_FLOOR = _Norm(4.5, 5.8, {"urban": 1.05, "town": 1.14, "rural": 1.25}, 0.14)
_SPORTS = _Norm(7.5, 10.2, {"urban": 1.02, "town": 1.25, "rural": 1.45}, 0.20)
_EQUIPMENT = _Norm(2000.0, 2500.0, {"urban": 1.15, "town": 1.08, "rural": 0.95}, 0.14)
_LEAST_FLOOR = 360.0  # the smallest village building, in ㎡
_JUNIOR_SPORTS_SIGMA = 0.48  # what old town junior schools have in land differs most


def school_rows(
    seed: int, sites: tuple[Site, ...], enrolment: Enrolment, year: int, class_counts: Mapping[str, int]
) -> Iterator[Row]:
    """One row per school."""
    for site in sites:
        pupils = {stage: enrolment.size(year, site.school_id, stage) for stage in ("primary", "junior")}
        yield {
            **_identity(site),
            **_pupils(seed, site, sum(pupils.values())),
            **_buildings(seed, site, enrolment),
            **_equipment(seed, site, enrolment, year, class_counts[site.school_id]),
            **_budget(seed, site, enrolment, year),
            **_basic_standard(seed, site),
        }


def _identity(site: Site) -> Row:
    return {
        "school_id": site.school_id,
        "school_name": site.school_name,
        "school_type": site.school_type,
        "organiser_type": "10" if site.is_private else "7",
        "ownership": "private" if site.is_private else "public",
        "area_type": site.area_type,
        "township": site.township,
        "parent_school_id": site.feeds,
        "is_boarding": site.is_boarding,
        "built_year": site.built_year,
        "is_dense_inner_city": site.is_dense,
    }


def _pupils(seed: int, site: Site, pupils: int) -> Row:
    draws = Draws(seed, "migrants", site.school_id)
    share = {"urban": 0.14, "town": 0.05, "rural": 0.01}[site.area_type] * draws.spread(0.3)
    return {
        "migrant_student_count": min(pupils, nearest(pupils * share)),
        "senior_student_count": site.senior or None,
    }


def _buildings(seed: int, site: Site, enrolment: Enrolment) -> Row:
    draws = Draws(seed, "buildings", site.school_id)
    floor = max(_LEAST_FLOOR, _stock(_FLOOR, site, enrolment) * draws.spread(_FLOOR.sigma))
    is_junior_only = bool(site.junior and not site.primary)
    sports = _stock(_SPORTS, site, enrolment) * draws.spread(_JUNIOR_SPORTS_SIGMA if is_junior_only else _SPORTS.sigma)
    has_hall = site.area_type != "rural" and draws.chance(0.6)
    indoor = sports * (0.04 + 0.08 * draws.unit()) if has_hall else 0.0
    return {
        "teaching_floor_area": nearest(floor * 10) * 10 + nearest(indoor * 10) * 10,
        "indoor_sports_area": nearest(indoor * 10) * 10,
        "outdoor_sports_area": nearest((sports - indoor) * 10) * 10,
        "converted_sports_area": draws.whole(300, 900) * 100 if site.is_dense else 0,
        "leased_sports_area": draws.whole(400, 1500) * 100 if site.is_dense else 0,
    }


def _equipment(seed: int, site: Site, enrolment: Enrolment, year: int, classes: int) -> Row:
    draws = Draws(seed, "equipment", site.school_id)
    ago = year - DATA_YEAR
    value = _stock(_EQUIPMENT, site, enrolment) * draws.spread(_EQUIPMENT.sigma)
    senior_classes = site.senior // 50
    extra = 0.02 + 0.16 * draws.unit()
    pupils = sum(enrolment.size(year, site.school_id, stage) for stage in ("primary", "junior")) + site.senior
    return {
        "equipment_value": nearest(grown(value, 0.06, ago)) * _CENTS_PER_CNY,
        "multimedia_classroom_count": max(1, nearest((classes + senior_classes) * (1.0 + extra + 0.03 * ago))),
        "computer_count": max(4, nearest(pupils * 0.14 * draws.spread(0.15))),
        "book_count": nearest(pupils * 26 * draws.spread(0.15)),
    }


def _stock(norm: _Norm, site: Site, enrolment: Enrolment) -> float:
    """What the school was meant to own: the norm of its first stage, per weighted pupil of the reference years."""
    usual = {
        stage: sum(enrolment.size(year, site.school_id, stage) for year in _REFERENCE_YEARS) / len(_REFERENCE_YEARS)
        for stage in ("primary", "junior")
    }
    small = 1.0 + 24.0 / (30.0 + usual["primary"] + usual["junior"])
    weighted = usual["primary"] + _JUNIOR_WEIGHT * usual["junior"] + _SENIOR_WEIGHT * site.senior
    is_integrated = bool(site.junior and (site.primary or site.senior))
    per_weighted = norm.junior / _JUNIOR_WEIGHT if is_integrated or site.junior else norm.primary
    return weighted * per_weighted * norm.factors[site.area_type] * small


def _budget(seed: int, site: Site, enrolment: Enrolment, year: int) -> Row:
    draws = Draws(seed, "budget", site.school_id)
    before = {stage: enrolment.size(year - 1, site.school_id, stage) for stage in ("primary", "junior")}
    pupils = sum(before.values())
    quota = before["primary"] * PRIMARY_FUNDS_NORM + before["junior"] * JUNIOR_FUNDS_NORM
    if pupils < _MINIMUM_FUNDED_PUPILS:
        norm = JUNIOR_FUNDS_NORM if before["junior"] > before["primary"] else PRIMARY_FUNDS_NORM
        quota = max(quota, _MINIMUM_FUNDED_PUPILS * norm)
    budget = quota // 10_000 * 10_000 + draws.whole(1, 40) * 10_000
    share = 0.043 if site.school_name in _SHORT_OF_TRAINING_MONEY else 0.0505 + 0.02 * draws.unit()
    return {
        "public_funds_budget": budget,
        "training_budget": int(budget * share / 10_000) * 10_000 + 10_000,
        "previous_year_student_count": pupils,
        "public_funds_quota": quota,
    }


def _basic_standard(seed: int, site: Site) -> Row:
    draws = Draws(seed, "basic", site.school_id)
    return {
        "school_standard_score": draws.whole(8600, 9800) // 10 * 10,
        "failed_core_indicator_count": 1 if draws.chance(0.15) else 0,
    }
