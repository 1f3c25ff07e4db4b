"""The sample page in a real browser: every component, light and dark, at a desk and on a phone, by keyboard and on paper."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

from scripts import browser as chromium
from tests.web.journeys.look import barriers, bring_axe, overflow

pytestmark = pytest.mark.browser

DESK, PHONE = (1366, 900), (390, 844)


class Server(ThreadingMixIn, WSGIServer):
    """Answers several requests of a browser at once."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Does not write a line per request."""

    def log_message(self, *arguments: Any, **named: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with override_settings(ROOT_URLCONF="tests.web.layout.sample"):
        server = make_server("127.0.0.1", 0, WSGIHandler(), Server, Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def engine() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        yield started
        started.close()


@contextmanager
def opened(
    engine: Browser, url: str, size: tuple[int, int] = DESK, theme: Any = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """The page, and what the browser complained about."""
    context = engine.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", color_scheme=theme, reduced_motion="reduce"
    )
    bring_axe(context)
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(url)
    page.wait_for_selector("[data-chart] svg")
    yield page, complaints
    context.close()


def theme(page: Page) -> str | None:
    return page.get_attribute("html", "data-bs-theme")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sample_when_opened_then_axe_and_the_browser_find_nothing(
    engine: Browser, address: str, size: tuple[int, int], scheme: str
) -> None:
    with opened(engine, f"{address}/sample/?wrong", size, scheme) as (page, complaints):
        wrong = [*barriers(page), *overflow(page)]

    assert wrong + complaints == []


def test_charts_when_the_page_is_open_then_each_is_drawn(engine: Browser, address: str) -> None:
    with opened(engine, f"{address}/sample/") as (page, _complaints):
        drawn = page.eval_on_selector_all(
            "[data-chart]", "boxes => boxes.map(box => box.querySelectorAll('svg path').length)"
        )

    assert len(drawn) == 6
    assert min(drawn) > 5


def test_points_when_their_axes_have_names_then_names_numbers_and_the_limit_are_drawn(
    engine: Browser, address: str
) -> None:
    texts = "box => [...box.querySelectorAll('svg text')].map(node => node.textContent)"
    with opened(engine, f"{address}/sample/") as (page, _complaints):
        plain = page.eval_on_selector("[data-chart='points-data'], [data-chart='points']", texts)
        named = page.eval_on_selector("[data-chart='scatter-data'], [data-chart='scatter']", texts)

    assert plain == ["达标", "不达标", "无法判定"]
    assert {"学生数", "最弱指标(标准=100)", "100", "20"} <= set(named)


def test_theme_when_switched_then_charts_follow_and_the_choice_stays(engine: Browser, address: str) -> None:
    colour = "[...document.querySelectorAll('[data-chart] svg text')].map(node => node.getAttribute('fill'))[0]"
    with opened(engine, f"{address}/sample/") as (page, _complaints):
        before = page.evaluate(colour)
        page.click("[data-theme-switch]")
        after = page.evaluate(colour)
        page.reload()
        stays = theme(page)

    assert before != after
    assert stays == "dark"


def test_question_when_refused_and_then_agreed_to_then_goes_on_once(engine: Browser, address: str) -> None:
    with opened(engine, f"{address}/sample/?page=2") as (page, _complaints):
        page.click("a[data-confirm]")
        asked = page.inner_text("#confirm-question")
        page.click("[data-confirm-no]")
        refused = page.url
        page.click("a[data-confirm]")
        page.keyboard.press("Escape")
        escaped = page.url
        page.click("a[data-confirm]")
        page.click("[data-confirm-yes]")
        page.wait_for_url(f"{address}/sample/")

    assert asked.startswith("确定重新评估?")
    assert refused == escaped == f"{address}/sample/?page=2"


def test_skip_link_when_the_first_key_is_tab_then_leads_to_the_content(engine: Browser, address: str) -> None:
    with opened(engine, f"{address}/sample/") as (page, _complaints):
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.className")
        page.keyboard.press("Enter")
        reached = page.evaluate("document.activeElement.id")

    assert (first, reached) == ("jh-skip", "main")


def test_navigation_when_on_a_phone_then_opens_and_closes_by_keyboard(engine: Browser, address: str) -> None:
    with opened(engine, f"{address}/sample/", PHONE) as (page, _complaints):
        hidden = page.is_visible("#navigation")
        page.focus("[data-bs-target='#navigation']")
        page.keyboard.press("Enter")
        page.wait_for_selector("#navigation.show")
        inside = page.evaluate("document.getElementById('navigation').contains(document.activeElement)")
        page.keyboard.press("Escape")
        page.wait_for_selector("#navigation", state="hidden")

    assert (hidden, inside) == (False, True)


def test_form_when_it_is_sent_with_errors_then_the_list_of_errors_has_the_focus(engine: Browser, address: str) -> None:
    with opened(engine, f"{address}/sample/?wrong") as (page, _complaints):
        focused = page.evaluate("document.activeElement.className")

    assert "jh-form-errors" in focused


def test_partial_when_refused_failed_or_signed_out_then_the_person_learns_of_it(engine: Browser, address: str) -> None:
    with opened(engine, f"{address}/sample/") as (page, _complaints):
        page.click("[hx-get$='409']")
        page.wait_for_selector("#part p")
        in_place = page.inner_text("#part")
        page.click("[hx-get$='500']")
        page.wait_for_selector("#messages .alert-danger")
        failed = page.inner_text("#messages .alert-danger")
        page.click("[hx-get$='302']")
        page.wait_for_url("**/returns/mine/")

    assert in_place == "有人刚刚改过"
    assert failed.startswith("✗ 这一步没有完成。")


def test_paper_when_a_dark_page_is_printed_then_it_is_light_and_dark_again_after(engine: Browser, address: str) -> None:
    note = "addEventListener('beforeprint', () => { window.seen = document.documentElement.dataset.bsTheme })"
    with opened(engine, f"{address}/sample/", theme="dark") as (page, _complaints):
        page.evaluate(note)
        paper = page.pdf(prefer_css_page_size=True, print_background=True)
        page.wait_for_function("document.documentElement.dataset.bsTheme === 'dark'")
        seen = page.evaluate("window.seen")

    assert paper.startswith(b"%PDF")
    assert seen == "light"


def test_page_when_scripts_are_off_then_the_numbers_are_there(engine: Browser, address: str) -> None:
    context = engine.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sample/")
    summary = page.locator(".jh-chart-table summary").first
    summary.click()
    shown = page.locator(".jh-chart-table table").first.inner_text()
    context.close()

    assert "0.232" in shown
