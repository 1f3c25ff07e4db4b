"""What audit pages ask about the tree of organisations. The app that keeps the tree stands above this one and tells it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Places:
    """Three questions about the tree.

    `within(path, text)`: the organisations of an area whose name or code contains the text. `names(ids)`: what they are
    called. `is_root(path)`: whether an area is the whole tree.
    """

    within: Callable[[str, str], QuerySet[Any]]
    names: Callable[[Collection[int]], Mapping[int, str]]
    is_root: Callable[[str], bool]


_TOLD: list[Places] = []


def tell(places: Places) -> None:
    """Answers these questions from now on."""
    _TOLD[:] = [places]


def places() -> Places:
    """Who answers."""
    return _TOLD[0]
