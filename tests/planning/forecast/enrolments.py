"""Small enrolments for tests: regular ones whose future is plain arithmetic, and random ones of a known process."""

import numpy as np

from junheng.core.standard import Stage
from junheng.planning.forecast import History, history_from_counts

PRIMARY, JUNIOR = Stage.PRIMARY, Stage.JUNIOR
A, B, C = "1000000001", "1000000002", "1000000003"
HALVING = (64, 32, 16, 8, 4, 2)  # half of each grade moves on, 64 enter


def graded(*sizes: int, first: int = 1) -> dict[int, int]:
    """Pupils by grade, from grade `first` on."""
    return dict(enumerate(sizes, start=first))


def regular(years: range = range(2022, 2026), **schools: tuple[int, ...]) -> History:
    """Primary schools (ids `s1`, `s2`, …) with the same grades in every year."""
    return history_from_counts(
        {}, {(name, PRIMARY): {year: graded(*sizes) for year in years} for name, sizes in schools.items()}
    )


def random_county(
    seed: int, schools: int, years: range, *, growth: float = 0.0, noise: float = 0.04, spread: float = 0.01
) -> History:
    """Primary schools of six grades: entrants follow a trend with `noise`, ratios differ by school and scatter like counts."""
    rng = np.random.default_rng(seed)
    grades = {}
    for number in range(schools):
        entry = rng.uniform(20, 200)
        trend = growth + rng.normal(0, 0.01)
        ratios = 0.985 + rng.normal(0, spread, 5)
        current = np.array([entry * np.prod(ratios[:grade]) for grade in range(6)])
        by_year = {}
        for year in years:
            entry *= np.exp(trend)
            moved = current[:-1] * ratios + rng.normal(0, 0.25, 5) * np.sqrt(current[:-1])
            current = np.concatenate([[entry * np.exp(rng.normal(0, noise))], np.maximum(moved, 1)]).round()
            by_year[year] = graded(*(int(size) for size in current))
        grades[f"{2000000000 + number}", PRIMARY] = by_year
    return history_from_counts({}, grades)
