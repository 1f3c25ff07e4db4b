"""Chinese texts of a page that no element calls Chinese. No tests here."""

import re
from html.parser import HTMLParser

CHINESE = re.compile(r"[一-鿿]")
VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "use", "path", "col", "wbr", "source"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            inherited = self.open[-1][1] if self.open else ""
            self.open.append((tag, dict(attrs).get("lang") or inherited))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1] if self.open else ("", "")
        if tag not in {"script", "style"} and CHINESE.search(data) and not language.startswith("zh"):
            self.found.append(data.strip())


def unmarked(html: str) -> list[str]:
    """Texts with Chinese in them whose nearest `lang` is not Chinese."""
    reader = _Reader()
    reader.feed(html)
    return reader.found
