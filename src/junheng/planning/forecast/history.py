"""What past years say about pupils: one row per school stage, one layer per year, grades where they are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.core.errors import InputError
from junheng.core.explain_node import STAGE_LABEL
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level
from junheng.core.stages import MAX_PUPILS
from junheng.core.standard import Stage

GRADES = 9
Row = tuple[str, Stage]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class History:
    """Pupils of past years as integer arrays.

    `years` follow each other without a gap; `rows` are school stages in the order of their ids. `totals[year, row]` are the
    pupils of the stage and `pupils[year, row, grade - 1]` those of grades 1 to 9. What is not known is 0 there and False in
    `has_total` or `has_grades`; missing is never zero. `findings` say what could not be told. InputError when the parts do not
    fit together.
    """

    years: tuple[int, ...]
    rows: tuple[Row, ...]
    totals: Counts
    has_total: Flags
    pupils: Counts
    has_grades: Flags
    names: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if not self.years or any(later - earlier != 1 for earlier, later in pairwise(self.years)):
            raise InputError(f"历年数据的年度应逐年相连,现在是:{'、'.join(map(str, self.years)) or '没有年度'}。")
        if list(self.rows) != sorted(set(self.rows)):
            raise InputError("历年数据的学段应按学校标识码排列,且不能重复。")
        shape = (len(self.years), len(self.rows))
        if self.totals.shape != shape or self.pupils.shape != (*shape, GRADES):
            raise InputError(f"历年数据的数组大小应是 {shape} 和 {(*shape, GRADES)}。")
        if (self.totals < 0).any() or (self.pupils < 0).any():
            raise InputError("历年数据里有负的学生数,请改正后再预测。")

    @property
    def last_year(self) -> int:
        """The year the forecast starts from."""
        return self.years[-1]

    def name(self, school_id: str) -> str:
        """The school's name; its id when it has none."""
        return self.names.get(school_id, school_id)

    def until(self, year: int) -> "History":
        """The same without the years after `year`; InputError when no year is left."""
        kept = sum(entry <= year for entry in self.years)
        return History(
            self.years[:kept],
            self.rows,
            self.totals[:kept],
            self.has_total[:kept],
            self.pupils[:kept],
            self.has_grades[:kept],
            self.names,
            self.findings,
        )


def history_from_counts(
    totals: Mapping[Row, Mapping[int, int]],
    grades: Mapping[Row, Mapping[int, Mapping[int, int]]] | None = None,
    names: Mapping[str, str] | None = None,
    findings: Iterable[Finding] = (),
) -> History:
    """A history from plain numbers: `totals[row][year]` and `grades[row][year][grade]`, in any order.

    Where grades are given their sum is the total; a year that is named nowhere for a row is missing. InputError when nothing is
    given.
    """
    grades = grades or {}
    rows = sorted({*totals, *grades})
    named = {year for source in (totals, grades) for row in source.values() for year in row}
    if not named:
        raise InputError("没有任何一年的学生数,无法预测。请提供至少相邻两年的数据。")
    years = tuple(range(min(named), max(named) + 1))
    shape = (len(years), len(rows))
    counts, has_total = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
    pupils, has_grades = np.zeros((*shape, GRADES), np.int64), np.zeros(shape, np.bool_)
    for place, row in enumerate(rows):
        for year, count in totals.get(row, {}).items():
            counts[year - years[0], place] = count
            has_total[year - years[0], place] = True
        for year, by_grade in grades.get(row, {}).items():
            for grade, count in by_grade.items():
                pupils[year - years[0], place, grade - 1] = count
            counts[year - years[0], place] = sum(by_grade.values())
            has_total[year - years[0], place] = has_grades[year - years[0], place] = True
    return History(years, tuple(rows), counts, has_total, pupils, has_grades, names or {}, tuple(findings))


def history_of(facts: Sequence[Facts]) -> History:
    """The history that facts of several years tell, in any order of years.

    Grades come from the class rows; where these do not sum to the stage's pupils, its pupils are shared out over the grades in
    proportion and a warning says so. Stages without class rows have their total only (an info); stages without a number, or
    with one that no stage can have, are missing (a warning). InputError when two facts are of the same year or of different
    counties.
    """
    ordered = sorted(facts, key=lambda entry: entry.year)
    _require_one_county(ordered)
    totals: dict[Row, dict[int, int]] = {}
    grades: dict[Row, dict[int, dict[int, int]]] = {}
    names: dict[str, str] = {}
    findings: list[Finding] = []
    for entry in ordered:
        for school_id, name in entry.table("schools").select("school_id", "school_name").iter_rows():
            names[school_id] = name or school_id
        classes = _class_sums(entry)
        for school_id, stage, count in entry.table("stages").select("school_id", "stage", "student_count").iter_rows():
            row = (school_id, Stage(stage))
            if count is None or not 0 <= count <= MAX_PUPILS:
                findings.append(_unknown_total(entry, row, names))
                continue
            totals.setdefault(row, {})[entry.year] = count
            by_grade = classes.get(row)
            if by_grade and any(by_grade.values()):
                grades.setdefault(row, {})[entry.year] = _fitted(by_grade, count)
                if sum(by_grade.values()) != count:
                    findings.append(_uneven(entry, row, names, sum(by_grade.values()), count))
            elif count:
                findings.append(_without_grades(entry, row, names))
    return history_from_counts(totals, grades, names, findings)


def _require_one_county(facts: Sequence[Facts]) -> None:
    years = [entry.year for entry in facts]
    doubles = sorted({year for year in years if years.count(year) > 1})
    if doubles:
        raise InputError(f"有两份 {doubles[0]} 年的数据。请每年只给一份。")
    counties = sorted({entry.county_code for entry in facts})
    if len(counties) > 1:
        raise InputError(f"数据来自不同的县:{'、'.join(counties)}。请只给一个县的历年数据。")


def _class_sums(facts: Facts) -> dict[Row, dict[int, int]]:
    """Pupils per grade of every stage with class rows; a stage with a class without grade or size is left out."""
    sums: dict[Row, dict[int, int]] = {}
    broken: set[Row] = set()
    columns = facts.table("classes").select("school_id", "stage", "grade", "student_count")
    for school_id, stage, grade, count in columns.iter_rows():
        row = (school_id, Stage(stage))
        if grade is None or count is None or not 1 <= grade <= GRADES or not 0 <= count <= MAX_PUPILS:
            broken.add(row)
        else:
            of_row = sums.setdefault(row, {})
            of_row[grade] = of_row.get(grade, 0) + count
    return {row: by_grade for row, by_grade in sums.items() if row not in broken}


def _fitted(by_grade: Mapping[int, int], total: int) -> dict[int, int]:
    """The grades in proportion, in whole pupils that sum to the total (largest remainders, lower grade first)."""
    whole = sum(by_grade.values())
    if whole == total:
        return dict(by_grade)
    shares = {grade: divmod(count * total, whole) for grade, count in by_grade.items()}
    fitted = {grade: share for grade, (share, _) in shares.items()}
    order = sorted(shares, key=lambda grade: (-shares[grade][1], grade))
    for grade in order[: total - sum(fitted.values())]:
        fitted[grade] += 1
    return fitted


def _place(facts: Facts, row: Row, names: Mapping[str, str]) -> tuple[str, Any]:
    school_id, stage = row
    name = names.get(school_id, school_id)
    location = facts.locate("stages", (school_id, stage.value), "student_count", name)
    return f"{name}（{STAGE_LABEL[stage]}）{facts.year}年", location


def _unknown_total(facts: Facts, row: Row, names: Mapping[str, str]) -> Finding:
    where, location = _place(facts, row, names)
    text = f"{where}没有可用的在校学生数,这一年不用于预测。"
    return Finding(Level.WARNING, "forecast-students-missing", text, "请在学段表补填或改正在校学生数。", location)


def _uneven(facts: Facts, row: Row, names: Mapping[str, str], of_classes: int, total: int) -> Finding:
    where, location = _place(facts, row, names)
    text = f"{where}各班学生合计{of_classes}人,学段表是{total}人;各年级按班级表的比例折算到{total}人。"
    return Finding(Level.WARNING, "forecast-classes-uneven", text, "请核对班级表与学段表的学生数。", location)


def _without_grades(facts: Facts, row: Row, names: Mapping[str, str]) -> Finding:
    where, location = _place(facts, row, names)
    text = f"{where}没有完整的班级表,不知道各年级人数,只能用学段总数。"
    return Finding(Level.INFO, "forecast-grades-unknown", text, "补填班级表后,可按年级逐年推算。", location)
