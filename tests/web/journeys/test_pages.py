"""Every main page of every role, at a desk and on a phone, light and dark, Chinese and English: nothing is in anybody's way."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.web.journeys import look
from tests.web.journeys.installation import Installation
from tests.web.journeys.texts import untranslated

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=20)]

County = tuple[Installation, dict[str, Any]]
DEEP = ("county_office", "reporter3", "principal4", "system_admin", "security_admin")
"""Whose pages are followed one link further than the navigation leads, and looked at in both ways."""

FLAT = ("supervisor", "leader", "assessor", "department", "township", "reporter1", "audit_admin")
"""They see the same pages, or fewer: each is walked in one way, turn about."""

EACH_WAY = [pytest.param(DEEP[0], marks=pytest.mark.slow(seconds=100)), *DEEP[1:]]
AT_DESK, ON_PHONE = [*EACH_WAY, *FLAT[::2]], [*EACH_WAY, *FLAT[1::2]]
COMMON = ("/standards/", "/organisations/", "/documents/", "/runs/", "/accounts/security/", "/returns/notices/")
NUMBER = re.compile(r"\d+")
STANDARD = re.compile(r"^/standards/(?!compare/)[^/]+/$")
NO_PAGE = re.compile(r"/(file|template|plan|alive)/$|export\.|/static/|^/api/v1/(?!docs)|^/documents/\d+/$")
MOST = 60


@contextmanager
def signed_in(engine: Browser, county: County, login: str) -> Iterator[tuple[Page, list[str]]]:
    """A page in which somebody is signed in, and what the browser complains about."""
    installation, told_by_seed = county
    context = engine.new_context(viewport=look.DESK, locale="zh-CN", color_scheme="light", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    if login in DEEP:  # nobody else's pages are examined
        look.bring_axe(context)
    page = context.new_page()
    told = look.watch(page, installation.address)
    page.goto(f"{installation.address}/accounts/sign-in/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", told_by_seed["passwords"][login])
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "sign-in" not in url)
    yield page, told
    context.close()


def pattern_of(path: str) -> str:
    """Pages that differ in what they show, not in what they are, have one pattern."""
    if "/explain/" in path:
        return "explain"
    return STANDARD.sub("/standards/S/", NUMBER.sub("N", path))


def links(page: Page, where: str) -> list[str]:
    """Paths of this server that links of a part of the page lead to, without fragment; with their query."""
    found = page.eval_on_selector_all(f"{where} a[href]:not([download])", "all => all.map(link => link.href)")
    here = urlsplit(page.url).netloc
    parts = [urlsplit(address) for address in found]
    return [f"{part.path}?{part.query}".rstrip("?") for part in parts if part.netloc == here]


def walk(page: Page, *, is_deep: bool, passes: Callable[[str], bool] = lambda _path: False) -> Iterator[str]:
    """Goes to each page once and stays there while the caller looks at it; gives its path. Leaves out what `passes`."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    waiting = ["/", *links(page, "nav")]
    first = {pattern_of(urlsplit(path).path) for path in waiting}
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        bare = urlsplit(path).path
        pattern = pattern_of(bare)
        if pattern in seen or NO_PAGE.search(bare):
            continue
        seen.add(pattern)
        leads_on = is_deep and pattern in first
        if passes(path) and not leads_on:
            continue
        answer = page.goto(origin + path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        if leads_on:
            waiting += links(page, "main")
        if not passes(path):
            yield path
        assert len(seen) < MOST, sorted(seen)


def name_of(path: str) -> str:
    """A file name for a page."""
    return re.sub(r"[^\w]+", "-", pattern_of(urlsplit(path).path)).strip("-")[:60] or "start"


def is_thorough(login: str, path: str) -> bool:
    """True where axe looks too: it takes long, and one role is enough for pages that all roles see alike."""
    return login == DEEP[0] or (login in DEEP and not path.startswith(COMMON))


def passing(login: str, way: int) -> Callable[[str], bool]:
    """Pages that all roles see alike: the county's office looks at them in both ways, who is followed deep in one, turn about."""
    is_turn = login == DEEP[0] or (login in DEEP and (DEEP.index(login) + way) % 2 == 0)
    return lambda path: path.startswith(COMMON) and not is_turn


@pytest.mark.parametrize("login", AT_DESK)
def test_pages_in_chinese_when_walked_at_a_desk_then_nothing_is_wrong(
    engine: Browser, county: County, login: str
) -> None:
    wrong: list[str] = []
    with signed_in(engine, county, login) as (page, told):
        for path in walk(page, is_deep=login in DEEP, passes=passing(login, 0)):
            wrong += look.barriers(page) if is_thorough(login, path) else []
            look.picture(page, f"pages/{login}", f"{name_of(path)}-desk-light-zh")
            page.set_viewport_size(look.PHONE)
            wrong += look.overflow(page)
            page.set_viewport_size(look.DESK)

    assert wrong + told == []


@pytest.mark.parametrize("login", ON_PHONE)
def test_pages_in_english_when_walked_on_a_phone_in_the_dark_then_nothing_is_wrong_and_all_is_english(
    engine: Browser, county: County, login: str
) -> None:
    wrong: list[str] = []
    with signed_in(engine, county, login) as (page, told):
        page.locator("header button[name=language][value=en]").click()
        page.wait_for_selector("html[lang=en]")
        page.set_viewport_size(look.PHONE)
        look.put_theme(page, "dark")
        for path in walk(page, is_deep=login in DEEP, passes=passing(login, 1)):
            wrong += look.barriers(page) if is_thorough(login, path) else []
            wrong += [*look.overflow(page), *untranslated(page, county[1]["names"])]
            look.picture(page, f"pages/{login}", f"{name_of(path)}-phone-dark-en")

    assert wrong + told == []
