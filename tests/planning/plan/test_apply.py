"""Plans put into the facts: who moves takes everything along, and what is unknown stays unknown."""

from junheng.planning.plan.actions import Action
from junheng.planning.plan.apply import opened_classes, planned_facts
from junheng.planning.plan.measures import Measure
from junheng.readers.standards import load_standard
from tests.planning.plan.counties import QUALITY, Sample, county_of, question

ARTS, BACKBONE, PLAIN, DEGREE = 5, 3, 0, 1


def _move(school_id, kind, amount, year=2026, stage="primary"):
    return Action(year, Measure.MOVE_TEACHER, school_id, stage, kind, amount)


def _stage(facts, school_id):
    return next(row for row in facts.table("stages").rows(named=True) if row["school_id"] == school_id)


def _known(**changes):
    names = ("certified_teacher_count", "trained_teacher_count", "titled_teacher_count", "staff_count")
    return {**dict.fromkeys(names, 47), "titled_teacher_count": 10, **changes}


def test_planned_facts_when_teachers_move_then_they_take_their_papers_along():
    problem = question([Sample("1", row=_known()), Sample("2", row=_known(certified_teacher_count=46))])
    facts = planned_facts(
        problem, [_move("1", ARTS, -2), _move("1", PLAIN, -1), _move("2", ARTS, 2), _move("2", PLAIN, 1)], 2026
    )
    giver, taker = _stage(facts, "1"), _stage(facts, "2")
    assert (giver["full_time_teacher_count"], taker["full_time_teacher_count"]) == (44, 50)
    assert (giver["pe_teacher_count"], taker["pe_teacher_count"]) == (7, 11)
    assert (giver["bachelor_teacher_count"], taker["bachelor_teacher_count"]) == (40, 44)
    assert (giver["below_associate_teacher_count"], taker["below_associate_teacher_count"]) == (4, 6)
    assert (giver["certified_teacher_count"], taker["certified_teacher_count"]) == (44, 49)
    assert (giver["titled_teacher_count"], taker["titled_teacher_count"]) == (10, 10)  # few hold a title: it stays
    assert (giver["staff_count"], taker["staff_count"]) == (44, 50)


def test_planned_facts_when_the_giver_is_unknown_then_the_receiver_becomes_unknown():
    problem = question([Sample("1"), Sample("2", row=_known())])
    facts = planned_facts(problem, [_move("1", BACKBONE, -1), _move("2", BACKBONE, 1)], 2026)
    assert _stage(facts, "2")["certified_teacher_count"] is None
    assert _stage(facts, "2")["staff_count"] is None
    assert _stage(facts, "2")["backbone_teacher_count"] == 11
    back = planned_facts(problem, [_move("2", BACKBONE, -1), _move("1", BACKBONE, 1)], 2026)
    assert _stage(back, "1")["certified_teacher_count"] is None
    assert _stage(back, "2")["certified_teacher_count"] == 46


def test_planned_facts_when_art_is_counted_as_a_total_then_music_is_in_it():
    total = {
        "pe_teacher_count": 1,
        "music_teacher_count": 6,
        "fine_art_teacher_count": 2,
        "art_teacher_count": 8,
        "is_art_count_total": True,
    }
    plain = {"pe_teacher_count": 9, "music_teacher_count": 0, "fine_art_teacher_count": 0, "art_teacher_count": 0}
    problem = question([Sample("1", row=total), Sample("2", row=plain)])
    facts = planned_facts(problem, [_move("1", ARTS, -1), _move("2", ARTS, 1)], 2026)
    giver, taker = _stage(facts, "1"), _stage(facts, "2")
    assert (giver["music_teacher_count"], giver["art_teacher_count"]) == (5, 7)
    assert (taker["music_teacher_count"], taker["art_teacher_count"]) == (1, 0)
    back = planned_facts(problem, [_move("2", ARTS, -1), _move("1", ARTS, 1)], 2026)
    assert (_stage(back, "1")["pe_teacher_count"], _stage(back, "1")["art_teacher_count"]) == (2, 8)


def test_planned_facts_when_art_totals_hold_others_then_they_leave_last():
    total = {
        "pe_teacher_count": 0,
        "music_teacher_count": 0,
        "fine_art_teacher_count": None,
        "art_teacher_count": 9,
        "is_art_count_total": True,
    }
    broken = {
        "pe_teacher_count": 9,
        "music_teacher_count": 30,
        "fine_art_teacher_count": 0,
        "art_teacher_count": 0,
        "is_art_count_total": True,
    }
    problem = question([Sample("1", row=total), Sample("2", row=broken)])
    facts = planned_facts(problem, [_move("1", ARTS, -1), _move("2", ARTS, 1)], 2026)
    assert (_stage(facts, "1")["art_teacher_count"], _stage(facts, "2")["art_teacher_count"]) == (8, 1)
    back = planned_facts(problem, [_move("2", ARTS, -1), _move("1", ARTS, 1)], 2026)
    assert (_stage(back, "2")["pe_teacher_count"], _stage(back, "1")["pe_teacher_count"]) == (8, 1)


def test_planned_facts_when_people_are_hired_and_trained_then_every_count_follows():
    done = [
        Action(2026, Measure.HIRE_TEACHER, "1", "primary", DEGREE, 1),
        Action(2026, Measure.HIRE_PE_ART_TEACHER, "1", "primary", ARTS, 2),
        Action(2026, Measure.UPGRADE_DEGREE, "1", "primary", PLAIN, 6),
        Action(2026, Measure.TRAIN_PE_ART, "1", "primary", DEGREE, 1),
        Action(2026, Measure.GRANT_BACKBONE, "1", "primary", DEGREE, 3),
    ]
    row = _stage(planned_facts(question([Sample("1", row=_known())]), done, 2026), "1")
    assert (row["full_time_teacher_count"], row["staff_count"], row["certified_teacher_count"]) == (50, 50, 50)
    assert (row["bachelor_teacher_count"], row["associate_teacher_count"]) == (45, 6)
    assert row["below_associate_teacher_count"] == 0  # only five are there to be upgraded
    # the subjects with fewest teachers gain: music, fine art, music
    assert (row["pe_teacher_count"], row["music_teacher_count"], row["fine_art_teacher_count"]) == (9, 2, 1)
    assert row["backbone_teacher_count"] == 13


def test_planned_facts_when_a_measure_takes_years_then_it_shows_later():
    done = [
        Action(2026, Measure.BUILD_SPORTS_AREA, "1", "", None, 300),
        Action(2027, Measure.BUY_EQUIPMENT, "1", "", None, 10_000),
    ]
    problem = question([Sample("1")], target_year=2028, lead_years={Measure.BUILD_SPORTS_AREA: 2})
    before = problem.facts.table("schools").rows(named=True)[0]
    rows = [planned_facts(problem, done, year).table("schools").rows(named=True)[0] for year in (2026, 2027, 2028)]
    assert [row["outdoor_sports_area"] - before["outdoor_sports_area"] for row in rows] == [0, 0, 30_000]
    assert [row["equipment_value"] - before["equipment_value"] for row in rows] == [0, 1_000_000, 1_000_000]


def test_planned_facts_when_rotation_is_given_then_the_county_table_tells_it():
    facts = county_of([Sample("1")], county={"rotation_eligible_count": 5})
    problem = question(facts, target_year=2027)
    assert planned_facts(problem, [], 2026, {2026: 3}, {2026: 1}).county_value("rotated_teacher_count") == 3
    assert planned_facts(problem, [], 2027, {2026: 3}, {2026: 1}).county_value("rotated_teacher_count") is None


def test_planned_facts_when_rooms_are_fitted_then_they_have_the_least_area():
    problem = question(county_of([Sample("1")]), standard=load_standard(QUALITY))
    done = [Action(2026, Measure.FIT_MUSIC_ROOM, "1", "", None, 2)]
    rows = planned_facts(problem, done, 2026).table("rooms").rows(named=True)
    assert [(row["room_name"], row["area"], row["purpose"]) for row in rows] == [
        ("新建音乐教室1", 9_600, "music"),
        ("新建音乐教室2", 9_600, "music"),
    ]


def test_opened_classes_when_actions_mix_then_only_classes_count():
    done = [Action(2026, Measure.OPEN_CLASS, "1", "primary", None, 2), _move("1", PLAIN, -1)]
    assert opened_classes(done) == {("1", "primary"): 2}


def test_action_text_when_it_is_a_training_then_it_says_whose():
    assert Action(2026, Measure.GRANT_BACKBONE, "1", "primary", DEGREE, 3).text == "培养认定骨干教师（高学历教师） 3 人"
    assert Action(2026, Measure.BUY_EQUIPMENT, "1", "", None, 10_000).text == "添置教学仪器设备 10000 元"


def test_planned_facts_when_a_part_of_the_art_teachers_is_not_told_then_the_total_still_follows():
    fine = {"pe_teacher_count": 1, "music_teacher_count": 0, "fine_art_teacher_count": 8, "art_teacher_count": 0}
    total = {"pe_teacher_count": 9, "music_teacher_count": 0, "fine_art_teacher_count": None, "art_teacher_count": 0}
    problem = question([Sample("1", row=fine), Sample("2", row={**total, "is_art_count_total": True})])
    facts = planned_facts(problem, [_move("1", ARTS, -1), _move("2", ARTS, 1)], 2026)
    assert _stage(facts, "2")["fine_art_teacher_count"] is None
    assert _stage(facts, "2")["art_teacher_count"] == 1
