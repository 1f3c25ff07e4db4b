"""The table that says what a chart shows."""

import pytest

from junheng.web.layout.charts import table


def test_table_when_bars_have_a_gap_and_a_limit_then_shows_both() -> None:
    bars = {
        "kind": "bars",
        "categories": ["教师", "面积"],
        "series": [{"name": "小学", "values": [0.25, None]}],
        "limits": [{"name": "上限", "value": 0.5}],
        "places": 2,
    }

    made = table(bars)

    assert made.head == ("", "小学", "上限")
    assert made.rows == (("教师", "0.25", "0.50"), ("面积", "—", "0.50"))


def test_table_when_a_value_is_zero_then_it_is_not_missing() -> None:
    lines = {"kind": "lines", "categories": ["2025"], "series": [{"name": "小学", "values": [0]}]}

    assert table(lines).rows == (("2025", "0"),)


def test_table_when_a_radar_has_a_ring_then_the_standard_is_a_column() -> None:
    radar = {"kind": "radar", "axes": [{"name": "教师"}], "series": [{"name": "小学", "values": [120]}], "limit": 100}

    assert table(radar).rows == (("教师", "120", "100"),)
    assert table(radar).head == ("", "小学", "标准")


def test_table_when_a_radar_has_no_ring_then_there_is_no_such_column() -> None:
    radar = {"kind": "radar", "axes": [{"name": "教师"}], "series": [{"name": "小学", "values": [120]}]}

    assert table(radar).rows == (("教师", "120"),)


def test_table_when_points_are_in_groups_then_each_names_its_group() -> None:
    point = {"name": "第一小学", "x": 1, "y": 2, "size": 300, "note": "300 人"}
    points = {"kind": "points", "groups": [{"name": "达标", "level": "good", "points": [point]}]}

    assert table(points).rows == (("第一小学", "达标", "300 人"),)


def test_table_when_a_heat_map_has_no_cell_then_it_is_missing() -> None:
    heat = {"kind": "heat", "columns": ["教师", "面积"], "rows": ["小学"], "cells": [[0, 0, 1.5]], "places": 1}

    assert table(heat).rows == (("小学", "1.5", "—"),)


def test_table_when_the_kind_is_unknown_then_refuses() -> None:
    with pytest.raises(ValueError, match="pie"):
        table({"kind": "pie"})
