"""A finished run is the same evaluation again, or says that it is damaged."""

import zlib

import pytest

from junheng import api
from junheng.core.errors import EngineError, InputError
from junheng.web.evaluations import actions, snapshots
from junheng.web.evaluations.kept import Kept
from junheng.web.evaluations.models import Run, Snapshot, Source
from tests.web.evaluations.county import STANDARD, YEAR, facts_of, finished_run


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch) -> None:
    monkeypatch.setattr(snapshots, "_kept", Kept(snapshots._MOST))


def test_evaluation_when_rebuilt_then_equals_a_fresh_one(run) -> None:
    fresh = api.evaluate(facts_of(), STANDARD)
    found = snapshots.evaluation_of(run)

    assert found.verdict == fresh.verdict
    assert found.standard == fresh.standard
    assert run.verdict_digest == fresh.verdict.digest
    assert api.explain(found, "school:9900000001") == api.explain(fresh, "school:9900000001")


def test_evaluation_when_asked_again_then_comes_from_memory(run, django_assert_num_queries) -> None:
    first = snapshots.evaluation_of(run)

    with django_assert_num_queries(0):
        assert snapshots.evaluation_of(run) is first


def test_evaluation_when_many_are_asked_for_then_memory_stays_bounded(
    run, monkeypatch, office, world, django_assert_num_queries
) -> None:
    monkeypatch.setattr(snapshots, "_kept", Kept(1))
    other = finished_run(office, world["county"], source=Source.TRIAL)

    snapshots.evaluation_of(run)
    snapshots.evaluation_of(other)

    with django_assert_num_queries(0):
        snapshots.evaluation_of(other)
    with django_assert_num_queries(1):  # the snapshot is read again
        snapshots.evaluation_of(run)


@pytest.mark.parametrize("part", ["facts", "standard", "verdict", "findings"])
def test_evaluation_when_a_part_was_changed_then_refuses(run, part) -> None:
    snapshot = Snapshot.objects.get(run=run)
    content = zlib.decompress(getattr(snapshot, part)) + b" "
    Snapshot.objects.filter(run=run).update(**{part: zlib.compress(content)})

    with pytest.raises(EngineError, match="校验值不一致"):
        snapshots.evaluation_of(run)


def test_evaluation_when_the_bytes_are_damaged_then_refuses(run) -> None:
    Snapshot.objects.filter(run=run).update(facts=b"junk")

    with pytest.raises(EngineError, match="已损坏"):
        snapshots.evaluation_of(run)


def test_evaluation_when_a_column_of_the_run_was_changed_then_refuses(run) -> None:
    Run.objects.filter(pk=run.pk).update(is_trial=True)

    with pytest.raises(EngineError, match="校验值不一致"):
        snapshots.evaluation_of(Run.objects.get(pk=run.pk))


def test_evaluation_when_the_run_is_not_finished_then_refuses(office, world) -> None:
    waiting = actions.start(by=office, county=world["county"], year=YEAR, standard=STANDARD, source=Source.APPROVED)

    with pytest.raises(InputError):
        snapshots.evaluation_of(waiting)
