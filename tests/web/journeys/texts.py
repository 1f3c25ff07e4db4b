"""Chinese on an English page that is neither a name, nor something a person wrote, nor the text of a standard or a field."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polib
import yaml
from playwright.sync_api import Page

import junheng

PACKAGE = Path(junheng.__file__).parent
CHINESE = re.compile(r"[一-鿿]+")
SHORTEST = 2
PARTICLES = frozenset("所等")
SHOWN = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const parent = walker.currentNode.parentElement;
    if (text && !parent.closest('script,style,option,header [lang],.jh-who')) texts.push(text);
  }
  const names = ['aria-label', 'placeholder', 'title', 'alt', 'data-label'];
  document.querySelectorAll(names.map(name => '[' + name + ']').join()).forEach(node => {
    names.forEach(name => node.getAttribute(name) && texts.push(node.getAttribute(name)));
  });
  return texts;
}"""


@cache
def words_of_engine() -> str:
    """Every text of the packaged data, and of the engine, which words findings and reasons in Chinese."""
    files = [
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in {".yaml", ".csv", ".py"} and "web" not in path.relative_to(PACKAGE).parts
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@cache
def texts_of_data() -> frozenset[str]:
    """Every name and text of the standards and of the field dictionary, as a whole."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = [path for path in PACKAGE.rglob("*.yaml") if "web" not in path.relative_to(PACKAGE).parts]
    return frozenset(text for path in files for text in _texts(yaml.load(path.read_text(encoding="utf-8"), loader)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from (*_texts(key), *_texts(each))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value.strip()


@cache
def is_of_engine(text: str) -> bool:
    """True when the text as a whole stands in the data, or the engine says it."""
    return text in texts_of_data() or f'"{text}"' in words_of_engine()


@cache
def texts_of_pages() -> frozenset[str]:
    """Every text of a page that has an English one."""
    catalogues = (PACKAGE / "web" / "locale" / "en").rglob("*.po")
    return frozenset(entry.msgid for path in catalogues for entry in polib.pofile(str(path)))


@cache
def known_runs(names: str) -> str:
    """Every run of Chinese that the data and the engine hold, and those of the names, each once."""
    return "\n".join(sorted({*CHINESE.findall(words_of_engine()), *CHINESE.findall(names)}))


@cache
def is_put_together(run: str, known: str) -> bool:
    """True when a run of Chinese is known, or made of known texts of two characters or more: a sentence around a name."""
    if run in known:
        return True
    ends = {0}
    for end in range(1, len(run) + 1):
        if any(_is_piece(run[start:end], known) for start in sorted(ends)):
            ends.add(end)
    return len(run) in ends


@cache
def _is_piece(text: str, known: str) -> bool:
    return text in PARTICLES or (len(text) >= SHORTEST and text in known)


def untranslated(page: Page, names: str) -> list[str]:
    """One line per text with Chinese in it that stands in no data; `names` are those of the places and people."""
    lines, known = [], known_runs(names)
    for text in page.evaluate(SHOWN):
        strange = [run for run in CHINESE.findall(text) if not is_put_together(run, known)]
        is_left = bool(CHINESE.search(text)) and text in texts_of_pages() and not is_of_engine(text)
        if strange or is_left:
            lines.append(f"{page.url}: {strange} in {text[:80]}")
    return lines
