"""What a standard file may say, what it means, and how every fault is refused."""

import re
from datetime import date
from fractions import Fraction

import pytest

from junheng.core.errors import StandardError
from junheng.core.standard import DispersionMode, Part, Stage
from junheng.readers.standards import list_standards, load_standard, read_cases
from tests.standards.small import CHILD, SMALL, changed, packs, write

PACK_IDS = (
    "cn-2012-basic-balance",
    "cn-2017-quality-balance",
    "hunan-2018",
    "liaoning-shenyang-2021",
    "shanxi-anze-2025",
    "shanxi-pingshun-2023",
    "x-district-basic-balance",
)


def refusal(path, folder=None):
    """The text with which a file is refused."""
    with pytest.raises(StandardError) as caught:
        load_standard(path, folder) if folder else load_standard(path)
    return str(caught.value)


# ------------------------------------------------------------------------------------------------------------------ packs


def test_packs_when_they_are_listed_then_all_seven_are_there_and_load():
    assert list_standards() == PACK_IDS
    assert [load_standard(name).id for name in PACK_IDS] == list(PACK_IDS)


def test_national_standard_when_it_is_loaded_then_it_has_the_7_15_9_1_and_its_vetoes():
    standard = load_standard("cn-2017-quality-balance")
    counts = {part: sum(item.part is part for item in standard.items) for part in Part}
    assert len(standard.indicators) == 7
    assert (counts[Part.GUARANTEE], counts[Part.QUALITY], counts[Part.RECOGNITION], counts[Part.ELIGIBILITY]) == (
        15,
        9,
        1,
        1,
    )
    assert (len(standard.vetoes), len(standard.exceptions)) == (6, 5)


@pytest.mark.parametrize(
    ("indicator", "primary", "junior"),
    [
        ("above_standard_teachers_per_100_students", "4.2", "5.3"),
        ("backbone_teachers_per_100_students", "1", "1"),
        ("pe_and_art_teachers_per_100_students", "0.9", "0.9"),
        ("teaching_floor_area_per_student", "4.5", "5.8"),
        ("sports_area_per_student", "7.5", "10.2"),
        ("equipment_value_per_student", "2000", "2500"),
        ("multimedia_classrooms_per_100_students", "2.3", "2.4"),
    ],
)
def test_national_threshold_when_it_is_read_then_it_is_the_exact_number_of_the_document(indicator, primary, junior):
    thresholds = load_standard("cn-2017-quality-balance").indicator(indicator).thresholds
    values = {stage: parameter.rows[0].value for stage, parameter in thresholds.items()}
    assert values == {Stage.PRIMARY: Fraction(primary), Stage.JUNIOR: Fraction(junior)}


def test_hunan_when_it_is_loaded_then_26_items_are_hard_and_10_share_100_points():
    standard = load_standard("hunan-2018")
    scored = [item for item in standard.items if item.part is Part.SCORED]
    hard = [item for item in standard.items if item.part not in (Part.SCORED, Part.ELIGIBILITY)]
    points = {int(item.number): sum(sub_item.points for sub_item in item.sub_items) for item in scored}
    # the document numbers all 36 items in one row: 1-7 are resource indicators, the rest are hard or scored
    numbers = [int(entry.number) for entry in standard.indicators] + [int(item.number) for item in (*hard, *scored)]
    assert sorted(numbers) == list(range(1, 37))
    assert len(standard.indicators) + len(hard) == 26
    assert points == {8: 10, 9: 5, 23: 5, 27: 10, 29: 10, 30: 10, 32: 20, 33: 10, 34: 10, 35: 10}
    assert standard.scoring is not None
    assert standard.scoring.bands == ((Fraction(80), "合格"), (Fraction(86), "良好"), (Fraction(91), "优秀"))
    assert standard.county_mean_clause


@pytest.mark.parametrize("name", PACK_IDS)
def test_pack_when_it_is_read_then_people_review_date_and_every_decision_are_there(name):
    standard = load_standard(name)
    assert standard.author != standard.checker
    assert standard.review_by == date(2027, 11, 30)
    assert any(note.decided for note in standard.notes)


@pytest.mark.parametrize("name", PACK_IDS)
def test_pack_when_it_is_read_on_its_first_day_then_every_own_number_is_in_force(name):
    standard = load_standard(name)
    parameters = [entry for indicator in standard.indicators for entry in indicator.thresholds.values()]
    parameters += [entry for item in standard.items for entry in item.params.values()]
    assert all(parameter.on(date(2026, 1, 1)) is not None for parameter in parameters)
    assert all(row.clause for parameter in parameters for row in parameter.rows)


def test_basic_balance_when_it_is_loaded_then_only_the_composite_is_judged():
    standard = load_standard("cn-2012-basic-balance")
    assert standard.dispersion is not None
    assert standard.dispersion.mode is DispersionMode.COMPOSITE
    limits = {stage: parameter.rows[0].value for stage, parameter in standard.dispersion.limits.items()}
    assert limits == {Stage.PRIMARY: Fraction("0.65"), Stage.JUNIOR: Fraction("0.55")}
    assert len(standard.indicators) == 8
    assert standard.school_rule is None
    assert standard.scope.ownerships == ("public",)
    assert standard.scope.organiser_types == ("7", "8")


# ------------------------------------------------------------------------------------------------------------- own files


def test_own_file_when_it_is_loaded_then_numbers_are_exact_and_dated(tmp_path):
    standard = load_standard(write(tmp_path))
    (row,) = standard.indicator("books_per_student").thresholds[Stage.JUNIOR].rows
    # 0.1 as binary floating point would be 3602879701896397/36028797018963968
    assert (row.value, row.since, row.clause) == (Fraction(1, 10), date(2020, 1, 1), "第3条")
    junior = standard.item("class_size").params["junior_limit"]
    found = [(int(entry.value), entry.clause, entry.note) for entry in junior.rows]
    assert found == [(50, "第6条", ""), (48, "第6条之二", "收紧")]
    assert junior.on(date(2021, 12, 31)) == junior.rows[0]
    assert junior.on(date(2022, 1, 1)) == junior.rows[1]
    assert standard.sharing.weights == {"nine_year_school": {"primary": 100, "junior": 110}}


def test_own_file_when_its_items_are_read_then_they_follow_part_and_number(tmp_path):
    assert [item.id for item in load_standard(write(tmp_path)).items] == ["class_size", "charter", "layout"]


def test_own_folder_when_it_holds_a_standard_then_the_folder_names_it(tmp_path):
    (tmp_path / "standard.yaml").write_text(SMALL, encoding="utf-8")
    assert load_standard(tmp_path).id == "small-books"


def test_own_cases_when_they_stand_beside_the_file_then_they_are_found(tmp_path):
    text, _, cases = SMALL.partition("cases:\n")
    beside = "\n".join(line[2:] for line in cases.splitlines())
    (tmp_path / "cases.yaml").write_text(beside, encoding="utf-8")
    path = write(tmp_path, text)
    assert load_standard(path).id == "small-books"
    found = read_cases(path)
    assert found is not None
    assert found.file.endswith("cases.yaml")


def test_load_when_the_file_has_not_changed_then_the_same_standard_comes_back(tmp_path):
    path = write(tmp_path)
    first = load_standard(path)
    assert load_standard(path) is first
    write(tmp_path, changed("图书小标准", "图书小标准二"))
    assert load_standard(path).title == "图书小标准二"


def test_digest_when_only_the_writing_differs_then_it_is_the_same(tmp_path):
    plain = load_standard(write(tmp_path)).digest
    rewritten = changed("primary: 4.2", "primary: 4.20").replace(
        "since: 2020-01-01\ndocument", "since: '2020-01-01'\ndocument"
    )
    assert re.fullmatch("[0-9a-f]{64}", plain)
    assert load_standard(write(tmp_path, "# 注\n" + rewritten)).digest == plain


@pytest.mark.parametrize(
    ("old", "new"),
    [("primary: 4.2", "primary: 4.3"), ("clause: 第7条", "clause: 第70条"), ("text: 说明", "text: 别的说明")],
)
def test_digest_when_a_number_a_clause_or_a_note_differs_then_it_is_another(tmp_path, old, new):
    before = load_standard(write(tmp_path)).digest
    assert load_standard(write(tmp_path, changed(old, new))).digest != before


# -------------------------------------------------------------------------------------------------------------- refusals

REFUSED = [
    ("place: 示例县\n", "place: 示例县\nplaec: 1\n", "有不认识的键 plaec"),
    ("author: 甲\n", "", "顶层：缺少 author，请补上。"),
    ("kind: basic_balance\n", "", "缺少 kind"),
    ("kind: basic_balance", "kind: best", "kind：“best”不存在。请改为下列之一：basic_balance、quality_balance。"),
    ("version: \"1\"", "version: \"\"", "version：这里应当写一段文字"),
    ("since: 2020-01-01\ndocument", "since: 2020-13-01\ndocument", "since：“2020-13-01”不是日期"),
    ("document: {title: 图书办法,", "document: {", "document：缺少 title"),
    (
        "document: {title: 图书办法, number: \"\", issuer: 示例县, issued_on: \"2020\"}",
        "document: 图书办法",
        "应当是“键: 值”的映射",
    ),
    ("place: 示例县\nkind", "place: 示例县\nplace: 示例县\nkind", "第 5 行的键“place”重复"),
    # entries
    ("  - id: charter\n", "  - id: class_size\n", "items[class_size]：编号 class_size 重复"),
    ("  - id: charter\n", "  - id: Charter\n", "items[Charter].id：编号“Charter”只能由小写英文字母"),
    ("    clause: 第7条\n", "", "items[charter]：缺少条款（clause）"),
    ("    clause: 第3条\n", "", "indicators[books_per_student]：缺少条款（clause）"),
    ("    needs_judgement: true\n", "    needs_judgement: yes\n", "needs_judgement：“yes”应当是 true 或 false"),
    ("    needs_judgement: true\n", "", "指标 charter 既没有公式"),
    ("    part: guarantee\n    name: 章程", "    part: chapter\n    name: 章程", "items[charter].part：“chapter”不存在"),
    ("    short_name: 图书\n", "", "indicators[books_per_student]：缺少 short_name"),
    ("    per_students: 1\n", "    per_students: 1.5\n", "per_students：“1.5”应当是整数"),
    ("formula: books\n", "formula: booklets\n", "公式“booklets”不存在。请改为下列之一：above_standard_teachers"),
    ("formula: class_size\n", "formula: class_sizes\n", "items[class_size]：公式“class_sizes”不存在"),
    (
        "      primary_limit: 45\n",
        "      primary_limit: 45\n      senior_limit: 55\n",
        "没有参数 senior_limit。它的参数是：junior_limit、primary_limit",
    ),
    ("      primary_limit: 45\n", "", "公式 class_size 缺少参数 primary_limit"),
    ("    formula: class_size\n", "    needs_judgement: true\n", "items[class_size].params：没有公式就不能有参数"),
    ("effect: smaller_rooms_for_old_schools", "effect: magic", "exceptions[larger_schools]：公式“magic”不存在"),
    ("applies_to: [class_size]", "applies_to: [room_size]", "例外 larger_schools 指向不存在的指标"),
    ("notes:\n", "notes:\n  - {id: a_note, text: 又一个}\n", "notes：编号 a_note 重复"),
    ("id: falsification", "id: charter", "编号 charter 在指标、评分点、否决和例外中重复"),
    ("{id: layout_plan,", "{id: charter,", "编号 charter 在指标、评分点"),
    (
        "      - {id: layout_plan, name: 规划, points: 2.5}\n",
        "      - {id: layout_plan, name: 规划, points: 1}\n      - {id: layout_plan, name: 规划, points: 1}\n",
        "编号 layout_plan 重复",
    ),
    ("{id: layout_plan, name: 规划, points: 2.5}", "{id: layout_plan, name: 规划}", "sub_items[layout_plan]：缺少 points"),
    ("    part: scored\n", "    part: quality\n", "items[layout]：评分指标（part: scored）与评分点"),
    ("thresholds: {primary: 4.2, junior: 0.1}", "note: 无", "indicators[books_per_student]：缺少 thresholds"),
    ("thresholds: {primary: 4.2, junior: 0.1}", "thresholds: {primary: 4.2}", "thresholds：缺少 junior"),
    # values
    ("primary: 4.2", "primary: 4.2人", "thresholds.primary：“4.2人”不是数"),
    ("primary: 4.2", "primary: 1e3", "“1e3”不是数"),
    ("primary: 4.2", "primary: .nan", "“.nan”不是数"),
    ("until: 2021-12-31", "until: 2022-06-30", "junior_limit：条款“第6条”与“第6条之二”的有效期重叠或次序不对"),
    ("{value: 50, until: 2021-12-31}", "{value: 50, until: 2019-12-31}", "止日早于起日"),
    ("{value: 50, until: 2021-12-31}", "{until: 2021-12-31}", "缺少 value"),
    (", note: 收紧}", ", remark: 收紧}", "有不认识的键 remark"),
    (
        "        - {value: 50, until: 2021-12-31}\n        - {value: 48, since: 2022-01-01, clause: 第6条之二, note: 收紧}\n",
        "        []\n",
        "参数没有任何数值",
    ),
    # rules
    (
        (
            "  teaching_point_minimum: 50\n"
            "  clauses: {school_type: 第1条, ownership: 第1条, organiser_type: 第1条, "
            "teaching_point_minimum: 第1条, no_students: 第1条}"
        ),
        (
            "  teaching_point_minimum: 50\n"
            "  clauses: {school_type: 第1条, ownership: 第1条, organiser_type: 第1条, no_students: 第1条}"
        ),
        "scope.teaching_point_minimum：缺少条款",
    ),
    ("{school_type: 第1条,", "{", "评估范围缺少“school_type”的条款"),
    ("  ownerships: [public]\n", "", "scope：缺少 ownerships"),
    ("  ownerships: [public]\n", "  ownerships: public\n", "scope.ownerships：这里应当是列表"),
    ("sharing:\n  clause: 第2条\n  weights: {nine_year_school: {primary: 1, junior: 1.1}}\n", "", "缺少 sharing"),
    ("  clause: 第2条\n", "", "sharing：缺少条款"),
    ("junior: 1.1}}", "junior: 1.125}}", "折算权重“1.125”应为正数"),
    ("junior: 1.1}}", "junior: 0}}", "折算权重“0”应为正数"),
    (
        "school_rule: {required_met: 1, floor: 0.85, clause: 第4条}",
        "school_rule: {required_met: 1, clause: 第4条}",
        "school_rule：缺少 floor",
    ),
    ("  mode: each\n", "  mode: some\n", "dispersion.mode：“some”不存在"),
    ("  clause: 第5条\n", "", "dispersion：缺少条款"),
    ("{from: 2.5, name: 优秀}", "{from: 1, name: 优秀}", "等次要按下限从低到高"),
    (
        (
            "scoring:\n  item_share: 0.8\n  pass_total: 2\n  bands: [{from: 2, name: 合格}, {from: 2.5, name: 优秀}]\n"
            "  clause: 第9条\n"
        ),
        "",
        "评分指标与计分规则（scoring）要么都有",
    ),
    ("notes:\n", "remove:\n  - {ids: [charter], clause: 第12条}\nnotes:\n", "父标准里没有 charter，无法去掉"),
    ("notes:\n", "remove:\n  - {ids: [charter]}\nnotes:\n", "去掉 charter 要写明条款"),
    # cases
    ("charter, layout_plan, falsification", "layout_plan, falsification", "charter 没有算例"),
    ("layout_plan, falsification, larger", "layout_plan, larger", "falsification 没有算例"),
    ("charter, layout_plan, ", "charter, ", "layout_plan 没有算例"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), REFUSED, ids=[message for _, _, message in REFUSED])
def test_own_file_when_one_place_is_wrong_then_file_place_and_remedy_are_named(tmp_path, old, new, message):
    text = refusal(write(tmp_path, changed(old, new)))
    assert message in text
    assert "own.yaml" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "own.yaml 是空的"),
        (b"id: [", "不是合格的 YAML：第"),
        ("标题".encode("gb18030"), "不是 UTF-8 编码"),
        (b"a: &x {b: 1}\nc: *x\n", "第 1 行用了 YAML 锚点"),
        (b"a: &x [*x]\n", "用了 YAML 锚点"),
        (b"? [a, b]\n: 1\n", "重复或不是文字"),
        (b"- a\n", "应当是“键: 值”的映射"),
        (b"[" * 5000 + b"]" * 5000, "嵌套过深"),
        (b"\x00: 1\n", "不是合格的 YAML"),
        (b"a: " + b"x" * 2_000_001, "超过 2 MB"),
    ],
)
def test_own_file_when_it_is_no_proper_yaml_then_it_is_refused(tmp_path, content, message):
    path = write(tmp_path)
    path.write_bytes(content)
    assert message in refusal(path)


def test_standard_when_no_such_id_or_file_is_there_then_the_known_ones_are_named():
    text = refusal("cn-1999")
    assert "没有标准“cn-1999”。现有标准：cn-2012-basic-balance、" in text


def test_own_file_when_it_takes_the_id_of_a_pack_then_it_is_refused(tmp_path):
    assert "编号“hunan-2018”已是现有标准" in refusal(write(tmp_path, changed("id: small-books", "id: hunan-2018")))


def test_pack_when_its_id_is_not_its_folder_then_it_is_refused(tmp_path):
    assert "与文件夹名“other”不一致" in refusal("other", packs(tmp_path, other=SMALL))


def test_pack_when_it_has_no_cases_at_all_then_it_is_refused(tmp_path):
    text = SMALL.partition("cases:\n")[0]
    assert "books_per_student、class_size、charter" in refusal("small-books", packs(tmp_path, small_books=text))


def test_file_when_it_cannot_be_read_then_its_name_is_in_the_message(tmp_path):
    folder = packs(tmp_path, small_books=SMALL)
    broken = folder / "broken" / "standard.yaml"
    broken.parent.mkdir()
    broken.mkdir()
    assert "packs/broken/standard.yaml 读不出来" in refusal("broken", folder)


# --------------------------------------------------------------------------------------------------------------- extends


def child(folder, changes, parent=SMALL):
    """The child of the small standard, with changes; both as packs."""
    text = CHILD.replace("PARENT", "small-books") + changes
    return load_standard("small-child", packs(folder, small_books=parent, small_child=text))


CASE = """
cases:
  on: 2024-01-01
  defaults: {county: {county_code: "1", county_name: 县, year: 2024}}
  cases:
    - {subjects: [SUBJECTS], kind: missing, name: 无, expect: cannot_tell}
"""


def with_cases(changes, *subjects):
    return changes + CASE.replace("SUBJECTS", ", ".join(subjects))


def test_child_when_it_changes_nothing_then_it_is_the_parent_under_its_own_name(tmp_path):
    standard = child(tmp_path, "")
    parent = load_standard("small-books", tmp_path / "packs")
    assert (standard.id, standard.extends, standard.kind) == ("small-child", "small-books", "basic_balance")
    assert (standard.items, standard.indicators, standard.scope) == (parent.items, parent.indicators, parent.scope)
    assert standard.digest != parent.digest


def test_child_when_it_changes_one_number_then_the_rest_of_the_entry_stays(tmp_path):
    changes = "items:\n  - {id: class_size, clause: 子第1条, params: {primary_limit: 40}}\n"
    item = child(tmp_path, with_cases(changes, "class_size")).item("class_size")
    (row,) = item.params["primary_limit"].rows
    assert (row.value, row.since, row.clause) == (40, date(2023, 1, 1), "子第1条")
    assert [entry.value for entry in item.params["junior_limit"].rows] == [50, 48]
    assert (item.name, item.clause, item.part) == ("班额", "子第1条", Part.GUARANTEE)


def test_child_when_it_changes_a_number_without_a_clause_then_it_is_refused(tmp_path):
    with pytest.raises(StandardError, match=r"small-child/standard.yaml 的 items\[class_size\]：缺少条款"):
        child(tmp_path, "items:\n  - {id: class_size, params: {primary_limit: 40}}\n")


def test_child_when_it_changes_the_formula_then_the_old_numbers_do_not_stay(tmp_path):
    changes = "items:\n  - {id: class_size, clause: 子第1条, formula: labour_hours, params: {share: 0.5}}\n"
    item = child(tmp_path, with_cases(changes, "class_size")).item("class_size")
    assert set(item.params) == {"share"}


def test_child_when_it_changes_wording_and_numbering_only_then_no_case_is_needed(tmp_path):
    standard = child(tmp_path, 'items:\n  - {id: charter, number: "1", name: 学校章程, clause: 子第1条, note: 注}\n')
    assert (standard.item("charter").name, standard.item("charter").number) == ("学校章程", "1")


def test_child_when_it_changes_substance_without_a_case_then_it_is_refused(tmp_path):
    with pytest.raises(StandardError, match="class_size 没有算例"):
        child(tmp_path, "items:\n  - {id: class_size, clause: 子第1条, params: {primary_limit: 40}}\n")


def test_child_when_it_adds_entries_then_they_join_in_document_order(tmp_path):
    changes = (
        'items:\n  - {id: pay, number: "5", part: guarantee, name: 工资, clause: 子第2条,'
        " formula: pay_not_below_civil_servants}\n"
        'vetoes:\n  - {id: tutoring, number: "2", name: 培训, clause: 子第3条}\n'
    )
    standard = child(tmp_path, with_cases(changes, "pay", "tutoring"))
    assert [item.id for item in standard.items] == ["class_size", "pay", "charter", "layout"]
    assert [veto.id for veto in standard.vetoes] == ["falsification", "tutoring"]


def test_child_when_it_removes_an_entry_then_a_note_says_by_which_clause(tmp_path):
    standard = child(tmp_path, "remove:\n  - {ids: [charter], clause: 子第9条}\n")
    assert "charter" not in [item.id for item in standard.items]
    assert [note.text for note in standard.notes if note.id == "removed_charter"] == [
        "不沿用父标准的“章程”，依据：子第9条。"
    ]


def test_child_when_it_removes_and_adds_the_same_id_then_nothing_of_the_old_entry_is_left(tmp_path):
    changes = (
        "remove:\n  - {ids: [class_size], clause: 子第9条}\n"
        'items:\n  - {id: class_size, number: "1", part: quality, name: 班额制度, clause: 子第9条, needs_judgement: true}\n'
    )
    item = child(tmp_path, with_cases(changes, "class_size")).item("class_size")
    assert (item.formula, dict(item.params), item.part) == (None, {}, Part.QUALITY)


def test_child_when_it_changes_a_scored_point_then_the_others_stay(tmp_path):
    changes = (
        "items:\n  - id: layout\n    clause: 子第8条\n    sub_items: [{id: layout_map, name: 布局图, points: 1}]\n"
    )
    item = child(tmp_path, with_cases(changes, "layout_map")).item("layout")
    assert [(entry.id, entry.points) for entry in item.sub_items] == [
        ("layout_plan", Fraction("2.5")),
        ("layout_map", 1),
    ]


def test_child_when_it_has_a_note_of_the_same_id_then_its_own_text_holds(tmp_path):
    standard = child(tmp_path, "notes:\n  - {id: a_note, text: 子说明}\n")
    assert [(note.text, note.decided) for note in standard.notes] == [("子说明", False)]


def test_child_when_it_changes_limits_then_the_mode_of_the_parent_stays(tmp_path):
    changes = "dispersion:\n  limits: {primary: 0.5, junior: 0.45}\n  clause: 子第5条\n"
    rule = child(tmp_path, changes).dispersion
    assert rule is not None
    assert (rule.mode, rule.clause, rule.limits[Stage.PRIMARY].rows[0].value) == (
        DispersionMode.EACH,
        "子第5条",
        Fraction("0.5"),
    )


def test_child_when_its_parent_is_unknown_then_the_known_ones_are_named(tmp_path):
    folder = packs(tmp_path, small_child=CHILD.replace("PARENT", "nobody"))
    assert "extends：没有标准“nobody”。现有标准：small-child。" in refusal("small-child", folder)


def test_packs_when_they_extend_each_other_then_the_ring_is_named(tmp_path):
    folder = packs(
        tmp_path,
        small_child=CHILD.replace("PARENT", "small-other"),
        small_other=CHILD.replace("PARENT", "small-child").replace("id: small-child", "id: small-other"),
    )
    assert "small-child → small-other → small-child 互相继承，成了环" in refusal("small-child", folder)


def test_own_file_when_it_extends_a_pack_then_all_of_it_is_there(tmp_path):
    standard = load_standard(write(tmp_path, CHILD.replace("PARENT", "hunan-2018")))
    assert len(standard.items) == len(load_standard("hunan-2018").items)


def test_file_when_it_lacks_a_scope_and_extends_nothing_then_it_is_refused(tmp_path):
    text = CHILD.replace("extends: PARENT\n", "kind: basic_balance\n")
    assert "缺少 scope，请补上。" in refusal(write(tmp_path, text))
