"""Notices: whose they are, where they lead, marking them as read, and the numbers in the navigation."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.audit.models import Entry
from junheng.web.returns.actions import reviews, rounds
from junheng.web.returns.clock import EXTRA_DAYS
from junheng.web.returns.context import counts_of
from junheng.web.returns.models import Notice, Round
from junheng.web.returns.notice_texts import text_of
from tests.web.returns.reporting import approve_fully, entry_of, fill_school, open_round, submit, yesterday
from tests.web.world import World


@pytest.fixture
def reporter(world: World, client_for) -> Client:
    open_round(world)
    return client_for(world.member(Role.REPORTER, "school"))


def page_of(client: Client) -> str:
    answer = client.get(reverse("returns:notices"))
    assert answer.status_code == 200
    return answer.content.decode()


def own_id(world: World, place: str = "school") -> int:
    return Notice.objects.get(organisation=world[place], role=Role.REPORTER).pk


def test_notices_when_a_round_was_opened_then_the_reporter_is_led_to_the_form(world: World, reporter: Client) -> None:
    text = page_of(reporter)

    assert "2025 年度填报已开始" in text
    assert reverse("returns:edit", args=[entry_of(world, "school").pk]) in text
    assert "未读" in text


def test_notices_when_the_reader_has_chosen_english_then_what_others_caused_is_said_in_english(
    world: World, reporter: Client
) -> None:
    by, found = world.actor(Role.COUNTY_OFFICE, "county"), entry_of(world, "school")
    rounds.remind(by=by, round_id=found.round_id)
    rounds.lock(by=by, round_id=found.round_id)
    rounds.unlock(by=by, round_id=found.round_id)
    rounds.extend(by=by, return_id=found.pk, until=found.round.due_on, reason="停电")
    fill_school(world)
    version = submit(world)
    principal = world.actor(Role.PRINCIPAL, "school")
    reviews.send_back(by=principal, return_id=found.pk, version_id=version.pk, reason="册数不对")
    submit(world, key="k2")
    approve_fully(world)

    reporter.cookies.load({"django_language": "en"})
    text = page_of(reporter)

    for said in (
        "has begun; please submit by",
        "is due in 20 days",
        "is locked",
        "is unlocked",
        "you have time until",
        "was sent back by 校级审核·青石镇示例小学: 册数不对",
        "was approved by the county",
    ):
        assert said in text
    assert not any(word in text for word in ("已开始", "还有", "已锁定", "已解锁", "退回", "已通过"))


def test_notice_when_it_was_sent_back_after_the_last_day_then_says_until_when_it_can_be_corrected(world: World) -> None:
    open_round(world)
    fill_school(world)
    version = submit(world)
    Round.objects.update(due_on=yesterday())

    principal = world.actor(Role.PRINCIPAL, "school")
    reviews.send_back(by=principal, return_id=version.entry_id, version_id=version.pk, reason="册数不对")

    until = (timezone.localdate() + timedelta(days=EXTRA_DAYS)).isoformat()
    assert f"延期到 {until}" in text_of(Notice.objects.get(kind=Notice.Kind.EXTENDED))


def test_notices_when_something_waits_then_the_principal_is_led_to_the_decision(world: World, client_for) -> None:
    open_round(world)
    fill_school(world)
    submit(world)

    text = page_of(client_for(world.member(Role.PRINCIPAL, "school")))

    assert reverse("returns:review_entry", args=[entry_of(world, "school").pk]) in text


def test_notices_when_one_is_about_a_whole_round_then_it_leads_to_the_round(world: World, client_for) -> None:
    found = open_round(world)
    Notice.objects.create(
        organisation=world["county"],
        role=Role.COUNTY_OFFICE,
        kind=Notice.Kind.LOCKED,
        text="锁定",
        round=found,
        key="a",
    )
    Notice.objects.create(
        organisation=world["county"], role=Role.COUNTY_OFFICE, kind=Notice.Kind.LOCKED, text="<i>无", key="b"
    )

    text = page_of(client_for(world.member(Role.COUNTY_OFFICE, "county")))

    assert reverse("returns:round", args=[found.pk]) in text
    assert "&lt;i&gt;无" in text


def test_notices_when_there_are_none_then_the_page_says_so(world: World, client_for) -> None:
    assert "还没有通知" in page_of(client_for(world.member(Role.LEADER, "county")))


def test_notices_when_an_administrator_asks_then_it_is_forbidden(world: World, client_for) -> None:
    assert client_for(world.member(Role.SYSTEM_ADMIN, "city")).get(reverse("returns:notices")).status_code == 403


def test_notices_read_when_chosen_then_they_are_read_once_for_the_role(world: World, reporter: Client) -> None:
    said = [
        reporter.post(reverse("returns:notices_read"), {"chosen": [own_id(world), "x"]}, follow=True).content.decode()
        for _ in range(2)
    ]

    assert "已标为已读:1 条" in said[0]
    assert "已标为已读:0 条" in said[1]
    assert "填报员·青石镇示例小学" in said[0]
    assert Entry.objects.filter(action="notice.read").count() == 1


def test_notices_read_when_it_is_somebody_elses_then_it_stays_unread(world: World, reporter: Client) -> None:
    reporter.post(reverse("returns:notices_read"), {"chosen": [own_id(world, "town_school")]})

    assert Notice.objects.get(pk=own_id(world, "town_school")).read_at is None


def test_counts_of_when_a_reporter_and_a_principal_look_then_each_has_the_own_numbers(world: World) -> None:
    open_round(world)
    fill_school(world)
    submit(world)

    assert counts_of(world.actor(Role.REPORTER, "school")) == {"returns:notices": 1}
    assert counts_of(world.actor(Role.PRINCIPAL, "school")) == {"returns:review": 1, "returns:notices": 1}
    assert counts_of(world.actor(Role.AUDIT_ADMIN, "city")) == {}


def test_navigation_when_a_page_is_shown_then_the_number_stands_beside_its_entry(
    world: World, reporter: Client
) -> None:
    assert 'class="jh-count"' in page_of(reporter)


def test_notices_when_there_are_many_then_no_more_queries(
    world: World, reporter: Client, django_assert_max_num_queries
) -> None:
    for number in range(20):
        Notice.objects.create(
            organisation=world["school"], role=Role.REPORTER, kind=Notice.Kind.REMINDER, text="催", key=str(number)
        )

    with django_assert_max_num_queries(6):  # session, person, role; count, page; navigation: 1
        page_of(reporter)


def test_refusal_when_the_page_is_english_then_it_says_in_english_why(world: World, reporter: Client) -> None:
    found = entry_of(world, "school")
    rounds.lock(by=world.actor(Role.COUNTY_OFFICE, "county"), round_id=found.round_id)
    reporter.cookies.load({"django_language": "en"})

    said = reporter.post(reverse("returns:edit", args=[found.pk]), {"lock_version": "1"}, follow=True).content.decode()

    assert "This round is locked: no more filling in or uploading." in said
    assert "本轮填报已锁定" not in said
