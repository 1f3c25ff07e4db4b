"""What administrators and people themselves may look at. Everything starts from who is asking."""

from collections.abc import Collection

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from junheng.web.accounts.models import (
    FailedSignIns,
    Invitation,
    Membership,
    MembershipRequest,
    SignedInSession,
    Token,
    User,
)
from junheng.web.accounts.one_time import digest
from junheng.web.accounts.roles import ADMINISTRATORS, HELD_AT, Role
from junheng.web.audit.actor import Actor
from junheng.web.organisations.models import BLOCK, Organisation


def visible_people(actor: Actor) -> QuerySet[User]:
    """The people who hold, held or wait for a role in the actor's area, by name."""
    area = Organisation.objects.within(actor.area_path)
    held = Membership.objects.filter(user=OuterRef("pk"), organisation__in=area)
    asked = MembershipRequest.objects.filter(user=OuterRef("pk"), organisation__in=area)
    return User.objects.filter(Exists(held) | Exists(asked)).order_by("name", "pk")


def find_people(people: QuerySet[User], *, text: str, role: str, state: str, place: int | None) -> QuerySet[User]:
    """The people whose login, name or organisation contains the text, who hold the role, and who are in the state.

    States: `waiting` (a request is pending), `invited` (no password yet), `disabled`; empty: all.
    """
    if text:
        at = Membership.objects.filter(user=OuterRef("pk"), ended_at=None, organisation__name__icontains=text)
        people = people.filter(Q(login__icontains=text) | Q(name__icontains=text) | Exists(at))
    if role:
        people = people.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), ended_at=None, role=role)))
    if place is not None:
        people = people.filter(
            Exists(Membership.objects.filter(user=OuterRef("pk"), ended_at=None, organisation_id=place))
        )
    return _in_state(people, state)


def _in_state(people: QuerySet[User], state: str) -> QuerySet[User]:
    waiting = MembershipRequest.objects.filter(user=OuterRef("pk"), state=MembershipRequest.State.PENDING)
    if state == "waiting":
        return people.filter(Exists(waiting))
    if state == "invited":
        return people.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return people.filter(is_active=False) if state == "disabled" else people


def held_roles(actor: Actor, user_ids: Collection[int]) -> QuerySet[Membership]:
    """The roles that the people hold in the actor's area, with their organisations, from the top of the tree down."""
    return (
        Membership.objects.filter(
            user_id__in=user_ids, ended_at=None, organisation__in=Organisation.objects.within(actor.area_path)
        )
        .select_related("organisation")
        .order_by("organisation__path", "role")
    )


def past_roles(actor: Actor, user: User) -> QuerySet[Membership]:
    """The roles in the actor's area that the person no longer holds, the latest first."""
    return (
        Membership.objects.filter(user=user, organisation__in=Organisation.objects.within(actor.area_path))
        .exclude(ended_at=None)
        .select_related("organisation")
        .order_by("-ended_at")
    )


def visible_requests(actor: Actor) -> QuerySet[MembershipRequest]:
    """Requests for roles in the actor's area, with person and organisation, the oldest first."""
    return (
        MembershipRequest.objects.filter(organisation__in=Organisation.objects.within(actor.area_path))
        .select_related("user", "organisation")
        .order_by("requested_at", "pk")
    )


def pending_requests(actor: Actor) -> QuerySet[MembershipRequest]:
    """Those that nobody has decided yet."""
    return visible_requests(actor).filter(state=MembershipRequest.State.PENDING)


def locked_hashes(users: Collection[User]) -> set[int]:
    """Which of the people, by their id, have to wait after too many wrong passwords."""
    by_hash = {digest(user.login.casefold()): user.pk for user in users}
    locked = FailedSignIns.objects.filter(login_hash__in=by_hash, locked_until__gt=timezone.now())
    return {by_hash[entry.login_hash] for entry in locked}


def open_invitation(secret: str) -> Invitation | None:
    """The invitation of a link that can still be used, with its person; None for any other."""
    return (
        Invitation.objects.select_related("user")
        .filter(secret_hash=digest(secret), used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )


def latest_invitation(user: User) -> Invitation | None:
    """The last link that was made for the person."""
    return user.invitations.order_by("-pk").first()


def places_for(actor: Actor, text: str = "") -> QuerySet[Organisation]:
    """Open organisations in the actor's area whose name or code contains the text, from the top of the tree down."""
    places = Organisation.objects.within(actor.area_path).open().order_by("path")
    return places.filter(Q(name__icontains=text) | Q(code__startswith=text)) if text else places


def roles_for(place: Organisation) -> list[Role]:
    """The roles that can be held at the organisation."""
    return [role for role in Role if place.kind in HELD_AT[role]]


def own_roles(user: User) -> QuerySet[Membership]:
    """The roles that a person may choose between."""
    held = Membership.objects.filter(user=user, ended_at=None)
    return held.select_related("organisation").order_by("organisation__path", "role")


def own_requests(user: User) -> QuerySet[MembershipRequest]:
    """The roles that a person waits for."""
    asked = MembershipRequest.objects.filter(user=user, state=MembershipRequest.State.PENDING)
    return asked.select_related("organisation").order_by("pk")


def own_sessions(user: User) -> QuerySet[SignedInSession]:
    """Where a person is signed in, the latest use first."""
    return user.signed_in_sessions.order_by("-seen_at", "-pk")


def own_tokens(user: User) -> QuerySet[Token]:
    """Keys for programs that act as the person and still work."""
    working = Token.objects.filter(membership__user=user, revoked_at=None, expires_at__gt=timezone.now())
    return working.select_related("membership__organisation").order_by("expires_at", "pk")


def visible_tokens(actor: Actor) -> QuerySet[Token]:
    """Keys that act for organisations in the actor's area, the latest first."""
    area = Organisation.objects.within(actor.area_path)
    found = Token.objects.filter(membership__organisation__in=area)
    return found.select_related("membership__organisation", "membership__user").order_by("-created_at", "-pk")


def memberships_for_tokens(actor: Actor, text: str = "") -> QuerySet[Membership]:
    """The roles in the area that a key may act as: held now, by somebody else, and not an administrator's."""
    held = (
        Membership.objects.filter(ended_at=None, organisation__in=Organisation.objects.within(actor.area_path))
        .exclude(role__in=ADMINISTRATORS)
        .exclude(user_id=actor.user_id or 0)
        .select_related("organisation", "user")
        .order_by("organisation__path", "role", "pk")
    )
    return held.filter(Q(organisation__name__icontains=text) | Q(user__name__icontains=text)) if text else held


def token_of(secret: str) -> Token | None:
    """The key that a program shows, with its membership, organisation and person; None when it does not work (any more)."""
    return (
        Token.objects.select_related("membership__organisation", "membership__user")
        .filter(
            secret_hash=digest(secret),
            revoked_at=None,
            expires_at__gt=timezone.now(),
            membership__ended_at=None,
            membership__user__is_active=True,
        )
        .first()
    )


def places_within(path: str, text: str) -> QuerySet[Organisation]:
    """The organisations of an area, closed ones too, whose name or code contains the text."""
    places = Organisation.objects.within(path)
    return places.filter(Q(name__icontains=text) | Q(code__startswith=text)) if text else places


def place_names(ids: Collection[int]) -> dict[int, str]:
    """What organisations are called, by their id."""
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))


def is_root(path: str) -> bool:
    """True for the path at the top of the tree."""
    return len(path) == BLOCK
