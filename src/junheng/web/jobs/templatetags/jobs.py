"""`{% load jobs %}`: how pages name and show background work."""

from django import template

from junheng.web.jobs import registry

register = template.Library()

TONES = {"queued": "neutral", "running": "info", "done": "good", "failed": "bad", "cancelled": "warn"}
SIGNS = {"queued": "…", "running": "▶", "done": "✓", "failed": "✗", "cancelled": "–"}

register.filter("job_title", registry.title_of)


@register.filter
def job_tone(state: str) -> str:
    """The tone of a state's badge."""
    return TONES[state]


@register.filter
def job_sign(state: str) -> str:
    """The sign of a state's badge, so that it is not told by colour alone."""
    return SIGNS[state]
