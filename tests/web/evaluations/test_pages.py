"""What the pages show, and how many queries they take."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junheng import api
from junheng.web.access.roles import Role
from junheng.web.evaluations.models import Publication, Run, SchoolResult, Source
from junheng.web.jobs.models import Job, State
from tests.web.evaluations.county import STANDARD, YEAR, finished_run
from tests.web.layout.chinese import unmarked


@pytest.fixture
def client(world, client_for):
    """The county office's browser."""
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_dashboard_when_a_run_stands_then_says_the_verdict_and_what_to_do_first(client, run) -> None:
    shown = text_of(client.get("/"))

    assert "青石县2025 年度没有达到" in shown
    assert "先解决什么" in shown
    assert "下一步" in shown
    assert f"/runs/{run.pk}/explain/part:resources/" in shown
    assert "发布为年度结论" in shown
    assert run.code in shown
    assert "青石镇示例小学" in shown


@pytest.mark.parametrize("where", ["", "brief/", "departments/", "explain/", "schools/"])
def test_pages_when_english_then_texts_of_rules_are_called_chinese_and_one_line_says_so(client, run, where) -> None:
    client.cookies.load({"django_language": "en"})

    shown = client.get(f"/runs/{run.pk}/{where}").content.decode()

    assert unmarked(shown) == []
    assert shown.count("shown in the original Chinese") == 1


def test_standards_when_english_then_a_column_with_one_of_them_is_called_standard(client, published) -> None:
    client.cookies.load({"django_language": "en"})

    assert '<th scope="col">Standard</th>' in client.get("/runs/").content.decode()
    assert "<h1>Standards</h1>" in client.get("/standards/").content.decode()


def test_dashboard_when_published_then_that_run_is_shown_and_not_a_newer_one(client, office, world, published) -> None:
    newer = finished_run(office, world["county"], more=1)

    shown = text_of(client.get("/"))

    assert published.code in shown
    assert newer.code not in shown
    assert "发布为年度结论" not in shown


def test_dashboard_when_there_are_years_then_shows_the_trend_and_the_change(client, office, world, published) -> None:
    finished_run(office, world["county"], year=YEAR - 1, more=60, publish=True)

    shown = text_of(client.get("/"))

    assert "历年变化" in shown
    assert "达标率" in shown
    assert f'href="/runs/{published.pk}/"' in shown


def test_dashboard_when_there_is_no_run_then_says_what_to_do(client, world, client_for) -> None:
    assert "先试算" in text_of(client.get("/"))
    assert "县级管理员发起" in text_of(client_for(world.member(Role.LEADER, "county")).get("/"))


def test_dashboard_when_the_standard_judges_no_school_then_shows_what_it_has(client, office, world) -> None:
    finished_run(office, world["county"], standard="cn-2012-basic-balance")

    shown = text_of(client.get("/"))

    assert "综合" in shown
    assert "乡镇达标情况" in shown


def test_dashboard_when_scored_then_shows_points(client, office, world) -> None:
    finished_run(office, world["county"], standard="hunan-2018")

    assert "量化计分" in text_of(client.get("/"))


@pytest.mark.parametrize(
    ("role", "place", "leads_to"),
    [
        (Role.SUPERVISOR, "city", "/region/"),
        (Role.SYSTEM_ADMIN, "county", "/accounts/people/"),
        (Role.SECURITY_ADMIN, "county", "/accounts/people/"),
        (Role.AUDIT_ADMIN, "county", "/audit/"),
    ],
)
def test_dashboard_when_somebody_sees_no_county_then_leads_to_their_work(
    world, client_for, role, place, leads_to
) -> None:
    answer = client_for(world.member(role, place)).get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)


def test_dashboard_when_a_school_opens_it_then_leads_to_its_page(world, client_for) -> None:
    answer = client_for(world.member(Role.REPORTER, "school")).get("/")

    assert answer.headers["Location"] == f"/schools/{world['school'].pk}/"


def test_pages_when_there_are_more_runs_then_take_no_more_queries(client, office, world, published) -> None:
    school, run = world["school"].pk, f"/runs/{published.pk}"
    addresses = ["/", f"{run}/", f"{run}/brief/", f"{run}/explain/", f"{run}/explain/school:9900000001/"]
    addresses += [f"{run}/schools/", f"{run}/departments/", f"/schools/{school}/", "/runs/"]
    for number in (1, 2):
        finished_run(office, world["county"], year=YEAR - number, publish=True)
    before = {address: queries_of(client, address) for address in addresses}
    for number in (3, 4):
        finished_run(office, world["county"], year=YEAR - number, publish=True)

    after = {address: queries_of(client, address) for address in addresses}

    assert after == before
    assert max(before.values()) <= 14


def queries_of(client, address: str) -> int:
    """How many queries a page takes once what is kept in memory is there."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_region_when_there_are_counties_then_ranks_them_with_constant_queries(
    world, office, published, client_for, django_assert_max_num_queries
) -> None:
    finished_run(world.actor(Role.COUNTY_OFFICE, "neighbour"), world["neighbour"], more=60)
    supervisor = client_for(world.member(Role.SUPERVISOR, "province"))
    supervisor.get("/region/")

    with django_assert_max_num_queries(16):
        shown = text_of(supervisor.get("/region/"))

    assert shown.index(">青石县</a>") < shown.rindex(">白沙县</a>")
    assert "远方县" not in shown
    assert f"/runs/{published.pk}/explain/dispersion" in shown
    below = supervisor.get(f"/region/{world['city'].pk}/?year={YEAR}")
    assert "示例市" in text_of(below)
    assert supervisor.get(f"/region/{world['far_city'].pk}/").status_code == 404
    assert "没有达到" in text_of(supervisor.get(f"/counties/{world['county'].pk}/"))
    assert supervisor.get(f"/counties/{world['far_county'].pk}/").status_code == 404


def test_region_when_nothing_is_judged_then_says_so(world, client_for) -> None:
    shown = text_of(client_for(world.member(Role.SUPERVISOR, "city")).get("/region/?year=1"))

    assert "这一年度还没有用已审定数据的评估" in shown


def test_region_when_somebody_has_one_county_then_leads_to_the_dashboard(client) -> None:
    assert client.get("/region/").headers["Location"] == "/"


def test_heat_table_when_filtered_then_shows_those_schools_only(client, published) -> None:
    address = f"/runs/{published.pk}/schools/"
    failing = text_of(client.get(address, {"failing": "1", "stage": "primary"}))
    one = text_of(client.get(address, {"township": "青石镇"}))
    unknown = text_of(client.get(address, {"township": "没有", "stage": "x", "sort": "y"}))

    assert "青石县第一初级中学" not in failing
    assert "青石县第一小学" not in one
    assert "青石镇示例小学" in one
    assert "3 / 3" in unknown


def test_heat_table_when_asked_by_htmx_then_gives_the_part(client, published) -> None:
    answer = client.get(f"/runs/{published.pk}/schools/", {"sort": "-students"}, headers={"HX-Request": "true"})
    shown = text_of(answer)

    assert "<html" not in shown
    assert 'aria-sort="descending"' in shown
    assert "?sort=students" in shown


def test_heat_table_when_nothing_fits_then_says_so(client, office, world) -> None:
    run = finished_run(office, world["county"], standard="cn-2012-basic-balance")

    assert "没有符合条件的学校" in text_of(client.get(f"/runs/{run.pk}/schools/", {"failing": "1"}))


def test_school_page_when_years_are_there_then_shows_gaps_failures_and_history(
    client, office, world, published
) -> None:
    finished_run(office, world["county"], year=YEAR - 1, more=5, publish=True)
    address = f"/schools/{world['school'].pk}/"
    shown = text_of(client.get(address))

    assert "到标准还缺" in shown
    assert "其他不符合要求的地方" in shown
    assert "历年达标项数" in shown
    assert f"{YEAR - 1} 年度" in text_of(client.get(address, {"run": Run.objects.get(year=YEAR - 1).pk}))
    assert client.get(address, {"run": "0"}).status_code == 404


def test_school_page_when_a_resource_is_shared_then_says_what_the_school_adds_and_whom_it_serves(
    client, world, published
) -> None:
    row = SchoolResult.objects.get(run=published, code=world["school"].code)
    shared = {"may_stay": True, "of_school": "10间", "of_school_to_floor": "7间", "also_serves": ["junior"]}
    known = {name: row.gaps[0][name] for name in ("id", "short", "to_threshold", "to_floor")}
    SchoolResult.objects.filter(pk=row.pk).update(gaps=[known | shared])
    address = f"/schools/{world['school'].pk}/"

    assert "可暂留在底线，增加 7间" in (shown := text_of(client.get(address)))
    assert "与初中共用，按较大的数增加一次" in shown
    # a run that was kept before these were told
    SchoolResult.objects.filter(pk=row.pk).update(gaps=[known | {"may_stay": True, "of_school": "10间"}])
    assert "可暂留在底线</small>" in (shown := text_of(client.get(address)))
    assert "共用" not in shown


def test_school_page_when_nothing_is_published_then_says_so(world, run, client_for) -> None:
    shown = text_of(client_for(world.member(Role.PRINCIPAL, "school")).get(f"/schools/{world['school'].pk}/"))

    assert "还没有本校的评估结论" in shown


def test_plan_when_the_school_has_something_to_put_right_then_is_a_download(client, published, world) -> None:
    answer = client.get(f"/runs/{published.pk}/schools/{world['school'].pk}/plan/")

    assert answer.content[:2] == b"PK"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_plan_when_the_school_has_nothing_to_put_right_then_not_found(client, office, world) -> None:
    run = finished_run(office, world["county"], standard="cn-2012-basic-balance")

    assert client.get(f"/runs/{run.pk}/schools/{world['town_school'].pk}/plan/").status_code == 404


def test_departments_when_a_department_opens_it_then_its_own_facts_come_first(world, published, client_for) -> None:
    department = client_for(world.member(Role.DEPARTMENT, "personnel"))

    own = text_of(department.get(f"/runs/{published.pk}/departments/"))
    other = text_of(department.get(f"/runs/{published.pk}/departments/", {"reporter": "财政局"}))

    assert "教育局人事股负责的数据" in own
    assert "财政局负责的数据" in other


def test_runs_when_listed_then_shows_their_state(client, office, world, published) -> None:
    finished_run(office, world["county"], source=Source.TRIAL)
    year = timezone.localdate().year
    client.post("/runs/start/", {"year": year, "standard": STANDARD, "source": "trial"})
    failed = Run.objects.get(finished_at=None)
    shown = text_of(client.get("/runs/"))
    assert "进行中" in shown
    Job.objects.filter(pk=failed.job_id).update(state=State.FAILED, error="出错了。")

    shown = text_of(client.get("/runs/"))

    assert all(word in shown for word in ("已发布", "试算", "失败"))
    assert "出错了。" in text_of(client.get(f"/runs/{failed.pk}/"))
    Job.objects.filter(pk=failed.job_id).update(state=State.CANCELLED)
    assert "已取消" in text_of(client.get("/runs/"))


def test_start_when_filled_in_then_leads_to_the_progress(client, world) -> None:
    year = timezone.localdate().year  # the form offers it when there was no round
    assert "还没有开启过填报" in text_of(client.get("/runs/start/"))

    answer = client.post("/runs/start/", {"year": year, "standard": STANDARD, "source": "approved"})

    run = Run.objects.get()
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    assert "排队中" in text_of(client.get(f"/runs/{run.pk}/"))
    Run.objects.filter(pk=run.pk).update(job_id=0)
    assert "重新发起评估" in text_of(client.get(f"/runs/{run.pk}/"))


def test_start_when_something_is_wrong_then_shows_it_at_the_field(client) -> None:
    answer = client.post("/runs/start/", {"year": "1", "standard": "no", "source": ""})

    assert answer.status_code == 200
    assert not Run.objects.exists()


def test_start_when_another_standard_is_chosen_then_offers_its_exceptions(client) -> None:
    with_some = text_of(client.get("/runs/start/", {"standard": STANDARD}))
    without = text_of(client.get("/runs/start/", {"standard": "cn-2012-basic-balance"}))

    assert api.standard_of(STANDARD).exceptions[0].name in with_some
    assert "过渡性例外" not in without


def test_publish_when_posted_then_the_run_stands_for_its_year(client, run) -> None:
    answer = client.post(f"/runs/{run.pk}/publish/", follow=True)

    assert Publication.objects.get().run_id == run.pk
    assert "已发布为" in text_of(answer)


def test_publish_when_it_is_a_trial_then_says_why_not(client, office, world) -> None:
    trial = finished_run(office, world["county"], source=Source.TRIAL)

    assert "试算结果不能发布" in text_of(client.post(f"/runs/{trial.pk}/publish/", follow=True))


def test_run_when_it_has_no_result_yet_then_the_page_names_its_standard(client, run) -> None:
    Run.objects.update(finished_at=None, figures={}, outcome="")

    shown = text_of(client.get(f"/runs/{run.pk}/"))

    assert api.standard_of(STANDARD).title in shown
    assert STANDARD not in shown


def test_compare_when_two_runs_are_chosen_then_says_who_flips(client, office, world, published) -> None:
    other = finished_run(office, world["county"], more=400)

    shown = text_of(client.get("/runs/compare/", {"before": published.pk, "after": other.pk}))
    same = text_of(client.get("/runs/compare/", {"before": published.pk, "after": published.pk}))

    assert "结论改变的" in shown
    assert "没有结论改变" in same
    assert "请选择" in text_of(client.get("/runs/compare/"))
    title = api.standard_of(STANDARD).title
    options = re.findall(r"<option[^>]*>([^<]*)", same)
    assert sum(title in option for option in options) == 4  # two runs in each of two lists
    assert not any(STANDARD in option for option in options)
    assert client.get("/runs/compare/", {"before": "9" * 30}).status_code == 404


def test_standards_when_opened_then_show_numbers_clauses_and_cases(client) -> None:
    assert "县域义务教育优质均衡" in text_of(client.get("/standards/"))
    shown = text_of(client.get(f"/standards/{STANDARD}/"))

    assert "算例" in shown
    assert "4.2人" in shown
    assert client.get("/standards/none/").status_code == 404


def test_standards_when_compared_on_a_run_then_say_what_differs_and_who_flips(client, published) -> None:
    both = {"a": STANDARD, "b": "hunan-2018", "on": "2025-12-31"}

    shown = text_of(client.get("/standards/compare/", {**both, "run": published.pk}))
    plain = text_of(client.get("/standards/compare/", {**both, "on": "nonsense"}))

    assert "条文和数值的不同" in shown
    assert "结论改变的" in shown
    assert "结论改变的" not in plain
    assert "请选择" in text_of(client.get("/standards/compare/"))


def test_standards_when_compared_on_a_run_then_every_kind_of_flip_has_its_word(client, published) -> None:
    both = {"a": "cn-2012-basic-balance", "b": "hunan-2018", "on": "2025-12-31", "run": published.pk}

    shown = text_of(client.get("/standards/compare/", both))

    kinds = set(re.findall(r'<td class="text-nowrap d-none d-md-table-cell">([^<]*)</td>', shown))
    assert {"综合差异系数", "全县平均值", "量化计分"} <= kinds
    assert not [kind for kind in kinds if kind.isascii()]


def test_explain_when_it_is_a_trial_then_every_page_says_so(client, office, world) -> None:
    trial = finished_run(office, world["county"], source=Source.TRIAL)

    assert "试算" in text_of(client.get(f"/runs/{trial.pk}/explain/"))
    assert "不能上报" in text_of(client.get(f"/runs/{trial.pk}/"))
