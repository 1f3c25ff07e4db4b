"""The dictionary that ships is complete, and a broken one is refused with the place and the reason."""

from copy import deepcopy
from typing import Any

import pytest

from junheng.core.errors import StandardError
from junheng.core.fields import FieldType
from junheng.core.findings import Level
from junheng.readers.dictionary import load_dictionary, parse_dictionary

DICTIONARY = load_dictionary()
FIELDS = [entry for table in DICTIONARY.tables.values() for entry in table.fields.values()]
NAMES = [f"{entry.table}.{entry.id}" for entry in FIELDS]
REPORTERS = {
    "学校", "教育局", "教育局基教股", "教育局计财股", "教育局人事股", "教育局师训股", "教育局装备中心", "教育局项目办",
    "教育局教研室",
    "财政局", "财政局、人社局", "统计局", "民政局", "残联", "县政府教育督导室", "市政府教育督导室",
}  # fmt: skip


def small(**check: Any) -> dict[str, Any]:
    """The least dictionary, with one check when a part of it is given."""
    parts = {
        "code": "check-room",
        "kind": "range",
        "level": "error",
        "message": "不对。",
        "hint": "请改。",
        "field": "area",
    }
    table = {"label": "教室", "key": ["area"], "fields": {"area": {"label": "面积", "type": "decimal"}}}
    return {"choices": {}, "tables": {"rooms": table | ({"checks": [parts | check]} if check else {})}}


def changed(path: list[str], value: Any) -> dict[str, Any]:
    data = deepcopy(small())
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return data


@pytest.mark.parametrize("entry", FIELDS, ids=NAMES)
def test_field_when_it_is_read_then_it_has_help_a_reporter_and_an_example(entry):
    assert len(entry.help) >= 6
    assert entry.help.endswith("。")
    assert entry.reporter in REPORTERS
    assert entry.example


@pytest.mark.parametrize(
    "entry", [each for each in FIELDS if each.type.is_number and not each.choices], ids=lambda each: each.id
)
def test_example_when_the_field_is_a_number_then_it_can_be_typed(entry):
    typed = entry.example.removesuffix("%")
    assert entry.canonical(typed) >= 0
    assert entry.example.endswith("%") == (entry.type is FieldType.RATIO)


@pytest.mark.parametrize("entry", [each for each in FIELDS if each.choices], ids=lambda each: each.id)
def test_example_when_the_field_is_a_choice_then_it_is_one_of_them(entry):
    assert entry.example in entry.choices


@pytest.mark.parametrize("entry", [each for each in FIELDS if each.type is FieldType.BOOLEAN], ids=lambda each: each.id)
def test_example_when_the_field_is_yes_or_no_then_it_is_typed_so(entry):
    assert entry.example in {"是", "否"}


@pytest.mark.parametrize("entry", [each for each in FIELDS if each.form_hint], ids=lambda each: each.id)
def test_form_hint_when_there_is_one_then_it_names_form_and_generation(entry):
    assert "教基" in entry.form_hint
    assert "2021 年及以后" in entry.form_hint
    assert "2020 年及以前" in entry.form_hint
    assert "核对" in entry.form_hint


@pytest.mark.parametrize("entry", [each for each in FIELDS if each.aliases], ids=lambda each: each.id)
def test_aliases_when_they_are_read_then_each_names_a_choice_and_no_label(entry):
    assert set(entry.aliases.values()) <= set(entry.choices)
    assert not set(entry.aliases) & set(entry.choices.values())


def test_aliases_when_a_word_has_two_meanings_then_it_is_not_among_them():
    words = {word for entry in FIELDS for word in entry.aliases}
    assert not words & {"村小", "农村", "乡镇", "中学", "合格"}


def with_choices(aliases: dict[str, Any]) -> dict[str, Any]:
    data = small()
    data["choices"] = {"sizes": {"1": "大", "2": "小"}}
    data["aliases"] = aliases
    data["tables"]["rooms"]["fields"]["size"] = {"label": "大小", "type": "choice_integer", "choices": "sizes"}
    return data


def test_parse_dictionary_when_choices_have_aliases_then_the_field_knows_them():
    entry = parse_dictionary(with_choices({"sizes": {1: ["巨大", "特大"]}})).field("rooms", "size")
    assert entry.aliases == {"巨大": "1", "特大": "1"}
    assert entry.choices == {"1": "大", "2": "小"}


def test_tables_when_they_are_read_then_each_has_its_own_level_and_help():
    levels = [table.level for table in DICTIONARY.tables.values()]
    assert levels == [
        "school", "stage", "class", "room", "cohort", "county", "county-subject", "county-year", "survey-group", "judgement",
    ]  # fmt: skip
    assert all(table.help.endswith("。") for table in DICTIONARY.tables.values())


def test_checks_when_they_are_read_then_each_has_a_code_of_its_own_kind_and_full_sentences():
    for table in DICTIONARY.tables.values():
        for check in table.checks:
            assert check.code.startswith("check-")
            assert Level(check.level) in set(Level)
            assert check.message.endswith("。")
            assert check.hint.endswith("。")


def test_dictionary_when_it_is_loaded_twice_then_it_is_the_same():
    assert load_dictionary() is load_dictionary()


def test_parse_dictionary_when_a_check_has_arguments_then_they_are_kept_apart():
    (check,) = parse_dictionary(small(max=5)).tables["rooms"].checks
    assert check.arguments == {"field": "area", "max": 5}
    assert (check.code, check.kind, check.level) == ("check-room", "range", "error")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (changed(["tables", "rooms", "colour"], "red"), "表 rooms 有不认识的键"),
        (changed(["tables", "rooms", "label"], ""), "表 rooms 缺少 label"),
        (changed(["tables", "rooms", "fields", "area", "colour"], "red"), "字段 rooms.area 有不认识的键"),
        (changed(["tables", "rooms", "fields", "area", "label"], ""), "字段 rooms.area 缺少 label"),
        (changed(["tables", "rooms", "fields", "area", "type"], "number"), "类型 number 不存在"),
        (changed(["tables", "rooms", "fields", "area", "choices"], "sizes"), "不存在的选项表 sizes"),
        (changed(["tables", "rooms", "key"], ["name"]), "没有对应字段"),
        (with_choices({"colours": {}}), "aliases 有不认识的键"),
        (with_choices({"sizes": {"3": ["中"]}}), "选项表 sizes 的别名 有不认识的键"),
        (with_choices({"sizes": {"1": ["小"]}}), "别名“小”与另一个选项或别名相同"),
        (with_choices({"sizes": {"1": [" ２ "]}}), "别名“ ２ ”与另一个选项或别名相同"),
        (with_choices({"sizes": {"1": ["中"], "2": ["中"]}}), "别名“中”与另一个选项或别名相同"),
        (small() | {"colour": "red"}, "顶层 有不认识的键"),
        (small(hint=""), "检查 check-room 缺少 hint"),
        (small(code=""), "表 rooms 的检查 缺少 code"),
        (small(level="grave"), "等级 grave 不是"),
    ],
)
def test_parse_dictionary_when_something_is_wrong_then_it_is_refused_with_the_place(data, text):
    with pytest.raises(StandardError, match=text):
        parse_dictionary(data)
