"""Reads of the tree: only the part that the actor may look at."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from junheng.web.access.actor import Actor
from junheng.web.organisations.models import BLOCK, CHILDREN, Kind, Organisation, OrganisationQuerySet, SchoolEvent
from junheng.web.organisations.rights import is_own_top, manageable_kinds, may_manage

FOUND = 50
"""How many organisations a search shows."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do with one organisation. `is_own`: it is theirs, and they neither move nor close it."""

    may_change: bool
    may_add: tuple[Kind, ...]
    is_own: bool = False

    @property
    def may_add_any(self) -> bool:
        """True when something can be put below it."""
        return bool(self.may_add)


def visible(actor: Actor) -> OrganisationQuerySet:
    """The organisations of the actor's area, from the top of the tree down."""
    return Organisation.objects.within(actor.area_path).order_by("path")


def top(actor: Actor) -> OrganisationQuerySet:
    """The organisation at the top of the actor's area, with how many there are below it."""
    return _counted(visible(actor).filter(path=actor.area_path))


def children(place: Organisation) -> OrganisationQuerySet:
    """Directly below a place, open ones first, by kind, code and name; each says whether something stands below it."""
    return _counted(Organisation.objects.filter(parent=place)).order_by(
        F("closed_on").asc(nulls_first=True), "kind", "code", "name"
    )


def _counted(places: OrganisationQuerySet) -> OrganisationQuerySet:
    below = Organisation.objects.filter(parent=OuterRef("pk"))
    return places.annotate(has_children=Exists(below))


def above(actor: Actor, place: Organisation) -> OrganisationQuerySet:
    """The organisations above a place that the actor may look at, from the top down."""
    return Organisation.objects.above(place.path).filter(path__gte=actor.area_path).order_by("path")


def search(actor: Actor, text: str) -> QuerySet[Organisation]:
    """Organisations whose name or code contains the text, closed ones too, with their parents; at most `FOUND`."""
    hits = visible(actor).filter(Q(name__icontains=text) | Q(code__startswith=text))
    return hits.select_related("parent").order_by("code", "name")[:FOUND]


def history(place: Organisation) -> QuerySet[SchoolEvent]:
    """What happened to a school, and to others that became part of it, latest first."""
    return (
        SchoolEvent.objects.filter(Q(school=place) | Q(other=place))
        .select_related("school", "other")
        .order_by("-on", "-pk")
    )


def rights(actor: Actor, place: Organisation) -> Rights:
    """What the actor may do with a place: nothing with a closed one."""
    if not place.is_open:
        return Rights(may_change=False, may_add=())
    addable = tuple(kind for kind in Kind if kind in CHILDREN[place.kind] and may_manage(actor, kind, place))
    may_change = may_manage(actor, place.kind, place)
    return Rights(may_change=may_change, may_add=addable, is_own=is_own_top(actor, place))


def new_parents(actor: Actor, place: Organisation) -> OrganisationQuerySet:
    """Where a place may be moved to by the actor: open places of a fitting kind, outside its own subtree."""
    fitting = [kind for kind, below in CHILDREN.items() if place.kind in below]
    places = Organisation.objects.within(actor.own_path).open().filter(kind__in=fitting)
    return places.exclude(path=place.path[:-BLOCK]).exclude(path__startswith=place.path).order_by("path")


def merge_targets(actor: Actor, school: Organisation) -> OrganisationQuerySet:
    """Schools that another may become part of: open ones that the actor manages."""
    schools = Organisation.objects.within(actor.own_path).open().filter(kind=Kind.SCHOOL)
    return schools.exclude(pk=school.pk).order_by("code", "name")


def managed_counties(actor: Actor) -> OrganisationQuerySet:
    """The counties whose roster the actor keeps."""
    counties = Organisation.objects.within(actor.own_path).open().filter(kind=Kind.COUNTY)
    return counties.order_by("code", "name") if Kind.SCHOOL in manageable_kinds(actor) else counties.none()


def kinds_below(place: Organisation) -> list[tuple[str, int]]:
    """How many open organisations of each kind stand anywhere below a place, as labels and numbers."""
    counts = Organisation.objects.below(place.path).open().values_list("kind").annotate(number=Count("pk"))
    numbers = dict(counts.order_by("kind"))
    return [(str(kind.label), numbers[kind.value]) for kind in Kind if kind.value in numbers]


def county_of(place: Organisation) -> Organisation | None:
    """The county that a place is or belongs to; None above counties."""
    if place.kind == Kind.COUNTY:
        return place
    return Organisation.objects.above(place.path).filter(kind=Kind.COUNTY).first()


def schools_below(place: Organisation) -> OrganisationQuerySet:
    """The open schools below a place with their parents, by code and name."""
    schools = Organisation.objects.below(place.path).open().filter(kind=Kind.SCHOOL)
    return schools.select_related("parent").order_by("code", "name")
