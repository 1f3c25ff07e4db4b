"""The access matrix: reading it, finding all routes, and placing objects in every relation to a role.

`config/access_matrix.yaml` holds, per route, either `public`, or who may enter: role → the relations of the object's
organisation to the place where the role is held. A route without an object lists roles with `yes`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

import junheng.web.config
from junheng.web.access.pages import Access
from junheng.web.accounts.roles import Role
from junheng.web.organisations.models import BLOCK, Kind, Organisation
from junheng.web.rest.api import operations
from tests.web.world import World

FILE = Path(junheng.web.config.__file__).parent / "access_matrix.yaml"
RELATIONS = ("own", "below", "above", "sibling", "foreign")
WITHOUT_OBJECT = "yes"
NO_OBJECT_EVER = "never"
IN = 200
"""What a cell says when the role gets in, whatever the page then answers."""
MEMBERS = {"public", "signed_in", "method", "roles", "post", "also"}

HOME: Mapping[Role, str] = {
    Role.REPORTER: "town_school",
    Role.PRINCIPAL: "town_school",
    Role.TOWNSHIP: "township",
    Role.COUNTY_OFFICE: "county",
    Role.DEPARTMENT: "finance",
    Role.SUPERVISOR: "city",
    Role.ASSESSOR: "county",
    Role.LEADER: "county",
    Role.SYSTEM_ADMIN: "city",
    Role.SECURITY_ADMIN: "city",
    Role.AUDIT_ADMIN: "city",
}
"""Where each role is held in the walk."""

Roles = Mapping[str, Mapping[str, int]]
"""Role → relation (or `yes`, `never`) → the status that is expected; `IN` for getting in."""


@dataclass(frozen=True)
class Entry:
    """One route of the matrix. `ways` are the methods to try, each with who may."""

    route: str
    is_public: bool
    needs_role: bool
    ways: tuple[tuple[str, Roles], ...]
    also: frozenset[int]

    @property
    def is_api(self) -> bool:
        """True for operations of the API, which ask for a token."""
        return self.route.startswith("api-v1:")

    @property
    def has_object(self) -> bool:
        """True when who gets in depends on where the object belongs."""
        return any(WITHOUT_OBJECT not in told for _method, roles in self.ways for told in roles.values())

    def opens_for(self, role: str) -> bool:
        """True when the route lets the role through to look for the object."""
        return self.is_public or not self.needs_role or any(role in roles for _method, roles in self.ways)


def expected(roles: Roles, role: str, relation: str) -> int:
    """What the role is answered for an object in this relation: `IN`, or a status."""
    if role not in roles:
        return 403
    return roles[role].get(relation, roles[role].get(WITHOUT_OBJECT, 404))


def read_matrix(path: Path = FILE) -> dict[str, Entry]:
    """The entries by route. ValueError for a word that is none of the matrix."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["routes"]
    return {route: _entry(route, told) for route, told in raw.items()}


def _entry(route: str, told: Mapping[str, Any]) -> Entry:
    if unknown := set(told) - MEMBERS:
        raise ValueError(f"{route}: {sorted(unknown)}")
    ways = [(told.get("method", "GET"), _roles(route, told.get("roles", {})))]
    if "post" in told:
        ways.append(("POST", _roles(route, told["post"])))
    is_public, is_for_all = told.get("public", False), told.get("signed_in", False)
    if sum((is_public, is_for_all, bool(ways[0][1]))) != 1:
        raise ValueError(f"{route}: exactly one of public, signed_in and roles")
    return Entry(route, is_public, not (is_public or is_for_all), tuple(ways), frozenset(told.get("also", ())))


def _roles(route: str, told: Mapping[str, str]) -> Roles:
    if unknown := set(told) - set(Role.values):
        raise ValueError(f"{route}: {sorted(unknown)}")
    return {role: dict(_cell(route, word) for word in words.split()) for role, words in told.items()}


def _cell(route: str, word: str) -> tuple[str, int]:
    relation, _colon, status = word.partition(":")
    if relation not in (*RELATIONS, WITHOUT_OBJECT, NO_OBJECT_EVER) or (status and not status.isdecimal()):
        raise ValueError(f"{route}: {word}")
    return relation, int(status) if status else IN


@dataclass(frozen=True)
class Route:
    """One route of the URL configuration. `key` is its name in the matrix; `name` the one to reverse."""

    key: str
    name: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def access(self) -> Access | None:
        """What the decorator of the view (or the token of the operation) asks for."""
        operation = operations().get(self.name.removeprefix("api-v1:"))
        return operation if operation is not None else getattr(self.view, "access", None)


def all_routes() -> list[Route]:
    """Every route; of those that share a name, the key lists the arguments, too. Static files are no routes."""
    found = list(_walk(get_resolver(), ""))
    names = Counter(name for name, _view, _arguments in found)
    return [
        Route(f"{name}({','.join(arguments)})" if names[name] > 1 else name, name, view, arguments)
        for name, view, arguments in found
    ]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Callable[..., Any], tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            names = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
            yield f"{prefix}{pattern.name}", pattern.callback, names


def relation_of(role: Role, home: Organisation, place: Organisation) -> str:
    """How a place stands to the place where a role is held.

    For a department, its county is `above` it and whatever else stands in that county is `sibling`.
    """
    if place.path == home.path:
        return "own"
    if place.path.startswith(home.path):
        return "below"
    if home.path.startswith(place.path):
        return "above"
    if role == Role.DEPARTMENT:
        return "sibling" if place.path.startswith(home.path[:-BLOCK]) else "foreign"
    return "sibling" if place.parent_id == home.parent_id else "foreign"


def places_by_relation(world: World, role: Role, kinds: Sequence[Kind]) -> dict[str, Organisation]:
    """For each relation the first place of the first of the kinds that the tree has in it."""
    home = world[HOME[role]]
    found: dict[str, Organisation] = {}
    for kind in kinds:
        for place in world.places.values():
            if place.kind == kind:
                found.setdefault(relation_of(role, home, place), place)
    return found
