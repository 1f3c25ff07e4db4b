"""Chinese on English pages, marked as Chinese: names of places and people, texts of rules, checks and forms.

Those texts come from data in which they exist in Chinese only. Screen readers and fonts go by the `lang` of an element, so
every Chinese text of an English page is put into one, wherever it comes from.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

CHINESE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MARK = 'lang="zh-CN"'
_HAS_CHINESE = re.compile(f"[{CHINESE}]")
_PARTS = re.compile(r"""<!--.*?-->|<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>|[^<]+""", re.DOTALL)
_ENTITY = re.compile(r"&#?\w+;")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
_INSIDE = rf"[{CHINESE}\u3000-\u303f\uff00-\uffef\u2014\u2026≤≥√Σ\d.%~+×÷=-]"
_RUN = re.compile(rf"{_INSIDE}*[{CHINESE}](?:{_INSIDE}|[ ,:/“”]+(?=[{CHINESE}]))*")
_OPENS = re.compile(r"<(script|style|textarea|title|option)\b", re.IGNORECASE)
_STARTS = frozenset("sStToO")
_ONLY_TEXT = frozenset({"textarea", "title", "option"})
"""Elements that hold nothing but text: they are marked themselves."""


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
    """The same HTML with `lang` around every Chinese text between its tags; attributes, scripts and styles stay."""
    parts: list[str] = _PARTS.findall(html)
    inside = ""
    for at, part in enumerate(parts):
        if part[0] == "<":
            if inside or part[1] in _STARTS:
                inside = _inside(part, inside)
        elif _HAS_CHINESE.search(part):
            if inside in _ONLY_TEXT:
                parts[at - 1] = _with_mark(parts[at - 1])
            elif not inside:
                parts[at] = _text(part)
    return "".join(parts)


def _inside(tag: str, inside: str) -> str:
    """In which of the special elements the text after a tag stands."""
    if inside:
        return "" if tag.lower().startswith(f"</{inside}") else inside
    found = _OPENS.match(tag)
    return found[1].lower() if found else ""


def _with_mark(tag: str) -> str:
    return tag if " lang=" in tag or not tag.startswith("<") else f"{tag[:-1]} {MARK}>"


def _text(text: str) -> str:
    """One text between two tags: as a whole when nothing in it is English, else each Chinese run."""
    if _ENGLISH.search(_ENTITY.sub("", text) if "&" in text else text):
        return _RUN.sub(rf"<span {MARK}>\g<0></span>", text)
    core = text.strip()
    start = text.index(core)
    return f"{text[:start]}<span {MARK}>{core}</span>{text[start + len(core) :]}"
