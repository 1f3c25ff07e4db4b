"""The numerators of resource indicators, written once as Narwhals expressions.

Every expression works on one row per school stage (facts of the stage joined with facts of its school) and gives an
integer in canonical units (persons, 0.01 ㎡, fen). A missing fact makes the whole numerator null; it is never taken as zero.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import narwhals as nw

from junheng.core.standard import Stage

IS_PRIMARY = "is_primary"

DEGREES_ABOVE: Mapping[Stage, tuple[str, ...]] = {
    Stage.PRIMARY: (
        "doctor_teacher_count",
        "master_teacher_count",
        "bachelor_teacher_count",
        "associate_teacher_count",
    ),
    Stage.JUNIOR: ("doctor_teacher_count", "master_teacher_count", "bachelor_teacher_count"),
}
VISITING = (
    "visiting_pe_teacher_count",
    "visiting_music_teacher_count",
    "visiting_fine_art_teacher_count",
    "visiting_art_teacher_count",
)
_OPTIONAL = ("is_art_count_total",)


@dataclass(frozen=True, slots=True)
class Formula:
    """How one numerator is made.

    `stage_fields` and `school_fields` are the facts it needs; `is_shared`: the resource belongs to the school and is shared out
    between its stages; `scale`: canonical units in one unit of the standard; `sum_shift` and `square_shift`: the binary scale at
    which shares and squares are kept as integers (see `junheng.core.dispersion`).
    """

    name: str
    label: str
    expression: Callable[[], nw.Expr]
    stage_fields: tuple[str, ...]
    school_fields: tuple[str, ...]
    is_shared: bool
    scale: int
    sum_shift: int
    square_shift: int

    @property
    def required_stage_fields(self) -> tuple[str, ...]:
        """The stage facts whose absence makes the numerator unknown."""
        return tuple(name for name in self.stage_fields if name not in _OPTIONAL)

    @property
    def fields(self) -> tuple[str, ...]:
        """The facts as `table.field`."""
        stage = tuple(f"stages.{name}" for name in self.stage_fields)
        return stage + tuple(f"schools.{name}" for name in self.school_fields)


def _total(names: tuple[str, ...]) -> nw.Expr:
    expression = nw.col(names[0])
    for name in names[1:]:
        expression = expression + nw.col(name)
    return expression


def _above_standard_teachers() -> nw.Expr:
    primary, junior = (_total(DEGREES_ABOVE[stage]) for stage in (Stage.PRIMARY, Stage.JUNIOR))
    return nw.when(nw.col(IS_PRIMARY)).then(primary).otherwise(junior)


def _pe_and_art_teachers() -> nw.Expr:
    art = nw.col("art_teacher_count")
    parts = nw.col("music_teacher_count") + nw.col("fine_art_teacher_count") + art
    return nw.col("pe_teacher_count") + nw.when(nw.col("is_art_count_total")).then(art).otherwise(parts)


def _people(name: str, label: str, expression: Callable[[], nw.Expr], fields: tuple[str, ...]) -> Formula:
    return Formula(name, label, expression, fields, (), is_shared=False, scale=1, sum_shift=28, square_shift=36)


def _people_field(name: str, label: str, field_id: str) -> Formula:
    return _people(name, label, lambda: nw.col(field_id), (field_id,))


def _area(name: str, label: str, expression: Callable[[], nw.Expr], fields: tuple[str, ...]) -> Formula:
    return Formula(name, label, expression, (), fields, is_shared=True, scale=100, sum_shift=16, square_shift=6)


def _things(name: str, label: str, field_id: str, square_shift: int) -> Formula:
    return Formula(
        name,
        label,
        lambda: nw.col(field_id),
        (),
        (field_id,),
        is_shared=True,
        scale=1,
        sum_shift=28,
        square_shift=square_shift,
    )


_ALL = (
    _people("above_standard_teachers", "高于规定学历教师数", _above_standard_teachers, DEGREES_ABOVE[Stage.PRIMARY]),
    _people_field("backbone_teachers", "县级及以上骨干教师数", "backbone_teacher_count"),
    _people(
        "pe_and_art_teachers",
        "体育、艺术专任教师数",
        _pe_and_art_teachers,
        (
            "pe_teacher_count",
            "music_teacher_count",
            "fine_art_teacher_count",
            "art_teacher_count",
            "is_art_count_total",
        ),
    ),
    _people_field("full_time_teachers", "专任教师数", "full_time_teacher_count"),
    _people_field("titled_teachers", "中级及以上职称专任教师数", "titled_teacher_count"),
    _area(
        "teaching_floor_area_without_sports",
        "教学及辅助用房面积（不含室内体育用房）",
        lambda: nw.col("teaching_floor_area") - nw.col("indoor_sports_area"),
        ("teaching_floor_area", "indoor_sports_area"),
    ),
    _area("teaching_floor_area", "教学及辅助用房面积", lambda: nw.col("teaching_floor_area"), ("teaching_floor_area",)),
    _area(
        "sports_area",
        "体育运动场馆面积",
        lambda: nw.col("outdoor_sports_area") + nw.col("indoor_sports_area"),
        ("outdoor_sports_area", "indoor_sports_area"),
    ),
    Formula(
        "equipment_value",
        "教学仪器设备值",
        lambda: nw.col("equipment_value"),
        (),
        ("equipment_value",),
        is_shared=True,
        scale=100,
        sum_shift=8,
        square_shift=-10,
    ),
    _things("multimedia_classrooms", "网络多媒体教室数", "multimedia_classroom_count", 36),
    _things("computers", "教学用计算机台数", "computer_count", 26),
    _things("books", "图书册数", "book_count", 14),
)

FORMULAS: Mapping[str, Formula] = {formula.name: formula for formula in _ALL}
