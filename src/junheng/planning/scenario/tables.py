"""Entries about distances, new schools and teachers to come: what a plan can use and facts do not tell."""

from fractions import Fraction

from junheng.planning.plan.limits import COUNTY_SOURCE
from junheng.planning.scenario.field import (
    FIRST_YEAR,
    HUNDRED,
    LAST_YEAR,
    MOST,
    ONE,
    STAGE_CHOICES,
    ZERO,
    Kind,
    ScenarioField,
)

SCHOOL_TYPE_CHOICES = (
    ("primary_school", "小学"),
    ("teaching_point", "小学教学点"),
    ("junior_school", "初级中学"),
    ("nine_year_school", "九年一贯制学校"),
)
AREA_CHOICES = (("urban", "城区"), ("town", "镇区"), ("rural", "乡村"))
DECISION_CHOICES = (("compare", "待比较"), ("decided", "已决定"))
OPENING_DEPARTMENT = "教育局（规划建设）"
_FARTHEST = Fraction(1000)
_OLDEST = Fraction(80)

FARTHEST_MOVE = ScenarioField(
    "farthest_move",
    "教师调动的最远距离",
    Kind.NUMBER,
    "千米",
    "不填则不限；填了，就按“校际距离”划片，片内任何两校都不超过它。",
    least=ZERO,
    most=_FARTHEST,
)
DISTANCES = ScenarioField(
    "distances",
    "校际距离",
    Kind.TABLE,
    help="两校之间的路程，每对写一行，先后不限；没有写的一对按超过最远距离处理。",
    default=(),
    columns=(
        ScenarioField("distances.first", "学校甲", Kind.TEXT, is_required=True),
        ScenarioField("distances.second", "学校乙", Kind.TEXT, is_required=True),
        ScenarioField("distances.km", "距离", Kind.NUMBER, "千米", is_required=True, least=ZERO, most=_FARTHEST),
    ),
)


def _count(path: str, label: str, unit: str = "人", text: str = "") -> ScenarioField:
    return ScenarioField(path, label, Kind.INT, unit, text, is_required=True, least=ZERO, most=MOST)


OPENINGS = (
    ScenarioField(
        "openings",
        "可以新开的学校",
        Kind.TABLE,
        help="“待比较”的逐所比较新开以后是否更省；“已决定”的计入每一个方案。各栏填开办那一天已有的条件，还缺的由方案补足。",
        default=(),
        columns=(
            ScenarioField("openings.school_id", "学校标识码", Kind.TEXT, help="新的标识码。", is_required=True),
            ScenarioField("openings.name", "校名", Kind.TEXT, is_required=True),
            ScenarioField(
                "openings.school_type", "学校类别", Kind.CHOICE, is_required=True, choices=SCHOOL_TYPE_CHOICES
            ),
            ScenarioField("openings.area_type", "城乡类型", Kind.CHOICE, is_required=True, choices=AREA_CHOICES),
            ScenarioField("openings.township", "乡镇、街道", Kind.TEXT),
            ScenarioField("openings.zone", "教师流动片区", Kind.TEXT, help="填了“教师流动片区”表就要填。"),
            ScenarioField(
                "openings.year", "开办年度", Kind.INT, "年", is_required=True, least=FIRST_YEAR, most=LAST_YEAR
            ),
            ScenarioField("openings.decision", "是否已决定", Kind.CHOICE, default="compare", choices=DECISION_CHOICES),
            ScenarioField(
                "openings.amount",
                "一次性支出",
                Kind.MONEY,
                "万元",
                "在开办年度支付；没有支出的填 0。",
                is_required=True,
                least=ZERO,
                most=MOST,
            ),
            ScenarioField("openings.source", "资金来源", Kind.TEXT, default=COUNTY_SOURCE),
            ScenarioField("openings.department", "责任部门", Kind.TEXT, default=OPENING_DEPARTMENT),
            _count("openings.floor_area", "教学及辅助用房", "㎡"),
            _count("openings.sports_area", "运动场地", "㎡"),
            _count("openings.equipment", "教学仪器设备值", "元"),
            _count("openings.multimedia_rooms", "网络多媒体教室", "间"),
            _count("openings.music_rooms", "音乐教室", "间"),
            _count("openings.fine_art_rooms", "美术教室", "间"),
        ),
    ),
    ScenarioField(
        "opening_stages",
        "新学校的学段",
        Kind.TABLE,
        help="每所新学校的每个学段一行：容纳多少学生，开办时有多少班级和教师。",
        default=(),
        columns=(
            ScenarioField("opening_stages.school_id", "学校标识码", Kind.TEXT, is_required=True),
            ScenarioField("opening_stages.stage", "学段", Kind.CHOICE, is_required=True, choices=STAGE_CHOICES),
            _count("opening_stages.capacity", "最多容纳学生"),
            _count("opening_stages.classes", "班级", "个"),
            _count("opening_stages.teachers", "专任教师"),
            _count("opening_stages.above_standard", "其中高于规定学历"),
            _count("opening_stages.backbone", "其中骨干教师"),
            _count("opening_stages.pe_teachers", "其中体育教师"),
            _count("opening_stages.music_teachers", "其中音乐教师"),
            _count("opening_stages.fine_art_teachers", "其中美术教师"),
        ),
    ),
    ScenarioField(
        "opening_sources",
        "新学校的生源",
        Kind.TABLE,
        help="新学校的学生从哪些学校来，各多少人。",
        default=(),
        columns=(
            ScenarioField("opening_sources.school_id", "新学校", Kind.TEXT, is_required=True),
            ScenarioField("opening_sources.giver_id", "转出学校", Kind.TEXT, is_required=True),
            ScenarioField("opening_sources.stage", "学段", Kind.CHOICE, is_required=True, choices=STAGE_CHOICES),
            _count("opening_sources.pupils", "学生数"),
        ),
    ),
)
ATTRITION = ScenarioField(
    "attrition",
    "教师年流失率",
    Kind.SHARE,
    "%",
    "退休以外，一年里离开本县学校的教师比例；不填则教师只因方案增减，填了教师年龄或已定的招聘就要填，没有流失填 0。",
    least=ZERO,
    most=HUNDRED - 1,
)
TEACHERS = (
    ScenarioField(
        "teacher_ages",
        "教师年龄",
        Kind.TABLE,
        help="数据年度年末各校专任教师的年龄，按退休年龄相同的人分组；没有年龄的学段只按流失率推算。",
        default=(),
        columns=(
            ScenarioField("teacher_ages.school_id", "学校标识码", Kind.TEXT, is_required=True),
            ScenarioField("teacher_ages.stage", "学段", Kind.CHOICE, is_required=True, choices=STAGE_CHOICES),
            ScenarioField("teacher_ages.group", "组别", Kind.TEXT, help="例如 男、女、女（管理）。", is_required=True),
            ScenarioField(
                "teacher_ages.ages",
                "各年龄人数",
                Kind.TEXT,
                help="年龄=人数，用分号隔开，例如 30=4;45=6;58=2。",
                is_required=True,
            ),
        ),
    ),
    ScenarioField(
        "retirement_ages",
        "退休年龄",
        Kind.TABLE,
        help="每个组别一行；没有通常的取值，按当地执行的规定填写。",
        default=(),
        columns=(
            ScenarioField("retirement_ages.group", "组别", Kind.TEXT, is_required=True),
            ScenarioField("retirement_ages.age", "退休年龄", Kind.INT, "岁", is_required=True, least=ONE, most=_OLDEST),
        ),
    ),
    ScenarioField(
        "hiring",
        "已定的招聘",
        Kind.TABLE,
        help="方案以外已经定下来的招聘，逐校逐年；按高于规定学历的一般教师计入。",
        default=(),
        columns=(
            ScenarioField("hiring.school_id", "学校标识码", Kind.TEXT, is_required=True),
            ScenarioField("hiring.stage", "学段", Kind.CHOICE, is_required=True, choices=STAGE_CHOICES),
            ScenarioField("hiring.year", "年度", Kind.INT, "年", is_required=True, least=FIRST_YEAR, most=LAST_YEAR),
            _count("hiring.count", "人数"),
        ),
    ),
)
