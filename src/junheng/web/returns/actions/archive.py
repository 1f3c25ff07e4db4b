"""Facts of years before the platform, or of a county that is shown as an example: taken as approved, in one go."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from junheng import api
from junheng.core.facts import Facts
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, may
from junheng.web.audit import chain
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.returns.actions.rounds import MAY_NOT, reporters_of
from junheng.web.returns.checking import counts
from junheng.web.returns.coverage import IDENTITY, SCHOOL_TABLES, Covers
from junheng.web.returns.document import Document, Origin, digest_of
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Return, Round, State, Version


@transaction.atomic
def import_approved(*, by: Actor, county: Organisation, facts: Facts, standard: str, title: str) -> Round:
    """A locked round of the facts' year in which everything is approved; the origin of every value is this import.

    Schools are found by their code; RefusedError names those that are not in the tree. Schools without facts get no return.
    The platform itself may import, and whoever may open rounds of the county.
    """
    is_platform = by.user_id is None and by.organisation_id is None
    if not is_platform and not (may(by.role, Permission.OPEN_ROUNDS) and county.is_within(by.own_path)):
        raise RefusedError(str(MAY_NOT))
    if Round.objects.filter(county=county, year=facts.year).exists():
        raise RefusedError(f"“{county.name}”已有{facts.year}年度的填报轮次。")
    today = timezone.localdate()
    made = Round(
        county=county,
        issuer=county,
        year=facts.year,
        standard=api.standard_of(standard).id,
        title=title,
        due_on=today,
        locked_at=timezone.now(),
    )
    made.save(force_insert=True)
    _approve_all(by, made, _documents(by, county, facts))
    after = {"year": facts.year, "schools": len(facts.table("schools"))}
    chain.record(by=by, action="round.import", organisation_id=county.pk, subject=f"round:{made.pk}", after=after)
    return made


def _documents(by: Actor, county: Organisation, facts: Facts) -> list[tuple[Organisation, Covers, Document]]:
    rows = {name: _plain_rows(facts, name) for name in load_dictionary().tables}
    schools: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name in SCHOOL_TABLES:
        for row in rows[name]:
            schools.setdefault(row["school_id"], {}).setdefault(name, []).append(row)
    covers = reporters_of(county)
    places = Organisation.objects.in_bulk(covers)
    known = {place.code for place in places.values() if place.kind == Kind.SCHOOL}
    if unknown := sorted(set(schools) - known):
        raise RefusedError(f"学校名录里没有这些标识码:{'、'.join(unknown[:10])}。请先导入学校名录。")
    at = timezone.localtime().isoformat(timespec="minutes")[:16]
    origin = Origin(kind="import", by=by.name, by_id=by.user_id, at=at)
    found = []
    for pk, share in covers.items():
        place = places[pk]
        own = schools.get(place.code, {}) if place.kind == Kind.SCHOOL else _share_of(rows, share)
        if own:
            found.append((place, share, _document(own, share, origin)))
    return found


def _plain_rows(facts: Facts, name: str) -> list[dict[str, Any]]:
    fields = load_dictionary().tables[name].fields
    return [
        {field: row[field] for field in fields if row[field] is not None} for row in facts.table(name).rows(named=True)
    ]


def _share_of(rows: Mapping[str, list[dict[str, Any]]], covers: Covers) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{field: row[field] for field in row if field in ids or field in IDENTITY} for row in rows[name]]
        for name, ids in covers.items()
    }


def _document(rows: Mapping[str, list[dict[str, Any]]], covers: Covers, origin: Origin) -> Document:
    document = Document.from_stored({name: rows.get(name, []) for name in covers}, {}, {})
    for _, row, field in document.cells(covers):
        if field in row.values:
            row.origins[field] = origin
    return document


def _approve_all(by: Actor, made: Round, documents: list[tuple[Organisation, Covers, Document]]) -> None:
    entries, versions, now = [], [], timezone.now()
    for place, covers, document in documents:
        filled, cells = counts(document, covers)
        entry = Return(
            round=made,
            organisation=place,
            covers={} if place.kind == Kind.SCHOOL else dict(covers),
            state=State.APPROVED,
            filled_count=filled,
            cell_count=cells,
        )
        entries.append(entry)
        values = document.values
        versions.append(
            Version(
                entry=entry,
                number=1,
                values=values,
                row_ids=document.row_ids,
                origins=document.origins,
                digest=digest_of(values),
                reason="导入",
                is_final=True,
                submitted_by_id=by.user_id,
                submitted_by=by.name,
                submitted_at=now,
                approved_at=now,
            )
        )
    Return.objects.bulk_create(entries, batch_size=200)
    Version.objects.bulk_create(versions, batch_size=50)
    numbers = dict(Version.objects.filter(entry__round=made).values_list("entry_id", "pk"))
    for entry in entries:
        entry.version_id = entry.approved_id = numbers[entry.pk]
    Return.objects.bulk_update(entries, ["version", "approved"], batch_size=200)
