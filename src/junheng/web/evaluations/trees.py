"""An explanation as the page shows it: nodes with links, cut where a page would get too long to read."""

from collections.abc import Iterator
from dataclasses import dataclass

from junheng.core.explain_node import Node
from junheng.core.findings import Location

MOST_NODES = 160
"""How many nodes a page shows; deeper ones are one click away."""

_OWN_PAGE = ("part", "school", "dispersion", "composite", "item", "veto")


@dataclass(frozen=True)
class Branch:
    """One node. `path` is empty where it has no page of its own; `hidden_count` children stand on that page only."""

    node: Node
    path: str
    sources: tuple[str, ...]
    children: tuple["Branch", ...]
    hidden_count: int
    is_open: bool


def branch_of(node: Node) -> Branch:
    """The tree below a node, as deep as fits on a page; its first level is open, below that only what is not met."""
    depth = 1
    while depth < 6 and _count(node, depth + 1) <= MOST_NODES:
        depth += 1
    return _branch(node, depth, 0)


def _count(node: Node, depth: int) -> int:
    return 1 + (sum(_count(child, depth - 1) for child in node.children) if depth else 0)


def _branch(node: Node, depth: int, level: int) -> Branch:
    is_cut = depth == 0
    children = () if is_cut else tuple(_branch(child, depth - 1, level + 1) for child in node.children)
    return Branch(
        node=node,
        path=node.path if has_own_page(node.path) else "",
        sources=tuple(text for text in map(source_text, node.locations) if text),
        children=children,
        hidden_count=len(node.children) if is_cut else 0,
        is_open=level == 0 or (level == 1 and len(node.children) <= 12),
    )


def has_own_page(path: str) -> bool:
    """True for the paths that `api.explain` leads to."""
    kind, _, rest = path.partition(":")
    return kind in _OWN_PAGE and not (kind == "item" and ":" in rest)


def source_text(location: Location) -> str:
    """A source as people read it: file, sheet and cell, or who typed it when; empty when it is not known."""
    parts = [location.file, location.sheet, location.cell]
    return " · ".join(part for part in parts if part) if location.file else ""


def trail(path: str) -> Iterator[str]:
    """The paths above a path, from the county down: `school:1:primary:x` is below `school:1:primary` and `school:1`."""
    kind, *rest = path.split(":")
    if kind == "school":
        for end in range(1, len(rest)):
            yield ":".join([kind, *rest[:end]])


def school_of(path: str) -> str:
    """The code of the school that a path is about; empty for other paths."""
    kind, _, rest = path.partition(":")
    return rest.partition(":")[0] if kind == "school" else ""
