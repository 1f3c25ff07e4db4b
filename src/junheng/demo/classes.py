"""Classes and special rooms of a school."""

from collections.abc import Iterator
from typing import Any

from junheng.demo.draws import Draws, split_evenly
from junheng.demo.enrolment import Enrolment
from junheng.demo.roster import Site

Row = dict[str, Any]
STAGES = ("primary", "junior")
CLASSES_PER_ROOM_PAIR = 12
_BIG_ROOMS = {"music": (96, 120), "fine_art": (90, 112)}
_SMALL_ROOMS = {"music": (62, 94), "fine_art": (55, 88)}
_ROOM_NAMES = {"music": "音乐教室", "fine_art": "美术教室"}


def class_rows(seed: int, sites: tuple[Site, ...], enrolment: Enrolment, year: int) -> Iterator[Row]:
    """One row per class; the classes of a stage sum to its pupils."""
    for site in sites:
        for stage, fullest in zip(STAGES, site.crowding, strict=True):
            for grade, pupils in enrolment.grades(year, site.school_id, stage).items():
                draws = Draws(seed, "classes", site.school_id, year, grade)
                sizes = split_evenly(pupils, -(-pupils // (fullest - 1)), draws)
                for number, size in enumerate(sizes, start=1):
                    yield {
                        "school_id": site.school_id,
                        "stage": stage,
                        "grade": grade,
                        "class_name": f"{number}班",
                        "student_count": size,
                    }


def room_rows(seed: int, sites: tuple[Site, ...], class_counts: dict[str, int]) -> Iterator[Row]:
    """Music and fine-art rooms; `class_counts` are the classes of each school in the data year.

    Most schools have what the norm asks for; in some the rooms are too small, in some one is missing.
    """
    for site in sites:
        needed = -(-class_counts.get(site.school_id, 0) // CLASSES_PER_ROOM_PAIR)
        draws = Draws(seed, "rooms", site.school_id)
        for purpose in ("music", "fine_art"):
            yield from _rooms(site, purpose, needed, draws)


def _rooms(site: Site, purpose: str, needed: int, draws: Draws) -> Iterator[Row]:
    is_village = site.area_type == "rural" and needed <= 1
    is_small = draws.chance(0.18 if is_village else 0.08)
    is_short = draws.chance(0.04)
    for number in range(1, max(0, needed - is_short) + 1):
        ranges = _SMALL_ROOMS if is_small and number == needed else _BIG_ROOMS
        low, high = ranges[purpose]
        yield {
            "school_id": site.school_id,
            "room_name": f"{_ROOM_NAMES[purpose]}{number}",
            "purpose": purpose,
            "area": draws.whole(low * 10, high * 10) * 10,
        }
