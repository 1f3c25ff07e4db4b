"""Sessions: opened when somebody has signed in, ended by themselves, or with what they were based on."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.accounts.actors import person_actor, place_of
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import FailedSignIns, SignedInSession, User
from junheng.web.accounts.one_time import digest
from junheng.web.audit.chain import record

BROWSER_LENGTH = 200


@transaction.atomic
def open_session(*, user: User, session_key: str, address: str, browser: str) -> SignedInSession:
    """The session of somebody who has just proved who they are; wrong attempts are forgotten."""
    FailedSignIns.objects.filter(login_hash=digest(user.login.casefold())).delete()
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    SignedInSession.objects.filter(user=user).exclude(session_key__in=live).delete()
    opened, _is_new = SignedInSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "address": address, "browser": browser[:BROWSER_LENGTH], "seen_at": timezone.now()},
    )
    _record(user, "session.start", address)
    return opened


@transaction.atomic
def close(*, user: User, session_key: str, address: str) -> None:
    """Forgets the session that its owner leaves; the browser's own session is flushed by the view."""
    SignedInSession.objects.filter(user=user, session_key=session_key).delete()
    _record(user, "session.end", address)


@transaction.atomic
def end_one(*, user: User, session_id: int, address: str) -> None:
    """Ends one of a person's own sessions, wherever it is. RefusedError when it has ended already."""
    found = SignedInSession.objects.filter(user=user, pk=session_id).first()
    if found is None:
        raise RefusedError(_("这次登录已经结束。"))
    _end([found.session_key])
    _record(user, "session.end", address, ended=1)


@transaction.atomic
def end_others(*, user: User, keep: str, address: str) -> int:
    """Ends all of a person's sessions but the one with the key `keep`; how many."""
    keys = list(
        SignedInSession.objects.filter(user=user).exclude(session_key=keep).values_list("session_key", flat=True)
    )
    _end(keys)
    _record(user, "session.end", address, ended=len(keys))
    return len(keys)


@transaction.atomic
def move(*, user: User, before: str, after: str) -> None:
    """Follows a session whose key has been changed."""
    SignedInSession.objects.filter(user=user, session_key=before).update(session_key=after)


def end_all(user: User) -> None:
    """Ends every session of a person, in the transaction of what took their right away."""
    _end(list(SignedInSession.objects.filter(user=user).values_list("session_key", flat=True)))


@transaction.atomic
def note_seen(*, session_key: str) -> None:
    """Remembers that a session is in use. No audit row: nothing about anybody's rights changes."""
    SignedInSession.objects.filter(session_key=session_key).update(seen_at=timezone.now())


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    SignedInSession.objects.filter(session_key__in=keys).delete()


def _record(user: User, action: str, address: str, **after: int) -> None:
    record(
        by=person_actor(user, address),
        action=action,
        organisation_id=place_of(user),
        subject=f"user:{user.pk}",
        after=after,
    )
