"""How far a round is, on the page, as its live part, and as files; who sees which part of it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from junheng.web.access.roles import Role
from junheng.web.organisations.models import BLOCK, Kind, Organisation
from junheng.web.returns.actions import rounds
from junheng.web.returns.models import Return, Round, State, Version
from junheng.web.returns.progress import chosen, counties_of, county_lines, lines_of, remaining_of, tally_of
from junheng.web.returns.views.progress import as_csv
from tests.web.returns.reporting import (
    STANDARD,
    YEAR,
    approve_fully,
    edits_for,
    entry_of,
    fill_school,
    open_round,
    submit,
    type_in,
    version_of,
    yesterday,
)
from tests.web.world import World


@pytest.fixture
def office(world: World, client_for) -> Client:
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))


def text_of(client: Client, route: str, *arguments: object, **data: str) -> str:
    answer = client.get(reverse(f"returns:{route}", args=arguments), data)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def is_late(found: Round) -> Round:
    """The same round, due yesterday."""
    found.due_on = yesterday()
    found.save()
    return found


def faulty(world: World, place: str = "school") -> Return:
    """A draft with a finding of level error: more doctors than teachers."""
    fill_school(world, place)
    entry = entry_of(world, place)
    type_in(world, place, edits_for(version_of(entry), "stages", {"full_time_teacher_count": "3"}))
    return entry_of(world, place)


def test_progress_when_there_is_no_round_then_the_office_is_led_to_opening_one(office: Client) -> None:
    assert reverse("returns:round_open") in text_of(office, "progress")


def test_progress_when_nobody_may_open_then_it_only_says_that_nothing_was_opened(world: World, client_for) -> None:
    text = text_of(client_for(world.member(Role.LEADER, "county")), "progress")

    assert "还没有填报任务" in text
    assert reverse("returns:round_open") not in text


def test_progress_when_a_round_is_open_then_every_return_stands_there_with_how_full_it_is(
    world: World, office: Client
) -> None:
    open_round(world)
    entry = fill_school(world)

    text = text_of(office, "progress")

    assert f"{entry.filled_count} / {entry.cell_count}" in text
    assert "青石镇" in text
    assert "县直学校" in text
    assert 'hx-trigger="every 30s"' in text


def test_progress_when_updating_is_stopped_then_the_part_does_not_ask_again(world: World, office: Client) -> None:
    open_round(world)

    text = text_of(office, "progress", live="0")

    assert "hx-trigger" not in text
    assert "恢复自动更新" in text


def test_progress_when_htmx_asks_then_only_the_part_comes(world: World, office: Client) -> None:
    open_round(world)

    answer = office.get(reverse("returns:progress"), headers={"HX-Request": "true"})

    assert answer.content.decode().lstrip().startswith('<div id="progress"')
    assert "HX-Request" in answer.headers["Vary"]


def test_progress_when_an_error_remains_then_it_is_counted_and_listed_by_kind(world: World, office: Client) -> None:
    found = open_round(world)
    entry = faulty(world)

    assert f"{entry.error_count} 处错误" in text_of(office, "progress")
    text = text_of(office, "progress_findings", found.pk)

    assert "青石镇示例小学" in text
    assert entry.error_count > 0
    assert "错误" in text


def test_progress_findings_when_nothing_was_checked_then_it_says_so(world: World, office: Client) -> None:
    assert "没有剩余问题" in text_of(office, "progress_findings", open_round(world).pk)


def test_remaining_of_when_two_schools_share_a_kind_then_it_is_one_line_with_both(world: World) -> None:
    found = open_round(world)
    faulty(world), faulty(world, "town_school")

    kinds = remaining_of(lines_of(world.actor(Role.COUNTY_OFFICE, "county"), found))

    assert {kind.level for kind in kinds} >= {"error"}
    assert [entry.organisation.name for entry in kinds[0].entries] == ["青石镇示例小学", "青石县第一小学"]
    assert kinds == sorted(kinds, key=lambda kind: kind.level)  # errors before warnings


@pytest.mark.parametrize(
    ("filters", "there", "gone"),
    [
        ({"area": "青石镇"}, "青石镇示例小学", "青石县第一小学"),
        ({"state": "approved"}, "青石镇示例小学", "青石县第一小学"),
        ({"state": "draft"}, "青石县第一小学", "青石镇示例小学"),
        ({"state": "waiting"}, "没有符合筛选条件", "青石县第一小学"),
        ({"state": "overdue"}, "没有符合筛选条件", "青石县第一小学"),
        ({"remains": "error"}, "没有符合筛选条件", "青石县第一小学"),
        ({"remains": "warning"}, "没有符合筛选条件", "青石县第一小学"),
        ({"remains": "empty"}, "青石县第一小学", "没有符合筛选条件"),
        ({"state": "nonsense"}, "青石县第一小学", "没有符合筛选条件"),
    ],
)
def test_progress_when_filtered_then_only_what_fits_is_listed(
    world: World, office: Client, filters: dict[str, str], there: str, gone: str
) -> None:
    open_round(world)
    Return.objects.filter(organisation=world["school"]).update(state=State.APPROVED)

    text = text_of(office, "progress", **filters)

    assert there in text
    assert gone not in text


def test_progress_when_a_township_looks_then_only_its_schools_are_listed(world: World, client_for) -> None:
    found = open_round(world)
    client = client_for(world.member(Role.TOWNSHIP, "township"))

    for text in (text_of(client, "progress"), text_of(client, "progress_round", found.pk)):
        assert "青石镇示例小学" in text
        assert "青石县第一小学" not in text


@pytest.mark.parametrize("route", ["progress_round", "progress_findings"])
def test_progress_round_when_a_neighbour_asks_then_it_is_not_found(world: World, client_for, route: str) -> None:
    found = open_round(world)
    client = client_for(world.member(Role.COUNTY_OFFICE, "neighbour"))

    assert client.get(reverse(f"returns:{route}", args=[found.pk])).status_code == 404


def test_progress_when_a_reporter_asks_then_it_is_forbidden(world: World, client_for) -> None:
    assert client_for(world.member(Role.REPORTER, "school")).get(reverse("returns:progress")).status_code == 403


def test_progress_when_a_year_is_chosen_then_its_round_is_shown(world: World, office: Client) -> None:
    open_round(world, year=YEAR)
    open_round(world, year=YEAR - 1)

    assert f"{YEAR} 年度填报 ·" in text_of(office, "progress")
    assert f"{YEAR - 1} 年度填报 ·" in text_of(office, "progress", year=str(YEAR - 1))
    assert f"{YEAR} 年度填报 ·" in text_of(office, "progress", year="many")


def test_progress_when_a_city_looks_then_its_counties_stand_there_and_lead_down(world: World, client_for) -> None:
    found = open_round(world)
    fill_school(world)
    submit(world)

    text = text_of(client_for(world.member(Role.SUPERVISOR, "city")), "progress")

    total = Return.objects.count()
    assert f"1 / {total}" in text
    assert reverse("returns:progress_round", args=[found.pk]) in text
    assert "白沙县" in text
    assert "还没有开始填报" in text


def test_county_lines_when_compared_with_the_returns_then_the_counts_are_the_same(world: World) -> None:
    found = open_round(world)
    faulty(world)
    fill_school(world, "town_school")
    submit(world, "town_school")
    approve_fully(world, "town_school")
    office, city = world.actor(Role.COUNTY_OFFICE, "county"), world.actor(Role.SUPERVISOR, "city")
    is_late(found)
    by, until = office, timezone.localdate() + timedelta(days=2)
    rounds.extend(by=by, return_id=entry_of(world, "middle_school").pk, until=until, reason="停电")

    line = county_lines(city, counties_of(city), YEAR, timezone.localdate())[0]
    lines = lines_of(office, found)

    assert line.tally == tally_of("青石县", lines)
    # all but the approved one and the extended one are overdue
    assert line.tally.overdue == len(lines) - 2 == len(chosen(lines, state="overdue"))
    assert line.tally.missing == len(lines) - 1
    assert line.tally.waiting == 0
    assert line.tally.faulty == 1


def test_county_lines_when_the_round_is_locked_then_only_a_later_extension_holds(world: World) -> None:
    found = open_round(world)
    office, city = world.actor(Role.COUNTY_OFFICE, "county"), world.actor(Role.SUPERVISOR, "city")
    until = timezone.localdate() + timedelta(days=30)
    rounds.extend(by=office, return_id=entry_of(world, "school").pk, until=until, reason="早")
    rounds.lock(by=office, round_id=found.pk)
    rounds.extend(by=office, return_id=entry_of(world, "town_school").pk, until=until, reason="晚")

    tally = county_lines(city, counties_of(city), YEAR, timezone.localdate())[0].tally

    assert tally.overdue == Return.objects.count() - 1
    assert tally == tally_of("青石县", lines_of(office, Round.objects.get()))


def rows_of(answer: Any, kind: str) -> list[list[Any]]:
    """The rows of a downloaded file."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_progress_when_exported_then_the_file_has_a_row_per_return_and_no_formula(
    world: World, office: Client, kind: str
) -> None:
    open_round(world)
    world["school"].name = "=HYPERLINK(1)"
    world["school"].save()
    fill_school(world)
    submit(world)

    answer = office.get(reverse("returns:progress"), {"as": kind, "area": "青石镇"})
    rows = rows_of(answer, kind)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert rows[0][:4] == ["乡镇", "学校代码", "单位", "状态"]
    assert rows[1][:2] == ["青石镇", "9900000001"]
    assert rows[1][2] == ("=HYPERLINK(1)" if kind == "xlsx" else "'=HYPERLINK(1)")
    assert len(rows) == 2
    if kind == "xlsx":
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert sheet["C2"].data_type == "s"  # text, not a formula


def test_progress_when_locked_returns_are_exported_then_the_last_day_says_locked(world: World, office: Client) -> None:
    found = open_round(world)
    rounds.lock(by=world.actor(Role.COUNTY_OFFICE, "county"), round_id=found.pk)

    rows = rows_of(office.get(reverse("returns:progress_round", args=[found.pk]), {"as": "csv"}), "csv")

    assert rows[1][8:10] == ["已锁定", "逾期"]


def test_progress_findings_when_exported_then_every_finding_has_its_place(world: World, office: Client) -> None:
    found = open_round(world)
    entry = faulty(world)

    rows = rows_of(office.get(reverse("returns:progress_findings", args=[found.pk]), {"as": "csv"}), "csv")

    assert len(rows) == 1 + entry.error_count + entry.warning_count
    assert rows[1][:4] == ["青石镇", "9900000001", "青石镇示例小学", "错误"]


def test_progress_when_a_city_exports_then_a_county_without_round_is_a_row_too(world: World, client_for) -> None:
    open_round(world)

    rows = rows_of(
        client_for(world.member(Role.SUPERVISOR, "city")).get(reverse("returns:progress"), {"as": "xlsx"}), "xlsx"
    )

    assert [row[2] for row in rows[1:]] == ["青石县", "白沙县"]
    assert rows[2][3] == "没有开始填报"
    assert rows[1][4] == Return.objects.count()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_as_csv_when_a_text_begins_like_a_formula_then_it_gets_an_apostrophe(sign: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["a"], [[f"{sign}1"], [None], [-1]]).decode("utf-8-sig"))))

    assert rows == [["a"], [f"'{sign}1"], [""], ["-1"]]


def plant_counties(world: World, count: int) -> None:
    """More counties in the city, each with a round and three returns; rows are made directly."""
    city = world["city"]
    for number in range(count):
        at = city.path + str(500 + number).zfill(BLOCK)
        county = Organisation.objects.create(
            parent=city, path=at, kind=Kind.COUNTY, code=f"9902{number:02d}", name=f"县{number}"
        )
        today = timezone.localdate()
        opened = Round.objects.create(
            county=county, issuer=city, year=YEAR, standard=STANDARD, title="填报", due_on=today
        )
        for school in range(3):
            place = Organisation.objects.create(
                parent=county, path=at + str(school + 1).zfill(BLOCK), kind=Kind.SCHOOL, name=f"校{number}-{school}"
            )
            entry = Return.objects.create(round=opened, organisation=place, cell_count=10, filled_count=school)
            Version.objects.create(entry=entry, number=1)


def test_progress_when_there_are_many_counties_then_no_more_queries(
    world: World, client_for, django_assert_max_num_queries
) -> None:
    open_round(world)
    plant_counties(world, 12)
    client = client_for(world.member(Role.SUPERVISOR, "city"))

    with django_assert_max_num_queries(8):  # session, person, role; counties, years, rounds, counts; navigation: 1
        text = text_of(client, "progress")
    assert "县11" in text


def test_progress_when_there_are_many_returns_then_no_more_queries(
    world: World, office: Client, django_assert_max_num_queries
) -> None:
    found = open_round(world)
    fill_school(world)
    faulty(world, "town_school")

    with django_assert_max_num_queries(
        10
    ):  # session, person, role; counties, years, round, returns, extensions; navigation: 2
        text_of(office, "progress")
    with django_assert_max_num_queries(10):  # the same, with versions and reasons instead of counties and years
        text_of(office, "progress_findings", found.pk)
