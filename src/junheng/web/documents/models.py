"""Documents made from finished runs."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.web.evaluations.models import Run
from junheng.web.organisations.models import Organisation


class Kind(models.TextChoices):
    """What a document is; the values are the kinds that `junheng.api` writes."""

    FORMS = "forms", _("申报表")
    REPORT = "report", _("自评报告")
    GAPS = "gaps", _("差距清单")
    SCHOOL_PLANS = "school_plans", _("一校一案")
    VERDICT = "verdict", _("判定结果（数据）")


class Document(models.Model):
    """One file of one run. `path` is its random name below the folder for files; `name` is what a download is called.

    `school` is set for the plan of one school. A document is replaced by no other: the same run gives the same bytes.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="documents")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A file stands once in a run."""

        ordering: ClassVar = ["kind", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "name"], name="documents_file_once_a_run")]
        indexes: ClassVar = [models.Index(fields=["sha256"])]
