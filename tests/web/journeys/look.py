"""What is wrong with a page as a person sees it, and pictures of it for people (`make pictures`)."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.web.faults.platform import ROOT

PICTURES = ROOT / "build" / "screenshots"
ARE_PICTURES_ASKED = bool(os.environ.get("JUNHENG_PICTURES"))
"""Nobody looks at those of an ordinary run, and they take a seventh of its time."""
DESK: ViewportSize = {"width": 1366, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "selectors": False,
    "iframes": False,
    "preload": {"assets": ["media"]},
}
"""What passes is not told element by element, and no element by a selector: that takes longer than the rules themselves."""

RUN = """async ([options, size, seen]) => {
  // Contrast follows from the look of an element and of all that it stands in: one element of each look is examined.
  const known = new Set(seen), looks = new Map(), fresh = [], marked = [];
  const styles = ['color', 'backgroundColor', 'backgroundImage', 'opacity', 'position', 'filter', 'mixBlendMode'];
  const lookOf = node => {
    if (!node) return size;
    if (!looks.has(node)) {
      const style = getComputedStyle(node);
      const isOff = node.matches(':disabled, [aria-disabled=true]') || (node.control && node.control.disabled);
      const own = [node.tagName, node.getAttribute('class'), isOff, ...styles.map(name => style[name])];
      looks.set(node, lookOf(node.parentElement) + '>' + own.join('|'));
    }
    return looks.get(node);
  };
  const short = text => {
    let one = 5381, two = 52711;
    for (let at = 0; at < text.length; at++) {
      one = (one * 33) ^ text.charCodeAt(at);
      two = (two * 31) ^ text.charCodeAt(at);
    }
    return (one >>> 0).toString(36) + (two >>> 0).toString(36);
  };
  for (const node of document.body.querySelectorAll('*')) {
    const own = [...node.childNodes].filter(child => child.nodeType === 3).map(child => child.data).join('').trim();
    const text = own || node.value || node.placeholder || '';
    if (!text || !node.checkVisibility({visibilityProperty: true}) || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const letters = text.length === 1 ? 'one' : /[\\p{L}\\p{N}]/u.test(text);  // axe says nothing of a single character
    const look = short([lookOf(node), letters, style.fontSize, style.fontWeight, style.textShadow].join('|'));
    if (known.has(look)) continue;
    known.add(look);
    fresh.push(look);
    marked.push(node);
    node.dataset.firstOfItsLook = '';
  }
  axe.configure({rules: [{id: 'color-contrast', selector: '[data-first-of-its-look]'}]});
  const found = await axe.run(document, options);
  marked.forEach(node => delete node.dataset.firstOfItsLook);
  const lines = found.violations.flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html.slice(0, 200)));
  return [lines, fresh];
}"""
LOOKS: set[str] = set()
"""Looks whose contrast this process has examined; most of a page is on many pages."""

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


def bring_axe(context: BrowserContext) -> None:
    """Every page of a browser comes with axe, which its engine then compiles once and not at every page."""
    context.add_init_script(AXE)


def barriers(page: Page) -> list[str]:
    """What axe finds, one line per rule and element; needs `bring_axe`."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, **OPTIONS}
    found, fresh = page.evaluate(RUN, [options, str(page.viewport_size), sorted(LOOKS)])
    LOOKS.update(fresh)
    return [f"{page.url} {theme_of(page)}: {line}" for line in found]


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
    """The whole page as build/screenshots/<folder>/<name>.jpg, made in half the time of a PNG; where pictures are asked for."""
    if not ARE_PICTURES_ASKED:
        return
    target: Path = PICTURES / folder / f"{name}.jpg"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=True, type="jpeg", quality=70)
