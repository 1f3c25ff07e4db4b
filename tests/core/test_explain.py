"""The explanation of a verdict: from the county down to cells, and true to what judging again would say."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.core.blockers import find_blockers
from junheng.core.errors import InputError
from junheng.core.explain import Explainer
from junheng.core.explain_node import Node, amount_text, counted
from junheng.core.explain_text import explain_lines, location_text
from junheng.core.facts import TableSource
from junheng.core.findings import Location
from junheng.core.standard import Part, Standard
from junheng.core.verdict import Outcome, SubItemResult
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.builders import GIVEN
from tests.core.resource_counties import (
    BASIC,
    HUNAN,
    QUALITY,
    county,
    integrated,
    junior,
    narrowed,
    of_indicator,
    primary,
    resources,
    verdict_of,
)

ONE, TWO = "9900000001", "9900000002"
ROOMS, AREA, ART = (
    "multimedia_classrooms_per_100_students",
    "sports_area_per_student",
    "pe_and_art_teachers_per_100_students",
)
VISITING, SPORTS = "visiting_teachers_in_small_rural_schools", "converted_and_leased_sports_area"


def explainer(facts, standard=QUALITY, *enabled, verdict=None):
    verdict = verdict or verdict_of(facts, standard, *enabled)
    chosen = standard if isinstance(standard, Standard) else load_standard(standard)
    return Explainer.of(verdict, facts, chosen, load_dictionary())


def indicator(facts, name, standard=QUALITY, *enabled, stage="primary"):
    return explainer(facts, standard, *enabled).explain(f"school:{ONE}:{stage}:{name}")


def child(node, title):
    return next(entry for entry in node.children if entry.title == title)


def everything(node):
    yield node
    for entry in node.children:
        yield from everything(entry)


# ---- one indicator


def test_indicator_when_met_then_numbers_margin_and_clause_are_told():
    node = indicator(county(primary(ONE, multimedia_classroom_count=25)), ROOMS)

    assert (node.title, node.outcome, node.value) == ("7 每百名学生拥有网络多媒体教室数", Outcome.MET, "2.50间")
    assert node.limit == "≥2.3间,底线1.955间"
    assert node.formula == "网络多媒体教室数 25 ÷ 学生数 1000 × 100 = 2.50"
    assert node.margin == "高出0.20间（为标准的108.7%）"
    # 2 rooms may go; 25 / 0.023 = 1086.9 pupils
    assert node.flip == "减少超过2间,或学生再增加超过86人即不达标"
    assert node.clause == "教督〔2017〕6号 资源配置第7项"
    assert [entry.value for entry in node.children] == ["1000人", "25间"]


def test_indicator_when_not_met_then_what_is_missing_is_told():
    node = indicator(county(primary(ONE, outdoor_sports_area=600_050)), AREA)

    # 7 500 − 6 500.5 ㎡
    assert (node.outcome, node.flip) == (Outcome.NOT_MET, "再增加999.5㎡即达标")
    assert node.margin == "低1.00㎡（为标准的86.7%）"


def test_indicator_when_missing_then_the_reason_is_told_and_no_number():
    node = indicator(county(primary(ONE, outdoor_sports_area=None)), AREA)

    assert (node.value, node.margin, node.flip) == ("", "", "")
    assert node.formula == "体育运动场馆面积 ÷ 学生数"
    assert node.notes == ("体育场馆:缺少“室外运动场地面积”。",)
    assert child(node, "室外运动场地面积").value == "未填"
    assert indicator(county(primary(ONE, multimedia_classroom_count=None)), ROOMS).formula.endswith(" × 100")


def test_indicator_when_shared_then_weights_share_and_the_other_stages_are_told():
    school = integrated(ONE, "twelve_year_school", {"primary": 100, "junior": 100}, senior_student_count=100)

    node = indicator(county(school), AREA, stage="junior")

    # 110 of 100 + 110 + 132
    note = "按加权学生数拆分（小学1 : 初中1.1 : 高中1.32）,初中占32.16%。依据:"
    assert node.notes[0].startswith(note)
    assert node.flip.startswith("全校减少超过")
    assert child(node, "小学在校学生数").value == "100人"
    assert child(node, "高中在校生数").value == "100人"
    assert indicator(county(school), ART).notes == ()


def test_indicator_when_a_full_secondary_school_shares_then_no_primary_stage_is_asked_for():
    school = integrated(ONE, "full_secondary_school", {"junior": 100}, senior_student_count=10)

    titles = [entry.title for entry in indicator(county(school), AREA, stage="junior").children]

    assert titles == ["在校学生数", "室外运动场地面积", "室内体育用房面积", "高中在校生数"]


def test_indicator_when_the_printed_value_would_decide_otherwise_then_it_says_so():
    node = indicator(county(primary(ONE, outdoor_sports_area=699_999)), AREA)

    assert (node.value, node.outcome) == ("7.50㎡", Outcome.NOT_MET)
    assert "四舍五入" in node.notes[-1]


def test_indicator_when_an_exception_is_used_then_it_and_its_facts_are_told():
    visitors = {f"visiting_{name}_teacher_count": 1 for name in ("pe", "music", "fine_art", "art")}
    small = primary(ONE, 60, area_type="rural", is_art_count_total=False, **visitors)
    dense = primary(ONE, is_dense_inner_city=True, converted_sports_area=100, leased_sports_area=0)

    teachers = indicator(county(small), ART, QUALITY, VISITING, SPORTS)
    area = indicator(county(dense), AREA, QUALITY, VISITING, SPORTS)

    assert teachers.notes[-1] == f"使用例外条款:{VISITING}"
    assert child(teachers, "交流、兼职、走教体育教师").value == "1人"
    assert child(teachers, "艺术专任教师数是否已含音乐、美术").value == "否"
    assert area.notes[-1] == f"使用例外条款:{SPORTS}"
    assert child(area, "改建的校内其他专用运动场地面积").value == "1㎡"


def test_indicator_when_art_teachers_are_a_total_then_the_mark_is_told():
    node = indicator(county(primary(ONE, is_art_count_total=True)), ART)

    assert child(node, "艺术专任教师数是否已含音乐、美术").value == "是"


def test_indicator_when_the_standard_has_no_threshold_then_value_and_clause_are_told():
    node = indicator(county(primary(ONE)), "books_per_student", BASIC)

    assert (node.outcome, node.limit, node.margin, node.flip) == (None, "", "", "")
    assert node.clause == "教督〔2012〕3号 校际均衡状况第5项"


def test_indicator_when_the_number_of_pupils_falls_to_nothing_then_no_stage_row_means_no_value():
    school, _ = integrated(ONE, "nine_year_school", {})

    node = indicator(county((school, [])), AREA)

    assert child(node, "在校学生数").value == "未填"


def test_fact_when_it_came_from_a_workbook_then_its_cell_is_told():
    source = TableSource("示例.xlsx", "学校", {(ONE,): 7}, {"multimedia_classroom_count": "N"})
    node = indicator(county(primary(ONE), sources={"schools": (source,)}), ROOMS)

    (cell,) = child(node, "网络多媒体教室").locations

    assert location_text(cell) == "示例.xlsx 学校!N7"
    assert any(line.endswith("网络多媒体教室:23间  [示例.xlsx 学校!N7]") for line in explain_lines(node))


def test_fact_when_the_school_has_two_stages_then_the_one_of_the_asked_stage_is_told():
    node = indicator(
        county(integrated(ONE, "nine_year_school", {"primary": 300, "junior": 200})), ROOMS, stage="junior"
    )

    # the junior stage's own pupils, and those of the stage it shares with
    assert child(node, "在校学生数").value == "200人"
    assert child(node, "小学在校学生数").value == "300人"


FLIPS = {ROOMS: ("multimedia_classroom_count", 1), AREA: ("outdoor_sports_area", 100)}
TWO_INDICATORS = narrowed(QUALITY, *FLIPS)


@settings(max_examples=5)
@given(
    pupils=st.integers(60, 3000),
    others=st.integers(1, 2000),
    rooms=st.integers(0, 80),
    area=st.integers(0, 3_000_000),
    is_shared=st.booleans(),
)
def test_flip_when_done_then_the_outcome_flips_and_with_one_unit_less_it_does_not(
    pupils, others, rooms, area, is_shared
):
    base = {"multimedia_classroom_count": rooms, "outdoor_sports_area": area}

    def one(school_id, heads=0, **changes):
        if is_shared:
            counts = {"primary": pupils + heads, "junior": others}
            return integrated(school_id, "nine_year_school", counts, **base | changes)
        return primary(school_id, pupils + heads, **base | changes)

    def outcomes(name, *variants):  # each variant is a school of its own in one county
        facts = county(*(one(str(number), **variant) for number, variant in enumerate(variants)))
        results = resources(facts, TWO_INDICATORS)
        return [of_indicator(results, str(number), name).outcome for number in range(len(variants))]

    for name, (field, scale) in FLIPS.items():
        (outcome,) = outcomes(name, {})
        amounts = [
            Fraction(text) for text in re.findall(r"[\d.]+", indicator(county(one(ONE)), name, TWO_INDICATORS).flip)
        ]
        before, step = base[field], int(amounts[0] * scale)
        if outcome is Outcome.NOT_MET:
            assert outcomes(name, {field: before + step}, {field: before + step - 1}) == [Outcome.MET, Outcome.NOT_MET]
        else:
            more = int(amounts[1])
            variants = {field: before - step}, {"heads": more}, {"heads": more + 1}
            assert outcomes(name, *variants) == [Outcome.MET, Outcome.MET, Outcome.NOT_MET]
            if before > step:
                assert outcomes(name, {field: before - step - 1}) == [Outcome.NOT_MET]


# ---- the county and its parts


@pytest.fixture(scope="module")
def facts():
    classes = [{"school_id": ONE, "stage": "primary", "grade": 1, "class_name": "1班", "student_count": 50}]
    veto, item = load_standard(QUALITY).vetoes[0].id, "layout_and_planning"
    judgements = [{"item_id": veto, "result": "found", **GIVEN}, {"item_id": item, "result": "met", "assessor": "甲"}]
    return county(
        primary(ONE, multimedia_classroom_count=1),
        primary(TWO),
        primary("9900000003", outdoor_sports_area=4_000_000),
        junior("9900000004"),
        primary("9900000005", 10, school_type="teaching_point"),
        integrated("9900000006", "nine_year_school", {"primary": 300, "junior": 200}),
        classes=classes,
        judgements=judgements,
    )


def counts_text(part):
    return f"达标{part.met_count}、不达标{part.not_met_count}、无法判定{part.cannot_tell_count}"


def test_county_when_explained_then_every_part_and_failing_school_is_below_it(facts):
    explain = explainer(facts)

    root = explain.explain()

    assert root.title == "示例县 2025年度 县域义务教育优质均衡发展督导评估标准"
    assert [entry.path for entry in root.children] == [
        f"part:{entry.part.value}" for entry in explain.context.verdict.parts
    ]
    resources_part = root.children[0]
    assert (resources_part.title, resources_part.outcome) == ("资源配置", Outcome.NOT_MET)
    assert resources_part.value == counts_text(explain.context.verdict.parts[0])
    paths = {node.path for node in everything(root)}
    assert f"school:{ONE}:primary" in paths
    assert f"school:{TWO}:primary" not in paths  # it is met


def test_paths_when_followed_then_each_leads_to_its_own_node(facts):
    explain = explainer(facts)
    kinds = ("part:", "school:", "dispersion:", "composite:", "veto:")

    for node in everything(explain.explain()):
        if node.path.startswith(kinds):
            assert explain.explain(node.path) == node
    for blocker in find_blockers(explain.context.verdict, load_standard(QUALITY)):
        assert explain.explain(blocker.path).path == blocker.path


def test_school_when_it_has_two_stages_then_both_are_below_it(facts):
    node = explainer(facts).explain("school:9900000006")

    assert [entry.title for entry in node.children] == ["学校9900000006（小学）", "学校9900000006（初中）"]
    assert node.children[0].value.endswith("项达到底线")
    assert node.path == "school:9900000006"


def test_school_when_excluded_then_the_clause_is_told(facts):
    node = explainer(facts).explain("school:9900000005")

    assert (node.outcome, node.notes) == (None, ("不纳入资源配置评估:教学点学生数10人,少于50人。",))
    assert node.clause == load_standard(QUALITY).scope.clauses["teaching_point_minimum"]


def test_school_when_the_asked_stage_is_not_there_then_those_it_has_are_told(facts):
    explain = explainer(facts)

    for asked, stage in (("junior", "junior"), ("小学", "小学"), (f"junior:{ROOMS}", "junior")):
        with pytest.raises(InputError, match=f"学校{ONE}（{ONE}）没有写作“{stage}”的学段,只有:primary（小学）。"):
            explain.explain(f"school:{ONE}:{asked}")
    with pytest.raises(InputError, match="只有:primary（小学）、junior（初中）。"):
        explain.explain("school:9900000006:senior")


def test_school_when_one_of_its_stages_is_excluded_then_each_stage_is_what_it_is():
    explain = explainer(county(integrated(ONE, "nine_year_school", {"primary": 300, "junior": 0}), primary(TWO)))

    assert explain.explain(f"school:{ONE}:junior").notes[0].startswith("不纳入资源配置评估:")
    assert explain.explain(f"school:{ONE}:primary").path == f"school:{ONE}:primary"
    with pytest.raises(InputError, match="只有:primary（小学）、junior（初中）。"):
        explain.explain(f"school:{ONE}:senior")


def test_school_when_all_of_it_is_excluded_then_any_stage_says_so():
    explain = explainer(county(primary(ONE, school_type="special_school"), primary(TWO)))

    assert explain.explain(f"school:{ONE}:primary").notes == explain.explain(f"school:{ONE}").notes


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nothing:x", "看不懂的位置"),
        ("part:scored", "没有“scored”这一部分"),
        ("school:1", "没有学校标识码为“1”的学校"),
        (f"school:{ONE}:primary:books", "没有资源配置指标“books”"),
        ("dispersion:books:primary", "没有差异系数“books:primary”"),
        ("composite:senior", "没有综合差异系数“senior”"),
        ("item:nothing", "没有指标“nothing”"),
        ("veto:nothing", "没有一票否决情形“nothing”"),
    ],
)
def test_path_when_it_leads_nowhere_then_input_error_says_what_there_is(facts, path, text):
    with pytest.raises(InputError, match=text):
        explainer(facts).explain(path)


def test_explainer_when_the_standard_is_another_then_input_error(facts):
    verdict = verdict_of(facts)

    with pytest.raises(InputError, match="与给出的 cn-2012-basic-balance 不一致"):
        Explainer.of(verdict, facts, load_standard(BASIC), load_dictionary())


def test_dispersion_when_explained_then_limit_formula_and_movers_are_told(facts):
    node = explainer(facts).explain(f"dispersion:{AREA}:primary")

    assert (node.limit, node.outcome) == ("≤0.50", Outcome.NOT_MET)
    assert node.notes[0].endswith("4所学校按学生数加权。")
    assert node.notes[1].startswith("学校9900000003占方差")
    assert ",去掉该校后为" in node.notes[1]


def test_dispersion_when_two_schools_or_one_are_there_then_no_rest_is_told():
    two = explainer(county(primary(ONE, multimedia_classroom_count=1), primary(TWO)), HUNAN)
    one = explainer(county(primary(ONE)))

    notes = two.explain(f"dispersion:{ROOMS}:primary").notes
    assert notes[1] == f"学校{ONE}占方差50.0%"
    assert "全县平均值是否达到标准:不达标。" in notes
    assert one.explain(f"dispersion:{ROOMS}:primary").notes[-1] == "该学段只有1所学校,差异系数无意义。"


def test_dispersion_when_only_the_composite_is_judged_then_it_has_no_limit_and_the_composite_has():
    explain = explainer(county(primary(ONE), primary(TWO)), BASIC)

    single, composite = explain.explain("dispersion:books_per_student:primary"), explain.explain("composite:primary")

    assert (single.limit, single.outcome) == ("", None)
    assert (composite.limit, composite.outcome, composite.title) == ("≤0.65", Outcome.MET, "小学综合差异系数")
    assert next(explain_lines(composite)).endswith("小学综合差异系数:0.000（应不高于0.65）")


def test_school_when_the_standard_has_no_rule_for_schools_then_values_are_told_and_no_outcome():
    facts = county(primary(ONE), primary(TWO, book_count=None))
    explain = explainer(facts, BASIC)

    complete, open_ = explain.explain(f"school:{ONE}"), explain.explain(f"school:{TWO}")

    assert (complete.outcome, complete.value, complete.clause) == (None, "", "")
    assert complete.notes == ("本标准不逐校判定,这里只列各项指标的数值;判定的是全县的差异系数。",)
    assert len(complete.children) == 8
    assert not any("达标" in line for line in explain_lines(complete))
    assert (open_.outcome, open_.value) == (None, "")
    assert open_.notes[1:] == ("图书:缺少“图书”。",)


def test_composite_when_it_is_not_judged_then_the_title_says_so(facts):
    node = explainer(facts).explain("composite:junior")

    assert (node.title, node.limit) == ("初中综合差异系数（只作参考,不判定）", "")


def test_standard_when_it_has_no_dispersion_rule_then_coefficients_are_told_without_a_clause():
    standard = replace(load_standard(QUALITY), dispersion=None, school_rule=None)
    facts = county(primary(ONE), primary(TWO))
    explain = Explainer.of(verdict_of(facts, standard), facts, standard, load_dictionary())

    assert explain.explain(f"dispersion:{ROOMS}:primary").clause == ""
    assert explain.explain("composite:primary").clause == ""
    assert explain.explain(f"school:{ONE}").notes == ("本标准不逐校判定,这里只列各项指标的数值。",)
    # without a rule there is no floor to fall back to
    assert explain.explain(f"school:{ONE}:primary:{ROOMS}").limit == "≥2.3间"


def test_item_when_explained_then_failures_assessor_and_figures_are_told(facts):
    explain = explainer(facts)

    sizes, plans = explain.explain("item:class_size"), explain.explain("item:layout_and_planning")

    (failure,) = (entry for entry in sizes.children if entry.title == f"学校{ONE}")
    assert failure.value == "小学1年级1班 50 人,超过 45 人的上限 5 人"
    assert "评估人:甲;佐证:—" in plans.notes
    assert sizes.children[0].title == "超过 45 人的小学班级"


def test_item_when_scored_then_its_points_are_told():
    facts = county(primary(ONE))
    verdict = verdict_of(facts, HUNAN)
    item = next(entry for entry in verdict.items if entry.item_id == "education_first")
    sub = SubItemResult("s", "要点", Fraction(3, 2), Fraction(2))
    scored = replace(item, points=Fraction(3, 2), full_points=Fraction(2), sub_items=(sub,), exceptions=("x",))
    others = tuple(entry for entry in verdict.items if entry.item_id != "education_first")
    explain = explainer(facts, HUNAN, verdict=replace(verdict, items=(scored, *others)))

    node = explain.explain("item:education_first")

    assert node.value == "1.5/2.0分"
    assert "要点:1.5/2.0分" in node.notes
    assert "使用例外条款:x" in node.notes


def test_part_when_scored_then_total_and_band_are_told():
    verdict = verdict_of(county(primary(ONE)), HUNAN)

    node = explainer(county(primary(ONE)), HUNAN, verdict=verdict).explain(f"part:{Part.SCORED.value}")

    assert node.notes[0] == "得分— / 100,等次:—"


def test_veto_when_found_then_assessor_and_evidence_are_told(facts):
    standard = load_standard(QUALITY)
    explain = explainer(facts)

    found, unknown = (explain.explain(f"veto:{entry.id}") for entry in standard.vetoes[:2])

    assert (found.value, found.notes[-1]) == ("存在", "评估人:评估员甲;佐证:E-1、E-2")
    assert unknown.value == "无法判定"


# ---- as text


def test_lines_when_printed_then_they_are_indented_by_depth_and_cut_at_the_depth_asked_for(facts):
    root = explainer(facts).explain()

    lines = list(explain_lines(root))

    assert lines[0].startswith("✗ 不达标 示例县")
    assert any(line.startswith("    ✗ 不达标 小学“体育场馆”差异系数:") for line in lines)
    assert len(list(explain_lines(root, max_depth=0))) < len(list(explain_lines(root, max_depth=1))) < len(lines)


def test_lines_when_a_node_has_only_a_title_or_a_cell_then_nothing_else_is_printed():
    cell = Location(file="甲.xlsx", sheet="学校", row=7, column="N")

    assert list(explain_lines(Node("x", "标题", None))) == ["标题"]
    assert list(explain_lines(Node("x", "标题", None, value="1", locations=(cell,)))) == ["标题:1  [甲.xlsx 学校!N7]"]


def test_lines_when_a_node_has_everything_then_each_fact_has_its_line():
    node = Node("x", "标题", None, value="1", limit="2", formula="a", margin="b", flip="c", clause="d", notes=("n",))

    assert list(explain_lines(node)) == ["标题:1（界线2）", "  算法:a", "  余量:b", "  翻转:c", "  依据:d", "  · n"]


@pytest.mark.parametrize(
    ("value", "limit", "text"),
    [
        ("1", "≥2", "标题:1（应不低于2）"),
        ("1", "≤2", "标题:1（应不高于2）"),
        ("1", "<2", "标题:1（应低于2）"),
        ("", "≥2", "标题:值未知（应不低于2）"),
    ],
)
def test_lines_when_there_is_a_limit_then_words_tell_it_from_the_value(value, limit, text):
    assert list(explain_lines(Node("x", "标题", None, value=value, limit=limit))) == [text]


def test_lines_when_cells_are_many_then_file_and_sheet_are_named_once():
    places = [("甲.xlsx", "学校", "N"), ("甲.xlsx", "学段", "D"), ("甲.xlsx", "学校", "O"), ("甲.xlsx", "学校", "")]
    cells = tuple(Location(file=file, sheet=sheet, row=7, column=column) for file, sheet, column in places)

    assert list(explain_lines(Node("x", "标题", None, locations=cells))) == [
        "标题  [甲.xlsx 学校!N7、O7；甲.xlsx 学段!D7]"
    ]


def test_location_when_the_cell_is_unknown_then_it_is_empty():
    assert location_text(Location(file="a.xlsx")) == ""


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(3), "3"), (Fraction(5, 2), "2.5"), (Fraction(1, 3), "0.33"), (Fraction(1, 1000), "0")]
)
def test_counted_when_given_then_needless_zeros_are_left_out(value, text):
    assert counted(value) == text


def test_amount_when_it_is_a_share_then_it_is_a_percentage():
    assert amount_text(Fraction(1, 2), "比例") == "50.0%"
    assert amount_text(Fraction(5, 2), "人") == "2.5人"
    assert amount_text(None, "人") == ""
