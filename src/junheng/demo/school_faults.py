"""Faults to plant in the tables of schools and rooms."""

from junheng.demo.fault_kinds import (
    SQUARE_METRE,
    WAN_CNY,
    Change,
    FaultKind,
    Row,
    Tables,
    above,
    add_copy,
    drop_stage,
    kinds,
    of_type,
    put,
    rename_school,
    times,
)

_MU_IN_SQUARE_METRES = 667
_TYPED_IN_CNY = 10_000
_UNKNOWN_ID = "9999099999"
_PRIMARY = of_type("primary_school")
_POINT = of_type("teaching_point")
_NINE_YEAR = of_type("nine_year_school")


def _village(row: Row, school: Row) -> bool:
    return _PRIMARY(row, school) and school["area_type"] == "rural"


def _town(row: Row, school: Row) -> bool:
    return _PRIMARY(row, school) and school["area_type"] != "rural" and not school["is_dense_inner_city"]


def _town_without_hall(row: Row, school: Row) -> bool:
    return _town(row, school) and not school["indoor_sports_area"]


def _private(row: Row, school: Row) -> bool:
    return _PRIMARY(row, school) and school["ownership"] == "private"


def _short_id(tables: Tables, row: Row) -> Row:
    rename_school(tables, row["school_id"], row["school_id"][:-1])
    return row


def _same_name(tables: Tables, row: Row) -> Row:
    neighbours = (other for other in tables["schools"] if other is not row and other["township"] == row["township"])
    row["school_name"] = next(neighbours)["school_name"]
    return row


def _lose_stage(stage: str) -> Change:
    def change(tables: Tables, row: Row) -> Row:
        drop_stage(tables, row["school_id"], stage)
        return row

    return change


def _gain_stage(stage: str, student_count: int) -> Change:
    def change(tables: Tables, row: Row) -> Row:
        tables["stages"].append({"school_id": row["school_id"], "stage": stage, "student_count": student_count})
        return row

    return change


def _empty_stage(stage: str) -> Change:
    def change(tables: Tables, row: Row) -> Row:
        drop_stage(tables, row["school_id"], stage)
        tables["stages"].append({"school_id": row["school_id"], "stage": stage, "student_count": 0})
        return row

    return change


def _room_beyond_building(tables: Tables, row: Row) -> Row:
    room = next(room for room in tables["rooms"] if room["school_id"] == row["school_id"])
    room["area"] = row["teaching_floor_area"] + 10 * SQUARE_METRE
    return row


_IDENTITY = {
    "check-school-required": ("area_type", "必填的城乡类型没有填", put(area_type=None), _village),
    "check-school-id-duplicate": ("school_id", "同一所学校填了两行", add_copy("schools"), _village),
    "check-school-id-format": ("school_id", "标识码少抄一位", _short_id, _village),
    "check-school-name-repeated": ("school_name", "同一乡镇两个标识码用了同一个校名", _same_name, _village),
    "check-school-parent-unknown": (
        "parent_school_id", "教学点的主校不在学校表中", put(parent_school_id=_UNKNOWN_ID), _POINT,
    ),
    "check-school-parent-itself": (
        "parent_school_id", "把自己填成了主校", put(parent_school_id=lambda row: row["school_id"]), _village,
    ),
    "check-school-private-organiser": (
        "organiser_type", "民办学校的举办者填成了县级教育部门", put(organiser_type="7"), _private,
    ),
    "check-school-built-year": ("built_year", "建成年份填成了将来的年份", put(built_year=2031), _village),
    "check-school-dense-not-urban": (
        "area_type", "乡村学校填成人口密度过高的中心城区学校", put(is_dense_inner_city=True), _village,
    ),
}  # fmt: skip

_STAGES = {
    "check-school-primary-missing": ("school_type", "九年一贯制学校漏报小学部", _lose_stage("primary"), _NINE_YEAR),
    "check-school-junior-missing": ("school_type", "九年一贯制学校漏报初中部", _lose_stage("junior"), _NINE_YEAR),
    "check-school-primary-unexpected": (
        "school_type", "初级中学报了小学部", _gain_stage("primary", 40), of_type("junior_school"),
    ),
    "check-school-junior-unexpected": ("school_type", "小学报了初中部", _gain_stage("junior", 40), _PRIMARY),
    "check-school-primary-empty": ("school_type", "小学没有学生", _empty_stage("primary"), _village),
    "check-school-junior-empty": ("school_type", "九年一贯制学校的初中部没有学生", _empty_stage("junior"), _NINE_YEAR),
    "check-school-teaching-point-size": ("school_type", "教学点没有报学生数", _lose_stage("primary"), _POINT),
    "check-school-senior-missing": (
        "senior_student_count", "十二年一贯制学校没有填高中人数", put(senior_student_count=None),
        of_type("twelve_year_school"),
    ),
    "check-school-senior-empty": (
        "senior_student_count", "完全中学的高中人数填成 0", put(senior_student_count=0), of_type("full_secondary_school"),
    ),
    "check-school-senior-unexpected": (
        "senior_student_count", "初级中学填了高中人数", put(senior_student_count=120), of_type("junior_school"),
    ),
    "check-school-students-jump": (
        "previous_year_student_count", "上年学生数少写了一位",
        put(previous_year_student_count=times("previous_year_student_count", 1, 10)), _town,
    ),
    "check-school-previous-students-differ": (
        "previous_year_student_count", "上年学生数与上年上报的不同",
        put(previous_year_student_count=above("previous_year_student_count", 3)), _town,
    ),
}  # fmt: skip

_PREMISES = {
    "check-school-negative": ("computer_count", "计算机台数是负数", put(computer_count=-12), _village),
    "check-school-resources-missing": ("equipment_value", "仪器设备值没有填", put(equipment_value=None), _village),
    "check-school-leased-area-not-counted": (
        "leased_sports_area", "一般学校填了租赁场馆", put(leased_sports_area=800 * SQUARE_METRE), _village,
    ),
    "check-school-converted-area-not-counted": (
        "converted_sports_area", "一般学校填了改建场地", put(converted_sports_area=300 * SQUARE_METRE), _village,
    ),
    "check-school-indoor-sports-exceeds": (
        "indoor_sports_area", "室内体育用房大于教学及辅助用房",
        put(indoor_sports_area=above("teaching_floor_area", SQUARE_METRE)), _village,
    ),
    "check-school-room-area-exceeds": (
        "teaching_floor_area", "一间音乐教室比整座教学楼还大", _room_beyond_building, _village,
    ),
    "check-school-outdoor-area-unit": (
        "outdoor_sports_area", "室外运动场地填成了亩",
        put(outdoor_sports_area=times("outdoor_sports_area", 1, _MU_IN_SQUARE_METRES)), _town,
    ),
    "check-school-floor-area-unit": (
        "teaching_floor_area", "教学及辅助用房填成了亩",
        put(teaching_floor_area=times("teaching_floor_area", 1, _MU_IN_SQUARE_METRES)), _town_without_hall,
    ),
    "check-school-multimedia-band": (
        "multimedia_classroom_count", "多媒体教室填成了设备台数",
        put(multimedia_classroom_count=times("multimedia_classroom_count", 20)), _village,
    ),
    "check-school-floor-area-change": (
        "teaching_floor_area", "教学及辅助用房一年翻了一番", put(teaching_floor_area=times("teaching_floor_area", 2)), _town,
    ),
    "check-school-sports-area-change": (
        "outdoor_sports_area", "室外运动场地一年翻了一番", put(outdoor_sports_area=times("outdoor_sports_area", 2)), _town,
    ),
}  # fmt: skip

_MONEY_AND_GOODS = {
    "check-school-equipment-impossible": (
        "equipment_value", "大校的仪器设备值按元填写", put(equipment_value=times("equipment_value", _TYPED_IN_CNY)), _town,
    ),
    "check-school-equipment-unit": (
        "equipment_value", "教学点的仪器设备值按元填写", put(equipment_value=times("equipment_value", _TYPED_IN_CNY)), _POINT,
    ),
    "check-school-equipment-change": (
        "equipment_value", "仪器设备值一年变为三倍", put(equipment_value=times("equipment_value", 3)), _town,
    ),
    "check-school-public-funds-unit": (
        "public_funds_budget", "公用经费预算按元填写",
        put(public_funds_budget=times("public_funds_budget", _TYPED_IN_CNY)), _village,
    ),
    "check-school-funds-quota-unit": (
        "public_funds_quota", "定额公用经费按元填写",
        put(public_funds_quota=times("public_funds_quota", _TYPED_IN_CNY)), _village,
    ),
    "check-school-training-exceeds": (
        "training_budget", "教师培训经费多于公用经费", put(training_budget=above("public_funds_budget", WAN_CNY)), _village,
    ),
    "check-school-migrants-exceed": (
        "migrant_student_count", "随迁子女多于全校学生", put(migrant_student_count=5_000), _village,
    ),
    "check-school-computers-band": ("computer_count", "计算机填成了资产原值", put(computer_count=96_000), _village),
    "check-school-books-band": ("book_count", "图书多写了两位", put(book_count=times("book_count", 100)), _village),
    "check-school-standard-score": (
        "school_standard_score", "办学基本标准得分超过 100", put(school_standard_score=950 * 100), _village,
    ),
    "check-school-core-indicators": (
        "failed_core_indicator_count", "核心指标不达标项数大得不可能", put(failed_core_indicator_count=130), _village,
    ),
}  # fmt: skip

_ROOMS = {
    "check-room-required": ("area", "音乐教室面积没有填", put(area=None)),
    "check-room-negative": ("area", "美术教室面积是负数", put(area=-90 * SQUARE_METRE)),
    "check-room-duplicate": ("room_name", "同一间教室填了两行", add_copy("rooms")),
    "check-room-school-unknown": (
        "school_id", "教室挂在不存在的学校名下", add_copy("rooms", school_id=_UNKNOWN_ID),
    ),
    "check-room-area-band": ("area", "教室面积少写了两位", put(area=96)),
}  # fmt: skip

SCHOOL_FAULTS: tuple[FaultKind, ...] = (
    *kinds("schools", {**_IDENTITY, **_STAGES, **_PREMISES, **_MONEY_AND_GOODS}),
    *kinds("rooms", _ROOMS),
)
