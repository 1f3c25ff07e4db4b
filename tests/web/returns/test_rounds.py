"""Opening, locking, extending and reminding; correcting what was approved; years before the platform; notices."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from junheng.core.errors import StandardError
from junheng.core.facts import facts_from_rows
from junheng.readers.dictionary import load_dictionary
from junheng.web.access.actor import PLATFORM
from junheng.web.access.roles import Role
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.returns.actions import archive, corrections, notices, rounds
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Extension, Notice, Return, Round, State
from junheng.web.returns.notice_texts import text_of
from junheng.web.returns.queries import visible_notices
from tests.web.returns.reporting import (
    STANDARD,
    approve_fully,
    entry_of,
    fill_school,
    open_round,
    submit,
    version_of,
    yesterday,
)
from tests.web.world import World

TODAY = timezone.localdate


def opening(world: World, **changed: Any) -> tuple[Round, ...]:
    given: dict[str, Any] = {
        "by": world.actor(Role.COUNTY_OFFICE, "county"),
        "place": world["county"],
        "year": 2025,
        "standard": STANDARD,
        "title": "填报",
        "due_on": TODAY(),
    }
    return rounds.open_rounds(**{**given, **changed})


def test_open_when_a_county_opens_then_every_reporter_has_one_return_that_covers_its_own(world: World) -> None:
    closed = world["middle_school"]
    Organisation.objects.filter(pk=closed.pk).update(closed_on=TODAY())

    open_round(world)

    found = {entry.organisation.name: entry for entry in Return.objects.select_related("organisation")}
    assert set(found) == {"青石镇示例小学", "青石县第一小学", "青石县财政局", "青石县教育局人事股", "青石县"}
    assert found["青石县第一小学"].covers == {}
    # 财政局、人社局 reports pay together: the first that has a department takes it
    assert "average_teacher_pay" in found["青石县财政局"].covers["county"]
    assert found["青石县财政局"].covers["county_years"] == ["spending_year", "general_education_spending"]
    assert "rotated_teacher_count" in found["青石县教育局人事股"].covers["county"]
    assert "population" in found["青石县"].covers["county"]
    owned = [name for entry in found.values() for name in entry.covers.get("county", ()) if name != "county_code"]
    assert len(owned) == len(set(owned)) == len(load_dictionary().tables["county"].fields) - 3


def test_open_when_the_county_starts_then_known_rows_stand_in_the_draft(world: World) -> None:
    open_round(world)

    county = version_of(entry_of(world, "county")).values
    assert county["county"] == [{"county_code": "990101", "county_name": "青石县", "year": 2025}]
    assert len(county["survey_groups"]) == 7
    assert [row["spending_year"] for row in county["county_years"]] == [2021, 2022, 2023, 2024, 2025]
    assert county["judgements"]
    assert version_of(entry_of(world, "school")).values["schools"] == [
        {"school_id": "9900000001", "school_name": "青石镇示例小学"}
    ]


def test_open_when_a_city_opens_then_every_county_below_has_a_round_of_its_own(world: World) -> None:
    opened = opening(world, by=world.actor(Role.SUPERVISOR, "city"), place=world["city"])

    assert {one.county.name for one in opened} == {"青石县", "白沙县"}
    assert {one.issuer for one in opened} == {world["city"]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"due_on": yesterday()}, "已经过去"),
        ({"place": "neighbour"}, "只有县级管理员"),
        ({"by": (Role.REPORTER, "school")}, "只有县级管理员"),
    ],
)
def test_open_when_it_may_not_be_then_it_is_refused(world: World, changed: dict[str, Any], message: str) -> None:
    if "place" in changed:
        changed = {"place": world[changed["place"]]}
    if "by" in changed:
        changed = {"by": world.actor(*changed["by"])}

    with pytest.raises(RefusedError, match=message):
        opening(world, **changed)


def test_open_when_the_year_is_taken_then_it_is_refused(world: World) -> None:
    open_round(world)

    with pytest.raises(RefusedError, match="青石县已有 2025 年度"):
        opening(world)


def test_open_when_there_is_no_county_then_it_is_refused(world: World) -> None:
    Organisation.objects.filter(kind=Kind.COUNTY).update(closed_on=TODAY())

    with pytest.raises(RefusedError, match="下面没有县"):
        opening(world)


def test_open_when_the_standard_is_unknown_then_nothing_is_opened(world: World) -> None:
    with pytest.raises(StandardError):
        opening(world, standard="no-such-standard")

    assert not Round.objects.exists()


def test_open_when_last_year_was_approved_then_words_are_taken_over_and_numbers_are_not(world: World) -> None:
    open_round(world, year=2024)
    fill_school(world)
    submit(world)
    approve_fully(world)

    open_round(world, year=2025)

    version = version_of(entry_of(world, "school"))
    school = version.values["schools"][0]
    assert (school["school_type"], school["built_year"]) == ("primary_school", 2012)
    assert "book_count" not in school
    assert version.values["stages"] == [{"school_id": "9900000001", "stage": "primary", "is_art_count_total": False}]
    assert [row["room_name"] for row in version.values["rooms"]] == ["音乐教室", "美术教室"]
    assert all("area" not in row for row in version.values["rooms"])
    assert version.values["classes"] == []
    assert "schools|9900000001|built_year" in version.origins["of"]


def test_lock_when_set_and_lifted_then_each_is_told_once(world: World) -> None:
    opened = open_round(world)
    by = world.actor(Role.COUNTY_OFFICE, "county")

    for _ in range(2):
        assert rounds.lock(by=by, round_id=opened.pk).locked_at is not None
    for _ in range(2):
        assert rounds.unlock(by=by, round_id=opened.pk).locked_at is None

    drafts = Return.objects.filter(round=opened).count()
    assert Notice.objects.filter(kind="locked").count() == 2 * drafts


def test_round_when_it_is_out_of_sight_or_reach_then_it_is_refused(world: World) -> None:
    opened = open_round(world)

    with pytest.raises(RefusedError, match="没有这一轮"):
        rounds.lock(by=world.actor(Role.COUNTY_OFFICE, "neighbour"), round_id=opened.pk)
    with pytest.raises(RefusedError, match="只有县级管理员"):
        rounds.lock(by=world.actor(Role.REPORTER, "school"), round_id=opened.pk)


def test_due_when_moved_then_the_day_is_kept_and_the_past_is_refused(world: World) -> None:
    opened = open_round(world)
    by = world.actor(Role.COUNTY_OFFICE, "county")

    assert rounds.change_due(by=by, round_id=opened.pk, due_on=TODAY()).due_on == TODAY()
    with pytest.raises(RefusedError, match="已经过去"):
        rounds.change_due(by=by, round_id=opened.pk, due_on=yesterday())


def test_extend_when_granted_after_a_lock_then_only_that_return_is_open_until_its_end(world: World) -> None:
    opened = open_round(world)
    fill_school(world)
    by = world.actor(Role.COUNTY_OFFICE, "county")
    rounds.lock(by=by, round_id=opened.pk)

    rounds.extend(by=by, return_id=entry_of(world, "school").pk, until=TODAY(), reason="停电")

    assert submit(world).number == 1
    assert text_of(Notice.objects.get(kind="extended")).endswith("停电")
    Extension.objects.update(until=yesterday())
    Return.objects.update(state=State.DRAFT)
    with pytest.raises(RefusedError, match="已锁定"):
        submit(world, key="late")


@pytest.mark.parametrize(
    ("who", "days", "reason", "message"),
    [
        ((Role.COUNTY_OFFICE, "county"), 0, " ", "理由"),
        ((Role.COUNTY_OFFICE, "county"), -1, "x", "已经过去"),
        ((Role.REPORTER, "school"), 0, "x", "只有县级管理员"),
    ],
)
def test_extend_when_it_may_not_be_then_it_is_refused(
    world: World, who: tuple[Role, str], days: int, reason: str, message: str
) -> None:
    open_round(world)

    with pytest.raises(RefusedError, match=message):
        rounds.extend(
            by=world.actor(*who),
            return_id=entry_of(world, "school").pk,
            until=TODAY() + timedelta(days=days),
            reason=reason,
        )


def test_extend_when_sent_twice_then_there_is_one_extension_and_one_notice(world: World) -> None:
    open_round(world)
    by, entry = world.actor(Role.COUNTY_OFFICE, "county"), entry_of(world, "school")

    granted = [rounds.extend(by=by, return_id=entry.pk, until=TODAY(), reason=text) for text in ("停电", " 停电 ")]

    assert granted[0] == granted[1] == Extension.objects.get()
    assert Notice.objects.filter(kind="extended").count() == 1


@pytest.mark.parametrize(("due_in", "words"), [(3, "还有 3 天"), (0, "今天截止"), (-2, "已逾期 2 天")])
def test_remind_when_drafts_are_open_then_each_is_told_once_a_day(world: World, due_in: int, words: str) -> None:
    opened = open_round(world)
    Round.objects.update(due_on=TODAY() + timedelta(days=due_in))
    by = world.actor(Role.COUNTY_OFFICE, "county")

    told = [rounds.remind(by=by, round_id=opened.pk) for _ in range(2)]

    assert told == [Return.objects.count(), 0]
    assert words in text_of(Notice.objects.filter(kind="reminder")[0])


def test_notices_when_read_then_they_are_read_for_the_role(world: World) -> None:
    open_round(world)
    by = world.actor(Role.REPORTER, "school")
    ids = list(visible_notices(by).values_list("pk", flat=True))

    assert [notices.mark_read(by=by, notice_ids=ids) for _ in range(2)] == [1, 0]
    assert Notice.objects.get(pk=ids[0]).read_by == by.name
    assert notices.mark_read(by=world.actor(Role.PRINCIPAL, "school"), notice_ids=ids) == 0


@pytest.fixture
def approved(world: World) -> World:
    open_round(world)
    fill_school(world)
    submit(world)
    approve_fully(world)
    return world


def test_correct_when_started_then_the_old_version_is_valid_until_the_new_one_is_approved(approved: World) -> None:
    entry = entry_of(approved, "school")

    draft = corrections.start(by=approved.actor(Role.REPORTER, "school"), return_id=entry.pk, reason="数错了")

    entry = entry_of(approved, "school")
    assert (entry.state, entry.version_id, draft.number, draft.reason) == (State.DRAFT, draft.pk, 2, "数错了")
    assert entry.approved_id != draft.pk
    submit(approved, key="second")
    assert approve_fully(approved).approved_id == draft.pk


def test_correct_when_withdrawn_then_the_approved_version_is_current_again(approved: World) -> None:
    by, entry = approved.actor(Role.REPORTER, "school"), entry_of(approved, "school")
    corrections.start(by=by, return_id=entry.pk, reason="数错了")

    corrections.withdraw(by=by, return_id=entry.pk)

    entry = entry_of(approved, "school")
    assert (entry.state, entry.version_id) == (State.APPROVED, entry.approved_id)
    assert corrections.start(by=by, return_id=entry.pk, reason="又错了").number == 3


def test_withdraw_when_nothing_was_approved_then_it_is_refused(world: World) -> None:
    open_round(world)

    with pytest.raises(RefusedError, match="没有更正"):
        corrections.withdraw(by=world.actor(Role.REPORTER, "school"), return_id=entry_of(world, "school").pk)


def test_correct_when_the_time_is_over_then_the_office_may_and_the_school_may_not(approved: World) -> None:
    Round.objects.update(due_on=yesterday())
    entry = entry_of(approved, "school")

    with pytest.raises(RefusedError, match="截止"):
        corrections.start(by=approved.actor(Role.REPORTER, "school"), return_id=entry.pk, reason="x")
    corrections.start(by=approved.actor(Role.COUNTY_OFFICE, "county"), return_id=entry.pk, reason="x")

    assert Extension.objects.get().reason == "更正"


def test_correct_when_the_office_starts_in_time_then_no_extension_is_needed(approved: World) -> None:
    corrections.start(
        by=approved.actor(Role.COUNTY_OFFICE, "county"), return_id=entry_of(approved, "school").pk, reason="x"
    )

    assert not Extension.objects.exists()


def test_correct_when_it_may_not_be_then_it_is_refused(approved: World) -> None:
    entry = entry_of(approved, "school")
    by = approved.actor(Role.REPORTER, "school")

    with pytest.raises(RefusedError, match="只有填报单位"):
        corrections.start(by=approved.actor(Role.PRINCIPAL, "school"), return_id=entry.pk, reason="x")
    with pytest.raises(RefusedError, match="理由"):
        corrections.start(by=by, return_id=entry.pk, reason=" ")
    corrections.start(by=by, return_id=entry.pk, reason="x")
    with pytest.raises(RefusedError, match="只有已通过"):
        corrections.start(by=by, return_id=entry.pk, reason="x")


def past_facts(school_id: str = "9900000001") -> Any:
    rows = {
        "schools": [{"school_id": school_id, "school_name": "旧名", "book_count": 4000}],
        "county": [{"county_code": "990101", "population": 300_000, "fiscal_revenue_per_capita": 2000}],
    }
    return facts_from_rows(load_dictionary(), county_code="990101", county_name="青石县", year=2023, rows=rows)


def test_archive_when_a_past_year_is_taken_then_it_is_approved_and_locked(world: World) -> None:
    made = archive.import_approved(
        by=PLATFORM, county=world["county"], facts=past_facts(), standard=STANDARD, title="2023 年度"
    )

    assert made.locked_at is not None
    states = set(Return.objects.filter(round=made).values_list("state", flat=True))
    assert states == {State.APPROVED}
    version = version_of(entry_of(world, "school"))
    assert version.is_final
    assert version.origins["list"][0]["kind"] == "import"
    finance = version_of(entry_of(world, "finance")).values["county"][0]
    assert finance == {"county_code": "990101", "fiscal_revenue_per_capita": 2000}


def test_archive_when_the_year_is_taken_or_a_school_unknown_then_it_is_refused(world: World) -> None:
    given: dict[str, Any] = {"county": world["county"], "standard": STANDARD, "title": "2023 年度"}
    office = world.actor(Role.COUNTY_OFFICE, "county")
    with pytest.raises(RefusedError, match="1111111111"):
        archive.import_approved(by=office, facts=past_facts("1111111111"), **given)
    with pytest.raises(RefusedError, match="只有县级管理员"):
        archive.import_approved(by=world.actor(Role.REPORTER, "school"), facts=past_facts(), **given)
    archive.import_approved(by=office, facts=past_facts(), **given)
    with pytest.raises(RefusedError, match="已有2023年度"):
        archive.import_approved(by=office, facts=past_facts(), **given)
