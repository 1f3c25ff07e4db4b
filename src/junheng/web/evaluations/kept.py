"""What is made once of a finished run and then kept in memory: a run never changes, and everybody asks for the latest one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from junheng.web.evaluations.models import Run

Made = TypeVar("Made")

_MOST_PARTS = 64
"""Parts of pages kept in memory; the largest, a table of 120 schools, takes 0.4 MB."""


class Kept(Generic[Made]):
    """At most so many things by key, those asked for last. What fails to be made is not kept. Safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The thing of that key, made when it is not there. Two threads may make it at once; either result is kept."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


_parts: Kept[SafeString] = Kept(_MOST_PARTS)


def kept_part(run: Run, template: str, context: Callable[[], dict[str, object]], *varies: Hashable) -> SafeString:
    """A part of a page about a finished run, drawn once per language.

    It is drawn without the request, so that nothing in it can depend on who looks: use it only for what everybody sees who
    may see the whole run. `varies` tells parts of one template apart; `context` is asked only when the part is not there.
    """
    key = (*run_key(run), template, *varies)
    return _parts.get(key, lambda: SafeString(render_to_string(template, context())))


def run_key(run: Run) -> tuple[Hashable, ...]:
    """What a kept thing that is shown depends on: the run, the language, and where the site is mounted."""
    return run.pk, run.hash, run.finished_at, get_language(), get_script_prefix()
