"""Founding, renaming, moving, merging and closing organisations.

Every change that touches a path first locks the root: two changes of the tree follow one another, and none sees half of
the other. A school's history is written beside it as events.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access.actor import Actor
from junheng.web.audit import chain
from junheng.web.organisations.errors import RefusedError
from junheng.web.organisations.models import BLOCK, CHILDREN, Kind, Organisation, SchoolEvent
from junheng.web.organisations.rights import is_own_top, may_manage, own_top_stays

_SCHOOL_CODE = re.compile(r"[0-9]{10}")
_AREA_CODE = re.compile(r"([0-9]{6}|[0-9]{9}|[0-9]{12})?")


@transaction.atomic
def create(  # noqa: PLR0913 - an organisation has that many parts
    *,
    by: Actor,
    parent: Organisation,
    kind: str,
    name: str,
    code: str = "",
    school_type: str = "",
    reports_as: Sequence[str] = (),
    on: date | None = None,
) -> Organisation:
    """A new organisation below `parent`. RefusedError when the actor, the tree or the code does not allow it."""
    parent = locked(parent)
    _require(by, kind, parent)
    _require_place(parent, kind)
    _require_new(parent, kind, name)
    place = Organisation(
        parent=parent,
        path=_next_path(parent),
        kind=kind,
        code=_checked_code(kind, code),
        name=_checked_name(name),
        school_type=school_type if kind == Kind.SCHOOL else "",
        reports_as=list(reports_as) if kind == Kind.DEPARTMENT else [],
        opened_on=_checked_day(on),
    )
    place.save(force_insert=True)
    _tell(by, place, "create", {}, {"kind": kind, "name": place.name, "code": place.code, "parent": parent.name})
    _remember(place, SchoolEvent.Kind.OPENED, place.opened_on, after=place.name)
    return place


@transaction.atomic
def rename(*, by: Actor, place: Organisation, name: str, on: date | None = None, reason: str = "") -> Organisation:
    """The organisation under its new name; the old one stays in a school's history."""
    place = _changeable(by, place)
    before, after = place.name, _checked_name(name)
    if before == after:
        raise RefusedError(_("新名称与现名称相同。"), "name")
    day = _checked_day(on, place)
    place.name = after
    place.save(update_fields=["name"])
    _tell(by, place, "rename", {"name": before}, {"name": after, "on": day.isoformat()})
    _remember(place, SchoolEvent.Kind.RENAMED, day, before=before, after=after, reason=reason)
    return place


@transaction.atomic
def correct(
    *, by: Actor, place: Organisation, code: str, school_type: str = "", reports_as: Sequence[str] = ()
) -> Organisation:
    """The organisation with its code, school type or owned facts put right. These are corrections, not history."""
    place = _changeable(by, place)
    before = {"code": place.code, "school_type": place.school_type, "reports_as": place.reports_as}
    place.code = _checked_code(place.kind, code, place)
    if place.kind == Kind.SCHOOL:
        place.school_type = school_type
    if place.kind == Kind.DEPARTMENT:
        place.reports_as = list(reports_as)
    after = {"code": place.code, "school_type": place.school_type, "reports_as": place.reports_as}
    if before != after:
        place.save(update_fields=["code", "school_type", "reports_as"])
        changed = [key for key in before if before[key] != after[key]]
        _tell(by, place, "correct", {key: before[key] for key in changed}, {key: after[key] for key in changed})
    return place


@transaction.atomic
def move(
    *, by: Actor, place: Organisation, parent: Organisation, on: date | None = None, reason: str = ""
) -> Organisation:
    """The organisation, with all below it, under another parent that the actor manages too; never the actor's own."""
    parent = locked(parent)
    place = _changeable(by, place)
    _require_not_own(by, place)
    _require(by, place.kind, parent)
    if place.parent_id == parent.pk:
        raise RefusedError(_("它已经在“%(name)s”之下。") % {"name": parent.name}, "parent")
    if parent.is_within(place.path):
        raise RefusedError(_("不能移到自己的下级。"), "parent")
    _require_place(parent, place.kind, "parent")
    day = _checked_day(on, place)
    before = place.parent.name if place.parent else ""
    old, new = place.path, _next_path(parent)
    Organisation.objects.within(old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    Organisation.objects.filter(pk=place.pk).update(parent=parent)
    place = Organisation.objects.select_related("parent").get(pk=place.pk)
    _tell(by, place, "move", {"parent": before}, {"parent": parent.name, "on": day.isoformat()})
    _remember(place, SchoolEvent.Kind.MOVED, day, before=before, after=parent.name, reason=reason)
    return place


@transaction.atomic
def close(*, by: Actor, place: Organisation, on: date | None = None, reason: str = "") -> Organisation:
    """The organisation, closed. RefusedError while something open stands below it, and for the actor's own."""
    place = _changeable(by, place)
    _require_not_own(by, place)
    day = _checked_day(on, place)
    _shut(place, day)
    _tell(by, place, "close", {}, {"closed_on": day.isoformat(), "reason": reason})
    _remember(place, SchoolEvent.Kind.CLOSED, day, before=place.name, reason=reason)
    return place


@transaction.atomic
def merge(
    *, by: Actor, school: Organisation, into: Organisation, on: date | None = None, reason: str = ""
) -> Organisation:
    """The school, closed because it became part of another; both histories say so."""
    school = _changeable(by, school)
    into = _changeable(by, into)
    if school.kind != Kind.SCHOOL or into.kind != Kind.SCHOOL or school.pk == into.pk:
        raise RefusedError(_("只能把一所学校并入另一所学校。"), "into")
    day = _checked_day(on, school)
    _shut(school, day)
    _tell(by, school, "merge", {}, {"into": into.name, "into_code": into.code, "on": day.isoformat()})
    _remember(school, SchoolEvent.Kind.MERGED, day, before=school.name, after=into.name, other=into, reason=reason)
    return school


# ------------------------------------------------------------------------------------------------------------- the checks


def locked(place: Organisation) -> Organisation:
    """The organisation as it stands now, with the tree locked against other changes until the transaction ends."""
    list(Organisation.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk"))
    return Organisation.objects.select_related("parent").get(pk=place.pk)


def _changeable(by: Actor, place: Organisation) -> Organisation:
    place = locked(place)
    _require(by, place.kind, place)
    if not place.is_open:
        raise RefusedError(_("“%(name)s”已经撤销,不能再变更。") % {"name": place.name})
    return place


def _require(by: Actor, kind: str, place: Organisation) -> None:
    """`place` is what changes, or what something of this kind is put under."""
    if not may_manage(by, kind, place):
        raise RefusedError(_("“%(name)s”不归您管理,没有变更。") % {"name": place.name})


def _require_not_own(by: Actor, place: Organisation) -> None:
    """Whoever moved or closed the top of their own reach would saw off the branch they sit on."""
    if is_own_top(by, place):
        raise RefusedError(own_top_stays(place))


def _require_place(parent: Organisation, kind: str, field: str = "kind") -> None:
    if not parent.is_open:
        raise RefusedError(_("“%(name)s”已经撤销,不能在它下面增加机构。") % {"name": parent.name}, field)
    if kind not in CHILDREN[parent.kind]:
        told = {"kind": Kind(kind).label, "parent": Kind(parent.kind).label}
        raise RefusedError(_("%(parent)s下面不能直接设%(kind)s。") % told, field)


def _shut(place: Organisation, day: date) -> None:
    left = place.children.open().count()
    if left:
        told = {"name": place.name, "count": left}
        raise RefusedError(_("“%(name)s”还有 %(count)s 个未撤销的下级机构,请先移走或撤销它们。") % told)
    place.closed_on = day
    place.save(update_fields=["closed_on"])


def _next_path(parent: Organisation) -> str:
    last = parent.children.aggregate(last=Max("path"))["last"]
    number = int(last[-BLOCK:]) + 1 if last else 1
    return parent.path + str(number).zfill(BLOCK)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise RefusedError(_("请填写名称,最多 100 个字。"), "name")
    return name


def _checked_code(kind: str, code: str, place: Organisation | None = None) -> str:
    code = code.strip()
    if kind == Kind.SCHOOL and not _SCHOOL_CODE.fullmatch(code):
        raise RefusedError(_("学校标识码应是 10 位数字。"), "code")
    if kind == Kind.DEPARTMENT and code:
        raise RefusedError(_("部门没有代码,请留空。"), "code")
    if kind not in {Kind.SCHOOL, Kind.DEPARTMENT} and not _AREA_CODE.fullmatch(code):
        raise RefusedError(_("行政区划代码应是 6、9 或 12 位数字,没有时留空。"), "code")
    others = Organisation.objects.filter(kind=kind, code=code)
    if code and (others.exclude(pk=place.pk) if place else others).exists():
        raise RefusedError(
            _("代码 %(code)s 已被另一个机构使用。请核对;学校更名或迁移时请变更原有学校。") % {"code": code}, "code"
        )
    return code


def _require_new(parent: Organisation, kind: str, name: str) -> None:
    """Schools are told apart by their codes, all others below one place by their names."""
    same = Organisation.objects.filter(parent=parent, kind=kind, name=_checked_name(name)).open()
    if kind != Kind.SCHOOL and same.exists():
        raise RefusedError(_("“%(name)s”下面已有同名的机构。") % {"name": parent.name}, "name")


def _checked_day(on: date | None, place: Organisation | None = None) -> date:
    today = timezone.localdate()
    day = on or today
    if day > today:
        raise RefusedError(_("日期不能晚于今天。"), "on")
    if place is not None and place.opened_on is not None and day < place.opened_on:
        raise RefusedError(_("日期不能早于设立日期 %(day)s。") % {"day": place.opened_on.isoformat()}, "on")
    return day


# ------------------------------------------------------------------------------------------------------------- the traces


def _tell(by: Actor, place: Organisation, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    chain.record(
        by=by,
        action=f"organisation.{verb}",
        organisation_id=place.pk,
        subject=f"organisation:{place.pk}",
        before=before,
        after=after,
    )


def _remember(place: Organisation, kind: str, on: date | None, **told: Any) -> None:
    if place.kind == Kind.SCHOOL:
        SchoolEvent.objects.create(school=place, kind=kind, on=on or timezone.localdate(), **told)
