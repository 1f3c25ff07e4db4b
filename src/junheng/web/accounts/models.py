"""People, their places, invitations and sessions."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.web.accounts.roles import Role
from junheng.web.organisations.models import Organisation


class UserManager(BaseUserManager["User"]):
    """Finds people by their login name. They are made by `junheng.web.accounts.actions` only."""


class User(AbstractBaseUser):
    """One person. `totp_secret` is empty until a second factor is set up, then sealed (see `sealing`); `totp_last_step` is the
    last code that was used.
    """

    login = models.CharField(_("登录名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    totp_secret = models.CharField(max_length=255, blank=True)
    totp_last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar = UserManager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role held at an organisation. `ended_at` set: it was held and is no longer."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A role is held once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(ended_at=None),
                name="accounts_role_held_once",
            )
        ]


class MembershipRequest(models.Model):
    """A role that a system administrator asks for somebody, and what a security administrator said to it.

    Only an approved request makes a membership, so no single administrator can give a role.
    """

    class State(models.TextChoices):
        """What became of it."""

        PENDING = "pending", _("待批准")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    user = models.ForeignKey(User, models.PROTECT, related_name="membership_requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="membership_requests")
    role = models.CharField(max_length=20, choices=Role.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    requested_by_id = models.BigIntegerField(null=True)
    requested_by = models.CharField(max_length=100)
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """A role is asked for once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(state="pending"),
                name="accounts_role_asked_once",
            )
        ]


class Invitation(models.Model):
    """A link that lets one person set a password, once, before it expires. Only the hash of its secret is kept."""

    secret_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    invited_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class RecoveryCode(models.Model):
    """A code that stands in for the second factor, once. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)


class FailedSignIns(models.Model):
    """Wrong passwords and codes in a row for one login name, known or not: who asks cannot learn which names exist.

    `login_hash` and no name, because people type passwords into the wrong field.
    """

    login_hash = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True, blank=True)


class SignedInSession(models.Model):
    """A session of a person, so that they can see where they are signed in and end it."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="signed_in_sessions")
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)


class Token(models.Model):
    """A key for programs: acts as one membership. Only the hash of its secret is kept."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
