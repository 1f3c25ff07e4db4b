"""An explanation as readable Chinese text, one line per fact, indented by depth."""

from collections.abc import Iterator, Sequence

from junheng.core.explain_node import Node
from junheng.core.findings import Location
from junheng.core.verdict import Outcome

MARKS = {Outcome.MET: "✓", Outcome.NOT_MET: "✗", Outcome.CANNOT_TELL: "?"}
_ASKS = {"≥": "应不低于", "≤": "应不高于", "<": "应低于"}


def explain_lines(node: Node, depth: int = 0, max_depth: int | None = None) -> Iterator[str]:
    """The lines of a node and its children down to `max_depth` (None: all)."""
    indent = "  " * depth
    mark = f"{MARKS[node.outcome]} {node.outcome.label} " if node.outcome is not None else ""
    numbers, cells = _numbers(node), _cells(node.locations)
    yield f"{indent}{mark}{node.title}" + (f":{numbers}" if numbers else "") + (f"  [{cells}]" if cells else "")
    for label, text in (("算法", node.formula), ("余量", node.margin), ("翻转", node.flip), ("依据", node.clause)):
        if text:
            yield f"{indent}  {label}:{text}"
    for note in node.notes:
        yield f"{indent}  · {note}"
    if max_depth is None or depth < max_depth:
        for child in node.children:
            yield from explain_lines(child, depth + 1, max_depth)


def _numbers(node: Node) -> str:
    """The value and, in words, its limit: a limit must not be read as the value, least of all where there is none."""
    if not node.limit:
        return node.value
    word = _ASKS.get(node.limit[0])
    return f"{node.value or '值未知'}（{f'界线{node.limit}' if word is None else word + node.limit[1:]}）"


def _cells(locations: Sequence[Location]) -> str:
    """The source cells; file and sheet are named once for all cells in them."""
    sheets: dict[tuple[str, str], list[Location]] = {}
    for entry in locations:
        if entry.cell:
            sheets.setdefault((entry.file, entry.sheet), []).append(entry)
    return "；".join(
        "、".join([location_text(first), *(entry.cell for entry in rest)]) for first, *rest in sheets.values()
    )


def location_text(location: Location) -> str:
    """A source cell as people write it, e.g. `县.xlsx 学段!D7`; empty when it is not known."""
    if not location.cell:
        return ""
    return f"{location.file} {location.sheet}!{location.cell}".strip()
