"""The dictionary's checks on the rows of one return, while it is being filled in: the same functions that judge a county."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F

from junheng.core.checks import check_rows
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level
from junheng.readers.dictionary import load_dictionary
from junheng.web.organisations.models import Organisation
from junheng.web.returns.coverage import IDENTITY, Covers, covers_of, dictionary_of
from junheng.web.returns.document import Document, Values
from junheng.web.returns.models import Return, Version
from junheng.web.returns.provenance import sources_of

_PARENT_UNKNOWN = "check-school-parent-unknown"


def find(entry: Return, document: Document, previous: Values | None) -> list[Finding]:
    """What the checks say about these rows alone; `previous` are last year's approved values of the same organisation.

    Findings on cells that the return does not cover are left out, and so is a main school that is found in the county.
    """
    covers, county = covers_of(entry), entry.round.county
    facts = Facts(county.code, county.name, entry.round.year, {}, sources_of(document))
    earlier = _full_rows(previous, covers) if previous is not None else None
    found = check_rows(facts, _full_rows(document.values, covers), dictionary_of(covers), earlier)
    return [
        finding for finding in found if _concerns(finding, covers) and not _is_known_parent(finding, entry, document)
    ]


def _full_rows(values: Values, covers: Covers) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table with every field named, as the checks take them; tables that are not covered are empty."""
    return {
        name: [{field: row.get(field) for field in table.fields} for row in values.get(name, ())]
        if name in covers
        else []
        for name, table in load_dictionary().tables.items()
    }


def _concerns(finding: Finding, covers: Covers) -> bool:
    _, table, _ = parts_of(finding.reference)
    return finding.location.field in covers.get(table, ())


def _is_known_parent(finding: Finding, entry: Return, document: Document) -> bool:
    if finding.code != _PARENT_UNKNOWN:
        return False
    code = document.tables["schools"][0].values["parent_school_id"]
    return Organisation.objects.within(entry.round.county.path).filter(kind="school", code=code).exists()


def parts_of(reference: str) -> tuple[str, str, str]:
    """Code, table and row key (joined by `:`, as `Remark.row_key`) of a finding's reference."""
    code, table, key = reference.split(":", 2)
    return code, table, key.replace("/", ":")


def plain(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as they are kept with a version: plain dictionaries with `table` and `row_key` spelled out."""
    kept = []
    for finding in findings:
        _, table, key = parts_of(finding.reference)
        kept.append({**finding.as_dict(), "table": table, "row_key": key})
    return kept


def standing(findings: Sequence[Mapping[str, Any]], reasons: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The findings that stand in the way of submitting: errors, and warnings without a written reason."""
    return [
        finding
        for finding in findings
        if finding["level"] == Level.ERROR
        or (finding["level"] == Level.WARNING and finding["reference"] not in reasons)
    ]


def counts(document: Document, covers: Covers) -> tuple[int, int]:
    """How many cells are filled in, and how many there are."""
    cells = list(document.cells(covers))
    return sum(name in row.values for _, row, name in cells), len(cells)


def table_counts(values: Values, covers: Covers) -> dict[str, tuple[int, int]]:
    """The same for each table of a return, as its page lists them."""
    told = {}
    for name, fields in covers.items():
        ids = [field for field in fields if field not in IDENTITY]
        rows = values.get(name, ())
        told[name] = (sum(field in row for row in rows for field in ids), len(rows) * len(ids))
    return told


def previous_of(entry: Return) -> Version | None:
    """The version of the same organisation that was approved for the year before, if any."""
    approved = Version.objects.filter(
        entry__organisation_id=entry.organisation_id,
        entry__round__year=entry.round.year - 1,
        entry__approved_id=F("pk"),
    )
    return next(iter(approved.only("values")), None)  # one at most: a round holds one return of an organisation
