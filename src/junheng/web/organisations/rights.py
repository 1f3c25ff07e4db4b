"""Who changes which part of the tree."""

from django.utils.translation import gettext as _

from junheng.web.access.actor import PLATFORM, Actor
from junheng.web.access.roles import Role
from junheng.web.organisations.models import Kind, Organisation

_BY_COUNTY_OFFICE = frozenset({Kind.SCHOOL, Kind.TOWNSHIP})


def may_manage(actor: Actor, kind: str, place: Organisation) -> bool:
    """True when the actor may put something of this kind at or under `place`, or change it if it is `place` itself.

    The system administrator has the whole of their part of the tree, the county office the schools and townships of its
    county, and the platform itself everything.
    """
    if actor == PLATFORM:
        return True
    if not place.is_within(actor.own_path):
        return False
    if actor.role == Role.SYSTEM_ADMIN:
        return True
    return actor.role == Role.COUNTY_OFFICE and kind in _BY_COUNTY_OFFICE


def is_own_top(actor: Actor, place: Organisation) -> bool:
    """True for the organisation that the actor acts for: the top of their reach, which they neither move nor close."""
    return place.pk == actor.organisation_id


def own_top_stays(place: Organisation) -> str:
    """Why nobody moves or closes their own organisation, and who can."""
    return _("您现在的角色就在“%(name)s”,不能由您移动或撤销它。请由上级的系统管理员办理。") % {"name": place.name}


def manageable_kinds(actor: Actor) -> frozenset[str]:
    """The kinds of organisation that the role changes at all."""
    if actor.role == Role.SYSTEM_ADMIN:
        return frozenset(Kind.values)
    return frozenset(_BY_COUNTY_OFFICE) if actor.role == Role.COUNTY_OFFICE else frozenset()
