"""What the page of a decision looks up."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(texts: Mapping[str, str], name: str) -> str:
    """The text under a name (of a cell, or of a finding's reference); empty when there is none."""
    return texts.get(name, "")
