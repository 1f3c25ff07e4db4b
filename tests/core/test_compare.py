"""Two verdicts side by side: who flips, and why."""

from dataclasses import replace
from fractions import Fraction

from junheng.core.compare import compare
from junheng.core.verdict import Outcome, Reason
from junheng.readers.standards import load_standard
from tests.core.builders import GIVEN
from tests.core.resource_counties import BASIC, HUNAN, QUALITY, county, primary, verdict_of

ONE, TWO = "9900000001", "9900000002"
ROOMS = "multimedia_classrooms_per_100_students"


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
    assert (school.name, school.why) == (f"学校{ONE}（小学）", ("多媒体教室:1.80（标准2.30）→2.30（标准2.30）",))
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

    assert (flip.before, flip.after, flip.name) == (Outcome.CANNOT_TELL, Outcome.NOT_MET, first.name)
    assert flips(fewer, before)["veto", first.id].before is None
    assert flips(before, fewer)["veto", first.id].after is None
