"""The second factor of a person: set up and removed by themselves."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.accounts.actors import person_actor, place_of
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Membership, RecoveryCode, User
from junheng.web.accounts.one_time import digest_of_code, make_code
from junheng.web.accounts.sealing import seal
from junheng.web.accounts.totp import matching_step
from junheng.web.audit.chain import record

CODES = 10


@transaction.atomic
def set_up(*, user_id: int, secret: str, code: str, address: str) -> list[str]:
    """Ten recovery codes, never to be had again, once the code shows that the app knows the secret."""
    user = User.objects.select_for_update().get(pk=user_id)
    if user.totp_secret:
        raise RefusedError(_("二次验证已经开启。要换手机,请先关闭再重新设置。"))
    step = matching_step(secret, code, timezone.now())
    if not step:
        raise RefusedError(_("验证码不对。请核对手机时间是否准确,等下一组数字出现后再输入。"))
    user.totp_secret, user.totp_last_step = seal(secret), step
    user.save(update_fields=["totp_secret", "totp_last_step"])
    _record(user, "second_factor.set_up", address)
    return _fresh_codes(user)


@transaction.atomic
def remove(*, user_id: int, address: str) -> None:
    """Back to the password alone. RefusedError while the person holds a role that asks for the second factor."""
    user = User.objects.select_for_update().get(pk=user_id)
    if Membership.objects.filter(user=user, ended_at=None, role__in=settings.SECOND_FACTOR_ROLES).exists():
        raise RefusedError(_("您担任的角色必须使用二次验证,不能关闭。换手机时请联系安全管理员重置。"))
    user.totp_secret = ""
    user.save(update_fields=["totp_secret"])
    user.recovery_codes.all().delete()
    _record(user, "second_factor.remove", address)


@transaction.atomic
def renew_codes(*, user_id: int, address: str) -> list[str]:
    """Ten fresh recovery codes; the old ones stop."""
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.totp_secret:
        raise RefusedError(_("还没有开启二次验证,不需要恢复码。"))
    _record(user, "second_factor.renew_codes", address)
    return _fresh_codes(user)


def _fresh_codes(user: User) -> list[str]:
    user.recovery_codes.all().delete()
    codes = [make_code() for _number in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=digest_of_code(code)) for code in codes)
    return codes


def _record(user: User, action: str, address: str) -> None:
    record(
        by=person_actor(user, address),
        action=action,
        organisation_id=place_of(user),
        subject=f"user:{user.pk}",
    )
