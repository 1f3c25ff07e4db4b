"""The self-evaluation report as blocks, and once as PDF and Word, read back."""

import io
from dataclasses import replace

import docx
import pypdf
import pytest

from junheng.core.facts import facts_from_rows
from junheng.core.verdict import Outcome
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import list_standards
from junheng.reports.document import Figure, Heading, Paragraph, Table, label_blocks, walk
from junheng.reports.docx_document import render_docx
from junheng.reports.pdf_document import render_pdf
from junheng.reports.self_evaluation import self_evaluation
from tests.reports.small_evaluation import JUNIOR, NINE_YEAR, bundle_of, changed, few_rooms, fresh_bundle, small_facts

JUNIOR_ID = "9900000003"


def blocks_of(document, kind):
    return [item.block for item in walk(label_blocks(document)) if isinstance(item.block, kind)]


def headings(document):
    return [block.text for block in blocks_of(document, Heading) if block.level == 1]


def table(document, words):
    return next(block for block in blocks_of(document, Table) if words in block.caption)


def texts(row):
    return [cell.printed for cell in row]


@pytest.fixture(scope="module")
def report():
    return self_evaluation(bundle_of())


def test_report_when_built_then_the_sections_follow_the_verdict(report):
    assert headings(report) == [
        "基本情况",
        "工作结论",
        "资源配置",
        "政府保障程度",
        "教育质量",
        "社会认可度",
        "一票否决情形",
        "申报条件",
        "存在问题与整改方向",
        "使用的例外条款",
        "数据覆盖与说明",
        "附表1　各校资源配置情况",
        "附表2　不纳入资源配置评估的学校",
    ]


def test_report_when_schools_fail_then_the_conclusion_and_the_counts_say_so(report):
    said = "".join(block.text for block in blocks_of(report, Paragraph))
    assert "自评结论为：尚未达到优质均衡发展标准要求。" in said
    assert "小学2所，综合评估达标1所，不达标1所，达标率50.0%。" in said
    assert "初中2所，综合评估达标0所，不达标1所，无法判定1所。" in said
    assert "全县5所学校（含教学点）" in said


def test_report_when_values_are_printed_then_they_equal_the_hand_computation(report):
    rows = {row[0].text: texts(row) for row in table(report, "小学各校").rows}
    # 7/166 = 4.22, 1/166 = 0.60, 2/166 = 1.20; 3970 × 166/397 / 166 = 10; 794 000 → 2000; 10 × 166/397 / 166 × 100 = 2.52
    assert rows[f"{NINE_YEAR}（小学部）"][1:] == [
        *("166", "4.22", "0.60 ▼", "1.20", "10.00", "10.00", "2000.00", "2.52", "6/7", "不达标▼")
    ]
    junior = {row[0].text: texts(row) for row in table(report, "初中各校").rows}
    assert junior[JUNIOR][3] == "＿＿ —"
    assert junior[JUNIOR][-1] == "无法判定？"


def test_report_when_facts_are_missing_then_coverage_says_how_many_and_which(report):
    # the junior school has not reported its backbone teachers: 5 of 6 stages have
    rows = [texts(row) for row in table(report, "数据不全").rows]
    assert ["学段表：县级及以上骨干教师数", "5", "6", "1"] in rows


def test_report_when_two_stages_share_what_they_lack_then_the_sum_has_it_once(report):
    shared = self_evaluation(fresh_bundle(facts=few_rooms()))
    rows = {texts(row)[0]: texts(row) for row in table(shared, "补足到标准所需数量").rows}
    # the school must add 5 rooms for its primary stage, 4 for its junior stage, and 5 for both; teachers are of one stage each
    assert rows["多媒体教室"] == ["多媒体教室", "间", "5", "4", "5"]
    assert rows["骨干教师"] == ["骨干教师", "人", "1", "—", "1"]
    said = "合计中每校只算较大的一个"
    assert any(said in block.text for block in blocks_of(shared, Paragraph))
    assert not any(said in block.text for block in blocks_of(report, Paragraph))


def test_report_when_a_coefficient_is_over_its_limit_then_the_schools_behind_it_are_named():
    report = self_evaluation(fresh_bundle(facts=small_facts(backbone=(2, 12))))
    said = "".join(block.text for block in blocks_of(report, Paragraph))
    assert "小学“骨干教师”差异系数0.811，上限0.50。" in said
    assert texts(table(report, "校际均衡情况").rows[1])[3] == "0.811 ▼"


def test_report_when_built_then_charts_have_words_and_a_missing_bar_is_said(report):
    figures = blocks_of(report, Figure)
    assert [figure.caption for figure in figures] == ["各项指标校际差异系数", "全县平均值与标准之比"]
    assert "无法判定" in figures[0].alt


def test_report_when_no_exception_is_on_then_it_says_so_and_names_those_that_are(report):
    said = "".join(block.text for block in blocks_of(report, Paragraph))
    assert "没有启用任何过渡性例外" in said
    enabled = self_evaluation(fresh_bundle(exceptions=["smaller_rooms_for_old_schools"]))
    items = [item.text for block in enabled.blocks for item in getattr(block, "items", ())]
    assert any(text.startswith("2016年及以前建成的学校") and "国教督办函〔2019〕30号" in text for text in items)


@pytest.mark.parametrize("standard_id", list_standards())
def test_report_when_built_for_any_standard_then_no_id_and_no_raw_number_is_printed(standard_id):
    bundle = bundle_of(standard_id)
    document = self_evaluation(bundle)
    said = [block.text for block in blocks_of(document, Paragraph)]
    said += [cell.text for block in blocks_of(document, Table) for row in block.rows for cell in row]
    ids = {entry.item_id for entry in bundle.verdict.items} | {entry.veto_id for entry in bundle.verdict.vetoes}
    assert not [text for text in said for name in ids if name in text]
    assert not [text for text in said if "Fraction" in text or "None" in text]


def test_report_when_the_standard_judges_other_parts_then_only_those_are_written():
    parts = headings(self_evaluation(bundle_of("x-district-basic-balance")))
    assert {"学校办学基本标准", "政府推进均衡工作", "社会认可度", "一票否决情形"} <= set(parts)
    assert not {"政府保障程度", "教育质量", "申报条件", "量化计分"} & set(parts)
    assert "量化计分" in headings(self_evaluation(bundle_of("hunan-2018")))


def test_report_when_printed_then_pdf_and_word_hold_the_same_sentences_and_the_check_code():
    bundle = fresh_bundle(is_trial=True)
    document = self_evaluation(bundle)
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(document)[0]))
    pdf = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    word = docx.Document(io.BytesIO(render_docx(document)))
    text = "".join(paragraph.text for paragraph in word.paragraphs)
    for sentence in ("尚未达到优质均衡发展标准要求", "试算稿，不得上报"):
        assert sentence in pdf
        assert sentence in text
    assert bundle.verdict.digest[:16] in pdf
    assert bundle.verdict.digest[:16] in word.core_properties.comments


def test_report_when_printed_twice_then_bytes_are_equal():
    first, second = self_evaluation(bundle_of()), self_evaluation(fresh_bundle())
    assert render_docx(first) == render_docx(second)
    assert render_pdf(first) == render_pdf(second)


def test_report_when_an_exception_is_used_then_the_schools_and_its_clause_are_named():
    def dense(rows):
        more = {"is_dense_inner_city": True, "converted_sports_area": 10_000, "leased_sports_area": 0}
        return [row | (more if row["school_id"] == "9900000001" else {}) for row in rows]

    # the other schools are not dense; their converted areas are 0, so that nothing is missing
    facts = changed(small_facts(), "schools", dense)
    report = self_evaluation(fresh_bundle(facts=facts, exceptions=["converted_and_leased_sports_area"]))
    items = [item.text for block in report.blocks for item in getattr(block, "items", ())]
    assert any("已使用，涉及=1+1小学" in text for text in items)


def test_report_when_rounding_would_flip_a_value_then_it_is_said():
    # 3 PE teachers for 334 pupils: 0.898 per hundred prints as 0.90, below 0.9
    def more(rows):
        return [row | ({"student_count": 334} if row["school_id"] == JUNIOR_ID else {}) for row in rows]

    report = self_evaluation(fresh_bundle(facts=changed(small_facts(), "stages", more)))
    said = "".join(block.text for block in blocks_of(report, Paragraph))
    assert f"{JUNIOR}“体艺教师”印作0.90，标准0.9，不达标" in said


def test_report_when_rounding_would_flip_a_coefficient_then_it_is_said():
    bundle = fresh_bundle("cn-2012-basic-balance")
    verdict = bundle.verdict
    flipped = replace(
        verdict,
        dispersion=tuple(
            replace(entry, is_rounding_sensitive=entry == verdict.dispersion[0]) for entry in verdict.dispersion
        ),
        composites=tuple(
            replace(entry, value=0.6504, outcome=Outcome.NOT_MET, is_rounding_sensitive=entry == verdict.composites[0])
            for entry in verdict.composites
        ),
    )
    said = "".join(block.text for block in blocks_of(self_evaluation(replace(bundle, verdict=flipped)), Paragraph))
    # two places: the first coefficient of the verdict and the composite of primary schools, whose limit is 0.65
    assert "下列2处印出的数值会给出不同的结论" in said
    assert "小学综合差异系数印作0.650，不达标" in said


def test_report_when_county_means_are_judged_then_those_below_are_named():
    said = "".join(block.text for block in blocks_of(self_evaluation(bundle_of("hunan-2018")), Paragraph))
    assert "标准同时要求全县平均值达到各项界线，低于界线的有" in said
    assert "小学“仪器设备”（标准2000）" in said


def test_report_when_the_county_has_no_school_then_it_still_says_what_is_unknown():
    facts = facts_from_rows(load_dictionary(), county_code="990101", county_name="示例县", year=2025, rows={})
    report = self_evaluation(fresh_bundle(facts=facts))
    said = "".join(block.text for block in blocks_of(report, Paragraph))
    assert "自评结论为：现有数据和材料不足以作出结论。" in said
    assert "本次评估没有发现不达标的内容。" in said
    assert "全县常住人口＿＿万人" in said
