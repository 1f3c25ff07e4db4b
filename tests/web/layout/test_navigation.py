"""The side navigation."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from junheng.web.access.roles import Role
from junheng.web.layout.navigation import GROUPS, links

ROUTES = [entry.route for group in GROUPS for entry in group.entries]


def shown(role: str, path: str = "/") -> set[str]:
    return {str(entry.label) for _title, entries in links(role, path, {}) for entry in entries}


@pytest.fixture
def all_routes(settings) -> None:
    settings.ROOT_URLCONF = "tests.web.layout.sample"


@pytest.mark.parametrize(
    ("role", "some", "others"),
    [
        (Role.REPORTER, {"我的填报", "监测总览"}, {"审核", "填报任务", "审计日志", "用户与角色"}),
        (Role.PRINCIPAL, {"审核"}, {"我的填报", "填报进度"}),
        (Role.COUNTY_OFFICE, {"填报任务", "审核", "填报进度", "导入学校名录"}, {"下级比较", "审计日志", "接口令牌"}),
        (Role.SUPERVISOR, {"下级比较", "填报任务"}, {"审核", "用户与角色"}),
        (Role.SYSTEM_ADMIN, {"用户与角色", "机构与学校"}, {"监测总览", "审计日志"}),
        (Role.AUDIT_ADMIN, {"审计日志", "登录安全"}, {"用户与角色", "监测总览"}),
    ],
)
def test_links_when_a_role_looks_then_sees_its_own(all_routes, role: Role, some: set[str], others: set[str]) -> None:
    assert some <= shown(role.value)
    assert others.isdisjoint(shown(role.value))


def test_links_when_nobody_is_signed_in_then_shows_only_what_is_open_to_all_roles(all_routes) -> None:
    assert shown("") == {"标准", "登录安全"}


def test_links_when_a_page_below_an_entry_is_open_then_that_entry_is_current(all_routes) -> None:
    groups = links(Role.COUNTY_OFFICE.value, "/returns/review/7/", {"returns:review": 14})

    current = [entry for _title, entries in groups for entry in entries if entry.is_current]

    assert [(str(entry.label), entry.count) for entry in current] == [("审核", 14)]


def test_links_when_a_route_is_missing_then_the_entry_and_an_empty_group_are_left_out(settings) -> None:
    settings.ROOT_URLCONF = "tests.web.layout.no_routes"

    assert links(Role.COUNTY_OFFICE.value, "/", {}) == []


@pytest.mark.parametrize("route", ROUTES)
def test_groups_when_the_platform_is_whole_then_every_entry_leads_somewhere(route: str) -> None:
    from django.urls import reverse

    assert reverse(route).startswith("/")


def test_groups_when_drawn_then_every_icon_is_in_the_sprite() -> None:
    path = finders.find("vendor/icons.svg")
    sprite = Path(str(path)).read_text(encoding="utf-8")

    assert [entry.icon for group in GROUPS for entry in group.entries if f'id="{entry.icon}"' not in sprite] == []
