"""Documents of a run: ordered, made in the worker, downloaded, verified."""

import json
import os
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.cache import cache

from junheng.core.errors import InputError
from junheng.web.access.roles import Role
from junheng.web.audit.chain import verify
from junheng.web.audit.models import Entry
from junheng.web.documents import actions, limits
from junheng.web.documents.background import sweep
from junheng.web.documents.files import located, store, strays
from junheng.web.documents.models import Document, Kind
from junheng.web.documents.queries import cleaned_code
from junheng.web.evaluations.actions import start
from junheng.web.evaluations.models import Run
from junheng.web.jobs.models import Job, State
from junheng.web.jobs.worker import run_pending
from tests.web.evaluations.county import STANDARD, YEAR, finished_run


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def office(world):
    return world.actor(Role.COUNTY_OFFICE, "county")


@pytest.fixture
def run(office, world) -> Run:
    made = finished_run(office, world["county"], publish=True)
    Job.objects.update(state=State.DONE)
    return made


@pytest.fixture
def client(world, client_for):
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))


def made(office, run: Run, *kinds: str) -> list[Document]:
    actions.order(by=office, run=run, kinds=kinds)
    assert run_pending() == 1
    return list(Document.objects.filter(run=run))


# --------------------------------------------------------------------------------------------------------------- ordering


def test_order_when_asked_twice_then_gives_the_same_job(office, run) -> None:
    first = actions.order(by=office, run=run, kinds=["gaps", "verdict"])

    assert actions.order(by=office, run=run, kinds=["verdict", "gaps"]).pk == first.pk
    assert first.arguments == {"run_id": run.pk, "kinds": ["gaps", "verdict"], "made_by": office.name}
    assert Entry.objects.filter(action="documents.order").earliest("sequence").subject == f"run:{run.pk}"


def test_order_when_the_job_failed_then_a_new_one_is_made(office, run) -> None:
    first = actions.order(by=office, run=run, kinds=["gaps"])
    Job.objects.filter(pk=first.pk).update(state=State.FAILED)

    assert actions.order(by=office, run=run, kinds=["gaps"]).pk != first.pk


@pytest.mark.parametrize("kinds", [[], ["poster"], ["gaps", "poster"]])
def test_order_when_a_kind_is_unknown_then_refuses(office, run, kinds) -> None:
    with pytest.raises(InputError):
        actions.order(by=office, run=run, kinds=kinds)


def test_order_when_the_run_is_not_finished_then_refuses(office, world) -> None:
    waiting = start(by=office, county=world["county"], year=YEAR, standard=STANDARD, source="approved")

    with pytest.raises(InputError, match="还没有完成"):
        actions.order(by=office, run=waiting, kinds=["gaps"])


# ----------------------------------------------------------------------------------------------------------------- making


def test_make_when_the_worker_runs_then_files_lie_under_random_names_with_their_hash(office, run) -> None:
    (document,) = made(office, run, "verdict")

    content = located(document.path).read_bytes()
    assert sha256(content).hexdigest() == document.sha256
    assert (document.size, document.created_by, document.name) == (len(content), office.name, "verdict.json")
    assert document.name not in document.path
    assert json.loads(content)["digest"] == run.verdict_digest
    assert Entry.objects.get(action="documents.keep").after == {"verdict.json": document.sha256}
    assert not list(verify())


def test_make_when_it_comes_twice_then_documents_stay_as_they_are(office, run) -> None:
    (document,) = made(office, run, "verdict")
    job = Job.objects.get(kind=actions.JOB)
    Job.objects.filter(pk=job.pk).update(state=State.QUEUED)

    run_pending()

    assert Document.objects.get().path == document.path


def test_make_when_plans_are_ordered_then_each_belongs_to_its_school(office, run, world) -> None:
    documents = made(office, run, "school_plans")

    assert world["school"] in {document.school for document in documents}
    assert all(document.kind == Kind.SCHOOL_PLANS for document in documents)


def test_keep_when_a_name_is_there_then_keeps_the_first_and_writes_no_row(office, run) -> None:
    first = store(b"1", kind="gaps", name="差距清单.xlsx")
    actions.keep(by=office, run=run, made_by="甲", files=[first])

    again = actions.keep(by=office, run=run, made_by="甲", files=[store(b"2", kind="gaps", name="差距清单.xlsx")])

    assert again == []
    assert Document.objects.get().sha256 == first.sha256
    assert Entry.objects.filter(action="documents.keep").count() == 1
    assert [path.read_bytes() for path in strays({first.path})] == [b"2"]


def test_strays_when_there_is_no_folder_then_none() -> None:
    assert list(strays(set())) == []


def test_sweep_when_a_worker_was_killed_then_its_old_files_go_and_all_others_stay(office, run) -> None:
    kept, fresh, old = (store(text, kind="gaps", name="差距清单.xlsx") for text in (b"1", b"2", b"3"))
    actions.keep(by=office, run=run, made_by="甲", files=[kept])
    half = located(old.path).with_suffix(".xlsx.part")
    half.write_bytes(b"4")
    for path in (located(kept.path), located(old.path), half):
        os.utime(path, times=(0, 0))

    assert (sweep(), sweep()) == (2, 0)
    assert {path.name for path in located(kept.path).parent.iterdir()} == {kept.path, fresh.path}


def test_sweep_when_another_worker_was_faster_then_there_is_nothing_to_do(office, run, monkeypatch) -> None:
    gone = located("gone.xlsx")
    monkeypatch.setattr("junheng.web.documents.background.strays", lambda _known: [gone])

    assert sweep() == 0


# ------------------------------------------------------------------------------------------------------------------ pages


def test_list_when_nothing_is_made_then_offers_to_make_it(client, run) -> None:
    shown = client.get("/documents/").content.decode()

    assert "生成文书" in shown
    assert run.code in shown


def test_list_when_there_is_no_run_then_says_so(client) -> None:
    assert "还没有可以生成文书的评估" in client.get("/documents/").content.decode()


def test_list_when_documents_are_there_then_links_them_in_constant_queries(
    client, office, run, world, django_assert_max_num_queries
) -> None:
    documents = made(office, run, "verdict", "school_plans")
    client.get("/documents/")

    with django_assert_max_num_queries(12):
        shown = client.get(f"/documents/?run={run.pk}").content.decode()

    assert all(f'href="/documents/{document.pk}/"' in shown for document in documents)
    assert client.get("/documents/?run=x").status_code == 404


def test_make_page_when_posted_then_leads_to_the_progress(client, run) -> None:
    answer = client.post(f"/documents/runs/{run.pk}/make/", {"kinds": ["gaps"]})

    job = Job.objects.get(kind=actions.JOB)
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    assert "jobs" in client.get("/documents/").content.decode()


def test_make_page_when_nothing_is_chosen_then_says_so(client, run) -> None:
    answer = client.post(f"/documents/runs/{run.pk}/make/", {}, follow=True)

    assert "请至少选择一种文书" in answer.content.decode()


def test_download_when_allowed_then_is_an_attachment_of_its_type(client, office, run) -> None:
    made(office, run, "school_plans")
    document = Document.objects.filter(school__isnull=False).earliest("pk")

    answer = client.get(f"/documents/{document.pk}/")

    content = answer.getvalue()
    assert sha256(content).hexdigest() == document.sha256
    assert ZipFile(BytesIO(content)).testzip() is None
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")


def test_download_when_the_file_is_gone_then_not_found(client, office, run) -> None:
    (document,) = made(office, run, "verdict")
    located(document.path).unlink()

    assert client.get(f"/documents/{document.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.LEADER, "county", 200),
        (Role.SUPERVISOR, "city", 200),
        (Role.DEPARTMENT, "finance", 403),
        (Role.PRINCIPAL, "school", 403),
        (Role.TOWNSHIP, "township", 403),
        (Role.COUNTY_OFFICE, "neighbour", 404),
        (Role.SUPERVISOR, "far_city", 404),
    ],
)
def test_download_when_somebody_asks_then_only_whom_it_concerns(
    world, client_for, office, run, role, place, status
) -> None:
    (document,) = made(office, run, "verdict")
    browser = client_for(world.member(role, place))

    answer = browser.get(f"/documents/{document.pk}/")
    answer.getvalue()  # reads a file to its end, which closes it
    assert answer.status_code == status
    posted = browser.post(f"/documents/runs/{run.pk}/make/", {"kinds": ["gaps"]}).status_code
    assert posted == (404 if (role, place) == (Role.COUNTY_OFFICE, "neighbour") else 403)


# ----------------------------------------------------------------------------------------------------------- verification


def test_verify_when_the_printed_code_is_right_then_says_whose_it_is_and_no_more(run, client_for, db, client) -> None:
    from django.test import Client  # a visitor, not signed in

    answer = Client().get(f"/documents/verify/{run.code}/")

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert all(text in shown for text in ("校验码有效", "青石县", str(YEAR), run.verdict_digest, "已发布"))
    assert "达标" not in shown
    assert run.hash not in shown


def test_verify_when_people_type_it_loosely_then_still_finds_it(client, run) -> None:
    typed = f" {run.code[:4].upper()}-{run.code[4:8]} {run.code[8:]} "

    assert "校验码有效" in client.get("/documents/verify/", {"code": typed}).content.decode()
    assert "校验码有效" in client.get("/documents/verify/", {"code": run.verdict_digest}).content.decode()


def test_verify_when_it_is_the_hash_of_a_file_then_says_so(client, office, run) -> None:
    (document,) = made(office, run, "verdict")

    assert "文件内容没有改动" in client.get(f"/documents/verify/{document.sha256}/").content.decode()


def test_verify_when_it_is_a_trial_then_says_so(client, office, world) -> None:
    trial = finished_run(office, world["county"], source="trial", more=7)

    assert "不得上报" in client.get(f"/documents/verify/{trial.code}/").content.decode()


@pytest.mark.parametrize(
    ("code", "said"),
    [("0" * 16, "没有找到"), ("f" * 64, "没有找到"), ("12", "这不是校验码"), ("zz" * 8, "这不是校验码")],
)
def test_verify_when_the_code_is_wrong_then_says_what_to_do(client, run, code, said) -> None:
    answer = client.get(f"/documents/verify/{code}/")

    assert (answer.status_code, said in answer.content.decode()) == (404, True)


def test_verify_when_nothing_is_asked_then_shows_the_form(client) -> None:
    assert client.get("/documents/verify/").status_code == 200


def test_verify_when_one_address_asks_too_often_then_has_to_wait(client, run, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MOST_PER_MINUTE", 2)

    answers = [client.get(f"/documents/verify/{run.code}/").status_code for _ in range(3)]

    assert answers[-1] == 429 or answers.count(200) == 2  # the minute may change between two questions


def test_code_when_cleaned_then_only_hexadecimal_of_the_right_length() -> None:
    assert cleaned_code("ABCD ef01-2345 6789") == "abcdef0123456789"
    assert cleaned_code("abc") == ""
    assert cleaned_code("g" * 16) == ""
