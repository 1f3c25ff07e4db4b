"""The part of the platform's benchmark that knows Django: one process, one question, one line of JSON."""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.bare_view import write_return  # noqa: E402
from junheng import api  # noqa: E402
from junheng.readers.dictionary import load_dictionary  # noqa: E402
from junheng.web.access.roles import Role  # noqa: E402
from junheng.web.accounts.actors import SESSION_KEY, actor_of  # noqa: E402
from junheng.web.accounts.models import Membership, User  # noqa: E402
from junheng.web.evaluations.models import Run  # noqa: E402
from junheng.web.organisations.models import Kind, Organisation  # noqa: E402
from junheng.web.returns.actions import rounds, uploads  # noqa: E402
from junheng.web.returns.actions.submissions import report  # noqa: E402
from junheng.web.returns.coverage import IDENTITY  # noqa: E402
from junheng.web.returns.errors import BlockedError  # noqa: E402
from junheng.web.returns.facts import collect  # noqa: E402
from junheng.web.returns.models import Return, Round, State, Version  # noqa: E402
from junheng.web.returns.words import text_of  # noqa: E402

settings.ALLOWED_HOSTS = ["testserver"]
SCHOOL_TABLES = ("schools", "stages", "classes", "rooms", "cohorts")
TITLE = "性能测量"
FULL_RETURN = range(120, 201)
"""How many values a return that counts as a full one of a usual school holds."""


def load(sizes: dict[str, int]) -> dict[str, Any]:
    """The province, unless it is there."""
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # as `junheng serve` does
    is_there = Organisation.objects.filter(kind=Kind.COUNTY).count() == sizes["counties"]
    if not is_there:
        call_command("load_province", counties=sizes["counties"], years=sizes["years"], stdout=sys.stderr)
    note = "already there" if is_there else f"{Version.objects.count()} versions, {Run.objects.count()} runs"
    return {"seconds": time.perf_counter() - started, "note": note}


def member(role: Role, place: Organisation) -> Membership:
    """Somebody in a role; made when there is nobody."""
    found = Membership.objects.filter(organisation=place, role=role, ended_at=None).select_related("user").first()
    if found is not None:
        return found
    user = User(login=f"bench-{role}-{place.pk}", name="性能测量")
    user.set_unusable_password()
    user.save()
    return Membership.objects.create(user=user, organisation=place, role=role)


def browser(membership: Membership) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(membership.user)
    session = client.session
    session[SESSION_KEY] = membership.pk
    session.save()
    return client


def pages(sizes: dict[str, int]) -> dict[str, Any]:
    """The main pages, each opened many times by the person who uses it."""
    county = Organisation.objects.filter(kind=Kind.COUNTY).order_by("code")[0]
    top = Organisation.objects.get(kind=Kind.PROVINCE)
    run = Run.objects.filter(organisation=county).order_by("-year")[0]
    school = Organisation.objects.within(county.path).filter(kind=Kind.SCHOOL).order_by("code")[0]
    found = Round.objects.filter(county=county).order_by("-year")[0]
    office, province = browser(member(Role.COUNTY_OFFICE, county)), browser(member(Role.SUPERVISOR, top))
    at = f"school:{school.code}:primary:sports_area_per_student"
    wanted = {
        "county dashboard": (office, reverse("evaluations:dashboard")),
        "county school": (office, reverse("evaluations:school", args=[school.pk])),
        "county explain, whole": (office, reverse("evaluations:explain", args=[run.pk])),
        "county explain, one number": (office, reverse("evaluations:explain", args=[run.pk, at])),
        "county progress": (office, reverse("returns:progress_round", args=[found.pk])),
        "province ranking": (province, reverse("evaluations:region")),
        "province progress": (province, reverse("returns:progress")),
        "province county dashboard": (province, reverse("evaluations:county", args=[county.pk])),
    }
    return {name: _timed(client, path, sizes["turns"]) for name, (client, path) in wanted.items()}


def _timed(client: Client, path: str, turns: int) -> dict[str, float]:
    for _ in range(2):  # the first visits fill caches, as they would after a start
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    queries = len(captured)  # the log is emptied when the next request starts
    waited, worked = [], []
    for _ in range(turns):
        started, busy = time.perf_counter(), time.process_time()
        client.get(path)
        waited.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return {"p95": _p95(waited), "processor": _p95(worked), "queries": queries}


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def open_rounds() -> Iterator[Round]:
    """A new round of every county, opened when it is missing."""
    for county in Organisation.objects.filter(kind=Kind.COUNTY).order_by("code"):
        latest = Round.objects.filter(county=county).order_by("-year")[0]
        if latest.locked_at is None:
            yield latest
            continue
        due_on = timezone.localdate() + timedelta(days=30)
        office = actor_of(member(Role.COUNTY_OFFICE, county))
        opened = rounds.open_rounds(
            by=office,
            place=county,
            year=latest.year + 1,
            standard=api.DEFAULT_STANDARD,
            title=TITLE,
            due_on=due_on,
        )
        yield opened[0]


def upload(sizes: dict[str, int]) -> dict[str, Any]:
    """The county's workbook: read, compared with the drafts, put into them."""
    found = next(open_rounds())
    facts = collect(county=found.county, year=found.year - 1, approved_only=True).facts
    office = actor_of(member(Role.COUNTY_OFFICE, found.county))
    with tempfile.TemporaryDirectory() as folder:
        content = api.write_template(Path(folder) / "county.xlsx", facts).read_bytes()
    seconds = []
    for _ in range(min(3, sizes["turns"])):
        started = time.perf_counter()
        got = uploads.receive(by=office, round_id=found.pk, file=SimpleUploadedFile("county.xlsx", content))
        uploads.apply(by=office, upload_id=got.pk, seen=uploads.fingerprint(uploads.plans(got)))
        seconds.append(time.perf_counter() - started)
    return {"seconds": seconds}


def submit(sizes: dict[str, int]) -> dict[str, Any]:
    """Full returns of schools, handed in one after the other, by turns with the same rows from a bare view."""
    _lock_used_rounds()
    told = _hand_in(_bodies(), sizes["seconds"])
    if not told["done"]:
        raise SystemExit("nothing was handed in: no school of the province has a return of that size")
    return told


def _lock_used_rounds() -> None:
    """Rounds in which an earlier run handed something in; their counties get new ones (`open_rounds`)."""
    used = Round.objects.filter(title=TITLE, locked_at=None, returns__state=State.AT_PRINCIPAL).distinct()
    for found in used.select_related("county"):
        rounds.lock(by=actor_of(member(Role.COUNTY_OFFICE, found.county)), round_id=found.pk)


def _bodies() -> Iterator[tuple[Membership, Return, dict[str, list[dict[str, str]]]]]:
    tables = load_dictionary().tables
    for found in open_rounds():
        entries = Return.objects.filter(round=found, organisation__kind=Kind.SCHOOL, state="draft")
        for entry in entries.select_related("organisation", "round"):
            before = (
                Version.objects.filter(entry__organisation=entry.organisation, is_final=True).order_by("-pk").first()
            )
            if before is None:
                continue
            typed = {
                name: [
                    {
                        field: text_of(tables[name].fields[field], value)
                        for field, value in row.items()
                        if field not in IDENTITY
                    }
                    for row in before.values.get(name, [])
                ]
                for name in SCHOOL_TABLES
            }
            if _values_in(typed) in FULL_RETURN:
                yield member(Role.REPORTER, entry.organisation), entry, typed


def _values_in(typed: dict[str, list[dict[str, str]]]) -> int:
    return sum(bool(text) for rows in typed.values() for row in rows for text in row.values())


def _hand_in(bodies: Iterator[Any], limit: float) -> dict[str, float]:
    """How many were handed in and refused, their mean number of values, and what they and the bare view took."""
    done, failed, values = 0, 0, 0
    ours, bare = Watch(), Watch()
    write = _bare()
    for membership, entry, typed in bodies:
        if ours.seconds >= limit:
            break
        actor = actor_of(membership)
        values += _values_in(typed)
        try:
            with ours:
                report(by=actor, return_id=entry.pk, key=f"bench-{entry.pk}", tables=typed)
            done += 1
        except BlockedError as blocked:
            failed += 1
            sys.stderr.write(f"{entry.organisation.name}: {[one['message'] for one in blocked.findings][:3]}\n")
        with bare:
            write()
    tried = max(1, done + failed)
    return {
        "done": done,
        "failed": failed,
        "values": values / tried,
        "seconds": ours.seconds,
        "bare_seconds": bare.seconds,
        "processor": ours.busy * 1000 / tried,
        "bare_processor": bare.busy * 1000 / tried,
    }


class Watch:
    """Adds up what its blocks take: seconds of the clock and of this process's processor."""

    def __init__(self) -> None:
        self.seconds = self.busy = 0.0

    def __enter__(self) -> None:
        self._started, self._at = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started
        self.busy += time.process_time() - self._at


def _bare() -> Callable[[], None]:
    """A view that does nothing but write the same rows, on a return that was submitted before."""
    version = Version.objects.filter(submitted_at__isnull=False).order_by("-pk")[0]
    body = json.dumps({"values": version.values, "origins": version.origins, "row_ids": version.row_ids})
    factory = RequestFactory()

    def write() -> None:
        with transaction.atomic():
            write_return(factory.post("/", body, content_type="application/json"), version.entry_id)

    return write


QUESTIONS: dict[str, Callable[[dict[str, int]], Any]] = {
    "load": load,
    "pages": pages,
    "upload": upload,
    "submit": submit,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(QUESTIONS[sys.argv[1]](json.loads(sys.argv[2]))) + "\n")
