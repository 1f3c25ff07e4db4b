"""One person at one browser: opens pages, uses them in their own way, looks at each, and keeps a picture of it."""

import re
from dataclasses import dataclass, field
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.web.journeys import look
from tests.web.journeys.hands import Hands

PATIENCE = 60_000
"""Milliseconds after which a page that does not come fails the journey."""
STEP = 100
IS_SAVED = """() => {
  const form = document.getElementById('sheet');
  return Array.from(form.elements).filter(cell => cell.name.startsWith('c-')).every(cell => {
    const kept = form.elements.namedItem('w-' + cell.name.slice(2));
    return (cell.value === '') === (kept.value === '');
  });
}"""


@dataclass(frozen=True)
class Way:
    """How a journey is made: with which hands, on which screen, in which colours and language."""

    hands: Hands
    size: Any
    theme: Any
    language: str

    @property
    def name(self) -> str:
        """For the folder of its pictures."""
        return f"{type(self.hands).__name__.lower()}-{self.size['width']}-{self.theme}-{self.language}"


@dataclass
class Person:
    """`told` is what the browser complained about, `wrong` what is wrong with the pages that were looked at.

    `looked_at` are the names of the pages in their states that somebody of the journey has looked at; all share it.
    """

    name: str
    address: str
    way: Way
    context: BrowserContext
    page: Page
    told: list[str]
    looked_at: set[str]
    wrong: list[str] = field(default_factory=list)
    looks: int = 0
    story: str = "first-year"

    @classmethod
    def at(cls, engine: Browser, address: str, way: Way, name: str, looked_at: set[str]) -> "Person":
        """A fresh browser for a person."""
        context = engine.new_context(
            viewport=way.size, locale="zh-CN", color_scheme=way.theme, reduced_motion="reduce", accept_downloads=True
        )
        context.set_default_timeout(PATIENCE)
        look.bring_axe(context)
        page = context.new_page()
        page.on("filechooser", lambda _asked: None)  # from now on the browser asks us for files, and not the desktop
        return cls(name, address, way, context, page, look.watch(page, address), looked_at)

    @property
    def hands(self) -> Hands:
        """Mouse or keyboard."""
        return self.way.hands

    def open(self, address: str) -> None:
        """Types an address; the first time also chooses the language."""
        self.page.goto(address if address.startswith("http") else self.address + address)
        chosen = self.page.locator(f"header button[name=language][value={self.way.language}]")
        if chosen.count():
            self.press(chosen)
            self.page.wait_for_selector(f"html[lang^={self.way.language[:2]}]")

    def sign_in(self, login: str, password: str) -> None:
        """With a name and a password."""
        self.open("/accounts/sign-in/")
        self.write("[name=login]", login)
        self.write("[name=password]", password)
        self.press("form button[type=submit]")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def go(self, path: str) -> None:
        """Follows the navigation to a path."""
        link = self.page.locator(f'#navigation a[href="{path}"]')
        if not link.is_visible():
            self.press(self.page.locator('header [data-bs-target="#navigation"]'))
        with self.page.expect_navigation(url=lambda url: path in url):  # also where a page below that path is left
            self.press(link)

    def one(self, selector: str, text: str = "") -> Locator:
        """The one element of the main part that fits and has the text, or the first of several."""
        return self.page.locator(f"main {selector}").filter(has_text=text).first

    def press(self, place: Locator | str, text: str = "") -> None:
        """Presses a button or follows a link, once the page's scripts are there."""
        self.page.wait_for_load_state("load")
        self.hands.press(self.one(place, text) if isinstance(place, str) else place)

    def agree(self, place: Locator | str, text: str = "") -> None:
        """Presses, and says yes to the question that follows."""
        self.press(place, text)
        self.hands.press(self.page.locator("#confirm[open] [data-confirm-yes]"))

    def write(self, selector: str, text: str) -> None:
        """Writes into a field."""
        self.hands.write(self.one(selector), text)

    def choose(self, selector: str, value: str) -> None:
        """Chooses from a list."""
        self.hands.choose(self.one(selector), value)

    def pick_file(self, selector: str, path: str) -> None:
        """Gives a file to a file field."""
        self.page.wait_for_load_state("load")
        self.hands.pick_file(self.one(selector), path)

    def wait(self, selector: str, text: str | re.Pattern[str] = "") -> Locator:
        """The first element of the main part that fits, once it is to be seen."""
        place = self.page.locator(f"main {selector}").filter(has_text=text).first
        expect(place).to_be_visible(timeout=PATIENCE)
        return place

    def wait_until_saved(self) -> None:
        """Every cell of the sheet is with the server."""
        self.until(IS_SAVED)

    def until(self, expression: str) -> None:
        """Asks the page again and again; a page under our policy may not evaluate the question by itself."""
        for _ in range(PATIENCE // STEP):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(STEP)
        raise AssertionError(f"{self.page.url}: never {expression}")

    def look(self, name: str) -> None:
        """Notes what is wrong with the page, and takes a picture if asked, when nobody of this journey has looked at it so."""
        self.looks += 1
        self.page.wait_for_load_state("load")
        if name in self.looked_at:
            return
        self.looked_at.add(name)
        look.picture(self.page, f"{self.story}/{self.way.name}", f"{self.name}-{self.looks:02}-{name}")
        self.page.evaluate("scrollTo(0, 0)")  # what the fixed header covers for the moment is no barrier
        self.wrong += [*look.barriers(self.page), *look.overflow(self.page)]

    def accept(self, link: str, password: str) -> None:
        """Opens an invitation and sets a password; a second factor too where the role asks for one."""
        self.open(link)
        self.write("[name=password]", password)
        self.write("[name=again]", password)
        self.look("invitation")
        self.press("form button[type=submit]")
        self.page.wait_for_url(lambda url: "/invitation/" not in url)
        if "/second-factor/" in self.page.url:
            self.look("second-factor")
            secret = self.one("p.jh-code").inner_text()
            self.write("[name=code]", pyotp.TOTP(secret.replace(" ", "")).now())
            self.press("form button[type=submit]")
            self.wait("#codes")
            self.look("recovery-codes")
            self.press("a.btn-primary")
            self.page.wait_for_url(lambda url: "second-factor" not in url)

    def leave(self) -> list[str]:
        """Closes the browser; gives everything that was wrong."""
        self.context.close()
        return [*self.wrong, *self.told]
