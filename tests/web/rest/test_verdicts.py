"""What programs learn of a run: all of it where they see the county, their own part where they act for a school."""

from pathlib import Path

import pytest

from junheng import api
from junheng.web.access.roles import Role
from junheng.web.documents.files import store
from junheng.web.documents.models import Document
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.snapshots import evaluation_of
from tests.web.judged import finished_run
from tests.web.rest.conftest import ProgramFor
from tests.web.returns.reporting import STANDARD, YEAR
from tests.web.world import World


@pytest.fixture
def run(world: World) -> Run:
    return finished_run(world["county"])


def test_show_verdict_when_the_county_asks_then_it_is_the_verdict_itself(run, program: ProgramFor) -> None:
    answer = program(Role.COUNTY_OFFICE, "county").get(f"/runs/{run.pk}/verdict")

    assert answer.content.decode() == api.verdict_json(evaluation_of(run))


def test_show_verdict_when_a_run_has_not_finished_then_the_answer_says_so(world, program: ProgramFor) -> None:
    waiting = Run.objects.create(organisation=world["county"], year=YEAR, standard=STANDARD, created_by="某人")

    answer = program(Role.COUNTY_OFFICE, "county").get(f"/runs/{waiting.pk}/verdict")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "还没有完成" in answer.json()["detail"]


def test_explain_run_when_depth_is_given_then_the_rest_is_counted(run, world, program: ProgramFor) -> None:
    code = world["school"].code
    supervisor = program(Role.SUPERVISOR, "city")

    flat = supervisor.get(f"/runs/{run.pk}/explain", at=f"school:{code}:primary", depth=0).json()
    deep = supervisor.get(f"/runs/{run.pk}/explain", at=f"school:{code}:primary", depth=1).json()

    assert (flat["children"], flat["hidden_count"]) == ([], len(deep["children"]))
    assert len(deep["children"]) >= 7
    assert supervisor.get(f"/runs/{run.pk}/explain", at="item:no-such-item").status_code == 404


def test_runs_when_a_school_asks_then_it_learns_of_itself_only(run, world, program: ProgramFor) -> None:
    reporter, own, other = program(Role.REPORTER, "school"), world["school"].code, world["town_school"].code

    gaps = reporter.get(f"/runs/{run.pk}/gaps").json()
    results = reporter.get(f"/runs/{run.pk}/schools").json()

    assert {each["school_id"] for name in ("schools", "needs") for each in gaps[name]} == {own}
    assert (gaps["dispersion"], gaps["totals"], gaps["stage_totals"]) == ([], {}, {})
    assert {each["code"] for each in results["items"]} == {own}
    assert reporter.get(f"/runs/{run.pk}/explain", at=f"school:{own}").status_code == 200
    assert reporter.get(f"/runs/{run.pk}/explain", at=f"school:{other}").status_code == 404
    assert [reporter.get(f"/runs/{run.pk}/{what}").status_code for what in ("verdict", "findings", "explain")] == [
        404
    ] * 3


def test_show_gaps_when_a_school_is_named_then_only_its_gaps_are_told(run, world, program: ProgramFor) -> None:
    code = world["school"].code
    gaps = program(Role.LEADER, "county").get(f"/runs/{run.pk}/gaps", code=code).json()

    assert {each["school_id"] for name in ("schools", "needs") for each in gaps[name]} == {code}
    assert gaps["totals"]
    assert gaps["stage_totals"]


def test_list_runs_when_filtered_then_only_what_fits_is_there(run, world, program: ProgramFor) -> None:
    finished_run(world["neighbour"], is_published=False)
    supervisor = program(Role.SUPERVISOR, "city")

    totals = [
        supervisor.get("/runs", **asked).json()["total"]
        for asked in ({}, {"is_published": True}, {"county": "990102"}, {"year": 1999}, {"limit": 1})
    ]

    assert totals == [2, 1, 1, 0, 2]
    assert len(supervisor.get("/runs", limit=1, offset=1).json()["items"]) == 1
    assert run.pk in {each["id"] for each in supervisor.get("/runs").json()["items"]}


def test_list_organisations_when_filtered_then_only_what_fits_is_there(world, program: ProgramFor) -> None:
    leader = program(Role.LEADER, "county")

    def codes(address: str, **asked: object) -> list[str]:
        return [each["code"] for each in leader.get(address, **asked).json()["items"]]

    assert codes("/schools") == ["9900000001", "9900000002", "9900000003"]
    assert codes("/schools", below=world["township"].pk) == ["9900000001"]
    assert codes("/schools", text="第一小学") == ["9900000002"]
    assert codes("/schools", is_open=False) == []
    assert codes("/organisations", kind="township") == ["990101100"]
    assert codes("/organisations", code="9900000011") == []
    assert leader.get("/schools", below=world["neighbour"].pk).status_code == 404


def test_download_document_when_the_file_is_there_then_it_is_sent_else_404(run, program: ProgramFor) -> None:
    kept = store(b"content", kind="report", name="自评报告.docx")
    document = Document.objects.create(
        run=run, kind=kept.kind, name=kept.name, path=kept.path, size=kept.size, sha256=kept.sha256, created_by="某人"
    )
    leader, address = program(Role.LEADER, "county"), f"/documents/{document.pk}/file"

    answer = leader.get(address)

    assert b"".join(answer.streaming_content) == b"content"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    Document.objects.update(path=Path("gone.docx").name)
    assert leader.get(address).status_code == 404
