"""Typing into a draft: what is taken, what is refused, and what happens when two people type."""

from typing import Any

import pytest

from junheng.web.access.roles import Role
from junheng.web.audit.models import Entry
from junheng.web.returns.actions import drafts, remarks, submissions
from junheng.web.returns.actions.drafts import Edit
from junheng.web.returns.errors import BlockedError, ConflictError, RefusedError
from junheng.web.returns.models import Remark, Round, State
from tests.web.returns.reporting import (
    SCHOOL,
    SIZES,
    STAGE,
    edits_for,
    entry_of,
    fill_school,
    open_round,
    submit,
    type_in,
    version_of,
)
from tests.web.world import World


@pytest.fixture
def opened(world: World) -> World:
    open_round(world)
    return world


def books(world: World, text: str, was: str | None = None) -> list[Edit]:
    number = version_of(entry_of(world, "school")).row_ids["schools"][0]
    return [Edit("schools", number, "book_count", text, was)]


def save(world: World, edits: list[Edit], lock_version: int) -> drafts.Saved:
    entry = entry_of(world, "school")
    return drafts.save(
        by=world.actor(Role.REPORTER, "school"), return_id=entry.pk, lock_version=lock_version, edits=edits
    )


def test_save_when_cells_are_typed_then_they_are_canonical_with_their_origin(opened: World) -> None:
    version = version_of(entry_of(opened, "school"))
    texts = {"equipment_value": "３６.5", "book_count": "4,200", "is_boarding": "否", "area_type": "镇"}

    saved = type_in(opened, "school", edits_for(version, "schools", texts))

    version = version_of(entry_of(opened, "school"))
    school = version.values["schools"][0]
    # 36.5 万元 = 36.5 × 1 000 000 分
    assert (school["equipment_value"], school["book_count"]) == (36_500_000, 4_200)
    assert (school["is_boarding"], school["area_type"]) == (False, "town")
    assert (saved.lock_version, saved.changed_count) == (2, 4)
    origin = version.origins["list"][version.origins["of"]["schools|9900000001|book_count"]]
    assert (origin["kind"], origin["by"]) == ("web", opened.actor(Role.REPORTER, "school").name)
    audit = Entry.objects.get(action="return.save")
    assert audit.after["schools|9900000001|book_count"] == "4200"
    assert audit.before["schools|9900000001|book_count"] == ""


def test_save_when_many_cells_are_typed_then_the_audit_row_only_counts_them(opened: World) -> None:
    version = version_of(entry_of(opened, "school"))
    type_in(opened, "school", edits_for(version, "schools", SCHOOL))
    number = drafts.add_row(
        by=opened.actor(Role.REPORTER, "school"), return_id=entry_of(opened, "school").pk, table="stages"
    ).row_id

    type_in(opened, "school", [Edit("stages", number or 0, name, text) for name, text in STAGE.items()])

    assert Entry.objects.filter(action="return.save").order_by("-pk")[0].after == {"cells": len(STAGE)}


def test_save_when_nothing_differs_then_nothing_is_written(opened: World) -> None:
    saved = save(opened, books(opened, ""), 1)

    assert (saved.lock_version, saved.changed_count) == (1, 0)


def test_save_when_a_value_is_taken_away_then_its_origin_goes_too(opened: World) -> None:
    save(opened, books(opened, "100"), 1)
    save(opened, books(opened, "", was="100"), 2)

    version = version_of(entry_of(opened, "school"))
    assert "book_count" not in version.values["schools"][0]
    assert version.origins == {"of": {}, "list": []}


def test_save_when_a_text_cannot_be_taken_then_the_others_are_saved_and_it_is_told(opened: World) -> None:
    number = version_of(entry_of(opened, "school")).row_ids["schools"][0]

    saved = save(opened, [*books(opened, "很多"), Edit("schools", number, "computer_count", "30")], 1)

    assert [problem.field for problem in saved.problems] == ["book_count"]
    assert version_of(entry_of(opened, "school")).values["schools"][0]["computer_count"] == 30


@pytest.mark.parametrize(
    "edit",
    [
        Edit("schools", 1, "school_id", "9900000009"),  # identity comes from the tree
        Edit("schools", 1, "no_such_field", "1"),
        Edit("county", 1, "population", "1"),  # not a school's
        Edit("schools", 99, "book_count", "1"),
    ],
)
def test_save_when_the_cell_is_not_part_of_the_return_then_it_is_refused(opened: World, edit: Edit) -> None:
    with pytest.raises(RefusedError, match="没有这一格"):
        save(opened, [edit], 1)


def test_save_when_others_changed_other_cells_then_both_are_kept(opened: World) -> None:
    number = version_of(entry_of(opened, "school")).row_ids["schools"][0]
    save(opened, books(opened, "100", was=""), 1)

    save(opened, [Edit("schools", number, "computer_count", "30", was="")], 1)

    school = version_of(entry_of(opened, "school")).values["schools"][0]
    assert (school["book_count"], school["computer_count"]) == (100, 30)


def test_save_when_others_changed_the_same_cell_then_nothing_is_saved_and_all_three_are_told(opened: World) -> None:
    number = version_of(entry_of(opened, "school")).row_ids["schools"][0]
    save(opened, books(opened, "100", was=""), 1)

    with pytest.raises(ConflictError) as refusal:
        save(opened, [*books(opened, "200", was=""), Edit("schools", number, "computer_count", "30", was="")], 1)

    (conflict,) = refusal.value.conflicts
    assert (conflict.base, conflict.theirs, conflict.mine) == ("", "100", "200")
    assert opened.actor(Role.REPORTER, "school").name in conflict.their_name
    assert refusal.value.lock_version == 2
    assert "computer_count" not in version_of(entry_of(opened, "school")).values["schools"][0]


def test_save_when_a_page_is_new_in_name_only_then_its_old_cells_still_conflict(opened: World) -> None:
    save(opened, books(opened, "100", was=""), 1)

    with pytest.raises(ConflictError):
        save(opened, books(opened, "200", was=""), 2)


def test_save_when_others_emptied_the_cell_then_the_conflict_names_nobody(opened: World) -> None:
    save(opened, books(opened, "100", was=""), 1)
    save(opened, books(opened, "", was="100"), 2)

    with pytest.raises(ConflictError) as refusal:
        save(opened, books(opened, "200", was="100"), 2)

    assert (refusal.value.conflicts[0].theirs, refusal.value.conflicts[0].their_name) == ("", "")


def test_save_when_the_page_does_not_say_what_it_showed_then_the_lock_version_decides(opened: World) -> None:
    save(opened, books(opened, "100"), 1)
    save(opened, books(opened, "150"), 2)

    with pytest.raises(ConflictError):
        save(opened, books(opened, "200"), 2)


def test_save_when_the_row_was_removed_meanwhile_then_the_conflict_says_so(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    number = drafts.add_row(by=by, return_id=entry.pk, table="rooms", texts={"room_name": "音乐室"}).row_id or 0
    drafts.remove_row(by=by, return_id=entry.pk, lock_version=2, table="rooms", row_id=number)

    with pytest.raises(ConflictError) as refusal:
        save(opened, [Edit("rooms", number, "area", "80", was="")], 2)

    assert refusal.value.conflicts[0].is_row_gone


def test_save_when_the_round_is_locked_then_it_is_refused(opened: World) -> None:
    Round.objects.update(locked_at="2026-01-01T00:00:00Z")

    with pytest.raises(RefusedError, match="已锁定"):
        save(opened, books(opened, "100"), 1)


def test_rows_when_added_then_the_school_is_known_and_bad_texts_are_told(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")

    saved = drafts.add_row(by=by, return_id=entry.pk, table="rooms", texts={"room_name": "音乐室", "area": "很大"})

    assert version_of(entry).values["rooms"] == [{"school_id": "9900000001", "room_name": "音乐室"}]
    assert [problem.field for problem in saved.problems] == ["area"]


def test_rows_when_a_cell_or_table_is_not_part_of_the_return_then_it_is_refused(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")

    for table in ("schools", "county"):
        with pytest.raises(RefusedError, match="不能增加行"):
            drafts.add_row(by=by, return_id=entry.pk, table=table)
    with pytest.raises(RefusedError, match="没有这一格"):
        drafts.add_row(by=by, return_id=entry.pk, table="rooms", texts={"school_id": "1"})


def test_rows_when_there_are_too_many_then_it_is_refused(opened: World, monkeypatch) -> None:
    monkeypatch.setattr(drafts, "MOST_ROWS", 1)
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    drafts.add_row(by=by, return_id=entry.pk, table="rooms")

    with pytest.raises(RefusedError, match="最多 1 行"):
        drafts.add_row(by=by, return_id=entry.pk, table="rooms")


def test_rows_when_a_county_table_gets_one_then_it_carries_no_school(opened: World) -> None:
    by, entry = opened.actor(Role.COUNTY_OFFICE, "county"), entry_of(opened, "county")

    drafts.add_row(by=by, return_id=entry.pk, table="judgements", texts={"item_id": "extra"})

    assert version_of(entry).values["judgements"][-1] == {"item_id": "extra"}


def test_rows_when_removed_then_they_are_gone_once_and_only_by_a_fresh_page(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    number = drafts.add_row(by=by, return_id=entry.pk, table="rooms", texts={"room_name": "音乐室"}).row_id or 0
    remove: dict[str, Any] = {"by": by, "return_id": entry.pk, "table": "rooms", "row_id": number}

    with pytest.raises(RefusedError, match="没有删除"):
        drafts.remove_row(**remove, lock_version=1)
    assert drafts.remove_row(**remove, lock_version=2).changed_count == 1
    assert drafts.remove_row(**remove, lock_version=2).changed_count == 0
    with pytest.raises(RefusedError, match="不能删除"):
        drafts.remove_row(by=by, return_id=entry.pk, lock_version=3, table="schools", row_id=1)


def test_fill_when_whole_tables_are_given_then_they_take_the_place_of_the_rows(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    rooms = [{"room_name": "音乐室", "purpose": "音乐", "area": "98"}]
    drafts.fill(by=by, return_id=entry.pk, tables={"schools": [SCHOOL], "rooms": [*rooms, *rooms]})

    saved = drafts.fill(by=by, return_id=entry.pk, tables={"schools": [{"book_count": "?"}], "rooms": rooms})

    version = version_of(entry)
    assert len(version.values["rooms"]) == 1
    assert version.values["schools"][0]["book_count"] == 4200  # not named well: kept as it was
    assert [(problem.field, problem.row_id) for problem in saved.problems] == [("book_count", 1)]


@pytest.mark.parametrize("tables", [{"county": [{}]}, {"schools": [{}, {}]}])
def test_fill_when_a_table_is_foreign_or_too_long_then_it_is_refused(opened: World, tables: dict) -> None:
    with pytest.raises(RefusedError, match="行数过多"):
        drafts.fill(by=opened.actor(Role.REPORTER, "school"), return_id=entry_of(opened, "school").pk, tables=tables)


def classes() -> list[dict[str, str]]:
    return [
        {"stage": "小学", "grade": str(grade), "class_name": "1班", "student_count": str(size)}
        for grade, size in enumerate(SIZES, start=1)
    ]


def test_report_when_a_program_sends_all_then_it_is_submitted_once(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    tables = {"schools": [SCHOOL], "stages": [STAGE], "classes": classes()}

    first = submissions.report(by=by, return_id=entry.pk, key="k", tables=tables)
    second = submissions.report(by=by, return_id=entry.pk, key="k", tables=tables)

    assert first.pk == second.pk
    assert version_of(entry).values["schools"][0]["book_count"] == 4200
    # 20 of the 26 cells of the school, 21 of the stage, 4 × 6 of the classes
    assert entry_of(opened, "school").filled_count == len(SCHOOL) + len(STAGE) + 4 * 6


def test_report_when_a_text_cannot_be_taken_then_nothing_is_kept_and_it_is_named(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")

    with pytest.raises(BlockedError) as refusal:
        submissions.report(by=by, return_id=entry.pk, key="k", tables={"schools": [{**SCHOOL, "book_count": "?"}]})

    assert refusal.value.findings[0]["location"]["field"] == "book_count"
    assert (entry_of(opened, "school").state, entry_of(opened, "school").lock_version) == (State.DRAFT, 1)


def test_checks_when_the_main_school_stands_in_the_county_then_nothing_is_said_about_it(opened: World) -> None:
    fill_school(opened)
    version = version_of(entry_of(opened, "school"))

    known = type_in(opened, "school", edits_for(version, "schools", {"parent_school_id": "9900000002"}))
    unknown = type_in(opened, "school", edits_for(version, "schools", {"parent_school_id": "1234567890"}))

    assert [finding["code"] for finding in known.findings] == []
    assert [finding["code"] for finding in unknown.findings] == ["check-school-parent-unknown"]


def test_checks_when_a_department_fills_in_then_only_its_own_cells_are_checked(opened: World) -> None:
    version = version_of(entry_of(opened, "finance"))

    saved = type_in(
        opened, "finance", edits_for(version, "county", {"fiscal_revenue_per_capita": "2000"}), Role.DEPARTMENT
    )

    assert saved.findings == ()
    assert submit(opened, "finance", role=Role.DEPARTMENT).number == 1
    assert entry_of(opened, "finance").state == State.AT_COUNTY


def test_comment_when_text_or_cell_is_wrong_then_it_is_refused(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    good: dict[str, Any] = {
        "by": by,
        "return_id": entry.pk,
        "table": "schools",
        "row_key": "9900000001",
        "field": "book_count",
    }

    for text in (" ", "x" * 501):
        with pytest.raises(RefusedError, match="500 字"):
            remarks.comment(**good, text=text)
    with pytest.raises(RefusedError, match="没有这一格"):
        remarks.comment(**{**good, "table": "county"}, text="x")
    with pytest.raises(RefusedError, match="只有填报人"):
        remarks.comment(**{**good, "by": opened.actor(Role.LEADER, "county")}, text="x")
    remarks.comment(**{**good, "by": opened.actor(Role.COUNTY_OFFICE, "county")}, text="请核对")
    assert Remark.objects.get().text == "请核对"


def test_comment_when_sent_twice_then_stands_once_until_it_is_dealt_with(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    said = {"table": "schools", "row_key": "9900000001", "field": "book_count", "text": "请核对"}

    first, again = (remarks.comment(by=by, return_id=entry.pk, **said) for _ in range(2))
    remarks.resolve(by=by, return_id=entry.pk, remark_id=first.pk)

    assert first == again
    assert remarks.comment(by=by, return_id=entry.pk, **said) != first


def test_resolve_when_a_remark_is_dealt_with_then_it_is_marked_once(opened: World) -> None:
    by, entry = opened.actor(Role.REPORTER, "school"), entry_of(opened, "school")
    remark = remarks.comment(
        by=by, return_id=entry.pk, table="schools", row_key="9900000001", field="book_count", text="x"
    )

    for _ in range(2):
        remarks.resolve(by=by, return_id=entry.pk, remark_id=remark.pk)

    assert Remark.objects.get().resolved_at is not None
    assert Entry.objects.filter(action="return.resolve_remark").count() == 1


def test_save_when_the_role_does_not_fill_in_then_it_is_refused(opened: World) -> None:
    with pytest.raises(RefusedError, match="不能填写"):
        drafts.save(
            by=opened.actor(Role.PRINCIPAL, "school"),
            return_id=entry_of(opened, "school").pk,
            lock_version=1,
            edits=books(opened, "1"),
        )
