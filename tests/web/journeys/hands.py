"""Two ways to use a page: with a mouse, and with nothing but the keyboard."""

from typing import Protocol

from playwright.sync_api import FileChooser, Locator, Page

MOST_TABS = 600
OFFSET = """element => {
  const here = document.activeElement;
  if (here === element) return 0;
  const stops = node => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({visibilityProperty: true});
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(
    node => node === element || node === here || stops(node));
  const place = all.indexOf(element);
  if (!here || here === document.body) {  // nothing has the focus: Tab starts at the top, Shift+Tab at the end
    return place <= all.length / 2 ? place + 1 : place - all.length;
  }
  if (all.includes(here)) return place - all.indexOf(here);
  return here.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING ? 1 : -1;
}"""
"""About how many tabs away the element is; 0 when it has the focus."""

VALUE = "element => element.value"


class Hands(Protocol):
    """What a person does to one element of a page."""

    def press(self, place: Locator) -> None:
        """Follows a link or presses a button."""

    def write(self, place: Locator, text: str) -> None:
        """Replaces the text of a field."""

    def choose(self, place: Locator, value: str) -> None:
        """Takes the entry of a list that has this value."""

    def tick(self, place: Locator, *, on: bool = True) -> None:
        """Ticks a box, or takes the tick away."""

    def pick_file(self, place: Locator, path: str) -> None:
        """Gives a file to a file field."""


class Mouse:
    """Points and clicks."""

    def press(self, place: Locator) -> None:
        """Clicks."""
        place.click()

    def write(self, place: Locator, text: str) -> None:
        """Fills in, and leaves the field."""
        place.fill(text)
        place.blur()

    def choose(self, place: Locator, value: str) -> None:
        """Selects."""
        place.select_option(value)

    def tick(self, place: Locator, *, on: bool = True) -> None:
        """Clicks the box."""
        place.set_checked(on)

    def pick_file(self, place: Locator, path: str) -> None:
        """Through the dialog for files."""
        with place.page.expect_file_chooser() as asked:
            place.click()
        _give(asked.value, path)


class Keyboard:
    """Tab and Shift+Tab to get there; Enter, Space, arrows and letters to act."""

    def press(self, place: Locator) -> None:
        """Enter."""
        press_to(place.page, place)
        place.page.keyboard.press("Enter")

    def write(self, place: Locator, text: str) -> None:
        """Selects what is there and types; leaves the field, so that it is saved."""
        press_to(place.page, place)
        if place.get_attribute("type") == "date":
            _type_date(place, text)
        else:
            place.page.keyboard.press("Control+A")
            place.page.keyboard.insert_text(text)
        place.page.keyboard.press("Tab")

    def choose(self, place: Locator, value: str) -> None:
        """Arrow down from the top until it is chosen."""
        press_to(place.page, place)
        place.page.keyboard.press("Home")
        for _ in range(int(place.evaluate("element => element.options.length"))):
            if place.evaluate(VALUE) == value:
                return
            place.page.keyboard.press("ArrowDown")
        assert place.evaluate(VALUE) == value, f"{value} cannot be reached with the arrows"

    def tick(self, place: Locator, *, on: bool = True) -> None:
        """Space."""
        press_to(place.page, place)
        if place.is_checked() != on:
            place.page.keyboard.press("Space")
        assert place.is_checked() == on

    def pick_file(self, place: Locator, path: str) -> None:
        """Space opens the dialog for files."""
        press_to(place.page, place)
        with place.page.expect_file_chooser() as asked:
            place.page.keyboard.press("Space")
        _give(asked.value, path)


def press_to(page: Page, place: Locator) -> None:
    """Tabs, forwards or backwards, until the element has the focus; fails when that takes too many tabs.

    First as often as it seems to be away, to ask the page less often; from there tab by tab.
    """
    place.wait_for()
    element = place.element_handle()  # looked for once: that takes as long as a tab
    tabs = 0
    while offset := int(element.evaluate(OFFSET)):
        steps = 1 if tabs else abs(offset)
        for _ in range(steps):
            page.keyboard.press("Tab" if offset > 0 else "Shift+Tab")
        tabs += steps
        assert tabs <= MOST_TABS, f"the keyboard does not reach {place}"


def _type_date(place: Locator, text: str) -> None:
    """The order of year, month and day is the browser's: the one that gives the day is the right one."""
    year, month, day = text.split("-")
    for order in ((year, month, day), (month, day, year), (day, month, year)):
        for part in order:
            place.page.keyboard.type(part)
            if part == year and order[0] == year:
                place.page.keyboard.press("ArrowRight")
        if place.evaluate(VALUE) == text:
            return
        place.page.keyboard.press("ArrowLeft")
        place.page.keyboard.press("ArrowLeft")
    raise AssertionError(f"{text} cannot be typed: {place.evaluate(VALUE)}")


def _give(chooser: FileChooser, path: str) -> None:
    chooser.set_files(path)
