"""A county as numbers."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from junheng.core.findings import Level
from junheng.planning.plan.county import build_county, county_findings, kinds_of, trait_counts
from junheng.planning.plan.measures import Measure, kind_label
from junheng.planning.plan.planner import problem_findings
from junheng.readers.standards import load_standard
from tests.core.builders import facts_of, school, stage
from tests.planning.plan.counties import HUNAN, QUALITY, Sample, bare_standard, county_of, question

FLOOR, SPORTS, EQUIPMENT, ROOMS = 3, 4, 5, 6


def test_build_county_when_a_stage_lacks_things_then_units_are_exact():
    county = build_county(question([Sample("1", has={"rooms": 0.75, "sports": 0.5}), Sample("2")]))
    # 18 rooms, 20 reach the floor (19.55), 23 the threshold; 3 750 of 7 500 ㎡, in lumps of 100: 6 375 and 7 500
    assert (county.to_floor[0, ROOMS], county.to_met[0, ROOMS]) == (2, 5)
    assert (county.to_floor[0, SPORTS], county.to_met[0, SPORTS]) == (27, 38)
    # the second has 4 500 ㎡ and needs 3 825 for the floor, in lumps of 50: 13 to spare
    assert (county.to_floor[1, FLOOR], county.to_met[1, FLOOR]) == (-13, 0)
    assert county.base[0, SPORTS] == pytest.approx(0.5)
    assert county.step[0, SPORTS] == pytest.approx(1 / 75)
    assert county.lever[:3] == (1, 2, 4)
    assert county.lever[3:] == (
        Measure.BUILD_FLOOR_AREA,
        Measure.BUILD_SPORTS_AREA,
        Measure.BUY_EQUIPMENT,
        Measure.FIT_MULTIMEDIA_ROOM,
    )
    assert county.required == 6
    assert county.cv_limits == pytest.approx((0.4999, 0.4499))


def test_build_county_when_a_school_has_two_stages_then_it_shares_its_lumps_by_weight():
    samples = [
        Sample("1", pupils=1000, school={"school_type": "nine_year_school", "multimedia_classroom_count": 21}),
        Sample("1", pupils=1000, stage="junior"),
    ]
    county = build_county(question(samples))
    # 1 000 + 1.1 × 1 000 weighted pupils: the primary stage takes 10 of 21 rooms, a new room counts 1/2.1 of one
    assert county.schools == ("1",)
    assert list(county.school_of) == [0, 0]
    assert county.base[0, ROOMS] == pytest.approx(10 / 23)
    assert county.step[0, ROOMS] == pytest.approx(1 / 2.1 / 23)
    assert county.to_met[0, ROOMS] == 28  # 13 rooms short, 13 × 2.1 = 27.3
    assert county.base[1, ROOMS] == pytest.approx(11 / 24)


def test_build_county_when_pupils_are_forecast_then_they_count_and_small_points_drop_out():
    samples = [Sample("1"), Sample("2"), Sample("3", pupils=60, school={"school_type": "teaching_point"})]
    pupils = {2026: {("1", "primary"): 500, ("2", "primary"): 1000, ("3", "primary"): 49}}
    county = build_county(question(samples, pupils=pupils))
    assert county.rows == (("1", "primary"), ("2", "primary"))
    assert county.base[0, ROOMS] == pytest.approx(2.0)


def test_build_county_when_a_school_is_private_then_its_teachers_stay_unless_the_limits_say_so():
    samples = [Sample("1", school={"ownership": "private", "organiser_type": "10"}), Sample("2"), Sample("3")]
    forbidden = frozenset({("3", Measure.MOVE_TEACHER)})
    assert build_county(question(samples, forbidden=forbidden)).is_movable.tolist() == [False, True, False]
    assert build_county(question(samples, moves_include_private=True)).is_movable.tolist() == [True, True, True]


def test_build_county_when_nothing_is_judged_by_dispersion_or_rule_then_there_is_no_limit():
    county = build_county(question([Sample("1")], standard=bare_standard(dispersion=None, school_rule=None)))
    assert county.cv_limits == (np.inf, np.inf)
    assert not county.has_rule
    assert county.mean_lacks == {}
    judged = build_county(question([Sample("1", has={"rooms": 0.75})], standard=bare_standard(HUNAN)))
    assert judged.mean_lacks[0, ROOMS] == 5
    assert judged.is_mean_whole[0, ROOMS]


def test_kinds_of_when_totals_leave_room_then_nobody_counts_twice():
    # 20 teachers, 15 above standard, 4 backbone, 3 arts: backbone and arts first hold degrees, 8 others do
    assert kinds_of(20, 15, 4, 3) == (5, 8, 0, 4, 0, 3, 0, 0)


def test_kinds_of_when_totals_overlap_then_as_few_as_possible_count_twice():
    # 5 teachers, 4 backbone and 3 arts: two at least are both; 3 degrees: both of them and one backbone teacher
    assert kinds_of(5, 3, 4, 3) == (0, 0, 1, 1, 1, 0, 0, 2)


def test_trait_counts_when_art_is_a_total_then_its_parts_are_not_added():
    row = stage("1", "junior", doctor_teacher_count=1, master_teacher_count=2, bachelor_teacher_count=3)
    full = {**dict.fromkeys(("associate_teacher_count", "backbone_teacher_count")), **row}
    counts = {"pe_teacher_count": 4, "music_teacher_count": 1, "fine_art_teacher_count": 1, "art_teacher_count": 2}
    assert trait_counts({**full, **counts, "is_art_count_total": True}, "junior") == (6, None, 6)
    assert trait_counts({**full, **counts, "is_art_count_total": None}, "junior") == (6, None, 8)
    assert trait_counts({**full, **counts, "is_art_count_total": None}, "primary")[0] is None


def test_kind_label_when_a_teacher_has_no_trait_then_it_is_another():
    assert kind_label(0) == "其他教师"
    assert kind_label(7) == "高学历、骨干、体艺教师"


def test_county_findings_when_facts_are_missing_then_school_and_indicator_are_named():
    samples = [
        Sample("1", row={"backbone_teacher_count": None}),
        Sample("2", row={"full_time_teacher_count": None}),
        Sample("3", row={"full_time_teacher_count": 3}),
        Sample("4", pupils=2**25),
    ]
    found = problem_findings(question(samples))
    assert [entry.code for entry in found] == [
        "plan-fact-missing",
        "plan-fact-missing",
        "plan-teacher-facts",
        "plan-no-pupils",
    ]
    assert "骨干教师" in found[0].message
    assert "学校1（小学）" in found[0].message


def test_county_findings_when_no_school_is_judged_then_it_says_so():
    facts = facts_of(schools=[school("1", "special_school")], stages=[stage("1", student_count=5)])
    assert [entry.code for entry in county_findings(question(facts))] == ["plan-no-school"]


def test_county_findings_when_classes_are_not_listed_then_it_warns():
    standard = load_standard(QUALITY)
    found = problem_findings(question([Sample("1")], standard=standard))
    assert [(entry.level, entry.code) for entry in found] == [(Level.WARNING, "plan-no-classes")]
    listed = county_of([Sample("1")], classes=[_class("1", 1, 10)])
    assert problem_findings(question(listed, standard=standard)) == ()
    only = frozenset({Measure.FIT_MULTIMEDIA_ROOM})
    assert problem_findings(question([Sample("1")], standard=standard, allowed=only)) == ()


def _class(school_id, number, count, grade=1):
    row = {"school_id": school_id, "stage": "primary", "grade": grade, "class_name": f"{number}班"}
    return {**row, "student_count": count}


def _roomed_county():
    """School 1 has 12 classes of 50 and one music room; school 2 is a small teaching point without rooms; 3 has enough."""
    samples = [
        Sample("1", pupils=600, row={"class_count": 12}),
        Sample("2", pupils=20, school={"school_type": "teaching_point"}, row={"class_count": 1}),
        Sample("3", pupils=20, row={"class_count": 1}),
    ]
    rooms = [
        {"school_id": "1", "room_name": "a", "purpose": "music", "area": 9_600},
        {"school_id": "1", "room_name": "b", "purpose": "fine_art", "area": 8_999},
        {"school_id": "3", "room_name": "c", "purpose": "music", "area": 9_600},
        {"school_id": "3", "room_name": "d", "purpose": "fine_art", "area": 9_000},
    ]
    classes = [*(_class("1", number, 50) for number in range(12)), _class("2", 1, 20), _class("3", 1, 20)]
    return county_of(samples, classes=classes, rooms=rooms)


def test_build_county_when_classes_are_too_large_then_classes_and_rooms_are_needed():
    county = build_county(question(_roomed_county(), standard=load_standard(QUALITY)))
    # 600 pupils in one grade need 14 classes of 45, so 2 rooms of each purpose; it has one music room and a small art room
    assert county.classes == {("1", "primary"): 2}
    assert county.demands == {
        ("1", Measure.OPEN_CLASS): 2,
        ("1", Measure.FIT_MUSIC_ROOM): 1,
        ("1", Measure.FIT_FINE_ART_ROOM): 2,
    }


def test_build_county_when_a_measure_may_not_be_used_then_nothing_is_needed_of_it():
    allowed = frozenset({Measure.FIT_MUSIC_ROOM})
    problem = question(_roomed_county(), standard=load_standard(QUALITY), allowed=allowed)
    assert build_county(problem).demands == {}  # 12 classes as they are: one music room, which is there
    forbidden = frozenset({("1", Measure.OPEN_CLASS), ("1", Measure.FIT_FINE_ART_ROOM)})
    problem = question(_roomed_county(), standard=load_standard(QUALITY), forbidden=forbidden)
    assert build_county(problem).demands == {}


def test_target_rows_when_an_exception_is_on_then_core_counts_with_it():
    samples = [
        Sample("1", pupils=80, has={"arts": 0.1}, school={"area_type": "rural"}, row={"visiting_pe_teacher_count": 3}),
        Sample("2"),
    ]
    names = ("visiting_music_teacher_count", "visiting_fine_art_teacher_count", "visiting_art_teacher_count")
    samples[0] = replace(samples[0], row={**samples[0].row, **dict.fromkeys(names, 0)})
    standard = load_standard(QUALITY)
    name = next(entry.id for entry in standard.exceptions if entry.effect == "count_visiting_teachers")
    plain = question(samples, standard=standard)
    excused = replace(plain, enabled=frozenset({name}))
    assert build_county(excused).base[0, 2] > build_county(plain).base[0, 2]
    assert Fraction(build_county(plain).people[0].sum()) == 9  # 4.2 % of 80, and 5
