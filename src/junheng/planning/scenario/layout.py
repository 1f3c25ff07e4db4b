"""How a scenario lies in a workbook: which sheets, which columns. The writer and the reader both follow it."""

from collections.abc import Iterator
from functools import cache

from junheng.planning.scenario.field import Kind, ScenarioField
from junheng.planning.scenario.fields import scenario_fields

GENERAL_SHEET, MEASURE_SHEET = "条件", "措施"
GENERAL_HEADS = ("项目", "内容", "单位", "说明", "编号")
VALUE_COLUMN, PATH_COLUMN = 1, 4
MEASURE_HEAD, PRICE_HEAD, MEASURE_ID_HEAD = "措施", "单价说明", "编号"


def single_fields() -> Iterator[ScenarioField]:
    """The entries of the sheet 条件: those that are neither tables nor had by every measure."""
    return (entry for entry in scenario_fields() if entry.kind is not Kind.TABLE and not entry.row)


def table_fields() -> Iterator[ScenarioField]:
    """The tables, each on a sheet of its own that is named like it."""
    return (entry for entry in scenario_fields() if entry.kind is Kind.TABLE)


@cache
def measure_columns() -> tuple[tuple[str, str], ...]:
    """The columns of the sheet 措施: (column of the entries, title), in order."""
    titles = {}
    for entry in scenario_fields():
        if entry.row and entry.column not in titles:
            label = entry.label.partition("：")[2]
            titles[entry.column] = f"{label}（元）" if entry.column == "prices" else label
    return tuple(titles.items())


def column_title(column: ScenarioField) -> str:
    """The title of a table's column, with its unit where one is needed."""
    is_plain = column.unit in ("", "年") or column.label.endswith(column.unit)
    return column.label if is_plain else f"{column.label}（{column.unit}）"
