"""One standard on the terminal: what it judges, part by part, with the numbers in force on a day, ids and clauses."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL
from junheng.core.formula_catalogue import CATALOGUE, SHARE_UNIT, FormulaKind
from junheng.core.standard import Part

if TYPE_CHECKING:
    from junheng.core.standard import Item, Parameter, Standard, Veto

Row = tuple[str, str, str, str, str]
_NOT_IN_FORCE = "未生效"


def show_standard(screen: Console, standard: "Standard", on: date) -> None:
    """Prints it; numbers that are not in force on the day say so."""
    screen.print(Text(f"{standard.title}（{standard.id},第{standard.version}版）", style="bold"))
    screen.print(f"依据:《{standard.document.title}》{standard.document.number}")
    screen.print(f"编写:{standard.author}  校核:{standard.checker}  复核期限:{standard.review_by.isoformat()}")
    _section(screen, PART_LABEL[Part.RESOURCES], _indicators(standard, on))
    for part in Part:
        items = [entry for entry in standard.items if entry.part is part]
        _section(screen, PART_LABEL[part], [row for entry in items for row in _item(entry, on)])
    _section(screen, PART_LABEL[Part.VETO], [_veto(entry, on) for entry in standard.vetoes])
    exceptions = [
        (
            "",
            f"{entry.name}（默认不启用）",
            _params(FormulaKind.EFFECT, entry.effect, entry.params, on),
            entry.clause,
            entry.id,
        )
        for entry in standard.exceptions
    ]
    _section(screen, "过渡例外", exceptions)
    if standard.notes:
        screen.print(Text("解释", style="bold"))
    for note in standard.notes:
        screen.print(f"  · {note.text}" + ("（本标准自定）" if note.decided else ""))


def _section(screen: Console, title: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if not listed:
        return
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, pad_edge=False)
    table.add_column("序号", justify="right")
    table.add_column("内容", ratio=5, overflow="fold")
    table.add_column("界线", ratio=4, overflow="fold")
    table.add_column("条款", ratio=3, overflow="fold")
    table.add_column("编号", ratio=3, overflow="fold", style="dim")
    for row in listed:
        table.add_row(*map(Text, row))
    screen.print(table)


def _indicators(standard: "Standard", on: date) -> list[Row]:
    rows = []
    for entry in standard.indicators:
        limits = "、".join(
            f"{STAGE_LABEL[stage]}≥{_number(value, on, entry.unit)}" for stage, value in entry.thresholds.items()
        )
        rows.append((entry.number, entry.name, limits, entry.clause, entry.id))
    return rows


def _item(entry: "Item", on: date) -> list[Row]:
    numbers = _params(FormulaKind.ITEM, entry.formula, entry.params, on)
    how = numbers or ("查阅资料后下结论" if entry.needs_judgement else "")
    rows = [(entry.number, entry.name, how, entry.clause, entry.id)]
    rows += [("", f"· {sub.name}", f"{_plain(sub.points)}分", "", f"{entry.id}/{sub.id}") for sub in entry.sub_items]
    return rows


def _veto(entry: "Veto", on: date) -> Row:
    numbers = _params(FormulaKind.VETO, entry.formula, entry.params, on)
    return (entry.number, entry.name, numbers or "查实即否决", entry.clause, entry.id)


def _params(kind: FormulaKind, formula: str | None, params: Mapping[str, "Parameter"], on: date) -> str:
    if formula is None:
        return ""
    specs = CATALOGUE[kind][formula].params
    return "、".join(f"{specs[name].label}{_number(value, on, specs[name].unit)}" for name, value in params.items())


def _number(parameter: "Parameter", on: date, unit: str) -> str:
    row = parameter.on(on)
    if row is None:
        return _NOT_IN_FORCE
    return f"{_plain(row.value * 100)}%" if unit == SHARE_UNIT else f"{_plain(row.value)}{unit}"


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
