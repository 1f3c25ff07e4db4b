"""Run as a program in an environment of its own: fills an empty platform with a few schools, or tells what is in it.

`python -m tests.web.faults.seed plant`  prints the sign-ins as JSON
`python -m tests.web.faults.seed tell`   for each line that comes in prints what stands in the database and among the files
"""

import hashlib
import json
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from junheng import api  # noqa: E402
from junheng.web.access.roles import Role  # noqa: E402
from junheng.web.audit.chain import verify  # noqa: E402
from junheng.web.config.settings import ENVIRONMENT  # noqa: E402
from junheng.web.evaluations.models import Run  # noqa: E402
from junheng.web.example.people import settle  # noqa: E402
from junheng.web.example.places import plant  # noqa: E402
from junheng.web.example.years import some_schools  # noqa: E402
from junheng.web.jobs.models import Job  # noqa: E402
from junheng.web.organisations.models import Kind, Organisation  # noqa: E402
from junheng.web.returns.actions.rounds import open_rounds  # noqa: E402
from junheng.web.returns.models import Return, Upload, Version  # noqa: E402
from junheng.web.returns.uploading import path_of  # noqa: E402

SCHOOLS = 3


def start() -> dict[str, Any]:
    """Plants the county, makes its people and opens the round."""
    call_command("migrate", verbosity=0)
    whole, _ = api.demo_county()
    codes = sorted(row["school_id"] for row in whole.table("schools").rows(named=True))[:SCHOOLS]
    facts = some_schools(whole, codes, whole.year)
    county = plant([facts])[0]
    for code in codes:
        api.write_template(ENVIRONMENT.data_folder / f"{code}.xlsx", some_schools(facts, [code], facts.year))
    schools = list(Organisation.objects.within(county.path).filter(kind=Kind.SCHOOL).order_by("code"))
    wanted = [("county", Role.COUNTY_OFFICE, county)]
    for school in schools:
        wanted += [(f"r{school.code}", Role.REPORTER, school), (f"p{school.code}", Role.PRINCIPAL, school)]
    people = settle(wanted)
    office = people[0].actor
    due_on = timezone.localdate()
    open_rounds(by=office, place=county, year=facts.year, standard=api.DEFAULT_STANDARD, title="填报", due_on=due_on)
    entries = {entry.organisation.code: entry.pk for entry in Return.objects.select_related("organisation")}
    return {
        "passwords": {person.login: person.password for person in people},
        "returns": {school.code: entries[school.code] for school in schools},
        "county": county.pk,
        "year": facts.year,
    }


def tell() -> dict[str, Any]:
    """Everything that must hold whatever was killed."""
    return {
        "returns": dict(Return.objects.values_list("organisation__code", "state")),
        "submitted": sorted(
            Version.objects.exclude(submitted_at=None).values_list("entry__organisation__code", flat=True)
        ),
        "final": sorted(Version.objects.filter(is_final=True).values_list("entry__organisation__code", flat=True)),
        "uploads": {str(upload.pk): _is_whole(upload) for upload in Upload.objects.all()},
        "applied": sorted(Upload.objects.filter(state=Upload.State.APPLIED).values_list("pk", flat=True)),
        "jobs": dict(Job.objects.values_list("pk", "state")),
        "runs": {str(run.pk): [run.is_finished, run.hash, run.schools.count()] for run in Run.objects.all()},
        "breaks": [found.message for found in verify()],
    }


def answer() -> None:
    """Tells whenever it is asked, over a connection of its own each time; ends when nobody can ask any more."""
    for _ in sys.stdin:
        sys.stdout.write(json.dumps(tell()) + "\n")
        sys.stdout.flush()
        connections.close_all()


def _is_whole(upload: Upload) -> bool:
    file = path_of(upload.stored_name)
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == upload.sha256


if __name__ == "__main__":
    if sys.argv[1] == "plant":
        sys.stdout.write(json.dumps(start()))
    else:
        answer()
