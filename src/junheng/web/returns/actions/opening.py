"""Opening a year's reporting from a page: one county at once, several in the background, county by county."""

from collections.abc import Generator
from dataclasses import asdict
from datetime import date

from django.db import transaction

from junheng.web.access.actor import Actor
from junheng.web.jobs.actions import enqueue
from junheng.web.jobs.models import Job
from junheng.web.organisations.models import Organisation
from junheng.web.returns.actions.rounds import counties_to_open, open_county, open_rounds
from junheng.web.returns.models import Round

JOB = "returns.open_rounds"


@transaction.atomic
def begin(
    *, by: Actor, place: Organisation, year: int, standard: str, title: str, due_on: date, key: str
) -> Round | Job:
    """The round of the only county of `place`; when there are several, the job that opens theirs. `place` is the issuer.

    The same key gives the same job. RefusedError and StandardError as of `open_rounds`; but a county that has a round for the
    year is no reason to refuse when there are several: the job leaves it out.
    """
    counties = counties_to_open(by=by, place=place, standard=standard, due_on=due_on)
    if len(counties) == 1:
        return open_rounds(by=by, place=place, year=year, standard=standard, title=title, due_on=due_on)[0]
    arguments = {
        "by": asdict(by),
        "place_id": place.pk,
        "county_count": len(counties),
        "year": year,
        "standard": standard,
        "title": title,
        "due_on": due_on.isoformat(),
    }
    return enqueue(by=by, kind=JOB, arguments=arguments, organisation_id=place.pk, key=key)


def carry_out(work: Job) -> Generator[tuple[Organisation, Round | None]]:
    """Opens the rounds that a job of `begin` asks for, one county after the other, each in a transaction of its own.

    None stands for a county that had a round for the year before. What an earlier attempt of the same job has opened counts
    as opened. Rights were looked at when the job was ordered.
    """
    given = {name: value for name, value in work.arguments.items() if name != "county_count"}
    by = Actor(**given.pop("by"))
    place = Organisation.objects.get(pk=given.pop("place_id"))
    due_on = date.fromisoformat(given.pop("due_on"))
    earlier = Round.objects.filter(issuer=place, year=given["year"], opened_at__gte=work.created_at)
    own = {each.county_id: each for each in earlier}
    for county in counties_to_open(by=by, place=place, standard=given["standard"], due_on=due_on):
        yield county, own.get(county.pk) or open_county(by=by, county=county, issuer=place, due_on=due_on, **given)
