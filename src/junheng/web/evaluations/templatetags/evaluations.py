"""Words and links that the pages of evaluations share."""

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise

from junheng import api
from junheng.web.evaluations import words
from junheng.web.evaluations.addresses import explain_address
from junheng.web.evaluations.models import Run

register = template.Library()


def _word(known: Mapping[str, Promise], name: str) -> str | Promise:
    return known.get(name, name)


@register.filter
def stage_label(stage: str) -> str | Promise:
    """小学, 初中."""
    return _word(words.STAGES, stage)


@register.filter
def part_label(part: str) -> str | Promise:
    """What a part of the verdict is called."""
    return _word(words.PARTS, part)


@register.filter
def step_label(kind: str) -> str | Promise:
    """What kind of thing blocks."""
    return _word(words.STEP_KINDS, kind)


@register.filter
def flip_label(kind: str) -> str | Promise:
    """What a comparison is about."""
    return _word(words.FLIP_KINDS, kind)


@register.filter
def standard_name(run: Run) -> str:
    """The name of the standard of a run; its id only when the standard is no longer there."""
    title = str((run.figures or {}).get("standard_title", ""))
    return title or next((entry.title for entry in api.standards() if entry.id == run.standard), run.standard)


@register.simple_tag
def explain_url(run: Run, path: str = "") -> str:
    """The address of the explanation of one place of a run's verdict."""
    return explain_address(run, path)
