"""Values as people type and read them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from junheng.core.check_words import exact_text, value_text
from junheng.core.fields import Field, FieldType


def text_of(entry: Field, value: Any) -> str:
    """What stands in an input field: without the unit, empty when missing; the label of a choice."""
    if value is None:
        return ""
    if entry.type is FieldType.YEAR or entry.choices or not entry.type.is_number:
        return value_text(entry, value)
    if entry.type is FieldType.RATIO:
        return f"{exact_text(entry.typed(value) * 100)}%"
    return exact_text(entry.typed(value))


def shown(entry: Field, value: Any) -> str:
    """What stands in a sentence or a table: with the unit; 未填 in the language of the page when missing."""
    return nothing() if value is None else value_text(entry, value)


def nothing() -> str:
    """What stands where nothing was filled in."""
    return _("未填")


def spoken(text: str) -> str:
    """A name or a reason as people read it: what the platform itself wrote there, in the language of the page."""
    own = {"平台": _("平台"), "导入": _("导入"), "更正": pgettext("why", "更正"), "退回修改": _("退回修改")}
    return own.get(text, text)
