"""Filling in and submitting: cells, whole tables, reasons, and the hand-over to those who decide."""

import hashlib
from typing import Any

from ninja import Field, Router, Schema

from junheng.web.access.roles import Permission
from junheng.web.rest.idempotency import Answered, Key, once
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.operations.returns import ReturnOut, own, seen, shape_of
from junheng.web.returns.actions import drafts, remarks, submissions
from junheng.web.returns.actions.drafts import Edit, Saved

router = Router(tags=["填报"])
FILLS_IN = BearerToken(Permission.EDIT_RETURN, Permission.REVIEW_RETURN)
"""The county office fills in the county facts that no department owns; who fills in which return is looked at per return."""
MOST_CELLS = 5000


class CellIn(Schema):
    """一格的新文字,写法与网页相同(如 `36.5`、`95%`、`是`);空文字表示没有。`was` 是改动前读到的文字。"""

    table: str = Field(max_length=30)
    row_id: int
    field: str = Field(max_length=60)
    text: str = Field(max_length=500)
    was: str | None = Field(None, max_length=500)


class CellsIn(Schema):
    """要改的格,以及读取时的 `lock_version`。"""

    lock_version: int
    cells: list[CellIn] = Field(max_length=MOST_CELLS)


Rows = dict[str, list[dict[str, str]]]


class TablesIn(Schema):
    """整张表:表 → 行 → 字段 → 文字。给出的行取代该表原有的行;只有一行的表只改写明的格。"""

    tables: Rows


class SubmitIn(Schema):
    """提交。给出 `tables` 时先填入再提交,要么都成,要么都不成。"""

    tables: Rows | None = None


class ReasonIn(Schema):
    """警告的理由;空文字表示收回。"""

    reference: str = Field(max_length=200)
    text: str = Field(max_length=500)


class ProblemCell(Schema):
    """没有采用的一格:文字无法理解。"""

    table: str
    row: int
    field: str
    text: str
    message: str


class SavedOut(Schema):
    """保存的结果。有 `problems` 时其余各格已保存。"""

    return_id: int
    lock_version: int
    changed_count: int
    problems: list[ProblemCell]
    error_count: int
    warning_count: int


@router.put("/returns/{int:return_id}/cells", auth=FILLS_IN, response=SavedOut)
def save_cells(request: ApiRequest, return_id: int, body: CellsIn, key: Key) -> Answered:
    """改若干格。

    读取之后别人改过同一格时整批不保存,以 409 列出冲突的格;没有人动过的格照常保存。
    """
    entry = own(request.auth, return_id)
    edits = [Edit(each.table, each.row_id, each.field, each.text, each.was) for each in body.cells]
    return once(
        request,
        key,
        lambda: _saved(
            request,
            return_id,
            drafts.save(by=request.auth, return_id=entry.pk, lock_version=body.lock_version, edits=edits),
        ),
    )


@router.put("/returns/{int:return_id}/tables", auth=FILLS_IN, response=SavedOut)
def fill_tables(request: ApiRequest, return_id: int, body: TablesIn, key: Key) -> Answered:
    """整张表写入草稿。

    适合由另一系统定时写入;无法理解的格列在 `problems`,其余照常保存。
    """
    entry = own(request.auth, return_id)
    return once(
        request,
        key,
        lambda: _saved(request, return_id, drafts.fill(by=request.auth, return_id=entry.pk, tables=body.tables)),
    )


@router.put("/returns/{int:return_id}/reasons", auth=FILLS_IN, response=SavedOut)
def write_reason(request: ApiRequest, return_id: int, body: ReasonIn, key: Key) -> Answered:
    """为一条警告写明理由。"""
    entry = own(request.auth, return_id)

    def write() -> SavedOut:
        remarks.explain(by=request.auth, return_id=entry.pk, reference=body.reference, text=body.text)
        return _saved(request, return_id, Saved(0, ()))

    return once(request, key, write)


@router.post("/returns/{int:return_id}/submit", auth=FILLS_IN, response=ReturnOut)
def submit_return(request: ApiRequest, return_id: int, body: SubmitIn, key: Key) -> Answered:
    """提交一份填报,交给下一级审核。

    有错误或没有理由的警告时不提交,以 422 列出。同一防重编号重试只提交一次。
    """
    entry = own(request.auth, return_id)
    submit_key = hashlib.sha256(f"{request.membership.pk}:{key}".encode()).hexdigest()

    def write() -> ReturnOut:
        if body.tables is None:
            submissions.submit(by=request.auth, return_id=entry.pk, key=submit_key)
        else:
            submissions.report(by=request.auth, return_id=entry.pk, key=submit_key, tables=body.tables)
        return ReturnOut.model_validate(shape_of(request.auth, seen(request.auth, return_id)))

    return once(request, key, write)


def _saved(request: ApiRequest, return_id: int, saved: Saved) -> SavedOut:
    entry = seen(request.auth, return_id)
    problems: list[dict[str, Any]] = [
        {"table": each.table, "row": each.row_id, "field": each.field, "text": each.text, "message": each.message}
        for each in saved.problems
    ]
    return SavedOut.model_validate(
        {
            "return_id": entry.pk,
            "lock_version": entry.lock_version,
            "changed_count": saved.changed_count,
            "problems": problems,
            "error_count": entry.error_count,
            "warning_count": entry.warning_count,
        }
    )
