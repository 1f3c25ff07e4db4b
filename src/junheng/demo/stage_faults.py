"""Faults to plant in the tables of stages, classes and leaving cohorts."""

from junheng.demo.fault_kinds import (
    Change,
    FaultKind,
    Row,
    Tables,
    above,
    add_copy,
    kinds,
    of_stage,
    put,
    times,
)

_UNKNOWN_ID = "9999099998"
_PRIMARY = of_stage("primary")
_JUNIOR = of_stage("junior")
_LARGE = of_stage("primary", at_least=300)
_HUGE = of_stage("primary", at_least=850)
_DEGREES = (
    "doctor_teacher_count",
    "master_teacher_count",
    "bachelor_teacher_count",
    "associate_teacher_count",
    "below_associate_teacher_count",
)
_TEACHERS = (
    "full_time_teacher_count", *_DEGREES, "backbone_teacher_count", "pe_teacher_count", "music_teacher_count",
    "fine_art_teacher_count", "art_teacher_count", "certified_teacher_count", "trained_teacher_count",
    "titled_teacher_count",
)  # fmt: skip


def _has_art_teachers(row: Row, school: Row) -> bool:
    return _PRIMARY(row, school) and row["music_teacher_count"] > 0 and row["fine_art_teacher_count"] > 0


def _has_art_total(row: Row, school: Row) -> bool:
    return _has_art_teachers(row, school) and row["is_art_count_total"]


def _teachers(share: int, divisor: int) -> Change:
    """All counts of teachers at a fraction of what they were (cut down, so that sums stay within their totals)."""

    def change(_: Tables, row: Row) -> Row:
        row.update({name: row[name] * share // divisor for name in _TEACHERS})
        row["staff_count"] = max(row["staff_count"], row["full_time_teacher_count"])
        return row

    return change


def _without_classes(tables: Tables, row: Row) -> Row:
    place = (row["school_id"], row["stage"])
    tables["classes"] = [entry for entry in tables["classes"] if (entry["school_id"], entry["stage"]) != place]
    return row


def _one_class_larger(tables: Tables, row: Row) -> Row:
    place = (row["school_id"], row["stage"])
    next(entry for entry in tables["classes"] if (entry["school_id"], entry["stage"]) == place)["student_count"] += 7
    return row


_COUNTS = {
    "check-stage-required": ("student_count", "在校学生数没有填", put(student_count=None), _PRIMARY),
    "check-stage-negative": ("titled_teacher_count", "中级职称教师是负数", put(titled_teacher_count=-1), _PRIMARY),
    "check-stage-duplicate": ("stage", "同一学段填了两行", add_copy("stages"), _PRIMARY),
    "check-stage-school-unknown": (
        "school_id", "学段挂在不存在的学校名下", add_copy("stages", school_id=_UNKNOWN_ID), _PRIMARY,
    ),
    "check-stage-staffing-missing": (
        "backbone_teacher_count", "骨干教师数没有填", put(backbone_teacher_count=None), _PRIMARY,
    ),
    "check-stage-degrees-exceed": (
        "full_time_teacher_count", "各学历教师合计多于专任教师",
        put(bachelor_teacher_count=above("bachelor_teacher_count", 15)), _PRIMARY,
    ),
    "check-stage-degrees-fall-short": (
        "full_time_teacher_count", "各学历教师合计少于专任教师",
        put(bachelor_teacher_count=0), _PRIMARY,
    ),
    "check-stage-backbone-exceeds": (
        "backbone_teacher_count", "骨干教师多于专任教师",
        put(backbone_teacher_count=above("full_time_teacher_count")), _PRIMARY,
    ),
    "check-stage-certified-exceeds": (
        "certified_teacher_count", "持证教师多于专任教师",
        put(certified_teacher_count=above("full_time_teacher_count")), _PRIMARY,
    ),
    "check-stage-trained-exceeds": (
        "trained_teacher_count", "培训合格教师多于专任教师",
        put(trained_teacher_count=above("full_time_teacher_count", 3)), _PRIMARY,
    ),
    "check-stage-titled-exceeds": (
        "titled_teacher_count", "中级及以上职称教师多于专任教师",
        put(titled_teacher_count=above("full_time_teacher_count", 2)), _JUNIOR,
    ),
    "check-stage-arts-exceed": (
        "art_teacher_count", "体育教师多于专任教师", put(pe_teacher_count=above("full_time_teacher_count", 5)), _PRIMARY,
    ),
    "check-stage-art-counted-twice": (
        "is_art_count_total", "艺术教师等于音乐、美术之和,没有说明是否已含",
        put(
            art_teacher_count=lambda row: row["music_teacher_count"] + row["fine_art_teacher_count"],
            is_art_count_total=None,
        ),
        _has_art_teachers,
    ),
    "check-stage-art-total-too-small": (
        "art_teacher_count", "艺术教师写明已含音乐、美术,却少于二者之和",
        put(art_teacher_count=lambda row: row["music_teacher_count"] + row["fine_art_teacher_count"] - 1),
        _has_art_total,
    ),
    "check-stage-teachers-exceed-staff": (
        "full_time_teacher_count", "专任教师多于教职工", put(staff_count=above("full_time_teacher_count", -1)), _PRIMARY,
    ),
    "check-stage-catchment-exceeds": (
        "in_catchment_student_count", "划片范围内学生多于在校学生",
        put(in_catchment_student_count=above("student_count", 9)), _PRIMARY,
    ),
}  # fmt: skip

_SIZES = {
    "check-stage-class-sizes-differ": ("student_count", "各班人数加起来不等于在校学生数", _one_class_larger, _PRIMARY),
    "check-stage-class-rows-differ": (
        "class_count", "班级数与班级表的行数不符", put(class_count=above("class_count", 2)), _PRIMARY,
    ),
    "check-stage-classes-missing": ("class_count", "有学生却没有班级表", _without_classes, _PRIMARY),
    "check-stage-grades-primary": ("grade_count", "小学填了 9 个年级", put(grade_count=9), _PRIMARY),
    "check-stage-grades-junior": ("grade_count", "初中填了 6 个年级", put(grade_count=6), _JUNIOR),
    "check-stage-teachers-without-students": (
        "full_time_teacher_count", "学生数误填为 0", put(student_count=0, in_catchment_student_count=0), _PRIMARY,
    ),
    "check-stage-students-without-teachers": (
        "full_time_teacher_count", "有学生却没有专任教师", _teachers(0, 1), _PRIMARY,
    ),
    "check-stage-pupil-teacher-band": (
        "student_count", "专任教师少写了一位", _teachers(1, 10), _LARGE,
    ),
    "check-stage-class-average-band": ("student_count", "班级数填成了年级数", put(class_count=3), _LARGE),
    "check-stage-size": ("student_count", "在校学生数多写了一位", put(student_count=times("student_count", 10)), _HUGE),
    "check-stage-students-change": (
        "student_count", "在校学生数一年翻了一番", put(student_count=times("student_count", 2)), _LARGE,
    ),
    "check-stage-teachers-change": ("full_time_teacher_count", "专任教师一年翻了一番", _teachers(2, 1), _LARGE),
    "check-stage-classes-change": ("class_count", "班级数一年翻了一番", put(class_count=times("class_count", 2)), _LARGE),
}  # fmt: skip

_CLASSES = {
    "check-class-required": ("student_count", "班级学生数没有填", put(student_count=None), _PRIMARY),
    "check-class-duplicate": ("class_name", "同一个班填了两行", add_copy("classes"), _PRIMARY),
    "check-class-stage-unknown": (
        "school_id", "小学的班级填成了初中", add_copy("classes", stage="junior", grade=7, class_name="9班"), _PRIMARY,
    ),
    "check-class-size": ("student_count", "班级学生数多写了一位", put(student_count=450), _PRIMARY),
    "check-class-grade-range": ("grade", "年级填成了 12", put(grade=12), _JUNIOR),
    "check-class-grade-primary": ("grade", "小学填了 7 年级", put(grade=7), _PRIMARY),
    "check-class-grade-junior": ("grade", "初一填成了 1 年级", put(grade=1), _JUNIOR),
}  # fmt: skip

_COHORTS = {
    "check-cohort-required": ("school_id", "毕业年级没有填学校", add_copy("cohorts", school_id=None)),
    "check-cohort-negative": ("death_count", "死亡学生数是负数", put(death_count=-1)),
    "check-cohort-duplicate": ("school_id", "同一所学校的毕业年级填了两行", add_copy("cohorts")),
    "check-cohort-school-unknown": (
        "school_id", "毕业年级挂在不存在的学校名下", add_copy("cohorts", school_id=_UNKNOWN_ID),
    ),
    "check-cohort-incomplete": ("transferred_out_count", "三年转出人数没有填", put(transferred_out_count=None)),
    "check-cohort-losses-exceed": (
        "entrant_count", "三年转出多于入学与转入",
        put(transferred_out_count=lambda row: row["entrant_count"] + row["transferred_in_count"] + 30),
    ),
    "check-cohort-transfers-exceed": (
        "transferred_in_count", "三年转入多于入学人数", put(transferred_in_count=above("entrant_count", 4)),
    ),
    "check-cohort-retention": ("graduate_count", "三年巩固率超过 100%", put(graduate_count=above("entrant_count", 60))),
}  # fmt: skip

STAGE_FAULTS: tuple[FaultKind, ...] = (
    *kinds("stages", {**_COUNTS, **_SIZES}),
    *kinds("classes", _CLASSES),
    *kinds("cohorts", _COHORTS),
)
