"""Who sees which run, school and explanation."""

import pytest

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.evaluations import actions, queries
from junheng.web.evaluations.models import Publication
from tests.web.evaluations.county import finished_run

SEES_ALL = [
    (Role.COUNTY_OFFICE, "county"),
    (Role.DEPARTMENT, "finance"),
    (Role.ASSESSOR, "county"),
    (Role.LEADER, "county"),
    (Role.SUPERVISOR, "city"),
    (Role.SUPERVISOR, "province"),
    (Role.LEADER, "nation"),
]
SEES_PUBLISHED = [(Role.REPORTER, "school"), (Role.PRINCIPAL, "middle_school"), (Role.TOWNSHIP, "township")]
SEES_NOTHING = [
    (Role.COUNTY_OFFICE, "neighbour"),
    (Role.PRINCIPAL, "neighbour_school"),
    (Role.SUPERVISOR, "far_city"),
    (Role.SYSTEM_ADMIN, "county"),
    (Role.SECURITY_ADMIN, "county"),
    (Role.AUDIT_ADMIN, "county"),
]


@pytest.mark.parametrize(("role", "place"), SEES_ALL)
def test_runs_when_the_county_is_in_the_area_then_all_are_seen(world, run, role, place) -> None:
    assert list(queries.visible_runs(world.actor(role, place))) == [run]


@pytest.mark.parametrize(("role", "place"), SEES_PUBLISHED)
def test_runs_when_somebody_is_local_then_only_published_ones_are_seen(world, run, office, role, place) -> None:
    actor = world.actor(role, place)
    assert not queries.visible_runs(actor)

    actions.publish(by=office, run=run)

    assert list(queries.visible_runs(actor)) == [run]


@pytest.mark.parametrize(("role", "place"), SEES_NOTHING)
def test_runs_when_the_county_is_not_theirs_then_none_is_seen(world, published, client_for, role, place) -> None:
    assert not queries.visible_runs(world.actor(role, place))
    client = client_for(world.member(role, place))
    assert client.get(f"/runs/{published.pk}/").status_code in {403, 404}
    assert client.get(f"/runs/{published.pk}/explain/school:9900000001/").status_code in {403, 404}
    assert client.get(f"/schools/{world['school'].pk}/").status_code in {403, 404}


def test_runs_when_the_actor_has_no_area_then_none_is_seen(published) -> None:
    nobody = Actor(user_id=None, name="无", role=Role.LEADER, organisation_id=None)

    assert not queries.visible_runs(nobody)


@pytest.mark.parametrize(
    ("role", "place", "codes"),
    [
        (Role.COUNTY_OFFICE, "county", ["9900000001", "9900000002", "9900000003"]),
        (Role.TOWNSHIP, "township", ["9900000001"]),
        (Role.PRINCIPAL, "middle_school", ["9900000003"]),
    ],
)
def test_school_results_when_asked_for_then_only_those_of_the_own_part(world, published, role, place, codes) -> None:
    results = queries.school_results(world.actor(role, place), published)

    assert [entry.code for entry in results.order_by("code")] == codes


@pytest.mark.parametrize(
    ("role", "place", "at", "status"),
    [
        (Role.PRINCIPAL, "school", "school:9900000001:primary/", 200),
        (Role.REPORTER, "school", "school:9900000001/", 200),
        (Role.PRINCIPAL, "school", "school:9900000002/", 404),
        (Role.PRINCIPAL, "school", "", 404),
        (Role.PRINCIPAL, "school", "part:resources/", 404),
        (Role.PRINCIPAL, "school", "item:school_size/", 404),
        (Role.TOWNSHIP, "township", "school:9900000001/", 200),
        (Role.TOWNSHIP, "township", "school:9900000002/", 404),
        (Role.TOWNSHIP, "township", "dispersion:sports_area_per_student:primary/", 404),
        (Role.DEPARTMENT, "finance", "", 200),
        (Role.SUPERVISOR, "province", "part:resources/", 200),
        (Role.COUNTY_OFFICE, "county", "school:1/", 404),
        (Role.COUNTY_OFFICE, "county", "nonsense/", 404),
    ],
)
def test_explain_when_opened_then_only_what_is_theirs(world, published, client_for, role, place, at, status) -> None:
    client = client_for(world.member(role, place))

    assert client.get(f"/runs/{published.pk}/explain/{at}").status_code == status


@pytest.mark.parametrize(
    ("role", "place", "school", "status"),
    [
        (Role.PRINCIPAL, "school", "school", 200),
        (Role.PRINCIPAL, "school", "town_school", 404),
        (Role.TOWNSHIP, "township", "school", 200),
        (Role.TOWNSHIP, "township", "middle_school", 404),
        (Role.LEADER, "county", "middle_school", 200),
        (Role.SUPERVISOR, "city", "school", 200),
        (Role.COUNTY_OFFICE, "county", "neighbour_school", 404),
    ],
)
def test_school_page_when_opened_then_only_the_own_schools(
    world, published, client_for, role, place, school, status
) -> None:
    client = client_for(world.member(role, place))

    assert client.get(f"/schools/{world[school].pk}/").status_code == status
    if school in {"school", "middle_school"}:  # both are too large, so they have a plan
        answer = client.get(f"/runs/{published.pk}/schools/{world[school].pk}/plan/")
        assert answer.status_code == status


@pytest.mark.parametrize("role", [Role.LEADER, Role.ASSESSOR])
def test_publish_when_the_role_only_reads_then_refuses(world, run, client_for, role) -> None:
    answer = client_for(world.member(role, "county")).post(f"/runs/{run.pk}/publish/")

    assert answer.status_code == 403
    assert not Publication.objects.exists()


def test_publish_when_the_run_is_another_countys_then_not_found(world, office, client_for) -> None:
    other = finished_run(world.actor(Role.COUNTY_OFFICE, "neighbour"), world["neighbour"])

    answer = client_for(world.member(Role.COUNTY_OFFICE, "county")).post(f"/runs/{other.pk}/publish/")

    assert answer.status_code == 404


def test_local_pages_when_they_show_the_county_then_are_kept_from_schools(world, published, client_for) -> None:
    client = client_for(world.member(Role.PRINCIPAL, "school"))

    assert client.get(f"/runs/{published.pk}/departments/").status_code == 404
    assert client.get(f"/runs/{published.pk}/brief/").status_code == 404
    assert client.get("/runs/compare/").status_code == 302
    shown = client.get(f"/runs/{published.pk}/").content.decode()
    assert "青石镇示例小学" in shown
    assert "青石县第一小学" not in shown
