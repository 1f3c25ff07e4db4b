"""The demo county on the platform: its tree, a round, and what its schools report, for bench, pictures and collecting."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from junheng import api
from junheng.core.facts import Facts
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import PLATFORM
from junheng.web.accounts.actors import actor_of
from junheng.web.accounts.models import Membership, User
from junheng.web.accounts.roles import Role
from junheng.web.organisations.models import BLOCK, Kind, Organisation
from junheng.web.returns.actions import archive, rounds
from junheng.web.returns.models import Round
from tests.demo.kept import demo_county


@dataclass
class County:
    """The county's organisation, its facts this year and last year, and its office's member."""

    place: Organisation
    facts: Facts
    previous: Facts
    office: Membership

    def member(self, role: Role, place: Organisation, login: str) -> Membership:
        """A person in a role at a place of the county."""
        user = User.objects.create(login=login, name=f"{role.label}·{place.name}"[:60])
        return Membership.objects.create(user=user, organisation=place, role=role.value)

    def open_round(self) -> Round:
        """The round of this year, opened by the office."""
        due_on = timezone.localdate() + timedelta(days=20)
        return rounds.open_rounds(
            by=actor_of(self.office),
            place=self.place,
            year=self.facts.year,
            standard=api.DEFAULT_STANDARD,
            title=f"{self.facts.year} 年度填报",
            due_on=due_on,
        )[0]


def build_county(*, with_previous: bool = False) -> County:
    """The tree of the demo county: a province, the county, a department, and every school directly below the county."""
    facts, history = demo_county()
    province = Organisation.objects.create(path="1".zfill(BLOCK), kind=Kind.PROVINCE, code="990000", name="示例省")
    place = _below(province, 1, Kind.COUNTY, facts.county_code, facts.county_name)
    _below(place, 1, Kind.DEPARTMENT, "", "财政局").reports_as.append("财政局")
    Organisation.objects.filter(kind=Kind.DEPARTMENT).update(reports_as=["财政局"])
    schools = facts.table("schools").rows(named=True)
    for number, row in enumerate(schools, start=2):
        _below(place, number, Kind.SCHOOL, row["school_id"], row["school_name"])
    user = User.objects.create(login="office", name="县级管理员")
    office = Membership.objects.create(user=user, organisation=place, role=Role.COUNTY_OFFICE)
    made = County(place, facts, history[-1], office)
    if with_previous:
        import_year(made, made.previous)
    return made


def import_year(county: County, facts: Facts) -> Round:
    """A year taken as approved."""
    title = f"{facts.year} 年度填报"
    return archive.import_approved(
        by=PLATFORM, county=county.place, facts=facts, standard=api.DEFAULT_STANDARD, title=title
    )


def _below(parent: Organisation, number: int, kind: Kind, code: str, name: str) -> Organisation:
    path = parent.path + str(number).zfill(BLOCK)
    return Organisation.objects.create(parent=parent, path=path, kind=kind, code=code, name=name)


def rows_of(facts: Facts, school_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of one school as plain rows of canonical values, missing values left out."""
    rows = {}
    for name, table in load_dictionary().tables.items():
        found = [row for row in facts.table(name).rows(named=True) if row.get("school_id") == school_id]
        rows[name] = [{field: row[field] for field in table.fields if row[field] is not None} for row in found]
    return rows
