"""What a standard may name: every formula and effect with its Chinese label and the numbers it takes.

A pack that names anything else, or leaves out a number that a formula cannot do without, is refused when it is loaded. The
functions themselves live in `indicators`, `items`, `vetoes` and `exceptions`; tests hold that both sides agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SHARE_UNIT = "比例"
"""The unit of numbers that are shares of 1; they are printed as percentages."""


class FormulaKind(StrEnum):
    """Where in a standard a formula may stand."""

    RESOURCE = "resource"
    ITEM = "item"
    SUB_ITEM = "sub_item"
    VETO = "veto"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One number a formula takes: its Chinese label, the unit it is written in (shares: shares of 1), whether it may lack."""

    label: str
    unit: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class FormulaSpec:
    """One formula as a standard sees it."""

    kind: FormulaKind
    name: str
    label: str
    params: Mapping[str, ParameterSpec] = field(default_factory=dict)


def _share(label: str, *, is_optional: bool = False) -> ParameterSpec:
    return ParameterSpec(label, SHARE_UNIT, is_optional)


def _area(label: str) -> ParameterSpec:
    return ParameterSpec(label, "㎡")


def _resource(name: str, label: str) -> FormulaSpec:
    return FormulaSpec(FormulaKind.RESOURCE, name, label)


def _item(name: str, label: str, **params: ParameterSpec) -> FormulaSpec:
    return FormulaSpec(FormulaKind.ITEM, name, label, params)


def _veto(name: str, label: str, **params: ParameterSpec) -> FormulaSpec:
    return FormulaSpec(FormulaKind.VETO, name, label, params)


def _effect(name: str, label: str, **params: ParameterSpec) -> FormulaSpec:
    return FormulaSpec(FormulaKind.EFFECT, name, label, params)


_RESOURCES = (
    _resource("above_standard_teachers", "高于规定学历的专任教师（小学专科及以上，初中本科及以上）"),
    _resource("backbone_teachers", "县级及以上骨干教师"),
    _resource("pe_and_art_teachers", "体育、音乐、美术、艺术专任教师（总数已含分项时只计一次）"),
    _resource("teaching_floor_area_without_sports", "教学及辅助用房面积减室内体育用房面积"),
    _resource("teaching_floor_area", "教学及辅助用房面积"),
    _resource("sports_area", "室外运动场地面积加室内体育用房面积"),
    _resource("equipment_value", "教学仪器设备资产值（账面原值）"),
    _resource("multimedia_classrooms", "网络多媒体教室"),
    _resource("computers", "教学用计算机"),
    _resource("books", "图书"),
    _resource("full_time_teachers", "专任教师"),
    _resource("titled_teachers", "中级及以上专业技术职务专任教师"),
)

_SCHOOL_ITEMS = (
    _item(
        "unified_norms",
        "城乡统一的公用经费基准定额和教职工编制",
        primary_funds_norm=ParameterSpec("小学生均公用经费基准定额不低于", "元", is_optional=True),
        junior_funds_norm=ParameterSpec("初中生均公用经费基准定额不低于", "元", is_optional=True),
        primary_students_per_staff=ParameterSpec("小学每名教职工对应学生不多于", "人", is_optional=True),
        junior_students_per_staff=ParameterSpec("初中每名教职工对应学生不多于", "人", is_optional=True),
    ),
    _item(
        "music_and_art_rooms",
        "音乐、美术专用教室的间数和面积",
        classes_per_room=ParameterSpec("每间教室对应的班级数", "个"),
        music_area=_area("音乐专用教室面积不小于"),
        fine_art_area=_area("美术专用教室面积不小于"),
        teaching_point_minimum=ParameterSpec("学生数少于此数的教学点不评", "人", is_optional=True),
    ),
    _item(
        "school_size",
        "学校规模",
        single_stage_limit=ParameterSpec("小学、初中学生数不超过", "人"),
        integrated_limit=ParameterSpec("一贯制学校义务教育阶段学生数不超过", "人"),
        attached_limit=ParameterSpec("职业学校附设普通小学班、初中班学生数不超过", "人", is_optional=True),
    ),
    _item(
        "class_size",
        "班级学生数",
        primary_limit=ParameterSpec("小学班级学生数不超过", "人"),
        junior_limit=ParameterSpec("初中班级学生数不超过", "人"),
    ),
    _item(
        "small_school_funding",
        "规模较小学校公用经费",
        counted_as=ParameterSpec("不足此数的学校按此数核定公用经费", "人"),
        primary_funds_norm=ParameterSpec("小学定额不低于", "元", is_optional=True),
        junior_funds_norm=ParameterSpec("初中定额不低于", "元", is_optional=True),
    ),
    _item("training_completion", "教师5年360学时培训完成率", share=_share("完成率不低于")),
    _item("certificates", "专任教师持证上岗率", share=_share("持证率不低于")),
    _item(
        "nearby_enrolment",
        "城区和镇区公办学校就近划片入学比例（不含寄宿制学校）",
        primary_share=_share("小学比例不低于"),
        junior_share=_share("初中比例不低于"),
    ),
    _item("junior_retention", "初中三年巩固率", share=_share("巩固率不低于")),
    _item(
        "training_budget",
        "教师培训经费占公用经费预算的比例（每所学校）",
        share=_share("比例不低于"),
        town_share=_share("城镇学校比例不低于", is_optional=True),
        rural_share=_share("乡村学校比例不低于", is_optional=True),
    ),
    _item("school_standard_scores", "办学基本标准评估得分（每所学校）", least=ParameterSpec("得分不低于", "分")),
)

_COUNTY_ITEMS = (
    _item(
        "special_school_funding",
        "特殊教育生均公用经费",
        per_student=ParameterSpec("生均公用经费不低于", "元"),
        includes_inclusive=ParameterSpec("随班就读学生是否同样要求（1是，0否）"),
    ),
    _item("pay_not_below_civil_servants", "义务教育教师与当地公务员的年平均工资收入"),
    _item(
        "rotation",
        "教师交流轮岗",
        exchange_share=_share("交流教师占符合条件教师的比例不低于"),
        backbone_share=_share("骨干教师占交流教师的比例不低于"),
    ),
    _item("senior_high_quota", "优质高中招生名额分配比例", share=_share("分配比例不低于")),
    _item(
        "migrant_children",
        "随迁子女在公办学校和政府购买服务民办学校就读的比例",
        share=_share("就读比例不低于"),
        public_only=ParameterSpec("是否只计公办学校（1是，0否）", is_optional=True),
    ),
    _item("disabled_enrolment", "残疾儿童少年入学率", share=_share("入学率不低于")),
    _item(
        "in_school_hours",
        "学生每日在校时间",
        primary_limit=ParameterSpec("小学生在校时间不超过", "小时"),
        junior_limit=ParameterSpec("初中生在校时间不超过", "小时"),
    ),
    _item("labour_hours", "劳动实践时间占综合实践活动课时的比例", share=_share("比例不低于", is_optional=True)),
    _item(
        "national_monitoring",
        "国家义务教育质量监测",
        least_level=ParameterSpec("学业水平等级不低于", "级"),
        variation_limit=ParameterSpec("校际差异率低于"),
    ),
    _item(
        "public_recognition",
        "社会认可度",
        share=_share("满意度不低于"),
        sample_rate=_share("问卷数占常住人口的比例不低于", is_optional=True),
        parent_share=_share("家长问卷占比不低于", is_optional=True),
        all_groups=ParameterSpec("七类对象是否都要调查（1是，0否）", is_optional=True),
    ),
    _item("basic_balance_years", "通过基本均衡认定的年数", years=ParameterSpec("认定年数不少于", "年")),
    _item("government_work_score", "政府推进均衡工作评估得分", least=ParameterSpec("得分不低于", "分")),
)

_SUB_ITEMS = (
    FormulaSpec(
        FormulaKind.SUB_ITEM,
        "spending_only_grows",
        "一般公共预算教育支出及其生均值逐年只增不减，达到给满分，否则不得分",
        {"years": ParameterSpec("看最近几年", "年")},
    ),
    FormulaSpec(FormulaKind.SUB_ITEM, "survey_share", "满意比例乘以满分"),
)

_VETOES = (
    _veto(
        "core_indicators_failed",
        "有学校的办学基本标准核心指标不达标项数过多",
        least_failures=ParameterSpec("不达标项数达到即否决", "项"),
    ),
    _veto(
        "funding_growth_missed",
        "教育经费“三个增长”多年未达标",
        years=ParameterSpec("看最近几年", "年"),
        misses=ParameterSpec("未达标年数达到即否决", "年"),
    ),
    _veto("recognition_below", "公众满意度过低", share=_share("满意度低于此即否决")),
    _veto("disabled_enrolment_below", "残疾儿童少年入学率过低", share=_share("入学率低于此即否决")),
)

_EFFECTS = (
    _effect(
        "count_visiting_teachers",
        "乡村小规模学校和教学点可计入交流、兼职、走教的体育和艺术教师",
        student_minimum=ParameterSpec("学生数不少于", "人"),
        student_maximum=ParameterSpec("学生数不多于", "人"),
    ),
    _effect("count_converted_and_leased_sports_area", "人口密度过高的中心城区学校可计入改建和租赁的专用体育场地"),
    _effect(
        "smaller_rooms_for_old_schools",
        "早年建成学校的音乐、美术教室面积从宽",
        built_until=ParameterSpec("建成年份不晚于", "年"),
        music_area=_area("音乐教室面积不小于"),
        fine_art_area=_area("美术教室面积不小于"),
    ),
    _effect(
        "smaller_rooms_for_small_rural_schools",
        "乡村小规模学校的音乐、美术教室面积从宽",
        largest_class_below=ParameterSpec("最大班额少于", "人"),
        primary_area=_area("小学教室面积不小于"),
        junior_area=_area("初中教室面积不小于"),
    ),
    _effect(
        "larger_size_for_old_or_migrant_schools",
        "早年建成或随迁子女较多的学校规模从宽",
        built_until=ParameterSpec("建成年份不晚于", "年"),
        migrant_share=_share("随迁子女占比超过"),
        single_stage_limit=ParameterSpec("小学、初中学生数不超过", "人"),
        nine_year_limit=ParameterSpec("九年一贯制学校学生数不超过", "人"),
    ),
)

CATALOGUE: Mapping[FormulaKind, Mapping[str, FormulaSpec]] = {
    kind: {
        spec.name: spec
        for spec in (*_RESOURCES, *_SCHOOL_ITEMS, *_COUNTY_ITEMS, *_SUB_ITEMS, *_VETOES, *_EFFECTS)
        if spec.kind is kind
    }
    for kind in FormulaKind
}
