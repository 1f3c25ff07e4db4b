"""The audit administrator's pages: what is seen, found, exported and checked, and that reading leaves a row."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.web import audit
from junheng.web.accounts.roles import Role
from junheng.web.audit import actions, views
from junheng.web.audit.actor import PLATFORM
from junheng.web.audit.chain import record
from junheng.web.audit.labels import NOUNS, VERBS, action_label, field_label
from junheng.web.audit.models import PLATFORM_CHAIN, Entry
from junheng.web.audit.queries import differences


@pytest.fixture
def auditor(world, client_for):
    return client_for(world.member(Role.AUDIT_ADMIN, "county"))


def write(world, place: str | None = "school", action: str = "return.submit", by=None, **more) -> Entry:
    with transaction.atomic():
        return record(
            by=by or world.actor(Role.REPORTER, "school"),
            action=action,
            organisation_id=world[place].pk if place else None,
            **more,
        )


def shown(answer) -> list[int]:
    return [row["entry"].pk for row in answer.context["rows"]]


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDIT_ADMIN])
def test_pages_when_the_role_is_another_then_are_refused(world, client_for, role) -> None:
    home = {
        Role.REPORTER: "school", Role.PRINCIPAL: "school", Role.TOWNSHIP: "township", Role.DEPARTMENT: "finance",
        Role.SUPERVISOR: "city",
    }  # fmt: skip
    client = client_for(world.member(role, home.get(role, "county")))
    row = write(world)

    answers = [
        client.get("/audit/"),
        client.get(f"/audit/{row.pk}/"),
        client.get("/audit/export.csv"),
        client.post("/audit/check/"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


def test_list_when_opened_then_only_rows_of_the_area_are_there_the_latest_first(world, auditor) -> None:
    first, second = write(world), write(world, "county", "round.open")
    for place in ("city", "neighbour_school", "far_school", None):
        write(world, place)

    assert shown(auditor.get("/audit/")) == [second.pk, first.pk]


def test_list_when_at_the_root_then_the_chain_of_the_platform_is_there_too(world, client_for) -> None:
    row = write(world, None, "sign_in.fail", by=PLATFORM)

    page = client_for(world.member(Role.AUDIT_ADMIN, "nation")).get("/audit/")

    assert shown(page) == [row.pk]
    assert "平台" in text_of(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"place": "第一小学"}, ["town"]),
        ({"place": "9900000002"}, ["town"]),
        ({"person": "校级"}, ["town"]),
        ({"noun": "user"}, ["user"]),
        ({"subject": "user:7"}, ["user"]),
        ({"first": "2026-03-02"}, ["user"]),
        ({"last": "2026-03-01"}, ["town"]),
        ({"first": "2026-03-01", "last": "2026-03-02"}, ["user", "town"]),
        ({"first": "gestern"}, ["user", "town"]),
        ({"noun": "emperor"}, ["user", "town"]),
    ],
)
def test_list_when_filtered_then_rows_that_fit_are_there(world, auditor, query, found) -> None:
    rows = {
        "town": write(world, "town_school", by=world.actor(Role.PRINCIPAL, "town_school")),
        "user": write(world, action="user.disable", subject="user:7"),
    }
    zone = timezone.get_current_timezone()
    for day, name in ((1, "town"), (2, "user")):  # a second before midnight in local time still is that day
        at = datetime(2026, 3, day, 23, 59, 59, tzinfo=zone)
        Entry.objects.filter(pk=rows[name].pk).update(at=at)

    assert shown(auditor.get("/audit/", query)) == [rows[name].pk for name in found]


def test_list_when_read_then_a_row_tells_who_read_and_what_they_looked_for(world, auditor) -> None:
    auditor.get("/audit/", {"person": "李", "reading": "1"})

    row = Entry.objects.get()
    assert (row.action, row.after, row.organisation_id) == ("audit.read", {"person": "李"}, world["county"].pk)
    assert shown(auditor.get("/audit/")) == []
    assert len(shown(auditor.get("/audit/", {"reading": "1"}))) == 2


def test_list_when_the_platform_acted_and_the_page_is_english_then_it_has_an_english_name(world, auditor) -> None:
    write(world, "county", "round.open", by=PLATFORM)

    auditor.cookies["django_language"] = "en"
    page = text_of(auditor.get("/audit/"))

    assert '<th scope="row">Platform' in page
    assert '<th scope="row">平台' not in page


def test_list_when_long_then_pages_and_the_number_of_queries_stays(
    world, auditor, django_assert_max_num_queries
) -> None:
    for number in range(60):
        write(world, subject=f"return:{number}")

    with django_assert_max_num_queries(16):
        answer = auditor.get("/audit/", {"person": "填报", "page": 2})

    assert len(shown(answer)) == 10
    assert "person=%E5%A1%AB%E6%8A%A5" in text_of(answer)


def test_entry_when_opened_then_shows_what_changed_and_its_neighbours(world, auditor) -> None:
    first = write(world)
    row = write(
        world,
        before={"name": "旧名", "gone": 1},
        after={"name": "<b>新名</b>", "new": [1], "same": "x"},
        subject="user:3",
    )
    last = write(world)

    page = text_of(auditor.get(f"/audit/{row.pk}/"))

    assert "<del>旧名</del>" in page
    assert "<ins>&lt;b&gt;新名&lt;/b&gt;</ins>" in page
    assert f"/audit/{first.pk}/" in page
    assert f"/audit/{last.pk}/" in page
    assert Entry.objects.latest("id").subject == f"entry:{row.pk}"


@pytest.mark.parametrize("place", ["city", "far_school", None])
def test_entry_when_outside_the_area_then_is_not_there(world, auditor, place) -> None:
    assert auditor.get(f"/audit/{write(world, place).pk}/").status_code == 404


def test_differences_when_fields_come_go_change_or_stay_then_each_is_told() -> None:
    found = differences({"a": 1, "b": "x", "c": None}, {"b": "y", "c": None, "d": [1, 2]})

    assert [(each.name, each.before, each.after, each.is_changed) for each in found] == [
        ("a", "1", None, False),
        ("b", "x", "y", True),
        ("c", "null", "null", False),
        ("d", None, "[1,2]", False),
    ]


def test_export_when_text_looks_like_a_formula_then_neither_file_computes_it(world, auditor) -> None:
    for sign in ("=1+1", "+1", "-1", "@SUM(A1)"):
        write(world, subject=sign)

    rows = list(csv.reader(io.StringIO(auditor.get("/audit/export.csv").content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(auditor.get("/audit/export.xlsx").content))

    assert {row[8] for row in rows[1:]} == {"'=1+1", "'+1", "'-1", "'@SUM(A1)"}
    cells = [row[8] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.value for cell in cells} == {"=1+1", "+1", "-1", "@SUM(A1)"}
    assert {cell.data_type for cell in cells} == {"s"}


def test_export_when_taken_then_is_a_download_and_leaves_a_row(world, auditor) -> None:
    write(world)
    write(world, "far_school")

    answer = auditor.get("/audit/export.csv", {"person": "填报"})

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit-')
    row = Entry.objects.latest("id")
    assert (row.action, row.after) == ("audit.export", {"person": "填报", "rows": 1})


def test_export_when_there_are_too_many_rows_then_asks_to_narrow(world, auditor, monkeypatch) -> None:
    write(world)
    monkeypatch.setattr(views, "MOST_EXPORTED", 0)

    assert "请缩短时间范围" in text_of(auditor.get("/audit/export.xlsx", follow=True))


def test_export_when_the_format_is_unknown_then_is_not_there(world, auditor) -> None:
    assert auditor.get("/audit/export.exe").status_code == 404


def test_check_when_all_hold_then_says_how_many_rows_were_looked_at(world, auditor) -> None:
    write(world)
    write(world, "county")

    page = text_of(auditor.post("/audit/check/"))

    assert "共 2 条链、2 行,全部相符" in page
    assert Entry.objects.latest("id").action == "audit.check"


def test_check_when_a_row_was_changed_then_names_place_and_row(world, auditor) -> None:
    row = write(world)
    write(world, "far_school")
    Entry.objects.update(user_name="别人")

    page = auditor.post("/audit/check/")

    assert [(place, each.sequence) for place, each in page.context["breaks"]] == [("青石镇示例小学", row.sequence)]
    assert "1 处不符" in text_of(page)


def test_check_when_there_are_too_many_rows_then_names_the_command(world, auditor, monkeypatch) -> None:
    write(world)
    monkeypatch.setattr(actions, "MOST_ROWS", 0)

    assert "verify_audit" in text_of(auditor.post("/audit/check/", follow=True))


def test_check_when_there_is_no_chain_yet_then_all_hold(world) -> None:
    assert actions.check(by=world.actor(Role.AUDIT_ADMIN, "county")) == (0, 0, [])


def test_verify_audit_when_all_hold_then_prints_every_head(world) -> None:
    row = write(world)
    write(world, None, by=PLATFORM)
    out = io.StringIO()

    call_command("verify_audit", stdout=out)

    assert f"青石镇示例小学({world['school'].pk})  1 行  链头 {row.hash}" in out.getvalue()
    assert "平台(0)" in out.getvalue()
    assert "✓ 共 2 条链、2 行,全部相符。" in out.getvalue()


def test_verify_audit_when_rows_are_changed_or_gone_then_ends_with_one_and_names_each(world) -> None:
    write(world)
    write(world, "county")
    write(world, "county")
    Entry.objects.filter(organisation_id=world["school"].pk).update(at=timezone.now() - timedelta(days=1))
    Entry.objects.filter(organisation_id=world["county"].pk, sequence=2).delete()
    with transaction.atomic():
        record(by=PLATFORM, action="x.y", organisation_id=987_654)
    Entry.objects.filter(organisation_id=987_654).update(action="x.z")
    out, error = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=out, stderr=error)

    assert ended.value.code == 1
    assert "青石镇示例小学" in error.getvalue()
    assert "第 1 行的内容被改动" in error.getvalue()
    assert "应有 2 行,只找到 1 行" in error.getvalue()
    assert "已不在机构树中(987654)" in error.getvalue()
    assert "3 处不符" in error.getvalue()


def test_labels_when_words_are_known_or_not_then_people_can_read_them() -> None:
    assert action_label("user.disable") == "账号 · 停用"
    assert action_label("thing.do") == "thing · do"
    assert action_label("thing") == "thing"
    assert (field_label("login"), field_label("x")) == ("登录名", "x")


def test_labels_when_an_action_is_recorded_anywhere_then_it_has_words() -> None:
    found = {
        action
        for path in Path(audit.__file__).parent.parent.rglob("*.py")
        for action in re.findall(rf'"((?:{"|".join(NOUNS)})\.[a-z_]+)"', path.read_text(encoding="utf-8"))
    }

    assert len(found) > 50
    assert (
        sorted(action for action in found - {"documents.make", "school.xlsx"} if action.partition(".")[2] not in VERBS)
        == []
    )


def test_list_when_nobody_is_signed_in_then_leads_to_the_sign_in_page(db, client) -> None:
    assert client.get("/audit/").url == f"{reverse('accounts:sign_in')}?next=/audit/"
    assert PLATFORM_CHAIN == 0
