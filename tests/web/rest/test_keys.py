"""Who gets in with a token, how often, and what those are told who do not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.accounts.models import Token
from junheng.web.rest import limits
from tests.web.rest.conftest import Program, ProgramFor
from tests.web.world import World


def test_api_when_no_token_is_shown_then_401_says_what_to_do(client, db) -> None:
    answer = client.get("/api/v1/me")

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Bearer" in answer.json()["detail"]


def test_api_when_only_a_session_is_there_then_401(world: World, client_for) -> None:
    client = client_for(world.member(Role.COUNTY_OFFICE, "county"))

    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("change", ["revoked", "expired", "ended", "disabled", "unknown"])
def test_api_when_a_token_no_longer_works_then_401(world: World, program: ProgramFor, change: str) -> None:
    leader = program(Role.LEADER, "county")
    assert leader.get("/me").status_code == 200
    token, now = Token.objects.select_related("membership__user").get(), timezone.now()
    if change == "revoked":
        token.revoked_at = now
    if change == "expired":
        token.expires_at = now
    if change == "unknown":
        token.secret_hash = "0" * 64
    token.save()
    if change == "ended":
        token.membership.ended_at = now
        token.membership.save()
    if change == "disabled":
        token.membership.user.is_active = False
        token.membership.user.save()

    assert leader.get("/me").status_code == 401


def test_api_when_a_token_acts_as_an_administrator_then_403(program: ProgramFor) -> None:
    assert program(Role.SYSTEM_ADMIN, "city").get("/me").status_code == 403


def test_api_when_a_token_is_used_then_that_is_noted(program: ProgramFor) -> None:
    program(Role.LEADER, "county").get("/me")

    used_at = Token.objects.get().used_at
    assert used_at is not None
    assert timezone.now() - used_at < timedelta(minutes=1)


def test_api_when_a_token_asks_too_often_then_429_says_how_long_to_wait(program: ProgramFor, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MOST_PER_MINUTE", 3)
    leader, other = program(Role.LEADER, "county"), program(Role.LEADER, "city")

    # twice as often as is allowed, so that the turn of a minute in between changes nothing
    answers = [leader.get("/me") for _ in range(7)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].json()["code"] == "too-many-requests"
    assert other.get("/me").status_code == 200


def test_api_when_an_address_leads_nowhere_then_a_problem_is_answered(client, db) -> None:
    answer = client.post("/api/v1/no/such/thing")

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_api_when_the_body_is_no_json_then_a_problem_is_answered(program: ProgramFor) -> None:
    office: Program = program(Role.COUNTY_OFFICE, "county")
    headers = {"Idempotency-Key": "12345678"}
    answer = office.client.generic("POST", "/api/v1/runs", b"{", content_type="application/json", headers=headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_docs_when_opened_by_anybody_then_every_operation_stands_there_and_nothing_is_loaded_from_elsewhere(
    client, db
) -> None:
    text = client.get("/api/v1/docs/").content.decode()
    document = client.get("/api/v1/openapi.json").json()
    root = client.get("/api/v1/").json()

    assert root == {"openapi": "/api/v1/openapi.json", "docs": "/api/v1/docs/"}
    assert document["openapi"].startswith("3.1")
    ids = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert all(f'id="{name}"' in text for name in ids)
    assert "https://" not in text
    assert all(told["summary"] for methods in document["paths"].values() for told in methods.values())
