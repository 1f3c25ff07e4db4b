"""The facts of a county and year, put together from what was approved (or, for a trial, from what stands in the drafts)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.core.checks import check_facts
from junheng.core.facts import Facts, facts_from_rows
from junheng.core.findings import Finding
from junheng.readers.dictionary import load_dictionary
from junheng.web.organisations.models import Organisation
from junheng.web.returns.coverage import COUNTY_TABLES, SCHOOL_TABLES
from junheng.web.returns.document import Document, Origin, digest_of, key_text
from junheng.web.returns.models import Return, Version, WrittenReason
from junheng.web.returns.provenance import source_tables

_EARLIER_YEARS = 1


@dataclass(frozen=True, slots=True)
class VersionRef:
    """Which version of a return facts were taken from, with the digest of its values."""

    return_id: int
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Collected:
    """Facts of a county and year; the versions they were taken from; who has nothing to take; what the checks find in them."""

    facts: Facts
    versions: tuple[VersionRef, ...]
    missing: tuple[Organisation, ...]
    findings: tuple[Finding, ...]


def collect(*, county: Organisation, year: int, approved_only: bool) -> Collected:
    """The facts of the county's round of that year.

    With `approved_only` the valid approved versions, and organisations without one are `missing`; else what stands now, drafts
    included. Warnings with a written reason are left out of the findings. A year without a round gives empty facts.
    """
    entries = list(
        Return.objects.filter(round__county=county, round__year=year)
        .select_related("organisation")
        .order_by("organisation__code", "organisation__name", "pk")
    )
    taken = {entry.pk: entry.approved_id if approved_only else entry.version_id for entry in entries}
    versions = _versions(taken.values())
    missing = [entry.organisation for entry in entries if taken[entry.pk] is None]
    facts = facts_of(county, year, versions)
    refs = tuple(_ref(version) for version in versions)
    findings = _checked(county, facts, [entry.pk for entry in entries])
    return Collected(facts, refs, tuple(missing), findings)


def approved_facts(*, county: Organisation, year: int) -> Facts | None:
    """The facts of a year as far as they are approved, not checked again; None when nothing is."""
    entries = Return.objects.filter(round__county=county, round__year=year, approved__isnull=False)
    versions = _versions(
        list(entries.order_by("organisation__code", "organisation__name", "pk").values_list("approved_id", flat=True))
    )
    return facts_of(county, year, versions) if versions else None


def facts_of(county: Organisation, year: int, versions: Sequence[Version]) -> Facts:
    """Facts from these versions; where each value came from is looked up in the database when somebody asks."""
    rows = merged_rows(versions)
    scope = rows["county"][0] if rows["county"] else {}
    rows["county"] = [{**scope, "county_code": county.code, "county_name": county.name, "year": year}]
    return facts_from_rows(
        load_dictionary(),
        county_code=county.code,
        county_name=county.name,
        year=year,
        rows=rows,
        sources=source_tables(_Finder(versions).find),
    )


def merged_rows(versions: Iterable[Version]) -> dict[str, list[dict[str, Any]]]:
    """The rows of all versions: those of schools below each other, those of county facts joined by their key."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in load_dictionary().tables}
    joined: dict[tuple[str, str], dict[str, Any]] = {}
    for version in versions:
        for name, own in version.values.items():
            if name in SCHOOL_TABLES:
                rows[name].extend(own)
                continue
            for row in own:
                key = (name, key_text(name, row))
                if key not in joined:
                    joined[key] = {}
                    rows[name].append(joined[key])
                joined[key].update(row)
    return rows


def earlier_facts(county: Organisation, year: int) -> Facts | None:
    """The approved facts of the year before, or None when there are none."""
    entries = Return.objects.filter(round__county=county, round__year=year - _EARLIER_YEARS)
    versions = _versions(entries.values_list("approved_id", flat=True))
    return facts_of(county, year - _EARLIER_YEARS, versions) if versions else None


def versions_by_ref(refs: Iterable[tuple[int, int]]) -> list[Version]:
    """The versions named by `(return id, number)`, in the order in which `collect` takes them."""
    wanted = set(refs)
    found = _light(Version.objects.filter(entry_id__in={pk for pk, _ in wanted}))
    return [version for version in found if (version.entry_id, version.number) in wanted]


def _versions(ids: Iterable[int | None]) -> list[Version]:
    return list(_light(Version.objects.filter(pk__in=[pk for pk in ids if pk is not None])))


def _light(versions: Any) -> Any:
    """Versions with values, in the order of their organisations, without what only the form page needs."""
    ordered = versions.order_by("entry__organisation__code", "entry__organisation__name", "entry_id")
    return ordered.defer("origins", "findings", "row_ids")


def _ref(version: Version) -> VersionRef:
    return VersionRef(version.entry_id, version.number, version.digest or digest_of(version.values))


def _checked(county: Organisation, facts: Facts, entry_ids: Sequence[int]) -> tuple[Finding, ...]:
    found = check_facts(facts, load_dictionary(), earlier_facts(county, facts.year))
    warned = {finding.reference for finding in found}
    explained = set(
        WrittenReason.objects.filter(entry_id__in=entry_ids, reference__in=warned).values_list("reference", flat=True)
    )
    return tuple(finding for finding in found if finding.reference not in explained)


class _Finder:
    """Finds where a value came from. The documents of versions are read when the first value of theirs is asked for."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._school_versions: dict[str, int] = {}
        self._county_versions: list[int] = []
        self._documents: dict[int, Mapping[tuple[str, str], tuple[Mapping[str, Origin], int]]] = {}
        for version in versions:
            schools = [row["school_id"] for row in version.values.get("schools", ())]
            self._school_versions.update(dict.fromkeys(schools, version.pk))
            if any(name in version.values for name in COUNTY_TABLES):
                self._county_versions.append(version.pk)

    def find(self, table: str, key: str, field_id: str) -> tuple[Origin, int] | None:
        """The origin of a value and the number of its row on the form; None for what nobody entered."""
        if table in SCHOOL_TABLES:
            version_id = self._school_versions.get(key.partition(":")[0])
            candidates = [version_id] if version_id is not None else []
        else:
            candidates = self._county_versions
        for candidate in candidates:
            origins, position = self._rows(candidate).get((table, key), ({}, 0))
            if field_id in origins:
                return origins[field_id], position
        return None

    def _rows(self, version_id: int) -> Mapping[tuple[str, str], tuple[Mapping[str, Origin], int]]:
        if version_id not in self._documents:
            document = Document.of(Version.objects.get(pk=version_id))
            self._documents[version_id] = {
                (name, key_text(name, row.values)): (row.origins, position)
                for name, rows in document.tables.items()
                for position, row in enumerate(rows, start=1)
            }
        return self._documents[version_id]
