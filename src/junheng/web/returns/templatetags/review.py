"""What the page of a decision looks up."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from junheng.core.fields import Field
from junheng.readers.dictionary import load_dictionary
from junheng.web.returns.coverage import IDENTITY
from junheng.web.returns.words import nothing, shown, spoken

register = template.Library()


@register.filter
def at(texts: Mapping[str, str], name: str) -> str:
    """The text under a name (of a cell, or of a finding's reference); empty when there is none."""
    return texts.get(name, "")


@register.filter
def was(text: str) -> SafeString:
    """What stood in a cell before, struck through; where nothing stood there is nothing to strike."""
    return _marked("del", text)


@register.filter
def becomes(text: str) -> SafeString:
    """What stands in a cell afterwards."""
    return _marked("ins", text)


def _marked(tag: str, text: str) -> SafeString:
    if not text or text == nothing():
        return format_html('<span class="jh-nothing">{}</span>', text)
    return format_html("<{0}>{1}</{0}>", tag, text)


register.filter("spoken", spoken)


@register.filter
def table_label(table: str) -> str:
    """What people call a table of the field dictionary."""
    return load_dictionary().tables[table].label


@register.filter
def row_name(key: str, table: str) -> str:
    """What people call a row that is known by its key text: without the school, choices by their labels."""
    entry = load_dictionary().tables[table]
    parts = zip(entry.key, key.split(":", len(entry.key) - 1), strict=True)
    return " ".join(_part(entry.fields[name], text) for name, text in parts if name not in IDENTITY and text)


def _part(entry: Field, text: str) -> str:
    if entry.choices:
        return shown(entry, text)
    return (
        f"{entry.label} {text}" if entry.type.is_number else text
    )  # a bare number says nothing: it is a grade, or a year
