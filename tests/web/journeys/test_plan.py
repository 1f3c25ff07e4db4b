"""From the demo county's forecast over a scenario, a plan and a comparison to the paper for the budget meeting."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.journeys import look
from tests.web.journeys.hands import Keyboard, Mouse
from tests.web.journeys.installation import Installation, copy_of_planted
from tests.web.journeys.person import Person, Way

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=130)]

Demo = tuple[Installation, dict[str, str]]
WAYS = [Way(Keyboard(), look.DESK, "light", "zh-hans"), Way(Mouse(), look.PHONE, "dark", "en")]
SIGN_IN = re.compile(r"^ {2}(\w+) +(\S{4}-\S{4}-\S{4}) ", re.MULTILINE)
LONG = 400_000
"""Milliseconds that a plan of the demo county may take on a busy machine."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo county as `make demo` loads it, and its passwords."""

    def load(installation: Installation) -> dict[str, str]:
        installation.manage("migrate")
        return dict(SIGN_IN.findall(installation.manage("load_demo")))

    made, passwords = copy_of_planted(tmp_path_factory, "demo", load)
    made.start()
    yield made, passwords
    made.kill()


def at_desk(engine: Browser, demo: Demo, way: Way, login: str, looked_at: set[str]) -> Person:
    """Somebody of the demo county, signed in."""
    person = Person.at(engine, demo[0].address, way, login, looked_at)
    person.story = "plan"
    person.sign_in(login, demo[1][login])
    return person


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_plan_when_made_from_the_example_scenario_then_ends_with_the_budget_paper(
    engine: Browser, demo: Demo, way: Way
) -> None:
    looked_at: set[str] = set()
    office = at_desk(engine, demo, way, "county", looked_at)
    look_ahead(office)
    title = f"方案 {way.name}"
    open_scenario(office, title)
    first = plan(office, {"prices--build_sports_area": "450", "effort--seconds": "20"}, title)
    second = plan(office, {"prices--build_sports_area": "500"}, title)
    compare(office, first, second)
    adopt(office, second)
    take_paper(office)
    head = at_desk(engine, demo, way, "principal1", looked_at)
    head.go("/plans/mine/")
    head.wait("table")
    head.look("own-measures")

    assert [*office.leave(), *head.leave()] == []


def look_ahead(office: Person) -> None:
    """The forecast that the demo has made, and its risks of one year only."""
    office.go("/plans/forecasts/")
    office.look("forecast")
    office.choose("#risk-least", "0.5")
    office.wait("#risks table")


def open_scenario(office: Person, title: str) -> None:
    """A copy of the example scenario."""
    office.go("/plans/scenarios/")
    office.look("scenarios")
    office.press("tbody a", "示例方案")
    office.wait(".alert-warning")
    office.write("#copy-title", title)
    office.press("form[action$='/copy/'] button")
    office.wait("h1", title)
    office.look("scenario")


def plan(office: Person, changes: dict[str, str], title: str) -> str:
    """Changes the scenario, plans, follows the search, and looks at what came of it; gives the path of the plan."""
    office.go("/plans/scenarios/")
    office.press("tbody th a", title)
    office.wait("h1", title)
    for name, value in changes.items():
        office.write(f"[name='{name}']", value)
    office.press(".jh-bar button")
    office.wait(".alert-success")
    office.press("form[action$='/start/'] button")
    office.page.wait_for_url(re.compile(r"/plans/\d+/$"))
    path = office.page.url[len(office.address) :]
    if office.page.locator("#search").count():
        office.look("searching")
    office.page.locator("main #files").wait_for(timeout=LONG)
    office.look("plan")
    return path


def compare(office: Person, *paths: str) -> None:
    """The plans side by side."""
    office.go("/plans/")
    office.look("plans")
    office.press("a[href$='/compare/']")
    for path in paths:
        office.hands.tick(office.one(f"#plan-{path.split('/')[2]}"))
    office.press("form[method=get] button")
    office.wait("table")
    office.look("compared")


def adopt(office: Person, path: str) -> None:
    """The plan the county is to follow, and one school in it."""
    office.go("/plans/")
    office.press(f"tbody a[href='{path}']")
    office.agree("form[action$='/adopt/'] button")
    office.wait(".alert-success")
    office.look("adopted")


def take_paper(office: Person) -> None:
    """The paper for the budget meeting."""
    with office.page.expect_download() as taken:
        office.press("#files a[download]", "预算报告.pdf")
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")
    office.press("#plan-schools tbody a")
    office.wait("h1")
    office.look("school")
