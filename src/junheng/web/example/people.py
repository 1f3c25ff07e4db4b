"""People of the example. Every password is made up at that moment, printed once, and kept nowhere."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from junheng.web.access.actor import PLATFORM, Actor
from junheng.web.access.roles import Role
from junheng.web.accounts.actors import actor_of
from junheng.web.accounts.models import Membership, User
from junheng.web.audit.chain import record
from junheng.web.organisations.models import Organisation

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


@dataclass(frozen=True, slots=True)
class Person:
    """One sign-in of the example."""

    login: str
    password: str
    role: Role
    place: Organisation
    membership: Membership

    @property
    def actor(self) -> Actor:
        """The person as actions know them."""
        return actor_of(self.membership, "127.0.0.1")


def new_password() -> str:
    """Three groups of four letters and digits: 58 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


@transaction.atomic
def settle(wanted: Iterable[tuple[str, Role, Organisation]]) -> list[Person]:
    """A person for each `(login, role, place)`, ready to sign in."""
    people = []
    for login, role, place in wanted:
        password = new_password()
        user = User(login=login, name=f"{role.label}（{place.name}）"[:60])
        user.set_password(password)
        user.save(force_insert=True)
        membership = Membership(user=user, organisation=place, role=role)
        membership.save(force_insert=True)
        after = {"login": login, "role": role.value}
        record(by=PLATFORM, action="user.create", organisation_id=place.pk, subject=f"user:{user.pk}", after=after)
        people.append(Person(login, password, role, place, membership))
    return people


@transaction.atomic
def renew(organisations: Iterable[Organisation]) -> list[Person]:
    """Everybody who holds a role at these places, with a new password: the old ones were kept nowhere."""
    held = Membership.objects.filter(organisation__in=list(organisations), ended_at=None).select_related(
        "user", "organisation"
    )
    people = []
    for membership in held.order_by("pk"):
        password = new_password()
        membership.user.set_password(password)
        membership.user.save(update_fields=["password"])
        place = membership.organisation
        subject = f"user:{membership.user_id}"
        record(by=PLATFORM, action="user.renew_password", organisation_id=place.pk, subject=subject)
        people.append(Person(membership.user.login, password, Role(membership.role), place, membership))
    return people
