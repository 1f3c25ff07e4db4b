"""What stands between a county and the standard, failures first."""

from dataclasses import replace
from typing import Any

from junheng.core.blockers import BlockerKind, MissedIndicator, OpenSchools, find_blockers
from junheng.core.standard import Part, Stage
from junheng.core.verdict import Outcome, Reason
from junheng.readers.standards import load_standard
from tests.core.builders import GIVEN
from tests.core.resource_counties import BASIC, HUNAN, QUALITY, county, junior, primary, verdict_of

ONE, TWO = "9900000001", "9900000002"


def blockers(facts, standard=QUALITY):
    return find_blockers(verdict_of(facts, standard), load_standard(standard))


def found(entries, path):
    return [entry for entry in entries if entry.path == path]


def test_blockers_when_everything_fails_at_once_then_failures_come_before_what_is_unknown():
    entries = blockers(county(primary(ONE, multimedia_classroom_count=1), primary(TWO)))

    outcomes = [entry.outcome for entry in entries]
    assert outcomes == sorted(outcomes, key=lambda outcome: outcome is Outcome.CANNOT_TELL)
    assert set(outcomes) == {Outcome.NOT_MET, Outcome.CANNOT_TELL}


def test_blockers_when_they_are_listed_then_each_holds_the_result_its_path_leads_to():
    facts = county(primary(ONE, multimedia_classroom_count=1), primary(TWO, backbone_teacher_count=None))
    for standard in (QUALITY, BASIC, HUNAN):
        verdict = verdict_of(facts, standard)
        results: dict[str, Any] = {f"veto:{entry.veto_id}": entry for entry in verdict.vetoes}
        results |= {f"item:{entry.item_id}": entry for entry in verdict.items}
        results |= {f"composite:{entry.stage.value}": entry for entry in verdict.composites}
        results |= {f"dispersion:{entry.indicator_id}:{entry.stage.value}": entry for entry in verdict.dispersion}
        entries = find_blockers(verdict, load_standard(standard))

        assert entries
        for entry in entries:
            if entry.kind is not BlockerKind.SCHOOLS:
                assert entry.result is results[entry.path]


def test_blockers_when_a_coefficient_is_above_its_limit_then_it_says_both_numbers():
    entries = blockers(county(primary(ONE, multimedia_classroom_count=1), primary(TWO, multimedia_classroom_count=99)))

    (entry,) = found(entries, "dispersion:multimedia_classrooms_per_100_students:primary")
    # (1 ± 0.98) × 50
    assert (entry.part, entry.text) == (Part.RESOURCES, "小学“多媒体教室”差异系数 0.980,上限0.50")


def test_blockers_when_a_coefficient_cannot_be_told_then_it_says_why():
    entries = blockers(county(primary(ONE)))

    (entry,) = found(entries, "dispersion:sports_area_per_student:primary")
    assert (entry.outcome, entry.text) == (
        Outcome.CANNOT_TELL,
        "小学“体育场馆”差异系数 该学段只有1所学校,差异系数无意义。",
    )


def test_blockers_when_schools_fail_then_the_indicators_missed_most_are_named():
    bad = {"multimedia_classroom_count": 1}
    entries = blockers(county(primary(ONE, **bad), primary(TWO, **bad, backbone_teacher_count=0)))

    texts = [entry.text for entry in found(entries, "part:resources")]
    assert texts == ["小学2所中2所不达标（主要是多媒体教室2所、骨干教师1所）"]


def test_blockers_when_schools_cannot_be_told_then_they_are_counted_apart():
    entries = blockers(county(primary(ONE, book_count=None, multimedia_classroom_count=None), primary(TWO)))

    assert [entry.text for entry in found(entries, "part:resources")] == ["小学2所中1所无法判定（主要是多媒体教室1所）"]


def test_blockers_when_a_veto_is_found_or_not_looked_for_then_it_comes_first():
    standard = load_standard(QUALITY)
    first = standard.vetoes[0]
    last = standard.vetoes[-1]
    judgements = [
        {"item_id": first.id, "result": "found", **GIVEN},
        {"item_id": last.id, "result": "not_found", **GIVEN},
    ]
    entries = blockers(county(primary(ONE), primary(TWO), judgements=judgements))

    assert (entries[0].path, entries[0].text) == (f"veto:{first.id}", f"一票否决:{first.name}（存在）")
    assert found(entries, f"veto:{standard.vetoes[1].id}")[0].text.endswith("（尚未审核）")
    assert not found(entries, f"veto:{last.id}")


def test_blockers_when_an_item_waits_for_a_judgement_then_one_word_says_so():
    entries = blockers(county(primary(ONE), primary(TWO)))

    waiting = found(entries, "item:no_excessive_load")
    assert [entry.text for entry in waiting] == ["教育质量8 无过重课业负担（尚未审核）"]


def test_blockers_when_items_fail_then_they_say_how_many_schools_or_why():
    classes = [
        {"school_id": ONE, "stage": "primary", "grade": 1, "class_name": name, "student_count": size}
        for name, size in (("1班", 46), ("2班", 50), ("3班", 45))
    ]
    entries = blockers(county(primary(ONE), classes=classes))

    sizes = next(entry for entry in entries if entry.path == "item:class_size")
    assert (sizes.outcome, sizes.text.endswith(":1所学校2处不达标")) == (Outcome.NOT_MET, True)
    documents = next(entry for entry in entries if entry.path == "item:layout_and_planning")
    assert documents.part is Part.GUARANTEE
    assert documents.text.startswith("政府保障程度1 ")


def test_blockers_when_the_composite_is_above_its_limit_or_unknown_then_it_is_named():
    counts = (
        "bachelor_teacher_count",
        "full_time_teacher_count",
        "titled_teacher_count",
        "computer_count",
        "book_count",
    )
    fields = (*counts, "teaching_floor_area", "outdoor_sports_area", "equipment_value")
    others = ("doctor_teacher_count", "master_teacher_count", "associate_teacher_count", "indoor_sports_area")
    low, high = (dict.fromkeys(fields, amount) | dict.fromkeys(others, 0) for amount in (1, 99))

    failing = blockers(county(primary(ONE, **low), primary(TWO, **high)), BASIC)
    unknown = blockers(county(primary(ONE)), BASIC)

    assert found(failing, "composite:primary")[0].text == "小学综合差异系数 0.980,上限0.65"
    # the one school leaves all eight coefficients undefined; each is listed before the composite that waits for it
    assert found(unknown, "composite:primary")[0].text == "小学综合差异系数 8项差异系数无法计算,综合值无法给出。"
    primary_kinds = [entry.kind for entry in unknown if entry.path.endswith("primary")]
    assert primary_kinds == [BlockerKind.COEFFICIENT] * 8 + [BlockerKind.COMPOSITE]
    assert not found(unknown, "part:resources")


def test_blockers_when_coefficients_are_too_high_then_the_one_furthest_above_its_limit_is_first():
    low, high = {"multimedia_classroom_count": 1, "book_count": 1}, {"multimedia_classroom_count": 99}
    schools = [primary(ONE, **low, equipment_value=100_000), primary(TWO, **high, equipment_value=500_000)]
    juniors = [junior("9900000003", **low), junior("9900000004", **high)]
    entries = blockers(county(*schools, *juniors))

    # rooms (1 ± 0.98) × 50, 0.98 − 0.45 for junior and 0.98 − 0.50 for primary schools; equipment (3 ± 2) × 10⁵: 0.667 − 0.50
    coefficients = [entry.path for entry in entries if entry.kind is BlockerKind.COEFFICIENT]
    assert coefficients == [
        "dispersion:multimedia_classrooms_per_100_students:junior",
        "dispersion:multimedia_classrooms_per_100_students:primary",
        "dispersion:equipment_value_per_student:primary",
    ]


def test_blockers_when_county_means_are_judged_then_those_below_are_named_with_their_threshold():
    entries = blockers(county(primary(ONE, backbone_teacher_count=5), primary(TWO)), HUNAN)

    means = [entry for entry in entries if entry.kind is BlockerKind.MEAN]
    # (5 + 10) per 2000 pupils; junior means are unknown as their coefficients are, and not said twice
    assert [(entry.outcome, entry.text) for entry in means] == [
        (Outcome.NOT_MET, "小学“骨干教师”全县平均值0.75人,标准1人")
    ]


def test_blockers_when_a_mean_is_unknown_and_no_coefficient_is_judged_then_the_mean_is_named():
    standard = load_standard(HUNAN)
    verdict = verdict_of(county(primary(ONE, backbone_teacher_count=None), primary(TWO)), HUNAN)
    unjudged = replace(verdict, dispersion=tuple(replace(entry, limit=None) for entry in verdict.dispersion))
    entries = find_blockers(unjudged, standard)

    assert not [entry for entry in entries if entry.kind is BlockerKind.COEFFICIENT]
    means = [entry for entry in entries if entry.kind is BlockerKind.MEAN and entry.path.endswith("primary")]
    assert [(entry.outcome, entry.text) for entry in means] == [
        (Outcome.CANNOT_TELL, "小学“骨干教师”全县平均值无法计算,标准1人")
    ]


def test_blockers_when_schools_fail_then_passing_schools_that_miss_an_indicator_are_counted_apart():
    # 9 of 10 backbone teachers: 90 % of the threshold, which one indicator may stay at
    schools = [primary(ONE, backbone_teacher_count=9), primary(TWO, multimedia_classroom_count=1)]
    (entry,) = found(blockers(county(*schools)), "part:resources")

    missed = (
        MissedIndicator("multimedia_classrooms_per_100_students", 1, 1),
        MissedIndicator("backbone_teachers_per_100_students", 1, 0),
    )
    assert entry.result == OpenSchools(Stage.PRIMARY, 1, 2, missed)
    assert entry.text == "小学2所中1所不达标（主要是多媒体教室1所）"


def test_blockers_when_no_school_is_judged_then_that_is_said_before_the_coefficients():
    entries = blockers(county())

    resources = [entry for entry in entries if entry.part is Part.RESOURCES]
    assert (resources[0].kind, resources[0].text) == (BlockerKind.NO_SCHOOL, "没有纳入资源配置评估的学校。")
    assert {entry.kind for entry in resources[1:]} == {BlockerKind.COEFFICIENT}


def test_blockers_when_no_resources_are_judged_then_none_are_named():
    verdict = verdict_of(county(), QUALITY)
    bare = replace(verdict, parts=(), dispersion=(), composites=())
    entries = find_blockers(bare, load_standard(QUALITY))
    assert not [entry for entry in entries if entry.part is Part.RESOURCES]


def test_blockers_when_a_veto_waits_for_facts_then_it_says_which():
    standard = load_standard(QUALITY)
    verdict = verdict_of(county(primary(ONE)))
    waiting = replace(verdict.vetoes[0], reasons=(Reason("missing-facts", "缺少核心指标不达标项数。"),))
    entries = find_blockers(replace(verdict, vetoes=(waiting,)), standard)

    assert found(entries, f"veto:{waiting.veto_id}")[0].text == f"一票否决:{waiting.name}（缺少核心指标不达标项数）"


def test_blockers_when_the_points_are_too_few_then_the_sum_comes_last():
    standard = load_standard(HUNAN)
    points = [
        {"item_id": f"{item.id}/{sub.id}", "points": 0, **GIVEN} for item in standard.items for sub in item.sub_items
    ]
    verdict = verdict_of(county(primary(ONE), judgements=points), HUNAN)
    failing = [entry for entry in find_blockers(verdict, standard) if entry.outcome is Outcome.NOT_MET]

    assert (failing[-1].kind, failing[-1].part, failing[-1].path) == (BlockerKind.SCORING, Part.SCORED, "part:scored")
    # the survey's part of two items, 5 points in all, is still open
    assert "总分最多 5.00 分,低于 80 分。" in failing[-1].text
    low = found(failing, "item:layout_and_planning")[0]
    assert low.text == f"量化计分9 {low.result.name}:得分 0.00 分,低于满分 5 分的 80%。"


def test_blockers_when_points_are_open_then_they_are_counted():
    entries = blockers(county(primary(ONE)), HUNAN)
    item = load_standard(HUNAN).item("education_first")

    (entry,) = found(entries, "item:education_first")
    assert entry.text == f"量化计分8 {item.name}:{len(item.sub_items)}个计分点没有得分"
    assert not [entry for entry in entries if entry.kind is BlockerKind.SCORING]


def test_blockers_when_an_item_has_neither_failures_nor_reasons_then_its_name_is_enough():
    verdict = verdict_of(county(primary(ONE)))
    item = replace(verdict.items[0], failures=(), reasons=())
    (entry,) = found(find_blockers(replace(verdict, items=(item,)), load_standard(QUALITY)), f"item:{item.item_id}")
    assert entry.text == f"政府保障程度{item.number} {item.name}"
