"""Writing by programs: conflicts, refusals, and keys that make a write happen once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.audit.models import Entry
from junheng.web.evaluations.models import Run
from junheng.web.rest.idempotency import KEPT_FOR
from junheng.web.rest.models import Answer
from junheng.web.returns.models import State, Version, WrittenReason
from tests.web.rest.conftest import Program, ProgramFor
from tests.web.returns.reporting import (
    ROOMS,
    SCHOOL,
    SIZES,
    STAGE,
    STANDARD,
    YEAR,
    edits_for,
    entry_of,
    fill_school,
    open_round,
    type_in,
    version_of,
)
from tests.web.world import World

TABLES = {
    "schools": [SCHOOL],
    "stages": [STAGE],
    "classes": [
        {"stage": "小学", "grade": str(grade), "class_name": f"{grade}1班", "student_count": str(size)}
        for grade, size in enumerate(SIZES, start=1)
    ],
    "rooms": [{"room_name": name, "purpose": purpose, "area": area} for name, purpose, area in ROOMS],
}


@pytest.fixture
def reporter(world: World, program: ProgramFor) -> Program:
    open_round(world)
    return program(Role.REPORTER, "school")


def address_of(world: World, rest: str = "") -> str:
    return f"/returns/{entry_of(world, 'school').pk}{rest}"


def test_submit_return_when_tables_are_given_then_all_is_filled_in_and_handed_over(world, reporter) -> None:
    answer = reporter.send("POST", address_of(world, "/submit"), {"tables": TABLES})

    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["state"] == "at_principal"
    version = version_of(entry_of(world, "school"))
    assert version.values["schools"][0]["book_count"] == 4200
    assert version.submitted_by == "填报员·青石镇示例小学（接口:学籍系统）"
    last = Entry.objects.filter(action="return.submit").get()
    assert (last.user_name, last.role) == (version.submitted_by, "reporter")


def test_submit_return_when_the_same_key_comes_again_then_the_same_answer_is_given(world, reporter) -> None:
    address, key = address_of(world, "/submit"), str(uuid.uuid4())

    first = reporter.send("POST", address, {"tables": TABLES}, key=key)
    again = reporter.send("POST", address, {"tables": TABLES}, key=key)
    other = reporter.send("POST", address, {}, key=key)

    assert (first.status_code, again.json()) == (200, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert Entry.objects.filter(action="return.submit").count() == 1


def test_submit_return_when_it_was_submitted_with_another_key_then_it_is_refused(world, reporter) -> None:
    reporter.send("POST", address_of(world, "/submit"), {"tables": TABLES})
    answer = reporter.send("POST", address_of(world, "/submit"), {"tables": TABLES})

    assert (answer.status_code, answer.json()["code"]) == (409, "refused")
    assert "待校级审核" in answer.json()["detail"]


def test_submit_return_when_findings_stand_in_the_way_then_they_are_listed_and_nothing_is_kept(world, reporter) -> None:
    key = str(uuid.uuid4())
    answer = reporter.send("POST", address_of(world, "/submit"), {"tables": {**TABLES, "stages": []}}, key=key)

    assert (answer.status_code, answer.json()["code"]) == (422, "blocked")
    assert {finding["level"] for finding in answer.json()["findings"]} <= {"error", "warning"}
    assert "book_count" not in version_of(entry_of(world, "school")).values["schools"][0]
    # what was refused may be tried again under its key
    assert reporter.send("POST", address_of(world, "/submit"), {"tables": TABLES}, key=key).status_code == 200


def test_submit_return_when_a_text_cannot_be_taken_then_a_finding_names_it(world, reporter) -> None:
    tables = {**TABLES, "schools": [{**SCHOOL, "book_count": "四千"}]}
    answer = reporter.send("POST", address_of(world, "/submit"), {"tables": tables})

    assert [finding["code"] for finding in answer.json()["findings"]] == ["cell-not-taken"]


def test_save_cells_when_a_cell_cannot_be_taken_then_the_others_are_saved(world, reporter) -> None:
    row = version_of(entry_of(world, "school")).row_ids["schools"][0]
    cells = [
        {"table": "schools", "row_id": row, "field": "book_count", "text": "４，２００册"[:5]},
        {"table": "schools", "row_id": row, "field": "computer_count", "text": "许多"},
    ]

    answer = reporter.send("PUT", address_of(world, "/cells"), {"lock_version": 1, "cells": cells})

    assert answer.json()["lock_version"] == 2
    assert [problem["field"] for problem in answer.json()["problems"]] == ["computer_count"]
    assert version_of(entry_of(world, "school")).values["schools"][0]["book_count"] == 4200


def test_save_cells_when_somebody_was_faster_then_the_cells_are_told_and_nothing_is_saved(world, reporter) -> None:
    entry = fill_school(world)
    row = version_of(entry).row_ids["schools"][0]
    cells = [{"table": "schools", "row_id": row, "field": "book_count", "text": "5000", "was": "100"}]

    answer = reporter.send("PUT", address_of(world, "/cells"), {"lock_version": 1, "cells": cells})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "conflict")
    assert [(each["theirs"], each["mine"]) for each in problem["conflicts"]] == [("4200", "5000")]
    assert problem["lock_version"] == entry.lock_version
    assert version_of(entry).values["schools"][0]["book_count"] == 4200


def test_fill_tables_when_rows_are_given_then_they_take_the_place_of_the_old_ones(world, reporter) -> None:
    entry = fill_school(world)
    rooms = [{"room_name": "书法教室", "purpose": "美术", "area": "90"}]

    answer = reporter.send("PUT", address_of(world, "/tables"), {"tables": {"rooms": rooms}})

    assert answer.status_code == 200
    assert [row["room_name"] for row in version_of(entry).values["rooms"]] == ["书法教室"]
    assert len(version_of(entry).values["classes"]) == 6


def test_write_reason_when_a_warning_is_there_then_it_blocks_no_longer(world, reporter) -> None:
    entry = fill_school(world)
    row = version_of(entry).row_ids["schools"][0]
    type_in(world, "school", edits_for(version_of(entry), "schools", {"previous_year_student_count": "400"}))
    assert row
    warnings = reporter.get(address_of(world, "/findings"), level="warning").json()["items"]
    assert [warning["is_blocking"] for warning in warnings] == [True] * len(warnings)
    assert warnings

    for warning in warnings:
        body = {"reference": warning["reference"], "text": "撤并后划转"}
        assert reporter.send("PUT", address_of(world, "/reasons"), body).status_code == 200

    after = reporter.get(address_of(world, "/findings"), level="warning").json()["items"]
    assert [(each["reason"], each["is_blocking"]) for each in after] == [("撤并后划转", False)] * len(warnings)
    assert WrittenReason.objects.count() == len(warnings)


def test_start_run_when_the_key_comes_again_then_one_run_is_started(world, program) -> None:
    office, key = program(Role.COUNTY_OFFICE, "county"), str(uuid.uuid4())
    body = {"year": YEAR, "standard": STANDARD, "source": "trial"}

    answers = [office.send("POST", "/runs", body, key=key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert Run.objects.count() == 1


def test_once_when_the_answer_is_too_old_then_it_is_forgotten_and_the_write_is_done_again(world, reporter) -> None:
    address, key = address_of(world, "/tables"), str(uuid.uuid4())
    body = {"tables": {"rooms": TABLES["rooms"]}}
    reporter.send("PUT", address, body, key=key)
    Answer.objects.update(at=timezone.now() - KEPT_FOR - timedelta(minutes=1))

    reporter.send("PUT", address, body, key=key)

    assert Entry.objects.filter(action="return.fill").count() == 2


def test_writes_when_the_key_is_missing_then_they_are_refused(world, program) -> None:
    office = program(Role.COUNTY_OFFICE, "county")
    answer = office.client.post("/api/v1/runs", {"year": YEAR}, content_type="application/json")

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.content.decode()


def test_submit_return_when_the_round_is_locked_then_it_is_refused(world, reporter) -> None:
    entry = entry_of(world, "school")
    entry.round.locked_at = timezone.now()
    entry.round.save()

    answer = reporter.send("POST", address_of(world, "/submit"), {"tables": TABLES})

    assert (answer.status_code, answer.json()["code"]) == (409, "refused")
    assert entry_of(world, "school").state == State.DRAFT
    assert Version.objects.filter(submitted_at__isnull=False).count() == 0
