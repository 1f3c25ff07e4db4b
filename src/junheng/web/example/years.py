"""The years of the example: what was reported and judged before, and a round that is under way."""

import tempfile
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from junheng import api
from junheng.core.facts import Facts, facts_from_rows
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import PLATFORM
from junheng.web.evaluations import actions as evaluations
from junheng.web.evaluations.models import Run, Source
from junheng.web.example.people import Person
from junheng.web.jobs.worker import run_pending
from junheng.web.organisations.models import Organisation
from junheng.web.returns.actions import archive, reviews, rounds, submissions, uploads
from junheng.web.returns.models import Return, Round, State

Say = Callable[[str], None]
DAYS_TO_REPORT = 30
FATES = (State.APPROVED, State.AT_COUNTY, None, State.AT_PRINCIPAL, State.DRAFT)
"""How far the schools of the open round are, one after the other; None: sent back."""


def past_years(county: Organisation, years: Sequence[Facts], *, standard: str, office: Person, say: Say) -> list[Run]:
    """Every year taken as approved, judged in the worker's way, and published; the runs, oldest first."""
    runs = []
    for facts in years:
        title = f"{facts.year}年度数据采集"
        archive.import_approved(by=PLATFORM, county=county, facts=facts, standard=standard, title=title)
        runs.append(
            evaluations.start(
                by=office.actor, county=county, year=facts.year, standard=standard, source=Source.APPROVED
            )
        )
        say(f"  {facts.year}年度:数据已入库")
    run_pending()
    for run in runs:
        run.refresh_from_db()
        evaluations.publish(by=office.actor, run=run)
        say(f"  {run.year}年度:{run.get_outcome_display()}（校验码 {run.code}）")
    return runs


def open_season(
    county: Organisation, latest: Facts, *, standard: str, office: Person, schools: Sequence[Person]
) -> Round:
    """A round for the year after `latest`, in which some schools (a reporter and a principal of each) are on their way."""
    year = latest.year + 1
    due_on = timezone.localdate() + timedelta(days=DAYS_TO_REPORT)
    title = f"{year}年度数据采集"
    opened = rounds.open_rounds(
        by=office.actor, place=county, year=year, standard=standard, title=title, due_on=due_on
    )[0]
    reporters = [person for person in schools if person.role == "reporter"]
    principals = {person.place.pk: person for person in schools if person.role == "principal"}
    for fate, reporter in zip(FATES, reporters, strict=True):
        entry = Return.objects.get(round=opened, organisation=reporter.place)
        _send_workbook(reporter, entry, latest, year)
        _go_on(fate, entry, reporter, principals[reporter.place.pk], office)
    return opened


def _send_workbook(reporter: Person, entry: Return, latest: Facts, year: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written = api.write_template(Path(folder) / "school.xlsx", some_schools(latest, [reporter.place.code], year))
        file = SimpleUploadedFile(f"{reporter.place.name}{year}.xlsx", written.read_bytes())
    upload = uploads.receive(by=reporter.actor, round_id=entry.round_id, file=file, return_id=entry.pk)
    uploads.apply(by=reporter.actor, upload_id=upload.pk, seen=uploads.fingerprint(uploads.plans(upload)))


def some_schools(facts: Facts, codes: Collection[str], year: int) -> Facts:
    """The rows of some schools under a year, and nothing of the county's own facts."""
    dictionary = load_dictionary()
    rows = {
        name: [
            {field: row[field] for field in table.fields}
            for row in facts.table(name).rows(named=True)
            if row["school_id"] in codes
        ]
        for name, table in dictionary.tables.items()
        if "school_id" in table.fields
    }
    return facts_from_rows(
        dictionary, county_code=facts.county_code, county_name=facts.county_name, year=year, rows=rows
    )


def _go_on(fate: State | None, entry: Return, reporter: Person, principal: Person, office: Person) -> None:
    """Lets a filled-in draft go as far as `fate`; None: the county sends it back at one cell."""
    if fate is State.DRAFT:
        return
    version = submissions.submit(by=reporter.actor, return_id=entry.pk, key=f"example-{entry.pk}")
    if fate is State.AT_PRINCIPAL:
        return
    reviews.approve(by=principal.actor, return_id=entry.pk, version_id=version.pk)
    if fate is State.APPROVED:
        reviews.approve(by=office.actor, return_id=entry.pk, version_id=version.pk)
    elif fate is None:
        cell = reviews.CellRemark(
            "schools", reporter.place.code, "book_count", "与图书管理系统的册数不一致,请核对后再报。"
        )
        reviews.send_back(
            by=office.actor, return_id=entry.pk, version_id=version.pk, reason="有一处需要核对", cells=[cell]
        )
