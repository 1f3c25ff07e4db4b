"""What waits for the reader, on the pages where people land."""

from typing import Any

from django import template
from django.template import Context

from junheng.web.returns.to_do import to_do_of

register = template.Library()


@register.inclusion_tag("returns/parts/to_do.html", takes_context=True)
def to_do(context: Context) -> dict[str, Any]:
    """The reader's drafts, reviews and open rounds, each with its next step; nothing when nothing waits."""
    actor = context["request"].actor
    return {"to_do": to_do_of(actor, context["navigation_counts"].get("returns:review", 0))}
