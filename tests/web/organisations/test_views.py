"""Pages of the tree and of rosters."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from junheng.web.access.roles import Role
from junheng.web.organisations.actions import tree
from junheng.web.organisations.models import Organisation


@pytest.fixture
def office(world, client_for):
    return client_for(world.member(Role.COUNTY_OFFICE, "county"))


@pytest.fixture
def admin(world, client_for):
    return client_for(world.member(Role.SYSTEM_ADMIN, "nation"))


def page_of(client, name: str, *arguments, **query) -> str:
    answer = client.get(reverse(f"organisations:{name}", args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


def workbook(rows, head=("学校标识码", "学校名称", "所在乡镇（街道）", "学校类别")) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("名录")
    for number, row in enumerate([head, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def upload(client, county, content: bytes, name: str = "名录.xlsx"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("organisations:import"), {"county": county.pk, "file": file})


def test_tree_when_opened_then_starts_at_the_top_of_ones_own_area(office, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(9):
        page = page_of(office, "tree")

    assert "青石县财政局" in page
    assert "白沙县" not in page


def test_children_when_unfolded_then_gives_one_level(office, world) -> None:
    page = page_of(office, "children", world["township"].pk)

    assert "青石镇示例小学" in page
    assert "<html" not in page
    assert office.get(reverse("organisations:children", args=[world["neighbour"].pk])).status_code == 404


def test_tree_when_searched_then_finds_by_name_and_code_within_the_area(office) -> None:
    assert "青石镇示例小学" in page_of(office, "tree", text="示例小学")
    assert "青石县第一初级中学" in page_of(office, "tree", text="9900000003")
    assert "没有找到" in page_of(office, "tree", text="白沙")


def test_detail_when_a_county_is_opened_then_shows_numbers_and_what_stands_below(
    office, world, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(11):
        page = page_of(office, "detail", world["county"].pk)

    assert "新增下级" in page
    assert "更名</a>" not in page  # the county itself is the system administrator's


def test_detail_when_a_school_is_opened_then_shows_its_history(office, world) -> None:
    actor = world.actor(Role.COUNTY_OFFICE, "county")
    tree.merge(by=actor, school=world["school"], into=world["town_school"], reason="<b>并校</b>")

    assert "青石镇示例小学 → 青石县第一小学" in page_of(office, "detail", world["town_school"].pk)
    page = page_of(office, "detail", world["school"].pk)
    assert "&lt;b&gt;并校" in page
    assert "已撤销" in page
    assert "还没有记录" in page_of(office, "detail", world["middle_school"].pk)


def test_create_when_filled_in_then_leads_to_the_new_school(office, world) -> None:
    address = reverse("organisations:create", args=[world["county"].pk])
    assert "学校类别" in office.get(address).content.decode()
    given = {"kind": "school", "name": "青石县第二小学", "code": "9900000099", "school_type": "primary_school"}

    answer = office.post(address, given)

    made = Organisation.objects.get(code="9900000099")
    assert answer.headers["Location"] == reverse("organisations:detail", args=[made.pk])
    again = office.post(address, given)
    assert again.status_code == 422
    assert "已被另一个机构使用" in again.content.decode()


def test_create_when_nothing_may_stand_below_then_is_forbidden(office, world) -> None:
    assert office.get(reverse("organisations:create", args=[world["school"].pk])).status_code == 403


@pytest.mark.parametrize(
    ("action", "given", "changed"),
    [
        ("rename", {"name": "青石镇中心小学"}, {"name": "青石镇中心小学"}),
        ("correct", {"code": "9900000077", "school_type": "teaching_point"}, {"school_type": "teaching_point"}),
        ("move", {"parent": "county"}, {"parent_id": "county"}),
        ("merge", {"into": "town_school"}, {}),
        ("close", {"on": "2025-07-01", "reason": "生源不足"}, {}),
    ],
)
def test_change_when_posted_then_is_saved(office, world, action, given, changed) -> None:
    address = reverse(f"organisations:{action}", args=[world["school"].pk])
    assert office.get(address).status_code == 200
    filled = {key: world.places[value].pk if value in world.places else value for key, value in given.items()}

    assert office.post(address, filled).status_code == 302

    school = Organisation.objects.get(pk=world["school"].pk)
    for key, value in changed.items():
        assert getattr(school, key) == (world.places[value].pk if value in world.places else value)
    assert school.is_open == (action not in {"merge", "close"})


def test_correct_when_it_is_a_department_then_its_facts_are_offered(admin, world) -> None:
    address = reverse("organisations:correct", args=[world["finance"].pk])

    assert "教育局基教股" in admin.get(address).content.decode()
    assert admin.post(address, {"reports_as": ["教育局基教股"]}).status_code == 302
    assert Organisation.objects.get(pk=world["finance"].pk).reports_as == ["教育局基教股"]


def test_change_when_the_role_or_the_place_is_wrong_then_is_refused(office, world, client_for) -> None:
    reader = client_for(world.member(Role.LEADER, "county"))

    assert reader.get(reverse("organisations:rename", args=[world["school"].pk])).status_code == 403
    assert office.get(reverse("organisations:rename", args=[world["county"].pk])).status_code == 403
    assert office.get(reverse("organisations:rename", args=[world["neighbour"].pk])).status_code == 404


def test_close_when_schools_stand_below_then_says_so_above_the_form(admin, world) -> None:
    answer = admin.post(reverse("organisations:close", args=[world["township"].pk]), {})

    assert answer.status_code == 422
    assert "还有 1 个未撤销的下级机构" in answer.content.decode()


@pytest.mark.parametrize("step", ["move", "close"])
def test_change_when_it_is_the_own_organisation_then_the_page_says_who_can(world, client_for, step: str) -> None:
    own = client_for(world.member(Role.SYSTEM_ADMIN, "county"))
    address = reverse(f"organisations:{step}", args=[world["county"].pk])

    shown = own.get(reverse("organisations:detail", args=[world["county"].pk])).content.decode()
    answers = [own.get(address, follow=True), own.post(address, {}, follow=True)]

    assert address not in shown
    assert all("请由上级的系统管理员办理" in answer.content.decode() for answer in answers)
    below = own.get(reverse("organisations:detail", args=[world["township"].pk])).content.decode()
    assert reverse(f"organisations:{step}", args=[world["township"].pk]) in below


def test_import_when_uploaded_then_previews_writes_nothing_and_confirms_once(office, world) -> None:
    rows = [("9900000001", "青石镇中心小学", "青石镇", "完小"), ("9900000050", "青石镇第二小学", "青石镇", "")]

    preview = upload(office, world["county"], workbook(rows))

    assert preview.status_code == 200
    assert "青石镇第二小学" in preview.content.decode()
    assert not Organisation.objects.filter(code="9900000050").exists()
    kept = {
        "roster": preview.context["kept"],
        "digest": preview.context["preview"].digest,
        "closing": [world["middle_school"].pk, "x"],
    }
    done = office.post(reverse("organisations:confirm"), kept, follow=True).content.decode()
    assert "新增 1 所,更名 1 所,移动 0 所,撤销 1 所" in done
    assert "没有需要变更的" in office.post(reverse("organisations:confirm"), kept, follow=True).content.decode()
    school = Organisation.objects.get(code="9900000001")
    assert (school.name, school.school_type) == ("青石镇中心小学", "primary_school")


def test_import_when_the_county_changes_before_the_confirmation_then_shows_a_new_preview(office, world) -> None:
    preview = upload(office, world["county"], workbook([("9900000050", "青石镇第二小学", "青石镇", "")]))
    tree.rename(by=world.actor(Role.COUNTY_OFFICE, "county"), place=world["school"], name="改名小学")

    answer = office.post(
        reverse("organisations:confirm"),
        {"roster": preview.context["kept"], "digest": preview.context["preview"].digest},
    )

    assert answer.status_code == 409
    assert "有了变化" in answer.content.decode()


def test_import_when_the_file_has_errors_then_names_each_cell_and_offers_no_button(office, world) -> None:
    rows = [("99", "甲小学", "", ""), ("9900000050", "", "", ""), ("9900000051", "乙小学", "不存在镇", "")]

    page = upload(office, world["county"], workbook(rows)).content.decode()

    for cell in ("A2", "B3", "A4"):
        assert f"<strong>{cell}</strong>" in page
    assert "确认导入" not in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("名录.exe", b"MZ", "只能上传"), ("名录.xlsx", b"", "空"), ("名录.xlsx", b"PK\x03\x04broken", "压缩包已损坏")],
)
def test_import_when_the_file_is_no_workbook_then_says_so(office, world, name, content, words) -> None:
    assert words in upload(office, world["county"], content, name).content.decode()


def test_import_when_the_file_is_too_large_then_refuses_unread(office, world, monkeypatch) -> None:
    monkeypatch.setattr("junheng.web.organisations.forms.MOST_BYTES", 10)

    assert "超过 20 MB" in upload(office, world["county"], workbook([])).content.decode()


def test_import_when_the_county_is_foreign_then_is_no_choice(office, world) -> None:
    assert upload(office, world["neighbour"], workbook([])).status_code == 422


def test_confirm_when_the_preview_is_forged_then_asks_for_the_file_again(office) -> None:
    answer = office.post(reverse("organisations:confirm"), {"roster": "forged", "digest": ""}, follow=True)

    assert "预览已过期" in answer.content.decode()


def test_template_when_asked_for_a_county_then_holds_its_schools(office, world, tmp_path) -> None:
    from junheng import api

    answer = office.get(reverse("organisations:template"), {"county": world["county"].pk})

    path = tmp_path / "名录.xlsx"
    path.write_bytes(answer.content)
    roster = api.read_roster(path)
    assert next((row.code, row.township) for row in roster.rows) == ("9900000001", "青石镇")
    assert office.get(reverse("organisations:template")).status_code == 200
    assert office.get(reverse("organisations:template"), {"county": world["neighbour"].pk}).status_code == 404


def test_import_when_there_are_several_counties_then_one_is_chosen(admin) -> None:
    page = page_of(admin, "import")

    assert "白沙县" in page
