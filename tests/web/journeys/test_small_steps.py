"""Single steps that need a browser's scripts: what a page does by itself while somebody works on it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.web.journeys import look
from tests.web.journeys.installation import Installation
from tests.web.journeys.test_pages import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=19)]

County = tuple[Installation, dict[str, Any]]


def test_round_open_when_the_year_is_changed_then_the_title_follows_until_it_is_written(
    engine: Browser, county: County
) -> None:
    with signed_in(engine, county, "county_office") as (page, told):
        page.goto(f"{county[0].address}/returns/rounds/open/")
        year, title = page.locator("[name=year]"), page.locator("[name=title]")
        year.fill("2031")
        followed = title.input_value()
        title.fill("补报")
        year.fill("2032")
        written = title.input_value()

    assert "2031" in followed
    assert written == "补报"
    assert told == []


def test_sheet_when_a_cell_is_left_then_the_count_of_its_table_follows(engine: Browser, county: County) -> None:
    with signed_in(engine, county, "reporter5") as (page, told):
        page.goto(f"{county[0].address}/returns/mine/")
        page.locator("main a.btn-primary").first.click()
        count = page.locator("#count-schools")
        filled, cells = count.inner_text().split("/")
        cell = page.locator("[name^=c-schools-][name$=-book_count]")
        step = -1 if cell.input_value() else 1
        cell.fill("" if step < 0 else "4200")
        cell.blur()
        expect(count).to_have_text(f"{int(filled) + step}/{cells}")

    assert told == []


OPEN = "() => [...document.querySelectorAll('details.jh-fold')].map(fold => fold.open)"


def test_dashboard_when_on_a_phone_then_the_rest_is_folded_and_one_key_away(engine: Browser, county: County) -> None:
    with signed_in(engine, county, "county_office") as (page, told):
        page.set_viewport_size(look.PHONE)
        page.goto(f"{county[0].address}/")
        folded, height = page.evaluate(OPEN), page.evaluate("document.documentElement.scrollHeight")
        page.locator("details.jh-fold > summary").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-chart=dispersion-data] svg")).to_be_visible()
        drawn = page.locator("[data-chart=dispersion-data] svg path").count()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        printed = page.evaluate(OPEN)
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        after = page.evaluate(OPEN)
        page.goto(f"{county[0].address}/#schools")
        page.wait_for_load_state("load")
        expect(page.locator("#schools h2")).to_be_visible()

    assert not any(folded)
    assert height < 4000  # 17 000 px when all is open
    assert drawn > 20
    assert all(printed)
    assert (after[0], any(after[1:])) == (True, False)
    assert told == []


def test_dashboard_when_at_a_desk_then_nothing_is_folded(engine: Browser, county: County) -> None:
    with signed_in(engine, county, "county_office") as (page, _told):
        page.goto(f"{county[0].address}/")
        shown = page.evaluate(OPEN)
        summaries = page.locator("details.jh-fold > summary:visible").count()
        page.set_viewport_size(look.PHONE)
        page.wait_for_function("() => [...document.querySelectorAll('details.jh-fold')].every(fold => !fold.open)")
        page.set_viewport_size(look.DESK)
        page.wait_for_function("() => [...document.querySelectorAll('details.jh-fold')].every(fold => fold.open)")

    assert len(shown) > 5
    assert all(shown)
    assert summaries == 0
