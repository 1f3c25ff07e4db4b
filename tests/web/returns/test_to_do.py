"""What waits for somebody, said on the page where they land."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.returns.models import Return, Round
from junheng.web.returns.to_do import to_do_of
from tests.web.returns.reporting import entry_of, fill_school, open_round, submit, yesterday
from tests.web.world import World


def waiting(client: Client) -> str:
    """The text of the part that says what waits; empty when the page has none."""
    page = client.get("/", follow=True).content.decode()
    found = re.search(r'<section class="card d-print-none" aria-label="等您办理">(.*?)</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])) if found else ""


def addresses(client: Client) -> list[str]:
    page = client.get("/", follow=True).content.decode()
    return re.findall(r'<a class="btn btn-(?:outline-)?primary btn-sm" href="([^"]+)"', page)


def test_to_do_when_there_is_no_round_then_nothing_waits(world: World, client_for) -> None:
    assert waiting(client_for(world.member(Role.REPORTER, "school"))) == ""
    assert waiting(client_for(world.member(Role.COUNTY_OFFICE, "county"))) == ""


def test_to_do_when_a_school_has_a_draft_then_says_how_far_it_is_until_when_and_what_next(
    world: World, client_for
) -> None:
    open_round(world, due_in=20)
    entry = fill_school(world)
    reporter = client_for(world.member(Role.REPORTER, "school"))

    text = waiting(reporter)

    last = timezone.localdate() + timedelta(days=20)
    assert f"2025 年度填报 已填 {entry.filled_count} / {entry.cell_count}" in text
    assert f"截止 {last.isoformat()},还有 20 天" in text
    assert "填完后提交。" in text
    assert addresses(reporter) == [reverse("returns:edit", args=[entry.pk])]


def test_to_do_when_it_was_handed_in_then_it_waits_for_the_principal_and_not_for_the_school(
    world: World, client_for
) -> None:
    open_round(world)
    fill_school(world)
    submit(world)

    assert waiting(client_for(world.member(Role.REPORTER, "school"))) == ""
    principal = client_for(world.member(Role.PRINCIPAL, "school"))
    assert "有 1 份填报等您审核。" in waiting(principal)
    assert addresses(principal) == [reverse("returns:review")]


def test_to_do_when_the_last_day_is_over_then_says_to_ask_for_time_and_when_locked_nothing(
    world: World, client_for
) -> None:
    open_round(world)
    Round.objects.update(due_on=yesterday())
    reporter = client_for(world.member(Role.REPORTER, "school"))

    assert "现在不能修改。需要补报,请联系县级管理员延期。" in waiting(reporter)

    Round.objects.update(locked_at=timezone.now())
    assert waiting(reporter) == ""


def test_to_do_when_the_county_office_collects_then_the_round_is_told_until_all_is_approved(
    world: World, client_for
) -> None:
    opened = open_round(world)
    fill_school(world)
    submit(world)
    total = Return.objects.filter(round=opened).count()
    office = client_for(world.member(Role.COUNTY_OFFICE, "county"))

    assert f"2025 年度填报 {total} 份填报:已提交 1,已通过 0" in waiting(office)
    assert reverse("returns:progress_round", args=[opened.pk]) in addresses(office)

    Return.objects.update(state="approved")
    assert waiting(office) == ""


@pytest.mark.parametrize(("role", "place"), [(Role.PRINCIPAL, "school"), (Role.LEADER, "county")])
def test_to_do_when_others_are_to_act_then_nothing_waits(world: World, role: Role, place: str) -> None:
    open_round(world)

    assert not to_do_of(world.actor(role, place), 0)


def test_to_do_when_a_department_owns_facts_then_its_return_waits(world: World) -> None:
    open_round(world)

    waits = to_do_of(world.actor(Role.DEPARTMENT, "finance"), 0)

    assert [entry.organisation for entry, _ in waits.drafts] == [world["finance"]]
    assert entry_of(world, "finance") in [entry for entry, _ in waits.drafts]


def test_to_do_when_asked_then_takes_three_queries_at_most(world: World, django_assert_max_num_queries) -> None:
    open_round(world)
    office = world.actor(Role.COUNTY_OFFICE, "county")

    with django_assert_max_num_queries(3):
        to_do_of(office, 0)
