"""The form of a scenario, made from the dictionary of its entries (`junheng.api.planning.scenario_fields`).

What was typed is kept as it was typed, findings and all: people fill in a scenario bit by bit. Names of inputs are the paths of
the entries with `--` for the dot; cells of tables are `<table>--<row>--<column>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junheng import api
from junheng.api import planning
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level

if TYPE_CHECKING:
    Entry = planning.ScenarioField
Data = Mapping[str, Any]

BLANK_ROWS = 2
MOST_ROWS = 300
_NUMBERS = frozenset({"int", "number", "share", "money"})
_SCHOOLS = frozenset({"first", "second", "closed", "into"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as the page shows it: the input, its unit."""

    field: BoundField
    entry: Entry


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its number, its cells, what is wrong with it as a whole."""

    number: int
    cells: tuple[Shown, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """An entry that is a table."""

    entry: Entry
    columns: tuple[Entry, ...]
    rows: tuple[TableRow, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure: whether it is allowed, its price, who pays, and its limits."""

    id: str
    label: str
    allowed: Shown
    price: Shown
    source: Shown
    limits: tuple[Shown, ...]
    has_problem: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one title: how many things are wrong in it, how many rows its tables have, whether it starts unfolded."""

    label: str
    entries: tuple[Shown, ...]
    tables: tuple[ShownTable, ...]
    problem_count: int
    row_count: int
    is_open: bool


class ScenarioForm(forms.Form):
    """Every entry of a scenario. It is valid whenever it can be read; what is wrong in it are `findings`, shown at the fields."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, scenario: Data, lock_version: int, facts: Facts | None) -> None:
        """`scenario` is what is kept now; `facts` those that schools are looked up in and years are taken from."""
        self._kept = scenario
        self._facts = facts
        self._counts: dict[str, int] = {}
        super().__init__(data, initial={"lock_version": lock_version}, label_suffix="")
        for entry in planning.scenario_fields():
            if entry.kind.value == "table":
                self._add_table(entry)
            else:
                self.fields[_name(entry.path)] = self._field(entry, _at(scenario, entry.path))

    # ------------------------------------------------------------------------------------------------- building the inputs

    def _add_table(self, entry: Entry) -> None:
        rows = self._rows(entry)
        self._counts[entry.path] = len(rows)
        for number, row in enumerate(rows, start=1):
            for column in entry.columns:
                self.fields[_cell(entry, number, column)] = self._field(column, row.get(column.name), is_cell=True)

    def _rows(self, entry: Entry) -> list[Data]:
        """The kept rows, those that a budget still lacks, and some blank ones; as many as were sent when there are more."""
        kept = _at(self._kept, entry.path)
        rows: list[Data] = [row for row in kept if isinstance(row, Mapping)] if isinstance(kept, list) else []
        if entry.path == "budgets":
            rows += _lacking_budgets(self._kept, rows, self._facts)
        rows += [{}] * BLANK_ROWS
        if self.is_bound:
            sent = str(self.data.get(f"{_name(entry.path)}--rows", ""))
            count = int(sent) if sent.isdecimal() and len(sent) < 5 else 0
            rows += [{}] * max(0, min(count, MOST_ROWS) - len(rows))
        return rows

    def _field(self, entry: Entry, value: Any, *, is_cell: bool = False) -> forms.Field:
        given: dict[str, Any] = {"label": entry.label, "required": False, "help_text": entry.help, "initial": value}
        if value is None and not is_cell and entry.default not in (None, ()):
            given["initial"] = entry.default
        if entry.path == "standard":
            return forms.ChoiceField(choices=[(known.id, known.title) for known in api.standards()], **given)
        if entry.path == "exceptions":
            choices = _exceptions(_at(self._kept, "standard"))
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **given)
        if entry.kind.value == "flag":
            return forms.BooleanField(**given)
        if entry.kind.value == "choice":
            blank = [] if entry.default is not None and not is_cell else [("", _("请选择"))]
            return forms.ChoiceField(choices=[*blank, *entry.choices], **given)
        attributes = {"autocomplete": "off"}
        if entry.kind.value in _NUMBERS:
            attributes["inputmode"] = "decimal"
            given["initial"] = _plain(given["initial"])
        elif entry.name.endswith("_id") or entry.name in _SCHOOLS:
            attributes["list"] = "schools"
        elif "source" in (entry.name, entry.column):
            attributes["list"] = "sources"
        if is_cell:
            attributes["aria-label"] = entry.label
        return forms.CharField(max_length=400, widget=forms.TextInput(attrs=attributes), **given)

    # ------------------------------------------------------------------------------------------------------ reading it back

    def scenario(self) -> dict[str, Any]:
        """The data that were sent, in the words of `scenario_of`; usual values stand where nothing was typed for them."""
        data: dict[str, Any] = {}
        for entry in planning.scenario_fields():
            if entry.kind.value == "table":
                _put(data, entry.path, self._sent_rows(entry))
            else:
                value = self.cleaned_data.get(_name(entry.path))
                _put(data, entry.path, _sent(value))
        return data

    def _sent_rows(self, entry: Entry) -> list[dict[str, Any]]:
        rows = []
        for number in range(1, self._counts[entry.path] + 1):
            row = {column.name: _sent(self.cleaned_data.get(_cell(entry, number, column))) for column in entry.columns}
            if any(row[name] not in (None, False) for name in _telling(entry)):
                rows.append({name: value for name, value in row.items() if value is not None})
        return rows

    # ----------------------------------------------------------------------------------------------------- showing the form

    def tell(self, findings: Sequence[Finding]) -> list[Finding]:
        """Puts findings at their fields; gives those that belong to none (infos are left out)."""
        rest = []
        if not self.errors and not self.is_bound:
            self.cleaned_data = {}  # what add_error asks of a form that nobody has sent
        for finding in findings:
            if finding.level is Level.INFO:
                continue
            name = _name(finding.location.field).replace("[", "--").replace("]", "")
            if name in self.fields:
                self.add_error(name, f"{finding.message}{finding.hint}")
            elif not name.partition("--")[0] or name.partition("--")[0] not in self._table_names():
                rest.append(finding)
        self._findings = tuple(findings)
        return rest

    def _table_names(self) -> set[str]:
        return {_name(path) for path in self._counts}

    def groups(self) -> list[Group]:
        """The groups of entries, each with its plain entries and its tables; the measures have a group without either."""
        found: dict[str, tuple[list[Shown], list[ShownTable]]] = {}
        for entry in planning.scenario_fields():
            plain, tables = found.setdefault(entry.group, ([], []))
            if entry.row:
                continue
            if entry.kind.value == "table":
                tables.append(self._table(entry))
            else:
                self.fields[_name(entry.path)].required = entry.is_required  # says so; leaving it out is a finding
                plain.append(Shown(self[_name(entry.path)], entry))
        return [self._group(label, plain, tables) for label, (plain, tables) in found.items()]

    def _group(self, label: str, plain: list[Shown], tables: list[ShownTable]) -> Group:
        own = [_name(entry.path) for entry in planning.scenario_fields() if entry.group == label]
        wrong = {name for name in self.errors for path in own if name == path or name.startswith(f"{path}--")}
        problems = len(wrong) + sum(bool(table.problem) for table in tables)
        problems += sum(bool(row.problem) for table in tables for row in table.rows)
        rows = [row for table in tables for row in _at(self._kept, table.entry.path) or []]
        return Group(label, tuple(plain), tuple(tables), problems, len(rows), bool(problems or rows) or not tables)

    def _table(self, entry: Entry) -> ShownTable:
        rows = tuple(
            TableRow(
                number,
                tuple(Shown(self[_cell(entry, number, column)], column) for column in entry.columns),
                self._problem(f"{entry.path}[{number}]"),
            )
            for number in range(1, self._counts[entry.path] + 1)
        )
        return ShownTable(entry, entry.columns, rows, self._problem(entry.path))

    def _problem(self, path: str) -> str:
        told = (finding for finding in getattr(self, "_findings", ()) if finding.level is not Level.INFO)
        return "".join(finding.message for finding in told if finding.location.field == path)

    def measures(self) -> list[MeasureRow]:
        """One row a measure."""
        by_row: dict[str, dict[str, Entry]] = {}
        for entry in planning.scenario_fields():
            if entry.row:
                by_row.setdefault(entry.row, {})[entry.column] = entry
        return [self._measure(name, columns) for name, columns in by_row.items()]

    def _measure(self, name: str, columns: Mapping[str, Entry]) -> MeasureRow:
        shown = {column: Shown(self[_name(entry.path)], entry) for column, entry in columns.items()}
        main = ("allowed", "prices", "sources")
        return MeasureRow(
            id=name,
            label=columns["allowed"].label.partition("：")[0],
            allowed=shown["allowed"],
            price=shown["prices"],
            source=shown["sources"],
            limits=tuple(entry for column, entry in shown.items() if column not in main),
            has_problem=any(entry.field.errors for column, entry in shown.items() if column not in main),
        )

    def sources(self) -> list[str]:
        """Who pays, as far as the scenario names them: suggestions for the inputs."""
        rows = _at(self._kept, "budgets")
        named = [str(row.get("source") or "") for row in rows if isinstance(row, Mapping)] if rows else []
        named += [str(value) for value in (self._kept.get("sources") or {}).values() if value]
        usual = next(entry.default for entry in planning.scenario_fields() if entry.column == "sources")
        return list(dict.fromkeys(name for name in (str(usual), *named) if name))


def findings_of(data: Data, facts: Facts | None) -> tuple[planning.Scenario | None, tuple[Finding, ...]]:
    """The scenario that data state, or None, and what is to be said about them."""
    return planning.scenario_of(data, facts=facts)


def summary_of(data: Data, findings: Sequence[Finding]) -> dict[str, Any]:
    """What a list shows of a scenario: target year, money, and how many things are still wrong."""
    return {
        "target_year": _at(data, "target_year"),
        "money": _money(data),
        "problems": sum(finding.level is Level.ERROR for finding in findings),
    }


def _money(data: Data) -> str:
    if _at(data, "money") == "unlimited":
        return gettext("不设上限")
    rows = _at(data, "budgets") or []
    amounts = [_number(row.get("amount")) for row in rows if isinstance(row, Mapping)]
    if not amounts or any(amount is None for amount in amounts):
        return gettext("未填")
    return gettext("%(total)s 万元") % {"total": _plain(sum(amount for amount in amounts if amount is not None))}


def _number(value: Any) -> float | None:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None


def _exceptions(standard: Any) -> list[tuple[str, str]]:
    known = {entry.id: entry for entry in api.standards()}
    chosen = known.get(str(standard or api.DEFAULT_STANDARD))
    return [(entry.id, f"{entry.name}（{entry.clause}）") for entry in chosen.exceptions] if chosen else []


def _lacking_budgets(data: Data, rows: Sequence[Data], facts: Facts | None) -> Iterator[Data]:
    """One row, without an amount, for every year and source that has none yet."""
    target = _number(_at(data, "target_year"))
    if facts is None or target is None or _at(data, "money") == "unlimited":
        return
    given = {(str(row.get("year")), row.get("source")) for row in rows}
    allowed, sources = data.get("allowed") or {}, data.get("sources") or {}
    used = [str(source) for measure, source in sources.items() if source and allowed.get(measure, True)]
    for source in dict.fromkeys(used):
        for year in range(facts.year + 1, min(int(target), facts.year + 15) + 1):
            if (str(year), source) not in given:
                yield {"year": year, "source": source}


def _telling(entry: Entry) -> list[str]:
    """The columns that make a row one: in a budget the amount, because year and source are filled in for people."""
    return ["amount"] if entry.path == "budgets" else [column.name for column in entry.columns]


def _name(path: str) -> str:
    return path.replace(".", "--")


def _cell(entry: Entry, number: int, column: Entry) -> str:
    return f"{_name(entry.path)}--{number}--{column.name}"


def _at(data: Data, path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *parts, name = path.split(".")
    for part in parts:
        data = data.setdefault(part, {})
    data[name] = value


def _sent(value: Any) -> Any:
    return None if value in ("", None) else value


def _plain(value: Any) -> Any:
    """A number without the zeros that a float shows behind a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
