"""Forecasts: ordered once, made by the worker, shown."""

import os
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from junheng.core.errors import EngineError, InputError
from junheng.web.access.actor import PLATFORM
from junheng.web.access.roles import Role
from junheng.web.audit.chain import verify
from junheng.web.documents.files import located, store
from junheng.web.evaluations.models import Run, Source
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.worker import run_pending
from junheng.web.plans.actions import forecasts
from junheng.web.plans.actions.forecasts import MadeForecast
from junheng.web.plans.background import FOLDER, sweep
from junheng.web.plans.kept import forecast_of
from junheng.web.plans.models import Forecast
from junheng.web.returns.actions import archive
from tests.web.evaluations.county import STANDARD, YEAR, facts_of
from tests.web.plans.county import scenario_of

AGES = {
    "teachers": {
        "ages": [{"school_id": "9900000001", "stage": "primary", "group": "女", "ages": {"54": 3, "30": 40}}],
        "retirement_age": {"女": 55},
        "attrition": 0,
    }
}


@pytest.fixture
def history(office, run) -> None:
    """Approved facts of the two years before the run."""
    for year, more in ((YEAR - 2, -40), (YEAR - 1, -20)):
        archive.import_approved(
            by=PLATFORM, county=run.organisation, facts=facts_of(year, more), standard=STANDARD, title=f"{year}年度"
        )


def made(office, run, **more) -> Forecast:
    """A forecast that the worker has made."""
    forecast = forecasts.start(by=office, run=run, to_year=YEAR + 3, **more)
    assert run_pending() == 1
    forecast.refresh_from_db()
    return forecast


# ---------------------------------------------------------------------------------------------------------------- writing


def test_start_when_asked_again_meanwhile_then_gives_the_same_forecast(office, run) -> None:
    first, second = (forecasts.start(by=office, run=run, to_year=YEAR + 3) for _time in range(2))
    third = forecasts.start(by=office, run=run, to_year=YEAR + 3, assumptions=AGES)
    Job.objects.filter(pk=first.job_id).update(state=State.FAILED)
    fourth = forecasts.start(by=office, run=run, to_year=YEAR + 3)

    assert first == second
    assert len({first, third, fourth}) == 3


def test_start_when_sent_twice_with_a_key_then_gives_the_first(office, run) -> None:
    first, second = (forecasts.start(by=office, run=run, to_year=to, key="k") for to in (YEAR + 2, YEAR + 3))

    assert (first, first.to_year) == (second, YEAR + 2)


@pytest.mark.parametrize("to_year", [YEAR, YEAR + 16])
def test_start_when_the_year_cannot_be_forecast_then_refuses(office, run, to_year) -> None:
    with pytest.raises(InputError, match=f"{YEAR + 1} 到 {YEAR + 15}"):
        forecasts.start(by=office, run=run, to_year=to_year)


def test_start_when_the_run_has_not_finished_then_refuses(office, run) -> None:
    waiting = Run.objects.create(organisation=run.organisation, year=YEAR, standard=STANDARD, source=Source.TRIAL)

    with pytest.raises(InputError, match="还没有完成"):
        forecasts.start(by=office, run=waiting, to_year=YEAR + 3)


@pytest.mark.usefixtures("history")
def test_worker_when_it_runs_then_the_forecast_rests_on_three_years_and_never_changes(office, run) -> None:
    forecast = made(office, run)
    again = forecasts.keep(by=office, forecast_id=forecast.pk, made=MadeForecast({}, [], ""))
    data = forecast_of(forecast)

    assert forecast.years == [YEAR - 2, YEAR - 1, YEAR]
    assert (again.digest, data["years"]) == (forecast.digest, [YEAR + 1, YEAR + 2, YEAR + 3])
    assert [entry["year"] for entry in data["past"]] == forecast.years
    assert "xl/workbook.xml" in ZipFile(located(forecast.workbook, FOLDER)).namelist()
    verify(run.organisation_id)


@pytest.mark.usefixtures("history")
def test_worker_when_the_job_comes_back_then_the_finished_forecast_stays(office, run) -> None:
    forecast = made(office, run)
    Job.objects.filter(pk=forecast.job_id).update(state=State.QUEUED)
    run_pending()

    assert Job.objects.get(pk=forecast.job_id).page == reverse("plans:forecast", args=[forecast.pk])
    assert Forecast.objects.get().finished_at == forecast.finished_at


def test_worker_when_there_is_one_year_only_then_the_job_says_so(office, run) -> None:
    forecast = made(office, run)

    assert not forecast.is_finished
    assert "年" in Job.objects.get(pk=forecast.job_id).error


@pytest.mark.usefixtures("history")
def test_forecast_when_it_was_altered_then_is_not_shown(office, run) -> None:
    forecast = made(office, run)
    forecast.data, forecast.digest = b"altered", "0" * 64

    with pytest.raises(EngineError, match="已损坏"):
        forecast_of(forecast)


@pytest.mark.usefixtures("history")
def test_sweep_when_a_file_belongs_to_nothing_then_goes_once_it_is_old(office, run) -> None:
    forecast = made(office, run)
    strays = [store(b"x", kind="plan", name="a.pdf", folder=FOLDER).path for _time in range(2)]
    for path in (strays[0], forecast.workbook):
        os.utime(located(path, FOLDER), (0, 0))

    assert (sweep(), sweep()) == (1, 0)
    assert [located(path, FOLDER).is_file() for path in (*strays, forecast.workbook)] == [False, True, True]


# ------------------------------------------------------------------------------------------------------------------ pages


@pytest.mark.usefixtures("history")
def test_page_when_a_forecast_is_there_then_shows_it_in_few_queries(
    office, run, client, django_assert_max_num_queries
) -> None:
    forecast = made(office, run, assumptions=AGES)
    client.get(reverse("plans:forecasts"))  # what is kept in memory is made once
    with django_assert_max_num_queries(16):
        page = client.get(reverse("plans:forecasts")).content.decode()

    assert "突破风险" in page
    assert f'href="{reverse("plans:forecast_workbook", args=[forecast.pk])}"' in page
    assert "照搬上年" in page
    assert "青石镇示例小学" in page


@pytest.mark.usefixtures("history")
def test_page_when_filtered_then_shows_only_what_fits(office, run, client) -> None:
    address = reverse("plans:forecast", args=[made(office, run).pk])
    whole = client.get(address).context["risks"]
    rule = whole.page.object_list[0]["rule_id"]
    asked = {"rule": rule, "stage": "primary", "least": "0.5", "new": "1", "year": str(YEAR + 1), "name": "示例"}
    part = client.get(address, asked, headers={"HX-Request": "true", "HX-Target": "risks"})
    odd = client.get(address, {"rule": "nothing", "page": "999"}).context["risks"]

    assert part.templates[0].name == "plans/_risks.html"
    assert {row["rule_id"] for row in part.context["risks"].page.object_list} <= {rule}
    assert odd.page.paginator.count == whole.page.paginator.count > 0


@pytest.mark.usefixtures("history")
def test_pupils_when_asked_for_one_school_then_lists_its_stages(office, run, client) -> None:
    address = reverse("plans:forecast", args=[made(office, run).pk])
    part = client.get(
        address, {"school": "初级中学", "school_stage": "junior"}, headers={"HX-Request": "true", "HX-Target": "pupils"}
    )

    assert part.templates[0].name == "plans/_pupils.html"
    assert [row["stage"] for row in part.context["schools"].object_list] == ["junior"]


def test_page_when_there_is_nothing_yet_then_says_what_to_do(office, run, client, client_for, world) -> None:
    empty = client.get(reverse("plans:forecasts")).content.decode()
    city = client_for(world.member(Role.SUPERVISOR, "city")).get(reverse("plans:forecasts")).content.decode()

    assert reverse("plans:start_forecast") in empty
    assert "各县还没有做过预测" in city


@pytest.mark.usefixtures("history")
def test_page_when_a_supervisor_looks_then_lists_the_latest_of_each_county(office, run, world, client_for) -> None:
    made(office, run)
    latest = made(office, run, assumptions=AGES)
    page = client_for(world.member(Role.SUPERVISOR, "city")).get(reverse("plans:forecasts"))

    assert [entry.pk for entry in page.context["forecasts"]] == [latest.pk]


def test_start_page_when_sent_then_leads_to_the_progress(run, client) -> None:
    address = reverse("plans:start_forecast")
    form = client.get(address).context["form"]
    file = SimpleUploadedFile("a.json", b'{"births": {}}')
    answer = client.post(address, {"run": run.pk, "to_year": YEAR + 3, "assumptions": file, "send_key": "k"})
    forecast = Forecast.objects.get()
    waiting = client.get(reverse("plans:forecast", args=[forecast.pk])).content.decode()

    assert form.initial["to_year"] == YEAR + 4
    assert (answer.status_code, forecast.assumptions) == (302, {"births": {}})
    assert f"job-{forecast.job_id}" in waiting


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"to_year": YEAR}, "之间的年份"),
        ({"assumptions": SimpleUploadedFile("a.json", b"{")}, "不是 JSON"),
        ({"assumptions": SimpleUploadedFile("a.json", b"[]")}, "一个 JSON 对象"),
        ({"assumptions": SimpleUploadedFile("a.json", b" " * (2 * 2**20 + 1))}, "文件太大"),
    ],
)
def test_start_page_when_something_is_wrong_then_says_so_at_the_field(run, client, given, words) -> None:
    for value in given.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    page = client.post(reverse("plans:start_forecast"), {"run": run.pk, "to_year": YEAR + 3, **given})

    assert words in page.content.decode()
    assert not Forecast.objects.exists()


def test_start_page_when_there_is_no_run_then_leads_to_one(world, client) -> None:
    assert reverse("evaluations:start") in client.get(reverse("plans:start_forecast")).content.decode()


@pytest.mark.usefixtures("history")
def test_workbook_when_downloaded_then_is_the_file_and_404_when_it_is_gone(office, run, client) -> None:
    forecast = made(office, run)
    address = reverse("plans:forecast_workbook", args=[forecast.pk])
    content = b"".join(client.get(address).streaming_content)
    located(forecast.workbook, FOLDER).unlink()

    assert ZipFile(BytesIO(content)).testzip() is None
    assert client.get(address).status_code == 404


TEACHERS: dict[str, Any] = {
    "teacher_ages": [{"school_id": "9900000001", "stage": "primary", "group": "女", "ages": "54=3;30=40"}],
    "retirement_ages": [{"group": "女", "age": 55}],
    "attrition": 1,
}


@pytest.mark.usefixtures("history")
def test_start_page_when_a_scenario_is_chosen_then_its_assumptions_count(office, run, client) -> None:
    scenario = scenario_of(office, run, **TEACHERS)
    client.post(reverse("plans:start_forecast"), {"run": run.pk, "to_year": YEAR + 2, "scenario": scenario.pk})
    run_pending()
    forecast = Forecast.objects.get()
    rows = {row["school_id"]: row["years"] for row in forecast_of(forecast)["teachers"]}

    assert forecast.assumptions == {"scenario": TEACHERS}
    assert rows["9900000001"][0]["retired"] == 3
    assert set(rows) == {"9900000001", "9900000002", "9900000003"}  # the others lose a hundredth a year


def test_start_page_when_scenario_and_file_are_given_then_asks_for_one(office, run, client) -> None:
    scenario = scenario_of(office, run)
    file = SimpleUploadedFile("a.json", b'{"births": {}}')
    given = {"run": run.pk, "to_year": YEAR + 2, "scenario": scenario.pk, "assumptions": file}

    assert "选了方案就不用再交文件" in client.post(reverse("plans:start_forecast"), given).content.decode()
    assert not Forecast.objects.exists()


@pytest.mark.usefixtures("history")
def test_worker_when_the_scenario_assumes_something_wrong_then_the_job_says_what(office, run) -> None:
    wrong = {**TEACHERS, "retirement_ages": []}
    forecast = forecasts.start(by=office, run=run, to_year=YEAR + 2, assumptions={"scenario": wrong})
    run_pending()

    assert "没有退休年龄" in Job.objects.get(pk=forecast.job_id).error
