"""Rosters: what they would change, and taking them over."""

import pytest

from junheng.web.access.roles import Role
from junheng.web.organisations.actions import tree
from junheng.web.organisations.actions.rosters import Applied, apply_roster
from junheng.web.organisations.errors import RefusedError
from junheng.web.organisations.models import Kind, Organisation
from junheng.web.organisations.rosters import Entry, compare

SAME = Entry("9900000002", "青石县第一小学")
ROSTER = [
    SAME,
    Entry("9900000001", "青石镇中心小学", "青石县", "primary_school"),  # renamed, moved to the county, typed
    Entry("9900000050", "青石镇第二小学", "青石镇", "teaching_point"),
    Entry("9900000051", "青石县第二初级中学"),
]


@pytest.fixture
def office(world):
    return world.actor(Role.COUNTY_OFFICE, "county")


def take_over(office, world, roster=None, **more) -> Applied:
    entries = ROSTER if roster is None else roster
    given = {"digest": compare(world["county"], entries).digest, **more}
    return apply_roster(by=office, county=world["county"], entries=entries, **given)


def test_compare_when_the_roster_differs_then_sorts_every_school_in_four_queries(
    world, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(4):
        preview = compare(world["county"], ROSTER)

    assert [change.entry.code for change in preview.new] == ["9900000050", "9900000051"]
    assert [(change.before, change.after) for change in preview.renamed] == [("青石镇示例小学", "青石镇中心小学")]
    assert [(change.before, change.after) for change in preview.moved] == [("青石镇", "青石县")]
    assert [change.after for change in preview.retyped] == ["primary_school"]
    assert [place.code for place in preview.missing] == ["9900000003"]
    assert (preview.unchanged, preview.change_count, preview.is_applicable) == (1, 5, True)
    assert Organisation.objects.filter(code="9900000050").count() == 0


def test_compare_when_a_township_is_blank_then_the_school_stays_where_it_is(world) -> None:
    preview = compare(world["county"], [Entry("9900000001", "青石镇示例小学")])

    assert (preview.moved, preview.unchanged) == ((), 1)


def test_compare_when_codes_or_townships_cannot_be_then_finds_it_and_names_no_foreign_school(office, world) -> None:
    tree.close(by=office, place=world["school"])
    roster = [
        Entry("9900000001", "青石镇示例小学"),
        Entry("9800000001", "远方县第一小学"),
        Entry("9900000060", "某小学", "不存在镇"),
    ]

    preview = compare(world["county"], roster)

    assert [finding.code for finding in preview.findings] == [
        "roster-code-taken",
        "roster-code-taken",
        "roster-township",
    ]
    assert "已撤销的“青石镇示例小学”" in preview.findings[0].message
    assert "远方" not in preview.findings[1].message
    assert not preview.is_applicable


def test_apply_when_confirmed_then_changes_all_and_a_second_time_nothing(office, world) -> None:
    closing = {world["middle_school"].pk, world["neighbour_school"].pk}  # the neighbour's is not missing here

    assert take_over(office, world, closing=closing) == Applied(2, 1, 1, 1, 1)
    assert take_over(office, world, closing=closing, digest="whatever") == Applied()
    school = Organisation.objects.get(code="9900000001")
    assert (school.name, school.parent, school.school_type) == ("青石镇中心小学", world["county"], "primary_school")
    assert Organisation.objects.get(code="9900000050").parent == world["township"]
    assert not Organisation.objects.get(code="9900000003").is_open
    assert Organisation.objects.get(pk=world["neighbour_school"].pk).is_open


def test_apply_when_the_county_changed_since_the_preview_then_refuses(office, world) -> None:
    digest = compare(world["county"], ROSTER).digest
    tree.rename(by=office, place=world["town_school"], name="青石县实验小学")

    with pytest.raises(RefusedError, match="有了变化") as refusal:
        take_over(office, world, digest=digest)

    assert refusal.value.field == "digest"
    assert not Organisation.objects.filter(code="9900000050").exists()


def test_apply_when_the_roster_has_errors_then_changes_nothing(office, world) -> None:
    with pytest.raises(RefusedError, match="还有错误"):
        take_over(office, world, [*ROSTER, Entry("9800000001", "远方县第一小学")])


def test_apply_when_the_county_is_not_the_actors_or_none_then_refuses(office, world) -> None:
    for place in ("neighbour", "township"):
        with pytest.raises(RefusedError, match="不归您管理"):
            apply_roster(by=office, county=world[place], entries=ROSTER, digest="")


def test_compare_when_the_admin_moves_a_township_then_digests_differ(world) -> None:
    before = compare(world["county"], ROSTER).digest
    admin = world.actor(Role.SYSTEM_ADMIN, "nation")
    tree.create(by=admin, parent=world["county"], kind=Kind.SCHOOL, name="新校", code="9900000088")

    assert compare(world["county"], ROSTER).digest != before
