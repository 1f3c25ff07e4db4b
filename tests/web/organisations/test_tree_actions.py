"""Founding, renaming, moving, merging and closing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from junheng.web.access.actor import PLATFORM
from junheng.web.access.roles import Role
from junheng.web.audit.models import Entry
from junheng.web.organisations.actions import tree
from junheng.web.organisations.errors import RefusedError
from junheng.web.organisations.models import Kind, Organisation, SchoolEvent


@pytest.fixture
def office(world):
    return world.actor(Role.COUNTY_OFFICE, "county")


@pytest.fixture
def admin(world):
    return world.actor(Role.SYSTEM_ADMIN, "nation")


def found_school(by, parent, code="9900000099", **more) -> Organisation:
    return tree.create(by=by, parent=parent, kind=Kind.SCHOOL, name="青石县第二小学", code=code, **more)


def test_create_when_the_office_founds_a_school_then_it_has_a_path_a_history_and_an_audit_row(office, world) -> None:
    school = found_school(office, world["township"], school_type="primary_school", on=date(2020, 9, 1))

    assert school.path == world["township"].path + "00000009"  # the school in the world has the number 8
    event = SchoolEvent.objects.get(school=school)
    assert (event.kind, event.on, event.after) == ("opened", date(2020, 9, 1), "青石县第二小学")
    assert Entry.objects.get(action="organisation.create").organisation_id == school.pk


def test_create_when_it_is_the_first_below_its_parent_then_its_number_is_one(admin, world) -> None:
    township = tree.create(by=admin, parent=world["neighbour"], kind=Kind.TOWNSHIP, name="白沙镇")
    school = found_school(admin, township)

    assert school.path == township.path + "00000001"
    assert not SchoolEvent.objects.filter(school=township).exists()


def test_create_when_it_is_a_department_then_keeps_what_it_reports(admin, world) -> None:
    place = tree.create(
        by=admin, parent=world["county"], kind=Kind.DEPARTMENT, name="青石县公安局", reports_as=["公安局"]
    )

    assert (place.reports_as, place.school_type) == (["公安局"], "")


@pytest.mark.parametrize(
    ("kind", "parent", "code", "name", "field", "words"),
    [
        (Kind.SCHOOL, "county", "99000000", "甲小学", "code", "10 位"),
        (Kind.SCHOOL, "county", "9900000001", "甲小学", "code", "已被另一个机构使用"),
        (Kind.SCHOOL, "county", "9900000098", "  ", "name", "名称"),
        (Kind.SCHOOL, "county", "9900000098", "长" * 101, "name", "100"),
        (Kind.SCHOOL, "province", "9900000098", "甲小学", "kind", "不能直接设"),
        (Kind.DEPARTMENT, "county", "990101", "甲局", "code", "没有代码"),
        (Kind.TOWNSHIP, "county", "99", "甲镇", "code", "6、9 或 12 位"),
    ],
)
def test_create_when_something_is_wrong_then_says_at_which_field(admin, world, kind, parent, code, name, field, words):
    with pytest.raises(RefusedError, match=words) as refusal:
        tree.create(by=admin, parent=world[parent], kind=kind, name=name, code=code)

    assert refusal.value.field == field


def test_create_when_the_same_form_is_sent_twice_then_there_is_one_place(admin, world) -> None:
    for kind in (Kind.TOWNSHIP, Kind.DEPARTMENT):
        tree.create(by=admin, parent=world["county"], kind=kind, name="双溪")
        with pytest.raises(RefusedError, match="已有同名的机构") as refusal:
            tree.create(by=admin, parent=world["county"], kind=kind, name=" 双溪 ")
        assert refusal.value.field == "name"

    assert tree.create(by=admin, parent=world["neighbour"], kind=Kind.TOWNSHIP, name="双溪").name == "双溪"


def test_create_when_the_place_is_not_the_actors_then_refuses(office, world) -> None:
    with pytest.raises(RefusedError, match="不归您管理"):
        found_school(office, world["neighbour"])
    with pytest.raises(RefusedError, match="不归您管理"):
        tree.create(by=office, parent=world["county"], kind=Kind.DEPARTMENT, name="甲局")
    with pytest.raises(RefusedError, match="不归您管理"):
        found_school(world.actor(Role.LEADER, "county"), world["county"])


def test_create_when_the_parent_is_closed_or_the_day_lies_ahead_then_refuses(admin, world) -> None:
    empty = tree.create(by=admin, parent=world["county"], kind=Kind.TOWNSHIP, name="空镇")
    tree.close(by=admin, place=empty)

    with pytest.raises(RefusedError, match="已经撤销"):
        found_school(admin, empty)
    with pytest.raises(RefusedError, match="不能晚于今天") as refusal:
        found_school(admin, world["county"], on=timezone.localdate() + timedelta(days=1))
    assert refusal.value.field == "on"


def test_rename_when_the_name_is_new_then_the_old_one_stays_in_the_history(office, world) -> None:
    school = tree.rename(by=office, place=world["school"], name=" 青石镇 中心小学 ", reason="青教〔2025〕1 号")

    event = SchoolEvent.objects.get(school=school)
    assert (school.name, event.before, event.after) == ("青石镇 中心小学", "青石镇示例小学", "青石镇 中心小学")
    assert Entry.objects.get(action="organisation.rename").before == {"name": "青石镇示例小学"}


def test_rename_when_nothing_changes_or_the_day_is_before_the_founding_then_refuses(office, world) -> None:
    with pytest.raises(RefusedError, match="相同"):
        tree.rename(by=office, place=world["school"], name="青石镇示例小学")
    school = found_school(office, world["county"], on=date(2020, 9, 1))
    with pytest.raises(RefusedError, match="不能早于设立日期"):
        tree.rename(by=office, place=school, name="乙小学", on=date(2020, 8, 31))
    assert tree.rename(by=office, place=school, name="乙小学", on=date(2020, 9, 1)).name == "乙小学"


def test_correct_when_a_code_was_mistyped_then_only_the_change_is_told(office, world) -> None:
    tree.correct(by=office, place=world["school"], code="9900000077", school_type="")
    tree.correct(by=office, place=world["school"], code="9900000077")  # nothing left to correct

    told = Entry.objects.get(action="organisation.correct")
    assert (told.before, told.after) == ({"code": "9900000001"}, {"code": "9900000077"})


def test_correct_when_a_department_gets_other_facts_then_keeps_them(admin, world) -> None:
    assert tree.correct(by=admin, place=world["finance"], code="", reports_as=["审计局"]).reports_as == ["审计局"]
    assert tree.correct(by=admin, place=world["township"], code="990101101").code == "990101101"


def test_move_when_a_township_moves_then_its_whole_subtree_moves(admin, world) -> None:
    moved = tree.move(by=admin, place=world["township"], parent=world["neighbour"])

    school = Organisation.objects.get(pk=world["school"].pk)
    assert moved.parent == world["neighbour"]
    assert moved.path.startswith(world["neighbour"].path)
    assert school.path == moved.path + world["school"].path[-8:]
    assert not Organisation.objects.within(world["township"].path).exists()
    assert not SchoolEvent.objects.exists()


def test_move_when_a_school_moves_then_its_history_says_from_where(office, world) -> None:
    tree.move(by=office, place=world["town_school"], parent=world["township"])

    event = SchoolEvent.objects.get(school=world["town_school"])
    assert (event.kind, event.before, event.after) == ("moved", "青石县", "青石镇")


def test_move_when_the_target_does_not_fit_then_refuses(admin, office, world) -> None:
    with pytest.raises(RefusedError, match="已经在"):
        tree.move(by=office, place=world["town_school"], parent=world["county"])
    with pytest.raises(RefusedError, match="自己的下级"):
        tree.move(by=admin, place=world["county"], parent=world["township"])
    with pytest.raises(RefusedError, match="不能直接设"):
        tree.move(by=admin, place=world["town_school"], parent=world["city"])
    with pytest.raises(RefusedError, match="不归您管理"):
        tree.move(by=office, place=world["town_school"], parent=world["neighbour"])


def test_move_when_it_is_where_the_administrator_sits_then_refuses_and_says_who_can(world) -> None:
    own = world.actor(Role.SYSTEM_ADMIN, "county")

    with pytest.raises(RefusedError, match="上级的系统管理员"):
        tree.move(by=own, place=world["county"], parent=world["township"])
    assert tree.rename(by=own, place=world["county"], name="青石区").name == "青石区"


def test_close_when_it_is_where_the_administrator_sits_then_refuses(world) -> None:
    own = world.actor(Role.SYSTEM_ADMIN, "far_county")
    Organisation.objects.filter(pk=world["far_school"].pk).update(closed_on=date(2025, 1, 1))  # nothing open below

    with pytest.raises(RefusedError, match="上级的系统管理员"):
        tree.close(by=own, place=world["far_county"])
    assert not tree.close(by=world.actor(Role.SYSTEM_ADMIN, "far_city"), place=world["far_county"]).is_open


def test_close_when_open_places_stand_below_then_names_their_number(admin, world) -> None:
    with pytest.raises(RefusedError, match="还有 1 个未撤销的下级机构"):
        tree.close(by=admin, place=world["township"])
    tree.close(by=admin, place=world["school"], on=date(2025, 7, 1), reason="并校")

    closed = tree.close(by=admin, place=world["township"])

    assert not closed.is_open
    assert SchoolEvent.objects.get(kind="closed").on == date(2025, 7, 1)
    with pytest.raises(RefusedError, match="已经撤销"):
        tree.rename(by=admin, place=closed, name="旧镇")


def test_merge_when_two_schools_become_one_then_both_know(office, world) -> None:
    school = tree.merge(by=office, school=world["school"], into=world["town_school"])

    event = SchoolEvent.objects.get(kind="merged")
    assert (school.is_open, event.other, event.after) == (False, world["town_school"], "青石县第一小学")


def test_merge_when_the_other_is_itself_or_no_school_then_refuses(office, world) -> None:
    for other in ("school", "township"):
        with pytest.raises(RefusedError, match="另一所学校"):
            tree.merge(by=office, school=world["school"], into=world[other])


def test_create_when_the_platform_itself_acts_then_the_whole_tree_is_its(world) -> None:
    assert found_school(PLATFORM, world["far_county"]).code == "9900000099"


def test_move_when_a_root_has_no_parent_then_tells_an_empty_one(world) -> None:
    other = Organisation.objects.create(path="00000050", kind=Kind.CITY, code="990900", name="孤立市")

    moved = tree.move(by=PLATFORM, place=other, parent=world["province"])

    assert moved.parent == world["province"]
    assert Entry.objects.get(action="organisation.move").before == {"parent": ""}
