"""Plans: asked for, ended early, kept once the worker has an answer, adopted."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.core.errors import InputError
from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.documents.files import StoredFile
from junheng.web.evaluations.models import Run
from junheng.web.jobs.actions import enqueue, ordered
from junheng.web.jobs.models import ENDS, Job
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.plans.kept import digest_of, packed
from junheng.web.plans.models import Adoption, Plan, PlanBody, PlanFile, Scenario

JOB = "plans.make"


@dataclass(frozen=True)
class MadePlan:
    """What the worker made: how it ended, the whole answer, the little that lists show, and the documents."""

    status: str
    data: Mapping[str, Any]
    figures: Mapping[str, Any]
    files: Sequence[StoredFile] = field(default=())


@transaction.atomic
def start(*, by: Actor, scenario: Scenario, run: Run, follows: Plan | None = None, key: str = "") -> Plan:
    """A plan that waits for the worker; the one under way when just the same was asked for before.

    `follows` is the plan that this one takes the place of when the county re-plans. The same key gives the same plan, even when
    that has long finished. InputError for a removed scenario, a run that has not finished or belongs to another county.
    """
    if scenario.removed_at is not None:
        raise InputError(_("这个方案已经删除。"))
    if not run.is_finished:
        raise InputError(_("这次评估还没有完成，完成后才能规划。"))
    if run.organisation_id != scenario.organisation_id:
        raise InputError(_("方案和评估不是同一个县的。"))
    county = Organisation.objects.select_for_update().get(pk=scenario.organisation_id)
    known = (_ordered(county, key) if key else None) or _under_way(scenario, run)
    if known is not None:
        return known
    plan = Plan.objects.create(
        organisation=county,
        scenario=scenario,
        run=run,
        follows=follows,
        scenario_title=scenario.title,
        scenario_data=copy.deepcopy(scenario.data),
        what_ifs=copy.deepcopy(scenario.what_ifs),
        created_by=by.name,
    )
    job = enqueue(by=by, kind=JOB, arguments={"plan_id": plan.pk}, organisation_id=county.pk, key=key or str(plan.pk))
    plan.job_id = job.pk
    plan.save(update_fields=["job_id"])
    after = {"scenario": scenario.pk, "data": digest_of(plan.scenario_data), "run": run.pk}
    _record(by, "plan.start", plan, after=after | ({"follows": follows.pk} if follows else {}))
    return plan


def _ordered(county: Organisation, key: str) -> Plan | None:
    job = ordered(kind=JOB, organisation_id=county.pk, key=key)
    return Plan.objects.get(job_id=job.pk) if job else None


def _under_way(scenario: Scenario, run: Run) -> Plan | None:
    """An unfinished plan of the scenario as it stands, on the same facts, whose job has not ended."""
    for plan in Plan.objects.filter(scenario=scenario, run=run, finished_at=None):
        is_same = (plan.scenario_data, plan.what_ifs) == (scenario.data, scenario.what_ifs)
        if is_same and Job.objects.filter(pk=plan.job_id).exclude(state__in=ENDS).exists():
            return plan
    return None


@transaction.atomic
def stop(*, by: Actor, plan_id: int) -> Plan:
    """Asks the worker to end the search and to keep the best plan found so far. Asking twice is asking once.

    InputError when the plan has finished already.
    """
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    if plan.is_finished:
        raise InputError(_("规划已经完成，不用再停止。"))
    if plan.stop_asked_at is None:
        plan.stop_asked_at = timezone.now()
        plan.save(update_fields=["stop_asked_at"])
        _record(by, "plan.stop", plan)
    return plan


def keep_trail(*, plan_id: int, trail: Sequence[Sequence[float | None]]) -> None:
    """How the search is going, for who looks; no decision, so no audit row. A finished plan stays as it is."""
    Plan.objects.filter(pk=plan_id, finished_at=None).update(trail=[list(point) for point in trail])


@transaction.atomic
def keep(*, by: Actor, plan_id: int, made: MadePlan) -> Plan:
    """The plan with its answer and documents. One that is finished stays as it is: the body of a job may come twice."""
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    if plan.is_finished:
        return plan
    digest = digest_of(made.data)
    plan.status, plan.finished_at = made.status, timezone.now()
    plan.figures = {**made.figures, "digest": digest}
    plan.target_year = made.figures.get("target_year")
    plan.hash = plan_hash(plan, digest)
    plan.save()
    PlanBody.objects.create(plan=plan, data=packed(made.data))
    codes = {file.school_code for file in made.files if file.school_code}
    schools = Organisation.objects.filter(kind=Kind.SCHOOL, code__in=codes).within(plan.organisation.path)
    known = dict(schools.values_list("code", "pk"))
    PlanFile.objects.bulk_create(
        PlanFile(
            plan=plan,
            school_id=known.get(file.school_code),
            name=file.name,
            path=file.path,
            size=file.size,
            sha256=file.sha256,
        )
        for file in made.files
    )
    _record(by, "plan.finish", plan, after={"hash": plan.hash, "status": plan.status})
    return plan


def plan_hash(plan: Plan, digest: str) -> str:
    """One hash over what the plan was asked with, the facts it rests on, and the answer."""
    return digest_of(
        {"scenario": plan.scenario_data, "what_ifs": plan.what_ifs, "run": plan.run.hash, "answer": digest}
    )


@transaction.atomic
def adopt(*, by: Actor, plan: Plan) -> Adoption:
    """Makes a plan the one that its county follows; the one before stays for ever as replaced.

    InputError when there is no plan to follow in the answer, or when it rests on facts that were only supposed.
    """
    if not plan.has_plan:
        raise InputError(_("这次规划没有得到方案，不能采用。"))
    if plan.what_ifs:
        raise InputError(_("这个规划假设了数据有改动，不能采用。请去掉假设，按实际数据重新规划。"))
    Organisation.objects.select_for_update().get(pk=plan.organisation_id)
    known = Adoption.objects.filter(organisation_id=plan.organisation_id, replaced_at=None).first()
    if known is not None and known.plan_id == plan.pk:
        return known
    now = timezone.now()
    if known is not None:
        known.replaced_at = now
        known.save(update_fields=["replaced_at"])
    adoption = Adoption.objects.create(
        organisation_id=plan.organisation_id, plan=plan, adopted_by=by.name, adopted_at=now
    )
    before = {} if known is None else {"plan": known.plan_id}
    _record(by, "plan.adopt", plan, before=before, after={"plan": plan.pk, "hash": plan.hash})
    return adoption


def _record(
    by: Actor, action: str, plan: Plan, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
) -> None:
    chain.record(
        by=by,
        action=action,
        organisation_id=plan.organisation_id,
        subject=f"plan:{plan.pk}",
        before=before,
        after=after,
    )
