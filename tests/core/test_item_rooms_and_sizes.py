from fractions import Fraction

import pytest

from junheng.core.verdict import Outcome
from tests.core.builders import classes, codes, exception_of, facts_of, figures, judged, room, school, stage

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
ROOMS = {"classes_per_room": 12, "music_area": 96, "fine_art_area": 90, "teaching_point_minimum": 50}
OLD_ROOMS = exception_of("smaller_rooms_for_old_schools", {"built_until": 2016, "music_area": 73, "fine_art_area": 67})
RURAL_ROOMS = exception_of(
    "smaller_rooms_for_small_rural_schools", {"largest_class_below": 30, "primary_area": 54, "junior_area": 61}
)
SIZE = {"single_stage_limit": 2000, "integrated_limit": 2500}
LARGER = exception_of(
    "larger_size_for_old_or_migrant_schools",
    {"built_until": 2010, "migrant_share": "0.5", "single_stage_limit": 2400, "nine_year_limit": 3000},
)


def one_school(class_count, *rooms, fields=None, students=500, class_rows=()):
    return facts_of(
        schools=[school("1", **(fields or {}))],
        stages=[stage("1", class_count=class_count, student_count=students)],
        rooms=rooms,
        classes=class_rows,
    )


GOOD = (room("1", "音一", "music", 9600), room("1", "美一", "fine_art", 9000))


@pytest.mark.parametrize(
    ("music", "fine_art", "outcome"),
    [(9599, 9000, NOT_MET), (9600, 8999, NOT_MET), (9600, 9000, MET), (9601, 9001, MET)],
)
def test_rooms_when_area_is_below_at_or_above_then_judged_exactly(music, fine_art, outcome):
    # areas in 0.01 ㎡: 9599 is 95.99 ㎡
    facts = one_school(12, room("1", "音一", "music", music), room("1", "美一", "fine_art", fine_art))
    assert judged(facts, "music_and_art_rooms", **ROOMS).outcome is outcome


@pytest.mark.parametrize(("count", "outcome"), [(1, MET), (12, MET), (13, NOT_MET), (0, MET)])
def test_rooms_when_classes_pass_twelve_then_a_second_room_of_each_is_needed(count, outcome):
    # ceil(13 / 12) = 2
    result = judged(one_school(count, *GOOD), "music_and_art_rooms", **ROOMS)
    assert result.outcome is outcome
    if outcome is NOT_MET:
        assert result.failures[0].shortfall == 2
        assert figures(result) == {
            "schools_short_count": 1,
            "missing_music_room_count": 1,
            "missing_fine_art_room_count": 1,
        }


def test_rooms_when_one_kind_abounds_then_it_does_not_stand_in_for_the_other():
    many = [room("1", f"音{number}", "music", 9600) for number in range(3)]
    result = judged(one_school(12, *many, room("1", "美一", "fine_art", 8000)), "music_and_art_rooms", **ROOMS)
    assert result.outcome is NOT_MET
    assert result.failures[0].text == "美术专用教室应有 1 间,面积达标 0 间,缺 1 间(面积不足:美一 80㎡)"
    assert (result.failures[0].school_name, result.failures[0].unit) == ("学校1", "间")


def test_rooms_when_no_room_is_listed_then_missing_and_a_row_of_zero_says_there_is_none():
    result = judged(one_school(12), "music_and_art_rooms", **ROOMS)
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["missing-facts"])
    assert "1 所学校缺少音乐、美术教室登记" in result.reasons[0].text
    none = judged(one_school(12, room("1", "无", "music", 0)), "music_and_art_rooms", **ROOMS)
    assert (none.outcome, none.failures[0].shortfall) == (NOT_MET, 2)
    assert judged(one_school(0), "music_and_art_rooms", **ROOMS).outcome is MET


@pytest.mark.parametrize(
    ("extra", "outcome"),
    [
        (room("1", "美二", "fine_art", None), CANNOT_TELL),  # perhaps large enough
        (room("1", "未定", None, 9000), CANNOT_TELL),  # perhaps an art room
        (room("1", "未定", None, None), CANNOT_TELL),
        (room("1", "未定", None, 8999), NOT_MET),  # too small whatever it is
    ],
)
def test_rooms_when_area_or_purpose_is_missing_then_uncertain(extra, outcome):
    result = judged(one_school(12, room("1", "音一", "music", 9600), extra), "music_and_art_rooms", **ROOMS)
    assert result.outcome is outcome
    if outcome is CANNOT_TELL:
        assert figures(result)["schools_short_count"] is None
        assert "教室用途或面积" in result.reasons[0].text


def test_rooms_when_class_count_is_missing_then_class_rows_are_counted():
    facts = one_school(None, *GOOD, class_rows=classes("1", *[30] * 13))
    assert judged(facts, "music_and_art_rooms", **ROOMS).failures[0].shortfall == 2
    unknown = judged(one_school(None, *GOOD), "music_and_art_rooms", **ROOMS)
    assert (unknown.outcome, "班级数" in unknown.reasons[0].text) == (CANNOT_TELL, True)


def test_rooms_when_a_stage_lacks_its_classes_then_the_school_is_missing():
    facts = facts_of(
        schools=[school("1", "nine_year_school"), school("2")],
        stages=[stage("1", class_count=6), stage("1", "junior"), stage("9", class_count=1)],
        rooms=GOOD,
    )
    result = judged(facts, "music_and_art_rooms", **ROOMS)
    assert result.reasons[0].text.startswith("2 所学校缺少班级数:学校1、学校2。")


@pytest.mark.parametrize(
    ("kind", "students", "outcome"),
    [
        ("teaching_point", 49, MET),
        ("teaching_point", 50, NOT_MET),
        ("teaching_point", None, NOT_MET),
        ("primary_school", 49, NOT_MET),
    ],
)
def test_rooms_when_a_teaching_point_is_below_fifty_then_it_is_left_out(kind, students, outcome):
    facts = one_school(3, room("1", "无", "music", 0), fields={"school_type": kind}, students=students)
    assert judged(facts, "music_and_art_rooms", **ROOMS).outcome is outcome


def nine_year(primary_classes, junior_classes, *rooms, junior_pupils=400):
    return facts_of(
        schools=[school("1", "nine_year_school")],
        stages=[
            stage("1", class_count=primary_classes, student_count=500),
            stage("1", "junior", class_count=junior_classes, student_count=junior_pupils),
        ],
        rooms=rooms,
    )


@pytest.mark.parametrize(("known", "outcome"), [(12, CANNOT_TELL), (13, NOT_MET)])
def test_rooms_when_a_stage_lacks_its_classes_then_those_of_the_other_may_already_need_too_many(known, outcome):
    result = judged(nine_year(known, None, *GOOD), "music_and_art_rooms", **ROOMS)
    assert result.outcome is outcome
    if outcome is NOT_MET:
        assert "至少应有 2 间" in result.failures[0].text
    else:
        assert "班级数" in result.reasons[0].text


def test_rooms_when_nobody_attends_a_stage_then_it_needs_no_classes():
    assert judged(nine_year(12, None, *GOOD, junior_pupils=0), "music_and_art_rooms", **ROOMS).outcome is MET
    assert judged(nine_year(12, 1, *GOOD, junior_pupils=0), "music_and_art_rooms", **ROOMS).outcome is NOT_MET


def test_rooms_when_the_small_rural_exception_is_on_then_a_stage_that_nobody_attends_asks_for_nothing():
    rooms = [room("1", "音一", "music", 5400), room("1", "美一", "fine_art", 5400)]
    facts = facts_of(
        schools=[school("1", "nine_year_school", area_type="rural")],
        stages=[stage("1", class_count=1, student_count=29), stage("1", "junior", class_count=0, student_count=0)],
        rooms=rooms,
        classes=classes("1", 29),
    )
    assert judged(facts, "music_and_art_rooms", [RURAL_ROOMS], **ROOMS).outcome is MET


def test_rooms_when_the_school_is_special_or_vocational_then_it_is_not_on_the_roll():
    kinds = ("special_school", "vocational_attached_class")
    facts = facts_of(schools=[school(str(index), kind) for index, kind in enumerate(kinds)])
    result = judged(facts, "music_and_art_rooms", **ROOMS)
    assert (result.outcome, codes(result.reasons)) == (CANNOT_TELL, ["no-school"])
    assert figures(result)["missing_music_room_count"] is None


OLD_PAIR = (room("1", "音一", "music", 7300), room("1", "美一", "fine_art", 6700))


@pytest.mark.parametrize(
    ("built", "enabled", "outcome"),
    [(2016, [OLD_ROOMS], MET), (2017, [OLD_ROOMS], NOT_MET), (None, [OLD_ROOMS], CANNOT_TELL), (2016, [], NOT_MET)],
)
def test_rooms_when_the_old_school_exception_is_on_then_only_old_schools_are_excused(built, enabled, outcome):
    result = judged(one_school(12, *OLD_PAIR, fields={"built_year": built}), "music_and_art_rooms", enabled, **ROOMS)
    assert result.outcome is outcome
    assert result.exceptions == ((OLD_ROOMS.id,) if outcome is MET else ())
    if outcome is MET:
        assert result.reasons[0].code == "exception-used"
        assert "学校1按例外“过渡例外”认定达标:音乐教室不小于 73㎡,美术教室不小于 67㎡" in result.reasons[0].text
    if outcome is CANNOT_TELL:
        assert "缺少规划建成年份" in result.reasons[0].text


def test_rooms_when_even_the_exception_is_missed_then_the_easier_limit_is_named():
    facts = one_school(12, room("1", "音一", "music", 7200), *OLD_PAIR[1:], fields={"built_year": 2000})
    result = judged(facts, "music_and_art_rooms", [OLD_ROOMS], **ROOMS)
    # by the strict rule two rooms are missing, by the exception only the music room of 72 < 73 ㎡
    assert (result.outcome, result.failures[0].shortfall, result.exceptions) == (NOT_MET, 1, ())
    assert "(已按例外“过渡例外”从宽:音乐教室不小于 73㎡" in result.failures[0].text


def test_rooms_when_an_area_is_missing_under_an_exception_that_holds_then_cannot_tell():
    facts = one_school(12, room("1", "音一", "music", None), *OLD_PAIR[1:], fields={"built_year": 2000})
    result = judged(facts, "music_and_art_rooms", [OLD_ROOMS], **ROOMS)
    assert (result.outcome, "教室用途或面积" in result.reasons[0].text) == (CANNOT_TELL, True)


def test_rooms_when_two_schools_are_excused_then_the_exception_is_listed_once():
    facts = facts_of(
        schools=[school("1", built_year=2000), school("2", built_year=2001)],
        stages=[stage("1", class_count=1), stage("2", class_count=1)],
        rooms=[*OLD_PAIR, *({**entry, "school_id": "2"} for entry in OLD_PAIR)],
    )
    result = judged(facts, "music_and_art_rooms", [OLD_ROOMS], **ROOMS)
    assert (result.outcome, result.exceptions) == (MET, (OLD_ROOMS.id,))
    assert codes(result.reasons) == ["exception-used", "exception-used"]


@pytest.mark.parametrize(
    ("area_type", "sizes", "area", "outcome"),
    [
        ("rural", (29, 20), 5400, MET),
        ("rural", (29, 20), 5399, NOT_MET),
        ("rural", (30, 20), 5400, NOT_MET),
        ("town", (29, 20), 5400, NOT_MET),
        ("rural", (29, None), 5400, CANNOT_TELL),
        ("rural", (), 5400, CANNOT_TELL),
    ],
)
def test_rooms_when_the_small_rural_exception_is_on_then_the_largest_class_decides(area_type, sizes, area, outcome):
    facts = one_school(
        2,
        room("1", "音一", "music", area),
        room("1", "美一", "fine_art", area),
        fields={"area_type": area_type},
        class_rows=classes("1", *sizes),
    )
    assert judged(facts, "music_and_art_rooms", [RURAL_ROOMS], **ROOMS).outcome is outcome


def test_rooms_when_the_exception_is_about_size_then_it_does_not_touch_rooms():
    facts = one_school(12, *OLD_PAIR, fields={"built_year": 2000})
    assert judged(facts, "music_and_art_rooms", [LARGER], **ROOMS).outcome is NOT_MET
    big = facts_of(schools=[school("1", built_year=2000)], stages=[stage("1", student_count=2001)])
    assert judged(big, "school_size", [OLD_ROOMS], **SIZE).outcome is NOT_MET


@pytest.mark.parametrize(
    ("kind", "stages", "outcome", "over"),
    [
        ("primary_school", {"primary": 2000}, MET, (0, 0, 0)),
        ("primary_school", {"primary": 2001}, NOT_MET, (1, 0, 0)),
        ("teaching_point", {"primary": 2001}, NOT_MET, (1, 0, 0)),
        ("junior_school", {"junior": 2001}, NOT_MET, (0, 1, 0)),
        ("full_secondary_school", {"junior": 2001}, NOT_MET, (0, 1, 0)),
        ("full_secondary_school", {"junior": 2000}, MET, (0, 0, 0)),
        ("nine_year_school", {"primary": 1500, "junior": 1000}, MET, (0, 0, 0)),
        ("nine_year_school", {"primary": 1500, "junior": 1001}, NOT_MET, (0, 0, 1)),
        ("twelve_year_school", {"primary": 1500, "junior": 1001}, NOT_MET, (0, 0, 1)),
        (
            "nine_year_school",
            {"primary": 2001},
            NOT_MET,
            (1, 0, 0),
        ),  # a campus with one stage is a school of that stage
    ],
)
def test_school_size_when_at_or_above_the_limit_of_its_kind_then_the_outcome_follows(kind, stages, outcome, over):
    rows = [stage("1", name, student_count=count) for name, count in stages.items()]
    facts = facts_of(schools=[school("1", kind, senior_student_count=5000)], stages=rows)
    result = judged(facts, "school_size", **SIZE)
    assert (result.outcome, tuple(figures(result).values())) == (outcome, over)
    if outcome is NOT_MET:
        assert (result.failures[0].shortfall, result.failures[0].unit) == (1, "人")
        assert "超过 2" in result.failures[0].text


def test_school_size_when_printed_then_labels_follow_the_form():
    result = judged(facts_of(schools=[school("1")], stages=[stage("1", student_count=1)]), "school_size", **SIZE)
    assert [figure.label for figure in result.figures] == [
        "超过 2000 人的小学",
        "超过 2000 人的初中",
        "超过 2500 人的一贯制学校",
    ]
    assert list(figures(result)) == ["oversized_primary_count", "oversized_junior_count", "oversized_integrated_count"]


@pytest.mark.parametrize(
    ("junior", "primary", "outcome"),
    [(None, 2500, CANNOT_TELL), (None, 2501, NOT_MET)],  # what is known may already be too much
)
def test_school_size_when_a_stage_is_missing_then_the_known_part_decides_alone(junior, primary, outcome):
    rows = [stage("1", student_count=primary), stage("1", "junior", student_count=junior)]
    result = judged(facts_of(schools=[school("1", "nine_year_school")], stages=rows), "school_size", **SIZE)
    assert result.outcome is outcome
    assert figures(result)["oversized_integrated_count"] is None


@pytest.mark.parametrize("kind", ["primary_school", "junior_school", "nine_year_school"])
def test_school_size_when_a_school_has_no_stage_then_missing(kind):
    result = judged(facts_of(schools=[school("1", kind)]), "school_size", **SIZE)
    assert (result.outcome, result.reasons[0].text) == (CANNOT_TELL, "1 所学校缺少在校学生数:学校1。请补报后重新判定。")


def test_school_size_when_one_fails_and_another_is_missing_then_not_met_and_both_are_told():
    facts = facts_of(schools=[school("1"), school("2")], stages=[stage("1", student_count=2300)])
    result = judged(facts, "school_size", **SIZE)
    assert (result.outcome, result.failures[0].shortfall, codes(result.reasons)) == (NOT_MET, 300, ["missing-facts"])


@pytest.mark.parametrize(
    ("fields", "students", "outcome"),
    [
        ({"built_year": 2010}, 2400, MET),
        ({"built_year": 2010}, 2401, NOT_MET),
        ({"built_year": 2011, "migrant_student_count": 1100}, 2200, NOT_MET),
        ({"built_year": 2011, "migrant_student_count": 1101}, 2200, MET),
        ({"built_year": None, "migrant_student_count": 0}, 2200, CANNOT_TELL),
        ({"built_year": None, "migrant_student_count": 0}, 2401, NOT_MET),  # not even the exception would do
    ],
)
def test_school_size_when_the_exception_is_on_then_old_or_migrant_schools_may_be_larger(fields, students, outcome):
    facts = facts_of(schools=[school("1", **fields)], stages=[stage("1", student_count=students)])
    result = judged(facts, "school_size", [LARGER], **SIZE)
    assert result.outcome is outcome
    assert figures(result)["oversized_primary_count"] == 1  # the form asks for all above 2000, excused or not
    assert result.exceptions == ((LARGER.id,) if outcome is MET else ())


def test_school_size_when_it_is_not_known_whether_the_exception_applies_then_the_facts_that_decide_are_named():
    facts = facts_of(
        schools=[school("1", built_year=None, migrant_student_count=0)], stages=[stage("1", student_count=2200)]
    )
    (reason,) = judged(facts, "school_size", [LARGER], **SIZE).reasons
    assert (reason.code, reason.text) == (
        "missing-facts",
        "1 所学校缺少规划建成年份、随迁子女在校生数:学校1。请补报后重新判定。",
    )


CLASS = {"primary_limit": 45, "junior_limit": 50}


@pytest.mark.parametrize(
    ("name", "size", "outcome"),
    [("primary", 45, MET), ("primary", 46, NOT_MET), ("junior", 50, MET), ("junior", 51, NOT_MET), ("junior", 0, MET)],
)
def test_class_size_when_at_or_above_the_limit_then_the_outcome_follows(name, size, outcome):
    facts = facts_of(
        schools=[school("1")], stages=[stage("1", name)], classes=classes("1", 20, size, stage_name=name, grade=7)
    )
    result = judged(facts, "class_size", **CLASS)
    assert result.outcome is outcome
    if outcome is NOT_MET:
        (failure,) = result.failures
        assert (failure.shortfall, failure.unit, failure.stage.value) == (1, "人", name)
        assert f"7年级(2)班 {size} 人,超过 {size - 1} 人的上限 1 人" in failure.text


def test_class_size_when_several_are_too_large_then_each_is_named_and_counted():
    facts = facts_of(
        schools=[school("1", "nine_year_school"), school("2", "special_school")],
        stages=[stage("1"), stage("1", "junior"), stage("2")],
        classes=[*classes("1", 46, 60, 45), *classes("1", 51, stage_name="junior"), *classes("2", 70)],
    )
    result = judged(facts, "class_size", **CLASS)
    assert figures(result) == {"oversized_primary_class_count": 2, "oversized_junior_class_count": 1}
    assert sorted(failure.shortfall for failure in result.failures) == [1, 1, 15]
    assert [figure.label for figure in result.figures] == ["超过 45 人的小学班级", "超过 50 人的初中班级"]


@pytest.mark.parametrize(
    ("rows", "named"),
    [(classes("1", 30, None), "小学班级学生数"), ([], "小学班级学生数"), (classes("1", None), "小学班级学生数")],
)
def test_class_size_when_rows_or_numbers_are_missing_then_cannot_tell(rows, named):
    result = judged(facts_of(schools=[school("1")], stages=[stage("1")], classes=rows), "class_size", **CLASS)
    assert (result.outcome, figures(result)["oversized_primary_class_count"]) == (CANNOT_TELL, None)
    assert [reason.text for reason in result.reasons] == [f"1 所学校缺少{named}:学校1。请补报后重新判定。"]


def test_class_size_when_nobody_attends_a_stage_then_it_needs_no_class_rows():
    stages = [stage("1"), stage("1", "junior", student_count=0)]
    facts = facts_of(schools=[school("1", "nine_year_school")], stages=stages, classes=classes("1", 45))
    assert judged(facts, "class_size", **CLASS).outcome is MET


def test_school_size_when_only_the_junior_stage_is_attended_then_it_is_counted_there():
    stages = [stage("1", student_count=0), stage("1", "junior", student_count=2300)]
    result = judged(facts_of(schools=[school("1", "nine_year_school")], stages=stages), "school_size", **SIZE)
    assert (result.outcome, figures(result)["oversized_junior_count"]) == (NOT_MET, 1)


def test_school_size_when_nobody_attends_at_all_then_met():
    facts = facts_of(schools=[school("1")], stages=[stage("1", student_count=0)])
    assert judged(facts, "school_size", **SIZE).outcome is MET


def test_class_size_when_a_school_has_no_stage_then_missing():
    facts = facts_of(schools=[school("1"), school("2")], stages=[stage("1")], classes=classes("1", 46))
    result = judged(facts, "class_size", **CLASS)
    assert (result.outcome, result.failures[0].shortfall) == (NOT_MET, Fraction(1))
    assert result.reasons[0].text.startswith("1 所学校缺少班级学生数:学校2")


@pytest.mark.parametrize(("pupils", "outcome"), [(0, MET), (1, NOT_MET), (None, CANNOT_TELL)])
def test_size_when_classes_may_not_be_attached_to_vocational_schools_then_any_pupil_there_fails(pupils, outcome):
    facts = facts_of(
        schools=[school("1"), school("2", "vocational_attached_class")],
        stages=[stage("1", student_count=2000), stage("2", "junior", student_count=pupils)],
    )
    limits = {"single_stage_limit": 2000, "integrated_limit": 2500}
    assert judged(facts, "school_size", **limits, attached_limit=0).outcome is outcome
    assert judged(facts, "school_size", **limits).outcome is MET  # where the standard says nothing about them
