"""The access matrix: reading it, finding all routes, and placing objects in every relation to a role.

`config/access_matrix.yaml` holds, per route, either `public`, or who may enter: role → the relations of the object's
organisation to the place where the role is held. A route without an object lists roles with `yes`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

import junheng.web.config
from junheng.web.accounts.roles import Role
from junheng.web.organisations.models import Kind, Organisation
from tests.web.world import World

FILE = Path(junheng.web.config.__file__).parent / "access_matrix.yaml"
RELATIONS = ("own", "below", "above", "sibling", "foreign")

HOME: Mapping[Role, str] = {
    Role.REPORTER: "school",
    Role.PRINCIPAL: "school",
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


@dataclass(frozen=True)
class Entry:
    """One route of the matrix. `needs_role` False: being signed in is enough."""

    route: str
    method: str
    is_public: bool
    is_api: bool
    needs_role: bool
    roles: Mapping[str, frozenset[str]]

    def allows(self, role: str, relation: str) -> bool:
        """True when the role gets in, for an object in this relation (`yes`: there is no object)."""
        return self.is_public or relation in self.roles.get(role, frozenset()) or "yes" in self.roles.get(role, frozenset())


def read_matrix(path: Path = FILE) -> dict[str, Entry]:
    """The entries by route name."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["routes"]
    entries = {}
    for route, told in raw.items():
        roles = {role: frozenset(str(relations).split()) for role, relations in told.get("roles", {}).items()}
        unknown = set(roles) - set(Role.values)
        unknown |= {word for words in roles.values() for word in words} - {*RELATIONS, "yes"}
        if unknown:
            raise ValueError(f"{route}: {sorted(unknown)}")
        entries[route] = Entry(
            route=route,
            method=told.get("method", "GET"),
            is_public=told.get("public", False),
            is_api=route.startswith("api-"),
            needs_role=told.get("needs_role", True),
            roles=roles,
        )
    return entries


@dataclass(frozen=True)
class Route:
    """One route of the URL configuration."""

    name: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]


def all_routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    """Every route, by its full name; static files are no routes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from all_routes(pattern, namespace)
        elif isinstance(pattern, URLPattern):
            names = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
            yield Route(f"{prefix}{pattern.name}", pattern.callback, names)


def relation_of(role: Role, home: Organisation, place: Organisation) -> str:
    """How a place stands to the place where a role is held. A department's county is `above` it."""
    if place.path == home.path:
        return "own"
    if place.path.startswith(home.path):
        return "below"
    if home.path.startswith(place.path):
        return "above"
    return "sibling" if place.parent_id == home.parent_id else "foreign"


def places_by_relation(world: World, role: Role, kinds: frozenset[Kind]) -> dict[str, Organisation]:
    """For each relation the first place of one of the kinds, where the tree has one."""
    home = world[HOME[role]]
    found: dict[str, Organisation] = {}
    for place in world.places.values():
        if place.kind in kinds:
            found.setdefault(relation_of(role, home, place), place)
    return found
