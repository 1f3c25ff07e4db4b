"""The table schools × indicators: filtered, sorted, with the links of its heads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from junheng.web.evaluations.addresses import explain_address, school_address
from junheng.web.evaluations.kept import kept_part
from junheng.web.evaluations.models import Run, SchoolResult
from junheng.web.evaluations.queries import in_order
from junheng.web.evaluations.words import STAGES
from junheng.web.layout.templatetags.layout import HEAT

FILTERS = ("township", "stage", "failing", "sort")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column. `direction` is ascending, descending or empty; `address` sorts by the column, or the other way."""

    id: str
    label: str
    title: str
    direction: str
    address: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One school stage with its address; `cells` are the `<td>` of its indicators, each a link to its explanation."""

    result: SchoolResult
    address: str
    cells: SafeString


@dataclass(frozen=True, slots=True)
class Heat:
    """The table as it is shown, and what its filters offer. `chosen` are the filters as they stand."""

    before: tuple[Head, ...]
    heads: tuple[Head, ...]
    after: tuple[Head, ...]
    lines: tuple[Line, ...]
    total: int
    townships: tuple[str, ...]
    stages: tuple[str, ...]
    chosen: Mapping[str, str]


def heat_of(run: Run, results: Sequence[SchoolResult], wanted: Mapping[str, str]) -> Heat:
    """The table of the given school stages; filters that fit nothing known are ignored."""
    townships = tuple(dict.fromkeys(entry.township for entry in results if entry.township))
    stages = tuple(stage for stage in STAGES if any(entry.stage == stage for entry in results))
    columns = {entry["id"]: entry for entry in run.summary["indicators"]}
    chosen = {name: wanted.get(name, "") for name in FILTERS}
    chosen["township"] = chosen["township"] if chosen["township"] in townships else ""
    chosen["stage"] = chosen["stage"] if chosen["stage"] in stages else ""
    chosen["sort"] = chosen["sort"] if chosen["sort"].lstrip("-") in {*_FIXED, *columns} else ""
    draw = _Cells(run)
    shown = in_order(_filtered(results, chosen), chosen["sort"] or "code")
    return Heat(
        before=(_head("name", _("学校"), "", chosen, is_number=False), _head("students", _("学生数"), "", chosen)),
        heads=tuple(_head(name, entry["short"], entry["name"], chosen) for name, entry in columns.items()),
        after=(_head("met", _("达标项"), "", chosen), _head("outcome", _("结论"), "", chosen, is_number=False)),
        lines=tuple(Line(entry, school_address(run, entry), draw(entry)) for entry in shown),
        total=len(results),
        townships=townships,
        stages=stages,
        chosen=chosen,
    )


def heat_part(run: Run, results: Callable[[], Sequence[SchoolResult]], wanted: Mapping[str, str]) -> SafeString:
    """The table of all schools of a finished run as HTML, kept per filter and order; `results` is asked when it is not there."""
    return kept_part(
        run,
        "evaluations/_heat.html",
        lambda: {"run": run, "summary": run.summary, "heat": heat_of(run, results(), wanted)},
        *(wanted.get(name, "") for name in FILTERS),
    )


_FIXED = ("code", "name", "students", "met", "outcome")


def _filtered(results: Iterable[SchoolResult], chosen: Mapping[str, str]) -> list[SchoolResult]:
    return [
        entry
        for entry in results
        if chosen["township"] in {"", entry.township}
        and chosen["stage"] in {"", entry.stage}
        and not (chosen["failing"] and entry.outcome == "met")
    ]


def _head(name: str, label: str, title: str, chosen: Mapping[str, str], *, is_number: bool = True) -> Head:
    is_here, is_down = chosen["sort"].lstrip("-") == name, chosen["sort"].startswith("-")
    order = f"-{name}" if is_here and not is_down else name
    kept = {key: value for key, value in chosen.items() if value and key != "sort"}
    direction = ("descending" if is_down else "ascending") if is_here else ""
    return Head(name, label, title or label, direction, "?" + urlencode({**kept, "sort": order}), is_number)


class _Cells:
    """Draws the cells of many rows as the layout's `heat_cell` does; a county has a thousand, so what they share is made once."""

    def __init__(self, run: Run) -> None:
        self._base = explain_address(run)
        self._open = {level: f'<td class="jh-heat jh-heat-{level}"><a href="{escape(self._base)}' for level in HEAT}
        self._close = {
            level: f'<span class="jh-heat-sign" aria-hidden="true">{sign}</span>'
            f'<span class="visually-hidden"> {escape(str(meaning))}</span></td>'
            for level, (sign, meaning) in HEAT.items()
        }

    def __call__(self, entry: SchoolResult) -> SafeString:
        """The cells of one school stage."""
        place = quote(f"school:{entry.code}:{entry.stage}", safe=":")
        return SafeString("".join(self._cell(place, cell) for cell in entry.cells))

    def _cell(self, place: str, cell: dict[str, Any]) -> str:
        level = cell["band"]
        address = f"{place}:{quote(cell['id'], safe='')}/"
        return f'{self._open[level]}{escape(address)}">{escape(cell["text"])}</a>{self._close[level]}'
