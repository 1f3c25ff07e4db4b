"""From draft to approved, level by level; who may decide; what a decision leaves behind."""

import pytest

from junheng.core.errors import EngineError
from junheng.web.access.roles import Role
from junheng.web.audit.models import Entry
from junheng.web.returns.actions import reviews, submissions
from junheng.web.returns.actions.reviews import CellRemark
from junheng.web.returns.errors import BlockedError, RefusedError
from junheng.web.returns.models import Decision, Extension, Notice, Remark, Round, State, Version
from junheng.web.returns.notice_texts import text_of
from junheng.web.returns.queries import broken_versions
from tests.web.returns.reporting import (
    approve_fully,
    approve_step,
    entry_of,
    fill_school,
    open_round,
    submit,
    version_of,
    yesterday,
)
from tests.web.world import World


@pytest.fixture
def filled(world: World) -> World:
    open_round(world)
    fill_school(world)
    return world


def test_submit_when_the_draft_is_clean_then_it_is_frozen_and_waits_for_the_principal(filled: World) -> None:
    version = submit(filled)

    entry = entry_of(filled, "school")
    assert (entry.state, entry.error_count) == (State.AT_PRINCIPAL, 0)
    assert version.digest
    assert version.submitted_by == filled.actor(Role.REPORTER, "school").name
    assert Notice.objects.filter(organisation=filled["school"], role="principal", kind="to_review").count() == 1
    assert Entry.objects.filter(action="return.submit", organisation_id=filled["school"].pk).count() == 1


def test_submit_when_a_required_cell_is_empty_then_it_is_blocked_and_stays_a_draft(world: World) -> None:
    open_round(world)

    with pytest.raises(BlockedError) as refusal:
        submit(world)

    assert {finding["code"] for finding in refusal.value.findings} == {"check-school-required"}
    assert "错误" in str(refusal.value)
    assert entry_of(world, "school").state == State.DRAFT


def test_submit_when_sent_twice_with_one_key_then_there_is_one_submission(filled: World) -> None:
    first, second = submit(filled, key="same"), submit(filled, key="same")

    assert first.pk == second.pk
    assert Decision.objects.filter(verdict="submitted").count() == 1


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_submit_when_the_key_is_missing_or_too_long_then_it_is_refused(filled: World, key: str) -> None:
    with pytest.raises(RefusedError, match="防重编号"):
        submit(filled, key=key)


def test_submit_when_another_key_comes_after_submission_then_it_is_refused(filled: World) -> None:
    submit(filled, key="one")

    with pytest.raises(RefusedError, match="待校级审核"):
        submit(filled, key="two")


@pytest.mark.parametrize(("role", "place"), [(Role.PRINCIPAL, "school"), (Role.COUNTY_OFFICE, "county")])
def test_submit_when_the_role_does_not_fill_in_then_it_is_refused(filled: World, role: Role, place: str) -> None:
    with pytest.raises(RefusedError, match="不能提交"):
        submissions.submit(by=filled.actor(role, place), return_id=entry_of(filled, "school").pk, key="k")


def test_submit_when_the_return_is_another_schools_then_it_is_not_found(filled: World) -> None:
    with pytest.raises(RefusedError, match="没有这份填报"):
        submissions.submit(
            by=filled.actor(Role.REPORTER, "town_school"), return_id=entry_of(filled, "school").pk, key="k"
        )


def test_submit_when_the_due_date_is_over_then_it_is_refused_until_extended(filled: World) -> None:
    Round.objects.update(due_on=yesterday())

    with pytest.raises(RefusedError, match="截止"):
        submit(filled)


def test_approve_when_the_township_has_nobody_then_its_level_is_left_out(filled: World) -> None:
    submit(filled)

    assert approve_step(filled).state == State.AT_COUNTY
    entry = approve_step(filled)

    assert entry.state == State.APPROVED
    version = version_of(entry)
    assert version.is_final
    assert entry.approved_id == version.pk
    levels = list(version.decisions.order_by("pk").values_list("level", "verdict"))
    assert levels == [("draft", "submitted"), ("at_principal", "approved"), ("at_county", "approved")]


def test_approve_when_somebody_holds_the_township_then_it_decides_before_the_county(filled: World) -> None:
    filled.member(Role.TOWNSHIP, "township")
    submit(filled)

    states = [approve_step(filled).state for _ in range(3)]

    assert states == [State.AT_TOWNSHIP, State.AT_COUNTY, State.APPROVED]


def test_approve_when_the_school_stands_directly_below_the_county_then_no_township_decides(world: World) -> None:
    world.member(Role.TOWNSHIP, "township")
    open_round(world)
    fill_school(world, "town_school")
    submit(world, "town_school")

    assert approve_step(world, "town_school").state == State.AT_COUNTY


def test_approve_when_the_approver_entered_a_value_then_it_is_refused(filled: World) -> None:
    submit(filled)
    reporter = filled.member(Role.REPORTER, "school")
    principal = filled.member(Role.PRINCIPAL, "school")
    principal.user = reporter.user
    principal.save()

    with pytest.raises(RefusedError, match="不能由您审核"):
        approve_step(filled)


def test_approve_when_another_level_is_asked_then_it_is_refused_and_told_who_was_last(filled: World) -> None:
    version = submit(filled)
    entry = entry_of(filled, "school")

    with pytest.raises(RefusedError, match=r"待校级审核.*最近一次"):
        reviews.approve(by=filled.actor(Role.COUNTY_OFFICE, "county"), return_id=entry.pk, version_id=version.pk)


def test_approve_when_nothing_was_submitted_yet_then_it_is_refused(filled: World) -> None:
    entry = entry_of(filled, "school")

    with pytest.raises(RefusedError, match="填报中”,不由您这一级审核。"):
        reviews.approve(by=filled.actor(Role.PRINCIPAL, "school"), return_id=entry.pk, version_id=entry.version_id or 0)


def test_approve_when_an_older_version_was_looked_at_then_it_is_refused(filled: World) -> None:
    version = submit(filled)

    with pytest.raises(RefusedError, match="最新的一版"):
        reviews.approve(
            by=filled.actor(Role.PRINCIPAL, "school"), return_id=version.entry_id, version_id=version.pk + 1
        )


def test_send_back_when_cells_are_named_then_the_school_gets_remarks_and_a_new_draft(filled: World) -> None:
    version = submit(filled)

    entry = reviews.send_back(
        by=filled.actor(Role.PRINCIPAL, "school"),
        return_id=version.entry_id,
        version_id=version.pk,
        reason="",
        cells=[CellRemark("schools", "9900000001", "book_count", "与台账不符"), CellRemark("", "", "", " ")],
    )

    remark = Remark.objects.get()
    assert (remark.field, remark.text, remark.kind) == ("book_count", "与台账不符", "return")
    draft = version_of(entry)
    assert (draft.number, draft.values, draft.submitted_at) == (2, version.values, None)
    assert entry.state == State.DRAFT
    assert not Extension.objects.exists()
    assert text_of(Notice.objects.get(kind="returned")).endswith("与台账不符")


def test_send_back_when_the_time_is_over_then_a_few_days_are_given(filled: World) -> None:
    version = submit(filled)
    Round.objects.update(due_on=yesterday())

    reviews.send_back(
        by=filled.actor(Role.PRINCIPAL, "school"), return_id=version.entry_id, version_id=version.pk, reason="请核对"
    )

    assert Extension.objects.get().reason == "退回修改"
    assert submit(filled, key="again").number == 2
    assert Remark.objects.filter(resolved_at=None).count() == 0


def test_send_back_when_no_reason_is_given_then_it_is_refused(filled: World) -> None:
    version = submit(filled)

    with pytest.raises(RefusedError, match="理由"):
        reviews.send_back(
            by=filled.actor(Role.PRINCIPAL, "school"), return_id=version.entry_id, version_id=version.pk, reason=" "
        )


@pytest.mark.parametrize(("table", "field"), [("county", "population"), ("schools", "population")])
def test_send_back_when_a_cell_is_not_in_the_return_then_it_is_refused(filled: World, table: str, field: str) -> None:
    version = submit(filled)

    with pytest.raises(RefusedError, match="没有这一格"):
        reviews.send_back(
            by=filled.actor(Role.PRINCIPAL, "school"),
            return_id=version.entry_id,
            version_id=version.pk,
            reason="x",
            cells=[CellRemark(table, "", field, "x")],
        )


def test_approve_many_when_one_is_refused_then_the_others_are_approved_and_each_is_told(world: World) -> None:
    open_round(world)
    for place in ("school", "town_school"):
        fill_school(world, place)
        submit(world, place)
    approve_step(world, "school")
    waiting, early = entry_of(world, "school"), entry_of(world, "town_school")

    outcomes = reviews.approve_many(
        by=world.actor(Role.COUNTY_OFFICE, "county"),
        chosen=[(early.pk, early.version_id or 0), (waiting.pk, waiting.version_id or 0)],
    )

    assert [outcome.is_approved for outcome in outcomes] == [False, True]
    assert "待校级审核" in outcomes[0].message
    assert entry_of(world, "school").state == State.APPROVED


def test_versions_when_somebody_writes_past_the_actions_then_it_is_refused_or_found(filled: World) -> None:
    submit(filled)
    approve_fully(filled)
    versions = Version.objects.filter(entry=entry_of(filled, "school"))

    with pytest.raises(EngineError, match="已提交"):
        versions.update(values={})
    with pytest.raises(EngineError, match="成批"):
        versions.bulk_update(list(versions), ["values"])
    with pytest.raises(EngineError, match="删除"):
        versions.delete()
    assert broken_versions(versions) == []

    version = versions.get()
    version.values["schools"][0]["book_count"] = 1
    version.save()

    assert broken_versions(versions.all()) == [version]
    assert versions.update(reason="说明") == 1
