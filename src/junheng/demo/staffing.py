"""Teachers of each stage: numbers, degrees, backbone teachers, subjects, certificates and training."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from junheng.demo.draws import Draws, nearest
from junheng.demo.enrolment import DATA_YEAR, Enrolment
from junheng.demo.roster import Site

Row = dict[str, Any]
_STAGES = ("primary", "junior")


@dataclass(frozen=True, slots=True)
class _Profile:
    """What is usual for a stage and area: teachers per class; per 100 pupils: backbone and PE-and-art teachers."""

    per_class: float
    backbone: float
    backbone_sigma: float
    arts: float
    above_standard: float


_PROFILES = {
    ("primary", "urban"): _Profile(2.35, 1.36, 0.22, 1.08, 0.985),
    ("primary", "town"): _Profile(2.30, 1.22, 0.28, 1.12, 0.97),
    ("primary", "rural"): _Profile(1.55, 1.35, 0.35, 1.45, 0.94),
    ("junior", "urban"): _Profile(3.85, 1.75, 0.55, 1.10, 0.93),
    ("junior", "town"): _Profile(3.70, 1.25, 0.45, 1.10, 0.90),
    ("junior", "rural"): _Profile(3.60, 1.30, 0.40, 1.30, 0.88),
}
_SCHOOLS_BEHIND_IN_TRAINING = frozenset({"例题镇第二小学", "乌有镇丁村教学点", "拟制民办学校"})


def stage_rows(
    seed: int, sites: tuple[Site, ...], enrolment: Enrolment, year: int, class_counts: Mapping[tuple[str, str], int]
) -> Iterator[Row]:
    """One row per school stage that has pupils."""
    for site in sites:
        for stage in _STAGES:
            pupils = enrolment.size(year, site.school_id, stage)
            if pupils:
                grades = len(enrolment.grades(year, site.school_id, stage))
                classes = class_counts[site.school_id, stage]
                yield _stage_row(seed, site, stage, year, (pupils, grades, classes))


def _stage_row(seed: int, site: Site, stage: str, year: int, size: tuple[int, int, int]) -> Row:
    pupils, grades, classes = size
    draws = Draws(seed, "staff", site.school_id, stage)
    profile = _PROFILES[stage, site.area_type]
    usual = classes * profile.per_class + (1 if site.area_type == "rural" else 2)
    teachers = max(2, nearest(usual * draws.spread(0.07) * (1.0 - 0.008 * (DATA_YEAR - year))))
    behind = min(teachers - 1, 2) if site.school_name in _SCHOOLS_BEHIND_IN_TRAINING else 0
    return {
        "school_id": site.school_id,
        "stage": stage,
        "student_count": pupils,
        "grade_count": grades,
        "class_count": classes,
        "staff_count": teachers + draws.count(teachers * 0.06),
        "full_time_teacher_count": teachers,
        **_degrees(draws, profile, stage, teachers, year),
        "backbone_teacher_count": _backbone(draws, profile, pupils, teachers, year),
        **_subjects(draws, profile, site, pupils, teachers),
        **_visiting(draws, site, pupils),
        "certified_teacher_count": teachers,
        "trained_teacher_count": teachers - behind,
        "titled_teacher_count": nearest(teachers * (0.45 + 0.25 * draws.unit())),
        "in_catchment_student_count": _in_catchment(draws, site, stage, pupils),
    }


def _degrees(draws: Draws, profile: _Profile, stage: str, teachers: int, year: int) -> Row:
    share = min(0.995, profile.above_standard * draws.spread(0.02)) - 0.006 * (DATA_YEAR - year)
    above = min(teachers, nearest(teachers * share))
    master = nearest(above * (0.06 if stage == "junior" else 0.03) * draws.unit())
    if stage == "junior":
        bachelor, associate = above - master, nearest((teachers - above) * 0.9)
    else:
        associate = nearest((above - master) * (0.15 + 0.25 * draws.unit()))
        bachelor = above - master - associate
    return {
        "doctor_teacher_count": 0,
        "master_teacher_count": master,
        "bachelor_teacher_count": bachelor,
        "associate_teacher_count": associate,
        "below_associate_teacher_count": teachers - master - bachelor - associate,
    }


def _backbone(draws: Draws, profile: _Profile, pupils: int, teachers: int, year: int) -> int:
    rate = profile.backbone * draws.spread(profile.backbone_sigma) * (1.0 - 0.03 * (DATA_YEAR - year))
    return min(teachers, draws.count(pupils * rate / 100))


def _subjects(draws: Draws, profile: _Profile, site: Site, pupils: int, teachers: int) -> Row:
    total = min(teachers, draws.count(pupils * profile.arts * draws.spread(0.12) / 100))
    physical = (total + 1) // 2
    music = (total - physical + 1) // 2
    fine_art = total - physical - music
    is_total = site.area_type == "town" or draws.chance(0.25)
    return {
        "pe_teacher_count": physical,
        "music_teacher_count": music,
        "fine_art_teacher_count": fine_art,
        "art_teacher_count": music + fine_art if is_total else 0,
        "is_art_count_total": is_total,
    }


def _visiting(draws: Draws, site: Site, pupils: int) -> Row:
    is_helped = site.area_type == "rural" and pupils < 100
    names = ("pe", "music", "fine_art", "art")
    return {f"visiting_{name}_teacher_count": int(is_helped and draws.chance(0.4)) for name in names}


def _in_catchment(draws: Draws, site: Site, stage: str, pupils: int) -> int | None:
    if not site.is_simulated:
        return None
    if site.is_private:
        return nearest(pupils * (0.4 + 0.2 * draws.unit()))
    if stage == "primary":
        return pupils
    return pupils - draws.count(pupils * 0.04 * draws.unit())
