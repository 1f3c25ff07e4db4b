"""Judgements on the documentary items of 优质均衡 (2017), as an assessor would have entered them."""

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


def judgement_rows(year: int) -> Iterator[Row]:
    """One row per documentary item that has been looked at."""
    yield from ()
