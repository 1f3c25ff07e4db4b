"""Run as a program in an environment of its own: a small county with people of every role and returns in every state.

`python -m tests.web.journeys.seed`  prints the sign-ins as JSON
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from junheng import api  # noqa: E402
from junheng.core.facts import Facts, facts_from_rows  # noqa: E402
from junheng.readers.dictionary import load_dictionary  # noqa: E402
from junheng.web.access.roles import Role  # noqa: E402
from junheng.web.accounts.models import User  # noqa: E402
from junheng.web.documents import actions as documents  # noqa: E402
from junheng.web.documents.models import Kind as DocumentKind  # noqa: E402
from junheng.web.evaluations.models import Run  # noqa: E402
from junheng.web.evaluations.snapshots import evaluation_of  # noqa: E402
from junheng.web.example.people import Person, settle  # noqa: E402
from junheng.web.example.places import plant  # noqa: E402
from junheng.web.example.plans import example_forecast, example_scenario  # noqa: E402
from junheng.web.example.years import FATES, open_season, past_years  # noqa: E402
from junheng.web.jobs.worker import run_pending  # noqa: E402
from junheng.web.organisations.models import Kind, Organisation  # noqa: E402
from junheng.web.plans.actions import plans, scenarios  # noqa: E402
from junheng.web.plans.models import Plan, PlanStatus, Scenario  # noqa: E402
from junheng.web.returns.models import Decision, Notice, Remark  # noqa: E402

SMALLEST = len(FATES)


def small(facts: Facts, codes: frozenset[str]) -> Facts:
    """The same county with a few of its schools."""
    dictionary = load_dictionary()
    rows = {
        name: [
            {field: row[field] for field in table.fields}
            for row in facts.table(name).rows(named=True)
            if row.get("school_id") is None or row["school_id"] in codes
        ]
        for name, table in dictionary.tables.items()
    }
    return facts_from_rows(
        dictionary, county_code=facts.county_code, county_name=facts.county_name, year=facts.year, rows=rows
    )


def fill() -> dict[str, Any]:
    """`passwords`: login → password, logins are the names of the roles; `names`: what pages show as it was written."""
    call_command("migrate", verbosity=0)
    latest, history = api.demo_county()
    codes = frozenset(sorted(row["school_id"] for row in latest.table("schools").rows(named=True))[:SMALLEST])
    years = [small(facts, codes) for facts in (history[-1], latest)]
    county = plant(years[1:])[0]
    people, schools = _people(county)
    office = next(person for person in people if person.role == Role.COUNTY_OFFICE)
    past_years(county, years, standard=api.DEFAULT_STANDARD, office=office, say=lambda _line: None)
    open_season(county, years[1], standard=api.DEFAULT_STANDARD, office=office, schools=schools)
    run = Run.objects.latest("year")
    documents.order(by=office.actor, run=run, kinds=[DocumentKind.GAPS])
    _plan(office, run)
    run_pending()
    for plan in Plan.objects.filter(status__in=(PlanStatus.OPTIMAL, PlanStatus.FEASIBLE))[:1]:
        plans.adopt(by=office.actor, plan=plan)
    everybody = (*people, *schools)
    told = [str(value) for details in Notice.objects.values_list("details", flat=True) for value in details.values()]
    own_names = User.objects.values_list("name", flat=True)
    written = [*Remark.objects.values_list("text", flat=True), *Decision.objects.values_list("reason", flat=True)]
    written += Scenario.objects.values_list("title", flat=True)
    names = [*Organisation.objects.values_list("name", flat=True), *own_names, *told, *written]
    return {"passwords": {person.login: person.password for person in everybody}, "names": "\n".join(names)}


def _plan(office: Person, run: Run) -> None:
    """A forecast, and the example scenario planned twice: in three years, and in one, which cannot be done."""
    example_forecast(run, office=office)
    scenario = example_scenario(
        run.organisation, evaluation_of(run).facts, standard=api.DEFAULT_STANDARD, office=office
    )
    for title, target_year in (("三年方案", run.year + 3), ("一年方案", run.year + 1)):
        data = {**scenario.data, "target_year": target_year, "money": "unlimited", "budgets": []}
        data |= {"with_rotation": False, "effort": {"seconds": 10, "optimality_gap": 1}}
        made = scenarios.create(by=office.actor, county=run.organisation, title=title, data=data)
        plans.start(by=office.actor, scenario=made, run=run)


def _people(county: Organisation) -> tuple[list[Person], list[Person]]:
    places = Organisation.objects.within(county.path)
    city = county.parent
    assert city is not None
    wanted = [
        ("county_office", Role.COUNTY_OFFICE, county),
        ("leader", Role.LEADER, county),
        ("assessor", Role.ASSESSOR, county),
        ("department", Role.DEPARTMENT, places.get(kind=Kind.DEPARTMENT, name="财政局")),
        ("township", Role.TOWNSHIP, places.filter(kind=Kind.TOWNSHIP).order_by("code")[0]),
        ("supervisor", Role.SUPERVISOR, city),
        ("system_admin", Role.SYSTEM_ADMIN, city),
        ("security_admin", Role.SECURITY_ADMIN, city),
        ("audit_admin", Role.AUDIT_ADMIN, city),
    ]
    schools = [
        (f"{role.value}{number}", role, school)
        for number, school in enumerate(places.filter(kind=Kind.SCHOOL).order_by("code"), start=1)
        for role in (Role.REPORTER, Role.PRINCIPAL)
    ]
    return settle(wanted), settle(schools)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fill()))
