"""Plain data as a scenario: whatever is wrong or missing is a finding with its path."""

from collections.abc import Iterator, Mapping
from typing import Any

from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level
from junheng.planning.forecast.outlook import Assumptions
from junheng.planning.plan.measures import SPECS, Measure
from junheng.planning.scenario.changes import NEEDED, assumptions_of
from junheng.planning.scenario.checks import checked_together
from junheng.planning.scenario.entries import WrongValueError, is_blank, parse, refusal
from junheng.planning.scenario.field import Kind, ScenarioField
from junheng.planning.scenario.fields import ASSUMPTIONS, field_of, scenario_fields
from junheng.planning.scenario.scenario import Scenario
from junheng.planning.scenario.values import scenario_from

_SCHOOL_COLUMNS = ("school_id", "giver_id", "receiver_id", "first", "second", "closed", "into")
_SCHOOL_TABLES = (
    *("zones", "forbidden", "fixed", "retired", "catchments", "changes", "neighbours", "mergers"),
    *("distances", "opening_sources", "teacher_ages", "hiring"),
)
_WITH_NEW_SCHOOLS = ("forbidden", "fixed", "distances", "opening_sources")
_NEEDED_FOR_SHIFTS = ("shifts.most_a_year", "shifts.price")
_ONCE = {"budgets": ("year", "source"), "births": ("catchment", "year"), "catchments": ("school_id",)}
_ONCE |= {"forbidden": ("school_id", "measure"), "fixed": ("school_id", "measure")}
_ONCE |= {"retired_share": ("year",), "retired": ("school_id", "year"), "zones": ("school_id",)}
_ONCE |= {"neighbours": ("first", "second", "stage"), "mergers": ("closed",)}
_ONCE |= {"openings": ("school_id",), "opening_stages": ("school_id", "stage")}
_ONCE |= {"opening_sources": ("school_id", "giver_id", "stage"), "retirement_ages": ("group",)}
_ONCE |= {"teacher_ages": ("school_id", "stage", "group"), "hiring": ("school_id", "stage", "year")}
_NEEDED_OF_MILESTONE = {
    "indicator": ("indicator_id",),
    "spread": ("indicator_id",),
    "passing": (),
    "added": ("measure", "amount"),
}


def scenario_of(data: Any, *, facts: Facts | None = None) -> tuple[Scenario | None, tuple[Finding, ...]]:
    """The scenario that plain data state, None when a finding blocks it, and all findings.

    `data` is nested by the parts of the paths. With `facts`, schools are looked up. Entries that are left out and have a usual
    value take it, which an info says; prices, budgets and rates have none.
    """
    if not isinstance(data, Mapping):
        return None, (refusal("", "scenario-not-a-table", "方案条件应是一张“项目: 内容”的表。", "请从模板开始填写。"),)
    found: list[Finding] = [*_unknown(data)]
    values = _values(data, found)
    told = {finding.location.field for finding in found}
    found += [finding for finding in _prices(values) if finding.location.field not in told]
    if not any(finding.level is Level.ERROR for finding in found):
        found += _together(values, facts)
    is_blocked = any(finding.level is Level.ERROR for finding in found)
    return (None if is_blocked else scenario_from(values)), tuple(found)


def assumptions_in(data: Any, *, facts: Facts | None = None) -> tuple[Assumptions | None, tuple[Finding, ...]]:
    """What scenario data assume of the years ahead, for a forecast alone: other entries may lack or be wrong.

    None when a finding blocks it. With `facts`, schools are looked up.
    """
    found: list[Finding] = []
    given = data if isinstance(data, Mapping) else {}
    values: dict[str, Any] = {}
    for entry in scenario_fields():
        value = at(given, entry.path) if entry.group == ASSUMPTIONS else None
        if entry.kind is Kind.TABLE:
            values[entry.path] = _table(entry, value, found)
        else:
            values[entry.path] = None if is_blank(value) else _value(entry, value, entry.path, found)
    if not any(finding.level is Level.ERROR for finding in found):
        found += [*_twice(values), *_lacking("changes", values["changes"], NEEDED), *checked_together(values)]
        found += _schools(values, facts) if facts is not None else ()
    is_blocked = any(finding.level is Level.ERROR for finding in found)
    return (None if is_blocked else assumptions_of(values)), tuple(found)


def at(data: Mapping[str, Any], path: str) -> Any:
    """What stands at a path of nested data; None where nothing does."""
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _unknown(data: Mapping[str, Any]) -> Iterator[Finding]:
    paths = [entry.path for entry in scenario_fields()]
    groups = {path.partition(".")[0] for path in paths if "." in path}
    for key, value in data.items():
        if key in groups and isinstance(value, Mapping):
            for name in value:
                if f"{key}.{name}" not in paths:
                    yield _not_known(f"{key}.{name}")
        elif key in groups and not is_blank(value):
            yield refusal(str(key), "scenario-not-a-table", f"“{key}”应是一张表。", "请从模板开始填写。")
        elif key not in groups and key not in paths:
            yield _not_known(str(key))


def _not_known(path: str) -> Finding:
    return refusal(path, "scenario-unknown", f"没有“{path}”这一项。", "请核对写法；全部项目见模板。")


def _values(data: Mapping[str, Any], found: list[Finding]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    usual: list[str] = []
    for entry in scenario_fields():
        given = at(data, entry.path)
        if entry.kind is Kind.TABLE:
            values[entry.path] = _table(entry, given, found)
        elif is_blank(given):
            values[entry.path] = _left_out(entry, found)
            usual += [entry.label] if entry.default not in (None, ()) and not entry.row else []
        else:
            values[entry.path] = _value(entry, given, entry.path, found)
    if usual:
        text = f"没有填写{'、'.join(usual)}，按通常的取值。"
        found.append(refusal("", "scenario-usual", text, "要用别的值，请填写。", Level.INFO))
    return values


def _left_out(entry: ScenarioField, found: list[Finding]) -> Any:
    if entry.is_required:
        found.append(refusal(entry.path, "scenario-missing", f"没有填写“{entry.label}”。", entry.help or "请填写。"))
    return None if entry.default is None else usual_value(entry)


def usual_value(entry: ScenarioField) -> Any:
    """The canonical value that an entry takes when it is left out; None when it has none."""
    return entry.default if entry.default in (None, ()) else parse(entry, entry.default)


def _value(entry: ScenarioField, given: Any, path: str, found: list[Finding]) -> Any:
    try:
        return parse(entry, given)
    except WrongValueError as error:
        text = f"“{entry.label}”{error}，现在是“{str(given)[:40]}”。"
        found.append(refusal(path, "scenario-value", text, entry.help or "请改正。"))
        return None


def _table(entry: ScenarioField, given: Any, found: list[Finding]) -> list[dict[str, Any]]:
    if is_blank(given):
        return []
    if not isinstance(given, list | tuple) or not all(isinstance(row, Mapping) for row in given):
        found.append(
            refusal(entry.path, "scenario-not-a-table", f"“{entry.label}”应是逐行的表。", "请从模板开始填写。")
        )
        return []
    return [_row(entry, row, f"{entry.path}[{place}]", found) for place, row in enumerate(given, start=1)]


def _row(entry: ScenarioField, given: Mapping[str, Any], place: str, found: list[Finding]) -> dict[str, Any]:
    known = {column.name for column in entry.columns}
    found += [_not_known(f"{place}.{name}") for name in given if name not in known]
    row: dict[str, Any] = {}
    for column in entry.columns:
        value, path = given.get(column.name), f"{place}.{column.name}"
        if not is_blank(value):
            row[column.name] = _value(column, value, path, found)
            continue
        if column.is_required:
            text = f"{entry.label}第 {_number_in(place)} 行没有填写“{column.label}”。"
            found.append(refusal(path, "scenario-missing", text, column.help or "请填写。"))
        row[column.name] = usual_value(column)
    return row


def _number_in(place: str) -> str:
    return place.rpartition("[")[2].rstrip("]")


def _together(values: Mapping[str, Any], facts: Facts | None) -> Iterator[Finding]:
    """What only shows when entries are seen together."""
    yield from _twice(values)
    yield from _lacking("changes", values["changes"], NEEDED)
    yield from _lacking("milestones", values["milestones"], _NEEDED_OF_MILESTONE)
    yield from checked_together(values)
    if values["money"] == "limited" and not values["budgets"]:
        yield refusal(
            "budgets", "scenario-missing", "资金选了“按年度预算”，却没有填写预算。", "请逐年填写预算，或选“不设上限”。"
        )
    for path in _NEEDED_FOR_SHIFTS if values["neighbours"] else ():
        if values[path] is None:
            yield refusal(path, "scenario-missing", f"没有填写“{field_of(path).label}”。", field_of(path).help)
    if values["pupils.simulations"] % 2:
        yield refusal("pupils.simulations", "scenario-value", "模拟次数应是偶数。", "请改成偶数。")
    if facts is not None:
        yield from _schools(values, facts)


def _prices(values: Mapping[str, Any]) -> Iterator[Finding]:
    for measure in Measure:
        path = f"prices.{measure.value}"
        if values[f"allowed.{measure.value}"] and values[path] is None:
            text = f"没有填写“{measure.label}”的单价（{SPECS[measure].price_for}）。"
            yield refusal(path, "plan-price-missing", text, "请填写单价，没有支出的填 0；或不允许使用这项措施。")


def _twice(values: Mapping[str, Any]) -> Iterator[Finding]:
    for table, columns in _ONCE.items():
        seen: dict[tuple[Any, ...], int] = {}
        for place, row in enumerate(values[table], start=1):
            key = tuple(row[column] for column in columns)
            if key in seen:
                words = "、".join(str(part) for part in key)
                text = f"第 {place} 行与第 {seen[key]} 行都写了 {words}。"
                yield refusal(f"{table}[{place}]", "scenario-twice", text, "请只留一行。")
            seen.setdefault(key, place)


def _lacking(table: str, rows: list[dict[str, Any]], needed: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """What rows of a kind need and do not have."""
    entry = field_of(table)
    for place, row in enumerate(rows, start=1):
        for column in entry.columns:
            if column.name in needed[row["kind"]] and row[column.name] is None:
                text = f"{entry.label}第 {place} 行缺少“{column.label}”。"
                yield refusal(f"{table}[{place}].{column.name}", "scenario-missing", text, "请补填，或删去这一行。")


def _schools(values: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    known = set(facts.table("schools")["school_id"].to_list())
    known |= {row["school_id"] for row in values["changes"] if row["kind"] == "opening"}
    taken = [place for place, row in enumerate(values["openings"], start=1) if row["school_id"] in known]
    for place in taken:
        text = f"新开学校的标识码 {values['openings'][place - 1]['school_id']} 已经有学校使用。"
        yield refusal(f"openings[{place}].school_id", "plan-opening", text, "请填写新的标识码。")
    new = {row["school_id"] for row in values["openings"]}
    for table in _SCHOOL_TABLES:
        for place, row in enumerate(values[table], start=1):
            for column in _SCHOOL_COLUMNS:
                school = row.get(column)
                is_new = table in _WITH_NEW_SCHOOLS and school in new
                if school is not None and school not in known and not is_new:
                    text = f"学校标识码 {school} 不在 {facts.year} 年的学校表中。"
                    path = f"{table}[{place}].{column}"
                    yield refusal(path, "plan-unknown-school", text, "请核对学校标识码。")
