"""People for the tests of accounts: with a password, with a second factor, and the administrators of the small tree."""

import re
from datetime import UTC, datetime

import pyotp
from django.utils import timezone

from junheng.web.accounts.models import Membership, MembershipRequest, User
from junheng.web.accounts.queries import open_invitation
from junheng.web.accounts.roles import Role
from junheng.web.accounts.sealing import seal
from junheng.web.audit.actor import Actor
from junheng.web.audit.models import Entry
from tests.web.world import World

PASSWORD = "长江 green 47 lantern"
OTHER_PASSWORD = "黄河 amber 58 window"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(world: World, role: Role = Role.REPORTER, place: str = "school", *, has_totp: bool = False) -> User:
    """A member of the small tree who can sign in by PASSWORD, and with codes of SECRET."""
    user = world.member(role, place).user
    user.set_password(PASSWORD)
    user.totp_secret = seal(SECRET) if has_totp else ""
    user.save()
    return user


def stranger(login: str = "newcomer", name: str = "新来的人") -> User:
    """Somebody without password and role."""
    user = User(login=login, name=name)
    user.set_unusable_password()
    user.save()
    return user


def system(world: World, place: str = "county") -> Actor:
    """The system administrator of a place."""
    return world.actor(Role.SYSTEM_ADMIN, place)


def security(world: World, place: str = "county") -> Actor:
    """The security administrator of a place."""
    return world.actor(Role.SECURITY_ADMIN, place)


def asked(world: World, user: User, place: str = "school", role: Role = Role.REPORTER, by: Actor | None = None):
    """A request that waits for approval; the row is made directly."""
    return MembershipRequest.objects.create(
        user=user,
        organisation=world[place],
        role=role,
        requested_by_id=by.user_id if by else None,
        requested_by=by.name if by else "系统管理员",
    )


def holds(user: User, role: Role) -> bool:
    """Whether the person holds the role now."""
    return Membership.objects.filter(user=user, role=role, ended_at=None).exists()


def actions_of(subject: str) -> list[str]:
    """What audit rows tell about somebody, in order."""
    return list(Entry.objects.filter(subject=subject).order_by("id").values_list("action", flat=True))


def part_of(pattern: str, text: str) -> str:
    """What the first group of the pattern finds in the text, which must be there."""
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in the text"
    return found[1]


def invited_by(secret: str) -> User:
    """Whose link it is, which must be open."""
    invitation = open_invitation(secret)
    assert invitation is not None
    return invitation.user


def code_at(steps: int = 0, secret: str = SECRET) -> str:
    """The code of now, or of some steps away."""
    moment = datetime.fromtimestamp(timezone.now().timestamp() + 30 * steps, UTC)
    return pyotp.TOTP(secret).at(moment)
