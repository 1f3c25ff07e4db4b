"""One object of every kind at any place of the small tree, for the walk through the access matrix.

A new URL kwarg gets a line in `BUILDERS` and, when its objects stand at other kinds of places, one in `KINDS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from junheng.web.access.actor import PLATFORM
from junheng.web.access.roles import Role
from junheng.web.accounts.models import Membership, MembershipRequest, Token, User
from junheng.web.accounts.one_time import digest
from junheng.web.accounts.roles import HELD_AT
from junheng.web.audit.chain import record
from junheng.web.documents.models import Document
from junheng.web.evaluations.models import Run
from junheng.web.jobs.models import Job
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.plans.kept import digest_of, packed
from junheng.web.plans.models import Adoption, Forecast, Plan, PlanBody, PlanFile, Scenario
from junheng.web.returns.actions import rounds
from junheng.web.returns.models import Return, Round, Upload
from tests.web.judged import finished_run
from tests.web.returns.reporting import STANDARD, YEAR
from tests.web.world import World, build_world

ALL_KINDS = (Kind.SCHOOL, Kind.TOWNSHIP, Kind.DEPARTMENT, Kind.COUNTY, Kind.CITY, Kind.PROVINCE)
COUNTIES = (Kind.COUNTY,)
SCHOOLS = (Kind.SCHOOL,)
THAT_REPORT = (Kind.SCHOOL, Kind.DEPARTMENT, Kind.COUNTY)

KINDS: Mapping[str, Sequence[Kind]] = {
    "round_id": COUNTIES,
    "run_id": COUNTIES,
    "document_id": COUNTIES,
    "forecast_id": COUNTIES,
    "scenario_id": COUNTIES,
    "plan_id": COUNTIES,
    "file_id": COUNTIES,
    "return_id": THAT_REPORT,
    "upload_id": THAT_REPORT,
    "at": SCHOOLS,
}
"""Where the objects of a kwarg stand, the usual kind first; everywhere when the kwarg is not named here."""

FORECAST: Mapping[str, Any] = {
    "data_year": YEAR,
    "years": [YEAR + 1],
    "past": [{"year": YEAR, "pupils": {}}],
    **{name: [] for name in ("county", "schools", "risks", "teachers", "findings")},
    "backtest": None,
    "simulations": 2,
}
"""A forecast of nothing."""

ROUTE_KINDS: Mapping[str, Sequence[Kind]] = {
    "evaluations:county": COUNTIES,
    "evaluations:region_of": (Kind.CITY, Kind.PROVINCE),
    "evaluations:school": SCHOOLS,
    "evaluations:plan": SCHOOLS,
    "evaluations:explain(run_id,at)": SCHOOLS,
    "plans:school": SCHOOLS,
    "organisations:create": (Kind.TOWNSHIP, Kind.COUNTY, Kind.CITY, Kind.PROVINCE),
    "organisations:merge": SCHOOLS,
}
"""The same for routes that are about other kinds of places than their kwargs usually are."""


@dataclass
class Stage:
    """The small tree with rounds and finished runs in all its counties; other objects are made when first asked for."""

    world: World
    made: dict[tuple[str, int], Any] = field(default_factory=dict)

    def arguments(self, names: Sequence[str], place: Organisation) -> dict[str, Any]:
        """What stands in the address of a route for an object at a place."""
        return {name: self._one(name, place) for name in names}

    def _one(self, name: str, place: Organisation) -> Any:
        if name in FIXED:
            return FIXED[name]
        if (name, place.pk) not in self.made:
            self.made[name, place.pk] = BUILDERS[name](self, place)
        return self.made[name, place.pk]

    def county_of(self, place: Organisation) -> Organisation:
        """The county that a place is or stands in."""
        return next(one for one in self.world.places.values() if one.kind == Kind.COUNTY and place.is_within(one.path))

    def token(self, membership: Membership, secret: str) -> str:
        """The secret of a token that acts as a membership."""
        until = timezone.now() + timedelta(days=30)
        Token.objects.create(membership=membership, name="程序", secret_hash=digest(secret), expires_at=until)
        return secret


def set_stage() -> Stage:
    """The tree, and in each county an open round and a published run."""
    stage = Stage(build_world())
    for top in ("city", "far_city"):
        rounds.open_rounds(
            by=stage.world.actor(Role.SUPERVISOR, top),
            place=stage.world[top],
            year=YEAR,
            standard=STANDARD,
            title=f"{YEAR} 年度填报",
            due_on=timezone.localdate() + timedelta(days=20),
        )
    for county in ("county", "neighbour", "far_county"):
        finished_run(stage.world[county])
    return stage


def make_folders(root: Path) -> None:
    """Where the files of uploads and documents lie."""
    for folder in ("uploads", "documents", "plans"):
        (root / folder).mkdir(parents=True)


def _lay(folder: str, name: str) -> str:
    (Path(settings.MEDIA_ROOT) / folder / name).write_bytes(b"PK")
    return name


def _return(stage: Stage, place: Organisation) -> int:
    return Return.objects.get(organisation=place).pk


def _round(stage: Stage, place: Organisation) -> int:
    return Round.objects.get(county=stage.county_of(place)).pk


def _run(stage: Stage, place: Organisation) -> int:
    return Run.objects.get(organisation=stage.county_of(place)).pk


def _upload(_stage: Stage, place: Organisation) -> int:
    entry = Return.objects.get(organisation=place)
    upload = Upload(round_id=entry.round_id, entry=entry, organisation=place, state=Upload.State.READ, name="填报.xlsx")
    upload.stored_name = _lay("uploads", f"{place.pk}.xlsx")
    upload.size, upload.sha256, upload.by_name = 2, "0" * 64, "填报员"
    upload.save()
    return upload.pk


def _document(stage: Stage, place: Organisation) -> int:
    run = Run.objects.get(organisation=stage.county_of(place))
    name = _lay("documents", f"{run.pk}.docx")
    return Document.objects.create(
        run=run, kind="report", name="报告.docx", path=name, size=2, sha256="0" * 64, created_by="县级管理员"
    ).pk


def _forecast(stage: Stage, place: Organisation) -> int:
    run = Run.objects.get(organisation=stage.county_of(place))
    path = _lay("plans", f"{run.pk}.xlsx")
    made = Forecast(organisation=run.organisation, run=run, to_year=YEAR + 3, created_by="县级管理员", workbook=path)
    made.data, made.digest, made.finished_at = packed(FORECAST), digest_of(FORECAST), timezone.now()
    made.save()
    return made.pk


def _scenario(stage: Stage, place: Organisation) -> int:
    county, now = stage.county_of(place), timezone.now()
    found = Scenario.objects.filter(organisation=county).first()
    return (found or Scenario.objects.create(organisation=county, title="方案", changed_at=now)).pk


def _plan(stage: Stage, place: Organisation) -> int:
    """A plan without a result, adopted at some time: leaders see it, too."""
    run = Run.objects.get(organisation=stage.county_of(place))
    found = Plan.objects.filter(run=run).first()
    if found is None:
        data = {"findings": [], "text": "没有方案", "relaxations": []}
        found = Plan(organisation=run.organisation, run=run, scenario_id=_scenario(stage, place), status="infeasible")
        found.figures, found.finished_at = {"digest": digest_of(data)}, timezone.now()
        found.save()
        PlanBody.objects.create(plan=found, data=packed(data))
        Adoption.objects.create(organisation=run.organisation, plan=found, adopted_by="某人", adopted_at=timezone.now())
    return found.pk


def _plan_file(stage: Stage, place: Organisation) -> int:
    plan_id = _plan(stage, place)
    path = _lay("plans", f"{plan_id}.pdf")
    return PlanFile.objects.create(plan_id=plan_id, name="预算报告.pdf", path=path, size=2, sha256="0" * 64).pk


def _job(_stage: Stage, place: Organisation) -> int:
    job = Job(kind="evaluations.run", organisation=place, created_by="某人", key=f"matrix-{place.pk}")
    job.arguments = {"run_id": 0}
    job.save()
    return job.pk


def _role_at(place: Organisation) -> Role:
    return next(role for role in Role if place.kind in HELD_AT[role])


def _membership(_stage: Stage, place: Organisation) -> int:
    user = User.objects.create(login=f"someone@{place.pk}", name="某人")
    return Membership.objects.create(user=user, organisation=place, role=_role_at(place)).pk


def _user(_stage: Stage, place: Organisation) -> int:
    user = User.objects.create(login=f"another@{place.pk}", name="另一人")
    Membership.objects.create(user=user, organisation=place, role=_role_at(place))
    return user.pk


def _request(_stage: Stage, place: Organisation) -> int:
    user = User.objects.create(login=f"waiting@{place.pk}", name="申请人")
    return MembershipRequest.objects.create(
        user=user, organisation=place, role=_role_at(place), requested_by="系统管理员"
    ).pk


def _token(stage: Stage, place: Organisation) -> int:
    membership = Membership.objects.get(pk=stage.arguments(["membership_id"], place)["membership_id"])
    stage.token(membership, f"matrix-{place.pk}")
    return Token.objects.get(membership=membership).pk


def _audit_entry(_stage: Stage, place: Organisation) -> int:
    with transaction.atomic():
        return record(by=PLATFORM, action="round.remind", organisation_id=place.pk).pk


BUILDERS: Mapping[str, Callable[[Stage, Organisation], Any]] = {
    "organisation_id": lambda _stage, place: place.pk,
    "round_id": _round,
    "return_id": _return,
    "upload_id": _upload,
    "run_id": _run,
    "document_id": _document,
    "forecast_id": _forecast,
    "scenario_id": _scenario,
    "plan_id": _plan,
    "file_id": _plan_file,
    "job_id": _job,
    "user_id": _user,
    "membership_id": _membership,
    "request_id": _request,
    "token_id": _token,
    "entry_id": _audit_entry,
    "at": lambda _stage, place: f"school:{place.code}",
}
"""URL kwarg → what makes its value for an object at a place."""

FIXED: Mapping[str, Any] = {
    "standard_id": STANDARD,
    "file_format": "csv",
    "secret": "no-such-invitation",
    "code": "0" * 16,
    "session_id": 0,
}
"""URL kwargs that lead to nothing that belongs to an organisation."""
