"""Every operation that answers with JSON answers as the OpenAPI document says."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.documents.models import Document
from junheng.web.evaluations import actions as evaluations
from junheng.web.rest import limits
from junheng.web.rest.api import API, operations
from tests.web.judged import finished_run
from tests.web.rest.conftest import ProgramFor
from tests.web.rest.schemas import answer_faults, faults
from tests.web.returns.reporting import STANDARD, YEAR, approve_fully, entry_of, fill_school, open_round, submit
from tests.web.world import World

FILES = {"download_document", "download_upload"}
ELSEWHERE = {"send_workbook", "send_county_workbook", "show_upload", "apply_upload", "discard_upload"}
"""Looked at in test_uploads."""


@pytest.fixture
def addresses(world: World) -> dict[str, tuple[str, str]]:
    """Operation → method and address, for objects of the county of the small tree."""
    open_round(world)
    fill_school(world)
    run = finished_run(world["county"])
    document = Document.objects.create(
        run=run, kind="report", name="报告.docx", path="a", size=1, sha256="0" * 64, created_by="某人"
    )
    waiting = evaluations.start(
        by=world.actor(Role.COUNTY_OFFICE, "county"),
        county=world["county"],
        year=YEAR,
        standard=STANDARD,
        source="trial",
    )
    entry = entry_of(world, "school")
    one, judged = f"/returns/{entry.pk}", f"/runs/{run.pk}"
    gets = {
        "show_me": "/me",
        "list_standards": "/standards",
        "list_organisations": "/organisations",
        "list_schools": "/schools",
        "show_organisation": f"/organisations/{world['school'].pk}",
        "list_rounds": "/rounds",
        "show_round": f"/rounds/{entry.round_id}",
        "list_returns": "/returns",
        "show_return": one,
        "list_versions": f"{one}/versions",
        "show_draft": f"{one}/draft",
        "list_facts": f"{one}/facts",
        "list_return_findings": f"{one}/findings",
        "list_runs": "/runs",
        "show_run": judged,
        "list_school_results": f"{judged}/schools",
        "show_verdict": f"{judged}/verdict",
        "list_run_findings": f"{judged}/findings",
        "explain_run": f"{judged}/explain",
        "show_gaps": f"{judged}/gaps",
        "list_documents": "/documents",
        "show_document": f"/documents/{document.pk}",
        "list_jobs": "/jobs",
        "show_job": f"/jobs/{waiting.job_id}",
    }
    writes = {
        "save_cells": ("PUT", f"{one}/cells"),
        "fill_tables": ("PUT", f"{one}/tables"),
        "write_reason": ("PUT", f"{one}/reasons"),
        "submit_return": ("POST", f"{one}/submit"),
        "start_run": ("POST", "/runs"),
        "publish_run": ("POST", f"{judged}/publish"),
        "order_documents": ("POST", f"{judged}/documents"),
        "cancel_job": ("POST", f"/jobs/{waiting.job_id}/cancel"),
    }
    return {name: ("GET", address) for name, address in gets.items()} | writes


BODIES = {
    "save_cells": {"lock_version": 0, "cells": []},
    "fill_tables": {"tables": {}},
    "write_reason": {"reference": "no-such-warning", "text": "x"},
    "submit_return": {},
    "start_run": {"year": YEAR, "standard": STANDARD},
    "order_documents": {"kinds": ["verdict", "gaps"]},
}
FILLED_IN_BY_SCHOOLS = {"save_cells", "fill_tables", "write_reason", "submit_return"}


def test_operations_when_they_answer_then_they_answer_as_documented(
    world: World, program: ProgramFor, addresses
) -> None:
    assert set(addresses) == set(operations()) - FILES - ELSEWHERE
    document = API.get_openapi_schema()
    wrong, statuses = [], {}
    for name, (method, address) in addresses.items():
        is_school = name in FILLED_IN_BY_SCHOOLS
        asking = program(Role.REPORTER, "school") if is_school else program(Role.COUNTY_OFFICE, "county")
        answer = asking.get(address) if method == "GET" else asking.send(method, address, BODIES.get(name))
        statuses[name] = answer.status_code
        wrong += [f"{name}: {fault}" for fault in answer_faults(document, name, answer)]

    assert wrong == []
    assert {name: status for name, status in statuses.items() if status >= 300} == {"write_reason": 409}


def test_problems_when_something_goes_wrong_then_they_are_as_documented(program: ProgramFor, addresses) -> None:
    document = API.get_openapi_schema()
    office = program(Role.COUNTY_OFFICE, "county")
    answers = {
        "show_return": office.get("/returns/0"),
        "list_returns": office.get("/returns", limit=201),
        "submit_return": office.send("POST", addresses["submit_return"][1], {}),
        "start_run": office.send("POST", "/runs", {"year": YEAR, "standard": "no-such-standard"}),
    }

    assert [answer_faults(document, name, answer) for name, answer in answers.items()] == [[], [], [], []]
    assert [answer.json()["code"] for answer in answers.values()] == ["not-found", "invalid", "forbidden", "invalid"]
    assert [answer.status_code for answer in answers.values()] == [404, 422, 403, 422]


def test_faults_when_a_value_does_not_fit_then_every_place_is_named() -> None:
    shape = {
        "type": "object",
        "required": ["a", "b"],
        "properties": {"a": {"type": "integer"}, "c": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
    }

    found = list(faults({"a": True, "c": 1, "d": 2}, shape, {}))

    assert [fault.partition(":")[0] for fault in found] == ["$.b", "$.a", "$.c", "$.d"]


def test_list_facts_when_a_version_is_approved_then_each_value_tells_its_origin(
    world: World, program: ProgramFor
) -> None:
    open_round(world)
    entry = fill_school(world)
    submit(world)
    approve_fully(world)

    answer = program(Role.SUPERVISOR, "city").get(
        f"/returns/{entry.pk}/facts", table="schools", field="equipment_value"
    )

    [fact] = answer.json()["items"]
    # 36.5 万元 are 36 500 000 分
    assert (fact["value"], fact["text"], fact["unit"]) == (36_500_000, "36.5", "万元")
    assert fact["origin"]["kind"] == "web"
    assert fact["origin"]["by"] == "填报员·青石镇示例小学"


def test_show_draft_when_read_and_sent_back_then_nothing_changes(world: World, program: ProgramFor) -> None:
    open_round(world)
    entry = fill_school(world)
    reporter = program(Role.REPORTER, "school")
    draft = reporter.get(f"/returns/{entry.pk}/draft").json()
    cells = [
        {"table": table, "row_id": row["row_id"], "field": field, "text": text}
        for table, rows in draft["tables"].items()
        for row in rows
        for field, text in row["cells"].items()
        if field not in {"school_id", "school_name"}
    ]

    answer = reporter.send("PUT", f"/returns/{entry.pk}/cells", {"lock_version": draft["lock_version"], "cells": cells})

    assert len(cells) > 60
    assert (answer.status_code, answer.json()["changed_count"], answer.json()["problems"]) == (200, 0, [])


@pytest.mark.parametrize("address", ["/returns", "/rounds", "/schools", "/runs", "/jobs", "/documents"])
def test_lists_when_they_grow_then_the_number_of_queries_stays(
    world: World, program: ProgramFor, addresses, django_assert_max_num_queries, address: str, monkeypatch
) -> None:
    moment = timezone.now()  # a new minute would begin a new count of requests, with queries of its own
    monkeypatch.setattr(limits, "timezone", SimpleNamespace(now=lambda: moment))
    leader = program(Role.LEADER, "county")
    leader.get(address)

    # token, usage (2), note of use, the list, its count, what is prefetched
    with django_assert_max_num_queries(8):
        assert leader.get(address).status_code == 200
