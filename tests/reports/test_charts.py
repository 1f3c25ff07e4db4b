"""Charts: well-formed, escaped, readable without colour, honest about missing values."""

import math
from xml.etree import ElementTree as ET

import pytest

from junheng.core.errors import EngineError, InputError
from junheng.reports.charts import Series, bars, cv_bars, radar, trend

SVG = "{http://www.w3.org/2000/svg}"


def number(element, name):
    return float(element.get(name, "nan"))


def shown(chart):
    return [element.text for element in ET.fromstring(chart.svg).iter(f"{SVG}text")]


def two_stages(*values):
    return [Series("小学", values, 0.5), Series("初中", values, 0.45)]


def test_cv_bars_when_drawn_then_shows_values_with_three_decimals_and_limits():
    texts = shown(cv_bars("差异系数", ["教师"], two_stages(0.3114)))
    assert texts.count("0.311") == 2
    assert "小学 ≤ 0.50" in texts
    assert "初中 ≤ 0.45" in texts


def test_cv_bars_when_value_is_missing_then_outline_says_cannot_tell_and_no_bar_is_drawn():
    known = cv_bars("差异系数", ["教师"], [Series("小学", (0.3,))])
    missing = cv_bars("差异系数", ["教师"], [Series("小学", (None,))])
    assert "无法判定" in shown(missing)
    assert "0.000" not in shown(missing)
    assert missing.svg.count('stroke-dasharray="3 2"') == 1
    assert known.svg.count('fill="#1550a0"') == missing.svg.count('fill="#1550a0"') + 1


def test_cv_bars_when_bar_is_twice_as_large_then_it_is_twice_as_high():
    chart = cv_bars("图", ["甲", "乙"], [Series("小学", (0.2, 0.4))])
    heights = [number(r, "height") for r in ET.fromstring(chart.svg).iter(f"{SVG}rect") if number(r, "height") > 12]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.02)


def test_cv_bars_when_series_differ_then_pattern_and_marker_differ_not_only_colour():
    chart = cv_bars("图", ["甲"], [Series(f"序列{order}", (0.1,)) for order in range(4)])
    patterns = ET.fromstring(chart.svg).findall(f".//{SVG}pattern")
    assert len({ET.tostring(pattern[0]) for pattern in patterns}) == 3  # the first series is solid
    assert chart.svg.count("url(#junheng-") == 6  # bar and legend box of three patterned series


def test_cv_bars_when_bars_are_narrow_then_values_are_turned():
    many = [str(order) for order in range(20)]
    assert "rotate(-90" in cv_bars("图", many, [Series("小学", (0.1,) * 20), Series("初中", (0.1,) * 20)]).svg


def test_cv_bars_when_limits_almost_touch_then_their_labels_stand_apart():
    chart = cv_bars("图", ["甲"], [Series("小学", (0.1,), 0.5), Series("初中", (0.1,), 0.499)])
    heights = [number(t, "y") for t in ET.fromstring(chart.svg).iter(f"{SVG}text") if "≤" in (t.text or "")]
    assert abs(heights[0] - heights[1]) >= 12


def test_radar_when_value_is_missing_then_axis_says_whose_and_line_is_broken():
    whole = radar("雷达", ["甲", "乙", "丙"], [Series("小学", (90, 100, 110))])
    broken = radar("雷达", ["甲", "乙", "丙"], [Series("小学", (90, None, 110))])
    assert "（小学无法判定）" in shown(broken)
    assert "（小学无法判定）" not in shown(whole)
    assert whole.svg.count(" Z") == broken.svg.count(" Z") + 1


def test_radar_when_value_is_far_above_standard_then_stays_inside_the_rim():
    chart = radar("雷达", ["甲", "乙", "丙"], [Series("小学", (5000, 100, 100))])
    circles = [number(c, "cy") for c in ET.fromstring(chart.svg).iter(f"{SVG}circle") if c.get("r") == "3.6"]
    assert min(circles[1:]) >= 222 - 122  # middle minus radius; the first circle is the legend's


def test_radar_when_drawn_then_standard_ring_is_named():
    texts = shown(radar("雷达", ["甲", "乙", "丙"], [Series("小学", (1, 2, 3))]))
    assert "标准＝100" in texts
    assert "100" in texts


@pytest.mark.parametrize(("axes", "standard"), [(["甲", "乙"], 100), (["甲", "乙", "丙"], 0)])
def test_radar_when_it_cannot_be_drawn_then_refuses(axes, standard):
    with pytest.raises(EngineError, match="雷达图"):
        radar("雷达", axes, [Series("小学", (1,) * len(axes))], standard=standard)


def test_bars_when_value_is_missing_then_says_so_and_others_show_their_unit():
    texts = shown(bars("达标率", [("甲镇", 60.0), ("乙镇", None)], unit="%", limit=66))
    assert {"60.0%", "无法判定", "标准 66%"} <= set(texts)


def test_trend_when_a_year_is_missing_then_line_breaks_there():
    chart = trend("变化", ["2023", "2024", "2025", "2026"], [Series("小学", (0.5, None, 0.4, 0.3))])
    paths = [path.get("d", "") for path in ET.fromstring(chart.svg).iter(f"{SVG}path") if path.get("fill") == "none"]
    assert [path.count("L") for path in paths] == [1]  # only 2025–2026; a single point draws no line
    assert "小学无法判定" in shown(chart)


def test_trend_when_all_is_missing_then_still_drawn():
    assert shown(trend("变化", ["2025"], [Series("小学", (None,))])).count("小学无法判定") == 1


@pytest.mark.parametrize("name", ['<script>alert("1")</script>', "甲&乙", "\"'>"])
def test_charts_when_names_look_like_markup_then_they_are_escaped(name):
    series = [Series(name, (1.0, 2.0, 3.0), 2.0)]
    names = [name, "乙", "丙"]
    for chart in (
        cv_bars(name, names, series),
        radar(name, names, series),
        bars(name, [(name, 1.0)]),
        trend(name, names, series),
    ):
        assert name in shown(chart)
        assert "<script" not in chart.svg


def test_charts_when_drawn_twice_then_text_is_equal():
    assert cv_bars("图", ["甲"], two_stages(0.3)) == cv_bars("图", ["甲"], two_stages(0.3))


def test_alt_when_read_aloud_then_holds_every_value_and_limit():
    chart = cv_bars("差异系数", ["教师", "设备"], [Series("小学", (0.311, None), 0.5)])
    assert chart.alt == "差异系数。小学（限值 0.5）：教师 0.311，设备 无法判定。"
    assert bars("达标率", [("甲镇", 60.0)]).alt == "达标率。甲镇 60.0。"


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1])
def test_series_when_number_cannot_be_drawn_then_refuses(value):
    with pytest.raises(EngineError, match="不小于 0 的有限数"):
        Series("小学", (value,))


@pytest.mark.parametrize("count", [0, 5])
def test_charts_when_number_of_series_is_wrong_then_refuse(count):
    with pytest.raises(EngineError, match="1 至 4 个"):
        cv_bars("图", ["甲"], [Series("列", (0.1,))] * count)


def test_charts_when_values_and_categories_differ_then_refuse():
    with pytest.raises(EngineError, match="有 1 个数，类别有 2 个"):
        cv_bars("图", ["甲", "乙"], [Series("小学", (0.1,))])


def test_charts_when_name_holds_a_control_character_then_refuse():
    with pytest.raises(InputError, match="控制字符"):
        bars("图", [("甲\x01", 1.0)])


def test_cv_bars_when_category_is_long_then_is_cut_in_two_lines():
    name = "每百名学生拥有县级以上骨干教师数"
    texts = shown(cv_bars("图", [name, *"乙丙丁戊己庚"], [Series("小学", (0.1,) * 7)]))
    assert name[:8] in texts
    assert name[8:] in texts
