"""Documents of a run: the list, ordering, the file itself."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from junheng.web.access.roles import Permission
from junheng.web.documents import actions, queries
from junheng.web.documents.files import content_type, located
from junheng.web.documents.models import Document, Kind
from junheng.web.rest.choices import DocumentKind
from junheng.web.rest.idempotency import Answered, Key, once
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.operations.jobs import JobOut
from junheng.web.rest.operations.jobs import shape_of as job_shape
from junheng.web.rest.paging import Page, Paging, page_of

router = Router(tags=["文书"])
MAY_SEE = Permission.SEE_DOCUMENTS


class DocumentOut(Schema):
    """一份文书;文件用 `GET /documents/{document_id}/file` 下载,可用 `sha256` 核对。"""

    id: int
    run_id: int
    kind: DocumentKind
    school_id: int | None
    name: str
    size: int
    sha256: str
    created_by: str
    created_at: datetime


class DocumentFilter(Paging):
    """筛选文书。"""

    run: int | None = None
    kind: DocumentKind | None = None


class OrderIn(Schema):
    """要生成哪些文书。"""

    kinds: list[DocumentKind] = Field(min_length=1, max_length=len(Kind))


@router.get("/documents", auth=BearerToken(MAY_SEE), response=Page[DocumentOut])
def list_documents(request: ApiRequest, wanted: Query[DocumentFilter]) -> dict[str, Any]:
    """看得见的文书。"""
    asked = {"run_id": wanted.run, "kind": wanted.kind}
    found = queries.visible_documents(request.auth).order_by("-run_id", "kind", "name", "pk")
    return page_of(found.filter(**{name: value for name, value in asked.items() if value is not None}), wanted, _shape)


@router.get("/documents/{int:document_id}", auth=BearerToken(MAY_SEE), response=DocumentOut)
def show_document(request: ApiRequest, document_id: int) -> dict[str, Any]:
    """一份文书的说明。"""
    return _shape(get_object_or_404(queries.visible_documents(request.auth), pk=document_id))


@router.get("/documents/{int:document_id}/file", auth=BearerToken(MAY_SEE), response={200: bytes})
def download_document(request: ApiRequest, document_id: int) -> FileResponse:
    """下载一份文书。"""
    document = get_object_or_404(queries.visible_documents(request.auth), pk=document_id)
    path = located(document.path)
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=document.name, content_type=content_type(document.name)
    )


@router.post("/runs/{int:run_id}/documents", auth=BearerToken(Permission.MAKE_DOCUMENTS), response={202: JobOut})
def order_documents(request: ApiRequest, run_id: int, body: OrderIn, key: Key) -> Answered:
    """生成一次评估的文书。在后台进行,进度见 `GET /jobs/{job_id}`。"""
    run = get_object_or_404(queries.documented_runs(request.auth), pk=run_id)

    def write() -> JobOut:
        return JobOut.model_validate(job_shape(actions.order(by=request.auth, run=run, kinds=body.kinds)))

    return once(request, key, write, status=202)


def _shape(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in DocumentOut.model_fields}
