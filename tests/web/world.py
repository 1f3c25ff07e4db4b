"""The small tree that tests of the platform live in. Rows are made directly: actions have tests of their own."""

from dataclasses import dataclass, field

from junheng.web.accounts.actors import actor_of
from junheng.web.accounts.models import Membership, User
from junheng.web.accounts.roles import Role
from junheng.web.audit.actor import Actor
from junheng.web.organisations.models import BLOCK, Kind, Organisation


@dataclass
class World:
    """Organisations by a short name, and memberships by `role@place`.

    nation ─ province ─ city ─ county ─ township ─ school (below the township)
                                      ├ finance, personnel (departments)
                                      └ town_school, middle_school (directly below the county)
                             └ neighbour (county) ─ neighbour_school
           └ far_province ─ far_city ─ far_county ─ far_school
    """

    places: dict[str, Organisation] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Organisation:
        return self.places[name]

    def member(self, role: Role, place: str) -> Membership:
        """The person who holds a role at a place; made when first asked for."""
        key = f"{role.value}@{place}"
        if key not in self.members:
            user = User.objects.create(login=key, name=f"{role.label}·{self.places[place].name}"[:60])
            self.members[key] = Membership.objects.create(user=user, organisation=self.places[place], role=role.value)
        return self.members[key]

    def actor(self, role: Role, place: str) -> Actor:
        """The same person as an actor."""
        return actor_of(self.member(role, place), "127.0.0.1")


PLACES: tuple[tuple[str, str | None, Kind, str, str], ...] = (
    ("nation", None, Kind.NATION, "000000", "国家"),
    ("province", "nation", Kind.PROVINCE, "990000", "示例省"),
    ("city", "province", Kind.CITY, "990100", "示例市"),
    ("county", "city", Kind.COUNTY, "990101", "青石县"),
    ("township", "county", Kind.TOWNSHIP, "990101100", "青石镇"),
    ("finance", "county", Kind.DEPARTMENT, "", "青石县财政局"),
    ("personnel", "county", Kind.DEPARTMENT, "", "青石县教育局人事股"),
    ("school", "township", Kind.SCHOOL, "9900000001", "青石镇示例小学"),
    ("town_school", "county", Kind.SCHOOL, "9900000002", "青石县第一小学"),
    ("middle_school", "county", Kind.SCHOOL, "9900000003", "青石县第一初级中学"),
    ("neighbour", "city", Kind.COUNTY, "990102", "白沙县"),
    ("neighbour_school", "neighbour", Kind.SCHOOL, "9900000011", "白沙县第一小学"),
    ("far_province", "nation", Kind.PROVINCE, "980000", "远方省"),
    ("far_city", "far_province", Kind.CITY, "980100", "远方市"),
    ("far_county", "far_city", Kind.COUNTY, "980101", "远方县"),
    ("far_school", "far_county", Kind.SCHOOL, "9800000001", "远方县第一小学"),
)
OWNERS = {"finance": ["财政局"], "personnel": ["教育局人事股"]}


def build_world() -> World:
    """The tree, without people. One query per level: nearly every test builds it."""
    places: dict[str, Organisation] = {}
    numbers = {name: number for number, (name, *_) in enumerate(PLACES, start=1)}
    level = [place for place in PLACES if place[1] is None]
    while level:
        rows = []
        for name, above, kind, code, title in level:
            parent = places[above] if above else None
            path = (parent.path if parent else "") + str(numbers[name]).zfill(BLOCK)
            rows.append(
                Organisation(
                    parent=parent, path=path, kind=kind, code=code, name=title, reports_as=OWNERS.get(name, [])
                )
            )
        names = [name for name, *_ in level]
        places.update(zip(names, Organisation.objects.bulk_create(rows), strict=True))
        level = [place for place in PLACES if place[1] in names]
    return World({name: places[name] for name in numbers})
