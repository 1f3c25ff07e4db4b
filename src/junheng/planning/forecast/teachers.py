"""Full-time teachers to come: retirements by age, attrition, planned hiring.

Ages are no facts of the dictionary; people give them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

from junheng.core.errors import InputError
from junheng.core.explain_node import STAGE_LABEL
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level, Location
from junheng.core.standard import Stage
from junheng.planning.forecast.history import Row

_MOST_NAMED = 5
_NO_GROUP = ""  # of those whose age nobody told, so that they do not retire


@dataclass(frozen=True)
class TeacherAges:
    """The ages of full-time teachers at the end of the facts' year.

    `counts[row][group][age]` are persons; a group is a set of teachers who retire at the same age (men, women, women in
    management, …), named as people like.
    """

    counts: Mapping[Row, Mapping[str, Mapping[int, int]]]

    def __post_init__(self) -> None:
        for groups in self.counts.values():
            for ages in groups.values():
                if any(count < 0 for count in ages.values()):
                    raise InputError("教师年龄表里有负的人数,请改正后再预测。")

    def total(self, row: Row) -> int:
        """All teachers of a school stage."""
        return sum(sum(ages.values()) for ages in self.counts[row].values())


@dataclass(frozen=True)
class TeacherOptions:
    """What is assumed of teachers; None is not known, and then nothing is forecast from it.

    `retirement_age[group]` is the age at which a teacher of the group leaves in that year; `attrition` the share of the others
    who leave in a year; `hiring[row][year]` the teachers who will be hired (a row without an entry hires nobody).
    """

    to_year: int
    retirement_age: Mapping[str, int] = field(default_factory=dict)
    attrition: float | None = None
    hiring: Mapping[Row, Mapping[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.attrition is not None and not 0 <= self.attrition < 1:
            raise InputError(f"教师年流失率应在 0 与 1 之间,现在是 {self.attrition}。")
        if any(count < 0 for of_years in self.hiring.values() for count in of_years.values()):
            raise InputError("教师招聘计划里有负数,请改正后再预测。")


@dataclass(frozen=True, slots=True)
class TeacherYear:
    """One school stage in one year: expected persons, and the standard deviation of `count` that chance in leaving gives."""

    year: int
    retired: float
    left: float
    hired: int
    count: float
    deviation: float


@dataclass(frozen=True)
class TeacherForecast:
    """The years of every stage that could be forecast, and findings on the others."""

    rows: Mapping[Row, tuple[TeacherYear, ...]]
    findings: tuple[Finding, ...]

    def county(self) -> tuple[TeacherYear, ...]:
        """All stages together, year by year."""
        by_year = zip(*self.rows.values(), strict=True)
        return tuple(
            TeacherYear(
                year=entries[0].year,
                retired=sum(entry.retired for entry in entries),
                left=sum(entry.left for entry in entries),
                hired=sum(entry.hired for entry in entries),
                count=sum(entry.count for entry in entries),
                deviation=sqrt(sum(entry.deviation**2 for entry in entries)),
            )
            for entries in by_year
        )


def forecast_teachers(facts: Facts, ages: TeacherAges | None, options: TeacherOptions) -> TeacherForecast:
    """Teachers of every stage year by year: those who retire, those of the others who leave, those who are hired.

    Hired teachers are taken to be young: they may leave, but do not retire. Of a stage without ages nobody retires, and a warning
    says so. Without retirement ages or attrition, or with neither ages nor attrition, there is a finding and no forecast. Where
    the ages do not add up to the reported teachers, the ages count and a warning says so.
    InputError when the year is not after that of the facts.
    """
    if options.to_year <= facts.year:
        raise InputError(f"预测到 {options.to_year} 年做不到:数据已是 {facts.year} 年的。")
    if ages is None and options.attrition is None:
        return TeacherForecast({}, (_finding("教师年龄表", "没有教师年龄,推不出退休人数,不作教师预测。"),))
    known = ages or TeacherAges({})
    findings = list(_missing_assumptions(known, options))
    if findings:
        return TeacherForecast({}, tuple(findings))
    rows: dict[Row, tuple[TeacherYear, ...]] = {}
    without: list[str] = []
    columns = facts.table("stages").select("school_id", "stage", "full_time_teacher_count")
    names = dict(facts.table("schools").select("school_id", "school_name").iter_rows())
    for school_id, stage, reported in sorted(columns.iter_rows(), key=lambda entry: entry[:2]):
        row = (school_id, Stage(stage))
        name = f"{names.get(school_id) or school_id}（{STAGE_LABEL[row[1]]}）"
        if row not in known.counts:
            without.append(name)
            if reported is not None:
                rows[row] = tuple(_years(row, {_NO_GROUP: {0: reported}}, options, facts.year))
            continue
        if reported is not None and reported != known.total(row):
            text = f"{name}年龄表合计{known.total(row)}人,学段表是专任教师{reported}人;预测按年龄表。"
            findings.append(_finding(name, text, "请核对年龄表与学段表。"))
        rows[row] = tuple(_years(row, known.counts[row], options, facts.year))
    if without:
        named = "、".join(without[:_MOST_NAMED]) + ("等" if len(without) > _MOST_NAMED else "")
        text = f"{len(without)}个学段没有教师年龄,只按流失率推算,没有计入退休:{named}。"
        findings.append(_finding("教师年龄表", text))
    return TeacherForecast(rows, tuple(findings))


def _finding(subject: str, text: str, hint: str = "请补填后重新预测。") -> Finding:
    return Finding(Level.WARNING, "forecast-teachers", text, hint, Location(subject=subject))


def _missing_assumptions(ages: TeacherAges, options: TeacherOptions) -> list[Finding]:
    groups = sorted({group for groups in ages.counts.values() for group in groups})
    missing = [group for group in groups if group not in options.retirement_age]
    findings = []
    if missing:
        findings.append(_finding("退休年龄", f"没有给出这些教师的退休年龄:{'、'.join(missing)};不作教师预测。"))
    if options.attrition is None:
        findings.append(_finding("流失率", "没有给出退休以外的年流失率,不作教师预测。", "没有流失的请填 0。"))
    return findings


def _years(row: Row, groups: Mapping[str, Mapping[int, int]], options: TeacherOptions, start: int) -> list[TeacherYear]:
    """Everyone grows a year older, retires at the age of the group, or else stays with probability 1 − attrition."""
    assert options.attrition is not None
    stays = 1.0 - options.attrition
    hired_so_far: list[int] = []
    found = []
    for ahead in range(1, options.to_year - start + 1):
        serving = _serving(groups, options, ahead)
        before = _serving(groups, options, ahead - 1)
        young = [count * stays ** (ahead - 2 - place) for place, count in enumerate(hired_so_far)]
        hired = options.hiring.get(row, {}).get(start + ahead, 0)
        retired = (before - serving) * stays ** (ahead - 1)
        left = (serving * stays ** (ahead - 1) + sum(young)) * options.attrition
        hired_so_far.append(hired)
        chances = [(serving, stays**ahead)]
        chances += [(count, stays ** (ahead - 1 - place)) for place, count in enumerate(hired_so_far)]
        found.append(
            TeacherYear(
                year=start + ahead,
                retired=retired,
                left=left,
                hired=hired,
                count=sum(count * chance for count, chance in chances),
                deviation=sqrt(sum(count * chance * (1 - chance) for count, chance in chances)),
            )
        )
    return found


def _serving(groups: Mapping[str, Mapping[int, int]], options: TeacherOptions, ahead: int) -> int:
    """How many of today's teachers are still below the age of their group after so many years (all of them after none)."""
    if not ahead:
        return sum(sum(of_ages.values()) for of_ages in groups.values())
    return sum(
        count
        for group, of_ages in groups.items()
        for age, count in of_ages.items()
        if group == _NO_GROUP or age + ahead < options.retirement_age[group]
    )
