"""Money: small schools, special schools, pay, training budgets and spending over the years (guarantee 6–8, quality 4)."""

from collections.abc import Mapping
from fractions import Fraction

from junheng.core.item_formulas.inquiry import (
    SHARE_DECIMALS,
    WAN_YUAN,
    YUAN,
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    count_figure,
    number,
    over_schools,
    plus,
    share_figure,
    share_of,
    typed,
)
from junheng.core.item_formulas.roll import Row, SchoolRecord
from junheng.core.rounding import printed
from junheng.core.standard import Stage
from junheng.core.verdict import Figure, Outcome

_QUOTA = "上年度拨付定额公用经费"
_NORM_FIELDS = {Stage.PRIMARY: "primary_public_funds_norm", Stage.JUNIOR: "junior_public_funds_norm"}
_NORM_LABELS = {Stage.PRIMARY: "小学生均公用经费基准定额", Stage.JUNIOR: "初中生均公用经费基准定额"}
_SMALL_USES = (
    "schools.previous_year_student_count",
    "schools.public_funds_quota",
    "stages.student_count",
    "county.primary_public_funds_norm",
    "county.junior_public_funds_norm",
)
_BUDGET_USES = ("schools.training_budget", "schools.public_funds_budget", "schools.area_type")
_NEAR = 0.002
"""Only shares this near their limit can be rounded over it; a cheap test before the exact one."""


def small_school_funding(inquiry: Inquiry) -> FormulaResult:
    """Every school with fewer than `counted_as` pupils last year got the public funds of `counted_as` pupils.

    The norm per pupil is the county's for the stage, or the standard's own (`primary_funds_norm`, `junior_funds_norm`) where that
    is higher; an integrated school takes the mean of both, weighted by its pupils of today (last year's are not reported per
    stage). A school whose number of pupils is missing passes when its funds suffice anyway; one that had no pupils last year is
    new and had nothing to get.
    """
    tally = Tally()
    small: list[Row] = []
    for school in over_schools(inquiry, tally):
        before = school.row["previous_year_student_count"]
        if before is None or 0 < before < inquiry.values["counted_as"]:
            _judge_small(inquiry, tally, school)
        if before is not None and 0 < before < inquiry.values["counted_as"]:
            small.append(school.row)
    schools = inquiry.roll.schools
    is_known = bool(schools) and all(school.row["previous_year_student_count"] is not None for school in schools)
    if is_known and not small:
        tally.not_applicable(f"没有上年学生数不足 {number(inquiry.values['counted_as'])} 人的学校。")
    return tally.result(_small_figures(small if is_known else None))


def special_school_funding(inquiry: Inquiry) -> FormulaResult:
    """Public funds per pupil of special schools reach `per_student` 元.

    With `includes_inclusive` 1 those of disabled pupils in ordinary schools have to as well, judged on their own. A county
    without such pupils (0, not missing) has nothing to judge and meets the item.
    """
    tally = Tally()
    groups = [("special_school", "特殊教育学校", "上年特殊教育学校学生数")]
    if inquiry.values["includes_inclusive"]:
        groups.append(("inclusive", "随班就读残疾学生", "上年随班就读残疾学生数"))
    figures: list[Figure] = []
    values = []
    for prefix, label, students in groups:
        value = _funds_per_student(inquiry, tally, prefix, (label, students))
        values.append(value)
        sources = (f"county.{prefix}_public_funds", f"county.{prefix}_student_count")
        figures += [
            inquiry.county_figure(f"{prefix}_public_funds", f"{label}公用经费", "万元", scale=WAN_YUAN),
            inquiry.county_figure(f"{prefix}_student_count", students, "人"),
            Figure(f"{prefix}_funds_per_student", f"{label}生均公用经费", value, "元", 0, sources),
        ]
    return tally.result(figures, value=values[0], limit=inquiry.values["per_student"], unit="元")


def pay_not_below_civil_servants(inquiry: Inquiry) -> FormulaResult:
    """Teachers' average pay (without private schools) is not below that of civil servants."""
    tally = Tally()
    teachers = inquiry.county_figure("average_teacher_pay", "义务教育学校教师年平均工资收入", "元", scale=YUAN)
    servants = inquiry.county_figure("average_civil_servant_pay", "当地公务员年平均工资收入", "元", scale=YUAN)
    for figure in (teachers, servants):
        if figure.value is None:
            tally.lack(figure.label)
    if servants.value is not None:
        tally.at_least(teachers.label, teachers.value, servants.value, "元")
    return tally.result((teachers, servants), value=teachers.value, limit=servants.value, unit="元")


def training_budget(inquiry: Inquiry) -> FormulaResult:
    """Every school, special schools included, sets aside `share` of its public funds for training.

    `town_share` and `rural_share` take its place where the standard gives them. 城区 and 镇区 schools are held to `town_share`.
    A school whose kind of area is missing passes when it reaches the higher share and fails when it misses the lower one. Public
    funds of 0 prove nothing, unless the school had no pupils last year.
    """
    tally = Tally()
    schools = over_schools(inquiry, tally, with_special=True)
    for school in schools:
        _judge_budget(tally, school, _budget_shares(inquiry.values, school.row["area_type"]))
    rows = [school.row for school in schools]
    training = plus(row["training_budget"] for row in rows) if rows else None
    funds = plus(row["public_funds_budget"] for row in rows) if rows else None
    is_known = rows and not tally.missing
    short = count_figure(
        "schools_short_count",
        "教师培训经费不足的学校",
        len(tally.failures) if is_known else None,
        "所",
        _BUDGET_USES[:2],
    )
    return tally.result(
        (
            Figure(
                "training_budget_total",
                "上年度教师培训经费预算",
                typed(training, WAN_YUAN),
                "万元",
                0,
                _BUDGET_USES[:1],
            ),
            Figure(
                "public_funds_budget_total",
                "上年度公用经费预算总额",
                typed(funds, WAN_YUAN),
                "万元",
                0,
                _BUDGET_USES[1:2],
            ),
            share_figure(
                "training_budget_share", "教师培训经费占公用经费预算的比例", share_of(training, funds), _BUDGET_USES[:2]
            ),
            short,
        )
    )


def spending_only_grows(inquiry: Inquiry) -> FormulaResult:
    """Education spending, and spending per pupil, of the last `years` years is never below the year before.

    The last year is the latest reported one, the year of the facts or the one before; a year without a row is missing.
    """
    tally = Tally()
    rows = {row["spending_year"]: row for row in inquiry.roll.spending}
    if not rows:
        tally.lack("历年经费")
        return tally.result()
    years = inquiry.last_years(rows)
    for year in years:
        row = rows.get(year, {})
        if row.get("general_education_spending") is None or not row.get("spending_student_count"):
            tally.lack(f" {year} 年的一般公共预算教育支出或在校学生数")
    tally.outcomes.append(Outcome.MET)
    for year in years[1:]:
        if year in rows and year - 1 in rows:
            _compare_years(tally, rows[year - 1], rows[year])
    return tally.result()


FORMULAS: Mapping[str, ItemFormula] = {
    "small_school_funding": ItemFormula(small_school_funding, _SMALL_USES),
    "special_school_funding": ItemFormula(
        special_school_funding,
        (
            "county.special_school_public_funds",
            "county.special_school_student_count",
            "county.inclusive_public_funds",
            "county.inclusive_student_count",
        ),
    ),
    "pay_not_below_civil_servants": ItemFormula(
        pay_not_below_civil_servants, ("county.average_teacher_pay", "county.average_civil_servant_pay")
    ),
    "training_budget": ItemFormula(training_budget, _BUDGET_USES),
}
SUB_ITEM_FORMULAS: Mapping[str, ItemFormula] = {
    "spending_only_grows": ItemFormula(
        spending_only_grows, ("county_years.general_education_spending", "county_years.spending_student_count")
    ),
}


def _judge_small(inquiry: Inquiry, tally: Tally, school: SchoolRecord) -> None:
    before = school.row["previous_year_student_count"]
    quota = school.row["public_funds_quota"]
    norm = _norm(inquiry, tally, school)
    if norm is None:
        return
    needed = inquiry.values["counted_as"] * norm
    if quota is None:
        tally.lack(_QUOTA, school)
    elif quota >= needed:
        return
    elif before is None:
        tally.lack("上年学生数", school)
    else:
        short = (needed - quota) / YUAN
        text = f"上年学生 {before} 人,应按 {number(inquiry.values['counted_as'])} 人核定 {number(needed / YUAN)} 元"
        tally.fail(
            school, f"{text},实拨 {number(Fraction(quota, YUAN))} 元,少 {number(short)} 元", shortfall=short, unit="元"
        )


def _norm(inquiry: Inquiry, tally: Tally, school: SchoolRecord) -> Fraction | None:
    """The norm per pupil in 分, weighted by stage; None, noted in the tally, when a fact for it is missing."""
    norms = {stage: inquiry.county(_NORM_FIELDS[stage]) for stage in school.taught or school.stages}
    for stage, norm in norms.items():
        if norm is None and _NORM_LABELS[stage] not in tally.missing:
            tally.lack(_NORM_LABELS[stage])
    known = {
        stage: max(Fraction(norm), _least_norm(inquiry, stage)) for stage, norm in norms.items() if norm is not None
    }
    if len(known) < len(norms):
        return None
    if len(set(known.values())) == 1:
        return next(iter(known.values()))
    students = school.student_count
    if not students:
        tally.lack("在校学生数", school)
        return None
    return Fraction(sum(norm * school.stages[stage]["student_count"] for stage, norm in known.items()), students)


def _least_norm(inquiry: Inquiry, stage: Stage) -> Fraction:
    """What the standard itself asks for, in 分; 0 where it leaves the norm to the county."""
    return YUAN * inquiry.values.get(f"{stage.value}_funds_norm", Fraction(0))


def _small_figures(small: list[Row] | None) -> tuple[Figure, ...]:
    students = None if small is None else plus(row["previous_year_student_count"] for row in small)
    funds = None if small is None else plus(row["public_funds_quota"] for row in small)
    return (
        count_figure("small_school_student_count", "规模较小学校学生数", students, "人", _SMALL_USES[:1]),
        Figure("small_school_public_funds", "规模较小学校公用经费", typed(funds, YUAN), "元", 0, _SMALL_USES[1:2]),
        count_figure(
            "small_school_count", "规模较小学校", None if small is None else len(small), "所", _SMALL_USES[:1]
        ),
    )


def _funds_per_student(inquiry: Inquiry, tally: Tally, prefix: str, labels: tuple[str, str]) -> Fraction | None:
    """Judges one group by the name of it and of its pupils; its public funds per pupil in 元, None when they are missing or there
    is no pupil."""
    label, students_label = labels
    funds, students = inquiry.county(f"{prefix}_public_funds"), inquiry.county(f"{prefix}_student_count")
    if students == 0:
        tally.not_applicable(f"{students_label}为 0,不适用。")
        return None
    for name, amount in ((f"{label}公用经费", funds), (students_label, students)):
        if amount is None:
            tally.lack(name)
    value = None if funds is None or students is None else Fraction(funds, students * YUAN)
    tally.at_least(f"{label}生均公用经费", value, inquiry.values["per_student"], "元")
    return value


def _budget_shares(values: Mapping[str, Fraction], area_type: str | None) -> tuple[Fraction, ...]:
    """The shares a school may be held to: one, or both when its kind of area is missing."""
    town, rural = values.get("town_share", values["share"]), values.get("rural_share", values["share"])
    return {"rural": (rural,), "urban": (town,), "town": (town,)}.get(area_type or "", (town, rural))


def _judge_budget(tally: Tally, school: SchoolRecord, shares: tuple[Fraction, ...]) -> None:
    training, funds = school.row["training_budget"], school.row["public_funds_budget"]
    for label, value in (("上年度教师培训经费预算", training), ("上年度公用经费预算总额", funds)):
        if value is None:
            tally.lack(label, school)
    if training is None or funds is None:
        return
    if funds == 0 and school.row["previous_year_student_count"] != 0:
        tally.cannot_tell("zero-denominator", f"{school.name}上年度公用经费预算总额为 0,比例无法计算。请核对。")
    if training < min(shares) * funds:
        short = (min(shares) * funds - training) / YUAN
        text = f"教师培训经费 {number(Fraction(training, WAN_YUAN))} 万元,应不少于公用经费预算"
        text += f" {number(Fraction(funds, WAN_YUAN))} 万元的 {number(100 * min(shares))}%,少 {printed(short, 2)} 元"
        tally.fail(school, text, shortfall=short, unit="元")
    elif training < max(shares) * funds:
        tally.lack("城乡类型", school)
    if funds and abs(training / funds - float(min(shares))) < _NEAR:
        tally.rounds_over(Fraction(100 * training, funds), 100 * min(shares), SHARE_DECIMALS)


def _compare_years(tally: Tally, before: Row, after: Row) -> None:
    pairs = [(row["general_education_spending"], row["spending_student_count"]) for row in (before, after)]
    (old, old_students), (new, new_students) = pairs
    if old is not None and new is not None:
        _grows(tally, after, "一般公共预算教育支出", Fraction(old, WAN_YUAN), Fraction(new, WAN_YUAN), "万元")
        if old_students and new_students:
            per_student = (Fraction(old, old_students * YUAN), Fraction(new, new_students * YUAN))
            _grows(tally, after, "生均一般公共预算教育支出", *per_student, "元")


def _grows(tally: Tally, after: Row, label: str, old: Fraction, new: Fraction, unit: str) -> None:
    tally.at_least(f"{after['spending_year']} 年{label}", new, old, unit, 2)
