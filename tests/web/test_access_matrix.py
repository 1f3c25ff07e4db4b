"""The whole access matrix, cell by cell: every route × role × relation, against real objects on the small tree.

All cells of one role are walked by one test, each request in a savepoint that is rolled back, on a stage that is set once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from django.conf import settings as site
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils.http import urlencode

from junheng.web.access.roles import ADMINISTRATORS, Role
from junheng.web.accounts.models import User
from junheng.web.layout import errors
from junheng.web.organisations.models import Organisation
from junheng.web.returns.coverage import covers_of
from junheng.web.returns.document import Document, key_text
from junheng.web.returns.models import Return
from tests.web.matrix import HOME, IN, Entry, Route, all_routes, expected, places_by_relation, read_matrix
from tests.web.matrix_objects import ALL_KINDS, BUILDERS, FIXED, KINDS, ROUTE_KINDS, Stage, make_folders, set_stage
from tests.web.returns.reporting import STANDARD, YEAR
from tests.web.world import World

pytestmark = pytest.mark.slow(seconds=30)  # thousands of requests
MATRIX = read_matrix()
REFUSALS = {401, 403, 404}


def a_cell(place: Organisation) -> dict[str, str]:
    """A cell of the return of a place that may be filled in."""
    entry = Return.objects.select_related("version").get(organisation=place)
    assert entry.version is not None
    cells = Document.of(entry.version).cells(covers_of(entry))
    table, row, field = next(cells)
    return {"table": table, "row": key_text(table, row.values), "field": field}


QUERIES: Mapping[str, Any] = {"returns:comment": a_cell}
"""Routes that need a query to find their object."""

BODIES: Mapping[str, Any] = {
    "api-v1:save_cells": {"lock_version": 1, "cells": []},
    "api-v1:fill_tables": {"tables": {}},
    "api-v1:write_reason": {"reference": "x", "text": "x"},
    "api-v1:submit_return": {},
    "api-v1:apply_upload": {"seen": "x"},
    "api-v1:start_run": {"year": YEAR, "standard": STANDARD},
    "api-v1:order_documents": {"kinds": ["verdict"]},
}
"""What operations are sent that look at the body before they look for the object."""


@pytest.fixture(scope="module")
def shared_stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    """Set once for all roles, and taken down as if it had never been."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield set_stage()
        transaction.set_rollback(True)


@pytest.fixture
def stage(shared_stage: Stage, db) -> Stage:
    """The stage for one test: what the test adds to it goes with the test."""
    world = World(shared_stage.world.places, dict(shared_stage.world.members))
    return Stage(world)


@pytest.fixture
def files(settings, tmp_path, monkeypatch) -> None:
    """Room for what uploads and documents lead to; pages for what is refused without their frame, which has its own tests."""
    monkeypatch.setattr(errors, "render", lambda _request, _name, _context, status: HttpResponse(status=status))
    settings.MEDIA_ROOT = tmp_path / "files"
    make_folders(tmp_path / "files")


@dataclass
class Visitor:
    """Somebody with a browser and, where they may have one, a program; every request starts from the same session."""

    session: str = ""
    secret: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(self, route: Route, method: str, arguments: dict[str, Any], query: dict[str, Any]) -> tuple[int, str]:
        """The status, and where it leads; nothing that is written stays."""
        self.client.cookies.clear()
        if self.session:
            self.client.cookies[site.SESSION_COOKIE_NAME] = self.session
        address = reverse(route.name, kwargs=arguments) + (f"?{urlencode(query)}" if query else "")
        with transaction.atomic():
            answer = self.client.generic(method, address, **self._sent(route))
            transaction.set_rollback(True)
        answer.getvalue()  # reads a file to its end, which closes it
        return answer.status_code, answer.headers.get("Location", "")

    def _sent(self, route: Route) -> dict[str, Any]:
        headers = {"Idempotency-Key": "matrix-0001"}
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        if route.name.endswith("_workbook"):
            return {**_form({"file": SimpleUploadedFile("not-a-workbook.txt", b"x")}), "headers": headers}
        if route.name in BODIES:
            return {"data": orjson.dumps(BODIES[route.name]), "content_type": "application/json", "headers": headers}
        return {"headers": headers}


def _form(data: dict[str, Any]) -> dict[str, Any]:
    return {"data": encode_multipart(BOUNDARY, data), "content_type": MULTIPART_CONTENT}


def visitor_of(stage: Stage, role: Role | None) -> Visitor:
    """The person who holds a role at its home, with a token; without a role, a person who waits for one."""
    if role is None:
        user, secret = User.objects.create(login="nobody", name="未授角色"), ""
    else:
        membership = stage.world.member(role, HOME[role])
        user, secret = membership.user, stage.token(membership, f"walk-{role.value}")
    client = Client()
    client.force_login(user)
    session = client.session
    assert isinstance(session, SessionStore)
    return Visitor(session.session_key or "", secret)


def cells(stage: Stage, route: Route, entry: Entry, role: Role) -> Iterator[tuple[str, Organisation]]:
    """The relations to try for a route and role, each with a place; one is enough where the role may not enter at all."""
    home = stage.world[HOME[role]]
    kinds = ROUTE_KINDS.get(route.key) or next((KINDS[name] for name in route.arguments if name in KINDS), ALL_KINDS)
    found = places_by_relation(stage.world, role, kinds)
    if entry.is_public:
        return  # walked by those who are not signed in
    if not entry.has_object:
        yield "yes", home
    elif not entry.opens_for(role):
        yield next(iter(found.items()))
    else:
        yield from found.items()


def disagreement(wanted: int, status: int, location: str, also: frozenset[int]) -> str:
    """What is wrong with an answer; empty when it is as the matrix says."""
    leads_out = location.startswith((reverse("accounts:sign_in"), reverse("accounts:roles") + "?"))
    if wanted != IN:
        return "" if status == wanted else f"expected {wanted}, got {status} {location}".strip()
    is_in = status in also or (status not in REFUSALS and status < 500 and not leads_out)
    return "" if is_in else f"expected to get in, got {status} {location}".strip()


ROUTES = all_routes()


def test_matrix_when_compared_with_the_routes_then_every_route_is_in_it_and_nothing_else() -> None:
    keys = [route.key for route in ROUTES]

    assert sorted(keys) == sorted(set(keys))
    assert set(keys) - set(MATRIX) == set(), "routes that are not in access_matrix.yaml"
    assert set(MATRIX) - set(keys) == set(), "rows of access_matrix.yaml without a route"


def test_matrix_when_compared_with_the_decorators_then_every_view_has_one_that_agrees() -> None:
    wrong = []
    for route in ROUTES:
        entry, access = MATRIX[route.key], route.access
        if access is None:
            wrong.append(f"{route.key}: no decorator")
        elif (access.is_public, access.needs_role) != (entry.is_public, entry.needs_role):
            wrong.append(f"{route.key}: decorator says {access}")
        elif entry.needs_role:
            roles = [role for role in Role if not (entry.is_api and role not in BUSINESS)]
            wrong += [f"{route.key}: {role}" for role in roles if access.allows(role) != entry.opens_for(role)]

    assert not wrong, "\n".join(wrong)


BUSINESS = [role for role in Role if role not in ADMINISTRATORS]
"""Roles that a token can act as."""


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.usefixtures("files")
def test_routes_when_a_role_asks_then_every_relation_is_answered_as_the_matrix_says(stage: Stage, role: Role) -> None:
    wrong, count = [], 0
    visitor = visitor_of(stage, role)
    for route in ROUTES:
        entry = MATRIX[route.key]
        for relation, place in cells(stage, route, entry, role):
            arguments = stage.arguments(route.arguments, place)
            query = QUERIES[route.name](place) if route.name in QUERIES else {}
            for method, roles in entry.ways:
                wanted = expected(roles, role, relation) if entry.needs_role else IN
                status, location = visitor.ask(route, method, arguments, query)
                problem = disagreement(wanted, status, location, entry.also)
                count += 1
                if problem:
                    wrong.append(f"{method} {route.key} {relation} ({place}): {problem}")

    assert not wrong, "\n".join(wrong)
    assert count > len(ROUTES) - sum(entry.is_public for entry in MATRIX.values())


@pytest.mark.usefixtures("files")
def test_routes_when_nobody_is_signed_in_then_only_public_ones_open(stage: Stage) -> None:
    wrong, visitor = [], Visitor()
    for route in ROUTES:
        entry = MATRIX[route.key]
        arguments = stage.arguments(route.arguments, stage.world["county" if "run_id" in route.arguments else "school"])
        for method, _roles in entry.ways:
            status, location = visitor.ask(route, method, arguments, {})
            if entry.is_public:
                problem = disagreement(IN, status, location, entry.also)
            elif entry.is_api:
                problem = disagreement(401, status, location, entry.also)
            else:
                is_sent = status == 302 and location.startswith(reverse("accounts:sign_in"))
                problem = "" if is_sent else f"expected the sign-in page, got {status} {location}"
            if problem:
                wrong.append(f"{method} {route.key}: {problem}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("files")
def test_routes_when_a_person_has_no_role_then_only_their_own_account_opens(stage: Stage) -> None:
    wrong, visitor = [], visitor_of(stage, None)
    for route in ROUTES:
        entry = MATRIX[route.key]
        if entry.is_api:
            continue
        arguments = stage.arguments(route.arguments, stage.world["county" if "run_id" in route.arguments else "school"])
        method = entry.ways[0][0]
        status, location = visitor.ask(route, method, arguments, {})
        if not entry.needs_role:
            problem = disagreement(IN, status, location, entry.also)
        else:
            is_sent = (status, location) == (302, reverse("accounts:roles"))
            problem = "" if is_sent else f"expected the page of roles, got {status} {location}"
        if problem:
            wrong.append(f"{method} {route.key}: {problem}")

    assert not wrong, "\n".join(wrong)


def test_builders_when_compared_with_the_routes_then_every_argument_can_be_made() -> None:
    names = {name for route in ROUTES for name in route.arguments}

    assert names - set(BUILDERS) - set(FIXED) == set()
