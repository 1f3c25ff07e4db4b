"""One plan per school that has something to put right, as blocks and as a Word file read back."""

import io

import docx
import pytest

from junheng.core.facts import Facts, table_frame
from junheng.readers.dictionary import load_dictionary
from junheng.reports.document import BulletList, Landscape, Note, Table, label_blocks, walk
from junheng.reports.docx_document import render_docx
from junheng.reports.school_plan import plan_files, school_plan
from tests.reports.small_evaluation import INJECTED, NINE_YEAR, bundle_of, small_facts

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
    assert plan_files(bundle_of(facts=small_facts(name=name)))[PRIMARY_ID] == expected


def test_plan_files_when_names_are_equal_then_they_stay_apart():
    files = plan_files(bundle_of(facts=small_facts(name=NINE_YEAR)))
    assert len({name.casefold() for name in files.values()}) == len(files)
    same = plan_files(bundle_of(facts=_two_alike()))
    assert same == {PRIMARY_ID: "Abc（小学）.docx", "9900000006": "ABC（小学）-9900000006.docx"} | {
        NINE_YEAR_ID: f"{NINE_YEAR}（小学、初中）.docx"
    }


def _two_alike():
    facts = small_facts(name="Abc")
    changed = {}
    for name in ("schools", "stages", "classes"):
        rows = facts.table(name).rows(named=True)
        own = set(load_dictionary().tables[name].fields)
        kept = [{key: value for key, value in row.items() if key in own} for row in rows]
        twins = [row | {"school_id": "9900000006"} for row in kept if row["school_id"] == PRIMARY_ID]
        twins = [row | ({"school_name": "ABC"} if name == "schools" else {}) for row in twins]
        changed[name] = table_frame(load_dictionary().tables[name], [*kept, *twins], facts.county_code, facts.year)
    return Facts(facts.county_code, facts.county_name, facts.year, {**facts.tables, **changed})


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
    assert ["初中", "仪器设备", "63000元", "已达到", "108272.73元", "补足到100%"] in gaps
    assert ["初中", "体艺教师", "1人", "1人", "1人", "可停在85%，先补足到该线"] in gaps
    table = next(block for caption, block in tables(plan).items() if caption.startswith("整改措施"))
    first = texts(table.rows[0])
    assert first[1] == "小学每百名学生拥有县级以上骨干教师数0.60人，低于0.85人"
    assert first[2] == "小学增加1人，达到0.85人"
    assert all(texts(row)[3:] == [""] * 5 for row in table.rows)
    assert isinstance(plan.blocks[-1], Landscape)


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
    assert f"{INJECTED}（盖章）" in text
    assert bundle.verdict.digest[:16] in word.core_properties.comments
    check = next(table for table in word.tables if "评估指标" in table.cell(0, 0).text)
    assert "全校义务教育阶段教学班4个；音乐专用教室＿＿间；美术专用教室＿＿间。" in [
        row.cells[1].text for row in check.rows
    ]


def test_plan_when_it_is_a_trial_then_the_subtitle_says_so():
    assert school_plan(bundle_of(is_trial=True), PRIMARY_ID).subtitle == "（2025年度草案，试算稿，不得上报）"


def test_plan_when_written_twice_then_bytes_are_equal(bundle):
    assert render_docx(school_plan(bundle, NINE_YEAR_ID)) == render_docx(school_plan(bundle_of(), NINE_YEAR_ID))
