"""Two verdicts side by side: who flips, and why."""

from dataclasses import replace
from fractions import Fraction

from junheng.core.compare import compare
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome, Reason, ScoringResult
from junheng.readers.standards import load_standard
from tests.core.builders import GIVEN, classes
from tests.core.resource_counties import BASIC, HUNAN, QUALITY, county, junior, narrowed, primary, spread, verdict_of

ONE, TWO = "9900000001", "9900000002"
ROOMS = "multimedia_classrooms_per_100_students"
BOOKS = "books_per_student"
BACKBONE = "backbone_teachers_per_100_students"


def names_of(*standards):
    return {entry.id: entry.short_name for name in standards for entry in load_standard(name).indicators}


def flips(before, after, *standards):
    result = compare(before, after, names_of(*(standards or (QUALITY,))))
    return {(entry.kind, entry.key): entry for entry in result.flips}


def test_compare_when_nothing_changed_then_nothing_flips_and_all_is_counted():
    verdict = verdict_of(county(primary(ONE), primary(TWO)))

    result = compare(verdict, verdict, names_of(QUALITY))

    entries = 1 + len(verdict.parts) + len(verdict.schools) + len(verdict.dispersion)
    assert result.flips == ()
    assert result.same_count == entries + len(verdict.items) + len(verdict.vetoes)
    assert (result.before, result.after) == ("cn-2017-quality-balance 2025", "cn-2017-quality-balance 2025")


def test_compare_when_a_school_improves_then_it_flips_with_its_values():
    before = verdict_of(county(primary(ONE, multimedia_classroom_count=18), primary(TWO)))
    after = verdict_of(county(primary(ONE), primary(TWO)))

    found = flips(before, after)

    school = found["school", f"{ONE}:primary"]
    assert (school.before, school.after) == (Outcome.NOT_MET, Outcome.MET)
    assert (school.name, school.why) == (
        f"学校{ONE}（小学）",
        ("多媒体教室:1.80（标准2.30,低于底线）→2.30（标准2.30）",),
    )
    assert ("school", f"{TWO}:primary") not in found
    part = found["part", "resources"]
    assert (part.name, part.before, part.after) == ("资源配置", Outcome.NOT_MET, Outcome.CANNOT_TELL)
    assert part.why[0].startswith("前:达标")


def test_compare_when_the_county_changes_then_it_flips_with_its_standards():
    before = verdict_of(county(primary(ONE), primary(TWO)))
    after = replace(before, outcome=Outcome.MET)

    flip = flips(before, after)["county", before.county_code]

    assert (flip.before, flip.after) == (before.outcome, Outcome.MET)
    assert (flip.name, flip.why) == (before.county_name, (f"依据 {QUALITY} 与 {QUALITY} 分别判定。",))


def test_compare_when_a_coefficient_passes_its_limit_then_it_flips():
    before = verdict_of(
        county(primary(ONE, multimedia_classroom_count=49), primary(TWO, multimedia_classroom_count=151))
    )
    after = verdict_of(
        county(primary(ONE, multimedia_classroom_count=50), primary(TWO, multimedia_classroom_count=150))
    )

    flip = flips(before, after)["dispersion", f"{ROOMS}:primary"]

    assert (flip.before, flip.after, flip.name) == (Outcome.NOT_MET, Outcome.MET, "小学“多媒体教室”差异系数")
    assert flip.why == ("前:差异系数0.510,上限0.50", "后:差异系数0.500,上限0.50")


def test_compare_when_only_one_standard_judges_a_school_then_the_clause_is_told():
    private = primary(ONE, ownership="private", organiser_type="10")
    facts = county(private, primary(TWO))
    quality, basic = verdict_of(facts), verdict_of(facts, BASIC)

    there = flips(quality, basic, QUALITY, BASIC)["school", f"{ONE}:primary"]
    back = flips(basic, quality, QUALITY, BASIC)["school", f"{ONE}:primary"]
    gone = flips(quality, verdict_of(county(primary(TWO))))["school", f"{ONE}:primary"]

    clause = load_standard(BASIC).scope.clauses["ownership"]
    assert (there.before, there.after, there.why) == (
        Outcome.MET,
        None,
        (f"后者不评估该校:办学性质不在评估范围（{clause}）",),
    )
    assert (back.before, back.why) == (None, (f"前者不评估该校:办学性质不在评估范围（{clause}）",))
    assert gone.why == ("后者没有该校数据。",)


def test_compare_when_standards_have_other_indicators_then_each_side_is_named():
    facts = county(primary(ONE, multimedia_classroom_count=1), primary(TWO))

    school = flips(verdict_of(facts), verdict_of(facts, BASIC), QUALITY, BASIC)["school", f"{ONE}:primary"]

    assert "图书:只在后者评估" in school.why
    assert "多媒体教室:只在前者评估" in school.why
    assert "体育场馆:7.50（标准7.50）→7.50（标准—）" in school.why


def test_compare_when_items_differ_then_limits_and_reasons_are_told():
    facts = county(primary(ONE))
    before, after = verdict_of(facts), verdict_of(facts, HUNAN)

    found = flips(before, after, QUALITY, HUNAN)

    only_before = found["item", "left_behind_and_migrant_children"]
    only_after = found["item", "education_first"]
    assert only_before.why[-1] == "后:不评估"
    assert only_after.why[0] == "前:不评估"


def test_compare_when_an_item_has_one_number_then_it_is_told_with_its_limit_and_clause():
    verdict = verdict_of(county(primary(ONE)))
    item = next(entry for entry in verdict.items if entry.item_id == "class_size")
    failing = replace(
        item,
        outcome=Outcome.NOT_MET,
        value=Fraction(46),
        limit=Fraction(45),
        unit="人",
        reasons=(Reason("x", "超过。"),),
    )
    passing = replace(item, outcome=Outcome.MET, value=None, limit=Fraction(45), unit="人", reasons=())
    others = tuple(entry for entry in verdict.items if entry.item_id != "class_size")

    before, after = replace(verdict, items=(*others, failing)), replace(verdict, items=(*others, passing))
    flip = flips(before, after)["item", "class_size"]

    assert flip.why == (f"前:46人,标准45人（{item.clause}）", "前:超过。", f"后:—,标准45人（{item.clause}）")


def test_compare_when_a_veto_is_found_then_it_flips_and_a_new_one_has_no_before():
    first = load_standard(QUALITY).vetoes[0]
    judgements = [{"item_id": first.id, "result": "found", **GIVEN}]
    before, after = verdict_of(county(primary(ONE))), verdict_of(county(primary(ONE), judgements=judgements))

    flip = flips(before, after)["veto", first.id]
    fewer = replace(before, vetoes=before.vetoes[1:])
    told = before.vetoes[0].reasons[0].text
    came, went = (flips(*pair)["veto", first.id] for pair in ((fewer, before), (before, fewer)))

    assert (flip.before, flip.after, flip.name) == (Outcome.CANNOT_TELL, Outcome.NOT_MET, first.name)
    assert flip.why == (f"前:{told}", f"后:{first.id} 审核发现该情形存在。")
    assert (came.before, came.why) == (None, ("前:不评估", f"后:{told}"))
    assert (went.after, went.why) == (None, (f"前:{told}", "后:不评估"))


def test_compare_when_only_the_floor_is_crossed_then_the_school_says_so():
    before = verdict_of(county(primary(ONE, multimedia_classroom_count=19), primary(TWO)))
    after = verdict_of(county(primary(ONE, multimedia_classroom_count=20), primary(TWO)))

    school = flips(before, after)["school", f"{ONE}:primary"]

    assert (school.before, school.after) == (Outcome.NOT_MET, Outcome.MET)
    assert school.why == ("多媒体教室:1.90（标准2.30,低于底线）→2.00（标准2.30,达到底线）",)


def test_compare_when_no_indicator_of_a_school_differs_then_the_counts_that_the_rule_asks_for_are_told():
    before = verdict_of(county(primary(ONE, multimedia_classroom_count=20), primary(TWO)))
    strict = replace(before.schools[0], outcome=Outcome.NOT_MET)

    school = flips(before, replace(before, schools=(strict, *before.schools[1:])))["school", f"{ONE}:primary"]

    assert school.why == ("前:6/7项达标,7/7项达到底线", "后:6/7项达标,7/7项达到底线")


def test_compare_when_a_value_is_just_below_its_threshold_then_it_is_not_printed_as_if_it_met_it():
    before = verdict_of(county(primary(ONE, multimedia_classroom_count=1), primary(TWO)))
    after = verdict_of(county(primary(ONE, outdoor_sports_area=699_900), primary(TWO)))

    school = flips(before, after)["school", f"{ONE}:primary"]

    assert school.why == (
        "体育场馆:7.50（标准7.50）→7.499（标准7.50）",
        "多媒体教室:0.10（标准2.30,低于底线）→2.30（标准2.30）",
    )


def test_compare_when_a_value_is_too_near_to_its_limit_then_eight_decimals_are_enough():
    before = verdict_of(
        county(primary(ONE, multimedia_classroom_count=100), primary(TWO, multimedia_classroom_count=200))
    )
    near, *others = before.dispersion
    over = replace(near, coefficient=0.5 + 1e-12, outcome=Outcome.NOT_MET)
    bit = replace(near, coefficient=0.5004, outcome=Outcome.NOT_MET)

    whys = [
        flips(before, replace(before, dispersion=(entry, *others)))["dispersion", f"{near.indicator_id}:primary"].why[1]
        for entry in (over, bit)
    ]

    assert whys == ["后:差异系数0.50000000,上限0.50", "后:差异系数0.5004,上限0.50"]


def test_compare_when_a_coefficient_is_unknown_then_the_reason_is_told():
    before = verdict_of(county(primary(ONE), primary(TWO)))
    after = verdict_of(county(primary(ONE, multimedia_classroom_count=None), primary(TWO)))

    flip = flips(before, after)["dispersion", f"{ROOMS}:primary"]

    assert (flip.before, flip.after) == (Outcome.MET, Outcome.CANNOT_TELL)
    assert flip.why[1:] == ("后:差异系数—,上限0.50", "后:2所学校中有1所没有可用的数据,不能计算差异系数。")


def test_compare_when_a_composite_passes_its_limit_then_it_flips_with_its_values():
    books = narrowed(BASIC, BOOKS)
    even, uneven, unknown = (
        verdict_of(county(primary(ONE, book_count=first), primary(TWO, book_count=second)), books)
        for first, second in ((1000, 2000), (100, 2000), (None, 2000))
    )

    found = flips(even, uneven, BASIC)
    flip, lost = found["composite", "primary"], flips(even, unknown, BASIC)["composite", "primary"]
    unjudged = flips(verdict_of(county(primary(ONE), primary(TWO))), even, QUALITY, BASIC)["composite", "primary"]

    assert ("dispersion", f"{BOOKS}:primary") not in found  # printed, but not judged
    assert (flip.name, flip.before, flip.after) == ("小学综合差异系数", Outcome.MET, Outcome.NOT_MET)
    assert flip.why == ("前:综合差异系数0.333,上限0.65", "后:综合差异系数0.905,上限0.65")
    assert (lost.after, lost.why[1:]) == (
        Outcome.CANNOT_TELL,
        ("后:综合差异系数—,上限0.65", "后:1项差异系数无法计算,综合值无法给出。"),
    )
    assert (unjudged.before, unjudged.after) == (None, Outcome.MET)
    assert unjudged.why == ("前:综合差异系数0.000,上限—", "后:综合差异系数0.333,上限0.65")


def test_compare_when_a_stage_has_no_composite_then_only_the_other_side_is_told():
    verdict = verdict_of(county(primary(ONE), primary(TWO)), narrowed(BASIC, BOOKS))

    flip = flips(replace(verdict, composites=()), verdict, BASIC)["composite", "primary"]

    assert (flip.before, flip.after, flip.why) == (None, Outcome.MET, ("后:综合差异系数0.000,上限0.65",))


def test_compare_when_neither_judges_something_then_it_does_not_count_as_the_same():
    verdict = verdict_of(county(primary(ONE), primary(TWO)), narrowed(BASIC, BOOKS))

    result = compare(verdict, verdict, names_of(BASIC))

    assert result.flips == ()
    assert result.same_count == 1 + len(verdict.parts) + len(verdict.schools) + len(verdict.composites)


def test_compare_when_a_county_mean_falls_below_its_threshold_then_it_flips_with_its_values():
    before = verdict_of(county(primary(ONE), primary(TWO)), HUNAN)
    after = verdict_of(county(primary(ONE, backbone_teacher_count=9), primary(TWO)), HUNAN)

    found = flips(before, after, HUNAN)
    flip = found["mean", f"{BACKBONE}:primary"]

    assert (flip.before, flip.after) == (Outcome.MET, Outcome.NOT_MET)
    assert flip.name == "小学“骨干教师”全县平均值"
    assert flip.why == ("前:全县平均值1.00,标准1.00", "后:全县平均值0.95,标准1.00")
    assert ("mean", f"{ROOMS}:primary") not in found
    assert flips(after, before, HUNAN)["mean", f"{BACKBONE}:primary"].why[0] == "前:全县平均值0.95,标准1.00"


def test_compare_when_a_county_mean_is_unknown_or_not_asked_for_then_that_is_told():
    full = county(primary(ONE), primary(TWO), junior("9900000003"))
    whole, asked_not = verdict_of(full, HUNAN), verdict_of(full)
    gone = verdict_of(county(primary(ONE, multimedia_classroom_count=None), primary(TWO)), HUNAN)

    lost, unjudged = flips(whole, gone, HUNAN), flips(asked_not, whole, HUNAN)
    fewer = replace(whole, dispersion=tuple(entry for entry in whole.dispersion if entry.stage is not Stage.JUNIOR))

    assert spread(gone, ROOMS).mean is None
    assert lost["mean", f"{ROOMS}:primary"].why == (
        "前:全县平均值2.30,标准2.30",
        "后:全县平均值无法计算,2所学校中有1所没有可用的数据",
    )
    assert lost["mean", f"{ROOMS}:junior"].why == ("前:全县平均值2.40,标准2.40", "后:该学段没有纳入评估的学校")
    assert unjudged["mean", f"{ROOMS}:primary"].before is None
    assert unjudged["mean", f"{ROOMS}:primary"].why == ("前:不评估", "后:全县平均值2.30,标准2.30")
    assert flips(fewer, whole, HUNAN)["mean", f"{ROOMS}:junior"].why[0] == "前:不评估"


def test_compare_when_a_few_classes_are_too_large_then_each_is_named_with_its_excess():
    before, after = (
        verdict_of(county(primary(ONE, pupils=90), classes=classes(ONE, *sizes))) for sizes in ((45, 45), (46, 60, 47))
    )

    worse, better = flips(before, after)["item", "class_size"], flips(after, before)["item", "class_size"]

    said = (
        f"学校{ONE}:小学1年级(1)班 46 人,超过 45 人的上限 1 人",
        f"学校{ONE}:小学1年级(2)班 60 人,超过 45 人的上限 15 人",
        f"学校{ONE}:小学1年级(3)班 47 人,超过 45 人的上限 2 人",
    )
    assert (worse.before, worse.after, worse.why) == (
        Outcome.MET,
        Outcome.NOT_MET,
        tuple(f"后:{text}" for text in said),
    )
    assert (better.after, better.why) == (Outcome.MET, tuple(f"前:{text}" for text in said))


def test_compare_when_many_classes_are_too_large_then_they_are_counted_and_the_first_are_named():
    schools = (primary(ONE, pupils=90), primary(TWO, pupils=90))
    before = verdict_of(county(*schools, classes=[*classes(ONE, 45, 45), *classes(TWO, 45, 45)]))
    after = verdict_of(county(*schools, classes=[*classes(ONE, 46, 46), *classes(TWO, 46, 46)]))

    flip = flips(before, after)["item", "class_size"]

    assert len(flip.why) == 4
    assert flip.why[0] == "后:2所学校4处不达标,只列前3处"
    assert flip.why[3] == f"后:学校{TWO}:小学1年级(1)班 46 人,超过 45 人的上限 1 人"


def scored(outcome, total, band="", *reasons):
    return ScoringResult(outcome, total, Fraction(100), band, tuple(Reason("x", text) for text in reasons))


def test_compare_when_the_scores_fall_short_then_totals_bands_and_reasons_are_told():
    verdict = verdict_of(county(primary(ONE)), HUNAN)
    before = replace(verdict, scoring=scored(Outcome.MET, Fraction(171, 2), "合格"))
    after = replace(verdict, scoring=scored(Outcome.NOT_MET, Fraction(78), "", "总分 78.00 分,低于 80 分。"))
    waiting = replace(verdict, scoring=scored(Outcome.CANNOT_TELL, None, "", "尚有评分未完成的指标:8。"))

    found = flips(before, after, HUNAN)
    flip = found["scoring", "total"]

    assert (flip.name, flip.before, flip.after) == ("量化计分（总分和单项得分）", Outcome.MET, Outcome.NOT_MET)
    assert flip.why == (
        "前:总分85.5分（满分100分）,等次合格",
        "后:总分78分（满分100分）",
        "后:总分 78.00 分,低于 80 分。",
    )
    assert ("scoring", "band") not in found
    assert flips(before, waiting, HUNAN)["scoring", "total"].why[1:] == (
        "后:总分—（满分100分）",
        "后:尚有评分未完成的指标:8。",
    )


def test_compare_when_only_one_standard_scores_then_the_other_says_that_it_does_not():
    verdict = verdict_of(county(primary(ONE)), HUNAN)
    before = replace(verdict, scoring=None)
    after = replace(verdict, scoring=scored(Outcome.MET, Fraction(95), "优秀"))

    there, back = (flips(*pair, HUNAN) for pair in ((before, after), (after, before)))

    assert there["scoring", "total"].before is None
    assert there["scoring", "total"].why == ("前:不评估", "后:总分95分（满分100分）,等次优秀")
    assert back["scoring", "total"].why == ("前:总分95分（满分100分）,等次优秀", "后:不评估")
    assert ("scoring", "band") not in there


def test_compare_when_only_the_band_differs_then_it_is_told_although_both_pass():
    verdict = verdict_of(county(primary(ONE)), HUNAN)
    good, best = (
        replace(verdict, scoring=scored(Outcome.MET, Fraction(total), band))
        for total, band in ((85, "合格"), (92, "优秀"))
    )

    result, same = compare(good, best, names_of(HUNAN)), compare(good, good, names_of(HUNAN))
    (flip,) = result.flips

    assert (flip.kind, flip.key, flip.name) == ("scoring", "band", "量化计分等次")
    assert (flip.before, flip.after) == (Outcome.MET, Outcome.MET)
    assert flip.why == ("前:总分85分（满分100分）,等次合格", "后:总分92分（满分100分）,等次优秀")
    assert (same.flips, result.same_count) == ((), same.same_count)


def test_compare_when_many_things_differ_then_they_come_in_the_order_that_is_promised():
    facts = county(primary(ONE, multimedia_classroom_count=None), primary(TWO))
    before = replace(verdict_of(facts, HUNAN), scoring=scored(Outcome.MET, Fraction(85), "合格"))
    after = replace(verdict_of(facts, BASIC), outcome=Outcome.MET, vetoes=())

    kinds = [entry.kind for entry in compare(before, after, names_of(HUNAN, BASIC)).flips]

    order = ["county", "part", "school", "dispersion", "composite", "mean", "item", "scoring", "veto"]
    assert list(dict.fromkeys(kinds)) == order
    assert kinds == sorted(kinds, key=order.index)
