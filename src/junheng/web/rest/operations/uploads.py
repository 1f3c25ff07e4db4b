"""Workbooks: sent, looked at, applied or given up."""

import hashlib
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, File, Router, Schema
from ninja.files import UploadedFile

from junheng.web.access.roles import Permission
from junheng.web.rest.choices import UploadState
from junheng.web.rest.idempotency import Answered, Key, earlier, once
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.operations.filling import FILLS_IN
from junheng.web.rest.operations.organisations import Place, place_of
from junheng.web.rest.operations.returns import FindingOut, own
from junheng.web.returns.actions import uploads
from junheng.web.returns.actions.uploads import Plan
from junheng.web.returns.models import Upload
from junheng.web.returns.queries import may_edit, visible_rounds, visible_uploads
from junheng.web.returns.uploading import path_of

router = Router(tags=["工作簿"])
MOST_CHANGES = 500


class ChangeOut(Schema):
    """工作簿会改动的一格。"""

    table: str
    row_key: str
    label: str
    before: str
    after: str
    place: str


class PlanOut(Schema):
    """工作簿对一份填报的影响;`refusal` 不为空时不会采用。`changes` 最多列 500 格,`change_count` 是全部。"""

    return_id: int
    organisation: Place
    refusal: str
    change_count: int
    added_count: int
    removed_count: int
    changes: list[ChangeOut]


class UploadOut(Schema):
    """一个工作簿。`plans` 只在待确认时有;确认时把 `seen` 交回。"""

    id: int
    round_id: int
    return_id: int | None
    state: UploadState
    name: str
    size: int
    sha256: str
    by: str
    at: datetime
    applied_at: datetime | None
    findings: list[FindingOut]
    plans: list[PlanOut]
    seen: str


class ApplyIn(Schema):
    """确认采用;`seen` 取自预览,其后草稿又有改动时会拒绝。"""

    seen: str = Field(max_length=64)


@router.post("/returns/{int:return_id}/workbook", auth=FILLS_IN, response={201: UploadOut})
def send_workbook(request: ApiRequest, return_id: int, key: Key, file: File[UploadedFile]) -> Answered:
    """上传一份填报的工作簿。

    只读取、不改动草稿;回答里是会改动什么。确认请用 `POST /uploads/{upload_id}/apply`。
    """
    entry = own(request.auth, return_id)
    return _receive(request, key, file, entry.round_id, entry.pk)


@router.post("/rounds/{int:round_id}/workbook", auth=BearerToken(Permission.OPEN_ROUNDS), response={201: UploadOut})
def send_county_workbook(request: ApiRequest, round_id: int, key: Key, file: File[UploadedFile]) -> Answered:
    """上传全县学校的工作簿;由县级管理员上传,写入仍是草稿的各校填报。"""
    found = get_object_or_404(visible_rounds(request.auth), pk=round_id)
    if found.county_id != request.auth.organisation_id:
        raise PermissionDenied(_("全县的工作簿由本县的县级管理员上传。"))
    return _receive(request, key, file, found.pk, None)


@router.get("/uploads/{int:upload_id}", auth=FILLS_IN, response=UploadOut)
def show_upload(request: ApiRequest, upload_id: int) -> UploadOut:
    """一个工作簿,以及现在采用会改动什么。"""
    return shape_of(get_object_or_404(visible_uploads(request.auth), pk=upload_id))


@router.get("/uploads/{int:upload_id}/file", auth=BearerToken(Permission.SEE_RETURNS), response={200: bytes})
def download_upload(request: ApiRequest, upload_id: int) -> FileResponse:
    """下载上传的工作簿原件。"""
    found = get_object_or_404(visible_uploads(request.auth), pk=upload_id)
    content = path_of(found.stored_name).open("rb")
    return FileResponse(content, as_attachment=True, filename=found.name, content_type="application/octet-stream")


@router.post("/uploads/{int:upload_id}/apply", auth=FILLS_IN, response=UploadOut)
def apply_upload(request: ApiRequest, upload_id: int, body: ApplyIn, key: Key) -> Answered:
    """采用工作簿,写入草稿。"""
    found = _own_upload(request, upload_id)

    def write() -> UploadOut:
        uploads.apply(by=request.auth, upload_id=found.pk, seen=body.seen)
        return shape_of(visible_uploads(request.auth).get(pk=found.pk))

    return once(request, key, write)


@router.post("/uploads/{int:upload_id}/discard", auth=FILLS_IN, response=UploadOut)
def discard_upload(request: ApiRequest, upload_id: int, key: Key) -> Answered:
    """放弃工作簿,草稿不变。"""
    found = _own_upload(request, upload_id)

    def write() -> UploadOut:
        uploads.discard(by=request.auth, upload_id=found.pk)
        return shape_of(visible_uploads(request.auth).get(pk=found.pk))

    return once(request, key, write)


def _receive(request: ApiRequest, key: str, file: UploadedFile, round_id: int, return_id: int | None) -> Answered:
    """Reading takes seconds and happens outside any transaction; of two at once the second one's file is given up."""
    content = _digest(file)
    known = earlier(request, key, content=content)
    if known is not None:
        return known
    made = uploads.receive(by=request.auth, round_id=round_id, file=file, return_id=return_id)
    answer = once(request, key, lambda: shape_of(made), content=content, status=201)
    if answer.value["id"] != made.pk:
        uploads.discard(by=request.auth, upload_id=made.pk)
    return answer


def _digest(file: UploadedFile) -> str:
    hasher = hashlib.sha256()
    for chunk in file.chunks():
        hasher.update(chunk)
    file.seek(0)
    return hasher.hexdigest()


def _own_upload(request: ApiRequest, upload_id: int) -> Upload:
    """An upload that the actor may apply or give up; 403 for one that is only to be looked at."""
    found = get_object_or_404(visible_uploads(request.auth), pk=upload_id)
    if found.entry is not None and not may_edit(request.auth, found.entry):
        raise PermissionDenied(_("这个工作簿由填报单位自己确认。"))
    return found


def shape_of(upload: Upload) -> UploadOut:
    """With what it would change now, while it waits."""
    drawn = uploads.plans(upload) if upload.state == Upload.State.READ else []
    columns = ("round_id", "state", "name", "size", "sha256", "at", "applied_at", "findings")
    return UploadOut.model_validate(
        {
            "id": upload.pk,
            "return_id": upload.entry_id,
            "by": upload.by_name,
            **{name: getattr(upload, name) for name in columns},
            "plans": [_plan(plan) for plan in drawn],
            "seen": uploads.fingerprint(drawn),
        }
    )


def _plan(plan: Plan) -> dict[str, Any]:
    merge = plan.merge
    return {
        "return_id": plan.entry.pk,
        "organisation": place_of(plan.entry.organisation),
        "refusal": plan.refusal,
        "change_count": len(merge.changes) if merge else 0,
        "added_count": len(merge.added) if merge else 0,
        "removed_count": len(merge.removed) if merge else 0,
        "changes": list(merge.changes[:MOST_CHANGES]) if merge else [],
    }
