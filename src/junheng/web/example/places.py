"""The tree of the example: province, city, and counties with their townships, departments and schools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from junheng.core.facts import Facts
from junheng.web.access.actor import PLATFORM
from junheng.web.audit.chain import record
from junheng.web.organisations.models import BLOCK, Kind, Organisation

DEPARTMENTS: Mapping[str, Sequence[str]] = {
    "财政局": ["财政局"],
    "统计局": ["统计局"],
    "民政局": ["民政局"],
    "残疾人联合会": ["残联"],
    "教育局基教股": ["教育局基教股"],
    "教育局人事股": ["教育局人事股"],
    "教育局计财股": ["教育局计财股"],
    "教育局教研室": ["教育局教研室"],
    "政府教育督导室": ["县政府教育督导室", "市政府教育督导室"],
}
"""Departments of a county, and for which reporters of the field dictionary each speaks."""


@dataclass
class Planter:
    """Gives every new place the next number, so that paths are as if the places had been made one by one."""

    number: int = 0

    def place(self, parent: Organisation | None, kind: Kind, name: str, **columns: Any) -> Organisation:
        """A place that is not saved yet; its parent must have been."""
        self.number += 1
        path = (parent.path if parent else "") + str(self.number).zfill(BLOCK)
        return Organisation(parent=parent, path=path, kind=kind, name=name, **columns)

    def save(self, parent: Organisation | None, kind: Kind, name: str, **columns: Any) -> Organisation:
        """The same, saved."""
        made = self.place(parent, kind, name, **columns)
        made.save(force_insert=True)
        return made


PROVINCE = {"name": "示例省", "code": "990000"}
NUMERALS = "一二三四五六七八九十"


def is_planted() -> bool:
    """True when the tree is the example's."""
    return Organisation.objects.filter(parent=None, kind=Kind.PROVINCE, **PROVINCE).exists()


@transaction.atomic
def plant(counties: Sequence[Facts], *, per_city: int = 10) -> list[Organisation]:
    """The tree of one province for some counties, `per_city` in a city; gives the counties in their order.

    The tree must be empty.
    """
    planter = Planter()
    top = planter.save(None, Kind.PROVINCE, **PROVINCE)
    made = []
    for number, first in enumerate(range(0, len(counties), per_city)):
        name = "示例市" if len(counties) <= per_city else f"示例{NUMERALS[number]}市"
        city = planter.save(top, Kind.CITY, name, code=f"99{99 - number:02}00")
        made += [_county(planter, city, facts) for facts in counties[first : first + per_city]]
    after = {"places": planter.number, "counties": len(made)}
    record(by=PLATFORM, action="organisation.create", organisation_id=top.pk, subject="example", after=after)
    return made


def _county(planter: Planter, city: Organisation, facts: Facts) -> Organisation:
    county = planter.save(city, Kind.COUNTY, facts.county_name, code=facts.county_code)
    schools = list(facts.table("schools").rows(named=True))
    named = sorted({row["township"] for row in schools if row["township"]})
    townships = {
        name: planter.place(county, Kind.TOWNSHIP, name, code=f"{facts.county_code}{100 + index:03}")
        for index, name in enumerate(named)
    }
    Organisation.objects.bulk_create(townships.values())
    Organisation.objects.bulk_create(
        planter.place(county, Kind.DEPARTMENT, name, reports_as=list(reporters))
        for name, reporters in DEPARTMENTS.items()
    )
    Organisation.objects.bulk_create(
        planter.place(townships.get(row["township"], county), Kind.SCHOOL, row["school_name"], code=row["school_id"])
        for row in schools
    )
    return county
