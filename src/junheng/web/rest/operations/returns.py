"""Rounds and returns: how far each is, what stands in it, where it came from, what the checks say."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from junheng.core.findings import Level
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission
from junheng.web.rest.choices import ReturnState
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.operations.organisations import Place, place_of
from junheng.web.rest.paging import Page, Paging, page_of, part_of
from junheng.web.returns.checking import standing
from junheng.web.returns.clock import clock_of_entry
from junheng.web.returns.document import Document, key_text
from junheng.web.returns.models import Return, Round, State, Version
from junheng.web.returns.queries import may_edit, reasons_of, versions_of, visible_returns, visible_rounds
from junheng.web.returns.words import text_of

router = Router(tags=["填报"])
MAY_SEE = Permission.SEE_RETURNS
Value = bool | int | str


class RoundOut(Schema):
    """一轮填报。"""

    id: int
    county: Place
    year: int
    standard: str
    title: str
    due_on: date
    is_locked: bool


class RoundFilter(Paging):
    """筛选填报轮次。"""

    year: int | None = None
    county: str = Field("", description="县的行政区划代码")


class ReturnOut(Schema):
    """一份填报。`lock_version` 随每次改动加一;`version` 是正在填写或审核的一版,`approved_version` 是有效的一版。"""

    id: int
    round_id: int
    year: int
    organisation: Place
    state: ReturnState
    lock_version: int
    version: int
    approved_version: int | None
    filled_count: int
    cell_count: int
    error_count: int
    warning_count: int
    last_day: date | None = Field(description="最后可改的一天;已锁定为空")
    is_writable: bool = Field(description="这个令牌现在能否改动")


class ReturnFilter(Paging):
    """筛选填报。"""

    round: int | None = None
    year: int | None = None
    state: ReturnState | None = None
    code: str = Field("", description="学校标识码或机构代码")


class VersionOut(Schema):
    """一版填报。"""

    number: int
    digest: str
    reason: str
    is_final: bool
    submitted_by: str
    submitted_at: datetime | None
    approved_at: datetime | None


class RowOut(Schema):
    """一行:`row_id` 在改动中不变,`key` 由主键各项以冒号相连;`cells` 是各格的文字,没有填的不出现。"""

    row_id: int
    key: str
    cells: dict[str, str]


class DraftOut(Schema):
    """正在填写或审核的一版的全部内容。改动时把 `lock_version` 一并交回。"""

    return_id: int
    version: int
    state: ReturnState
    lock_version: int
    is_writable: bool
    tables: dict[str, list[RowOut]]


class OriginOut(Schema):
    """一个值从哪里来:网页或接口(web)、工作簿(workbook)、导入(import)。"""

    kind: str
    by: str
    at: str
    file: str
    sheet: str
    cell: str


class FactOut(Schema):
    """一个值:`value` 是存储的整数或文字(见字段字典),`text` 是带原单位的文字。"""

    table: str
    row_key: str
    field: str
    label: str
    unit: str
    value: Value
    text: str
    origin: OriginOut | None


class FactFilter(Paging):
    """筛选数据。"""

    version: int | None = Field(None, description="第几版;不写为当前一版")
    table: str = ""
    field: str = ""


class LocationOut(Schema):
    """问题所在。"""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    field: str = ""
    subject: str = ""
    cell: str = ""


class FindingOut(Schema):
    """一条检查结果;`reference` 用来写明理由。"""

    level: Level
    code: str
    message: str
    hint: str
    reference: str
    location: LocationOut


class ReturnFindingOut(FindingOut):
    """填报中的一条检查结果:在哪张表哪一行,写了什么理由,是否挡住提交。"""

    table: str
    row_key: str
    reason: str
    is_blocking: bool


class FindingFilter(Paging):
    """筛选检查结果。"""

    level: Level | None = None


def seen(actor: Actor, return_id: int) -> Return:
    """A return that the actor may see; 404 for the rest."""
    found = visible_returns(actor).select_related("version", "approved").prefetch_related("extensions")
    return get_object_or_404(found, pk=return_id)


def own(actor: Actor, return_id: int) -> Return:
    """A return that the actor fills in; 403 when it is somebody else's to fill in."""
    entry = seen(actor, return_id)
    if not may_edit(actor, entry):
        raise PermissionDenied(_("这份填报由本单位的填报角色填写,令牌代表的角色只能查看。"))
    return entry


@router.get("/rounds", auth=BearerToken(MAY_SEE), response=Page[RoundOut])
def list_rounds(request: ApiRequest, wanted: Query[RoundFilter]) -> dict[str, Any]:
    """填报轮次,年度新的在前。"""
    found = visible_rounds(request.auth)
    if wanted.year is not None:
        found = found.filter(year=wanted.year)
    return page_of(found.filter(county__code=wanted.county) if wanted.county else found, wanted, _round)


@router.get("/rounds/{int:round_id}", auth=BearerToken(MAY_SEE), response=RoundOut)
def show_round(request: ApiRequest, round_id: int) -> dict[str, Any]:
    """一轮填报。"""
    return _round(get_object_or_404(visible_rounds(request.auth), pk=round_id))


@router.get("/returns", auth=BearerToken(MAY_SEE), response=Page[ReturnOut])
def list_returns(request: ApiRequest, wanted: Query[ReturnFilter]) -> dict[str, Any]:
    """填报,按机构代码排列。"""
    asked = {
        "round_id": wanted.round,
        "round__year": wanted.year,
        "state": wanted.state,
        "organisation__code": wanted.code or None,
    }
    found = visible_returns(request.auth).filter(**{name: value for name, value in asked.items() if value is not None})
    found = found.select_related("version", "approved").defer(*_LONG).prefetch_related("extensions")
    return page_of(found, wanted, lambda entry: shape_of(request.auth, entry))


_LONG = [
    f"{version}__{name}" for version in ("version", "approved") for name in ("values", "origins", "row_ids", "findings")
]


@router.get("/returns/{int:return_id}", auth=BearerToken(MAY_SEE), response=ReturnOut)
def show_return(request: ApiRequest, return_id: int) -> dict[str, Any]:
    """一份填报的状态、期限和计数。"""
    return shape_of(request.auth, seen(request.auth, return_id))


@router.get("/returns/{int:return_id}/versions", auth=BearerToken(MAY_SEE), response=Page[VersionOut])
def list_versions(request: ApiRequest, return_id: int, wanted: Query[Paging]) -> dict[str, Any]:
    """一份填报的各版,新的在前。"""
    return page_of(versions_of(seen(request.auth, return_id)), wanted, _version)


@router.get("/returns/{int:return_id}/draft", auth=BearerToken(MAY_SEE), response=DraftOut)
def show_draft(request: ApiRequest, return_id: int) -> dict[str, Any]:
    """当前一版的全部行和格。

    各格的文字与网页表单上的相同,可以原样交回 `PUT /returns/{return_id}/cells`。
    """
    return draft_of(request.auth, seen(request.auth, return_id))


@router.get("/returns/{int:return_id}/facts", auth=BearerToken(MAY_SEE), response=Page[FactOut])
def list_facts(request: ApiRequest, return_id: int, wanted: Query[FactFilter]) -> dict[str, Any]:
    """一份填报某一版的数据,每个值都带来源。"""
    entry = seen(request.auth, return_id)
    version = entry.version
    if wanted.version is not None:
        version = Version.objects.filter(entry=entry, number=wanted.version).first()
    if version is None:
        raise Http404
    facts = _facts(version)
    return part_of([fact for fact in facts if _is_wanted(fact, wanted)], wanted)


@router.get("/returns/{int:return_id}/findings", auth=BearerToken(MAY_SEE), response=Page[ReturnFindingOut])
def list_return_findings(request: ApiRequest, return_id: int, wanted: Query[FindingFilter]) -> dict[str, Any]:
    """当前一版的检查结果。

    `is_blocking` 为真的挡住提交:错误须改正;警告须改正,或用 `PUT /returns/{return_id}/reasons` 写明理由。
    """
    entry = seen(request.auth, return_id)
    found = [each for each in findings_of(entry) if wanted.level in (None, each["level"])]
    return part_of(found, wanted)


def shape_of(actor: Actor, entry: Return) -> dict[str, Any]:
    """As `ReturnOut`; versions and extensions must be loaded."""
    clock = clock_of_entry(entry)
    return {
        "id": entry.pk,
        "round_id": entry.round_id,
        "year": entry.round.year,
        "organisation": place_of(entry.organisation),
        "state": entry.state,
        "lock_version": entry.lock_version,
        "version": entry.version.number if entry.version else 0,
        "approved_version": entry.approved.number if entry.approved else None,
        "filled_count": entry.filled_count,
        "cell_count": entry.cell_count,
        "error_count": entry.error_count,
        "warning_count": entry.warning_count,
        "last_day": clock.last_day,
        "is_writable": may_edit(actor, entry) and entry.state == State.DRAFT and clock.is_open,
    }


def draft_of(actor: Actor, entry: Return) -> dict[str, Any]:
    """As `DraftOut`."""
    assert entry.version is not None  # every return has one from its opening on
    document, tables = Document.of(entry.version), load_dictionary().tables
    rows = {
        name: [
            {
                "row_id": row.number,
                "key": key_text(name, row.values),
                "cells": {id_: text_of(tables[name].fields[id_], value) for id_, value in row.values.items()},
            }
            for row in listed
        ]
        for name, listed in document.tables.items()
    }
    shape = shape_of(actor, entry)
    kept = {name: shape[name] for name in ("version", "state", "lock_version", "is_writable")}
    return {"return_id": entry.pk, **kept, "tables": rows}


def findings_of(entry: Return) -> list[dict[str, Any]]:
    """As `ReturnFindingOut`, of the current version."""
    assert entry.version is not None  # every return has one from its opening on
    reasons = reasons_of(entry)
    blocking = {id(each) for each in standing(entry.version.findings, reasons)}
    return [
        {**each, "reason": reasons.get(each["reference"], ""), "is_blocking": id(each) in blocking}
        for each in entry.version.findings
    ]


def _facts(version: Version) -> list[dict[str, Any]]:
    tables = load_dictionary().tables
    return [
        {
            "table": name,
            "row_key": key_text(name, row.values),
            "field": id_,
            "label": tables[name].fields[id_].label,
            "unit": tables[name].fields[id_].unit,
            "value": value,
            "text": text_of(tables[name].fields[id_], value),
            "origin": row.origins.get(id_),
        }
        for name, rows in Document.of(version).tables.items()
        for row in rows
        for id_, value in row.values.items()
    ]


def _is_wanted(fact: dict[str, Any], wanted: FactFilter) -> bool:
    return wanted.table in ("", fact["table"]) and wanted.field in ("", fact["field"])


def _round(found: Round) -> dict[str, Any]:
    return {
        "id": found.pk,
        "county": place_of(found.county),
        "year": found.year,
        "standard": found.standard,
        "title": found.title,
        "due_on": found.due_on,
        "is_locked": found.locked_at is not None,
    }


def _version(version: Version) -> dict[str, Any]:
    return {name: getattr(version, name) for name in VersionOut.model_fields}
