"""The pages of those who fill in: they open, save, and say what is wrong where it is wrong."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from junheng.web.access.roles import Role
from junheng.web.returns.actions import rounds
from junheng.web.returns.models import Return, State, Version, WrittenReason
from junheng.web.returns.templatetags.review import row_name
from junheng.web.returns.words import spoken
from tests.web.layout.chinese import unmarked
from tests.web.returns.reporting import (
    approve_fully,
    edits_for,
    entry_of,
    fill_school,
    open_round,
    submit,
    type_in,
    version_of,
    workbook,
)
from tests.web.world import World


@pytest.fixture
def reporter(world: World, client_for) -> Client:
    open_round(world)
    return client_for(world.member(Role.REPORTER, "school"))


def page_of(client: Client, route: str, *arguments: object, **data: str) -> str:
    answer = client.get(reverse(f"returns:{route}", args=arguments), data)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def cell(world: World, field: str, table: str = "schools", row: int = 0) -> str:
    return f"{table}-{version_of(entry_of(world, 'school')).row_ids[table][row]}-{field}"


def test_mine_when_a_round_is_open_then_it_says_until_when_and_what_to_do(world: World, reporter: Client) -> None:
    text = page_of(reporter, "mine")

    assert "2025 年度填报" in text
    assert "还有 20 天" in text
    assert "填完后提交" in text
    assert "2025 年度填报已开始,请于" in text  # the notice


def test_edit_when_opened_then_every_section_stands_there_with_help_and_fixed_identity(
    world: World, reporter: Client
) -> None:
    text = page_of(reporter, "edit", entry_of(world, "school").pk)

    assert "青石镇示例小学" in text
    assert "来自学校名录" in text
    assert "音美教室" in text
    assert f'name="c-{cell(world, "book_count")}"' in text


def test_edit_when_english_then_texts_of_the_form_are_called_chinese_and_one_line_says_so(
    world: World, reporter: Client
) -> None:
    reporter.cookies.load({"django_language": "en"})

    text = page_of(reporter, "edit", entry_of(world, "school").pk)

    assert unmarked(text) == []
    assert text.count("shown in the original Chinese") == 1


def test_edit_when_saved_whole_then_full_width_digits_are_understood(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")
    name = cell(world, "book_count")

    answer = reporter.post(
        reverse("returns:edit", args=[entry.pk]), {"lock_version": "1", f"c-{name}": "4，200册"[:5], f"w-{name}": ""}
    )

    assert answer.status_code == 302
    assert version_of(entry).values["schools"][0]["book_count"] == 4200


def test_edit_when_a_text_cannot_be_taken_then_the_form_comes_back_with_it_at_the_cell(
    world: World, reporter: Client
) -> None:
    entry = entry_of(world, "school")
    name = cell(world, "book_count")

    answer = reporter.post(
        reverse("returns:edit", args=[entry.pk]), {"lock_version": "1", f"c-{name}": "四千册", f"w-{name}": ""}
    )

    assert answer.status_code == 422
    assert 'value="四千册"' in answer.content.decode()
    assert "不是数字" in answer.content.decode()


def test_edit_when_two_people_changed_a_cell_then_the_page_shows_base_theirs_and_mine(
    world: World, reporter: Client
) -> None:
    entry = entry_of(world, "school")
    address = reverse("returns:edit", args=[entry.pk])
    books, computers = cell(world, "book_count"), cell(world, "computer_count")
    reporter.post(address, {"lock_version": "1", f"c-{books}": "100", f"w-{books}": ""})

    mine = {f"c-{books}": "200", f"w-{books}": "", f"c-{computers}": "30", f"w-{computers}": ""}
    answer = reporter.post(address, {"lock_version": "1", **mine})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<strong>100</strong>" in text
    assert "<strong>200</strong>" in text
    assert version_of(entry).values["schools"][0]["book_count"] == 100

    chosen = {
        f"k-{books}": "mine",
        f"c-{books}": "200",
        f"w-{books}": "100",
        f"c-{computers}": "30",
        f"w-{computers}": "",
    }
    reporter.post(address, {"lock_version": "2", **chosen})

    school = version_of(entry).values["schools"][0]
    assert (school["book_count"], school["computer_count"]) == (200, 30)


def test_edit_when_theirs_is_kept_then_only_the_other_cells_are_saved(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")
    books = cell(world, "book_count")
    address = reverse("returns:edit", args=[entry.pk])

    reporter.post(address, {"lock_version": "1", f"k-{books}": "theirs", f"c-{books}": "5", f"w-{books}": ""})

    assert "book_count" not in version_of(entry).values["schools"][0]


def test_autosave_when_a_cell_is_saved_then_the_parts_say_so_with_the_findings(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")
    name = cell(world, "built_year")

    answer = reporter.post(
        reverse("returns:autosave", args=[entry.pk]), {"lock_version": "1", f"c-{name}": "2099", f"w-{name}": ""}
    )

    text = answer.content.decode()
    assert 'value="2"' in text  # the next lock version
    assert "已保存" in text
    assert 'data-field="built_year"' in text  # built after the year of the data


def test_autosave_when_the_text_cannot_be_taken_then_the_cell_says_why(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")
    name = cell(world, "built_year")

    answer = reporter.post(
        reverse("returns:autosave", args=[entry.pk]), {"lock_version": "1", f"c-{name}": "去年", f"w-{name}": ""}
    )

    assert "不是年份" in answer.content.decode()


def test_autosave_when_somebody_was_faster_then_the_cell_offers_both_values(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")
    name = cell(world, "book_count")
    address = reverse("returns:autosave", args=[entry.pk])
    reporter.post(address, {"lock_version": "1", f"c-{name}": "100", f"w-{name}": ""})

    text = reporter.post(address, {"lock_version": "1", f"c-{name}": "200", f"w-{name}": ""}).content.decode()

    assert 'data-take="100"' in text
    assert "没有保存" in text


def test_autosave_when_the_return_was_submitted_then_the_bar_says_why_nothing_was_saved(
    world: World, reporter: Client
) -> None:
    fill_school(world)
    submit(world)
    name = cell(world, "book_count")

    answer = reporter.post(
        reverse("returns:autosave", args=[entry_of(world, "school").pk]), {f"c-{name}": "1", f"w-{name}": ""}
    )

    assert "不能修改" in answer.content.decode()


def test_rows_when_added_and_removed_then_the_page_comes_back_to_the_table(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")

    added = reporter.post(reverse("returns:row_add", args=[entry.pk]), {"table": "rooms", "lock_version": "1"})
    assert added.headers["Location"].endswith("#table-rooms")
    number = version_of(entry).row_ids["rooms"][0]
    name = f"rooms-{number}-room_name"
    removed = reporter.post(
        reverse("returns:row_remove", args=[entry.pk]),
        {"remove": f"rooms-{number}", "lock_version": "2", f"c-{name}": "音乐教室", f"w-{name}": ""},
    )

    assert removed.headers["Location"].endswith("#table-rooms")
    assert version_of(entry).values["rooms"] == []


def test_rows_when_the_table_takes_no_rows_then_the_page_says_so(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")

    for route, data in (
        ("row_add", {"table": "schools"}),
        ("row_remove", {"remove": "schools-1", "lock_version": "1"}),
    ):
        answer = reporter.post(reverse(f"returns:{route}", args=[entry.pk]), data, follow=True)
        assert "不能" in answer.content.decode()


def test_uploaded_when_a_cell_was_empty_then_nothing_is_struck_through(
    world: World, reporter: Client, tmp_path: Path
) -> None:
    type_in(world, "school", edits_for(version_of(entry_of(world, "school")), "schools", {"book_count": "4000"}))
    school = {"school_id": "9900000001", "school_name": "青石镇示例小学", "book_count": 4200, "computer_count": 30}
    file = workbook(tmp_path / "本校.xlsx", {"schools": [school]})
    sent = reporter.post(reverse("returns:upload", args=[entry_of(world, "school").pk]), {"file": file}, follow=True)

    text = sent.content.decode()

    assert "<del>4000 册</del>" in text
    assert "<ins>4200 册</ins>" in text
    assert '<span class="jh-nothing">未填</span>' in text
    assert "<ins>30 台</ins>" in text
    assert "<del>未填" not in text


def test_spoken_when_the_platform_wrote_it_then_it_is_translated_and_what_people_wrote_is_not() -> None:
    with translation.override("en"):
        assert [spoken(text) for text in ("平台", "更正", "停电")] == ["Platform", "Correction", "停电"]


def test_row_name_when_a_part_is_a_number_then_it_says_of_what() -> None:
    assert row_name("9900000001:primary:1:一班", "classes") == "小学 年级 1 一班"


def test_mine_when_a_return_was_approved_then_the_lock_of_its_round_is_no_news(world: World, reporter: Client) -> None:
    fill_school(world)
    submit(world)
    found = approve_fully(world)
    rounds.lock(by=world.actor(Role.COUNTY_OFFICE, "county"), round_id=found.round_id)

    text = page_of(reporter, "mine")

    assert "已通过" in text
    assert "已锁定</span>" not in text
    assert "第 1 版," in page_of(reporter, "correct", found.pk)


def table_counts(text: str) -> dict[str, str]:
    return dict(re.findall(r'id="count-(\w+)"[^>]*>(\d+/\d+)<', text))


def test_autosave_when_a_cell_is_filled_in_then_the_counts_beside_the_tables_follow(
    world: World, reporter: Client
) -> None:
    entry, name = entry_of(world, "school"), cell(world, "built_year")
    before = table_counts(page_of(reporter, "edit", entry.pk))

    said = reporter.post(
        reverse("returns:autosave", args=[entry.pk]), {"lock_version": "1", f"c-{name}": "2009", f"w-{name}": ""}
    ).content.decode()

    filled, cells = (int(number) for number in before["schools"].split("/"))
    assert table_counts(said) == before | {"schools": f"{filled + 1}/{cells}"}
    assert table_counts(page_of(reporter, "edit", entry.pk)) == table_counts(said)


def test_submit_when_errors_and_warnings_stand_in_the_way_then_errors_come_first(
    world: World, reporter: Client
) -> None:
    version = version_of(entry_of(world, "school"))
    one = {
        "code": "a",
        "message": "一",
        "hint": "",
        "location": {"field": "book_count"},
        "table": "schools",
        "row_key": "",
    }
    kept = [{**one, "level": level, "reference": f"{level}:{at}"} for at, level in enumerate(["warning", "error"] * 2)]
    Version.objects.filter(pk=version.pk).update(findings=kept)

    text = page_of(reporter, "submit", version.entry_id)

    assert re.findall(r'data-level="(\w+)"', text) == ["error", "error", "warning", "warning"]


def test_submit_when_findings_stand_in_the_way_then_the_page_lists_them(world: World, reporter: Client) -> None:
    entry = entry_of(world, "school")

    answer = reporter.post(reverse("returns:submit", args=[entry.pk]), {"key": "k"})

    assert answer.status_code == 422
    assert "还不能提交" in answer.content.decode()
    assert "学校类别" in answer.content.decode()


def test_submit_when_the_draft_is_clean_then_it_goes_to_the_principal(world: World, reporter: Client) -> None:
    fill_school(world)
    entry = entry_of(world, "school")
    assert "确定提交" in page_of(reporter, "submit", entry.pk)

    answer = reporter.post(reverse("returns:submit", args=[entry.pk]), {"key": "k"}, follow=True)

    assert "已提交" in answer.content.decode()
    assert entry_of(world, "school").state == State.AT_PRINCIPAL
    again = reporter.post(reverse("returns:submit", args=[entry.pk]), {"key": "other"}, follow=True)
    assert "不能修改" in again.content.decode()


def test_cell_when_a_comment_is_written_then_it_stands_at_the_cell_and_on_the_form(
    world: World, reporter: Client
) -> None:
    entry = entry_of(world, "school")
    address = reverse("returns:comment", args=[entry.pk]) + "?table=schools&row=9900000001&field=book_count"

    reporter.post(address, {"text": "含电子图书 <b>"})

    assert "含电子图书 &lt;b&gt;" in reporter.get(address).content.decode()
    assert "含电子图书" in page_of(reporter, "edit", entry.pk)
    assert reporter.post(address, {"text": ""}).status_code == 200
    assert reporter.get(reverse("returns:comment", args=[entry.pk])).status_code == 404


def test_cell_when_the_reader_may_not_comment_then_the_page_says_so(world: World, reporter: Client, client_for) -> None:
    entry = entry_of(world, "school")
    leader = client_for(world.member(Role.LEADER, "county"))
    address = reverse("returns:comment", args=[entry.pk]) + "?table=schools&row=9900000001&field=book_count"

    assert "只有填报人和审核人" in leader.post(address, {"text": "x"}, follow=True).content.decode()


def test_explain_when_a_warning_gets_a_reason_then_it_no_longer_stands_in_the_way(
    world: World, reporter: Client
) -> None:
    fill_school(world)
    entry = entry_of(world, "school")
    name = cell(world, "senior_student_count")
    reporter.post(
        reverse("returns:autosave", args=[entry.pk]),
        {"lock_version": str(entry.lock_version), f"c-{name}": "5", f"w-{name}": ""},
    )
    finding = version_of(entry).findings[0]
    assert finding["level"] == "warning"
    address = reverse("returns:explain", args=[entry.pk])

    reporter.post(address, {"reference": finding["reference"], "text": "借读", "back": "submit"})

    assert WrittenReason.objects.get().text == "借读"
    assert Return.objects.get(pk=entry.pk).warning_count == 0
    assert "借读" in page_of(reporter, "submit", entry.pk)
    reporter.post(address, {"reference": finding["reference"], "text": " "})
    assert not WrittenReason.objects.exists()
    answer = reporter.post(address, {"reference": "nothing", "text": "x"}, follow=True)
    assert "已经不存在" in answer.content.decode()


@pytest.mark.parametrize("route", ["autosave", "row_add", "row_remove", "explain", "withdraw"])
def test_writes_when_the_return_is_not_the_actors_to_fill_in_then_403_or_404(
    world: World, reporter: Client, client_for, route: str
) -> None:
    entry = entry_of(world, "school")
    address = reverse(f"returns:{route}", args=[entry.pk])

    assert client_for(world.member(Role.PRINCIPAL, "school")).post(address).status_code == 403
    assert client_for(world.member(Role.REPORTER, "town_school")).post(address).status_code == 404


def test_edit_when_the_reader_does_not_fill_in_then_nothing_can_be_typed(
    world: World, reporter: Client, client_for
) -> None:
    entry = entry_of(world, "school")
    county = client_for(world.member(Role.COUNTY_OFFICE, "county"))

    text = page_of(county, "edit", entry.pk)

    assert "data-autosave" not in text
    assert "增加一行" not in text


def test_edit_when_the_form_is_full_then_the_number_of_queries_does_not_grow(
    world: World, reporter: Client, django_assert_max_num_queries
) -> None:
    fill_school(world)
    entry = entry_of(world, "school")

    with django_assert_max_num_queries(14):
        page_of(reporter, "edit", entry.pk)
