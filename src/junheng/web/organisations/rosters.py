"""What a roster of schools would change in a county. Nothing here writes; see `actions.rosters`."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from junheng.core.findings import Finding, Level, Location, has_errors
from junheng.web.organisations.models import Kind, Organisation


@dataclass(frozen=True, slots=True)
class Entry:
    """One school of a roster; `township` and `school_type` are "" where the roster says nothing; `place` is its cell."""

    code: str
    name: str
    township: str = ""
    school_type: str = ""
    place: Location = field(default_factory=Location, compare=False)

    @property
    def values(self) -> list[str]:
        """What is kept between preview and confirmation."""
        return [self.code, self.name, self.township, self.school_type]


@dataclass(frozen=True, slots=True)
class Change:
    """One school that becomes other than it is; `school` is None for a new one. `before` and `after` are for people."""

    entry: Entry
    school: Organisation | None
    parent: Organisation
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """All that would change. `missing` are schools of the county that the roster lacks: maybe closed, people decide.

    `digest` covers the roster and the state of the county that it was compared with.
    """

    new: tuple[Change, ...]
    renamed: tuple[Change, ...]
    moved: tuple[Change, ...]
    retyped: tuple[Change, ...]
    missing: tuple[Organisation, ...]
    unchanged: int
    findings: tuple[Finding, ...]
    digest: str

    @property
    def change_count(self) -> int:
        """How many changes the roster itself makes, without schools that are closed by hand."""
        return len(self.new) + len(self.renamed) + len(self.moved) + len(self.retyped)

    @property
    def is_applicable(self) -> bool:
        """True when nothing blocks."""
        return not has_errors(list(self.findings))


def compare(county: Organisation, entries: Sequence[Entry], findings: Iterable[Finding] = ()) -> Preview:
    """The roster beside the county's open schools; three queries, whatever the size."""
    places = Organisation.objects.below(county.path).open().filter(kind__in=(Kind.SCHOOL, Kind.TOWNSHIP))
    standing = list(places.select_related("parent").order_by("code", "name"))
    schools = {place.code: place for place in standing if place.kind == Kind.SCHOOL}
    sorter = _Sorter(county, schools, {place.name: place for place in standing if place.kind == Kind.TOWNSHIP})
    listed = {entry.code for entry in entries}
    sorter.taken = {
        place.code: place
        for place in Organisation.objects.filter(kind=Kind.SCHOOL, code__in=listed - set(schools)).only(
            "code", "name", "path", "closed_on"
        )
    }
    for entry in entries:
        sorter.take(entry)
    missing = tuple(place for code, place in schools.items() if code not in listed)
    return Preview(
        new=tuple(sorter.new),
        renamed=tuple(sorter.renamed),
        moved=tuple(sorter.moved),
        retyped=tuple(sorter.retyped),
        missing=missing,
        unchanged=sorter.unchanged,
        findings=(*findings, *sorter.findings),
        digest=_digest(county, entries, schools.values()),
    )


class _Sorter:
    """Puts each school of the roster where it belongs."""

    def __init__(
        self, county: Organisation, schools: dict[str, Organisation], townships: dict[str, Organisation]
    ) -> None:
        self._county, self._schools, self._townships = county, schools, townships
        self.taken: dict[str, Organisation] = {}
        self.new: list[Change] = []
        self.renamed: list[Change] = []
        self.moved: list[Change] = []
        self.retyped: list[Change] = []
        self.unchanged = 0
        self.findings: list[Finding] = []

    def take(self, entry: Entry) -> None:
        """Sorts one school."""
        parent = self._county if not entry.township else self._townships.get(entry.township)
        if parent is None and entry.township == self._county.name:
            parent = self._county
        if parent is None:
            self._refuse("roster-township", _("本县没有叫“%(name)s”的乡镇（街道）。") % {"name": entry.township},
                         _("请改正名称,或先在机构树里建立这个乡镇（街道）。"), entry)  # fmt: skip
        elif entry.code in self.taken:
            self._refuse_taken(entry, self.taken[entry.code])
        elif (school := self._schools.get(entry.code)) is None:
            self.new.append(Change(entry, None, parent, "", entry.name))
        else:
            self._compare(entry, school, parent if entry.township else None)

    def _compare(self, entry: Entry, school: Organisation, parent: Organisation | None) -> None:
        before = school.parent or self._county
        changes = 0
        if entry.name != school.name:
            changes += 1
            self.renamed.append(Change(entry, school, before, school.name, entry.name))
        if parent is not None and parent.pk != before.pk:
            changes += 1
            self.moved.append(Change(entry, school, parent, before.name, parent.name))
        if entry.school_type and entry.school_type != school.school_type:
            changes += 1
            self.retyped.append(Change(entry, school, before, school.school_type, entry.school_type))
        self.unchanged += not changes

    def _refuse_taken(self, entry: Entry, holder: Organisation) -> None:
        if holder.is_within(self._county.path):
            told = {"code": entry.code, "name": holder.name, "day": holder.closed_on}
            text = _("标识码 %(code)s 属于已撤销的“%(name)s”（%(day)s）。") % told
        else:
            text = _("标识码 %(code)s 已被其他县的学校使用。") % {"code": entry.code}
        self._refuse("roster-code-taken", text, _("请核对标识码;跨县划转的学校请系统管理员在机构树里移动。"), entry)

    def _refuse(self, code: str, message: str, hint: str, entry: Entry) -> None:
        self.findings.append(Finding(Level.ERROR, code, message, hint, entry.place))


def _digest(county: Organisation, entries: Sequence[Entry], schools: Iterable[Organisation]) -> str:
    state: list[Any] = [[place.pk, place.code, place.name, place.path, place.school_type] for place in schools]
    return hashlib.sha256(
        orjson.dumps([county.pk, county.path, [entry.values for entry in entries], state])
    ).hexdigest()
