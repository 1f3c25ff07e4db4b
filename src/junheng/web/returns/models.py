"""Rounds of reporting, what each organisation reports in them, every version of it, and what was said and decided about it."""

from typing import Any, ClassVar, Never

from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.core.errors import EngineError
from junheng.web.organisations.models import Organisation


class State(models.TextChoices):
    """Where a return is on its way."""

    DRAFT = "draft", _("填报中")
    AT_PRINCIPAL = "at_principal", _("待校级审核")
    AT_TOWNSHIP = "at_township", _("待乡镇审核")
    AT_COUNTY = "at_county", _("待县级审核")
    APPROVED = "approved", _("已通过")


class Round(models.Model):
    """One year's reporting of one county. `issuer` is the county itself or the organisation above that asked for it.

    There is one round per county and year: the forms come from the field dictionary, and one set of facts serves every
    standard. `standard` is the one the county reports for; `locked_at` set: nothing may be changed, uploads included.
    """

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="rounds")
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    standard = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    due_on = models.DateField()
    opened_at = models.DateTimeField(auto_now_add=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One round a year."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county", "year"], name="returns_one_round_per_county_and_year")
        ]

    def __str__(self) -> str:
        return self.title


class Return(models.Model):
    """What one organisation reports in one round.

    `covers` is `{table: [field id, …]}` for county facts, fixed when the round is opened; empty for a school, which covers all
    school tables. `version` is the one that is being filled in or decided on, `approved` the one that is valid: a correction
    leaves it in place until the new one is approved. `lock_version` counts every change of the draft and of the state.
    The counts describe `version`: cells filled in, all cells, findings that block, warnings without a written reason.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="returns")
    covers = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    lock_version = models.PositiveIntegerField(default=1)
    version = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    approved = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")
    filled_count = models.PositiveIntegerField(default=0)
    cell_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One return per organisation and round."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "organisation"], name="returns_one_per_round_and_organisation")
        ]
        indexes: ClassVar = [models.Index(fields=["round", "state"])]

    def __str__(self) -> str:
        return f"{self.organisation_id}@{self.round_id}"


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions; what was submitted keeps its content, whatever a caller tries in bulk."""

    CONTENT: ClassVar = frozenset({"values", "origins", "row_ids", "digest", "number", "entry", "entry_id"})

    def update(self, **columns: Any) -> int:
        """Changes columns of many rows. EngineError when it would change the content of a submitted version."""
        if self.CONTENT & set(columns) and self.filter(submitted_at__isnull=False).exists():
            raise EngineError("已提交的版本不可改动;如需更正,请发起更正。")
        return super().update(**columns)

    def bulk_update(self, *_arguments: Any, **_named: Any) -> Never:
        """Never: versions are changed one by one."""
        raise EngineError("版本不可成批改动。")

    def delete(self) -> Never:
        """Never: a version stays."""
        raise EngineError("版本不可删除。")


class Version(models.Model):
    """One version of a return: a draft until `submitted_at` is set, never changed from then on; `is_final` once approved by all.

    `values` is `{table: [{field id: canonical value}, …]}` as core's facts take it; a missing value has no key. `row_ids` runs
    parallel: `{table: [number, …]}`, what the page calls a row whatever its key is. `origins` is `{"of": {"table|key|field":
    index}, "list": [{kind, file, sheet, cell, by, by_id, at}, …]}`, kind one of web, workbook, import. `findings` are those of
    the last check, as plain dictionaries. `digest` is SHA-256 over the values, set on submission.
    """

    entry = models.ForeignKey(Return, models.PROTECT, related_name="versions", verbose_name=_("填报"))
    number = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    row_ids = models.JSONField(default=dict)
    origins = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    is_final = models.BooleanField(default=False)
    submit_key = models.CharField(max_length=64, blank=True)
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by = models.CharField(max_length=100, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = VersionQuerySet.as_manager()

    class Meta:
        """Numbers run from 1; what is submitted has a digest; what is final was approved; a key submits once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "number"], name="returns_one_version_per_number"),
            models.UniqueConstraint(
                fields=["entry", "submit_key"], condition=~models.Q(submit_key=""), name="returns_one_submit_per_key"
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at=None) | ~models.Q(digest=""), name="returns_submitted_has_digest"
            ),
            models.CheckConstraint(
                condition=models.Q(is_final=False) | models.Q(approved_at__isnull=False, submitted_at__isnull=False),
                name="returns_final_was_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}#{self.number}"


class Decision(models.Model):
    """What a level said about a version. A level approves a version once."""

    class Verdict(models.TextChoices):
        """What was said."""

        SUBMITTED = "submitted", _("提交")
        APPROVED = "approved", _("通过")
        RETURNED = "returned", _("退回")

    version = models.ForeignKey(Version, models.PROTECT, related_name="decisions")
    level = models.CharField(max_length=12, choices=State.choices)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """Two approvers at once give one approval."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "level", "verdict"], name="returns_one_decision_per_level")
        ]


class Remark(models.Model):
    """Something said about one cell (or, with an empty `field`, about a row, a table or the whole return).

    `row_key` holds the key of the row, joined by `:`. A remark of kind `return` is why a reviewer sent the version back.
    """

    class Kind(models.TextChoices):
        """Why it was said."""

        RETURN = "return", _("退回意见")
        COMMENT = "comment", _("备注")

    entry = models.ForeignKey(Return, models.PROTECT, related_name="remarks")
    version = models.ForeignKey(Version, models.PROTECT, related_name="remarks")
    table = models.CharField(max_length=30, blank=True)
    row_key = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=500)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)


class Extension(models.Model):
    """More time for one return, up to and including the day `until`."""

    entry = models.ForeignKey(Return, models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=100)
    granted_at = models.DateTimeField()


class WrittenReason(models.Model):
    """Why a warning is right as it stands, under the finding's reference."""

    entry = models.ForeignKey(Return, models.PROTECT, related_name="reasons")
    reference = models.CharField(max_length=200)
    text = models.CharField(max_length=500)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        """One reason per finding."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "reference"], name="returns_one_reason_per_finding")
        ]


class Upload(models.Model):
    """A workbook that was sent: for one return (`entry`), or for the schools of a county (`entry` empty).

    `stored_name` is its random name below MEDIA_ROOT/uploads. `rows` is what was read, kept until it is applied or discarded:
    `{table: [{"values": {field id: canonical value}, "sheet": name, "cells": {field id: "C7"}}, …]}`.
    """

    class State(models.TextChoices):
        """What became of it."""

        READ = "read", _("待确认")
        UNREADABLE = "unreadable", _("无法读取")
        APPLIED = "applied", _("已采用")
        DISCARDED = "discarded", _("已放弃")

    round = models.ForeignKey(Round, models.PROTECT, related_name="uploads")
    entry = models.ForeignKey(Return, models.PROTECT, null=True, blank=True, related_name="uploads")
    state = models.CharField(max_length=12, choices=State.choices)
    name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=80, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)


class Notice(models.Model):
    """Something a role of an organisation should know or do. `key` keeps the same notice from being written twice.

    `said` and `details` keep what happened, not words: `notice_texts.text_of` says it in the language of the reader. `text` holds
    the words of notices that are older than that.
    """

    class Kind(models.TextChoices):
        """What it is about."""

        OPENED = "opened", _("开始填报")
        REMINDER = "reminder", _("催报")
        RETURNED = "returned", _("已退回")
        TO_REVIEW = "to_review", _("待审核")
        APPROVED = "approved", _("已通过")
        LOCKED = "locked", _("锁定与解锁")
        EXTENDED = "extended", _("延期")

    class Said(models.TextChoices):
        """What happened, with the details its words need; days are ISO texts."""

        OPENED = "opened"
        LOCKED = "locked"
        UNLOCKED = "unlocked"
        EXTENDED = "extended"
        EXTENDED_TO_CORRECT = "correct"
        REMINDED = "reminded"
        RETURNED = "returned"
        TO_REVIEW = "to_review"
        APPROVED = "approved"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="notices")
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    said = models.CharField(max_length=10, choices=Said.choices, blank=True)
    details = models.JSONField(default=dict)
    text = models.CharField(max_length=300, blank=True)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="notices")
    entry = models.ForeignKey(Return, models.PROTECT, null=True, blank=True, related_name="notices")
    key = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.CharField(max_length=100, blank=True)

    class Meta:
        """Read by the people of a role."""

        indexes: ClassVar = [models.Index(fields=["organisation", "role", "read_at"])]
