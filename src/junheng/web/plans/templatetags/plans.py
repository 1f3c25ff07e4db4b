"""Words, numbers and cells that the pages of forecasts and plans share."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, Select
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from junheng.api import planning
from junheng.web.layout.shares import shown_percent
from junheng.web.layout.templatetags.layout import MISSING, badge, number
from junheng.web.plans.models import Plan, PlanStatus

register = template.Library()

_LIKELY, _POSSIBLE = 0.5, 0.1


@register.filter
def first_bound(row: Mapping[str, Any]) -> str:
    """The bound of a rule in the first year that has one, with its unit."""
    found = next((entry["bound"] for entry in row["years"] if entry["bound"] is not None), None)
    if found is None:
        return MISSING
    value = Fraction(found)
    shown = number(int(value)) if value.denominator == 1 else number(round(float(value), 2))
    return f"{shown} {row['unit']}"


@register.simple_tag
def risk_cell(probability: float | None) -> SafeString:
    """A `<td>` with a probability; what is likely is told by a sign, too."""
    if probability is None:
        return format_html('<td class="jh-heat jh-heat-none">{}</td>', MISSING)
    shown = f"{shown_percent(100 * probability, 0)}%"
    level, sign, words = ("met", "", "")
    if probability >= _LIKELY:
        level, sign, words = "far", "▼", _("更可能突破")
    elif probability >= _POSSIBLE:
        level, sign, words = "near", "▽", _("可能突破")
    return format_html(
        '<td class="jh-heat jh-heat-{}">{}<span class="jh-heat-sign" aria-hidden="true">{}</span>'
        '<span class="visually-hidden"> {}</span></td>',
        level,
        shown,
        sign,
        words,
    )


@register.simple_tag
def plain_input(field: BoundField, row: int = 0) -> SafeString:
    """The input of an entry alone, in the classes of Bootstrap; in a table `row` tells inputs of one column apart."""
    widget = field.field.widget
    css = "form-control form-control-sm"
    if isinstance(widget, CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select form-select-sm"
    made: dict[str, str | bool] = {"class": f"{css} is-invalid" if field.errors else css}
    if row:
        made["aria-label"] = f"{field.label} {row}"
    if field.errors:
        made |= {"aria-invalid": "true", "aria-describedby": f"{field.id_for_label}-errors"}
    return field.as_widget(attrs=made)


@register.filter
def short_label(entry: planning.ScenarioField) -> str:
    """What an entry of a measure is called beside the measure's name."""
    return entry.label.partition("：")[2]


TONES = {
    PlanStatus.OPTIMAL: ("good", "✓"),
    PlanStatus.FEASIBLE: ("good", "✓"),
    PlanStatus.INFEASIBLE: ("bad", "✗"),
    PlanStatus.NOTHING: ("warn", "!"),
    PlanStatus.REFUSED: ("warn", "!"),
}


@register.simple_tag
def plan_state(plan: Plan) -> SafeString:
    """How far a plan is, or how it ended, as a badge."""
    if not plan.is_finished:
        return badge(_("进行中"), "info", "…")
    tone, sign = TONES[PlanStatus(plan.status)]
    return badge(PlanStatus(plan.status).label, tone, sign)


@register.filter
def wan(value: float | None) -> str:
    """An amount in 万元: whole ones from a hundred on, else with one decimal place."""
    if value is None:
        return MISSING
    return rounded(value, 0 if abs(value) >= 100 or value == 0 else 1)


@register.filter
def rounded(value: float | None, places: int) -> str:
    """A number rounded half up to decimal places; the layout's `number` only cuts them off."""
    if value is None:
        return MISSING
    return number(Decimal(str(value)).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP), int(places))


@register.filter
def of_key(known: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a mapping, whose keys are texts when it comes from JSON; None when it has none."""
    return known.get(key, known.get(str(key)))


@register.filter
def compared(value: Any) -> str:
    """A value of a table of many kinds: texts as they are, numbers with two decimal places at most, "—" for nothing."""
    if isinstance(value, float):
        exact = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
        return number(exact, max(0, -int(exact.as_tuple().exponent)))
    return number(value) if isinstance(value, int) else str(value or MISSING)
