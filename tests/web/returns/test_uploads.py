"""Workbooks on their way into drafts: kept, read, previewed, applied; what is refused on the way."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from junheng.web.access.roles import Role
from junheng.web.returns.actions import rounds, uploads
from junheng.web.returns.errors import RefusedError
from junheng.web.returns.models import Return, Round, State, Upload
from junheng.web.returns.uploading import clean_name, folder, path_of
from tests.web.returns.reporting import entry_of, fill_school, open_round, submit, version_of, workbook
from tests.web.world import World


@pytest.fixture
def opened(world: World) -> Round:
    return open_round(world)


def school_rows(code: str = "9900000001", **values: Any) -> dict[str, list[dict[str, Any]]]:
    return {
        "schools": [{"school_id": code, "school_name": "学校", "book_count": 5000, **values}],
        "rooms": [{"school_id": code, "room_name": "新音乐室", "purpose": "music", "area": 9800}],
    }


def send(world: World, opened: Round, file: SimpleUploadedFile, place: str = "school") -> Upload:
    role, entry = (Role.COUNTY_OFFICE, None) if place == "county" else (Role.REPORTER, entry_of(world, place).pk)
    return uploads.receive(by=world.actor(role, place), round_id=opened.pk, file=file, return_id=entry)


def put_in(world: World, upload: Upload, place: str = "school") -> Upload:
    role = Role.COUNTY_OFFICE if place == "county" else Role.REPORTER
    seen = uploads.fingerprint(uploads.plans(upload))
    return uploads.apply(by=world.actor(role, place), upload_id=upload.pk, seen=seen)


def test_upload_when_the_same_file_is_sent_twice_then_one_upload_and_one_file_wait(
    world: World, opened: Round, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "本校.xlsx", school_rows())
    first = send(world, opened, file)
    file.seek(0)

    assert send(world, opened, file) == first
    assert [path.name for path in folder().iterdir()] == [first.stored_name]


def test_upload_when_a_school_sends_its_workbook_then_the_preview_says_what_would_change(
    world: World, opened: Round, tmp_path: Path
) -> None:
    fill_school(world)
    upload = send(world, opened, workbook(tmp_path / "本校.xlsx", school_rows()))

    (plan,) = uploads.plans(upload)

    assert plan.merge is not None
    change = next(change for change in plan.merge.changes if change.label == "图书（册）")
    assert (change.before, change.after) == ("4200 册", "5000 册")
    assert change.place.startswith("学校 ")
    assert plan.merge.added == (("rooms", "9900000001:新音乐室"),)
    assert {key for _, key in plan.merge.removed} == {"9900000001:音乐教室", "9900000001:美术教室"}
    assert version_of(entry_of(world, "school")).values["schools"][0]["book_count"] == 4200


def test_upload_when_applied_then_the_draft_holds_the_values_with_their_cells(
    world: World, opened: Round, tmp_path: Path
) -> None:
    upload = send(world, opened, workbook(tmp_path / "本校.xlsx", school_rows()))

    assert put_in(world, upload).state == Upload.State.APPLIED

    version = version_of(entry_of(world, "school"))
    assert version.values["schools"][0]["book_count"] == 5000
    assert version.values["schools"][0]["school_name"] == "青石镇示例小学"  # the tree's, not the workbook's
    origin = version.origins["list"][version.origins["of"]["schools|9900000001|book_count"]]
    assert (origin["kind"], origin["file"], origin["sheet"]) == ("workbook", "本校.xlsx", "学校")
    assert origin["cell"]
    assert version.findings
    assert put_in(world, Upload.objects.get(pk=upload.pk)).pk == upload.pk  # twice is once
    assert Upload.objects.get(pk=upload.pk).rows == {}


def test_upload_when_the_draft_moved_on_after_the_preview_then_it_must_be_looked_at_again(
    world: World, opened: Round, tmp_path: Path
) -> None:
    upload = send(world, opened, workbook(tmp_path / "a.xlsx", school_rows()))
    seen = uploads.fingerprint(uploads.plans(upload))
    fill_school(world)

    with pytest.raises(RefusedError, match="重新核对预览"):
        uploads.apply(by=world.actor(Role.REPORTER, "school"), upload_id=upload.pk, seen=seen)


def test_upload_when_the_county_sends_all_schools_then_drafts_are_filled_and_others_left_alone(
    world: World, opened: Round, tmp_path: Path
) -> None:
    fill_school(world)
    submit(world)
    codes = ("9900000001", "9900000002", "9999999999")
    rows = {"schools": [school_rows(code)["schools"][0] for code in codes]}
    upload = send(world, opened, workbook(tmp_path / "全县.xlsx", rows), "county")

    put_in(world, upload, "county")

    assert version_of(entry_of(world, "town_school")).values["schools"][0]["book_count"] == 5000
    assert version_of(entry_of(world, "school")).values["schools"][0]["book_count"] == 4200
    codes_found = [finding["code"] for finding in upload.findings]
    assert codes_found.count("upload-school-unknown") == 1


def test_upload_when_one_school_is_over_its_time_then_only_it_is_left_alone(
    world: World, opened: Round, tmp_path: Path
) -> None:
    rows = {"schools": [school_rows(code)["schools"][0] for code in ("9900000001", "9900000002")]}
    upload = send(world, opened, workbook(tmp_path / "全县.xlsx", rows), "county")
    office = world.actor(Role.COUNTY_OFFICE, "county")
    rounds.lock(by=office, round_id=opened.pk)
    rounds.extend(by=office, return_id=entry_of(world, "school").pk, until=opened.due_on, reason="补报")

    plans = {plan.entry.organisation.code: plan for plan in uploads.plans(upload)}

    assert plans["9900000001"].merge is not None
    assert "锁定" in plans["9900000002"].refusal


def test_upload_when_a_department_sends_county_figures_then_only_its_own_are_taken(
    world: World, opened: Round, tmp_path: Path
) -> None:
    rows = {"county": [{"county_code": "990101", "population": 300_000, "fiscal_revenue_per_capita": 2000}]}
    entry = entry_of(world, "finance")
    by = world.actor(Role.DEPARTMENT, "finance")
    upload = uploads.receive(by=by, round_id=opened.pk, file=workbook(tmp_path / "财政.xlsx", rows), return_id=entry.pk)

    uploads.apply(by=by, upload_id=upload.pk, seen=uploads.fingerprint(uploads.plans(upload)))

    assert version_of(entry).values["county"][0]["fiscal_revenue_per_capita"] == 2000
    assert "population" not in version_of(entry).values["county"][0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("a.exe", b"x", "只能上传"), ("a.xlsx", b"", "空的"), ("noending", b"x", "只能上传")],
)
def test_upload_when_the_file_is_no_workbook_then_it_is_refused(
    world: World, opened: Round, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        send(world, opened, SimpleUploadedFile(name, content))


def test_upload_when_the_file_is_too_large_then_it_is_refused(world: World, opened: Round, monkeypatch) -> None:
    monkeypatch.setattr("junheng.web.returns.uploading.MOST_BYTES", 1)

    with pytest.raises(RefusedError, match="超过"):
        send(world, opened, SimpleUploadedFile("a.xlsx", b"xx"))


def test_upload_when_nothing_can_be_read_then_it_is_kept_and_says_why(world: World, opened: Round) -> None:
    upload = send(world, opened, SimpleUploadedFile("假.xlsx", b"not a workbook"))

    assert upload.state == Upload.State.UNREADABLE
    assert "假.xlsx" in upload.findings[0]["message"]
    with pytest.raises(RefusedError, match="无法读取"):
        put_in(world, upload)


def test_upload_when_kept_then_the_name_is_random_and_only_the_owner_may_read_it(
    world: World, opened: Round, tmp_path: Path
) -> None:
    upload = send(world, opened, workbook(tmp_path / "本校.xlsx", school_rows()))

    path = path_of(upload.stored_name)
    assert path.parent == Path(settings.MEDIA_ROOT) / "uploads"
    assert "本校" not in path.name
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "clean"),
    [("..\\..\\a b.xlsx", "a b.xlsx"), ("/etc/x.xlsx", "x.xlsx"), (" .xlsx", "工作簿.xlsx"), ("x" * 200, "x" * 80)],
)
def test_name_when_cleaned_then_it_is_fit_for_any_disk(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ((Role.PRINCIPAL, "school"), "school"),
        ((Role.REPORTER, "town_school"), "school"),
        ((Role.REPORTER, "school"), None),
        ((Role.SUPERVISOR, "city"), None),
    ],
)
def test_upload_when_the_actor_may_not_then_it_is_refused(
    world: World, opened: Round, who: tuple[Role, str], place: str | None
) -> None:
    with pytest.raises(RefusedError, match="不能为这份填报"):
        uploads.receive(
            by=world.actor(*who),
            round_id=opened.pk,
            file=SimpleUploadedFile("a.xlsx", b"x"),
            return_id=entry_of(world, place).pk if place else None,
        )


def test_upload_when_the_round_is_locked_or_unseen_then_it_is_refused(world: World, opened: Round) -> None:
    file = SimpleUploadedFile("a.xlsx", b"x")
    with pytest.raises(RefusedError, match="没有这一轮"):
        uploads.receive(by=world.actor(Role.COUNTY_OFFICE, "neighbour"), round_id=opened.pk, file=file)
    rounds.lock(by=world.actor(Role.COUNTY_OFFICE, "county"), round_id=opened.pk)
    for place in ("county", "school"):
        with pytest.raises(RefusedError, match="锁定"):
            send(world, opened, file, place)


def test_apply_when_the_lock_came_after_the_preview_then_it_is_refused(
    world: World, opened: Round, tmp_path: Path
) -> None:
    upload = send(world, opened, workbook(tmp_path / "a.xlsx", school_rows()))
    rounds.lock(by=world.actor(Role.COUNTY_OFFICE, "county"), round_id=opened.pk)

    with pytest.raises(RefusedError, match="锁定"):
        put_in(world, upload)


def test_apply_when_the_upload_is_anothers_then_it_is_refused(world: World, opened: Round, tmp_path: Path) -> None:
    upload = send(world, opened, workbook(tmp_path / "a.xlsx", school_rows()))

    with pytest.raises(RefusedError, match="没有这个工作簿"):
        uploads.apply(by=world.actor(Role.REPORTER, "town_school"), upload_id=upload.pk, seen="")
    with pytest.raises(RefusedError, match="不能为这份填报"):
        uploads.apply(by=world.actor(Role.PRINCIPAL, "school"), upload_id=upload.pk, seen="")


def test_discard_when_asked_then_it_can_no_longer_be_applied(world: World, opened: Round, tmp_path: Path) -> None:
    upload = send(world, opened, workbook(tmp_path / "a.xlsx", school_rows()))
    by = world.actor(Role.REPORTER, "school")

    for _ in range(2):
        assert uploads.discard(by=by, upload_id=upload.pk).state == Upload.State.DISCARDED
    with pytest.raises(RefusedError, match="已放弃"):
        uploads.apply(by=by, upload_id=upload.pk, seen="")


def test_apply_when_nothing_differs_then_no_draft_is_touched(world: World, opened: Round, tmp_path: Path) -> None:
    rows = {"schools": [{"school_id": "9900000001", "school_name": "青石镇示例小学"}]}
    upload = send(world, opened, workbook(tmp_path / "a.xlsx", rows))

    put_in(world, upload)

    assert Return.objects.get(pk=entry_of(world, "school").pk).lock_version == 1


@pytest.fixture
def reporter(world: World, opened: Round, client_for) -> Client:
    return client_for(world.member(Role.REPORTER, "school"))


def test_pages_when_a_workbook_goes_in_then_each_step_shows_itself(
    world: World, reporter: Client, tmp_path: Path
) -> None:
    entry = entry_of(world, "school")
    template = reporter.get(reverse("returns:template", args=[entry.pk]))
    assert template.getvalue()[:2] == b"PK"
    assert "attachment" in template.headers["Content-Disposition"]

    sent = reporter.post(
        reverse("returns:upload", args=[entry.pk]), {"file": workbook(tmp_path / "本校.xlsx", school_rows())}
    )
    preview = reporter.get(sent.headers["Location"]).content.decode()
    assert "5000 册" in preview
    upload = Upload.objects.get()
    stale = reporter.post(reverse("returns:upload_apply", args=[upload.pk]), {"seen": "x"}, follow=True)
    assert "重新核对" in stale.content.decode()
    seen = uploads.fingerprint(uploads.plans(upload))
    applied = reporter.post(reverse("returns:upload_apply", args=[upload.pk]), {"seen": seen}, follow=True)
    assert "已写入草稿" in applied.content.decode()
    assert "本校.xlsx" in reporter.get(reverse("returns:upload", args=[entry.pk])).content.decode()
    file = reporter.get(reverse("returns:upload_file", args=[upload.pk]))
    assert file.getvalue()[:2] == b"PK"
    assert "attachment" in file.headers["Content-Disposition"]
    assert entry_of(world, "school").state == State.DRAFT


def test_pages_when_a_file_is_refused_or_given_up_then_they_say_so(
    world: World, reporter: Client, tmp_path: Path, client_for
) -> None:
    address = reverse("returns:upload", args=[entry_of(world, "school").pk])

    refused = reporter.post(address, {"file": SimpleUploadedFile("a.txt", b"x")})
    assert refused.status_code == 422
    assert "只能上传" in refused.content.decode()
    reporter.post(address, {"file": workbook(tmp_path / "本校.xlsx", school_rows())})
    upload = Upload.objects.get()
    principal = client_for(world.member(Role.PRINCIPAL, "school"))
    assert principal.post(reverse("returns:upload_discard", args=[upload.pk])).status_code == 403
    given_up = reporter.post(reverse("returns:upload_discard", args=[upload.pk]), follow=True)
    assert "已放弃" in given_up.content.decode()


def test_pages_when_the_county_uploads_then_it_stays_on_the_upload(
    world: World, opened: Round, client_for, tmp_path: Path
) -> None:
    office = client_for(world.member(Role.COUNTY_OFFICE, "county"))
    rows = {"schools": [school_rows("9900000002")["schools"][0]]}

    sent = office.post(
        reverse("returns:upload_county", args=[opened.pk]), {"file": workbook(tmp_path / "全县.xlsx", rows)}
    )
    upload = Upload.objects.get()
    seen = uploads.fingerprint(uploads.plans(upload))
    done = office.post(reverse("returns:upload_apply", args=[upload.pk]), {"seen": seen}, follow=True)

    assert sent.status_code == 302
    assert "已采用" in done.content.decode()
    supervisor = client_for(world.member(Role.SUPERVISOR, "city"))
    assert supervisor.get(reverse("returns:upload_county", args=[opened.pk])).status_code == 403
