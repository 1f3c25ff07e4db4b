"""An explanation as readable Chinese text, one line per fact, indented by depth."""

from collections.abc import Iterator

from junheng.core.explain_node import Node
from junheng.core.findings import Location
from junheng.core.verdict import Outcome

MARKS = {Outcome.MET: "✓", Outcome.NOT_MET: "✗", Outcome.CANNOT_TELL: "?"}


def explain_lines(node: Node, depth: int = 0, max_depth: int | None = None) -> Iterator[str]:
    """The lines of a node and its children down to `max_depth` (None: all)."""
    indent = "  " * depth
    mark = f"{MARKS[node.outcome]} {node.outcome.label} " if node.outcome is not None else ""
    numbers = ",".join(part for part in (node.value, node.limit) if part)
    cells = "；".join(text for text in (location_text(entry) for entry in node.locations) if text)
    yield f"{indent}{mark}{node.title}" + (f":{numbers}" if numbers else "") + (f"  [{cells}]" if cells else "")
    for label, text in (("算法", node.formula), ("余量", node.margin), ("翻转", node.flip), ("依据", node.clause)):
        if text:
            yield f"{indent}  {label}:{text}"
    for note in node.notes:
        yield f"{indent}  · {note}"
    if max_depth is None or depth < max_depth:
        for child in node.children:
            yield from explain_lines(child, depth + 1, max_depth)


def location_text(location: Location) -> str:
    """A source cell as people write it, e.g. `县.xlsx 学段!D7`; empty when it is not known."""
    if not location.cell:
        return ""
    return f"{location.file} {location.sheet}!{location.cell}".strip()
