"""Deciding on returns: what waits, what stands beside it, approving one and many, sending back at the cell."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from junheng.web.access.roles import Role
from junheng.web.returns.actions import corrections
from junheng.web.returns.models import Decision, Remark, Return, State
from tests.web.returns.reporting import (
    approve_fully,
    approve_step,
    edits_for,
    entry_of,
    fill_school,
    open_round,
    submit,
    type_in,
    version_of,
)
from tests.web.world import World


@pytest.fixture
def submitted(world: World) -> Return:
    """The return of a school that waits for its principal."""
    open_round(world)
    fill_school(world)
    submit(world)
    return entry_of(world, "school")


@pytest.fixture
def principal(world: World, submitted: Return, client_for) -> Client:
    return client_for(world.member(Role.PRINCIPAL, "school"))


@pytest.fixture
def office(world: World, client_for) -> Client:
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))


def text_of(client: Client, route: str, *arguments: object) -> str:
    answer = client.get(reverse(f"returns:{route}", args=arguments))
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def post(client: Client, route: str, *arguments: object, **data: Any) -> Any:
    return client.post(reverse(f"returns:{route}", args=arguments), data, follow=True)


def correct(world: World, **texts: str) -> None:
    """Approves the school's return fully, then corrects fields and submits again."""
    approve_fully(world)
    by = world.actor(Role.REPORTER, "school")
    corrections.start(by=by, return_id=entry_of(world, "school").pk, reason="录错")
    type_in(world, "school", edits_for(version_of(entry_of(world, "school")), "schools", texts))
    submit(world, key="k2")


def test_review_when_something_waits_then_it_says_who_submitted_it_for_the_first_time(
    world: World, principal: Client, submitted: Return
) -> None:
    text = text_of(principal, "review")

    assert "1 份等您审核" in text
    assert "首次上报" in text
    assert version_of(submitted).submitted_by in text
    assert f'value="{submitted.pk}-{submitted.version_id}"' in text


def test_review_when_it_waits_for_another_level_then_it_is_not_listed(
    world: World, submitted: Return, office: Client
) -> None:
    assert "没有等您审核的填报" in text_of(office, "review")


def test_review_when_a_correction_changed_a_cell_then_the_change_is_counted(world: World, principal: Client) -> None:
    correct(world, book_count="4300")

    assert "改 1 格" in text_of(principal, "review")


def test_review_when_the_reporter_also_reviews_then_it_cannot_be_chosen(
    world: World, submitted: Return, client_for
) -> None:
    reporter, principal = world.member(Role.REPORTER, "school"), world.member(Role.PRINCIPAL, "school")
    principal.user = reporter.user
    principal.save()

    text = text_of(client_for(principal), "review")
    answer = post(client_for(principal), "approve", submitted.pk, version=submitted.version_id)

    assert 'name="chosen"' not in text
    assert "不能由您审核" in text
    assert "不能由您审核。请换一位审核人" in answer.content.decode()
    assert entry_of(world, "school").state == State.AT_PRINCIPAL


def test_review_when_many_wait_then_no_more_queries(
    world: World, office: Client, django_assert_max_num_queries
) -> None:
    open_round(world)
    for number, place in enumerate(("school", "town_school")):
        fill_school(world, place)
        submit(world, place, key=f"k{number}")
        approve_step(world, place)

    with django_assert_max_num_queries(8):  # session, person, role; count, page, extensions; navigation: 2
        text = text_of(office, "review")
    assert "2 份等您审核" in text


def test_approve_many_when_one_was_decided_by_somebody_faster_then_the_results_say_so(
    world: World, office: Client
) -> None:
    open_round(world)
    chosen = []
    for number, place in enumerate(("school", "town_school")):
        fill_school(world, place)
        submit(world, place, key=f"k{number}")
        entry = approve_step(world, place)
        chosen.append(f"{entry.pk}-{entry.version_id}")
    approve_step(world, "town_school")

    answer = post(office, "approve_many", chosen=[*chosen, "x-1", "7"])
    text = answer.content.decode()

    assert answer.redirect_chain == [(reverse("returns:approve_many"), 302)]
    assert "选了 2 份,通过 1 份" in text
    assert "状态是“已通过”" in text
    assert entry_of(world, "school").state == State.APPROVED
    assert office.get(reverse("returns:approve_many")).headers["Location"] == reverse(
        "returns:review"
    )  # results are shown once


def test_approve_many_when_nothing_is_chosen_then_it_says_so(world: World, office: Client) -> None:
    assert "没有选择" in post(office, "approve_many").content.decode()


def test_review_entry_when_opened_then_values_origins_findings_and_reasons_stand_there(
    world: World, principal: Client, submitted: Return
) -> None:
    text = text_of(principal, "review_entry", submitted.pk)

    assert "4200 册" in text
    assert "网页填报 · 填报员·青石镇示例小学" in text
    assert "没有问题" in text
    assert f'name="r-schools-{version_of(submitted).row_ids["schools"][0]}-book_count"' in text


def test_review_entry_when_corrected_then_the_changed_cell_shows_both_values_and_a_sign(
    world: World, principal: Client, submitted: Return
) -> None:
    correct(world, book_count="4300")

    text = text_of(principal, "review_entry", submitted.pk)

    assert "Δ </span><ins>4300 册</ins>" in text
    assert "<del>4200 册</del>" in text
    assert "有改动" in text
    assert "第 1 版)的差异:1 处" in text


def test_review_entry_when_it_waits_for_another_level_then_there_is_nothing_to_decide(
    world: World, submitted: Return, office: Client
) -> None:
    text = text_of(office, "review_entry", submitted.pk)

    assert "不由您这一级审核" in text
    assert 'id="decision"' not in text


@pytest.mark.parametrize("route", ["review_entry", "edit"])
def test_review_entry_when_sent_back_then_shows_what_was_submitted_and_not_what_is_being_typed(
    world: World, principal: Client, submitted: Return, office: Client, client_for, route: str
) -> None:
    post(principal, "send_back", submitted.pk, version=submitted.version_id, reason="请核对图书")
    draft = version_of(entry_of(world, "school"))
    type_in(world, "school", edits_for(draft, "schools", {"book_count": "87654"}))

    text = text_of(office, route, submitted.pk)

    assert "已退回,填报单位正在修改;在重新提交之前,这里显示上次提交的第 1 版。" in text
    assert "87654" not in text
    assert "87654" in text_of(client_for(world.member(Role.REPORTER, "school")), "edit", submitted.pk)


def test_review_entry_when_being_corrected_then_shows_what_was_approved(world: World, office: Client) -> None:
    open_round(world)
    fill_school(world)
    submit(world)
    approve_fully(world)
    entry = entry_of(world, "school")
    corrections.start(by=world.actor(Role.REPORTER, "school"), return_id=entry.pk, reason="录错")

    assert "填报单位正在更正;在重新提交之前,这里显示已通过的第 1 版。" in text_of(office, "review_entry", entry.pk)


def test_review_entry_when_never_submitted_then_shows_the_draft_and_says_so(world: World, office: Client) -> None:
    open_round(world)
    fill_school(world)

    text = text_of(office, "review_entry", entry_of(world, "school").pk)

    assert "还没有提交过,下面是正在填写的草稿。" in text


@pytest.mark.parametrize(
    ("role", "place"), [(Role.PRINCIPAL, "town_school"), (Role.TOWNSHIP, "far"), (Role.COUNTY_OFFICE, "neighbour")]
)
@pytest.mark.parametrize("route", ["review_entry", "approve", "send_back"])
def test_review_entry_when_somebody_elsewhere_asks_then_it_is_not_found(
    world: World, submitted: Return, client_for, role: Role, place: str, route: str
) -> None:
    if place == "far":  # the only township; its school is not the one that is asked for
        fill_school(world, "town_school")
        submit(world, "town_school", key="k9")
        place, asked = "township", entry_of(world, "town_school")
    else:
        asked = submitted
    client = client_for(world.member(role, place))
    address = reverse(f"returns:{route}", args=[asked.pk])

    answer = client.get(address) if route == "review_entry" else client.post(address, {"version": asked.version_id})

    assert answer.status_code == 404


def test_review_entry_when_a_reporter_asks_then_it_is_forbidden(world: World, submitted: Return, client_for) -> None:
    reporter = client_for(world.member(Role.REPORTER, "school"))

    assert reporter.get(reverse("returns:review_entry", args=[submitted.pk])).status_code == 403
    assert reporter.post(reverse("returns:approve", args=[submitted.pk])).status_code == 403


def test_approve_when_two_press_then_the_second_reads_who_was_faster(
    world: World, principal: Client, submitted: Return
) -> None:
    first = post(principal, "approve", submitted.pk, version=submitted.version_id, reason="属实")
    second = post(principal, "approve", submitted.pk, version=submitted.version_id)

    assert "您已通过" in first.content.decode()
    assert "不由您这一级审核" in second.content.decode()
    assert second.status_code == 200
    assert Decision.objects.filter(verdict=Decision.Verdict.APPROVED).count() == 1


@pytest.mark.parametrize("version", ["", "999999", "abc"])
def test_approve_when_the_version_is_not_the_one_that_was_looked_at_then_it_is_refused(
    world: World, principal: Client, submitted: Return, version: str
) -> None:
    answer = post(principal, "approve", submitted.pk, version=version)

    assert "请刷新页面" in answer.content.decode()
    assert entry_of(world, "school").state == State.AT_PRINCIPAL


def test_send_back_when_written_at_a_cell_then_the_remark_stands_at_that_cell(
    world: World, principal: Client, submitted: Return
) -> None:
    row = version_of(submitted).row_ids["schools"][0]
    name = f"r-schools-{row}-book_count"

    answer = post(
        principal,
        "send_back",
        submitted.pk,
        **{"version": submitted.version_id, name: "请核对台账", "r-schools-99-x": "?"},
    )

    assert "已退回" in answer.content.decode()
    remark = Remark.objects.get()
    assert (remark.table, remark.row_key, remark.field) == ("schools", "9900000001", "book_count")
    assert entry_of(world, "school").state == State.DRAFT


def test_send_back_when_nothing_is_said_then_the_page_comes_back_and_nothing_moves(
    world: World, principal: Client, submitted: Return
) -> None:
    answer = post(principal, "send_back", submitted.pk, version=submitted.version_id, reason=" ")

    assert answer.status_code == 422
    assert "请写明退回的理由" in answer.content.decode()
    assert entry_of(world, "school").state == State.AT_PRINCIPAL


def test_send_back_when_refused_then_what_was_typed_at_the_cells_stays(
    world: World, principal: Client, submitted: Return
) -> None:
    name = f"r-schools-{version_of(submitted).row_ids['schools'][0]}-book_count"

    answer = post(principal, "send_back", submitted.pk, **{"version": "1000", name: "<b>核对</b>", "reason": "总"})

    text = answer.content.decode()
    assert "不是最新的一版" in text
    assert f'value="{escape("<b>核对</b>")}"' in text
    assert "<b>核对</b>" not in text


def test_send_back_when_somebody_was_faster_then_the_page_says_so(
    world: World, principal: Client, submitted: Return
) -> None:
    approve_step(world)

    answer = post(principal, "send_back", submitted.pk, version=submitted.version_id, reason="晚了")

    assert answer.status_code == 200
    assert "不由您这一级审核" in answer.content.decode()
    assert not Remark.objects.exists()


def test_review_entry_when_a_return_is_large_then_no_more_queries(
    world: World, principal: Client, submitted: Return, django_assert_max_num_queries
) -> None:
    # session, person, role; return, extensions, last year, remarks, reasons, decisions (are there any, which); navigation: 2
    with django_assert_max_num_queries(12):
        text_of(principal, "review_entry", submitted.pk)
