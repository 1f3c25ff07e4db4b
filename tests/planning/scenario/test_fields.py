"""The dictionary of a scenario's entries, and where they lie in a workbook."""

import pytest

from junheng.planning.plan.measures import Measure
from junheng.planning.scenario.field import Kind
from junheng.planning.scenario.fields import field_of, scenario_fields
from junheng.planning.scenario.layout import column_title, measure_columns, single_fields, table_fields


def test_scenario_fields_when_listed_then_paths_are_unique_and_money_has_no_default():
    fields = scenario_fields()
    assert len({entry.path for entry in fields}) == len(fields)
    assert [entry.path for entry in fields if entry.kind is Kind.MONEY and entry.default is not None] == []
    assert all(entry.group for entry in fields)
    assert all((entry.kind is Kind.CHOICE) == bool(entry.choices) for entry in fields)


def test_scenario_fields_when_a_measure_exists_then_it_has_a_price_and_a_department():
    for measure in Measure:
        assert field_of(f"prices.{measure.value}").row == measure.value
        assert field_of(f"departments.{measure.value}").default.startswith("教育局")


def test_field_of_when_the_path_is_unknown_then_key_error():
    with pytest.raises(KeyError):
        field_of("prices.nothing")


def test_layout_when_laid_out_then_every_entry_has_one_place():
    singles = [entry.path for entry in single_fields()]
    tables = [entry.path for entry in table_fields()]
    measured = [entry.path for entry in scenario_fields() if entry.row]
    assert sorted([*singles, *tables, *measured]) == sorted(entry.path for entry in scenario_fields())
    assert measure_columns()[:2] == (("allowed", "允许"), ("prices", "单价（元）"))


def test_column_title_when_a_unit_is_needed_then_it_is_told():
    budgets = {column.name: column for column in field_of("budgets").columns}
    assert [column_title(budgets[name]) for name in ("year", "source", "amount")] == [
        "年度",
        "资金来源",
        "金额（万元）",
    ]
    assert budgets["amount"].name == "amount"
