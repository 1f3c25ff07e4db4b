"""Who acts: a person in one role for one organisation, as every action and every audit row knows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person in their active role, or the platform itself (`user_id` None).

    `role` is a value of `junheng.web.access.roles.Role`. `own_path` is the path of the organisation they act for,
    `area_path` that of the part of the tree they may look at: the same, except for a department, which looks at its county.
    """

    user_id: int | None
    name: str
    role: str
    organisation_id: int | None
    organisation_name: str = ""
    own_path: str = ""
    area_path: str = ""
    address: str = ""


PLATFORM = Actor(user_id=None, name="平台", role="platform", organisation_id=None)
"""The platform acting by itself: a worker, a clock, a command."""
