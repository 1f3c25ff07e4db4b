"""Compares what pages say with the catalogues in src/junheng/web/locale: missing, stale, empty or unlike translations.

    python -m scripts.translations        lists the problems, and the entries that have to be written

Chinese is the language of the source. Each app has its own catalogue per language, `<language>/<app>.po`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src/junheng/web"

Key = tuple[str | None, str]

# name of the function: where its context, its message and its plural stand among the arguments
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b({'|'.join(FUNCTIONS)})\(({TEXT}(?:\s*,\s*{TEXT})*)")
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Message:
    """One text of a page: where it stands, its context and plural if it has them."""

    place: str
    app: str
    context: str | None
    text: str
    plural: str | None

    @property
    def key(self) -> Key:
        """What a catalogue finds it by."""
        return (self.context, self.text)


class NotLiteral(ValueError):  # noqa: N818 - says what is wrong with the call
    """A text that is put together before it is translated: no catalogue can hold it."""


def messages(web: Path) -> tuple[list[Message], list[str]]:
    """Every message of the pages and of the code below `web`, and the calls that no catalogue can serve."""
    found: list[Message] = []
    wrong: list[str] = []
    for path in sorted(web.rglob("*")):
        parts = path.relative_to(web).parts
        for place, name, texts in _calls(path, parts):
            try:
                found.append(_message(place, parts[0], name, texts))
            except NotLiteral as error:
                wrong.append(str(error))
    return found, wrong


Call = tuple[str, str, list[str | None]]


def _calls(path: Path, parts: tuple[str, ...]) -> Iterator[Call]:
    """The calls of translating functions in a file: place, name of the function, its arguments."""
    if path.suffix == ".py" and "migrations" not in parts:
        yield from _of_code(path)
    elif path.suffix in {".html", ".txt"} and "templates" in parts:
        yield from _of_template(path)


def _of_code(path: Path) -> Iterator[Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in FUNCTIONS:
                yield f"{path.name}:{node.lineno}", name, [_literal(argument) for argument in node.args]


def _literal(node: ast.expr) -> str | None:
    """The text of an argument; None for anything that is not written out."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _of_template(path: Path) -> Iterator[Call]:
    if not settings.configured:
        settings.configure()
    for found in CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=path.name)):
        name, arguments = found.groups()
        texts: list[str | None] = [ast.literal_eval(text) for text in re.findall(TEXT, arguments)]
        if name == "_":  # looked up with doubled percent signs, as {% translate %} is
            texts = [(text or "").replace("%", "%%") for text in texts]
        yield path.name, name, texts


def _message(place: str, app: str, name: str, arguments: list[str | None]) -> Message:
    context, text, plural = FUNCTIONS[name]
    found = arguments[text] if text < len(arguments) else None
    if found is None:
        raise NotLiteral(f"{place}:译文的原文必须是字面量,不能是变量或拼接。")
    return Message(
        place,
        app,
        arguments[context] if context is not None else None,
        found,
        arguments[plural] if plural is not None else None,
    )


def problems(web: Path) -> list[str]:
    """What is wrong with the catalogues of each language, in words."""
    found, wrong = messages(web)
    wanted: dict[Key, Message] = {}
    for message in found:
        wanted.setdefault(message.key, message)
    languages = sorted(path for path in (web / "locale").iterdir() if path.is_dir())
    return [*wrong, *(problem for language in languages for problem in _of_language(language, wanted))]


def _of_language(folder: Path, wanted: dict[Key, Message]) -> Iterator[str]:
    translated: dict[Key, str] = {}
    for path in sorted(folder.glob("*.po")):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            key: Key = (entry.msgctxt, entry.msgid)
            text = entry.msgstr or str(entry.msgstr_plural)
            if translated.setdefault(key, text) != text:
                yield f"{folder.name}/{path.name}:“{entry.msgid}”在另一个文件里译作“{translated[key]}”,请统一。"
            if key not in wanted:
                yield f"{folder.name}/{path.name}:页面上已没有“{entry.msgid}”,请删去。"
            else:
                yield from _of_entry(f"{folder.name}/{path.name}", entry, wanted[key])
    for message in wanted.values():
        if message.key not in translated:
            yield f"{folder.name}/{message.app}.po:缺“{message.text}”({message.place})。"


def _of_entry(place: str, entry: polib.POEntry, message: Message) -> Iterator[str]:
    """An empty translation, a plural that does not fit, a placeholder that is lost or new."""
    texts = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if not texts or not all(texts):
        yield f"{place}:“{entry.msgid}”没有译文。"
        return
    for text in texts:
        if _places(text) - _places(entry.msgid):
            yield f"{place}:“{entry.msgid}”的译文多出占位符。"
    if _places(entry.msgid) - _places(texts[-1]):
        yield f"{place}:“{entry.msgid}”的译文缺少占位符。"


def _places(text: str) -> set[str]:
    return {found.group() for found in PLACE.finditer(text)}


def main() -> int:
    """Prints the problems; 1 when there are any."""
    found = problems(WEB)
    print("\n".join(found) if found else "译文齐全。")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
