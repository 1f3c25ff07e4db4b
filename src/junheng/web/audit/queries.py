"""Reading audit rows, always within the area of who reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.db.models import Q, QuerySet

from junheng.web.access.actor import Actor
from junheng.web.audit.labels import field_label
from junheng.web.audit.models import PLATFORM_CHAIN, Chain, Entry
from junheng.web.audit.places import places

READING = "audit."


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for. Empty: anything. `last` counts in; `has_reading` shows who read the audit, too."""

    place: str = ""
    person: str = ""
    noun: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None
    has_reading: bool = False

    def as_json(self) -> dict[str, str]:
        """What was looked for, as the audit row about the reading keeps it."""
        told = {
            "place": self.place,
            "person": self.person,
            "noun": self.noun,
            "subject": self.subject,
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
        }
        return {key: value for key, value in told.items() if value}


def visible_entries(actor: Actor) -> QuerySet[Entry]:
    """The rows of the chains in the actor's area, the latest first; for the root, the platform's chain too."""
    return Entry.objects.filter(_chains(actor)).order_by("-at", "-id")


def visible_chains(actor: Actor) -> QuerySet[Chain]:
    """The heads of the same chains."""
    return Chain.objects.filter(_chains(actor)).order_by("organisation_id")


def _chains(actor: Actor) -> Q:
    area = Q(organisation_id__in=places().within(actor.area_path, "").values("pk"))
    return area | Q(organisation_id=PLATFORM_CHAIN) if places().is_root(actor.area_path) else area


def find(actor: Actor, filters: Filters) -> QuerySet[Entry]:
    """The visible rows that fit the filters."""
    found = visible_entries(actor)
    if filters.place:
        found = found.filter(organisation_id__in=places().within(actor.area_path, filters.place).values("pk"))
    if filters.person:
        found = found.filter(user_name__icontains=filters.person)
    if filters.noun:
        found = found.filter(action__startswith=f"{filters.noun}.")
    elif not filters.has_reading:
        found = found.exclude(action__startswith=READING)
    if filters.subject:
        found = found.filter(subject=filters.subject)
    if filters.first:
        found = found.filter(at__date__gte=filters.first)
    return found.filter(at__date__lte=filters.last) if filters.last else found


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an audit row: its name, and what it was and became; None where it was not there."""

    name: str
    before: str | None
    after: str | None

    @property
    def is_changed(self) -> bool:
        """True when both are there and differ."""
        return self.before is not None and self.after is not None and self.before != self.after


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Field by field, in the order of their names."""
    return [
        Difference(
            field_label(key),
            _text(before[key]) if key in before else None,
            _text(after[key]) if key in after else None,
        )
        for key in sorted({*before, *after})
    ]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
