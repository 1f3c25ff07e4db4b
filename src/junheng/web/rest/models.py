"""What programs asked for: answers that are given again for the same key, and how often a token asks."""

from typing import ClassVar

from django.db import models

from junheng.web.accounts.models import Membership, Token


class Answer(models.Model):
    """What a write with an idempotency key was answered. `fingerprint` says what was asked, so that a key that is used for
    something else is noticed; `status` is 0 only inside the transaction that does the write.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A key belongs to one write of a membership."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["membership", "key"], name="rest_one_answer_per_key")]
        indexes: ClassVar = [models.Index(fields=["at"])]


class Usage(models.Model):
    """How often a token asked in its latest minute (minutes since 1970)."""

    token = models.OneToOneField(Token, models.CASCADE, primary_key=True, related_name="+")
    minute = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
