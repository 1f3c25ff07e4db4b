"""Chinese on English pages, marked as Chinese: names of places and people, texts of rules, checks and forms.

Those texts come from data in which they exist in Chinese only. Screen readers and fonts go by the `lang` of an element, so
every Chinese text of an English page is put into one, wherever it comes from.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

CHINESE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MARK = 'lang="zh-CN"'
_UNSHOWN = re.compile(r"(<(script|style)\b.*?</\2>)", re.DOTALL | re.IGNORECASE)
_TEXT = re.compile(f">([^<>]*[{CHINESE}][^<>]*)(?=<)")
_ONLY_TEXT = re.compile(r"<(option|textarea|title)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w+;")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
_INSIDE = rf"[{CHINESE}\u3000-\u303f\uff00-\uffef\u2014\u2026≤≥√Σ\d.%~+×÷=-]"
_RUN = re.compile(rf"{_INSIDE}*[{CHINESE}](?:{_INSIDE}|[ ,:/“”]+(?=[{CHINESE}]))*")


class OriginalTexts:
    """Marks Chinese texts in the HTML of English answers; leaves all other answers as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers; in English with the Chinese marked."""
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and get_language() == "en" and not response.streaming:
            response.content = marked(response.content.decode()).encode()
        return response


def marked(html: str) -> str:
    """The same HTML with `lang` around every Chinese text between its tags; attributes, scripts and styles stay.

    Tags are told from texts by their angle brackets: inside attributes templates write them as entities.
    """
    parts = _UNSHOWN.split(f">{html}<")
    shown = (_TEXT.sub(_mark, part) for part in parts[::3])
    unshown = (*parts[1::3], "")
    return "".join(text for pair in zip(shown, unshown, strict=True) for text in pair)[1:-1]


def _mark(found: re.Match[str]) -> str:
    """A text between two tags; an element that holds nothing but text is marked itself."""
    tag = found.string[found.string.rfind("<", 0, found.start()) : found.start()]
    if _ONLY_TEXT.match(tag):
        return found[0] if " lang=" in tag else f" {MARK}{found[0]}"
    return f">{_around(found[1])}"


@lru_cache(maxsize=8192)
def _around(text: str) -> str:
    """One text between two tags: marked as a whole when nothing in it is English, else each Chinese run."""
    if _ENGLISH.search(_ENTITY.sub("", text) if "&" in text else text):
        return _RUN.sub(rf"<span {MARK}>\g<0></span>", text)
    core = text.strip()
    start = text.index(core)
    return f"{text[:start]}<span {MARK}>{core}</span>{text[start + len(core) :]}"
