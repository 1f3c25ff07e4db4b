"""Tags and filters that every template may use without loading them. docs/web/components.md shows each one."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

import junheng
from junheng.web.layout import charts
from junheng.web.layout.navigation import links
from junheng.web.layout.shares import shown_percent

register = template.Library()

Text = str | Promise

MISSING = "—"
"""What stands where there is no value: never 0, never nothing."""

OUTCOMES: Mapping[str, tuple[str, Text]] = {
    "met": ("✓", gettext_lazy("达标")),
    "not_met": ("✗", gettext_lazy("不达标")),
    "cannot_tell": ("?", gettext_lazy("无法判定")),
}
HEAT: Mapping[str, tuple[str, Text]] = {
    "far": ("▼", gettext_lazy("低于标准的 85%")),
    "near": ("▽", gettext_lazy("标准的 85%–100%")),
    "met": ("", gettext_lazy("达标")),
    "high": ("", gettext_lazy("达到标准的 150% 以上")),
    "unknown": ("?", gettext_lazy("无法判定")),
    "none": ("", gettext_lazy("不适用")),
}
MESSAGES: Mapping[str, tuple[str, str]] = {
    "success": ("alert-success", "✓"),
    "warning": ("alert-warning", "!"),
    "error": ("alert-danger", "✗"),
}


# -------------------------------------------------------------------------------------------------------------- the frame


@register.simple_tag
def version() -> str:
    """The version of Junheng."""
    return junheng.__version__


@register.simple_tag
def page_language() -> str:
    """The language of the page as browsers and screen readers know it."""
    return "zh-CN" if (get_language() or "").startswith("zh") else "en"


@register.inclusion_tag("layout/parts/original_note.html")
def original_note() -> dict[str, Any]:
    """One line, on English pages only: texts of rules, checks and forms are in the original Chinese."""
    return {}


@register.simple_tag
def other_language() -> dict[str, str]:
    """The language to switch to: its `code` and its `label`, in itself."""
    code = "en" if page_language() == "zh-CN" else "zh-hans"
    return {"code": code, "label": "English" if code == "en" else "中文"}


@register.inclusion_tag("layout/parts/navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The side navigation of the active role. `navigation_counts` in the context gives badges: {route name: number}."""
    actor, request = context.get("actor"), context.get("request")
    counts = context.get("navigation_counts") or {}
    path = request.path if request else ""
    return {"groups": links(actor.role if actor else "", path, counts)}


@register.inclusion_tag("layout/parts/breadcrumbs.html")
def breadcrumbs(*parts: Any) -> dict[str, Any]:
    """`{% breadcrumbs label address label address … label %}`; the last one is the page itself and needs no address."""
    pairs = [(parts[at], parts[at + 1] if at + 1 < len(parts) else "") for at in range(0, len(parts), 2)]
    return {"steps": pairs[:-1], "here": pairs[-1][0] if pairs else ""}


@register.simple_tag
def message_class(message: Message) -> str:
    """Bootstrap's class for a flash message."""
    return MESSAGES.get(message.level_tag, ("alert-info", "i"))[0]


@register.simple_tag
def message_sign(message: Message) -> str:
    """The sign before a flash message, so that its kind is not told by colour alone."""
    return MESSAGES.get(message.level_tag, ("alert-info", "i"))[1]


@register.simple_tag
def icon(name: str, label: Text = "") -> SafeString:
    """An icon of layout/static/vendor/icons.svg; with a label it is read out, without one it is decoration."""
    address = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="jh-icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address
        )
    return format_html('<svg class="jh-icon" aria-hidden="true"><use href="{}"></use></svg>', address)


# ------------------------------------------------------------------------------------------------------ words and numbers


@register.simple_tag
def outcome(value: str | None, word: Text = "") -> SafeString:
    """A badge with sign and word: ✓ 达标, ✗ 不达标, ? 无法判定. Nothing for None; `word` replaces the word."""
    if not value:
        return SafeString("")
    sign, usual = OUTCOMES[str(value)]
    return format_html(
        '<span class="jh-badge jh-badge-{}"><span aria-hidden="true">{}</span> {}</span>', value, sign, word or usual
    )


@register.simple_tag
def badge(text: Text, tone: str = "neutral", sign: str = "") -> SafeString:
    """A badge of another kind; tone: neutral, info, good, warn, bad. Give a sign where the tone means something."""
    if sign:
        return format_html(
            '<span class="jh-badge jh-badge-{}"><span aria-hidden="true">{}</span> {}</span>', tone, sign, text
        )
    return format_html('<span class="jh-badge jh-badge-{}">{}</span>', tone, text)


@register.filter
def number(value: float | Decimal | str | None, places: int | None = None) -> str:
    """A number in the language of the page, with fixed decimal places if given; "—" where there is none, "0" for zero."""
    if value is None or value == "":
        return MISSING
    return number_format(value, places, force_grouping=get_language() == "en")


@register.filter
def percent(value: float | Decimal | None, places: int = 1) -> str:
    """A share (0.608) as 60.8 %, where 100 % means all and 0 % none; "—" where there is none."""
    return reached(None if value is None else value * 100, places)


@register.filter
def reached(value: float | Decimal | None, places: int = 1) -> str:
    """The same for a number that is a percentage already (60.8)."""
    return MISSING if value is None else f"{number_format(shown_percent(value, places), places)}%"


@register.filter
def or_missing(value: Any) -> Any:
    """The value, or "—" when there is none; zero stays zero."""
    return MISSING if value is None or value == "" else value


@register.inclusion_tag("layout/parts/figure.html")
def figure(
    label: Text, value: Any, unit: Text = "", note: Text = "", tone: str = "", address: str = ""
) -> dict[str, Any]:
    """A card with one key figure. `tone`: good, warn or bad (say it in the note too); `address` makes it a link."""
    return {
        "label": label, "value": or_missing(value), "unit": unit, "note": note, "tone": tone, "address": address,
    }  # fmt: skip


@register.simple_tag
def heat_cell(text: Any, level: str, address: str = "") -> SafeString:
    """A `<td>` of the heat table. level: far (▼ below 85 %), near (▽ below 100 %), met, high (150 % and more), unknown, none."""
    sign, meaning = HEAT[level]
    shown = or_missing(text)
    inner = format_html('<a href="{}">{}</a>', address, shown) if address else shown
    return format_html(
        '<td class="jh-heat jh-heat-{}">{}<span class="jh-heat-sign" aria-hidden="true">{}</span>'
        '<span class="visually-hidden"> {}</span></td>',
        level, inner, sign, meaning,
    )  # fmt: skip


@register.inclusion_tag("layout/parts/heat_legend.html")
def heat_legend() -> dict[str, Any]:
    """What the colours and signs of the heat table mean."""
    return {"levels": [(level, sign, meaning) for level, (sign, meaning) in HEAT.items() if level != "none"]}


@register.inclusion_tag("layout/parts/tile.html")
def tile(label: Text, value: Any, level: str = "none", address: str = "", note: Text = "") -> dict[str, Any]:
    """A tile (township, county) inside `<div class="jh-tiles">`; levels as of `heat_cell`."""
    sign, meaning = HEAT[level]
    return {
        "label": label, "value": or_missing(value), "level": level, "sign": sign, "meaning": meaning,
        "address": address, "note": note,
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def send_key(context: Mapping[str, Any]) -> SafeString:
    """A hidden field `send_key` for a form that makes something: sent twice, the form makes it once."""
    key = str(context["request"].POST.get("send_key", ""))[:64] or uuid.uuid4().hex
    return format_html('<input type="hidden" name="send_key" value="{}" autocomplete="off">', key)


@register.inclusion_tag("layout/parts/progress.html")
def progress(done: int, total: int, label: Text = "") -> dict[str, Any]:
    """A progress bar with its numbers as text; a total of 0 shows a bar of unknown length."""
    return {"done": done, "total": total, "label": label, "percent": 100 * done // total if total else None}


@register.inclusion_tag("layout/parts/empty.html")
def empty(title: Text, text: Text = "", address: str = "", label: Text = "", icon: str = "inbox") -> dict[str, Any]:
    """What stands where a list would be empty: what is missing and what to do next."""
    return {"title": title, "text": text, "address": address, "label": label, "icon": icon}


@register.inclusion_tag("layout/parts/pagination.html", takes_context=True)
def pagination(
    context: template.Context, page: Page[Any], key: str = "page", target: str = "", label: Text = ""
) -> dict[str, Any]:
    """Links to the pages of a list; keeps the other parameters of the address. `target`: id that htmx swaps.

    `label` tells the list where a page has several.
    """
    kept = context["request"].GET.copy()
    kept.pop(key, None)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    gap = str(page.paginator.ELLIPSIS)

    def address(number: int) -> str:
        return "?" + urlencode([*((name, text) for name, texts in kept.lists() for text in texts), (key, number)])

    return {
        "page": page,
        "target": target,
        "label": label,
        "steps": [(entry, "" if entry == gap else address(int(entry))) for entry in numbers],
        "before": address(page.previous_page_number()) if page.has_previous() else "",
        "after": address(page.next_page_number()) if page.has_next() else "",
    }


# ------------------------------------------------------------------------------------------------------------------ forms


@register.inclusion_tag("layout/parts/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong in a form, above it: each line leads to its field."""
    fields = [(field, error) for field in form.visible_fields() for error in field.errors] if form.is_bound else []
    return {"general": form.non_field_errors() if form.is_bound else [], "fields": fields}


@register.inclusion_tag("layout/parts/field_row.html")
def field_row(  # noqa: PLR0913, PLR0917 - a row shows that much; templates name what they give
    field: BoundField,
    unit: Text = "",
    last: Any = None,
    last_label: Text = "",
    comments: int | None = None,
    comments_address: str = "",
    source: Text = "",
    finding: Text = "",
) -> dict[str, Any]:
    """One field of a form: label, help, input with unit, last year's value, source, errors, link to its comments.

    `finding` is a warning of a check that does not keep the form from being saved.
    """
    rows = field.use_fieldset and not isinstance(field.field.widget, CheckboxInput)
    return {
        "field": field,
        "is_group": rows,
        "is_check": isinstance(field.field.widget, CheckboxInput),
        "input": field.as_widget(attrs=_attributes(field, bool(finding))),
        "unit": unit, "last": last, "last_label": last_label or pgettext_lazy("value of the year before", "上年"),
        "comments": comments, "comments_address": comments_address, "source": source, "finding": finding,
    }  # fmt: skip


def _attributes(field: BoundField, has_finding: bool) -> dict[str, Any]:
    """The class of Bootstrap that fits the widget, and what describes the input to a screen reader."""
    widget = field.field.widget
    css = "form-control"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        css = "jh-choices"  # Django gives it to the list and to each of its inputs
    elif isinstance(widget, CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select"
    described = [f"{field.id_for_label}-{part}" for part, is_there in (
        ("help", bool(field.help_text)), ("errors", bool(field.errors)), ("finding", has_finding),
    ) if is_there]  # fmt: skip
    own = str(widget.attrs.get("class", ""))
    made: dict[str, Any] = {"class": f"{css} {own} {'is-invalid' if field.errors else ''}".strip()}
    if described:
        made["aria-describedby"] = " ".join(described)
    if field.errors:
        made["aria-invalid"] = "true"
    if isinstance(widget, FileInput):
        made["data-file"] = ""
    return made


# ----------------------------------------------------------------------------------------------------------------- charts


@register.inclusion_tag("layout/parts/chart.html")
def chart(name: str, data: Mapping[str, Any], label: Text, height: int = 320, note: Text = "") -> dict[str, Any]:
    """A chart and the table of its numbers. `name` is its id on the page; shapes of `data`: see `layout.charts`."""
    steps = min(max(round(height / 40), 4), 16)
    return {
        "name_data": f"{name}-data",
        "data": {"limit_name": _("标准"), **data},
        "label": label,
        "steps": steps,
        "note": note,
        "table": charts.table(data),
    }


@register.simple_tag
def chart_scripts() -> SafeString:
    """What a page with charts loads; belongs into the block `scripts`."""
    names = ("vendor/echarts.min.js", "junheng/charts.js")
    return format_html_join("\n", '<script src="{}" defer></script>', ((static(name),) for name in names))
