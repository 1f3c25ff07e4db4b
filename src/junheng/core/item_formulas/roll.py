"""The schools that items look at: every school with compulsory stages, and what was reported about each.

The roll holds ordinary schools, private ones and all teaching points among them. Items on 所有学校 or on the county's teachers
look at special schools too (`with_special`); classes attached to vocational schools are in no list but `attached_classes`.
The frames are read once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from junheng.core.facts import Facts
from junheng.core.standard import Stage

SPECIAL, ATTACHED = "special_school", "vocational_attached_class"
NOT_ON_ROLL = frozenset({SPECIAL, ATTACHED})
Row = Mapping[str, Any]
_EMPTY: Row = {}


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """The class rows of one school stage: how many, the largest size (None when none is known), how many sizes are missing."""

    count: int
    largest: int | None
    missing_count: int

    @classmethod
    def of(cls, sizes: Sequence[int | None]) -> "ClassSummary":
        """The summary of the sizes of a stage's classes, None where a size is missing."""
        known = [size for size in sizes if size is not None]
        return cls(len(sizes), max(known, default=None), len(sizes) - len(known))


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """One school: its row and the row of each stage, in canonical units."""

    row: Row
    stages: Mapping[Stage, Row]

    @property
    def id(self) -> str:
        """The school's identification code."""
        return str(self.row["school_id"])

    @property
    def name(self) -> str:
        """The school's name; its code when there is no name."""
        return self.row["school_name"] or self.id

    @property
    def school_type(self) -> str | None:
        """The type of school, None when missing."""
        kind: str | None = self.row["school_type"]
        return kind

    @property
    def is_integrated(self) -> bool:
        """True for nine- and twelve-year schools that teach both stages; where only one has pupils it is a school of that one."""
        return self.school_type in ("nine_year_school", "twelve_year_school") and len(self.taught) > 1

    @property
    def taught(self) -> tuple[Stage, ...]:
        """Its stages without those that nobody attends, which have neither classes nor catchment; one without a number counts."""
        return tuple(stage for stage, row in self.stages.items() if row["student_count"] != 0)

    @property
    def student_count(self) -> int | None:
        """Pupils in the compulsory stages; None when a stage has no number or there is no stage at all."""
        return self.total("student_count")

    def total(self, field: str) -> int | None:
        """The sum of a field over the stages; None when one is missing or there is no stage at all."""
        values = [row[field] for row in self.stages.values()]
        return None if not values or None in values else sum(values)


@dataclass(frozen=True)
class Roll:
    """The roll of one county and year."""

    facts: Facts

    @cached_property
    def everyone(self) -> tuple[SchoolRecord, ...]:
        """Every school of the facts, in their order."""
        stages: dict[str, dict[Stage, Row]] = {}
        for row in self.facts.table("stages").rows(named=True):
            stages.setdefault(row["school_id"], {})[Stage(row["stage"])] = row
        rows = self.facts.table("schools").rows(named=True)
        return tuple(SchoolRecord(row, stages.get(row["school_id"], {})) for row in rows)

    @cached_property
    def schools(self) -> tuple[SchoolRecord, ...]:
        """Every school on the roll, in the order of the facts."""
        return tuple(school for school in self.everyone if school.school_type not in NOT_ON_ROLL)

    @cached_property
    def with_special(self) -> tuple[SchoolRecord, ...]:
        """The roll and the special schools, in the order of the facts."""
        return tuple(school for school in self.everyone if school.school_type != ATTACHED)

    @cached_property
    def attached_classes(self) -> tuple[SchoolRecord, ...]:
        """The classes attached to vocational schools, in the order of the facts."""
        return tuple(school for school in self.everyone if school.school_type == ATTACHED)

    @cached_property
    def by_id(self) -> Mapping[str, SchoolRecord]:
        """The schools on the roll by identification code."""
        return {school.id: school for school in self.schools}

    @cached_property
    def classes(self) -> Mapping[tuple[str, str], ClassSummary]:
        """What the class rows say, by (school id, stage); stages without class rows are not in it."""
        sizes: dict[tuple[str, str], list[int | None]] = {}
        for school_id, stage, size in self.class_rows("school_id", "stage", "student_count"):
            sizes.setdefault((school_id, stage), []).append(size)
        return {place: ClassSummary.of(listed) for place, listed in sizes.items()}

    def class_rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Columns of the class rows, row by row in the order of the facts. A county has few classes: plain values are faster than
        asking an engine."""
        frame = self.facts.table("classes")
        return zip(*(frame.get_column(name).to_list() for name in names), strict=True)

    @cached_property
    def rooms(self) -> Mapping[str, list[Row]]:
        """The music and art rooms by school id; schools without a row are not in it."""
        rooms: dict[str, list[Row]] = {}
        for row in self.facts.table("rooms").rows(named=True):
            rooms.setdefault(row["school_id"], []).append(row)
        return rooms

    @cached_property
    def cohorts(self) -> Mapping[str, Row]:
        """The leaving cohort by school id."""
        return {row["school_id"]: row for row in self.facts.table("cohorts").rows(named=True)}

    @cached_property
    def spending(self) -> tuple[Row, ...]:
        """The rows of spending years up to the year of the facts, oldest first."""
        rows = (
            row for row in self.facts.table("county_years").rows(named=True) if row["spending_year"] <= self.facts.year
        )
        return tuple(sorted(rows, key=lambda row: row["spending_year"]))

    @cached_property
    def county(self) -> Row:
        """The row of county facts; empty when there is none."""
        rows = self.facts.table("county").rows(named=True)
        return rows[0] if rows else _EMPTY

    def largest_class(self, school: SchoolRecord) -> int | None:
        """The size of the largest class; None when a stage has no class rows or a size is missing."""
        summaries = [self.classes.get((school.id, stage.value)) for stage in school.taught]
        sizes = [entry.largest for entry in summaries if entry is not None and not entry.missing_count]
        known = [size for size in sizes if size is not None]
        return max(known) if known and len(known) == len(summaries) else None

    def class_count(self, school: SchoolRecord) -> int | None:
        """Compulsory classes: as reported per stage, else the number of class rows; None when a stage has neither."""
        counts = [self._stage_class_count(school, stage) for stage in school.stages]
        known = [count for count in counts if count is not None]
        return sum(known) if counts and len(known) == len(counts) else None

    def least_class_count(self, school: SchoolRecord) -> int:
        """The classes that are known to be there, whatever the stages without a number have."""
        return sum(self._stage_class_count(school, stage) or 0 for stage in school.stages)

    def _stage_class_count(self, school: SchoolRecord, stage: Stage) -> int | None:
        reported: int | None = school.stages[stage]["class_count"]
        if reported is not None:
            return reported
        summary = self.classes.get((school.id, stage.value))
        if summary is not None:
            return summary.count
        return None if stage in school.taught else 0
