"""What stands between a county and the standard, failures first."""

from junheng.core.blockers import find_blockers
from junheng.core.standard import Part
from junheng.core.verdict import Outcome
from junheng.readers.standards import load_standard
from tests.core.builders import GIVEN
from tests.core.resource_counties import BASIC, QUALITY, county, primary, verdict_of

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
    judgements = [{"item_id": first.id, "result": "found", **GIVEN}]
    entries = blockers(county(primary(ONE), primary(TWO), judgements=judgements))

    assert (entries[0].path, entries[0].text) == (f"veto:{first.id}", f"一票否决:{first.name}（存在）")
    assert found(entries, f"veto:{standard.vetoes[1].id}")[0].text.endswith("（尚未审核）")


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
    assert found(unknown, "composite:primary")[0].text == "小学综合差异系数 —,上限0.65"
    assert not found(unknown, "part:resources")
