"""Words, numbers and cells that the pages of forecasts and plans share."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from junheng.web.layout.shares import shown_percent
from junheng.web.layout.templatetags.layout import MISSING, number

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
