"""Where each role can be held; the roles themselves and what they may do stand in `junheng.web.access.roles`."""

from junheng.web.access.roles import ADMINISTRATORS, GRANTS, Permission, Role, may
from junheng.web.organisations.models import Kind

__all__ = ["ADMINISTRATORS", "GRANTS", "HELD_AT", "Permission", "Role", "may"]

_ABOVE_SCHOOLS = frozenset({Kind.NATION, Kind.PROVINCE, Kind.CITY, Kind.COUNTY})

HELD_AT: dict[Role, frozenset[Kind]] = {
    Role.REPORTER: frozenset({Kind.SCHOOL}),
    Role.PRINCIPAL: frozenset({Kind.SCHOOL}),
    Role.TOWNSHIP: frozenset({Kind.TOWNSHIP}),
    Role.COUNTY_OFFICE: frozenset({Kind.COUNTY}),
    Role.DEPARTMENT: frozenset({Kind.DEPARTMENT}),
    Role.SUPERVISOR: frozenset({Kind.NATION, Kind.PROVINCE, Kind.CITY}),
    Role.ASSESSOR: _ABOVE_SCHOOLS,
    Role.LEADER: _ABOVE_SCHOOLS,
    Role.SYSTEM_ADMIN: _ABOVE_SCHOOLS,
    Role.SECURITY_ADMIN: _ABOVE_SCHOOLS,
    Role.AUDIT_ADMIN: _ABOVE_SCHOOLS,
}
