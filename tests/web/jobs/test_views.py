"""Pages of background work."""

from typing import Any

import pytest
from django.urls import reverse

from junheng.web.access.actor import PLATFORM
from junheng.web.access.roles import Role
from junheng.web.jobs import actions
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.worker import FAULT, run_pending


@pytest.fixture
def made(world) -> Job:
    return actions.enqueue(
        by=world.actor(Role.COUNTY_OFFICE, "county"),
        kind="tests.count",
        arguments={"upto": 3},
        organisation_id=world["county"].id,
    )


@pytest.fixture
def office(world, client_for):
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))


def part(client, job, more: str = ""):
    answer = client.get(reverse("jobs:progress", args=[job.pk]) + more, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer


def test_progress_when_the_job_waits_then_the_part_asks_again(office, made) -> None:
    page = part(office, made).content.decode()

    assert 'hx-trigger="every 2s"' in page
    assert "排队中" in page
    assert "<html" not in page


def test_progress_when_the_job_runs_then_shows_steps_and_that_it_was_interrupted(office, made) -> None:
    Job.objects.update(state=State.RUNNING, done=1, total=4, label="第一步", attempts=2)

    page = part(office, made).content.decode()

    assert "1 / 4 · 25%" in page
    assert "第 2 次" in page


def test_progress_when_the_page_is_english_then_steps_results_and_faults_are_too(office, made) -> None:
    office.cookies.load({"django_language": "en"})
    changes: dict[str, dict[str, Any]] = {
        State.RUNNING: {"label": "汇集数据", "total": 3},
        State.DONE: {"result": {"said": [["已开始填报:%(count)s 个县。", {"count": 7}]]}},
        State.FAILED: {"error": FAULT},
    }
    seen = []
    for state, change in changes.items():
        Job.objects.update(state=state, **change)
        seen.append(part(office, made).content.decode())

    assert "Collecting" in seen[0]
    assert "7 counties" in seen[1]
    assert f"(job number {made.pk})" in seen[2]
    assert not any(word in page for page in seen for word in ("汇集", "已开始", "程序出错"))


def test_progress_when_the_job_has_ended_then_leads_to_the_result_and_reloads_the_page_once(office, made) -> None:
    run_pending()

    answer = part(office, made, "?then=reload")

    assert answer.headers["HX-Refresh"] == "true"
    assert 'href="/jobs/"' in answer.content.decode()
    assert "hx-trigger" not in answer.content.decode()
    assert "HX-Refresh" not in part(office, made).headers


def test_progress_when_opened_without_javascript_then_is_a_page_that_refreshes_itself(office, made) -> None:
    page = office.get(reverse("jobs:progress", args=[made.pk])).content.decode()

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    run_pending()
    assert "http-equiv" not in office.get(reverse("jobs:progress", args=[made.pk])).content.decode()


def test_progress_when_the_job_failed_then_says_why(office, made) -> None:
    Job.objects.update(state=State.FAILED, error="<b>没有填完</b>")

    page = part(office, made).content.decode()

    assert "&lt;b&gt;没有填完" in page


def test_progress_when_the_job_is_another_countys_then_is_not_found(world, client_for, made) -> None:
    neighbour = client_for(world.member(Role.COUNTY_OFFICE, "neighbour"))

    assert neighbour.get(reverse("jobs:progress", args=[made.pk])).status_code == 404
    assert neighbour.post(reverse("jobs:cancel", args=[made.pk])).status_code == 404


def test_cancel_when_the_office_asks_then_goes_back_to_the_job(office, made) -> None:
    answer = office.post(reverse("jobs:cancel", args=[made.pk]), follow=True)

    made.refresh_from_db()
    assert made.state == State.CANCELLED
    assert "已取消。" in answer.content.decode()
    again = office.post(reverse("jobs:cancel", args=[made.pk]), follow=True).content.decode()
    assert "已经结束" in again


def test_cancel_when_a_reader_asks_then_is_forbidden(world, client_for, made) -> None:
    reader = client_for(world.member(Role.LEADER, "county"))

    assert reader.post(reverse("jobs:cancel", args=[made.pk])).status_code == 403
    assert "取消任务" not in part(reader, made).content.decode()


def test_cancel_when_asked_by_get_then_is_refused(office, made) -> None:
    assert office.get(reverse("jobs:cancel", args=[made.pk])).status_code == 405


def test_list_when_opened_then_shows_the_area_and_filters_in_constant_queries(
    world, office, made, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        actions.enqueue(by=PLATFORM, kind="tests.count", arguments={"upto": 1}, organisation_id=world["school"].id)
    actions.enqueue(by=PLATFORM, kind="tests.count", arguments={"upto": 1}, organisation_id=world["neighbour"].id)

    with django_assert_max_num_queries(8):
        page = office.get(reverse("jobs:list")).content.decode()

    assert page.count("青石镇示例小学") == 25
    assert "白沙县" not in page
    assert "没有后台任务" in office.get(reverse("jobs:list") + "?state=failed").content.decode()
