"""Workbooks sent by programs."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng.web.access.roles import Role
from junheng.web.returns.models import Upload
from tests.web.judged import typed_rows
from tests.web.rest.conftest import Program, ProgramFor
from tests.web.returns.reporting import entry_of, open_round, version_of, workbook
from tests.web.world import World


@pytest.fixture
def reporter(world: World, program: ProgramFor) -> Program:
    open_round(world)
    return program(Role.REPORTER, "school")


def send(asking: Program, address: str, tmp_path: Path, world: World, key: str = "upload-0001") -> Any:
    """The answer to a filled-in workbook of the school."""
    school = world["school"]
    file = workbook(tmp_path / "school.xlsx", typed_rows(((school.code, school.name),)))
    return asking.upload(address, file, key=key)


def test_send_workbook_when_read_then_the_answer_says_what_it_would_change(world, reporter, tmp_path) -> None:
    entry = entry_of(world, "school")

    answer = send(reporter, f"/returns/{entry.pk}/workbook", tmp_path, world)

    told = answer.json()
    assert (answer.status_code, told["state"], told["return_id"]) == (201, "read", entry.pk)
    [plan] = told["plans"]
    books = next(change for change in plan["changes"] if change["label"].startswith("图书"))
    assert (books["before"], books["after"]) == ("未填", "4200 册")
    assert "book_count" not in version_of(entry).values["schools"][0]


def test_send_workbook_when_the_same_key_comes_again_then_the_same_upload_is_told(world, reporter, tmp_path) -> None:
    address = f"/returns/{entry_of(world, 'school').pk}/workbook"

    first, again = send(reporter, address, tmp_path, world), send(reporter, address, tmp_path, world)

    assert first.json()["id"] == again.json()["id"]
    assert Upload.objects.count() == 1


def test_apply_upload_when_the_preview_was_seen_then_the_draft_is_filled(world, reporter, tmp_path) -> None:
    entry = entry_of(world, "school")
    told = send(reporter, f"/returns/{entry.pk}/workbook", tmp_path, world).json()

    stale = reporter.send("POST", f"/uploads/{told['id']}/apply", {"seen": "something else"})
    done = reporter.send("POST", f"/uploads/{told['id']}/apply", {"seen": told["seen"]})

    assert (stale.status_code, stale.json()["code"]) == (409, "refused")
    assert (done.status_code, done.json()["state"], done.json()["plans"]) == (200, "applied", [])
    assert version_of(entry).values["schools"][0]["book_count"] == 4200
    assert reporter.get(f"/uploads/{told['id']}").json()["state"] == "applied"
    file = reporter.get(f"/uploads/{told['id']}/file")
    assert b"".join(file.streaming_content)[:2] == b"PK"


def test_discard_upload_when_given_up_then_the_draft_stays(world, reporter, program, tmp_path) -> None:
    entry = entry_of(world, "school")
    told = send(reporter, f"/returns/{entry.pk}/workbook", tmp_path, world).json()

    principal = program(Role.PRINCIPAL, "school").send("POST", f"/uploads/{told['id']}/discard")
    done = reporter.send("POST", f"/uploads/{told['id']}/discard")

    assert principal.status_code == 403
    assert done.json()["state"] == "discarded"
    assert "book_count" not in version_of(entry).values["schools"][0]


def test_send_county_workbook_when_the_office_sends_it_then_every_school_in_it_is_planned(
    world, reporter, program, tmp_path
) -> None:
    assert reporter
    entry = entry_of(world, "school")

    answer = send(program(Role.COUNTY_OFFICE, "county"), f"/rounds/{entry.round_id}/workbook", tmp_path, world)
    other = send(program(Role.SUPERVISOR, "city"), f"/rounds/{entry.round_id}/workbook", tmp_path, world)

    assert (answer.status_code, [plan["return_id"] for plan in answer.json()["plans"]]) == (201, [entry.pk])
    assert other.status_code == 403


def test_send_workbook_when_the_file_is_no_workbook_then_it_is_refused(world, reporter, tmp_path) -> None:
    file = SimpleUploadedFile("说明.txt", b"x")
    answer = reporter.upload(f"/returns/{entry_of(world, 'school').pk}/workbook", file, key="upload-0002")

    assert (answer.status_code, answer.json()["code"]) == (409, "refused")
