"""Long lists, part by part."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema

USUAL = 50
MOST = 200
FURTHEST = 10_000_000

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class Paging(Schema):
    """从第 `offset` 项起取 `limit` 项。"""

    limit: int = Field(USUAL, ge=1, le=MOST, description="取多少项,最多 200")
    offset: int = Field(0, ge=0, le=FURTHEST, description="跳过多少项")


class Page(Schema, Generic[T]):
    """一页:`total` 是全部项数。"""

    total: int
    limit: int
    offset: int
    items: list[T]


def page_of(found: QuerySet[M], paging: Paging, shape: Callable[[M], T]) -> dict[str, Any]:
    """The asked part of a query."""
    rows = found[paging.offset : paging.offset + paging.limit]
    return _page(found.count(), paging, [shape(row) for row in rows])


def part_of(found: Sequence[Any], paging: Paging) -> dict[str, Any]:
    """The asked part of a list."""
    return _page(len(found), paging, list(found[paging.offset : paging.offset + paging.limit]))


def _page(total: int, paging: Paging, items: list[Any]) -> dict[str, Any]:
    return {"total": total, "limit": paging.limit, "offset": paging.offset, "items": items}
