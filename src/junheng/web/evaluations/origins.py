"""Where the facts of a run came from: the cell or the person, as the versions it took remember it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from junheng.core.facts import TableSource
from junheng.core.findings import Location
from junheng.web.evaluations.models import Run
from junheng.web.organisations.models import Kind
from junheng.web.returns.models import Version
from junheng.web.returns.words import spoken

_NO_ROWS: Mapping[tuple[str, ...], int] = MappingProxyType({})
_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class KeptSource(TableSource):
    """A table whose cells are looked up one by one: `origins` maps `table|key|field` to where the value came from."""

    table: str = ""
    origins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def locate(self, key: tuple[str, ...], field_id: str, subject: str = "") -> Location:
        """The file, sheet and cell with who brought it in, or who typed it; an empty place when nobody knows."""
        origin = self.origins.get(f"{self.table}|{':'.join(key)}|{field_id}")
        if origin is None:
            return Location(field=field_id, subject=subject)
        # row 0 says that the place is known; the text holds the cell already
        return Location(file=described(origin), row=0, field=field_id, subject=subject)


def described(origin: Mapping[str, Any]) -> str:
    """One line: how a value came in, from where, by whom and when."""
    at = str(origin.get("at", "")).replace("T", " ")[:16]
    who = {"by": spoken(str(origin.get("by", ""))), "at": at}
    if origin.get("kind") == "web":
        return _("网页填报 · %(by)s · %(at)s") % who
    place = " ".join(str(origin.get(name, "")) for name in ("file", "sheet", "cell")).strip()
    return f"{place} · " + _("%(by)s 上传 · %(at)s") % who


def sources_of(run: Run, school_code: str = "") -> dict[str, tuple[TableSource, ...]]:
    """The sources of the facts of one school, or without a code those of the county's own facts. One query."""
    numbers = {(int(entry[0]), int(entry[1])) for entry in run.versions}
    versions = Version.objects.filter(entry__round__county_id=run.organisation_id, entry__round__year=run.year)
    if school_code:
        versions = versions.filter(entry__organisation__code=school_code)
    else:
        versions = versions.exclude(entry__organisation__kind=Kind.SCHOOL)
    origins: dict[str, Mapping[str, Any]] = {}
    for entry_id, number, kept in versions.values_list("entry_id", "number", "origins"):
        if (entry_id, number) in numbers:
            listed = kept.get("list", [])
            origins.update({place: listed[index] for place, index in kept.get("of", {}).items()})
    tables = {place.partition("|")[0] for place in origins}
    return {name: (KeptSource("", "", _NO_ROWS, _NO_COLUMNS, table=name, origins=origins),) for name in sorted(tables)}
