"""The dictionary of a scenario's entries: name, kind, unit, bounds and help of each, written once for forms, files and docs.

Entries are addressed by paths (`target_year`, `prices.hire_teacher`, `budgets`). Entries of one kind for every measure hold the
measure in `row` and their column in `column`, so that they can be laid out as one table.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from junheng.planning.plan.limits import COUNTY_SOURCE, Limits
from junheng.planning.plan.measures import DEMANDS, SPECS, Measure
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
from junheng.planning.scenario.scenario import usual_department
from junheng.planning.scenario.tables import ATTRITION, DISTANCES, FARTHEST_MOVE, OPENINGS, TEACHERS

ASSUMPTIONS = "预测条件"
CHANGE_KINDS = (
    ("opening", "新开办"),
    ("closure", "撤并"),
    ("shift", "学区调整"),
    ("transfer", "转学"),
    ("housing", "住宅项目"),
)
MILESTONE_KINDS = (
    ("indicator", "指标达标"),
    ("spread", "差异系数"),
    ("passing", "学校达标"),
    ("added", "累计完成量"),
)
MEASURE_CHOICES = tuple((measure.value, measure.label) for measure in Measure)
FIXABLE_CHOICES = tuple(
    (measure.value, measure.label) for measure in Measure if measure not in (*DEMANDS, Measure.ROTATE_TEACHER)
)
_LIMITS = Limits(allowed=frozenset(), moves_out=0, moves_in=0)

_GENERAL = (
    ScenarioField(
        "title", "方案名称", Kind.TEXT, help="区分几个方案用，例如“2028 年达标，预算一千万”。", default="达标方案"
    ),
    ScenarioField("standard", "标准", Kind.TEXT, help="内置标准的编号或标准文件。", default="cn-2017-quality-balance"),
    ScenarioField(
        "target_year",
        "目标年度",
        Kind.INT,
        "年",
        "承诺达标的年度，按这一年年末的数据判定。",
        is_required=True,
        least=FIRST_YEAR,
        most=LAST_YEAR,
    ),
    ScenarioField("exceptions", "启用的过渡性例外", Kind.LIST, help="例外的编号，没有就不填。", default=()),
    ScenarioField(
        "goal",
        "目标",
        Kind.CHOICE,
        help="预算不够时，选“先求不达标的学校最少”仍能得到一个方案。",
        default="cheapest",
        choices=(("cheapest", "全部达标，费用最少"), ("fewest_failing", "先求不达标的学校最少，再求费用最少")),
    ),
)
_PUPILS = (
    ScenarioField(
        "pupils.source",
        "学生数从哪里来",
        Kind.CHOICE,
        help="按预测安排需要至少两年的数据。",
        default="forecast",
        choices=(("forecast", "按学生数预测"), ("same", "沿用数据年度的学生数")),
    ),
    ScenarioField(
        "pupils.quantile",
        "按预测的哪种情形",
        Kind.SHARE,
        "%",
        "50 是居中的情形；填 90，则按九成模拟都不超过的人数安排，较稳妥，费用也较高。",
        default=50,
        least=ONE,
        most=Fraction(99),
    ),
    ScenarioField(
        "pupils.simulations",
        "模拟次数",
        Kind.INT,
        "次",
        "偶数。用这些模拟检验方案经不经得起人数变化。",
        default=2000,
        least=Fraction(2),
        most=Fraction(100_000),
    ),
    ScenarioField(
        "pupils.seed",
        "随机种子",
        Kind.INT,
        help="同样的数据和种子得到同样的结果。",
        default=20260101,
        least=ZERO,
        most=MOST,
    ),
)
_MONEY = (
    ScenarioField(
        "money",
        "资金是否有限",
        Kind.CHOICE,
        help="选“按年度预算”时，每年、每个资金来源都要有预算，没有的填 0。",
        is_required=True,
        choices=(("limited", "按年度预算"), ("unlimited", "不设上限")),
    ),
    ScenarioField(
        "budgets",
        "年度预算",
        Kind.TABLE,
        help="逐年、逐个资金来源填写。",
        default=(),
        columns=(
            ScenarioField("budgets.year", "年度", Kind.INT, "年", is_required=True, least=FIRST_YEAR, most=LAST_YEAR),
            ScenarioField("budgets.source", "资金来源", Kind.TEXT, default=COUNTY_SOURCE),
            ScenarioField("budgets.amount", "金额", Kind.MONEY, "万元", is_required=True, least=ZERO, most=MOST),
        ),
    ),
    ScenarioField(
        "discount_rate",
        "贴现率",
        Kind.SHARE,
        "%",
        "以后年度的钱折成今天的钱；不考虑就填 0。",
        is_required=True,
        least=ZERO,
        most=Fraction(50),
    ),
    ScenarioField(
        "disruption",
        "调动一人折合",
        Kind.MONEY,
        "元",
        "少调动教师与少花钱之间的权衡：宁可多花多少钱也不多调动一人。不是支出；不需要就填 0。",
        is_required=True,
        least=ZERO,
        most=MOST,
    ),
)
_TEACHERS = (
    ScenarioField("moves_out", "每校每学段每年最多调出", Kind.INT, "人", default=3, least=ZERO, most=Fraction(1000)),
    ScenarioField("moves_in", "每校每学段每年最多调入", Kind.INT, "人", default=3, least=ZERO, most=Fraction(1000)),
    ScenarioField(
        "teacher_quota",
        "教师编制总数",
        Kind.INT,
        "人",
        "纳入评估的学校专任教师总数的上限；不填则不限。",
        least=ZERO,
        most=MOST,
    ),
    ScenarioField(
        "backbone_share",
        "骨干教师占比上限",
        Kind.SHARE,
        "%",
        "一个学段骨干教师占专任教师的上限；不填则不限。",
        least=ZERO,
        most=HUNDRED,
    ),
    *(
        ScenarioField(
            f"students_per_teacher.{stage}",
            f"{label}每名教师的学生数",
            Kind.NUMBER,
            "人",
            "超过它的学段不再净调出教师；不填则不管。",
            least=ONE,
            most=HUNDRED,
        )
        for stage, label in STAGE_CHOICES
    ),
    ScenarioField(
        "with_rotation",
        "每年达到交流轮岗比例",
        Kind.FLAG,
        help="标准有交流轮岗要求时，每一年都要达到。",
        default=True,
    ),
    ScenarioField("moves_include_private", "民办学校参加调动", Kind.FLAG, default=False),
    ScenarioField(
        "cv_margin",
        "差异系数安全余量",
        Kind.NUMBER,
        help="差异系数要比上限至少低多少。",
        default=0.0001,
        least=ZERO,
        most=Fraction(9, 100),
    ),
)
_ZONES = ScenarioField(
    "zones",
    "教师流动片区",
    Kind.TABLE,
    help="教师只在同一片区的学校之间调动；不填则全县流动，要填就每所学校都填。",
    default=(),
    columns=(
        ScenarioField("zones.school_id", "学校标识码", Kind.TEXT, is_required=True),
        ScenarioField("zones.zone", "片区", Kind.TEXT, is_required=True),
    ),
)
_OPTIONS = (
    ScenarioField(
        "neighbours",
        "相邻学校",
        Kind.TABLE,
        help="学区相邻、可以互相调整生源的学校；填了才会比较学区调整。",
        default=(),
        columns=(
            ScenarioField("neighbours.first", "学校甲", Kind.TEXT, is_required=True),
            ScenarioField("neighbours.second", "学校乙", Kind.TEXT, is_required=True),
            ScenarioField("neighbours.stage", "学段", Kind.CHOICE, is_required=True, choices=STAGE_CHOICES),
            ScenarioField("neighbours.metres", "距离", Kind.INT, "米", least=ZERO, most=MOST),
        ),
    ),
    ScenarioField(
        "shifts.most_a_year",
        "每对学校每年最多调整",
        Kind.INT,
        "人",
        "填了相邻学校就必须填写。",
        least=ZERO,
        most=MOST,
    ),
    ScenarioField(
        "shifts.price",
        "每调整一名学生的支出",
        Kind.MONEY,
        "元",
        "填了相邻学校就必须填写，没有支出的填 0。",
        least=ZERO,
        most=MOST,
    ),
    ScenarioField("shifts.step", "调整的最小人数", Kind.INT, "人", default=10, least=ONE, most=MOST),
    ScenarioField(
        "shifts.farthest",
        "最远距离",
        Kind.INT,
        "米",
        "不填则不限；填了，没有距离的相邻学校不调整。",
        least=ZERO,
        most=MOST,
    ),
    ScenarioField(
        "shifts.largest", "调整后的规模上限", Kind.INT, "人", "一个学段的学生数；不填则不限。", least=ZERO, most=MOST
    ),
    ScenarioField(
        "mergers",
        "可以撤并的学校",
        Kind.TABLE,
        help="逐项比较撤并以后是否更省；从方案第一年起撤并。",
        default=(),
        columns=(
            ScenarioField("mergers.closed", "撤并学校", Kind.TEXT, is_required=True),
            ScenarioField("mergers.into", "并入学校", Kind.TEXT, is_required=True),
            ScenarioField("mergers.amount", "一次性支出", Kind.MONEY, "万元", is_required=True, least=ZERO, most=MOST),
        ),
    ),
    *OPENINGS,
)
_SCHOOLS = (
    _ZONES,
    FARTHEST_MOVE,
    DISTANCES,
    ScenarioField(
        "forbidden",
        "禁止的措施",
        Kind.TABLE,
        help="这所学校不采取这项措施。",
        default=(),
        columns=(
            ScenarioField("forbidden.school_id", "学校标识码", Kind.TEXT, is_required=True),
            ScenarioField("forbidden.measure", "措施", Kind.CHOICE, is_required=True, choices=MEASURE_CHOICES),
        ),
    ),
    ScenarioField(
        "fixed",
        "指定的措施",
        Kind.TABLE,
        help="这所学校到目标年度为止恰好做这么多。",
        default=(),
        columns=(
            ScenarioField("fixed.school_id", "学校标识码", Kind.TEXT, is_required=True),
            ScenarioField("fixed.measure", "措施", Kind.CHOICE, is_required=True, choices=FIXABLE_CHOICES),
            ScenarioField(
                "fixed.amount",
                "数量",
                Kind.INT,
                help="按措施的单位，最小批量的整倍数；调动教师填调出减调入的人数。",
                is_required=True,
                least=ZERO,
                most=MOST,
            ),
        ),
    ),
)
_MILESTONES = (
    ScenarioField(
        "milestones",
        "阶段目标",
        Kind.TABLE,
        help="到目标年度以前，各年先要达到什么；没有就不填。",
        default=(),
        columns=(
            ScenarioField(
                "milestones.year", "年度", Kind.INT, "年", is_required=True, least=FIRST_YEAR, most=LAST_YEAR
            ),
            ScenarioField("milestones.kind", "种类", Kind.CHOICE, is_required=True, choices=MILESTONE_KINDS),
            ScenarioField("milestones.indicator_id", "指标编号", Kind.TEXT, help="指标达标、差异系数两类要填。"),
            ScenarioField("milestones.stage", "学段", Kind.CHOICE, help="不填为小学和初中。", choices=STAGE_CHOICES),
            ScenarioField("milestones.schools", "校段数", Kind.INT, "个", "不填为全部校段。", least=ZERO, most=MOST),
            ScenarioField(
                "milestones.limit",
                "上限",
                Kind.NUMBER,
                help="差异系数；不填为标准的上限。",
                least=ZERO,
                most=Fraction(10),
            ),
            ScenarioField("milestones.measure", "措施", Kind.CHOICE, help="累计完成量要填。", choices=MEASURE_CHOICES),
            ScenarioField(
                "milestones.amount", "数量", Kind.INT, help="累计完成量，按措施的单位。", least=ZERO, most=MOST
            ),
        ),
    ),
)
_EQUIPMENT = (
    ScenarioField(
        "retired_share",
        "设备到期比例",
        Kind.TABLE,
        help="各年有多大比例的教学仪器设备到期；到期的当年更新（允许时），不更新就不再计入。",
        default=(),
        columns=(
            ScenarioField(
                "retired_share.year", "年度", Kind.INT, "年", is_required=True, least=FIRST_YEAR, most=LAST_YEAR
            ),
            ScenarioField(
                "retired_share.share", "到期比例", Kind.SHARE, "%", is_required=True, least=ZERO, most=HUNDRED
            ),
        ),
    ),
    ScenarioField(
        "retired",
        "各校到期设备",
        Kind.TABLE,
        help="知道到期原值的学校按原值，不按比例。",
        default=(),
        columns=(
            ScenarioField("retired.school_id", "学校标识码", Kind.TEXT, is_required=True),
            ScenarioField("retired.year", "年度", Kind.INT, "年", is_required=True, least=FIRST_YEAR, most=LAST_YEAR),
            ScenarioField("retired.value", "到期原值", Kind.INT, "元", is_required=True, least=ZERO, most=MOST),
        ),
    ),
)
_CHANGE_COLUMNS = (
    ScenarioField("changes.kind", "种类", Kind.CHOICE, is_required=True, choices=CHANGE_KINDS),
    ScenarioField("changes.stage", "学段", Kind.CHOICE, is_required=True, choices=STAGE_CHOICES),
    ScenarioField(
        "changes.year",
        "年度",
        Kind.INT,
        "年",
        "住宅项目填建成年度。",
        is_required=True,
        least=FIRST_YEAR,
        most=LAST_YEAR,
    ),
    ScenarioField("changes.name", "名称", Kind.TEXT, help="住宅项目的名称，或新学校的校名。"),
    ScenarioField("changes.school_id", "学校", Kind.TEXT, help="新开办、撤并、住宅项目的学校标识码。"),
    ScenarioField("changes.giver_id", "转出学校", Kind.TEXT, help="学区调整、转学；转学不填表示县外。"),
    ScenarioField("changes.receiver_id", "转入学校", Kind.TEXT, help="学区调整、转学；转学不填表示县外。"),
    ScenarioField(
        "changes.share", "比例", Kind.SHARE, "%", "学区调整：起始年级的多少改去另一校。", least=ZERO, most=HUNDRED
    ),
    ScenarioField("changes.moves_all_grades", "各年级都调", Kind.FLAG, help="学区调整。", default=False),
    ScenarioField("changes.count", "人数", Kind.INT, "人", "转学。", least=ZERO, most=MOST),
    ScenarioField(
        "changes.receivers",
        "接收学校",
        Kind.TEXT,
        help="撤并：标识码=百分比，几所用分号隔开，例如 9999010036=60;9999010037=40。",
    ),
    ScenarioField("changes.dwellings", "套数", Kind.INT, "套", "住宅项目。", least=ZERO, most=MOST),
    ScenarioField(
        "changes.pupils_per_dwelling",
        "每套学生数",
        Kind.NUMBER,
        "人",
        "住宅项目。",
        least=ZERO,
        most=Fraction(10),
    ),
    ScenarioField(
        "changes.occupied",
        "入住比例",
        Kind.TEXT,
        help="住宅项目：建成当年起逐年的百分比，用分号隔开，例如 40;80;95。",
    ),
)
_ASSUMPTIONS = (
    ScenarioField(
        "births",
        "学区适龄儿童",
        Kind.TABLE,
        help="各学区各年达到入学年龄的儿童数；往年的也要给一年以上。",
        default=(),
        columns=(
            ScenarioField("births.catchment", "学区", Kind.TEXT, is_required=True),
            ScenarioField(
                "births.year", "入学年度", Kind.INT, "年", is_required=True, least=FIRST_YEAR, most=LAST_YEAR
            ),
            ScenarioField("births.children", "儿童数", Kind.INT, "人", is_required=True, least=ZERO, most=MOST),
        ),
    ),
    ScenarioField(
        "catchments",
        "学校所在学区",
        Kind.TABLE,
        default=(),
        columns=(
            ScenarioField("catchments.school_id", "学校标识码", Kind.TEXT, is_required=True),
            ScenarioField("catchments.catchment", "学区", Kind.TEXT, is_required=True),
        ),
    ),
    ScenarioField(
        "changes",
        "学校和生源的变动",
        Kind.TABLE,
        help="已经定下来的新开办、撤并、学区调整、转学和住宅项目，计入学生数预测。",
        default=(),
        columns=_CHANGE_COLUMNS,
    ),
    ATTRITION,
    *TEACHERS,
)
_SOLVING = (
    ScenarioField(
        "effort.seconds",
        "求解时间",
        Kind.INT,
        "秒",
        "到时间给出已有的最好方案。",
        default=120,
        least=ONE,
        most=Fraction(86_400),
    ),
    ScenarioField(
        "effort.optimality_gap",
        "足够好的差距",
        Kind.SHARE,
        "%",
        "与理论下限相差不超过它就停。",
        default=0.5,
        least=ZERO,
        most=Fraction(50),
    ),
)


@cache
def scenario_fields() -> tuple[ScenarioField, ...]:
    """Every entry of a scenario, in the order in which people fill them in."""
    groups = {
        "基本": _GENERAL,
        "学生数": _PUPILS,
        "资金": _MONEY,
        "措施": tuple(_measures()),
        "教师": _TEACHERS,
        "指定与禁止": _SCHOOLS,
        "阶段目标": _MILESTONES,
        "设备更新": _EQUIPMENT,
        "可比较的调整": _OPTIONS,
        ASSUMPTIONS: _ASSUMPTIONS,
        "求解": _SOLVING,
    }
    return tuple(replace(entry, group=group) for group, entries in groups.items() for entry in entries)


@cache
def field_of(path: str) -> ScenarioField:
    """The entry at a path. KeyError when there is none."""
    return {entry.path: entry for entry in scenario_fields()}[path]


def _measures() -> Iterator[ScenarioField]:
    """The entries that every measure has, column by column."""
    for column, label, kind in (
        ("allowed", "允许", Kind.FLAG),
        ("prices", "单价", Kind.MONEY),
        ("sources", "资金来源", Kind.TEXT),
        ("per_year", "全县每年上限", Kind.INT),
        ("per_school", "每校上限", Kind.INT),
        ("lumps", "最小批量", Kind.INT),
        ("lead_years", "提前年数", Kind.INT),
        ("departments", "责任部门", Kind.TEXT),
    ):
        for measure in Measure:
            if measure is Measure.RENEW_EQUIPMENT and column in ("lumps", "lead_years"):
                continue  # what wears out is bought again in its year, to the 元
            entry = ScenarioField(f"{column}.{measure.value}", f"{measure.label}：{label}", kind)
            yield replace(entry, row=measure.value, column=column, **_of_column(column, measure))


def _of_column(column: str, measure: Measure) -> dict[str, Any]:
    count = {"unit": measure.unit, "least": ZERO, "most": MOST}
    price = f"{SPECS[measure].price_for}。允许这项措施就必须填写，没有支出的填 0。"
    lump, lead = _LIMITS.lump(measure), _LIMITS.lead(measure)
    found: dict[str, dict[str, Any]] = {
        "allowed": {"default": measure is not Measure.RENEW_EQUIPMENT},
        "prices": {**count, "unit": "元", "help": price},
        "sources": {"default": COUNTY_SOURCE},
        "departments": {"default": usual_department(measure), "help": "写进任务清单。"},
        "per_year": {**count, "help": "不填则不限。"},
        "per_school": {**count, "help": "到目标年度为止，一所学校最多做多少。不填则不限。"},
        "lumps": {**count, "help": "按它的整倍数安排。", "default": lump, "least": ONE},
        "lead_years": {**count, "unit": "年", "help": "从付款到能用的年数；当年能用填 0。", "default": lead},
    }
    return found[column]
