"""Background work: how far it is, and calling it off."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from junheng.web.jobs import actions, queries
from junheng.web.jobs.models import Job
from junheng.web.rest.choices import JobState
from junheng.web.rest.idempotency import Answered, Key, once
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.paging import Page, Paging, page_of

router = Router(tags=["后台任务"])


class JobOut(Schema):
    """一项后台任务:`total` 为 0 时还不知道共有几步;`error` 说明为什么失败。"""

    id: int
    kind: str
    state: JobState
    done: int
    total: int
    label: str
    error: str
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobFilter(Paging):
    """筛选任务。"""

    state: JobState | None = None


@router.get("/jobs", auth=BearerToken(), response=Page[JobOut])
def list_jobs(request: ApiRequest, wanted: Query[JobFilter]) -> dict[str, Any]:
    """看得见的后台任务,新的在前。"""
    found = queries.visible(request.auth)
    return page_of(found if wanted.state is None else found.filter(state=wanted.state), wanted, shape_of)


@router.get("/jobs/{int:job_id}", auth=BearerToken(), response=JobOut)
def show_job(request: ApiRequest, job_id: int) -> dict[str, Any]:
    """一项后台任务的进度。"""
    return shape_of(get_object_or_404(queries.visible(request.auth), pk=job_id))


@router.post("/jobs/{int:job_id}/cancel", auth=BearerToken(), response=JobOut)
def cancel_job(request: ApiRequest, job_id: int, key: Key) -> Answered:
    """取消一项任务。只有发起人、县级管理员可以。"""
    job = get_object_or_404(queries.visible(request.auth), pk=job_id)
    if not job.has_ended and not queries.may_cancel(request.auth, job):
        raise PermissionDenied(_("只有发起人和县级管理员可以取消这项任务。"))
    return once(request, key, lambda: JobOut.model_validate(shape_of(actions.cancel(by=request.auth, job=job))))


def shape_of(job: Job) -> dict[str, Any]:
    """As `JobOut`."""
    return {name: getattr(job, name) for name in JobOut.model_fields} | {"label": job.step, "error": job.problem}
