"""Facts of a county from its versions: what is taken, where each value came from, what is missing."""

from pathlib import Path

from junheng.web.access.roles import Role
from junheng.web.accounts.actors import actor_of
from junheng.web.returns.actions import corrections, drafts, remarks, uploads
from junheng.web.returns.facts import collect, earlier_facts, facts_of, versions_by_ref
from junheng.web.returns.models import State
from tests.web.returns.county import build_county, import_year
from tests.web.returns.reporting import (
    approve_fully,
    edits_for,
    entry_of,
    fill_school,
    open_round,
    submit,
    type_in,
    version_of,
    workbook,
)
from tests.web.world import World


def test_collect_when_only_one_school_is_approved_then_the_others_are_missing(world: World) -> None:
    open_round(world)
    fill_school(world)
    submit(world)
    approve_fully(world)

    found = collect(county=world["county"], year=2025, approved_only=True)

    assert [row["school_id"] for row in found.facts.table("schools").rows(named=True)] == ["9900000001"]
    assert {place.name for place in found.missing} >= {"青石县第一小学", "青石县财政局", "青石县"}
    assert [(ref.return_id, ref.number) for ref in found.versions] == [(entry_of(world, "school").pk, 1)]
    assert found.facts.county_value("county_name") == "青石县"
    assert found.facts.county_value("population") is None


def test_collect_when_drafts_count_then_everybody_is_there_and_drafts_have_a_digest(world: World) -> None:
    open_round(world)
    type_in(
        world,
        "finance",
        edits_for(version_of(entry_of(world, "finance")), "county", {"fiscal_revenue_per_capita": "2000"}),
        Role.DEPARTMENT,
    )

    found = collect(county=world["county"], year=2025, approved_only=False)

    assert found.missing == ()
    assert len(found.facts.table("schools")) == 3
    assert found.facts.county_value("fiscal_revenue_per_capita") == 200_000  # 2000 元 = 200 000 分
    assert len(found.facts.table("county_years")) == 5  # two owners, one row a year
    assert all(len(ref.digest) == 64 for ref in found.versions)


def test_collect_when_a_correction_is_under_way_then_the_approved_version_is_taken(world: World) -> None:
    open_round(world)
    fill_school(world)
    submit(world)
    approve_fully(world)
    by, entry = world.actor(Role.REPORTER, "school"), entry_of(world, "school")
    corrections.start(by=by, return_id=entry.pk, reason="x")
    type_in(world, "school", edits_for(version_of(entry), "schools", {"book_count": "9999"}))

    approved, current = (
        collect(county=world["county"], year=2025, approved_only=flag).facts.table("schools")["book_count"].to_list()
        for flag in (True, False)
    )

    assert approved == [4200]
    assert current[0] == 9999


def test_locate_when_values_were_typed_and_uploaded_then_each_says_where_it_came_from(
    world: World, tmp_path: Path
) -> None:
    opened = open_round(world)
    by, entry = world.actor(Role.REPORTER, "school"), entry_of(world, "school")
    rows = {"schools": [{"school_id": "9900000001", "school_name": "学校", "book_count": 5000}]}
    upload = uploads.receive(by=by, round_id=opened.pk, file=workbook(tmp_path / "本校.xlsx", rows), return_id=entry.pk)
    uploads.apply(by=by, upload_id=upload.pk, seen=uploads.fingerprint(uploads.plans(upload)))
    type_in(world, "school", edits_for(version_of(entry), "schools", {"computer_count": "30"}))
    type_in(
        world,
        "finance",
        edits_for(version_of(entry_of(world, "finance")), "county", {"fiscal_revenue_per_capita": "2000"}),
        Role.DEPARTMENT,
    )

    facts = collect(county=world["county"], year=2025, approved_only=False).facts

    book = facts.locate("schools", ("9900000001",), "book_count", "青石镇示例小学")
    assert (book.file, book.sheet, book.subject) == ("本校.xlsx", "学校", "青石镇示例小学")
    assert book.cell
    computer = facts.locate("schools", ("9900000001",), "computer_count")
    assert computer.file.startswith(f"网页填报 · {by.name} · ")
    assert (computer.sheet, computer.row, computer.cell) == ("学校", 1, "")
    assert facts.locate("county", ("990101",), "fiscal_revenue_per_capita").file.startswith("网页填报")
    for table, key, field in (
        ("schools", ("9900000001",), "built_year"),
        ("schools", ("0",), "built_year"),
        ("county", ("990101",), "gdp_per_capita"),
    ):
        assert facts.locate(table, key, field).row is None


def test_collect_when_a_warning_has_a_reason_then_it_is_no_finding_any_more(world: World) -> None:
    open_round(world)
    fill_school(world)
    type_in(world, "school", edits_for(version_of(entry_of(world, "school")), "schools", {"senior_student_count": "5"}))
    codes = [
        finding.code
        for finding in collect(county=world["county"], year=2025, approved_only=False).findings
        if "9900000001" in finding.reference
    ]
    assert "check-school-senior-unexpected" in codes
    reference = "check-school-senior-unexpected:schools:9900000001"
    remarks.explain(
        by=world.actor(Role.REPORTER, "school"),
        return_id=entry_of(world, "school").pk,
        reference=reference,
        text="借读",
    )

    found = collect(county=world["county"], year=2025, approved_only=False).findings

    assert reference not in {finding.reference for finding in found}


def test_collect_when_there_is_no_round_then_the_facts_are_empty(world: World) -> None:
    found = collect(county=world["county"], year=2020, approved_only=True)

    assert (found.versions, found.missing) == ((), ())
    assert len(found.facts.table("schools")) == 0


def test_collect_when_a_whole_county_was_imported_then_the_facts_are_the_same_in_few_queries(
    db, django_assert_max_num_queries
) -> None:
    county = build_county()
    import_year(county, county.previous)
    import_year(county, county.facts)

    with django_assert_max_num_queries(8):
        found = collect(county=county.place, year=county.facts.year, approved_only=True)

    for name, frame in county.facts.tables.items():
        rows = {str(sorted(row.items(), key=str)) for row in frame.rows(named=True)}
        assert {str(sorted(row.items(), key=str)) for row in found.facts.table(name).rows(named=True)} == rows
    located = found.facts.locate("schools", (county.facts.table("schools")["school_id"].to_list()[0],), "school_type")
    assert located.file.startswith("导入")
    assert earlier_facts(county.place, county.previous.year) is None
    again = facts_of(county.place, county.facts.year, versions_by_ref((v.return_id, v.number) for v in found.versions))
    assert again.table("classes").rows() == found.facts.table("classes").rows()


def test_checks_when_last_year_was_imported_then_they_compare_with_it(db) -> None:
    county = build_county(with_previous=True)
    county.open_round()
    entry = county.place.children.get(code="9999010004").returns.get(round__year=county.facts.year)
    by_member = county.member(Role.REPORTER, entry.organisation, "reporter")
    saved = drafts.fill(by=actor_of(by_member), return_id=entry.pk, tables={"schools": [{"outdoor_sports_area": "1"}]})

    assert "check-school-sports-area-change" in {finding["code"] for finding in saved.findings}
    assert entry.state == State.DRAFT
