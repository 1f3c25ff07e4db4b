"""Basic balance: recognised long enough, schools that reach the basic standard, the government's own work."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from junheng.core.item_formulas.inquiry import (
    POINT,
    FormulaResult,
    Inquiry,
    ItemFormula,
    Tally,
    count_figure,
    number,
    over_schools,
)
from junheng.core.verdict import Figure

_RECOGNISED = "通过国家基本均衡认定的日期"
_SCORE = "办学基本标准评估得分"


def basic_balance_years(inquiry: Inquiry) -> FormulaResult:
    """Basic balance was recognised at least `years` full years before the day of judging (the anniversary counts)."""
    tally = Tally()
    recognised = _date(inquiry.roll.county.get("basic_balance_recognised_on"))
    if recognised is None:
        tally.lack(f"{_RECOGNISED}(尚未通过的,本项不能申报)")
    value = None if recognised is None else Fraction(_full_years(recognised, inquiry.day))
    tally.at_least("通过基本均衡认定的年数", value, inquiry.values["years"], "年")
    source = ("county.basic_balance_recognised_on",)
    figure = Figure(
        "basic_balance_years", "通过基本均衡认定的年数", value, "年", 0, source, (inquiry.facts.county_code,)
    )
    return tally.result((figure,), value=value, limit=inquiry.values["years"], unit="年")


def school_standard_scores(inquiry: Inquiry) -> FormulaResult:
    """Every school on the roll scores at least `least` points against the basic school standard."""
    tally = Tally()
    least = inquiry.values["least"]
    for school in over_schools(inquiry, tally):
        score = school.row["school_standard_score"]
        if score is None:
            tally.lack(_SCORE, school)
        elif score < least * POINT:
            short = least - Fraction(score, POINT)
            text = f"{_SCORE} {number(Fraction(score, POINT))} 分,距 {number(least)} 分差 {number(short)} 分"
            tally.fail(school, text, shortfall=short, unit="分")
    is_known = inquiry.roll.schools and not tally.missing
    count = len(tally.failures) if is_known else None
    return tally.result(
        (
            count_figure(
                "schools_short_count", "办学基本标准未达标的学校", count, "所", ("schools.school_standard_score",)
            ),
        )
    )


def government_work_score(inquiry: Inquiry) -> FormulaResult:
    """The county's work for balance scores at least `least` points."""
    tally = Tally()
    figure = inquiry.county_figure("government_work_score", "政府推进均衡工作评估得分", "分", scale=POINT, decimals=2)
    if figure.value is None:
        tally.lack(figure.label)
    tally.at_least(figure.label, figure.value, inquiry.values["least"], "分", 2)
    return tally.result((figure,), value=figure.value, limit=inquiry.values["least"], unit="分")


FORMULAS: Mapping[str, ItemFormula] = {
    "basic_balance_years": ItemFormula(basic_balance_years, ("county.basic_balance_recognised_on",)),
    "school_standard_scores": ItemFormula(school_standard_scores, ("schools.school_standard_score",)),
    "government_work_score": ItemFormula(government_work_score, ("county.government_work_score",)),
}


def _date(text: str | None) -> date | None:
    """The day, or None when it is missing or not an ISO date (a finding of the reader says so)."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def _full_years(since: date, day: date) -> int:
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
