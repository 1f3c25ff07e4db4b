"""What a county can do: the measures of a plan, their units and what each one changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """One kind of measure."""

    MOVE_TEACHER = "move_teacher"
    ROTATE_TEACHER = "rotate_teacher"
    HIRE_TEACHER = "hire_teacher"
    HIRE_PE_ART_TEACHER = "hire_pe_art_teacher"
    UPGRADE_DEGREE = "upgrade_degree"
    GRANT_BACKBONE = "grant_backbone"
    TRAIN_PE_ART = "train_pe_art"
    BUILD_FLOOR_AREA = "build_floor_area"
    BUILD_SPORTS_AREA = "build_sports_area"
    BUY_EQUIPMENT = "buy_equipment"
    FIT_MULTIMEDIA_ROOM = "fit_multimedia_room"
    OPEN_CLASS = "open_class"
    FIT_MUSIC_ROOM = "fit_music_room"
    FIT_FINE_ART_ROOM = "fit_fine_art_room"
    RENEW_EQUIPMENT = "renew_equipment"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return SPECS[self].label

    @property
    def unit(self) -> str:
        """What one unit is called: 人, ㎡, 元, 间, 个."""
        return SPECS[self].unit


@dataclass(frozen=True, slots=True)
class Spec:
    """One measure: name, unit, what its price is for; for materials the formulas and the field fed, and the field's scale."""

    label: str
    unit: str
    price_for: str
    formulas: tuple[str, ...] = ()
    field: str = ""
    scale: int = 1


SPECS: Mapping[Measure, Spec] = {
    Measure.MOVE_TEACHER: Spec("调动教师", "人", "调动一人，一次性"),
    Measure.ROTATE_TEACHER: Spec("对等交流教师", "人", "交流一人，一次性"),
    Measure.HIRE_TEACHER: Spec("招聘教师", "人", "一人一年，自入职年起每年支出"),
    Measure.HIRE_PE_ART_TEACHER: Spec("招聘体育、艺术教师", "人", "一人一年，自入职年起每年支出"),
    Measure.UPGRADE_DEGREE: Spec("提升学历", "人", "一人，一次性"),
    Measure.GRANT_BACKBONE: Spec("培养认定骨干教师", "人", "一人，一次性"),
    Measure.TRAIN_PE_ART: Spec("转岗培训体育、艺术教师", "人", "一人，一次性"),
    Measure.BUILD_FLOOR_AREA: Spec(
        "新建教学及辅助用房",
        "㎡",
        "一平方米",
        ("teaching_floor_area", "teaching_floor_area_without_sports"),
        "teaching_floor_area",
        100,
    ),
    Measure.BUILD_SPORTS_AREA: Spec("新建运动场地", "㎡", "一平方米", ("sports_area",), "outdoor_sports_area", 100),
    Measure.BUY_EQUIPMENT: Spec("添置教学仪器设备", "元", "账面原值一元", ("equipment_value",), "equipment_value", 100),
    Measure.FIT_MULTIMEDIA_ROOM: Spec(
        "配备网络多媒体教室", "间", "一间", ("multimedia_classrooms",), "multimedia_classroom_count"
    ),
    Measure.OPEN_CLASS: Spec("增开班级", "个", "一个班"),
    Measure.FIT_MUSIC_ROOM: Spec("配备音乐教室", "间", "一间"),
    Measure.FIT_FINE_ART_ROOM: Spec("配备美术教室", "间", "一间"),
    Measure.RENEW_EQUIPMENT: Spec("更新到期设备", "元", "账面原值一元", (), "equipment_value", 100),
}

HIRES = (Measure.HIRE_TEACHER, Measure.HIRE_PE_ART_TEACHER)
TRAININGS = (Measure.UPGRADE_DEGREE, Measure.GRANT_BACKBONE, Measure.TRAIN_PE_ART)
MATERIALS = (
    Measure.BUILD_FLOOR_AREA,
    Measure.BUILD_SPORTS_AREA,
    Measure.BUY_EQUIPMENT,
    Measure.FIT_MULTIMEDIA_ROOM,
)
DEMANDS = (Measure.OPEN_CLASS, Measure.FIT_MUSIC_ROOM, Measure.FIT_FINE_ART_ROOM)
THINGS = (*MATERIALS, Measure.RENEW_EQUIPMENT)  # what adds to a field of a school
BUILDINGS = (Measure.BUILD_FLOOR_AREA, Measure.BUILD_SPORTS_AREA)

# A teacher is of one of eight kinds: a sum of these traits.
ABOVE_STANDARD, BACKBONE, PE_ART = 1, 2, 4
KINDS = 8
TRAIT_OF_FORMULA: Mapping[str, int] = {
    "above_standard_teachers": ABOVE_STANDARD,
    "backbone_teachers": BACKBONE,
    "pe_and_art_teachers": PE_ART,
}
TRAIT_OF_TRAINING: Mapping[Measure, int] = {
    Measure.UPGRADE_DEGREE: ABOVE_STANDARD,
    Measure.GRANT_BACKBONE: BACKBONE,
    Measure.TRAIN_PE_ART: PE_ART,
}
KIND_OF_HIRE: Mapping[Measure, int] = {
    Measure.HIRE_TEACHER: ABOVE_STANDARD,
    Measure.HIRE_PE_ART_TEACHER: ABOVE_STANDARD | PE_ART,
}


def kind_label(kind: int) -> str:
    """The Chinese name of a kind of teacher, e.g. 骨干、体艺教师."""
    words = [word for trait, word in ((ABOVE_STANDARD, "高学历"), (BACKBONE, "骨干"), (PE_ART, "体艺")) if kind & trait]
    return "、".join(words) + "教师" if words else "其他教师"
