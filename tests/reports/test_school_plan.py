"""One plan per school that has something to put right, as blocks and as a Word file read back."""

import io

import docx
import pytest

from junheng.reports.document import BulletList, Landscape, Note, Table, label_blocks, walk
from junheng.reports.docx_document import render_docx
from junheng.reports.school_plan import plan_files, school_plan
from tests.reports.small_evaluation import INJECTED, NINE_YEAR, bundle_of, changed, few_rooms, fresh_bundle, small_facts

NINE_YEAR_ID = "9900000002"
PRIMARY_ID = "9900000001"


@pytest.fixture(scope="module")
def bundle():
    return bundle_of()


def tables(document):
    return {block.caption: block for item in walk(label_blocks(document)) if isinstance(block := item.block, Table)}


def texts(row):
    return [cell.printed for cell in row]


def test_plans_when_schools_fail_then_each_gets_one_file_for_both_stages(bundle):
    files = plan_files(bundle)
    assert files[NINE_YEAR_ID] == f"{NINE_YEAR}（小学、初中）.docx"
    # meets the resource rule, but has classes above 45
    assert files[PRIMARY_ID] == f"{INJECTED}（小学）.docx"
    # nothing is surely wrong with the junior school: its missing fact stands in the list of open questions
    assert set(files) == {PRIMARY_ID, NINE_YEAR_ID}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("示例/学:校*?", "示例_学_校__（小学）.docx"),
        ("..\\..\\示例", "_.._示例（小学）.docx"),
        ("  . ", "9900000001（小学）.docx"),
        ("长" * 200, f"{'长' * 54}（小学）.docx"),  # 180 bytes: (180 − 17 for the ending) ÷ 3
    ],
)
def test_plan_file_when_the_name_is_hostile_then_it_is_safe(name, expected):
    assert plan_files(fresh_bundle(facts=small_facts(name=name)))[PRIMARY_ID] == expected


def test_plan_files_when_names_are_equal_then_they_stay_apart():
    files = plan_files(fresh_bundle(facts=small_facts(name=NINE_YEAR)))
    assert len({name.casefold() for name in files.values()}) == len(files)
    same = plan_files(fresh_bundle(facts=_two_alike()))
    assert same == {PRIMARY_ID: "Abc（小学）.docx", "9900000006": "ABC（小学）-9900000006.docx"} | {
        NINE_YEAR_ID: f"{NINE_YEAR}（小学、初中）.docx"
    }


def _two_alike():
    facts = small_facts(name="Abc")
    for table in ("schools", "stages", "classes"):
        facts = changed(facts, table, _with_twin)
    return facts


def _with_twin(rows):
    twins = [row | {"school_id": "9900000006"} for row in rows if row["school_id"] == PRIMARY_ID]
    return [*rows, *(row | ({"school_name": "ABC"} if "school_name" in row else {}) for row in twins)]


def test_plan_when_a_school_has_two_stages_then_both_are_shown_and_sharing_is_explained(bundle):
    plan = school_plan(bundle, NINE_YEAR_ID)
    rows = [texts(row) for row in tables(plan)["资源配置指标"].rows]
    assert len(rows) == 14
    assert ["初中", "仪器设备（元）", "2200.00", "2500", "2125", "88.0", "不达标 △"] in rows
    assert ["小学", "骨干教师（人）", "0.60", "1", "0.85", "60.2", "不达标 ▼"] in rows
    note = next(block.text for block in plan.blocks if isinstance(block, Note))
    # 166/397 = 41.81 %, 231/397 = 58.19 %
    assert "小学1、初中1.1" in note
    assert "小学占41.81%、初中占58.19%" in note


def test_plan_when_gaps_are_listed_then_measures_are_prefilled_and_the_rest_is_blank(bundle):
    plan = school_plan(bundle, NINE_YEAR_ID)
    gaps = [texts(row) for row in tables(plan)["资源配置差距"].rows]
    # equipment misses 12 % of its threshold and PE teachers 47 %: the latter may stay at 85 %
    assert ["初中", "仪器设备", "63000元", "已达到", "108272.73元", "已达到", "补足到100%"] in gaps
    assert ["初中", "体艺教师", "1人", "1人", "1人", "1人", "可停在85%，先补足到该线"] in gaps
    table = next(block for caption, block in tables(plan).items() if caption.startswith("整改措施"))
    first = texts(table.rows[0])
    assert first[1] == "小学每百名学生拥有县级以上骨干教师数0.60人，低于0.85人"
    assert first[2] == "小学增加1人，达到0.85人"
    # 63 000 元 are missing in a stage that gets 231/397 of what the school adds
    assert [texts(row)[2] for row in table.rows if "仪器设备" in texts(row)[1]] == [
        "全校增加108272.73元（拆分后初中缺63000元），初中达到2500元"
    ]
    assert all(texts(row)[3:] == [""] * 5 for row in table.rows)
    assert isinstance(plan.blocks[-1], Landscape)


def test_plan_when_both_stages_lack_rooms_then_the_school_adds_the_larger_whole_number_once():
    plan = school_plan(fresh_bundle(facts=few_rooms()), NINE_YEAR_ID)
    gaps = [texts(row) for row in tables(plan)["资源配置差距"].rows]
    shared = "共用，按较大的数增加一次"
    assert ["小学", "多媒体教室", "2间", "2间", "5间", "3间", f"可停在85%，先补足到该线；与初中{shared}"] in gaps
    assert ["初中", "多媒体教室", "3间", "2间", "4间", "3间", f"补足到100%；与小学{shared}"] in gaps
    table = next(block for caption, block in tables(plan).items() if caption.startswith("整改措施"))
    name = "每百名学生拥有网络多媒体教室数"
    # primary may stay at 85 % and asks for 2.76 rooms, junior for 3.66
    assert [texts(row)[1:3] for row in table.rows if name in texts(row)[1]] == [
        [
            f"小学{name}1.26间，低于1.955间；初中{name}1.39间，低于2.4间",
            "全校增加4间（拆分后小学缺2间、初中缺3间），小学达到1.955间、初中达到2.4间",
        ]
    ]


def test_plan_when_the_other_stage_may_stay_where_it_is_then_the_measure_names_one_stage():
    # 8 rooms: primary has 87.6 % and leaves them, for its equipment has 90 %; junior has 92.4 % and leaves PE teachers
    def fewer(rows):
        few = {"multimedia_classroom_count": 8, "equipment_value": 71_460_000}
        return [row | (few if row["school_id"] == NINE_YEAR_ID else {}) for row in rows]

    facts = changed(small_facts(backbone=(2, 2)), "schools", fewer)
    plan = school_plan(fresh_bundle(facts=facts), NINE_YEAR_ID)
    table = next(block for caption, block in tables(plan).items() if caption.startswith("整改措施"))
    # 5.04 − 4.65 = 0.39 rooms, 0.66 for the school
    goals = [texts(row)[2] for row in table.rows if "多媒体教室" in texts(row)[1]]
    assert goals == ["全校增加1间（拆分后初中缺1间），初中达到2.4间"]


def test_plan_when_classes_are_too_large_then_they_are_one_problem_with_its_size(bundle):
    plan = school_plan(bundle, PRIMARY_ID)
    bullets = next(block for block in plan.blocks if isinstance(block, BulletList))
    assert any("1年级1班46人，超过45人的上限1人" in item.text for item in bullets.items)
    table = next(block for caption, block in tables(plan).items() if caption.startswith("整改措施"))
    goals = [texts(row)[2] for row in table.rows]
    assert any(goal.startswith("消除3处合计20人的差距") for goal in goals)  # 1 + 6 + 13


def test_plan_when_written_as_word_then_names_stay_text_and_the_check_code_is_there(bundle):
    word = docx.Document(io.BytesIO(render_docx(school_plan(bundle, PRIMARY_ID))))
    text = "".join(paragraph.text for paragraph in word.paragraphs)
    assert INJECTED in text
    assert "校长（签字）" in text
    assert bundle.verdict.digest[:16] in word.core_properties.comments
    check = next(table for table in word.tables if "评估指标" in table.cell(0, 0).text)
    assert "全校义务教育阶段教学班4个；音乐专用教室＿＿间；美术专用教室＿＿间。" in [
        row.cells[1].text for row in check.rows
    ]


def test_plan_when_it_is_a_trial_then_the_subtitle_says_so():
    assert school_plan(fresh_bundle(is_trial=True), PRIMARY_ID).subtitle == "（2025年度草案，试算稿，不得上报）"


def test_plan_when_written_twice_then_bytes_are_equal(bundle):
    assert render_docx(school_plan(bundle, NINE_YEAR_ID)) == render_docx(school_plan(fresh_bundle(), NINE_YEAR_ID))


def test_plan_when_an_item_is_missed_in_many_places_then_they_are_a_table():
    def more(rows):
        return [*rows, *({**rows[0], "grade": 5, "class_name": f"{number}班"} for number in range(1, 3))]

    plan = school_plan(fresh_bundle(facts=changed(small_facts(), "classes", more)), PRIMARY_ID)
    caption, table = next((caption, block) for caption, block in tables(plan).items() if "班级学生数" in caption)
    assert caption.endswith("（5处）")
    assert texts(table.rows[0]) == ["1", "小学1年级1班46人，超过45人的上限1人", "1人"]
    measures = next(block for caption, block in tables(plan).items() if caption.startswith("整改措施"))
    problem, goal = next((texts(row)[1], texts(row)[2]) for row in measures.rows if "共5处" in texts(row)[1])
    assert problem.startswith("小学、初中所有班级学生数分别不超过45人、50人：共5处，如")
    assert goal.startswith("消除5处合计22人的差距")  # 1 + 6 + 13 + 1 + 1


def test_plan_when_nothing_is_missing_to_85_percent_then_the_indicator_may_stay():
    # 8 rooms: 8 × 231/397 / 210 × 100 = 2.22, 92 % of 2.4; equipment has 88 % of its threshold and may stay there
    def teachers(rows):
        return [row | ({"pe_teacher_count": 4} if row["stage"] == "junior" else {}) for row in rows]

    def rooms(rows):
        return [row | ({"multimedia_classroom_count": 8} if row["school_id"] == NINE_YEAR_ID else {}) for row in rows]

    facts = changed(changed(small_facts(), "stages", teachers), "schools", rooms)
    plan = school_plan(fresh_bundle(facts=facts), NINE_YEAR_ID)
    gaps = [texts(row) for row in tables(plan)["资源配置差距"].rows]
    assert ["初中", "仪器设备", "63000元", "已达到", "108272.73元", "已达到", "可停在85%，不必增加"] in gaps


def test_plan_when_the_standard_has_no_school_rule_then_only_schools_named_by_items_get_one():
    assert plan_files(bundle_of("cn-2012-basic-balance")) == {}

    def scored(rows):
        return [row | {"school_standard_score": 8000 + 1000 * (row["school_id"] != PRIMARY_ID)} for row in rows]

    bundle = fresh_bundle("cn-2012-basic-balance", changed(small_facts(), "schools", scored))
    assert list(plan_files(bundle)) == [PRIMARY_ID]
    plan = school_plan(bundle, PRIMARY_ID)
    rows = [texts(row) for row in tables(plan)["资源配置指标"].rows]
    assert rows[0] == [
        "小学",
        "教学用房（㎡）",
        "5.000",
        "—",
        "—",
        "—",
        "——",
    ]  # 1000 ㎡ with indoor sports for 200 pupils
    bullets = next(block for block in plan.blocks if isinstance(block, BulletList))
    assert "80分，距85分差5分" in bullets.items[0].text
