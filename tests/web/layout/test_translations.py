"""Catalogues: compiled when a process starts, and complete."""

import gettext
from pathlib import Path

import pytest

from junheng.web.layout.translations import compile_catalogues, merged
from scripts import translations

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def catalogue(folder: Path, name: str, *entries: str) -> Path:
    path = folder / "en" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + "\n\n".join(entries) + "\n", encoding="utf-8")
    return path


def entry(text: str, translation: str) -> str:
    return f'msgid "{text}"\nmsgstr "{translation}"'


def spoken(target: Path, text: str) -> str:
    with (target / "en/LC_MESSAGES/django.mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext(text)


def test_compile_when_two_apps_have_catalogues_then_both_are_heard(tmp_path: Path) -> None:
    catalogue(tmp_path / "po", "a.po", entry("学校", "School"))
    catalogue(tmp_path / "po", "b.po", entry("教师", "Teacher"))

    compile_catalogues(tmp_path / "po", tmp_path / "mo")

    assert (spoken(tmp_path / "mo", "学校"), spoken(tmp_path / "mo", "教师")) == ("School", "Teacher")


def test_compile_when_nothing_changed_then_writes_nothing(tmp_path: Path) -> None:
    catalogue(tmp_path / "po", "a.po", entry("学校", "School"))

    written = [len(compile_catalogues(tmp_path / "po", tmp_path / "mo")) for _time in range(2)]

    assert written == [1, 0]


def test_compile_when_a_catalogue_changed_then_writes_again(tmp_path: Path) -> None:
    catalogue(tmp_path / "po", "a.po", entry("学校", "School"))
    compile_catalogues(tmp_path / "po", tmp_path / "mo")
    catalogue(tmp_path / "po", "a.po", entry("学校", "The school"))

    compile_catalogues(tmp_path / "po", tmp_path / "mo")

    assert spoken(tmp_path / "mo", "学校") == "The school"


def test_merged_when_two_files_translate_a_message_then_the_first_counts(tmp_path: Path) -> None:
    files = [
        catalogue(tmp_path, "a.po", entry("学校", "School")),
        catalogue(tmp_path, "b.po", entry("学校", "College")),
    ]

    assert [found.msgstr for found in merged(files)] == ["School"]


def test_translations_when_every_page_is_read_then_english_is_complete() -> None:
    assert translations.problems(translations.WEB) == []


CODE = "from django.utils.translation import gettext as _\n"
PYTHON, PAGE = "app/views.py", "app/templates/app/page.html"
BAD = {
    "a message of the code is missing": (PYTHON, CODE + "a = _('学校')", [], "缺“学校”(views.py:2)"),
    "a message of a page is missing": (PAGE, "{% translate '学校' %}", [], "en/app.po:缺“学校”(page.html)"),
    "an argument of a tag is missing": (PAGE, '{% figure _("学校") 3 %}', [], "缺“学校”"),
    "a block is missing": (PAGE, "{% blocktranslate %}共 {{ n }} 所{% endblocktranslate %}", [], "缺“共 %(n)s 所”"),
    "a percent sign is doubled": (PAGE, '{% figure _("85%") 3 %}', [], "缺“85%%”"),
    "a context is another": (PAGE, "{% translate '学校' context 'x' %}", [entry("学校", "School")], "缺“学校”"),
    "a message is stale": (PYTHON, "", [entry("学校", "School")], "页面上已没有“学校”"),
    "a translation is empty": (PYTHON, CODE + "a = _('学校')", [entry("学校", "")], "没有译文"),
    "a place is lost": (PYTHON, CODE + "a = _('%(n)d 所')", [entry("%(n)d 所", "schools")], "缺少占位符"),
    "a place is new": (PYTHON, CODE + "a = _('学校')", [entry("学校", "%(n)s")], "多出占位符"),
    "a plural has no translation": (PYTHON, "a = ngettext('a', 'b', 3)", [entry("a", "")], "没有译文"),
    "two translations differ": (
        PYTHON, CODE + "a = _('学校')", [entry("学校", "School"), entry("学校", "College")], "请统一",
    ),
    "a message is put together": (PYTHON, CODE + "a = _(f'{b} 所')", [], "views.py:2:译文的原文必须是字面量"),
    "a message is a variable": (PYTHON, CODE + "a = _(b)", [], "必须是字面量"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_problems_when_a_catalogue_is_wrong_then_says_so(tmp_path: Path, what: str) -> None:
    place, content, entries, expected = BAD[what]
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")
    catalogue(tmp_path / "locale", "app.po")
    for number, text in enumerate(entries):
        catalogue(tmp_path / "locale", f"app{number}.po", text)

    assert any(expected in problem for problem in translations.problems(tmp_path))


def test_problems_when_every_message_is_translated_then_finds_none(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/views.py").write_text(CODE + "a = _('%(n)d 所')\nb = pgettext('x', '学校')", encoding="utf-8")
    catalogue(
        tmp_path / "locale", "app.po", entry("%(n)d 所", "%(n)d schools"), 'msgctxt "x"\n' + entry("学校", "School")
    )

    assert translations.problems(tmp_path) == []
