"""What people tell the forecast: refused when it makes no sense, left out with a finding when it is not complete."""

import pytest

from junheng.core.errors import InputError
from junheng.core.findings import Level
from junheng.planning.forecast import Closure, HousingProject, Opening, Options, Shift, Transfer, forecast
from tests.planning.forecast.enrolments import HALVING, PRIMARY, regular


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"simulations": 3}, "偶数"),
        ({"simulations": 0}, "偶数"),
        ({"simulations": 100_002}, "偶数"),
        ({"seed": -1}, "种子"),
        ({"memory": 0}, "往年权重"),
        ({"damping": 1.1}, "趋势留存"),
        ({"births": {"东": {2026: -1}}}, "出生数据"),
    ],
)
def test_options_when_a_number_is_impossible_then_refused(fields, message):
    with pytest.raises(InputError, match=message):
        Options(to_year=2030, **fields)


@pytest.mark.parametrize(("to_year", "message"), [(2025, "2026 至 2040"), (2041, "2026 至 2040")])
def test_forecast_when_the_year_is_out_of_reach_then_refused(to_year, message):
    with pytest.raises(InputError, match=message):
        forecast(regular(s1=HALVING), Options(to_year=to_year))


def test_forecast_when_there_is_one_year_then_refused():
    with pytest.raises(InputError, match="只有 2025 年一年"):
        forecast(regular(range(2025, 2026), s1=HALVING), Options(to_year=2026))


def housing(**fields):
    given = {
        "name": "东湖花园", "school_id": "s1", "stage": PRIMARY, "completed_in": 2026, "dwellings": 100,
        "pupils_per_dwelling": 0.3, "occupied": (0.5, 1.0),
    }  # fmt: skip
    return HousingProject(**{**given, **fields})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Closure("s1", PRIMARY, 2025, {"s2": 1.0}), "不在 2026 至 2027"),
        (Closure("s1", PRIMARY, 2028, {"s2": 1.0}), "不在 2026 至 2027"),
        (Closure("s1", PRIMARY, 2026, {}), "没有写明学生去哪所学校"),
        (Closure("s1", PRIMARY, 2026, {"s2": 0.6, "s3": 0.6}), "合计不超过 1"),
        (Closure("s1", PRIMARY, 2026, {"s2": -0.1}), "合计不超过 1"),
        (Closure("s1", PRIMARY, 2026, {"s1": 1.0}), "就是它自己"),
        (Closure("s9", PRIMARY, 2026, {"s1": 1.0}), "没有学校 s9"),
        (Shift("s1", "s2", PRIMARY, 2026, 1.5), "比例 1.5"),
        (Transfer("s1", "s2", PRIMARY, 2026, -1), "负数"),
        (Transfer(None, None, PRIMARY, 2026, 5), "同一处"),
        (Opening("s1", "又一所", PRIMARY, 2026), "已经有了"),
        (Opening("s7", "以后", PRIMARY, 2029), "不在 2026 至 2027"),
        (housing(dwellings=None), "没有填写套数"),
        (housing(pupils_per_dwelling=None, occupied=None), "没有填写每套学生数、入住比例"),
        (housing(occupied=()), "没有填写入住比例"),
        (housing(occupied=(1.2,)), "入住比例应在 0 与 1 之间"),
        (housing(dwellings=-1), "不能是负数"),
        (housing(school_id="s8"), "没有学校 s8"),
    ],
)
def test_change_when_it_cannot_be_used_then_it_is_left_out_and_said(change, reason):
    history = regular(s1=HALVING, s2=HALVING, s3=HALVING)
    plain = forecast(history, Options(to_year=2027, simulations=2))
    found = forecast(history, Options(to_year=2027, simulations=2, changes=(change,)))

    (finding,) = (entry for entry in found.findings if entry.code == "forecast-change-unusable")
    assert finding.level is Level.WARNING
    assert reason in finding.message
    assert found.point.tolist() == plain.point.tolist()
