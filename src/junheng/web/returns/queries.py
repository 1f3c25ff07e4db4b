"""What somebody may see of rounds and returns, what they may do with one, and what waits for them."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, Role, may
from junheng.web.accounts.models import Membership
from junheng.web.organisations.models import BLOCK, Kind, Organisation, after
from junheng.web.returns.document import digest_of
from junheng.web.returns.models import Notice, Return, Round, State, Upload, Version, WrittenReason

ENTRY_ROLES = {Kind.SCHOOL: Role.REPORTER, Kind.DEPARTMENT: Role.DEPARTMENT, Kind.COUNTY: Role.COUNTY_OFFICE}
"""Who fills in the return of an organisation. The county office fills in the county facts that no department owns."""


def _within(prefix: str, path: str) -> Q:
    """Rows whose organisation stands at `path` or below; `prefix` leads to the organisation."""
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": after(path)}) if path else Q(pk__in=[])


def _above(path: str) -> list[str]:
    return [path[:end] for end in range(BLOCK, len(path) + 1, BLOCK)]


def visible_rounds(actor: Actor) -> QuerySet[Round]:
    """Rounds of the counties the actor looks at, and of the county they belong to; county and issuer loaded."""
    if not may(actor.role, Permission.SEE_RETURNS):
        return Round.objects.none()
    seen = _within("county__", actor.area_path) | Q(county__path__in=_above(actor.own_path))
    return (
        Round.objects.filter(seen).select_related("county", "issuer").order_by("-year", "county__code", "county__name")
    )


def visible_returns(actor: Actor) -> QuerySet[Return]:
    """Returns of the organisations the actor looks at; round, county, organisation and versions' heads loaded."""
    if not may(actor.role, Permission.SEE_RETURNS):
        return Return.objects.none()
    found = Return.objects.filter(_within("organisation__", actor.area_path))
    return found.select_related("round__county", "organisation").order_by(
        "organisation__code", "organisation__name", "pk"
    )


def own_returns(actor: Actor) -> QuerySet[Return]:
    """The returns of the actor's own organisation, the latest year first."""
    own = visible_returns(actor).filter(organisation_id=actor.organisation_id or 0)
    return own.order_by("-round__year").prefetch_related("extensions")


def visible_uploads(actor: Actor) -> QuerySet[Upload]:
    """Workbooks sent for returns, or for counties, that the actor may see."""
    of_returns = Q(entry__in=visible_returns(actor).order_by().values("pk"))
    of_counties = Q(entry=None, round__county_id=actor.organisation_id)
    return (
        Upload.objects.filter(of_returns | of_counties)
        .select_related("round__county", "entry__organisation")
        .order_by("-at")
    )


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    """What the actor's role at the actor's organisation was told, unread first, then the latest."""
    own = Notice.objects.filter(organisation_id=actor.organisation_id or 0, role=actor.role)
    return own.select_related("round__county", "entry__organisation").order_by("read_at", "-at")


def may_edit(actor: Actor, entry: Return) -> bool:
    """True when the actor fills in this return (its organisation must be loaded); whether it is open now is another matter."""
    is_own = actor.organisation_id == entry.organisation_id
    return is_own and actor.role == ENTRY_ROLES.get(Kind(entry.organisation.kind))


def may_review(actor: Actor, entry: Return) -> bool:
    """True when the return waits for the actor's level now. That nobody approves their own entry is looked at on approving."""
    place = entry.organisation
    match entry.state:
        case State.AT_PRINCIPAL:
            return actor.role == Role.PRINCIPAL and actor.organisation_id == place.pk
        case State.AT_TOWNSHIP:
            return actor.role == Role.TOWNSHIP and place.is_within(actor.own_path)
        case State.AT_COUNTY:
            return actor.role == Role.COUNTY_OFFICE and place.is_within(actor.own_path)
        case _:
            return False


_WAITS_FOR = {
    Role.PRINCIPAL: State.AT_PRINCIPAL,
    Role.TOWNSHIP: State.AT_TOWNSHIP,
    Role.COUNTY_OFFICE: State.AT_COUNTY,
}


def awaiting(actor: Actor) -> QuerySet[Return]:
    """The returns that wait for the actor's decision now."""
    state = _WAITS_FOR.get(Role(actor.role)) if actor.role in Role.values else None
    return visible_returns(actor).filter(state=state) if state else Return.objects.none()


def township_above(place: Organisation) -> Organisation | None:
    """The township a school stands below, when somebody holds the role of township there; None when that level is skipped."""
    held = Membership.objects.filter(
        organisation_id=OuterRef("pk"), role=Role.TOWNSHIP, ended_at=None, user__is_active=True
    )
    above = Organisation.objects.filter(Exists(held), pk=place.parent_id or 0, kind=Kind.TOWNSHIP)
    return above.open().first()


def reasons_of(entry: Return) -> dict[str, str]:
    """The written reasons of a return: finding reference → text."""
    return dict(WrittenReason.objects.filter(entry=entry).values_list("reference", "text"))


def versions_of(entry: Return) -> QuerySet[Version]:
    """All versions of a return, the latest first, with what was decided on each; without their contents."""
    light = Version.objects.filter(entry=entry).defer("values", "origins", "row_ids", "findings")
    return light.prefetch_related("decisions").order_by("-number")


def broken_versions(versions: Iterable[Version]) -> list[Version]:
    """Submitted versions whose values do not have the digest they were submitted with: somebody went past the platform."""
    return [each for each in versions if each.submitted_at is not None and digest_of(each.values) != each.digest]
