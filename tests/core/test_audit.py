"""Cases an inspector would try: exactly on a limit, one unit off it, nothing there, nobody signed. Through the public API only.

Facts are canonical: 分, 0.01 ㎡, points × 100, variation × 10 000.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import pytest

from junheng import api
from junheng.core.item_formulas.recognition import GROUPS
from junheng.core.rounding import printed
from junheng.core.standard import Part, Stage
from junheng.core.verdict import Outcome, Verdict
from tests.core.builders import GIVEN, classes, codes, facts_of, room, school, stage

MET, NOT_MET, CANNOT_TELL = Outcome.MET, Outcome.NOT_MET, Outcome.CANNOT_TELL
EQUIPMENT = "equipment_value_per_student"
BACKBONE = "backbone_teachers_per_100_students"
OLD_ROOMS = "smaller_rooms_for_old_schools"
STANDARDS = {entry.id: entry for entry in api.standards()}

# 1000 pupils, every primary indicator exactly on its threshold: 42, 10, 9 teachers, 4500 ㎡, 7500 ㎡, 2 000 000 元, 23 rooms
STAFF = {
    "student_count": 1000,
    "doctor_teacher_count": 0,
    "master_teacher_count": 0,
    "bachelor_teacher_count": 40,
    "associate_teacher_count": 2,
    "backbone_teacher_count": 10,
    "pe_teacher_count": 4,
    "music_teacher_count": 3,
    "fine_art_teacher_count": 2,
    "art_teacher_count": 0,
    "is_art_count_total": False,
}
PLACE = {
    "teaching_floor_area": 500_000,
    "indoor_sports_area": 50_000,
    "outdoor_sports_area": 700_000,
    "equipment_value": 200_000_000,
    "multimedia_classroom_count": 23,
}


def judge(
    standard: str = api.DEFAULT_STANDARD, *, on: date | None = None, exceptions: Iterable[str] = (), **rows
) -> Verdict:
    return api.evaluate(facts_of(**rows), STANDARDS[standard], on=on, exceptions=exceptions).verdict


def primaries(*changes):
    """Judges one primary school on every threshold for each mapping of changed facts."""
    names = [str(index) for index in range(1, len(changes) + 1)]
    place = [{key: value for key, value in change.items() if key not in STAFF} for change in changes]
    staff = [{key: value for key, value in change.items() if key in STAFF} for change in changes]
    return judge(
        schools=[school(name, **{**PLACE, **own}) for name, own in zip(names, place, strict=True)],
        stages=[stage(name, **{**STAFF, **own}) for name, own in zip(names, staff, strict=True)],
    )


def dispersion(verdict, indicator, of=Stage.PRIMARY):
    return next(entry for entry in verdict.dispersion if (entry.indicator_id, entry.stage) == (indicator, of))


def item(verdict, item_id):
    return next(entry for entry in verdict.items if entry.item_id == item_id)


# ---- a school on its limits


def test_school_when_all_seven_lie_exactly_on_their_thresholds_then_met():
    (found,) = primaries({}).schools
    assert (found.outcome, found.met_count, found.floor_count) == (MET, 7, 7)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"equipment_value": 170_000_000}, MET),  # 1700 元 = 85 % of 2000 元
        ({"equipment_value": 169_999_999}, NOT_MET),  # one 分 below
        ({"teaching_floor_area": 432_500}, MET),  # 3825 ㎡ without the hall = 85 % of 4500 ㎡
        ({"teaching_floor_area": 432_499}, NOT_MET),
        ({"backbone_teacher_count": 9}, MET),  # 0.9 ≥ 0.85
        ({"backbone_teacher_count": 8}, NOT_MET),
        ({"backbone_teacher_count": 9, "equipment_value": 199_999_999}, NOT_MET),  # two miss, both above 85 %
    ],
)
def test_school_when_one_indicator_lies_on_its_85_percent_line_then_met_and_below_it_not(change, outcome):
    (found,) = primaries(change).schools
    assert found.outcome is outcome


def test_school_when_a_value_prints_on_its_limit_but_is_below_then_not_met_and_flagged():
    (found,) = primaries({"equipment_value": 199_999_999}).schools  # 1999.99999 元 prints 2000.00
    result = next(entry for entry in found.indicators if entry.indicator_id == EQUIPMENT)
    assert (printed(result.value, 2), result.outcome, result.is_rounding_sensitive) == ("2000.00", NOT_MET, True)


@pytest.mark.parametrize(("pupils", "judged"), [(49, 0), (50, 1)])
def test_teaching_point_when_it_has_exactly_fifty_pupils_then_it_is_judged(pupils, judged):
    verdict = judge(
        schools=[school("1", "teaching_point", **PLACE)], stages=[stage("1", **{**STAFF, "student_count": pupils})]
    )
    assert (len(verdict.schools), len(verdict.excluded)) == (judged, 1 - judged)
    assert [entry.code for entry in verdict.excluded] == ["teaching_point_minimum"] * (1 - judged)


# ---- dispersion


@pytest.mark.parametrize(("more", "outcome"), [(30, MET), (31, NOT_MET)])
def test_dispersion_when_it_is_exactly_the_limit_then_met(more, outcome):
    # 10 and 30 teachers for 1000 pupils each: mean 2, every school 1 away, 1 / 2 = 0.5
    found = dispersion(primaries({}, {"backbone_teacher_count": more}), BACKBONE)
    assert found.outcome is outcome
    assert (printed(found.coefficient, 3) == "0.500") is (outcome is MET)


@pytest.mark.parametrize(("more", "outcome"), [(29, MET), (30, NOT_MET)])
def test_dispersion_when_junior_schools_are_exactly_on_theirs_then_met(more, outcome):
    # 11 and 29: mean 20, every school 9 away, 9 / 20 = 0.45
    verdict = judge(
        schools=[school(name, "junior_school") for name in "12"],
        stages=[
            stage(name, "junior", student_count=1000, backbone_teacher_count=count)
            for name, count in (("1", 11), ("2", more))
        ],
    )
    assert dispersion(verdict, BACKBONE, Stage.JUNIOR).outcome is outcome


def test_dispersion_when_05004_prints_as_05_then_not_met_and_flagged():
    # 499.6 元 and 1500.4 元: mean 1000, every school 500.4 away
    found = dispersion(primaries({"equipment_value": 49_960_000}, {"equipment_value": 150_040_000}), EQUIPMENT)
    assert printed(found.coefficient, 4) == "0.5004"
    assert (printed(found.coefficient, 3), found.outcome, found.is_rounding_sensitive) == ("0.500", NOT_MET, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (({"equipment_value": 0}, {"equipment_value": 0}), "zero-mean"),
        (({},), "one-school"),
        (({"equipment_value": None}, {}), "missing-facts"),
        (({"student_count": 0}, {}), "one-school"),
    ],
)
def test_dispersion_when_it_has_no_meaning_then_cannot_tell_and_never_zero(changes, code):
    found = dispersion(primaries(*changes), EQUIPMENT)
    assert (found.outcome, found.coefficient, found.reason.code) == (CANNOT_TELL, None, code)


# ---- nothing there


def test_county_when_there_is_no_school_then_nothing_about_schools_is_met():
    verdict = judge(county={})
    assert verdict.outcome is CANNOT_TELL
    assert {entry.reason and entry.reason.code for entry in verdict.dispersion} == {"no-school"}
    part = verdict.part(Part.RESOURCES)
    assert part is not None
    assert codes(part.reasons) == ["no-school"]


@pytest.mark.parametrize("standard", STANDARDS)
def test_county_when_every_fact_is_missing_then_cannot_tell_with_a_reason_everywhere(standard):
    verdict = judge(standard, schools=[school("1"), school("2", "nine_year_school")], stages=[stage("1")])
    assert verdict.outcome is CANNOT_TELL
    assert {part.outcome for part in verdict.parts} == {CANNOT_TELL}
    assert [entry.item_id for entry in (*verdict.items,) if entry.outcome is not CANNOT_TELL] == []
    assert all(item.reasons for item in verdict.items)
    assert all(veto.reasons for veto in verdict.vetoes)


def test_excluded_when_a_special_school_has_two_stages_then_it_is_told_once():
    special = school("9", "special_school")
    stages = [stage("9", student_count=20), stage("9", "junior", student_count=10)]
    verdict = judge(schools=[special], stages=stages)
    assert [(entry.school_id, entry.stage) for entry in verdict.excluded] == [("9", None)]
    assert verdict.excluded_school_count == 1


def test_excluded_when_only_one_stage_is_left_out_then_the_school_is_not_counted():
    stages = [stage("9", student_count=300), stage("9", "junior", student_count=0)]
    verdict = judge(schools=[school("9", "nine_year_school")], stages=stages)
    assert (len(verdict.excluded), verdict.excluded_school_count) == (1, 0)


def test_county_when_a_stage_has_no_pupils_then_it_is_excluded_and_the_others_are_judged_without_it():
    with_it = primaries({}, {"equipment_value": 100_000_000}, {"student_count": 0, "equipment_value": None})
    without = primaries({}, {"equipment_value": 100_000_000})
    assert [(entry.code, entry.stage) for entry in with_it.excluded] == [("no_students", Stage.PRIMARY)]
    assert with_it.schools == without.schools
    assert with_it.dispersion == without.dispersion


# ---- sizes


@pytest.mark.parametrize(
    ("kind", "pupils", "outcome"),
    [
        ("primary_school", {"primary": 2000}, MET),
        ("primary_school", {"primary": 2001}, NOT_MET),
        ("full_secondary_school", {"junior": 2000}, MET),
        ("full_secondary_school", {"junior": 2001}, NOT_MET),
        ("nine_year_school", {"primary": 1500, "junior": 1000}, MET),
        ("nine_year_school", {"primary": 1500, "junior": 1001}, NOT_MET),
        ("twelve_year_school", {"primary": 1500, "junior": 1001}, NOT_MET),
        ("nine_year_school", {"primary": 2001}, NOT_MET),  # a campus with one stage is a school of that stage
        ("nine_year_school", {"primary": 2001, "junior": 0}, NOT_MET),  # also where the other is not open yet
    ],
)
def test_size_when_a_school_has_exactly_the_limit_then_met_and_one_pupil_more_not(kind, pupils, outcome):
    stages = [stage("1", name, student_count=count) for name, count in pupils.items()]
    verdict = judge(schools=[school("1", kind, senior_student_count=900)], stages=stages)
    assert item(verdict, "school_size").outcome is outcome


@pytest.mark.parametrize(
    ("name", "size", "outcome"),
    [("primary", 45, MET), ("primary", 46, NOT_MET), ("junior", 50, MET), ("junior", 51, NOT_MET)],
)
def test_class_when_it_has_exactly_the_limit_then_met_and_one_pupil_more_not(name, size, outcome):
    kind = "primary_school" if name == "primary" else "junior_school"
    verdict = judge(
        schools=[school("1", kind)],
        stages=[stage("1", name, student_count=size, class_count=1)],
        classes=classes("1", size, stage_name=name),
    )
    assert item(verdict, "class_size").outcome is outcome


# ---- monitoring, survey


@pytest.mark.parametrize(
    ("level", "variation", "outcome"), [(3, 1499, MET), (3, 1500, NOT_MET), (2, 1000, NOT_MET), (4, 1499, MET)]
)
def test_monitoring_when_the_variation_is_exactly_015_then_not_met(level, variation, outcome):
    subjects = ("chinese", "mathematics", "science", "physical_education", "arts", "moral_education")
    rows = [{"subject": name, "is_monitored": True, "level": 4, "variation": 900} for name in subjects]
    rows[2] |= {"level": level, "variation": variation}
    assert item(judge(county_subjects=rows), "national_monitoring").outcome is outcome


def survey(satisfied, visits_satisfied=85, parents=500, valid=1000):
    counts = dict.fromkeys(("questionnaire_count", "valid_count", "satisfied_count", "visited_count"), 0)
    rows = [{"group": group, **counts, "visit_satisfied_count": 0} for group in GROUPS]
    rows[0] |= {"questionnaire_count": parents, "valid_count": parents, "satisfied_count": min(parents, satisfied)}
    rows[1] |= {"valid_count": valid - parents - 5, "satisfied_count": max(0, satisfied - parents)}
    rows[1] |= {"visited_count": 100, "visit_satisfied_count": visits_satisfied}
    for row in rows[2:]:
        row["valid_count"] = 1  # of every group somebody is asked
    return rows


@pytest.mark.parametrize(
    ("rows", "population", "outcome"),
    [
        (survey(850), 666_666, MET),  # 1.5 ‰ of 666 666 is 999.999
        (survey(849), 666_666, NOT_MET),
        (survey(850, 84), 666_666, NOT_MET),
        (survey(850), 666_667, CANNOT_TELL),  # 1.5 ‰ is 1000.0005
        (survey(850, parents=499), 666_666, CANNOT_TELL),
        (survey(849), 1_000_000, NOT_MET),  # a bad result stands whatever the sample
        ([*survey(850)[:-1], {**survey(850)[-1], "valid_count": 0}], 1, CANNOT_TELL),  # a group that nobody asked
    ],
)
def test_recognition_when_satisfaction_is_exactly_85_percent_then_met_on_a_good_sample(rows, population, outcome):
    verdict = judge(survey_groups=rows, county={"population": population})
    assert item(verdict, "public_recognition").outcome is outcome


# ---- people's judgements


@pytest.mark.parametrize(
    ("row", "outcome", "code"),
    [
        ({"result": "found", **GIVEN}, NOT_MET, "judgement-not-met"),
        ({"result": "not_found", **GIVEN}, MET, None),
        ({"result": "found"}, CANNOT_TELL, "judgement-incomplete"),
        ({"result": "not_found", "assessor": "评估员甲", "evidence": " ; "}, CANNOT_TELL, "judgement-incomplete"),
        ({"result": "met", **GIVEN}, CANNOT_TELL, "judgement-unfit"),
    ],
)
def test_veto_when_it_is_found_then_the_county_fails_and_unsigned_it_is_open(row, outcome, code):
    verdict = judge(judgements=[{"item_id": "falsification", **row}])
    (veto,) = (entry for entry in verdict.vetoes if entry.veto_id == "falsification")
    assert (veto.outcome, codes(veto.reasons)) == (outcome, [code] if code else [])
    assert verdict.outcome is (NOT_MET if outcome is NOT_MET else CANNOT_TELL)


@pytest.mark.parametrize("missing", ["assessor", "evidence"])
def test_item_when_its_judgement_is_not_signed_or_proven_then_cannot_tell(missing):
    row = {"item_id": "layout_and_planning", "result": "met", **GIVEN, missing: None}
    found = item(judge(judgements=[row]), "layout_and_planning")
    assert (found.outcome, codes(found.reasons)) == (CANNOT_TELL, ["judgement-incomplete"])


# ---- exceptions in time


@pytest.mark.parametrize(("day", "outcome"), [(date(2018, 12, 31), NOT_MET), (date(2019, 1, 1), MET)])
def test_exception_when_it_is_switched_on_outside_its_time_then_it_is_not_used_and_says_so(day, outcome):
    verdict = judge(
        on=day,
        exceptions=[OLD_ROOMS],
        schools=[school("1", built_year=2016)],
        stages=[stage("1", student_count=400, class_count=12)],
        rooms=[room("1", "音一", "music", 7300), room("1", "美一", "fine_art", 6700)],
    )
    found = item(verdict, "music_and_art_rooms")
    assert (found.outcome, found.exceptions) == (outcome, (OLD_ROOMS,) if outcome is MET else ())
    assert codes(found.reasons) == ["exception-used" if outcome is MET else "exception-not-in-force"]
    assert verdict.exceptions_used == found.exceptions


@pytest.mark.parametrize("year", [2017, 2018, 2020, 2021, 2030])
def test_standard_when_it_is_in_force_then_every_year_can_be_judged(year):
    assert judge(on=date(year, 12, 31), schools=[school("1")], stages=[stage("1")]).outcome is CANNOT_TELL


# ---- Hunan's points


def hunan(shares):
    """Judges Hunan with these shares of full marks per scored item; spending and survey points are full."""
    standard = STANDARDS["hunan-2018"]
    rows = []
    for entry in (entry for entry in standard.items if entry.part is Part.SCORED):
        full = sum((sub.points for sub in entry.sub_items), Fraction(0))
        left = full * shares.get(entry.id, Fraction(4, 5)) - sum(sub.points for sub in entry.sub_items if sub.formula)
        for sub in (sub for sub in entry.sub_items if not sub.formula):
            given = min(left, sub.points)
            left -= given
            rows.append({"item_id": f"{entry.id}/{sub.id}", "points": int(given * 100), **GIVEN})
    years = [
        {"spending_year": year, "general_education_spending": 100, "spending_student_count": 1000}
        for year in range(2021, 2026)
    ]
    return judge("hunan-2018", judgements=rows, county_years=years, survey_groups=survey(1000))


def test_scored_item_when_it_has_exactly_80_percent_then_met_and_a_hundredth_less_not():
    assert item(hunan({}), "moral_education").outcome is MET  # 16 of 20
    verdict = hunan({"moral_education": Fraction(1599, 2000), "campus_culture": Fraction(1)})
    found = item(verdict, "moral_education")  # 15.99 of 20
    assert (found.outcome, found.points, codes(found.reasons)) == (NOT_MET, Fraction("15.99"), ["points-too-few"])
    assert (verdict.scoring.outcome, verdict.scoring.total > 80, verdict.scoring.band) == (NOT_MET, True, "")


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("80", "合格"),
        ("85.5", "合格"),
        ("85.99", "合格"),
        ("86", "良好"),
        ("90.99", "良好"),
        ("91", "优秀"),
        ("100", "优秀"),
    ],
)
def test_total_when_it_lies_on_or_between_bands_then_the_band_reached_counts(total, band):
    more = Fraction(total) - 80  # every item starts at 80 %, so the total at 80
    shares = {}
    for entry in (entry for entry in STANDARDS["hunan-2018"].items if entry.sub_items):
        full = sum(sub.points for sub in entry.sub_items)
        given = min(more, full * Fraction(1, 5))
        more -= given
        shares[entry.id] = Fraction(4, 5) + Fraction(given, full)
    scoring = hunan(shares).scoring
    assert (scoring.total, scoring.outcome, scoring.band) == (Fraction(total), MET, band)


def test_hunan_when_its_items_are_counted_then_26_are_hard_and_ten_share_a_hundred_points():
    standard = STANDARDS["hunan-2018"]
    scored = {entry.number: sum(sub.points for sub in entry.sub_items) for entry in standard.items if entry.sub_items}
    hard = [entry.number for entry in standard.items if not entry.sub_items and entry.part is not Part.ELIGIBILITY]
    numbers = [entry.number for entry in standard.indicators] + hard
    assert scored == {"8": 10, "9": 5, "23": 5, "27": 10, "29": 10, "30": 10, "32": 20, "33": 10, "34": 10, "35": 10}
    assert sorted(map(int, [*numbers, *scored])) == list(range(1, 37))
    assert (len(numbers), sum(scored.values())) == (26, 100)
