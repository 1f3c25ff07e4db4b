"""Rounds: who sees and runs them, opening, locking, moving the last day, reminding, extending."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.jobs.models import Job
from junheng.web.jobs.worker import run_pending
from junheng.web.returns.models import Extension, Notice, Return, Round
from junheng.web.returns.round_forms import USUAL_TITLE
from tests.web.returns.reporting import STANDARD, YEAR, entry_of, fill_school, open_round, submit, yesterday
from tests.web.world import World


@pytest.fixture
def office(world: World, client_for) -> Client:
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))


def later(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def text_of(client: Client, route: str, *arguments: object, status: int = 200) -> str:
    answer = client.get(reverse(f"returns:{route}", args=arguments), follow=True)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def wanted(world: World, place: str = "county", **others: str) -> dict[str, str]:
    asked = {"place": str(world[place].pk), "year": str(YEAR), "standard": STANDARD, "title": "本年填报"}
    return {**asked, "due_on": later(10), **others}


def test_rounds_when_there_is_none_then_the_page_leads_to_opening_one(office: Client) -> None:
    assert reverse("returns:round_open") in text_of(office, "rounds")


def test_rounds_when_one_return_was_submitted_then_it_is_counted(world: World, office: Client) -> None:
    open_round(world)
    fill_school(world)
    submit(world)

    assert f"1 / {Return.objects.count()}" in text_of(office, "rounds")


def test_rounds_when_a_township_looks_then_only_its_own_returns_are_counted(world: World, client_for) -> None:
    open_round(world)

    text = text_of(client_for(world.member(Role.TOWNSHIP, "township")), "rounds")

    assert "0 / 1" in text  # one school stands below the township
    assert reverse("returns:round_open") not in text


def test_round_open_when_the_form_is_right_then_the_round_is_opened(world: World, office: Client) -> None:
    answer = office.post(reverse("returns:round_open"), wanted(world))

    opened = Round.objects.get()
    assert answer.headers["Location"] == reverse("returns:round", args=[opened.pk])
    assert (opened.county, opened.year, opened.title) == (world["county"], YEAR, "本年填报")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due_on": "2020-01-01"}, "截止日期已经过去"),
        ({"year": "1999"}, "2010"),
        ({"title": ""}, "form-control"),
    ],
)
def test_round_open_when_something_is_wrong_then_the_form_says_so(
    world: World, office: Client, changed: dict[str, str], said: str
) -> None:
    answer = office.post(reverse("returns:round_open"), wanted(world, **changed))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Round.objects.exists()


def test_round_open_when_another_year_is_chosen_then_an_untouched_title_names_that_year(
    world: World, office: Client
) -> None:
    proposed = USUAL_TITLE.format(timezone.localdate().year)  # what the form shows when it is opened
    assert f'value="{proposed}"' in text_of(office, "round_open")

    office.post(reverse("returns:round_open"), wanted(world, year="2023", title=proposed))
    office.post(reverse("returns:round_open"), wanted(world, year="2024", title="2023 年补报"))

    titles = dict(Round.objects.values_list("year", "title"))
    assert titles == {2023: USUAL_TITLE.format(2023), 2024: "2023 年补报"}


def test_round_open_when_a_foreign_county_is_asked_for_then_nothing_is_opened(world: World, office: Client) -> None:
    answer = office.post(reverse("returns:round_open"), wanted(world, "neighbour"))

    assert answer.status_code == 422
    assert not Round.objects.exists()


def test_round_open_when_a_supervisor_asks_for_the_city_then_a_job_opens_every_county(world: World, client_for) -> None:
    supervisor = client_for(world.member(Role.SUPERVISOR, "city"))
    form = wanted(world, "city", send_key="once")

    answers = [supervisor.post(reverse("returns:round_open"), form) for _ in range(2)]  # a double click

    job = Job.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {reverse("jobs:progress", args=[job.pk])}
    run_pending()
    assert {one.county for one in Round.objects.select_related("county")} == {world["county"], world["neighbour"]}
    page = supervisor.get(reverse("jobs:progress", args=[job.pk])).content.decode()
    assert "已开始填报:2 个县。" in page
    assert reverse("returns:rounds") in page


def test_round_open_when_the_form_is_asked_for_then_a_last_day_is_proposed(office: Client) -> None:
    assert later(30) in text_of(office, "round_open")


def test_round_when_looked_at_then_the_unfinished_stand_there_with_an_extension_link(
    world: World, office: Client
) -> None:
    found = open_round(world)

    text = text_of(office, "round", found.pk)

    assert "青石镇示例小学" in text
    assert reverse("returns:extend", args=[entry_of(world, "school").pk]) in text


def test_round_when_an_expert_looks_then_there_is_nothing_to_press(world: World, client_for) -> None:
    found = open_round(world)

    text = text_of(client_for(world.member(Role.ASSESSOR, "county")), "round", found.pk)

    assert reverse("returns:round_lock", args=[found.pk]) not in text
    assert reverse("returns:extend", args=[entry_of(world, "school").pk]) not in text


@pytest.mark.parametrize("route", ["round_lock", "round_unlock", "round_remind", "round_due"])
def test_round_when_a_foreign_office_acts_then_it_is_not_found(world: World, client_for, route: str) -> None:
    found = open_round(world)

    answer = client_for(world.member(Role.COUNTY_OFFICE, "neighbour")).post(
        reverse(f"returns:{route}", args=[found.pk])
    )

    assert answer.status_code == 404


def test_round_when_a_reporter_asks_then_it_is_forbidden(world: World, client_for) -> None:
    found = open_round(world)
    reporter = client_for(world.member(Role.REPORTER, "school"))

    assert reporter.get(reverse("returns:round", args=[found.pk])).status_code == 403
    assert reporter.post(reverse("returns:round_lock", args=[found.pk])).status_code == 403


def test_round_lock_when_pressed_then_unlock_takes_it_back(world: World, office: Client) -> None:
    found = open_round(world)

    said = office.post(reverse("returns:round_lock", args=[found.pk]), follow=True).content.decode()
    assert "已锁定:填写和上传都已停止" in said
    assert Round.objects.get().locked_at is not None
    assert reverse("returns:round_unlock", args=[found.pk]) in said

    office.post(reverse("returns:round_unlock", args=[found.pk]))
    assert Round.objects.get().locked_at is None


def test_round_lock_when_only_asked_for_then_nothing_happens(world: World, office: Client) -> None:
    found = open_round(world)

    assert office.get(reverse("returns:round_lock", args=[found.pk])).status_code == 405


def test_round_due_when_moved_then_it_holds(world: World, office: Client) -> None:
    found = open_round(world)

    answer = office.post(reverse("returns:round_due", args=[found.pk]), {"due_on": later(3)})

    assert answer.status_code == 302
    assert Round.objects.get().due_on.isoformat() == later(3)


@pytest.mark.parametrize("day", ["2020-01-01", "soon"])
def test_round_due_when_the_day_cannot_be_then_the_page_says_so_at_the_field(
    world: World, office: Client, day: str
) -> None:
    found = open_round(world)

    answer = office.post(reverse("returns:round_due", args=[found.pk]), {"due_on": day})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_round_remind_when_pressed_twice_then_the_second_tells_nobody(world: World, office: Client) -> None:
    found = open_round(world)
    address = reverse("returns:round_remind", args=[found.pk])

    first = office.post(address, follow=True).content.decode()
    second = office.post(address, follow=True).content.decode()

    assert f"已通知 {Return.objects.count()} 个" in first
    assert "没有新的通知" in second
    assert Notice.objects.filter(kind=Notice.Kind.REMINDER).count() == Return.objects.count()


def test_extend_when_granted_then_the_round_says_so(world: World, office: Client) -> None:
    open_round(world)
    entry = entry_of(world, "school")

    said = office.post(
        reverse("returns:extend", args=[entry.pk]), {"until": later(40), "reason": "停电"}, follow=True
    ).content.decode()

    assert "已延期" in said
    assert Extension.objects.get().until.isoformat() == later(40)
    assert "停电" in text_of(office, "extend", entry.pk)


def test_extend_when_the_day_is_over_then_the_form_says_so(world: World, office: Client) -> None:
    open_round(world)
    entry = entry_of(world, "school")

    answer = office.post(
        reverse("returns:extend", args=[entry.pk]), {"until": yesterday().isoformat(), "reason": "停电"}
    )

    assert answer.status_code == 422
    assert "延期的最后一天已经过去" in answer.content.decode()


def test_extend_when_the_return_is_elsewhere_then_it_is_not_found(world: World, client_for) -> None:
    open_round(world)
    entry = entry_of(world, "school")

    answer = client_for(world.member(Role.COUNTY_OFFICE, "neighbour")).get(reverse("returns:extend", args=[entry.pk]))

    assert answer.status_code == 404


def test_rounds_when_there_are_more_of_them_then_no_more_queries(
    world: World, office: Client, django_assert_max_num_queries
) -> None:
    for year in range(YEAR, YEAR + 4):
        open_round(world, year=year)

    with django_assert_max_num_queries(10):  # session, person, role; list: count, page, counts; navigation: 2
        text_of(office, "rounds")
    with django_assert_max_num_queries(9):  # session, person, role; round, returns, extensions; navigation: 2
        text_of(office, "round", Round.objects.order_by("pk")[0].pk)
