"""Writing and checking the chain of audit rows."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.audit.actor import Actor
from junheng.web.audit.models import PLATFORM_CHAIN, Chain, Entry


def record(
    *,
    by: Actor,
    action: str,
    organisation_id: int | None,
    subject: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Adds one row to an organisation's chain, in the transaction of the write it tells about.

    `action` is `<noun>.<verb>` (`return.submit`); `subject` is `<noun>:<id>`. `before` and `after` hold plain JSON values, and
    only what changed: never a password, a token, or a whole document (its digest instead).
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row must be written in the transaction of the write it tells about")
    key = PLATFORM_CHAIN if organisation_id is None else organisation_id
    chain = _held(key)
    entry = Entry(
        organisation_id=key,
        sequence=chain.length + 1,
        at=timezone.now(),
        user_id=by.user_id,
        user_name=by.name,
        role=by.role,
        acting_organisation_id=by.organisation_id,
        address=by.address,
        action=action,
        subject=subject,
        before=dict(before or {}),
        after=dict(after or {}),
        previous_hash=chain.head,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    chain.length, chain.head = entry.sequence, entry.hash
    chain.save(update_fields=["length", "head"])
    return entry


def _held(key: int) -> Chain:
    """The head of a chain, locked until the end of the transaction; begun when it is the first row of its organisation."""
    heads = Chain.objects.select_for_update().filter(organisation_id=key)
    for chain in heads:
        return chain
    Chain.objects.bulk_create([Chain(organisation_id=key)], ignore_conflicts=True)
    return heads.get()


def hash_of(entry: Entry) -> str:
    """The hash of all columns of a row but its own hash."""
    values = {
        field.attname: getattr(entry, field.attname) for field in Entry._meta.fields if field.name not in {"id", "hash"}
    }
    values["at"] = entry.at.astimezone(UTC).isoformat()
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold: which organisation, which row, and what is wrong in Chinese."""

    organisation_id: int
    sequence: int
    message: str


def verify(only: Collection[int] | None = None) -> Iterator[Break]:
    """Every place where a row was changed, taken out or slipped in, organisation by organisation; nothing when all hold.

    `only`: the organisations to look at; all when not given.
    """
    heads = {chain.organisation_id: chain for chain in Chain.objects.order_by("organisation_id")}
    known = set(heads) | set(Entry.objects.values_list("organisation_id", flat=True).distinct())
    for organisation_id in sorted(known if only is None else set(only)):
        yield from _verify_one(organisation_id, heads.get(organisation_id))


def _verify_one(organisation_id: int, head: Chain | None) -> Iterator[Break]:
    expected, previous = 1, ""
    for entry in Entry.objects.filter(organisation_id=organisation_id).order_by("sequence").iterator(1000):
        if entry.sequence != expected:
            yield Break(
                organisation_id,
                expected,
                _("缺少第 %(first)d 至 %(last)d 行。") % {"first": expected, "last": entry.sequence - 1},
            )
        elif entry.previous_hash != previous:
            yield Break(
                organisation_id, entry.sequence, _("第 %(number)d 行接不上前一行。") % {"number": entry.sequence}
            )
        if hash_of(entry) != entry.hash:
            yield Break(
                organisation_id, entry.sequence, _("第 %(number)d 行的内容被改动。") % {"number": entry.sequence}
            )
        expected, previous = entry.sequence + 1, entry.hash
    length, last = (head.length, head.head) if head else (0, "")
    if length != expected - 1:
        yield Break(
            organisation_id,
            expected,
            _("应有 %(length)d 行,只找到 %(found)d 行。") % {"length": length, "found": expected - 1},
        )
    elif last != previous:
        yield Break(organisation_id, length, _("最后一行与链头记录不一致。"))
