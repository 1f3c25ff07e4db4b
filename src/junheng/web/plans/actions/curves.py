"""Cost curves of a plan: asked for, ended early, kept once the worker has made them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.core.errors import InputError
from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.documents.files import StoredFile
from junheng.web.jobs.actions import enqueue, ordered
from junheng.web.jobs.models import ENDS, Job
from junheng.web.organisations.models import Organisation
from junheng.web.plans.kept import digest_of, packed
from junheng.web.plans.models import CostCurves, Plan, PlanFile, PlanStatus

JOB = "plans.curves"


@transaction.atomic
def start(*, by: Actor, plan: Plan, key: str = "") -> CostCurves:
    """Curves that wait for the worker; those that are there, or under way, when they are not to be made anew.

    Curves that were stopped early, or whose job came to nothing, are asked for again. The same key gives the same curves.
    InputError for a plan that has not finished, or whose scenario had to be corrected first.
    """
    if not plan.is_finished:
        raise InputError(_("规划还没有完成，完成后才能推算费用曲线。"))
    if plan.status == PlanStatus.REFUSED:
        raise InputError(_("方案设定有问题，不能推算费用曲线。请改正方案，重新规划。"))
    Organisation.objects.select_for_update().get(pk=plan.organisation_id)
    known = (_ordered(plan, key) if key else None) or _there(plan)
    if known is not None:
        return known
    found = CostCurves.objects.create(plan=plan, created_by=by.name)
    job = enqueue(
        by=by,
        kind=JOB,
        arguments={"curves_id": found.pk},
        organisation_id=plan.organisation_id,
        key=key or str(found.pk),
    )
    found.job_id = job.pk
    found.save(update_fields=["job_id"])
    _record(by, "curves.start", found, {"plan": plan.pk, "hash": plan.hash})
    return found


def _ordered(plan: Plan, key: str) -> CostCurves | None:
    job = ordered(kind=JOB, organisation_id=plan.organisation_id, key=key)
    return CostCurves.objects.filter(job_id=job.pk, plan=plan).first() if job else None


def _there(plan: Plan) -> CostCurves | None:
    """The newest curves of a plan, unless they were stopped early or nobody makes them any more."""
    newest = CostCurves.objects.filter(plan=plan).first()
    if newest is None:
        return None
    if newest.is_finished:
        return newest if newest.stop_asked_at is None else None
    return newest if Job.objects.filter(pk=newest.job_id).exclude(state__in=ENDS).exists() else None


@transaction.atomic
def stop(*, by: Actor, plan: Plan) -> CostCurves:
    """Asks the worker to keep the points there are so far. Asking twice is asking once.

    InputError when no curves of the plan are under way.
    """
    found = CostCurves.objects.select_for_update().filter(plan=plan).first()
    if found is None or found.is_finished:
        raise InputError(_("没有正在推算的费用曲线，不用停止。"))
    if found.stop_asked_at is None:
        found.stop_asked_at = timezone.now()
        found.save(update_fields=["stop_asked_at"])
        _record(by, "curves.stop", found)
    return found


@transaction.atomic
def keep(*, by: Actor, curves_id: int, data: Mapping[str, Any], files: Sequence[StoredFile] = ()) -> CostCurves:
    """The curves with what was made. Those that are finished stay as they are: the body of a job may come twice.

    `files` take the place of the plan's documents of the same name: they say the same and the curves.
    """
    found = CostCurves.objects.select_for_update().get(pk=curves_id)
    if found.is_finished:
        return found
    found.data, found.digest, found.finished_at = packed(data), digest_of(data), timezone.now()
    found.save()
    _replace(found.plan, files)
    written = {file.name: file.sha256 for file in files}
    _record(by, "curves.finish", found, {"digest": found.digest} | ({"files": written} if written else {}))
    return found


def _replace(plan: Plan, files: Sequence[StoredFile]) -> None:
    """The documents under their old names; what was there is no longer named, and is swept away."""
    for file in files:
        values = {"path": file.path, "size": file.size, "sha256": file.sha256}
        PlanFile.objects.update_or_create(plan=plan, name=file.name, defaults=values)


def _record(by: Actor, action: str, found: CostCurves, after: Mapping[str, Any] | None = None) -> None:
    chain.record(
        by=by,
        action=action,
        organisation_id=found.plan.organisation_id,
        subject=f"curves:{found.pk}",
        after=after,
    )
