"""The chain of audit rows."""

import pytest
from django.db import transaction

from junheng.web.audit.actor import PLATFORM
from junheng.web.audit.chain import hash_of, record, verify
from junheng.web.audit.models import Chain, Entry


@pytest.fixture
def three_rows(db) -> None:
    with transaction.atomic():
        for number in (1, 2, 3):
            record(by=PLATFORM, action="round.open", organisation_id=7, subject=f"round:{number}", after={"n": number})


def test_verify_when_nothing_was_touched_then_finds_nothing(three_rows) -> None:
    assert list(verify()) == []


def test_verify_when_a_row_was_changed_then_names_it(three_rows) -> None:
    Entry.objects.filter(sequence=2).update(after={"n": 9})

    assert [(found.sequence, found.message) for found in verify()] == [(2, "第 2 行的内容被改动。")]


def test_verify_when_a_row_in_the_middle_is_gone_then_names_the_gap(three_rows) -> None:
    Entry.objects.filter(sequence=2).delete()

    assert [found.message for found in verify()] == ["缺少第 2 至 2 行。"]


def test_verify_when_the_last_row_is_gone_then_the_head_tells(three_rows) -> None:
    Entry.objects.filter(sequence=3).delete()

    assert [found.message for found in verify()] == ["应有 3 行,只找到 2 行。"]


def test_verify_when_a_chain_head_was_changed_then_tells(three_rows) -> None:
    Chain.objects.update(head="0" * 64)

    assert [found.message for found in verify()] == ["最后一行与链头记录不一致。"]


@pytest.mark.django_db(transaction=True)
def test_record_when_there_is_no_transaction_then_refuses() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(by=PLATFORM, action="round.open", organisation_id=7)


def test_verify_when_a_row_was_written_anew_then_the_next_one_does_not_fit(three_rows) -> None:
    row = Entry.objects.get(sequence=2)
    row.after = {"n": 9}
    row.hash = hash_of(row)
    row.save()

    assert [found.message for found in verify()] == ["第 3 行接不上前一行。"]


def test_verify_when_some_organisations_are_named_then_only_those_are_looked_at(three_rows) -> None:
    Entry.objects.update(user_name="别人")

    assert list(verify([8])) == []
    assert len(list(verify([7]))) == 3
