"""How far a round is: who has not reported, how full each return is, what remains, by township and by county. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access.actor import Actor
from junheng.web.organisations.models import Kind, Organisation, after
from junheng.web.returns.checking import standing
from junheng.web.returns.clock import Clock, clock_of
from junheng.web.returns.models import Extension, Return, Round, State, Version, WrittenReason
from junheng.web.returns.queries import visible_returns, visible_rounds

LEVELS = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Line:
    """One return of a round: its clock, and the name of the township or kind of office it is listed under."""

    entry: Return
    clock: Clock
    area: str

    @property
    def address(self) -> str:
        """Where it is filled in and read."""
        return _address("returns:edit", get_script_prefix()) % self.entry.pk

    @property
    def extend_address(self) -> str:
        """Where it gets more time."""
        return _address("returns:extend", get_script_prefix()) % self.entry.pk

    @property
    def state_label(self) -> str:
        """Its state in words, without the list of choices that Django would build for every row."""
        return str(State(self.entry.state).label)

    @property
    def is_reported(self) -> bool:
        """True once it was submitted."""
        return self.entry.state != State.DRAFT

    @property
    def is_overdue(self) -> bool:
        """True when it was not submitted and its last day is over."""
        return not self.is_reported and not self.clock.is_open

    @property
    def is_extended(self) -> bool:
        """True when an extension decides its last day."""
        return self.clock.last_day is not None and self.clock.last_day > self.entry.round.due_on

    @property
    def tone(self) -> str:
        """The tone of the badge of its state."""
        return {State.DRAFT.value: "info", State.APPROVED.value: "good"}.get(self.entry.state, "warn")

    @property
    def filled(self) -> str:
        """Cells filled in, of all."""
        return f"{self.entry.filled_count} / {self.entry.cell_count}"

    @property
    def deadline(self) -> str:
        """Its clock in words; for what was submitted only the last day."""
        clock = self.clock
        if clock.last_day is None:
            return "" if self.is_reported else _("已锁定")
        day = clock.last_day.isoformat()
        if self.is_reported:
            return day
        if not clock.is_open:
            return _("最后一天是 %(day)s") % {"day": day}
        if not clock.days_left:
            return _("今天截止")
        return _("截止 %(day)s,还有 %(days)s 天") % {"day": day, "days": clock.days_left}

    @property
    def sent(self) -> str:
        """Who submitted it and when; empty before."""
        version = self.entry.version
        if not self.is_reported or version is None or version.submitted_at is None:
            return ""
        return f"{version.submitted_by} {timezone.localtime(version.submitted_at):%Y-%m-%d %H:%M}"


@lru_cache(maxsize=8)
def _address(route: str, _prefix: str) -> str:
    """The address of a route with `%d` for the return: a county has hundreds of them, so it is looked up once."""
    return reverse(route, kwargs={"return_id": 0}).replace("/0/", "/%d/")


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some returns: all, submitted (approved included), approved, overdue, with errors, cells filled and all."""

    label: str
    total: int
    reported: int
    approved: int
    overdue: int
    faulty: int
    filled: int
    cells: int

    @property
    def missing(self) -> int:
        """Returns that were not submitted."""
        return self.total - self.reported

    @property
    def waiting(self) -> int:
        """Returns that wait for somebody's decision."""
        return self.reported - self.approved

    @property
    def filled_share(self) -> float | None:
        """Share of the cells that are filled in, 0 to 1; None without cells."""
        return self.filled / self.cells if self.cells else None

    @property
    def reported_share(self) -> float | None:
        """Share of the returns that were submitted, 0 to 1; None without returns."""
        return self.reported / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class CountyLine:
    """One county of a larger area: its round of the year (None: none was opened) and the counts over its returns."""

    county: Organisation
    round: Round | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Remaining:
    """One kind of finding that remains: its level and code, one of its messages as an example, and where it stands."""

    level: str
    code: str
    example: str
    count: int
    entries: tuple[Return, ...]


def lines_of(actor: Actor, found: Round) -> list[Line]:
    """The returns of a round that the actor may see, schools by code, then offices; two queries whatever their number."""
    entries = list(
        visible_returns(actor)
        .filter(round=found)
        .select_related(None)  # the round is at hand
        .select_related("organisation__parent", "version")
        .defer("covers", "organisation__reports_as", "organisation__parent__reports_as")
        .defer(*(f"version__{name}" for name in ("values", "origins", "row_ids", "findings")))
    )
    extensions: dict[int, list[Extension]] = defaultdict(list)
    for extension in Extension.objects.filter(entry__round=found):
        extensions[extension.entry_id].append(extension)
    for entry in entries:
        entry.round = found
    today = timezone.localdate()
    lines = [
        Line(entry, clock_of(found, extensions.get(entry.pk, ()), today), area_of(entry.organisation))
        for entry in entries
    ]
    return sorted(lines, key=lambda line: line.entry.organisation.kind != Kind.SCHOOL)


def area_of(place: Organisation) -> str:
    """The township of a school; for schools directly below the county and for offices, the name of their kind."""
    if place.kind == Kind.SCHOOL and place.parent is not None and place.parent.kind == Kind.TOWNSHIP:
        return place.parent.name
    return _("县直学校") if place.kind == Kind.SCHOOL else _("县级部门")


def tally_of(label: str, lines: Iterable[Line]) -> Tally:
    """The counts over some lines."""
    counted = list(lines)
    return Tally(
        label=label,
        total=len(counted),
        reported=sum(line.is_reported for line in counted),
        approved=sum(line.entry.state == State.APPROVED for line in counted),
        overdue=sum(line.is_overdue for line in counted),
        faulty=sum(line.entry.error_count > 0 for line in counted),
        filled=sum(line.entry.filled_count for line in counted),
        cells=sum(line.entry.cell_count for line in counted),
    )


def by_area(lines: Iterable[Line]) -> list[Tally]:
    """The counts per township, in the order in which the townships first appear."""
    areas: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        areas[line.area].append(line)
    return [tally_of(area, found) for area, found in areas.items()]


def chosen(lines: Iterable[Line], *, area: str = "", state: str = "", remains: str = "") -> list[Line]:
    """The lines that fit the filters: a township, a state (or `overdue`), what remains (`error`, `warning`, `empty`)."""
    return [line for line in lines if _fits_state(line, state) and _remains(line, remains) and area in ("", line.area)]


def _fits_state(line: Line, state: str) -> bool:
    if state == "overdue":
        return line.is_overdue
    if state == "waiting":
        return line.is_reported and line.entry.state != State.APPROVED
    return not state or line.entry.state == state


def _remains(line: Line, remains: str) -> bool:
    entry = line.entry
    left = {
        "error": entry.error_count > 0,
        "warning": entry.warning_count > 0,
        "empty": entry.filled_count < entry.cell_count,
    }
    return left.get(remains, True)


def round_counts(actor: Actor, rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with `total`, `reported` and `approved`: counts over the returns that the actor may see, in the same query."""
    path = actor.area_path
    seen = Q(returns__organisation__path__gte=path, returns__organisation__path__lt=after(path)) if path else Q()
    return rounds.annotate(
        total=Count("returns", filter=seen),
        reported=Count("returns", filter=seen & ~Q(returns__state=State.DRAFT)),
        approved=Count("returns", filter=seen & Q(returns__state=State.APPROVED)),
    )


def years_of(actor: Actor) -> list[int]:
    """The years that have rounds the actor may see, the latest first."""
    return list(visible_rounds(actor).order_by("-year").values_list("year", flat=True).distinct())


def counties_of(actor: Actor) -> list[Organisation]:
    """The counties in the actor's area, by code and name; none for somebody below a county."""
    return list(
        Organisation.objects.within(actor.area_path)
        .filter(kind=Kind.COUNTY)
        .open()
        .select_related("parent")
        .order_by("code", "name", "pk")
    )


def county_lines(actor: Actor, counties: Sequence[Organisation], year: int, today: date) -> list[CountyLine]:
    """One line per county for a year, with its counts; two queries whatever the number of counties."""
    rounds = {found.county_id: found for found in visible_rounds(actor).filter(year=year)}
    counted = {row["round_id"]: row for row in _counted(actor, year, today)}
    lines = []
    for county in counties:
        found = rounds.get(county.pk)
        row = counted.get(found.pk, {}) if found else {}
        figures = {name: row.get(name) or 0 for name in _COUNTS}
        lines.append(CountyLine(county, found, Tally(label=county.name, **figures)))
    return lines


_COUNTS = ("total", "reported", "approved", "overdue", "faulty", "filled", "cells")


def _counted(actor: Actor, year: int, today: date) -> Iterable[dict[str, int]]:
    path = actor.area_path
    longer = Extension.objects.filter(entry=OuterRef("pk"), until__gte=today)
    holding = longer.filter(Q(entry__round__locked_at=None) | Q(granted_at__gt=F("entry__round__locked_at")))
    is_over = Q(round__due_on__lt=today) | Q(round__locked_at__isnull=False)
    return (
        Return.objects.filter(round__year=year, round__county__path__gte=path, round__county__path__lt=after(path))
        .order_by()
        .values("round_id")
        .annotate(
            total=Count("pk"),
            reported=Count("pk", filter=~Q(state=State.DRAFT)),
            approved=Count("pk", filter=Q(state=State.APPROVED)),
            overdue=Count("pk", filter=Q(state=State.DRAFT) & is_over & ~Q(Exists(holding))),
            faulty=Count("pk", filter=Q(error_count__gt=0)),
            filled=Sum("filled_count"),
            cells=Sum("cell_count"),
        )
    )


def total_of(label: str, lines: Iterable[CountyLine]) -> Tally:
    """The counts over all counties together."""
    tallies = [line.tally for line in lines]
    return Tally(label=label, **{name: sum(getattr(tally, name) for tally in tallies) for name in _COUNTS})


def remaining_of(lines: Iterable[Line]) -> list[Remaining]:
    """What stands in the way of submitting, by kind of finding, the gravest and most frequent first; two queries."""
    found: dict[tuple[str, str], list[tuple[Return, str]]] = defaultdict(list)
    for entry, finding in remaining_findings(lines):
        found[finding["level"], finding["code"]].append((entry, finding["message"]))
    kinds = [
        Remaining(level, code, said[0][1], len(said), tuple({entry.pk: entry for entry, _ in said}.values()))
        for (level, code), said in found.items()
    ]
    return sorted(kinds, key=lambda kind: (LEVELS.index(kind.level), -len(kind.entries), kind.code))


def remaining_findings(lines: Iterable[Line]) -> Iterator[tuple[Return, Mapping[str, Any]]]:
    """Each finding that stands in the way of submitting (errors, warnings without a reason) with its return; two queries."""
    entries = {
        line.entry.version_id: line.entry for line in lines if line.entry.error_count or line.entry.warning_count
    }
    versions = dict(Version.objects.filter(pk__in=[pk for pk in entries if pk]).values_list("pk", "findings"))
    reasons: dict[int, dict[str, str]] = defaultdict(dict)
    for written in WrittenReason.objects.filter(entry__in=[entry.pk for entry in entries.values()]):
        reasons[written.entry_id][written.reference] = written.text
    for pk, entry in entries.items():
        for finding in standing(versions.get(pk or 0, ()), reasons[entry.pk]):
            yield entry, finding
