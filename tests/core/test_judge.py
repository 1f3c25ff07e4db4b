"""The whole verdict: how its parts come together, what it covers, and what it is bound to."""

from datetime import date

from junheng import __version__
from junheng.core.judge import default_day, judge
from junheng.core.standard import Part
from junheng.core.verdict import Outcome
from junheng.readers.dictionary import load_dictionary
from junheng.readers.standards import load_standard
from tests.core.resource_counties import BASIC, DAY, HUNAN, QUALITY, county, junior, primary, spread, verdict_of

SPORTS = "converted_and_leased_sports_area"


def two() -> tuple:
    return primary("1"), primary("2"), junior("3"), junior("4")


def test_verdict_when_no_day_is_given_then_the_last_day_of_the_year():
    verdict = judge(county(*two()), load_standard(QUALITY), load_dictionary())
    assert verdict.judged_on == default_day(2025) == date(2025, 12, 31)


def test_verdict_when_made_then_it_says_what_was_judged_by_what_and_when():
    facts, standard = county(*two()), load_standard(QUALITY)
    verdict = verdict_of(facts, QUALITY, SPORTS)
    assert (verdict.county_code, verdict.county_name, verdict.year) == ("990101", "示例县", 2025)
    assert (verdict.standard_id, verdict.standard_version) == (QUALITY, standard.version)
    assert verdict.standard_digest == standard.digest != ""
    assert (verdict.engine_version, verdict.judged_on) == (__version__, DAY)
    assert verdict.exceptions_enabled == (SPORTS,)
    assert len({verdict.digest, verdict.facts_digest, verdict.standard_digest, ""}) == 4


def test_verdict_when_schools_are_met_and_items_are_open_then_cannot_tell():
    verdict = verdict_of(county(*two()))
    parts = {entry.part: entry.outcome for entry in verdict.parts}
    assert parts[Part.RESOURCES] is Outcome.MET
    assert parts[Part.VETO] is Outcome.CANNOT_TELL
    assert verdict.outcome is Outcome.CANNOT_TELL


def test_verdict_when_there_is_no_school_then_the_resource_part_says_so():
    part = verdict_of(county()).part(Part.RESOURCES)
    assert part is not None
    assert part.outcome is Outcome.CANNOT_TELL
    assert [reason.code for reason in part.reasons] == ["no-school"]


def test_verdict_when_the_composite_is_judged_then_it_alone_decides_the_resource_part():
    # eight equal coefficients of 0 in each stage: 2 composites are judged, no school and no single coefficient
    part = verdict_of(county(*two()), BASIC).part(Part.RESOURCES)
    assert part is not None
    assert (part.outcome, part.met_count) == (Outcome.MET, 2)


def test_verdict_when_the_standard_asks_for_county_means_then_they_are_counted():
    # 4 school stages, 14 coefficients, 14 means
    part = verdict_of(county(*two()), HUNAN).part(Part.RESOURCES)
    assert part is not None
    assert part.met_count == 4 + 14 + 14


def test_mean_when_it_prints_on_its_threshold_but_is_below_then_flagged():
    # (42 + 41.99…) teachers: 4.196 per hundred prints 4.20; 10 000 + 10 000 pupils with 420 + 419 teachers give 4.195
    def school(school_id: str, bachelors: int) -> tuple:
        counts = {"master_teacher_count": 0, "associate_teacher_count": 0, "bachelor_teacher_count": bachelors}
        return primary(school_id, 10_000, **counts)

    results = verdict_of(county(school("1", 420), school("2", 419)), HUNAN)
    entry = spread(results, "above_standard_teachers_per_100_students")
    assert (entry.outcome, entry.mean_outcome) == (Outcome.MET, Outcome.NOT_MET)
    assert entry.is_rounding_sensitive
    plain = verdict_of(county(school("1", 420), school("2", 419)), QUALITY)
    assert not spread(plain, "above_standard_teachers_per_100_students").is_rounding_sensitive


def test_exception_when_it_is_for_schools_and_outside_its_time_then_the_resource_part_says_so():
    facts = county(
        primary("1", is_dense_inner_city=True, converted_sports_area=100, leased_sports_area=0), primary("2")
    )
    early = judge(facts, load_standard(QUALITY), load_dictionary(), on=date(2018, 12, 31), enabled=frozenset([SPORTS]))
    part = early.part(Part.RESOURCES)
    assert part is not None
    assert [reason.code for reason in part.reasons] == ["exception-not-in-force"]
    assert (early.exceptions_enabled, early.exceptions_used) == ((SPORTS,), ())
    assert verdict_of(facts, QUALITY, SPORTS).exceptions_used == (SPORTS,)


def test_coverage_when_a_fact_is_missing_then_it_is_counted():
    covered = verdict_of(county(primary("1", backbone_teacher_count=None), primary("2"))).coverage
    assert covered["stages.backbone_teacher_count"] == (1, 2)
    assert covered["schools.equipment_value"] == (2, 2)


def test_digest_when_one_fact_changes_then_another_and_when_rows_are_turned_the_same():
    first = verdict_of(county(primary("1"), primary("2")))
    turned = verdict_of(county(primary("2"), primary("1")))
    other = verdict_of(county(primary("1", pupils=999), primary("2")))
    assert first.digest == turned.digest
    assert first.digest != other.digest
    assert first.facts_digest != other.facts_digest
