"""What is wrong with a page as a person sees it, and pictures of it for people."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize

from tests.web.faults.platform import ROOT

PICTURES = ROOT / "build" / "screenshots"
DESK: ViewportSize = {"width": 1366, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe()
ONLY_VIOLATIONS: dict[str, Any] = {"resultTypes": ["violations"], "selectors": False, "iframes": False}
"""What passes is not told element by element, and no element by a selector: that takes longer than the rules themselves."""
SETTLES = 5


def watch(page: Page, address: str) -> list[str]:
    """A list that fills itself: what the console says, scripts that fail, requests that leave the server or fail."""
    told: list[str] = []
    page.on(
        "console",
        lambda said: (
            told.append(f"{page.url}: {said.type}: {said.text}") if said.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: told.append(f"{page.url}: {error}"))

    def is_own(url: str) -> bool:
        return url.startswith((f"{address}/", "data:", "blob:"))

    page.on("request", lambda sent: None if is_own(sent.url) else told.append(f"{page.url} asks for {sent.url}"))
    return told


def barriers(page: Page, *, only_contrast: bool = False) -> list[str]:
    """What axe finds, one line per rule and element."""
    wanted = {"type": "rule", "values": ["color-contrast"]} if only_contrast else {"type": "tag", "values": TAGS}
    found = AXE.run(page, options={"runOnly": wanted, **ONLY_VIOLATIONS}).response["violations"]
    return [
        f"{page.url} {theme_of(page)}: {rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """One line when the page as a whole scrolls sideways, with the elements that stick out."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    for _ in range(SETTLES):
        if wide <= 0:
            return []
        page.wait_for_timeout(200)  # charts follow the window a moment later
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    out = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter(node => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .slice(0, 3).map(node => node.outerHTML.slice(0, 120))"""
    )
    return [f"{page.url} is {wide} px too wide: {out}"]


def theme_of(page: Page) -> str:
    """light or dark."""
    return page.get_attribute("html", "data-bs-theme") or ""


def put_theme(page: Page, theme: str) -> None:
    """Presses the switch unless the theme is on already."""
    if theme_of(page) != theme:
        page.locator("[data-theme-switch]").click()
        page.wait_for_timeout(200)  # colours move for a moment


def picture(page: Page, folder: str, name: str) -> None:
    """The whole page as build/screenshots/<folder>/<name>.png."""
    target: Path = PICTURES / folder / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=True)
