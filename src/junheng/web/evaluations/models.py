"""Runs of the judging, the snapshots they are kept in, and what pages need of them, computed once."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.core.verdict import Outcome
from junheng.web.organisations.models import Organisation

OUTCOMES = [
    (Outcome.MET.value, _("达标")),
    (Outcome.NOT_MET.value, _("不达标")),
    (Outcome.CANNOT_TELL.value, _("无法判定")),
]


class Source(models.TextChoices):
    """Which facts a run takes."""

    APPROVED = "approved", _("已审定数据")
    TRIAL = "trial", _("当前数据（试算）")


class Run(models.Model):
    """One judging of one county and year. Until `finished_at` is set it waits for its job; after that it never changes.

    `versions` lists the facts it took as `[return id, version number, digest]`, `missing` the names of those who had not
    reported. `is_trial`: the facts were not all approved, or hold findings that block. `hash` binds standard, versions, facts,
    engine and verdict together; `verdict_digest` is the code printed on documents. `figures` is the little that lists and
    rankings show, `summary` all that the dashboard shows.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="runs")
    year = models.PositiveIntegerField()
    standard = models.CharField(max_length=60)
    source = models.CharField(max_length=10, choices=Source.choices)
    exceptions = models.JSONField(default=list)
    job_id = models.BigIntegerField(default=0)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    finished_at = models.DateTimeField(null=True)
    is_trial = models.BooleanField(default=True)
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    standard_version = models.CharField(max_length=40, blank=True)
    standard_digest = models.CharField(max_length=64, blank=True)
    engine_version = models.CharField(max_length=40, blank=True)
    verdict_digest = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)
    versions = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)

    class Meta:
        """Newest first; found by county and year, and by the printed code."""

        ordering: ClassVar = ["-year", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "year"]),
            models.Index(fields=["verdict_digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.standard} · {self.pk}"

    @property
    def is_finished(self) -> bool:
        """True once the verdict is there."""
        return self.finished_at is not None

    @property
    def code(self) -> str:
        """What documents print to name this verdict: the first 16 digits of its digest."""
        return self.verdict_digest[:16]


class Snapshot(models.Model):
    """What a finished run rests on, part by part, as compressed canonical JSON. Written once, never changed or deleted.

    The standard is kept as it was, so that the run can be explained when a later release words or numbers it otherwise.
    """

    run = models.OneToOneField(Run, models.PROTECT, primary_key=True, related_name="snapshot")
    facts = models.BinaryField()
    standard = models.BinaryField()
    verdict = models.BinaryField()
    findings = models.BinaryField()


class SchoolResult(models.Model):
    """One school stage of a finished run, as the heat table, rankings and histories show it.

    `cells` has one entry per indicator of the standard, in its order: `{"id", "text", "outcome", "band", "percent"}`, where
    `percent` is the value as a share of the threshold in per cent (null: unknown). `gaps` lists what is missing in natural
    units. `least_percent` is the smallest percent, for sorting (null: unknown). `school` is empty for a code that is not in
    the tree.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="schools")
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="results")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    stage = models.CharField(max_length=10)
    township = models.CharField(max_length=200, blank=True)
    school_type = models.CharField(max_length=40)
    student_count = models.IntegerField(null=True)
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    met_count = models.PositiveSmallIntegerField()
    floor_count = models.PositiveSmallIntegerField()
    indicator_count = models.PositiveSmallIntegerField()
    least_percent = models.FloatField(null=True)
    cells = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    reasons = models.JSONField(default=list)

    class Meta:
        """A school stage stands once in a run."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "code", "stage"], name="evaluations_school_once_a_run")
        ]
        indexes: ClassVar = [models.Index(fields=["school", "run"])]


class Publication(models.Model):
    """The run that stands for a county's year, and who said so when."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="publications")
    year = models.PositiveIntegerField()
    run = models.OneToOneField(Run, models.PROTECT, related_name="publication")
    published_by = models.CharField(max_length=100)
    published_at = models.DateTimeField()

    class Meta:
        """One run a year."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "year"], name="evaluations_one_publication_a_year")
        ]
