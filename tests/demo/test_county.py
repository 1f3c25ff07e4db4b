"""The demo county is whole, clean, the same everywhere, and worth judging."""

import json
from collections import Counter
from hashlib import sha256

import pytest

from junheng.core.checks import check_facts
from junheng.core.findings import Level
from junheng.core.judge import judge
from junheng.core.verdict import Outcome
from junheng.demo.county import build_demo_county
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard

# The county of the default seed, held so that a Python or library that draws otherwise is noticed.
COUNTY_SHA256 = "e620e0049a09a7f155077fe1f4837a1909cf5990f816c6a6ed58da46051734c1"


@pytest.fixture(scope="module")
def county():
    return build_demo_county()


@pytest.fixture(scope="module")
def verdict(county):
    return judge(county.facts, load_standard("cn-2017-quality-balance"), load_dictionary())


def rows(facts, table):
    return facts.table(table).rows(named=True)


def total(facts, table, field):
    return sum(row[field] for row in rows(facts, table))


def digest(county):
    tables = [
        [facts.year, name, [sorted(row.items()) for row in rows(facts, name)]]
        for facts in (*county.history, county.facts)
        for name in sorted(facts.tables)
    ]
    return sha256(json.dumps(tables, ensure_ascii=False).encode()).hexdigest()


def test_county_when_built_then_it_is_the_same_on_every_machine(county):
    assert digest(county) == COUNTY_SHA256


def test_county_when_the_seed_differs_then_so_does_the_county(county):
    other = build_demo_county(seed=1)

    assert total(other.facts, "stages", "student_count") != total(county.facts, "stages", "student_count")


def test_county_when_built_then_it_holds_the_data_year_and_three_before(county):
    assert [facts.year for facts in county.history] == [2022, 2023, 2024]
    assert county.facts.year == 2025
    assert (county.facts.county_code, county.facts.county_name) == ("999901", "示例县（虚构）")


def test_county_when_counted_then_it_has_the_size_of_a_county(county):
    assert len(county.facts.table("schools")) == 120
    assert 50_000 <= total(county.facts, "stages", "student_count") <= 56_000
    assert 3_800 <= total(county.facts, "stages", "full_time_teacher_count") <= 4_300
    assert 4_000 <= sum(len(facts.table("classes")) for facts in county.history) <= 4_600


def test_county_when_built_then_every_table_is_filled_in_every_year(county):
    empty = [
        (facts.year, name)
        for facts in (*county.history, county.facts)
        for name, frame in facts.tables.items()
        if not len(frame)
    ]

    assert empty == []


def test_county_when_built_then_every_field_is_used(county):
    unused = {
        f"{name}.{field}"
        for name, table in load_dictionary().tables.items()
        for field in table.fields
        if all(row[field] is None for row in rows(county.facts, name))
    }

    assert unused == {"judgements.points"}  # no item of this standard is scored


@pytest.mark.parametrize("seed", [20260101, 1, 2, 3])
def test_county_when_checked_then_only_the_attached_class_is_remarked_on(seed):
    county = build_demo_county(seed)
    years = (*county.history, county.facts)
    previous = (None, *county.history)
    dictionary = load_dictionary()

    findings = [
        each for now, before in zip(years, previous, strict=True) for each in check_facts(now, dictionary, before)
    ]

    assert [each.message for each in findings if each.level is Level.ERROR] == []
    assert {each.code for each in findings if seed == 20260101} <= {"check-school-vocational-attached"}


def test_county_when_names_are_read_then_no_real_place_is_meant(county):
    names = [row["township"] for row in rows(county.facts, "schools")]

    assert "虚构" in county.facts.county_name
    assert {name[:2] for name in names} == {
        "示例", "样本", "演示", "样例", "例题", "算例", "子虚", "乌有", "镜中", "水月", "云栖",
        "亡是", "虚谷", "无何", "南柯", "黄粱", "空言",
    }  # fmt: skip


def test_county_when_schools_stay_then_they_keep_who_they_are(county):
    def identity(facts):
        fixed = ("school_id", "school_name", "school_type", "ownership", "area_type", "built_year")
        return [tuple(row[name] for name in fixed) for row in rows(facts, "schools")]

    assert all(identity(facts) == identity(county.facts) for facts in county.history)


def test_county_when_a_year_follows_then_last_years_pupils_are_those_reported(county):
    before: Counter[str] = Counter()
    for row in rows(county.history[-1], "stages"):
        before[row["school_id"]] += row["student_count"]

    assert {row["school_id"]: row["previous_year_student_count"] for row in rows(county.facts, "schools")} == before


def test_verdict_when_the_county_is_judged_then_it_fails_but_not_hopelessly(verdict):
    failing = [school for school in verdict.schools if school.outcome is Outcome.NOT_MET]

    assert verdict.outcome is Outcome.NOT_MET
    assert len(verdict.schools) == 113
    assert len(failing) == 38
    assert max(7 - school.met_count for school in failing) == 3


def test_verdict_when_dispersion_is_judged_then_two_junior_indicators_are_too_uneven(verdict):
    uneven = {
        (entry.indicator_id, entry.stage.value) for entry in verdict.dispersion if entry.outcome is Outcome.NOT_MET
    }

    assert uneven == {("backbone_teachers_per_100_students", "junior"), ("sports_area_per_student", "junior")}


def test_verdict_when_items_are_judged_then_causes_and_open_questions_are_shown(verdict):
    by_outcome = {outcome: {item.item_id for item in verdict.items if item.outcome is outcome} for outcome in Outcome}

    assert by_outcome[Outcome.NOT_MET] == {
        "music_and_art_rooms", "school_size", "class_size", "teacher_training", "training_budget", "national_monitoring",
    }  # fmt: skip
    assert by_outcome[Outcome.CANNOT_TELL] == {"moral_education_and_campus_culture", "no_excessive_load"}
    assert [veto.veto_id for veto in verdict.vetoes if veto.outcome is not Outcome.MET] == ["posts_left_empty"]
