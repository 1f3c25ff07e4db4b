"""A password or a code that was typed, and what came of it.

Names that nobody has are counted, locked and answered exactly like names that exist, after the same amount of work.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from junheng.web.accounts.actors import person_actor, place_of
from junheng.web.accounts.models import FailedSignIns, RecoveryCode, User
from junheng.web.accounts.one_time import digest, digest_of_code
from junheng.web.accounts.sealing import reseal, unseal
from junheng.web.accounts.totp import matching_step
from junheng.web.audit.actor import PLATFORM, Actor
from junheng.web.audit.chain import record

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who it is, or (None) the message that tells what to do next."""

    user: User | None
    message: str = ""


def try_password(*, login: str, password: str, address: str) -> Attempt:
    """The person of a login name and password. The slow hash is computed before the database is locked."""
    login = login.strip()
    user = User.objects.filter(login__in={login, login.lower()}).order_by("pk").first()
    encoded = user.password if user is not None and user.is_active else UNUSABLE_PASSWORD_PREFIX
    is_right = check_password(password, encoded)
    return _settle(user.login if user else login, user, is_right=is_right, address=address)


def try_code(*, user_id: int, code: str, address: str) -> Attempt:
    """The person whose second factor, or one of whose recovery codes, was typed. A code is good once."""
    user = User.objects.get(pk=user_id)
    with transaction.atomic():
        if _is_locked(user.login):
            return Attempt(None, locked_message())
        is_right = user.is_active and (_use_step(user, code) or _use_recovery_code(user, code))
        return _settle(user.login, user, is_right=is_right, address=address)


def locked_message() -> str:
    """What somebody reads who has to wait."""
    minutes = int(LOCKED_FOR.total_seconds() // 60)
    text = ngettext(
        "连续输错次数过多,登录已暂停 %(minutes)d 分钟。请稍后再试;急用请联系本级安全管理员解除锁定。",
        "连续输错次数过多,登录已暂停 %(minutes)d 分钟。请稍后再试;急用请联系本级安全管理员解除锁定。",
        minutes,
    )
    return text % {"minutes": minutes}


def wrong_message() -> str:
    """What somebody reads whose name, password or code was wrong, whichever it was."""
    return _(
        "登录名、密码或验证码不正确,或账号已停用。连续输错 %(limit)d 次将暂停登录。忘记密码请联系本级安全管理员重置。"
    ) % {"limit": MAX_FAILURES}


def _is_locked(login: str) -> bool:
    return FailedSignIns.objects.filter(login_hash=digest(login.casefold()), locked_until__gt=timezone.now()).exists()


@transaction.atomic
def _settle(login: str, user: User | None, *, is_right: bool, address: str) -> Attempt:
    """Counts a failure, or lets pass; a lock that came meanwhile holds for right passwords too."""
    now = timezone.now()
    key = digest(login.casefold())
    FailedSignIns.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    if is_right and not FailedSignIns.objects.filter(login_hash=key, locked_until__gt=now).exists():
        return Attempt(user)
    FailedSignIns.objects.get_or_create(login_hash=key, defaults={"last_at": now})
    failed = FailedSignIns.objects.select_for_update().get(login_hash=key)
    if failed.locked_until is not None and failed.locked_until > now:
        return Attempt(None, locked_message())
    is_over = failed.locked_until is not None or now - failed.last_at > LOCKED_FOR
    failed.count = 1 if is_over else failed.count + 1
    failed.last_at = now
    failed.locked_until = now + LOCKED_FOR if failed.count >= MAX_FAILURES else None
    failed.save(update_fields=["count", "last_at", "locked_until"])
    _record(user, key, failed, address)
    return Attempt(None, locked_message() if failed.locked_until else wrong_message())


def _record(user: User | None, key: str, failed: FailedSignIns, address: str) -> None:
    """Known people are named in the chain of their place; of other names only a hash is told, in the platform's chain."""
    nobody = Actor(user_id=None, name=PLATFORM.name, role=PLATFORM.role, organisation_id=None, address=address)
    record(
        by=person_actor(user, address) if user else nobody,
        action="sign_in.lock" if failed.locked_until else "sign_in.fail",
        organisation_id=place_of(user) if user else None,
        subject=f"user:{user.pk}" if user else f"login:{key[:12]}",
        after={"count": failed.count},
    )


def _use_step(user: User, code: str) -> bool:
    """True when the code is the one of now and was not used; two sign-ins at once with one code: only one is let in."""
    step = matching_step(unseal(user.totp_secret), code, timezone.now())
    if not step:
        return False
    newer = User.objects.filter(pk=user.pk, totp_last_step__lt=step)
    return bool(newer.update(totp_last_step=step, totp_secret=reseal(user.totp_secret)))


def _use_recovery_code(user: User, code: str) -> bool:
    unused = RecoveryCode.objects.filter(user=user, code_hash=digest_of_code(code), used_at=None)
    return bool(unused.update(used_at=timezone.now()))
