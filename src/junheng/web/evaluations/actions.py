"""Everything that is written about runs: started, kept once judged, published."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng import api
from junheng.core.errors import InputError
from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.evaluations.judging import Judged
from junheng.web.evaluations.models import Publication, Run, SchoolResult, Snapshot, Source
from junheng.web.jobs.actions import enqueue, ordered
from junheng.web.jobs.models import ENDS, Job
from junheng.web.organisations.models import Kind, Organisation

JOB = "evaluations.run"


@transaction.atomic
def start(
    *,
    by: Actor,
    county: Organisation,
    year: int,
    standard: str,
    source: str,
    exceptions: Sequence[str] = (),
    key: str = "",
) -> Run:
    """A run that waits for the worker; the one that is already under way when just the same was asked for before.

    The same key gives the same run, even when that has long finished.

    InputError for a place that is no county, an unknown source or exception; StandardError for an unknown standard.
    """
    if county.kind != Kind.COUNTY:
        raise InputError(_("只能对县（市、区）发起评估。"))
    if source not in Source.values:
        raise InputError(_("请选择用已审定数据还是当前数据。"))
    _require_exceptions(standard, exceptions)
    wanted: dict[str, Any] = {"organisation": county, "year": year, "standard": standard, "source": source}
    wanted["exceptions"] = sorted(set(exceptions))
    Organisation.objects.select_for_update().get(pk=county.pk)
    known = (_ordered(county, key) if key else None) or _under_way(wanted)
    if known is not None:
        return known
    run = Run.objects.create(**wanted, created_by=by.name)
    job = enqueue(by=by, kind=JOB, arguments={"run_id": run.pk}, organisation_id=county.pk, key=key or str(run.pk))
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    chain.record(
        by=by,
        action="run.start",
        organisation_id=county.pk,
        subject=f"run:{run.pk}",
        after={"year": year, "standard": standard, "source": source, "exceptions": run.exceptions},
    )
    return run


def _ordered(county: Organisation, key: str) -> Run | None:
    """The run that was started with a key."""
    job = ordered(kind=JOB, organisation_id=county.pk, key=key)
    return Run.objects.get(job_id=job.pk) if job else None


def _under_way(wanted: dict[str, Any]) -> Run | None:
    """An unfinished run of just this kind whose job has not ended."""
    exceptions = wanted["exceptions"]
    plain = {name: value for name, value in wanted.items() if name != "exceptions"}
    for run in Run.objects.filter(**plain, finished_at=None):
        if run.exceptions == exceptions and Job.objects.filter(pk=run.job_id).exclude(state__in=ENDS).exists():
            return run
    return None


def _require_exceptions(standard: str, exceptions: Sequence[str]) -> None:
    known = {entry.id for entry in api.standard_of(standard).exceptions}
    unknown = sorted(set(exceptions) - known)
    if unknown:
        raise InputError(_("标准里没有这些例外条款：%(names)s。") % {"names": "、".join(unknown)})


@transaction.atomic
def keep(*, by: Actor, run_id: int, judged: Judged) -> Run:
    """The run with its verdict. A run that is finished stays as it is: the body of a job may come twice."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.is_finished:
        return run
    for name, value in judged.columns.items():
        setattr(run, name, value)
    run.finished_at = timezone.now()
    run.save()
    Snapshot.objects.create(run=run, **judged.snapshot)
    codes = [row["code"] for row in judged.schools]
    known = Organisation.objects.filter(kind=Kind.SCHOOL, code__in=codes)
    ids = dict(known.within(run.organisation.path).values_list("code", "pk"))
    SchoolResult.objects.bulk_create(
        SchoolResult(run=run, school_id=ids.get(row["code"]), **row) for row in judged.schools
    )
    chain.record(
        by=by,
        action="run.finish",
        organisation_id=run.organisation_id,
        subject=f"run:{run.pk}",
        after={"hash": run.hash, "outcome": run.outcome, "is_trial": run.is_trial},
    )
    return run


@transaction.atomic
def publish(*, by: Actor, run: Run) -> Publication:
    """Makes a run the one that stands for its county's year; the run that stood for it before stays in the list of runs.

    InputError for a run that has not finished or is a trial.
    """
    if not run.is_finished:
        raise InputError(_("这次评估还没有完成，完成后才能发布。"))
    if run.is_trial:
        raise InputError(_("试算结果不能发布。请先审定全部数据、改正错误，再用已审定数据评估。"))
    Organisation.objects.select_for_update().get(pk=run.organisation_id)
    known = Publication.objects.filter(organisation_id=run.organisation_id, year=run.year).first()
    if known is not None and known.run_id == run.pk:
        return known
    before = {} if known is None else {"run": known.run_id}
    found = known or Publication(organisation_id=run.organisation_id, year=run.year)
    found.run, found.published_by, found.published_at = run, by.name, timezone.now()
    found.save()
    chain.record(
        by=by,
        action="run.publish",
        organisation_id=run.organisation_id,
        subject=f"run:{run.pk}",
        before=before,
        after={"run": run.pk, "year": run.year, "hash": run.hash},
    )
    return found
