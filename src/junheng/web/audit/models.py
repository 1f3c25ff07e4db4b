"""Audit rows. They hold plain values and no foreign keys, so that nothing that is deleted or renamed changes the past."""

from typing import ClassVar

from django.db import models

PLATFORM_CHAIN = 0
"""The chain of what belongs to no organisation (sign-ins that failed, the platform's own work)."""


class Chain(models.Model):
    """The head of one organisation's chain: how many rows there are, and the hash of the last."""

    organisation_id = models.BigIntegerField(primary_key=True)
    length = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")


class Entry(models.Model):
    """One write. `hash` covers every other column and the hash of the row before it in the same organisation."""

    organisation_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=100)
    role = models.CharField(max_length=30)
    acting_organisation_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        """One row per place in a chain."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation_id", "sequence"], name="audit_one_row_per_place")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation_id", "-at"]),
            models.Index(fields=["subject"]),
        ]
