"""Pupils, schools and classes after a change of who goes where: nothing is lost, and what is unknown stays unknown."""

from dataclasses import replace
from fractions import Fraction

import pytest

from junheng.core.standard import Stage
from junheng.planning.plan.caps import caps_of
from junheng.planning.plan.catchments import (
    Catchments,
    Merger,
    Neighbours,
    NewSchool,
    Shift,
    catchment_findings,
    merger_findings,
    metres_between,
    neighbours_within,
    opening_findings,
    with_merger,
    with_opening,
    with_shifts,
)
from junheng.planning.plan.county import build_county
from junheng.planning.plan.limits import Prices
from junheng.planning.plan.measures import Measure
from junheng.planning.plan.planner import problem_findings
from junheng.planning.plan.turnover import Turnover
from tests.planning.plan.counties import PRICES, Sample, county_of, question, sample_rows, some

P, J = Stage.PRIMARY, Stage.JUNIOR
PAIR = Neighbours("1", "2", P, 900)


def _asked(samples=None, target_year=2027, **given):
    samples = samples or [Sample("1", pupils=600), Sample("2", pupils=400), Sample("3", pupils=300, stage="junior")]
    return question(samples, target_year=target_year, **given)


def test_metres_between_when_points_are_a_degree_apart_then_it_is_a_60th_of_the_way():
    # one degree of a great circle: 6 371 km · π / 180 = 111.195 km; at 60° north a degree of longitude is half of it
    assert metres_between((110.0, 28.0), (110.0, 29.0)) == pytest.approx(111_195, abs=1)
    assert metres_between((110.0, 60.0), (111.0, 60.0)) == pytest.approx(111_195 / 2, rel=1e-3)
    assert metres_between((110.0, 28.0), (110.0, 28.0)) == 0.0


def test_neighbours_within_when_schools_are_near_then_only_the_same_stage_is_paired():
    points = {"1": (110.0, 28.0), "2": (110.01, 28.0), "3": (110.0, 28.0), "4": (111.0, 28.0)}
    stages = [("1", "primary"), ("2", "primary"), ("3", "junior"), ("4", "primary"), ("5", "primary")]
    found = neighbours_within(points, stages, 2_000)
    assert [(pair.first, pair.second, pair.stage) for pair in found] == [("1", "2", P)]
    # 0.01° · cos 28° · 111.195 km
    assert found[0].metres == pytest.approx(982, abs=1)


def test_near_when_a_distance_is_asked_for_then_unknown_and_far_pairs_are_out():
    pairs = (PAIR, Neighbours("1", "3", P, 5_000), Neighbours("2", "3", P))
    assert Catchments(pairs, 10, 0).near == pairs
    assert Catchments(pairs, 10, 0, farthest=3_000).near == (PAIR,)


def test_with_shifts_when_the_years_are_limited_then_pupils_go_year_by_year():
    problem = _asked(target_year=2028, prices=Prices(PRICES, Fraction(1, 10)))
    catchments = Catchments((PAIR,), most_a_year=30, fen_per_pupil=1_000)
    shifted, fen = with_shifts(problem, catchments, [Shift("1", "2", P, 50)])
    assert [shifted.pupils[year]["1", "primary"] for year in (2026, 2027, 2028)] == [570, 550, 550]
    assert [shifted.pupils[year]["2", "primary"] for year in (2026, 2027, 2028)] == [430, 450, 450]
    # 30 in the first year, 20 in the second
    assert fen == round(30_000 / 1.1 + 20_000 / 1.21)
    assert problem.pupils[2028]["1", "primary"] == 600


@pytest.mark.parametrize(
    ("catchments", "words"),
    [
        (Catchments((Neighbours("1", "9", P),), 10, 0), "没有这个学段的学生"),
        (Catchments((Neighbours("1", "3", P),), 10, 0), "没有这个学段的学生"),
        (Catchments((PAIR,), -1, 0), "不能小于 0"),
        (Catchments((PAIR,), 1, -1), "不能小于 0"),
        (Catchments((PAIR,), 1, 0, step=0), "不能小于 0"),
        (Catchments((PAIR,), 1, 0, largest=-5), "不能小于 0"),
    ],
)
def test_catchment_findings_when_limits_make_no_sense_then_they_are_named(catchments, words):
    found = catchment_findings(_asked(), catchments)
    assert [entry.code for entry in found] == ["plan-catchment"]
    assert words in found[0].message
    assert catchment_findings(_asked(), Catchments((PAIR,), 10, 0)) == ()


def _two_with_everything():
    cohort = {
        "graduate_count": 1,
        "entrant_count": 2,
        "transferred_in_count": 3,
        "transferred_out_count": 4,
        "death_count": 0,
    }
    classes = [
        {"school_id": school, "stage": "primary", "grade": 1, "class_name": "1班", "student_count": 40}
        for school in ("1", "2")
    ]
    rooms = [{"school_id": school, "room_name": "a", "purpose": "music", "area": 9_600} for school in ("1", "2")]
    samples = [
        Sample("1", pupils=600, has={"above": 1.0}, row={"class_count": 12, "grade_count": 6}),
        Sample(
            "2",
            pupils=400,
            school={"computer_count": 5, "book_count": None},
            row={"class_count": 9, "grade_count": 5, "is_art_count_total": True, "art_teacher_count": 2},
        ),
        Sample("3", school={"parent_school_id": "2"}),
        Sample("4", stage="junior"),
    ]
    return county_of(
        samples, classes=classes, rooms=rooms, cohorts=[{"school_id": school, **cohort} for school in ("1", "2")]
    )


def test_with_merger_when_a_school_is_closed_then_pupils_teachers_and_equipment_go_along():
    problem = question(
        _two_with_everything(),
        target_year=2027,
        prices=Prices(PRICES, Fraction(1, 10)),
        fixed={("2", Measure.HIRE_TEACHER): 0},
        forbidden=frozenset({("2", Measure.HIRE_TEACHER), ("1", Measure.HIRE_TEACHER)}),
        retired={("2", 2026): 5},
    )
    merged, fen = with_merger(problem, Merger("2", "1", 11_000))
    assert fen == 10_000
    schools = {row["school_id"]: row for row in merged.facts.table("schools").rows(named=True)}
    before = {row["school_id"]: row for row in problem.facts.table("schools").rows(named=True)}
    assert set(schools) == {"1", "3", "4"}
    assert schools["1"]["equipment_value"] == before["1"]["equipment_value"] + before["2"]["equipment_value"]
    assert schools["1"]["teaching_floor_area"] == before["1"]["teaching_floor_area"]
    assert schools["1"]["book_count"] is None  # the closed school's books are not known
    assert schools["3"]["parent_school_id"] == "1"
    rows = {row["school_id"]: row for row in merged.facts.table("stages").rows(named=True)}
    old = {row["school_id"]: row for row in problem.facts.table("stages").rows(named=True)}
    for name in (
        "student_count",
        "class_count",
        "full_time_teacher_count",
        "backbone_teacher_count",
        "pe_teacher_count",
    ):
        assert rows["1"][name] == old["1"][name] + old["2"][name], name
    assert (rows["1"]["grade_count"], rows["1"]["art_teacher_count"], rows["1"]["is_art_count_total"]) == (6, 2, True)
    assert merged.pupils[2027]["1", "primary"] == 1_000
    assert ("2", "primary") not in merged.pupils[2026]
    classes = merged.facts.table("classes").rows(named=True)
    assert {row["class_name"] for row in classes} == {"1班", "1班（学校2）"}
    assert {row["school_id"] for row in classes} == {"1"}
    assert merged.facts.table("rooms")["school_id"].to_list() == ["1"]
    assert merged.facts.table("cohorts").rows(named=True)[0]["transferred_in_count"] == 6
    assert (merged.limits.fixed, merged.limits.retired) == ({}, {})
    assert merged.limits.forbidden == frozenset({("1", Measure.HIRE_TEACHER)})


def test_with_merger_when_a_count_is_missing_then_it_is_missing_after_too():
    samples = [
        Sample("1", row={"music_teacher_count": None}),
        Sample("2", row={"staff_count": None, "grade_count": None}),
    ]
    merged, _ = with_merger(question(samples), Merger("2", "1", 0))
    row = merged.facts.table("stages").rows(named=True)[0]
    assert (row["staff_count"], row["music_teacher_count"], row["art_teacher_count"]) == (None, None, None)


@pytest.mark.parametrize(
    "merger", [Merger("9", "1", 0), Merger("1", "9", 0), Merger("1", "1", 0), Merger("3", "1", 0), Merger("2", "1", -1)]
)
def test_merger_findings_when_schools_cannot_be_merged_then_it_says_why(merger):
    assert [entry.code for entry in merger_findings(_asked(), merger)] == ["plan-merger"]
    assert merger_findings(_asked(), Merger("2", "1", 0)) == ()


def _new(**changes):
    given = {
        "school": {"school_id": "7", "school_name": "新校", "school_type": "primary_school", "ownership": "public"},
        "stages": ({"stage": "primary", "class_count": 6},),
        "comes_from": {("1", "primary"): 250},
        "fen": 2_000,
    }
    return NewSchool(**{**given, **changes})


def test_with_opening_when_a_school_is_opened_then_its_pupils_come_from_the_others():
    problem = _asked(prices=Prices(PRICES, Fraction(1, 10)))
    opened, fen = with_opening(problem, _new(fen=1_100))
    assert fen == 1_000
    assert opened.pupils[2026]["7", "primary"] == 250
    assert opened.pupils[2027]["1", "primary"] == 350
    assert opened.school_names["7"] == "新校"
    row = next(row for row in opened.facts.table("stages").rows(named=True) if row["school_id"] == "7")
    assert (row["student_count"], row["class_count"], row["full_time_teacher_count"]) == (0, 6, None)
    total = sum(problem.pupils[2027].values())
    assert sum(opened.pupils[2027].values()) == total


@pytest.mark.parametrize(
    "changes",
    [
        {"school": {"school_id": "1"}},
        {"school": {}},
        {"stages": ()},
        {"comes_from": {("1", "primary"): 601}},
        {"comes_from": {("9", "primary"): 1}},
        {"comes_from": {("3", "junior"): 1}},
        {"fen": -1},
    ],
)
def test_opening_findings_when_a_school_cannot_be_opened_then_it_says_why(changes):
    assert [entry.code for entry in opening_findings(_asked(), _new(**changes))] == ["plan-opening"]
    assert opening_findings(_asked(), _new()) == ()
    assert some(_new().school["school_id"]) == "7"


def test_with_opening_when_it_opens_later_then_pupils_come_and_money_goes_in_that_year():
    # 1 100 分 in the second year at 10 % are 1 100 / 1.21 = 909 分 today; before it the school is in no facts and gives nobody
    problem = _asked(
        prices=Prices(PRICES, Fraction(1, 10)), budgets={(2026, "县级财政"): 5_000, (2027, "县级财政"): 5_000}
    )
    opened, fen = with_opening(problem, _new(fen=1_100, year=2027))
    assert fen == 909
    assert opened.limits.budgets == {(2026, "县级财政"): 5_000, (2027, "县级财政"): 3_900}
    assert [opened.pupils[year]["7", "primary"] for year in (2026, 2027)] == [0, 250]
    assert [row["school_id"] for row in opened.tables_of(2026)["schools"] if row["school_id"] == "7"] == []
    assert [row["student_count"] for row in opened.tables_of(2027)["stages"] if row["school_id"] == "7"] == [250]


def test_opening_findings_when_zone_money_or_year_are_wrong_then_each_is_told():
    zones = {"zones": {"1": "东", "2": "东", "3": "东"}}
    texts = [
        *(entry.message for entry in opening_findings(_asked(**zones), _new())),
        *(entry.message for entry in opening_findings(_asked(budgets={(2026, "县级财政"): 1_999}), _new())),
        *(entry.message for entry in opening_findings(_asked(), _new(year=2025))),
    ]
    assert ["没有划入" in texts[0], "预算不够" in texts[1], "不在 2026—2027 年之间" in texts[2]] == [True] * 3
    assert len(texts) == 3
    assert with_opening(_asked(**zones), _new(zone="东"))[0].limits.zones["7"] == "东"


def test_caps_when_a_school_opens_later_then_it_gives_no_teacher_away():
    row = {**sample_rows(Sample("7", pupils=600))[1]}
    for year, gives in ((2026, True), (2027, False)):
        new = _new(school=sample_rows(Sample("7"))[0], stages=(row,), year=year)
        problem = with_opening(_asked(), new)[0]
        county = build_county(problem)
        out = caps_of(problem, county).out[county.rows.index(("7", "primary"))]
        assert bool(out.any()) is gives


def test_with_merger_when_teachers_leave_then_those_of_the_closed_school_leave_where_they_are():
    # 2 of school 2 and 1 of school 1 go, and one is hired for school 2: all of them are counted in school 1 once it is closed
    turnover = {2026: {("1", "primary"): Turnover(gone=1), ("2", "primary"): Turnover(gone=2, hired=1)}}
    asked = replace(_asked(zones={"1": "东", "2": "东", "3": "东"}), turnover=turnover)
    merged = with_merger(asked, Merger("2", "1", 0))[0]
    assert merged.turnover == {2026: {("1", "primary"): Turnover(gone=3, hired=1)}}
    assert merged.limits.zones == {"1": "东", "3": "东"}
    assert problem_findings(merged) == ()
