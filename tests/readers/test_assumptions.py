"""Assumptions for a forecast: what is understood, and what is refused with its place."""

import json

import pytest

from junheng.core.errors import InputError
from junheng.core.standard import Stage
from junheng.planning.forecast import Assumptions, Closure, HousingProject, Opening, Shift, Transfer
from junheng.readers.assumptions import assumptions_from, read_assumptions

ROW = {"school_id": "1", "stage": "primary"}


def test_assumptions_when_every_part_is_given_then_all_are_understood():
    found = assumptions_from(
        {
            "births": {"东": {"2025": 300, "2026": 290}},
            "catchments": {"1": "东"},
            "changes": [
                {"kind": "opening", **ROW, "school_name": "新校", "year": 2026},
                {"kind": "closure", **ROW, "year": 2027, "receivers": {"2": 0.5, "3": 0.5}},
                {"kind": "shift", "giver_id": "1", "receiver_id": "2", "stage": "junior", "year": 2026, "share": 0.2},
                {"kind": "transfer", "giver_id": None, "receiver_id": "2", "stage": "primary", "year": 2026, "count": 9},
                {"kind": "housing", "name": "东湖", **ROW, "completed_in": 2026, "dwellings": 100,
                 "pupils_per_dwelling": 0.3, "occupied": [0.5, 1]},
            ],
            "teachers": {
                "ages": [{**ROW, "group": "女", "ages": {"53": 2}}, {**ROW, "group": "男", "ages": {"40": 1}}],
                "retirement_age": {"女": 55, "男": 60},
                "attrition": 0.01,
                "hiring": [{**ROW, "year": year, "count": count} for year, count in ((2026, 3), (2026, 1), (2027, 2))],
            },
        }
    )  # fmt: skip

    assert found.births == {"东": {2025: 300, 2026: 290}}
    assert found.catchments == {"1": "东"}
    assert found.changes == (
        Opening("1", "新校", Stage.PRIMARY, 2026),
        Closure("1", Stage.PRIMARY, 2027, {"2": 0.5, "3": 0.5}),
        Shift("1", "2", Stage.JUNIOR, 2026, 0.2),
        Transfer(None, "2", Stage.PRIMARY, 2026, 9),
        HousingProject("东湖", "1", Stage.PRIMARY, 2026, 100, 0.3, (0.5, 1.0)),
    )
    assert found.ages is not None
    assert found.ages.counts == {("1", Stage.PRIMARY): {"女": {53: 2}, "男": {40: 1}}}
    assert (found.retirement_age, found.attrition) == ({"女": 55, "男": 60}, 0.01)
    assert found.hiring == {("1", Stage.PRIMARY): {2026: 4, 2027: 2}}


def test_assumptions_when_nothing_is_given_then_nothing_is_assumed():
    assert assumptions_from({}) == Assumptions()


def test_assumptions_when_a_project_is_not_complete_then_it_stays_open():
    housing = {"kind": "housing", "name": "东湖", **ROW, "completed_in": 2026, "dwellings": None}
    found = assumptions_from({"changes": [housing, {"kind": "closure", **ROW, "year": 2027}]})

    assert found.changes == (
        HousingProject("东湖", "1", Stage.PRIMARY, 2026, None, None, None),
        Closure("1", Stage.PRIMARY, 2027, {}),
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "预测条件 预测条件 应是一个对象"),
        ({"birth": {}}, "不认识的项:birth"),
        ({"births": {"东": {"二〇二六": 1}}}, "births.东.二〇二六 应是以数字为名"),
        ({"births": {"东": {"2026": 1.5}}}, "births.东.2026 应是整数"),
        ({"births": {"东": {"2026": True}}}, "应是整数"),
        ({"births": {"东": {"2026": 10**12}}}, "应是整数"),
        ({"catchments": {"1": ""}}, "catchments.1 应是文字"),
        ({"changes": {}}, "changes 应是一个列表"),
        ({"changes": [{"kind": "merge"}]}, r"changes\[1\].kind 应是其中之一:opening"),
        ({"changes": [{"kind": "closure", **ROW, "year": 2026, "to": "2"}]}, r"changes\[1\] 里有不认识的项:to"),
        ({"changes": [{"kind": "opening", **ROW}]}, r"changes\[1\] 缺少:school_name、year"),
        ({"changes": [{"kind": "closure", "school_id": "1", "stage": "小学", "year": 2026}]}, "应是 primary"),
        ({"changes": [{"kind": "shift", "giver_id": "1", "receiver_id": "2", "stage": "primary", "year": 2026,
                       "share": "半"}]}, "share 应是数"),
        ({"changes": [{"kind": "shift", "giver_id": "1", "receiver_id": "2", "stage": "primary", "year": 2026,
                       "share": 0.5, "moves_all_grades": 1}]}, "应是 true 或 false"),
        ({"teachers": {"ages": [{**ROW, "group": "女", "ages": {}}, {**ROW, "group": "女", "ages": {}}]}}, "写了两次"),
        ({"teachers": {"attrition": True}}, "teachers.attrition 应是数"),
    ],
)  # fmt: skip
def test_assumptions_when_something_is_not_understood_then_its_place_is_named(data, message):
    with pytest.raises(InputError, match=message):
        assumptions_from(data)


def test_assumptions_when_they_are_in_a_file_then_read(tmp_path):
    path = tmp_path / "条件.json"
    path.write_text(json.dumps({"catchments": {"1": "东"}}), encoding="utf-8")

    assert read_assumptions(path).catchments == {"1": "东"}


@pytest.mark.parametrize("text", ["{", '{"teachers": {"attrition": NaN}}'])
def test_assumptions_when_the_file_is_no_json_then_refused(tmp_path, text):
    path = tmp_path / "条件.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="不是有效的 JSON"):
        read_assumptions(path)


def test_assumptions_when_the_file_is_not_there_then_refused(tmp_path):
    with pytest.raises(InputError, match="打不开预测条件文件"):
        read_assumptions(tmp_path / "没有.json")
