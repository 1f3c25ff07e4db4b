"""Organisations and schools."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BLOCK = 8
"""Digits per level of a path. Digits only: every database sorts them alike, with any collation."""


class Kind(models.TextChoices):
    """What an organisation is."""

    NATION = "nation", _("国家")
    PROVINCE = "province", _("省（自治区、直辖市）")
    CITY = "city", _("市（州）")
    COUNTY = "county", _("县（市、区）")
    DEPARTMENT = "department", _("县级部门")
    TOWNSHIP = "township", _("乡镇（街道）")
    SCHOOL = "school", _("学校")


CHILDREN: dict[str, frozenset[str]] = {
    Kind.NATION: frozenset({Kind.PROVINCE}),
    Kind.PROVINCE: frozenset({Kind.CITY, Kind.COUNTY}),  # a county may stand directly below its province
    Kind.CITY: frozenset({Kind.COUNTY}),
    Kind.COUNTY: frozenset({Kind.DEPARTMENT, Kind.TOWNSHIP, Kind.SCHOOL}),
    Kind.DEPARTMENT: frozenset(),
    Kind.TOWNSHIP: frozenset({Kind.SCHOOL}),
    Kind.SCHOOL: frozenset(),
}


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations by their place in the tree."""

    def within(self, path: str) -> Self:
        """The organisation at `path` and all below it; none for an empty path."""
        return self.filter(path__gte=path, path__lt=after(path)) if path else self.none()

    def below(self, path: str) -> Self:
        """All below `path`, without the organisation itself."""
        return self.within(path).exclude(path=path)

    def above(self, path: str) -> Self:
        """The organisations from the root down to the one above `path`."""
        return self.filter(path__in=[path[:end] for end in range(BLOCK, len(path), BLOCK)])

    def open(self) -> Self:
        """Those that have not been closed."""
        return self.filter(closed_on=None)


def after(path: str) -> str:
    """The first path behind the subtree of `path`."""
    return path[:-BLOCK] + str(int(path[-BLOCK:]) + 1).zfill(BLOCK)


class Organisation(models.Model):
    """One place in the tree. `path` is the path of the parent and eight digits; it changes only when the place moves.

    `code` is the administrative code of a province, city, county or township, and the ten-digit code of a school.
    `school_type` is, for a school, its type in the field dictionary, empty when it is not known yet.
    `reports_as` names, for a department, the reporters of the field dictionary whose county facts it owns.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=12 * BLOCK, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=100)
    school_type = models.CharField(max_length=40, blank=True)
    reports_as = models.JSONField(default=list, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects: ClassVar = OrganisationQuerySet.as_manager()

    class Meta:
        """A code belongs to one organisation of its kind."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "code"], condition=~models.Q(code=""), name="organisations_one_per_code"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["parent", "kind"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """True while the organisation has not been closed."""
        return self.closed_on is None

    def is_within(self, path: str) -> bool:
        """True for the organisation at `path` and all below it; never for an empty path."""
        return bool(path) and self.path.startswith(path)


class SchoolEvent(models.Model):
    """What happened to a school: opened, renamed, moved, merged into another, closed. Never changed, only added to."""

    class Kind(models.TextChoices):
        """What happened."""

        OPENED = "opened", _("设立")
        RENAMED = "renamed", _("更名")
        MOVED = "moved", _("划转")
        MERGED = "merged", _("并入")
        CLOSED = "closed", pgettext_lazy("organisation", "撤销")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    other = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
