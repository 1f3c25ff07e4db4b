"""What `look.barriers` must see although it examines one element of each look only."""

import pytest
from playwright.sync_api import Browser

from tests.web.journeys import look

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=5)]

PAGE = """<!doctype html><html lang="zh"><head><title>页</title><style>.pale {{ color: #bbb }}</style></head>
<body style="background: #fff"><main><h1>标题</h1>{}</main></body></html>"""


def found(engine: Browser, *bodies: str) -> list[list[str]]:
    """The rules that each page breaks, the pages opened one after the other by a process that has seen none before."""
    before = set(look.LOOKS)
    look.LOOKS.clear()
    context = engine.new_context(viewport=look.DESK)
    look.bring_axe(context)
    page = context.new_page()
    answers = []
    for body in bodies:
        page.set_content(PAGE.format(body))
        answers.append(sorted(line.split(": ")[1].split()[-1] for line in look.barriers(page)))
    context.close()
    look.LOOKS.clear()
    look.LOOKS.update(before)
    return answers


def test_barriers_when_one_row_of_many_is_pale_then_it_is_told(engine: Browser) -> None:
    rows = "<p>一行文字</p>" * 5

    assert found(engine, rows, f"{rows}<p style='color: #bbb'>一行文字</p>") == [[], ["color-contrast"]]


def test_barriers_when_the_first_of_its_look_cannot_be_seen_then_the_next_is_examined(engine: Browser) -> None:
    hidden = "<p class='pale' hidden>一行文字</p><p class='pale'>×</p><div style='display: none'>一行</div>"

    assert found(engine, hidden, f"{hidden}<p class='pale'>一行文字</p>") == [[], ["color-contrast"]]


def test_barriers_when_the_same_text_stands_on_another_ground_or_is_no_longer_disabled_then_it_is_told(
    engine: Browser,
) -> None:
    dark = "<p>一行文字</p><button class='pale' disabled>按钮</button>"
    darker = f"{dark}<div style='background: #333'><p>一行文字</p></div><button class='pale'>按钮</button>"

    assert found(engine, dark, darker) == [[], ["color-contrast", "color-contrast"]]


def test_barriers_when_a_field_has_no_name_then_it_is_told_on_every_page(engine: Browser) -> None:
    field = "<input type='text'>"

    assert found(engine, field, field) == [["label"], ["label"]]
