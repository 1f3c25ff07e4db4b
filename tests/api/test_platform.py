"""The doors that the platform goes through: keep an evaluation, show it, explain a standard."""

from hashlib import sha256

import pytest

from junheng import api
from junheng.core.errors import EngineError, InputError
from junheng.core.facts import Facts
from junheng.core.verdict import Outcome
from tests.demo.kept import demo_county, demo_evaluation
from tests.reports.small_evaluation import bundle_of, few_rooms


@pytest.fixture(scope="module")
def facts() -> Facts:
    return demo_county()[0]


@pytest.fixture(scope="module")
def evaluation() -> api.Evaluation:
    return demo_evaluation()


@pytest.fixture(scope="module")
def overview(evaluation) -> api.Overview:
    return api.overview(evaluation)


@pytest.mark.parametrize("standard", [entry.id for entry in api.standards()])
def test_pack_when_unpacked_then_the_evaluation_is_the_same(facts, standard) -> None:
    evaluation = api.evaluate(facts, standard)
    packed = api.pack(evaluation)

    found = api.unpack(packed)

    assert (found.verdict, found.standard, found.findings) == (evaluation.verdict, evaluation.standard, ())
    assert api.pack(found) == packed
    assert sha256(packed.verdict).hexdigest() == evaluation.verdict.digest
    assert api.explain(found, "school:9999010001") == api.explain(evaluation, "school:9999010001")


def test_unpack_when_the_verdict_is_damaged_then_says_so(evaluation) -> None:
    packed = api.pack(evaluation)
    damaged = api.Packed(packed.facts, packed.standard, b"{}", packed.findings, is_trial=False)

    with pytest.raises(EngineError):
        api.unpack(damaged)


def test_overview_when_made_then_counts_what_the_verdict_says(evaluation, overview) -> None:
    verdict = evaluation.verdict
    stages = {entry["stage"]: entry for entry in overview.figures["stages"]}

    for stage in ("primary", "junior"):
        schools = [school for school in verdict.schools if school.stage == stage]
        assert stages[stage]["judged"] == len(schools)
        assert stages[stage]["met"] == sum(school.outcome is Outcome.MET for school in schools)
    assert len(overview.schools) == len(verdict.schools)
    assert len(overview.summary["items"]) == len(verdict.items)
    # the coefficient that is furthest above its limit: junior sports area, 0.507 of 0.45
    assert (overview.figures["worst"]["text"], overview.figures["worst"]["limit_text"]) == ("0.507", "0.45")


def test_overview_when_something_blocks_then_says_what_to_do_next_in_order(overview) -> None:
    steps = overview.summary["steps"]

    outcomes = [step["outcome"] for step in steps]
    assert outcomes == sorted(outcomes, key=["not_met", "cannot_tell"].index)
    assert all(step["action"] and step["path"] for step in steps)
    first = steps[0]
    assert first["kind"] == "coefficient"
    assert [link["text"][0] for link in first["schools"]] == ["−"] * 3  # leaving each of them out lowers it
    schools = next(step for step in steps if step["kind"] == "schools")
    assert schools["school_count"] == 25
    assert "骨干教师20人" in schools["action"]


def test_overview_when_a_school_fails_then_has_its_gaps_and_its_failures(overview) -> None:
    entry = next(row for row in overview.schools if row["code"] == "9999010001")
    cells = {cell["id"]: cell for cell in entry["cells"]}

    assert (entry["met_count"], entry["outcome"]) == (5, "not_met")
    # 5.86 of 7.5 ㎡ is 78 %, below the floor of 85 %
    assert (cells["sports_area_per_student"]["band"], cells["sports_area_per_student"]["percent"]) == ("far", 78.1)
    assert cells["backbone_teachers_per_100_students"]["band"] == "high"  # 2.14 of 1
    assert [gap["short"] for gap in entry["gaps"]] == ["体艺教师", "体育场馆"]
    failures = {found["item"]: found for found in overview.summary["school_failures"]["9999010001"]}
    assert failures["class_size"]["count"] > len(failures["class_size"]["texts"]) == 12


def test_overview_when_stages_share_what_they_lack_then_it_is_listed_once_and_teachers_by_stage() -> None:
    overview = api.overview(api.evaluate(few_rooms()))

    lacking = [(row["short"], row["stage"], row["text"]) for row in overview.summary["lacking"]]
    # the school must add 5 rooms for its primary stage and 4 for its junior stage
    assert lacking == [
        ("骨干教师", "primary", "1人"),
        ("体艺教师", "junior", "1人"),
        ("仪器设备", "", "108272.73元"),
        ("多媒体教室", "", "5间"),
    ]
    rooms = [gap for row in overview.schools for gap in row["gaps"] if gap["short"] == "多媒体教室"]
    assert [(gap["to_threshold"], gap["to_floor"]) for gap in rooms] == [("2间", "2间"), ("3间", "2间")]
    assert [(gap["of_school"], gap["of_school_to_floor"]) for gap in rooms] == [("5间", "3间"), ("4间", "3间")]
    assert [gap["also_serves"] for gap in rooms] == [["junior"], ["primary"]]
    actions = [step["action"] for step in overview.summary["steps"] if step["kind"] == "schools"]
    assert [part for text in actions for part in ("多媒体教室5间", "多媒体教室4间") if part in text] == [
        "多媒体教室5间",
        "多媒体教室4间",
    ]


def test_overview_when_facts_are_missing_then_nothing_is_zero() -> None:
    bundle = bundle_of()
    overview = api.overview(api.Evaluation(bundle.facts, bundle.standard, bundle.verdict, is_trial=bundle.is_trial))

    entry = next(row for row in overview.schools if row["outcome"] == "cannot_tell")
    unknown = [cell for cell in entry["cells"] if cell["band"] == "unknown"]
    assert unknown
    assert all((cell["text"], cell["percent"]) == ("—", None) for cell in unknown)
    assert entry["least_percent"] is None
    coverage = {row["reporter"]: row for row in overview.summary["coverage"]}
    assert any(row["filled"] < row["needed"] for row in coverage.values())


@pytest.mark.parametrize("standard", [entry.id for entry in api.standards()])
def test_overview_when_the_county_reported_nothing_then_everything_cannot_be_told(facts, standard) -> None:
    from junheng.core.facts import facts_from_rows
    from junheng.readers.dictionary import load_dictionary

    empty = facts_from_rows(load_dictionary(), county_code="990101", county_name="青石县", year=2025, rows={})
    overview = api.overview(api.evaluate(empty, standard))

    assert overview.schools == []
    assert overview.figures["worst"] is None
    assert overview.summary["steps"]
    assert all(step["outcome"] == "cannot_tell" and step["action"] for step in overview.summary["steps"])


def test_school_plan_when_the_school_has_nothing_to_put_right_then_refuses(evaluation) -> None:
    names = api.school_plan_names(evaluation)
    name, content = api.school_plan(evaluation, next(iter(names)))

    assert (name, content[:2]) == (next(iter(names.values())), b"PK")
    with pytest.raises(InputError, match="没有需要整改"):
        api.school_plan(evaluation, "0000000000")


def test_standard_sections_when_asked_for_then_hold_numbers_clauses_and_cases() -> None:
    sections = {section.title: section for section in api.standard_sections(api.DEFAULT_STANDARD)}

    assert {"资源配置指标", "一票否决", "过渡性例外", "解释", "算例"} <= set(sections)
    assert sections["过渡性例外"].has_ids
    assert "4.2人" in sections["资源配置指标"].rows[0][3]
