"""Who asks, and the part of the tree they see."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from junheng import api
from junheng.web.access.roles import Permission
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.organisations.queries import visible
from junheng.web.rest.choices import PlaceKind
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.paging import Page, Paging, page_of

router = Router(tags=["机构与学校"])
MAY_SEE = Permission.SEE_ORGANISATIONS


class Place(Schema):
    """一个机构的编号、代码和名称。"""

    id: int
    kind: PlaceKind
    code: str
    name: str


class OrganisationOut(Place):
    """一个机构;`code` 是行政区划代码或学校标识码。"""

    parent_id: int | None
    school_type: str
    opened_on: date | None
    closed_on: date | None


class OrganisationFilter(Paging):
    """筛选机构。"""

    kind: PlaceKind | None = None
    code: str = ""
    text: str = ""
    below: int | None = None
    is_open: bool | None = None


class Myself(Schema):
    """令牌代表谁。"""

    name: str
    role: str
    organisation: Place


class StandardOut(Schema):
    """一个标准。"""

    id: str
    title: str
    version: str
    place: str
    exceptions: list[str]


def place_of(place: Organisation) -> dict[str, Any]:
    """As `Place`."""
    return {"id": place.pk, "kind": place.kind, "code": place.code, "name": place.name}


@router.get("/me", auth=BearerToken(), response=Myself)
def show_me(request: ApiRequest) -> dict[str, Any]:
    """令牌代表谁、哪个机构、什么角色。"""
    actor = request.auth
    return {"name": actor.name, "role": actor.role, "organisation": place_of(request.membership.organisation)}


@router.get("/standards", auth=BearerToken(), response=list[StandardOut])
def list_standards(request: ApiRequest) -> list[dict[str, Any]]:  # noqa: ARG001 - the framework goes by the name
    """可用的标准及其过渡性例外。"""
    return [
        {
            "id": each.id,
            "title": each.title,
            "version": each.version,
            "place": each.place,
            "exceptions": [entry.id for entry in each.exceptions],
        }
        for each in api.standards()
    ]


@router.get("/organisations", auth=BearerToken(MAY_SEE), response=Page[OrganisationOut])
def list_organisations(request: ApiRequest, wanted: Query[OrganisationFilter]) -> dict[str, Any]:
    """看得见的机构。

    可按类别、代码、名称(`text`)、上级(`below`,含其下各级)和是否在办筛选。
    """
    found = _filtered(request, wanted)
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind)
    return page_of(found.order_by("path"), wanted, _shape)


@router.get("/schools", auth=BearerToken(MAY_SEE), response=Page[OrganisationOut])
def list_schools(request: ApiRequest, wanted: Query[OrganisationFilter]) -> dict[str, Any]:
    """看得见的学校,按标识码排列。"""
    return page_of(_filtered(request, wanted).filter(kind=Kind.SCHOOL).order_by("code", "name"), wanted, _shape)


@router.get("/organisations/{int:organisation_id}", auth=BearerToken(MAY_SEE), response=OrganisationOut)
def show_organisation(request: ApiRequest, organisation_id: int) -> dict[str, Any]:
    """一个机构或学校。"""
    return _shape(get_object_or_404(visible(request.auth), pk=organisation_id))


def _filtered(request: ApiRequest, wanted: OrganisationFilter) -> Any:
    found = visible(request.auth)
    if wanted.code:
        found = found.filter(code=wanted.code)
    if wanted.text:
        found = found.filter(Q(name__icontains=wanted.text) | Q(code__startswith=wanted.text))
    if wanted.below is not None:
        found = found.within(get_object_or_404(visible(request.auth), pk=wanted.below).path)
    return found if wanted.is_open is None else found.filter(closed_on__isnull=wanted.is_open)


def _shape(place: Organisation) -> dict[str, Any]:
    return {
        **place_of(place),
        "parent_id": place.parent_id,
        "school_type": place.school_type,
        "opened_on": place.opened_on,
        "closed_on": place.closed_on,
    }
