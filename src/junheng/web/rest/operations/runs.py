"""Runs: the list, starting and publishing one, the results of its schools."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from junheng.core.errors import InputError
from junheng.web.access.roles import Permission
from junheng.web.evaluations import actions, queries
from junheng.web.evaluations.models import Run, SchoolResult, Source
from junheng.web.rest.choices import RunSource
from junheng.web.rest.idempotency import Answered, Key, once
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.operations.organisations import Place, place_of
from junheng.web.rest.paging import Page, Paging, page_of

router = Router(tags=["评估"])
MAY_SEE = Permission.SEE_RUNS


class RunOut(Schema):
    """一次评估。没有完成时 `outcome` 为空,进度见 `GET /jobs/{job_id}`;`code` 是印在文书上的校验码。"""

    id: int
    organisation: Place
    year: int
    standard: str
    standard_version: str
    source: RunSource
    exceptions: list[str]
    is_finished: bool
    is_trial: bool
    is_published: bool
    outcome: str = Field(description="met、not_met、cannot_tell;没有完成为空")
    job_id: int | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    engine_version: str
    hash: str
    code: str


class RunFilter(Paging):
    """筛选评估。"""

    year: int | None = None
    county: str = Field("", description="县的行政区划代码")
    standard: str = ""
    outcome: str = ""
    is_published: bool | None = None


class RunIn(Schema):
    """发起评估:年度、标准、用已审定数据(approved)还是当前数据(trial)、启用哪些过渡性例外。"""

    year: int = Field(ge=2000, le=2100)
    standard: str = Field(max_length=60)
    source: RunSource = Source.APPROVED
    exceptions: list[str] = Field(default_factory=list, max_length=50)


class SchoolResultOut(Schema):
    """一所学校一个学段的结果;`cells` 是各项指标,`gaps` 是还差多少,`reasons` 是为什么无法判定。"""

    code: str
    name: str
    stage: str
    township: str
    school_type: str
    student_count: int | None
    outcome: str
    met_count: int
    floor_count: int
    indicator_count: int
    cells: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    reasons: list[Any]


class SchoolResultFilter(Paging):
    """筛选学校结果。"""

    code: str = ""
    stage: str = ""
    outcome: str = ""
    township: str = ""


@router.get("/runs", auth=BearerToken(MAY_SEE), response=Page[RunOut])
def list_runs(request: ApiRequest, wanted: Query[RunFilter]) -> dict[str, Any]:
    """看得见的评估,年度新的在前。学校和乡镇只看已发布的。"""
    asked = {
        "year": wanted.year,
        "organisation__code": wanted.county or None,
        "standard": wanted.standard or None,
        "outcome": wanted.outcome or None,
        "publication__isnull": None if wanted.is_published is None else not wanted.is_published,
    }
    found = queries.visible_runs(request.auth)
    return page_of(found.filter(**{name: value for name, value in asked.items() if value is not None}), wanted, _shape)


@router.post("/runs", auth=BearerToken(Permission.START_RUN), response={201: RunOut})
def start_run(request: ApiRequest, body: RunIn, key: Key) -> Answered:
    """对本县发起一次评估。

    在后台进行:回答里的 `job_id` 可查进度,完成后用 `GET /runs/{run_id}/verdict` 取结论。
    """

    def write() -> RunOut:
        county = request.membership.organisation
        run = actions.start(by=request.auth, county=county, **body.model_dump())
        return RunOut.model_validate(_shape(run))

    return once(request, key, write, status=201)


@router.get("/runs/{int:run_id}", auth=BearerToken(MAY_SEE), response=RunOut)
def show_run(request: ApiRequest, run_id: int) -> dict[str, Any]:
    """一次评估。"""
    return _shape(get_object_or_404(queries.visible_runs(request.auth), pk=run_id))


@router.post("/runs/{int:run_id}/publish", auth=BearerToken(Permission.START_RUN), response=RunOut)
def publish_run(request: ApiRequest, run_id: int, key: Key) -> Answered:
    """把一次评估发布为该年度的结论。试算不能发布。"""
    found = get_object_or_404(queries.visible_runs(request.auth), pk=run_id)

    def write() -> RunOut:
        actions.publish(by=request.auth, run=found)
        return RunOut.model_validate(_shape(queries.visible_runs(request.auth).get(pk=found.pk)))

    return once(request, key, write)


@router.get("/runs/{int:run_id}/schools", auth=BearerToken(MAY_SEE), response=Page[SchoolResultOut])
def list_school_results(request: ApiRequest, run_id: int, wanted: Query[SchoolResultFilter]) -> dict[str, Any]:
    """一次评估中各校各学段的结果,按标识码排列。学校和乡镇只看本单位的。"""
    run = get_object_or_404(queries.finished(queries.visible_runs(request.auth)), pk=run_id)
    asked = {name: getattr(wanted, name) for name in ("code", "stage", "outcome", "township")}
    found = queries.school_results(request.auth, run).filter(**{name: value for name, value in asked.items() if value})
    return page_of(found.order_by("code", "stage"), wanted, _result)


def finished_run(request: ApiRequest, run_id: int) -> Run:
    """A finished run with all its columns that the actor may see; 404 for the rest.

    InputError (422) when the run is there but has not finished.
    """
    run = get_object_or_404(queries.visible_runs(request.auth).defer("summary"), pk=run_id)
    if not run.is_finished:
        raise InputError("这次评估还没有完成。进度见 GET /api/v1/jobs/{job_id}。")
    return run


def _shape(run: Run) -> dict[str, Any]:
    columns = set(RunOut.model_fields) - {"id", "organisation", "is_published"}
    return {
        "id": run.pk,
        "organisation": place_of(run.organisation),
        "is_published": hasattr(run, "publication"),
        **{name: getattr(run, name) for name in columns},
    }


def _result(found: SchoolResult) -> dict[str, Any]:
    return {name: getattr(found, name) for name in SchoolResultOut.model_fields}
