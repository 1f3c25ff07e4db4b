"""Faults to plant in the tables that the county reports."""

from junheng.demo.fault_kinds import CNY, WAN_CNY, FaultKind, above, add_copy, kinds, of_whole_table, put, times

_HOUR, _SHARE, _PEOPLE = 100, 10_000, 10_000

_COUNTY = {
    "check-county-required": ("county_name", "县名没有填", put(county_name=None)),
    "check-county-year": ("year", "数据年度只写了两位", put(year=25)),
    "check-county-negative": ("village_count", "行政村数是负数", put(village_count=-214)),
    "check-county-recognised-late": (
        "basic_balance_recognised_on", "认定日期晚于数据年度", put(basic_balance_recognised_on="2030-05-01"),
    ),
    "check-county-population-band": ("population", "人口按人填进万人的格子", put(population=times("population", _PEOPLE))),
    "check-county-rural-exceeds": (
        "rural_population", "农业人口多于人口总数", put(rural_population=above("population", _PEOPLE)),
    ),
    "check-county-gdp-band": ("gdp_per_capita", "人均生产总值按万元填写", put(gdp_per_capita=5 * CNY)),
    "check-county-revenue-exceeds": (
        "fiscal_revenue_per_capita", "人均财政收入高于人均生产总值", put(fiscal_revenue_per_capita=60_000 * CNY),
    ),
    "check-county-rural-income-band": ("rural_income_per_capita", "农民收入按万元填写", put(rural_income_per_capita=2 * CNY)),
    "check-county-urban-income-band": ("urban_income_per_capita", "城镇居民收入按万元填写", put(urban_income_per_capita=4 * CNY)),
    "check-county-teacher-pay-band": ("average_teacher_pay", "教师工资填成了月平均", put(average_teacher_pay=8_030 * CNY)),
    "check-county-servant-pay-band": (
        "average_civil_servant_pay", "公务员工资填成了月平均", put(average_civil_servant_pay=7_925 * CNY),
    ),
    "check-county-teacher-pay-change": ("average_teacher_pay", "教师工资比上年下降九成", put(average_teacher_pay=8_030 * CNY)),
    "check-county-primary-norm-band": (
        "primary_public_funds_norm", "小学定额按万元填写", put(primary_public_funds_norm=7),
    ),
    "check-county-junior-norm-band": (
        "junior_public_funds_norm", "初中定额多写两位", put(junior_public_funds_norm=94_000 * CNY),
    ),
    "check-county-special-funds-band": (
        "special_school_public_funds", "特殊教育经费按元填写",
        put(special_school_public_funds=times("special_school_public_funds", 10_000)),
    ),
    "check-county-inclusive-funds-band": (
        "inclusive_public_funds", "随班就读经费按元填写",
        put(inclusive_public_funds=times("inclusive_public_funds", 10_000)),
    ),
    "check-county-rotated-exceeds": (
        "rotated_teacher_count", "交流轮岗教师多于符合条件教师",
        put(rotated_teacher_count=above("rotation_eligible_count", 8)),
    ),
    "check-county-rotated-backbone-exceeds": (
        "rotated_backbone_count", "交流的骨干教师多于交流教师", put(rotated_backbone_count=above("rotated_teacher_count", 2)),
    ),
    "check-county-quota-allotted-exceeds": (
        "senior_high_quota_allotted", "分配名额多于名额总数", put(senior_high_quota_allotted=above("senior_high_quota", 20)),
    ),
    "check-county-quota-rural-exceeds": (
        "senior_high_quota_rural", "农村名额多于分配名额", put(senior_high_quota_rural=above("senior_high_quota_allotted", 5)),
    ),
    "check-county-migrants-exceed": (
        "migrant_children_count", "在读随迁子女多于符合条件人数",
        put(migrant_in_public_count=above("migrant_children_count", 30)),
    ),
    "check-county-disabled-exceed": (
        "disabled_enrolled_count", "入学残疾儿童多于适龄残疾儿童",
        put(disabled_enrolled_count=above("disabled_children_count", 6)),
    ),
    "check-county-disabled-special-exceed": (
        "disabled_in_special_school_count", "特教学校就读人数多于入学数",
        put(disabled_in_special_school_count=above("disabled_enrolled_count", 3)),
    ),
    "check-county-labour-share": ("labour_hours_share", "占比的百分号填了两次", put(labour_hours_share=56 * _SHARE)),
    "check-county-primary-hours": ("primary_hours_in_school", "在校时间按分钟填写", put(primary_hours_in_school=357 * _HOUR)),
    "check-county-junior-hours": ("junior_hours_in_school", "在校时间填成每周合计", put(junior_hours_in_school=35 * _HOUR)),
    "check-county-government-score": ("government_work_score", "得分超过 100", put(government_work_score=912 * 100)),
    "check-county-rows": ("county_code", "县级数据填了两份", add_copy("county")),
    "check-county-code-format": ("county_code", "行政区划代码少抄一位", put(county_code="99990")),
}  # fmt: skip

_SUBJECTS = {
    "check-subject-required": ("is_monitored", "是否参加监测没有填", put(is_monitored=None)),
    "check-subject-duplicate": ("subject", "同一学科填了两行", add_copy("county_subjects")),
    "check-subject-variation-range": ("variation", "差异率按百分数填写", put(variation=times("variation", 100))),
    "check-subject-result-incomplete": ("level", "只填了差异率没有填等级", put(level=None)),
    "check-subject-result-missing": ("level", "参加监测却没有结果", put(level=None, variation=None)),
    "check-subject-result-unexpected": ("level", "未参加监测却有结果", put(is_monitored=False)),
}
_YEARS = {
    "check-spending-required": ("spending_year", "年度没有填", put(spending_year=None)),
    "check-spending-years": ("spending_year", "缺一个年度", of_whole_table(put(spending_year=2010))),
    "check-spending-negative": ("spending_student_count", "学生数是负数", put(spending_student_count=-1)),
    "check-spending-duplicate": ("spending_year", "同一年度填了两行", add_copy("county_years")),
    "check-spending-year-range": ("spending_year", "填了将来的年度", put(spending_year=2031)),
    "check-spending-band": (
        "general_education_spending", "教育支出按元填写", put(general_education_spending=90_000 * 10_000 * WAN_CNY),
    ),
}  # fmt: skip
_GROUPS = {
    "check-survey-required": ("group", "调查对象没有填", put(group=None)),
    "check-survey-negative": ("visited_count", "走访人数是负数", put(visited_count=-5, visit_satisfied_count=-5)),
    "check-survey-duplicate": ("group", "同一类对象填了两行", add_copy("survey_groups")),
    "check-survey-valid-exceeds": ("valid_count", "有效问卷多于发放问卷", put(valid_count=above("questionnaire_count", 4))),
    "check-survey-satisfied-exceeds": ("satisfied_count", "满意问卷多于有效问卷", put(satisfied_count=above("valid_count", 1))),
    "check-survey-visits-exceed": (
        "visit_satisfied_count", "走访满意多于走访人数", put(visit_satisfied_count=above("visited_count", 2)),
    ),
    "check-survey-response-band": ("valid_count", "有效回收率不到一半", put(valid_count=8, satisfied_count=7)),
}  # fmt: skip
_JUDGEMENTS = {
    "check-judgement-required": ("item_id", "指标编号没有填", put(item_id=None)),
    "check-judgement-negative": ("points", "得分是负数", put(points=-100)),
    "check-judgement-duplicate": ("item_id", "同一指标有两个结论", add_copy("judgements", result="not_met")),
    "check-judgement-points": ("points", "得分超过 100", put(points=950 * 100)),
    "check-judgement-unsupported": ("assessor", "有结论没有评估人", put(assessor=None)),
    "check-judgement-date-format": ("assessed_on", "日期只写了年月", put(assessed_on="2025年11月")),
}  # fmt: skip

COUNTY_FAULTS: tuple[FaultKind, ...] = (
    *kinds("county", _COUNTY),
    *kinds("county_subjects", _SUBJECTS),
    *kinds("county_years", _YEARS),
    *kinds("survey_groups", _GROUPS),
    *kinds("judgements", _JUDGEMENTS),
)
