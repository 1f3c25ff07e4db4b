"""The tags and filters that pages are built from."""

import html
import re
from decimal import Decimal

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from junheng.core.verdict import Outcome
from tests.web.layout.sample import SampleForm, charts


def drawn(source: str, **context: object) -> str:
    """What a template gives, on one line."""
    request = RequestFactory().get("/list/", {"page": "2", "q": "小学"})
    made = engines["django"].from_string(source).render(context, request)
    return re.sub(r"\s+", " ", made).strip()


def words(source: str, **context: object) -> str:
    """The text of it, without markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", drawn(source, **context)))).strip()


@pytest.mark.parametrize(
    ("value", "said"), [("met", "✓ 达标"), ("not_met", "✗ 不达标"), ("cannot_tell", "? 无法判定"), (None, ""), ("", "")]
)
def test_outcome_when_judged_then_has_sign_and_word(value: str | None, said: str) -> None:
    assert words("{% outcome value %}", value=value) == said


@pytest.mark.parametrize("value", list(Outcome))
def test_outcome_when_given_the_core_value_then_knows_it(value: Outcome) -> None:
    assert f"jh-badge-{value.value}" in drawn("{% outcome value %}", value=value)


def test_outcome_when_given_a_word_then_says_that() -> None:
    assert words("{% outcome 'met' '通过' %}") == "✓ 通过"


def test_badge_when_text_holds_markup_then_shows_it_as_text() -> None:
    assert "&lt;b&gt;" in drawn("{% badge text tone='good' sign='✓' %}{% badge text %}", text="<b>")


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ value|number }}", None, "—"),
        ("{{ value|number }}", "", "—"),
        ("{{ value|number }}", 0, "0"),
        ("{{ value|number:2 }}", Decimal("0.805"), "0.80"),
        ("{{ value|number }}", 12345, "12345"),
        ("{{ value|percent }}", 0.608, "60.8%"),
        ("{{ value|percent:0 }}", 0, "0%"),
        ("{{ value|percent }}", None, "—"),
        ("{{ value|or_missing }}", None, "—"),
        ("{{ value|or_missing }}", 0, "0"),
    ],
)
def test_number_when_missing_or_zero_then_the_two_are_not_the_same(source: str, value: object, expected: str) -> None:
    assert drawn(source, value=value) == expected


def test_number_when_the_page_is_english_then_thousands_are_grouped() -> None:
    with translation.override("en"):
        assert drawn("{{ value|number }}", value=12345) == "12,345"


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("far", "0.5 ▼ 低于标准的 85%"), ("near", "0.5 ▽ 标准的 85%–100%"), ("met", "0.5 达标"),
        ("high", "0.5 达到标准的 150% 以上"), ("unknown", "0.5 ? 无法判定"), ("none", "0.5 不适用"),
    ],
)  # fmt: skip
def test_heat_cell_when_coloured_then_also_says_the_level(level: str, said: str) -> None:
    assert words("{% heat_cell '0.5' level %}", level=level) == said


def test_heat_cell_when_it_has_an_address_then_is_a_link() -> None:
    assert '<a href="/why/">0.5</a>' in drawn("{% heat_cell '0.5' 'met' '/why/' %}")


def test_heat_cell_when_there_is_no_value_then_shows_a_dash() -> None:
    assert words("{% heat_cell value 'unknown' %}", value=None) == "— ? 无法判定"


def test_heat_legend_when_shown_then_names_every_level() -> None:
    assert words("{% heat_legend %}") == (
        "图例 ▼ 低于标准的 85% ▽ 标准的 85%–100% 达标 达到标准的 150% 以上 ? 无法判定"
    )


def test_figure_when_it_has_all_then_shows_all() -> None:
    made = drawn("{% figure '达标学校' 73 unit='/ 120' note='▲ 3' tone='good' address='/schools/' %}")

    assert 'href="/schools/"' in made
    assert "jh-figure-good" in made
    assert words("{% figure '达标学校' 73 unit='/ 120' note='▲ 3' %}") == "达标学校 73 / 120 ▲ 3"


def test_figure_when_the_value_is_missing_then_shows_a_dash() -> None:
    assert words("{% figure '达标学校' value %}", value=None) == "达标学校 —"


def test_tile_when_it_has_a_level_then_says_it() -> None:
    assert words("{% tile '青石镇' '6/10' 'near' note='所' %}") == "青石镇 6/10 ▽ 标准的 85%–100% 所"
    assert words("{% tile '青石镇' '6/10' %}") == "青石镇 6/10"


def test_progress_when_the_total_is_known_then_tells_the_share() -> None:
    # 37 / 120 = 30.8 %, rounded down
    assert words("{% progress 37 120 '学校' %}").endswith("37 / 120 · 30%")


def test_progress_when_the_total_is_unknown_then_has_no_value() -> None:
    assert "value=" not in drawn("{% progress 0 0 %}")


def test_empty_when_there_is_a_next_step_then_leads_to_it() -> None:
    assert 'href="/open/"' in drawn("{% empty '还没有' '先开启' '/open/' '开启' %}")
    assert "href" not in drawn("{% empty '还没有' %}").replace("use href", "")


def test_icon_when_it_has_a_label_then_is_read_out() -> None:
    assert 'role="img" aria-label="打印"' in drawn("{% icon 'printer' '打印' %}")
    assert 'aria-hidden="true"' in drawn("{% icon 'printer' %}")


def test_breadcrumbs_when_there_are_steps_then_the_last_is_the_page() -> None:
    made = drawn("{% breadcrumbs '填报' '/r/' '县' '' '2025' %}")

    assert '<a href="/r/">填报</a>' in made
    assert 'aria-current="page">2025</li>' in made
    assert words("{% breadcrumbs %}") == ""


def test_pagination_when_there_are_many_pages_then_keeps_the_other_parameters() -> None:
    made = drawn("{% pagination page target='list' %}", page=Paginator(range(230), 10).get_page(2))

    assert f"?q={'%E5%B0%8F%E5%AD%A6'}&amp;page=3" in made
    assert 'hx-target="#list"' in made
    assert "第 11–20 条,共 230 条" in made


@pytest.mark.parametrize(("number", "missing"), [(1, 'rel="prev"'), (23, 'rel="next"')])
def test_pagination_when_on_an_end_then_there_is_nothing_beyond(number: int, missing: str) -> None:
    assert missing not in drawn("{% pagination page %}", page=Paginator(range(230), 10).get_page(number))


def test_pagination_when_there_is_one_page_then_shows_nothing() -> None:
    assert drawn("{% pagination page %}", page=Paginator(range(3), 10).get_page(1)) == ""


def test_field_row_when_the_value_is_wrong_then_the_error_belongs_to_the_input() -> None:
    made = drawn("{% field_row form.students unit='人' last='1 026' %}", form=SampleForm({"students": "-3"}))

    assert 'aria-describedby="id_students-errors"' in made
    assert 'id="id_students-errors"' in made
    assert 'aria-invalid="true"' in made
    assert "is-invalid" in made
    assert "上年 <strong>1 026</strong>" in made


def test_field_row_when_it_has_help_and_a_finding_then_the_input_is_described_by_both() -> None:
    made = drawn("{% field_row form.name finding='与上年不同' %}", form=SampleForm())

    assert 'aria-describedby="id_name-help id_name-finding"' in made


def test_field_row_when_there_are_comments_then_links_to_them() -> None:
    made = drawn("{% field_row form.area comments=2 comments_address='/c/' source='表.xlsx' %}", form=SampleForm())

    assert 'href="/c/"' in made
    assert "批注 2" in made
    assert "来源 表.xlsx" in made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("name", 'class="form-control"'), ("stage", 'class="form-select"'), ("is_boarding", 'class="form-check-input"'),
        ("kind", "<fieldset"), ("file", "data-file"),
    ],
)  # fmt: skip
def test_field_row_when_the_widget_differs_then_fits_it(name: str, expected: str) -> None:
    assert expected in drawn("{% field_row field %}", field=SampleForm()[name])


def test_form_errors_when_fields_are_wrong_then_lead_to_them() -> None:
    form = SampleForm({"name": "", "students": "3", "stage": "primary", "kind": "a"})
    form.add_error(None, "整表有误")

    made = drawn("{% form_errors form %}", form=form)

    assert '<a href="#id_name">学校名称</a>' in made
    assert "整表有误" in made


def test_form_errors_when_nothing_was_sent_then_shows_nothing() -> None:
    assert drawn("{% form_errors form %}", form=SampleForm()) == ""


@pytest.mark.parametrize("kind", ["bars", "lines", "radar", "points", "heat"])
def test_chart_when_drawn_then_data_and_table_stand_beside_it(kind: str) -> None:
    made = drawn("{% chart 'c' data '名称' height=400 note='说明' %}", data=charts()[kind])

    assert 'data-chart="c-data" role="img" aria-label="名称"' in made
    assert '<script id="c-data" type="application/json">' in made
    assert "<table" in made
    assert "jh-chart-10" in made


def test_chart_when_a_name_holds_markup_then_it_stays_data() -> None:
    data = {"kind": "bars", "categories": ["</script><b>"], "series": [{"name": "a", "values": [1]}]}

    assert "</script><b>" not in drawn("{% chart 'c' data '名称' %}", data=data)


def test_chart_scripts_when_used_then_loads_both_files() -> None:
    assert drawn("{% chart_scripts %}").count("defer") == 2


@pytest.mark.parametrize(
    ("level", "css", "sign"),
    [
        (constants.SUCCESS, "alert-success", "✓"), (constants.ERROR, "alert-danger", "✗"),
        (constants.WARNING, "alert-warning", "!"), (constants.INFO, "alert-info", "i"),
    ],
)  # fmt: skip
def test_message_when_shown_then_its_kind_has_a_sign(level: int, css: str, sign: str) -> None:
    source = "{% message_class message %} {% message_sign message %}"

    assert drawn(source, message=Message(level, "已保存")) == f"{css} {sign}"


@pytest.mark.parametrize(("language", "code", "page"), [("zh-hans", "en", "zh-CN"), ("en", "zh-hans", "en")])
def test_other_language_when_a_page_is_in_one_then_offers_the_other(language: str, code: str, page: str) -> None:
    with translation.override(language):
        assert drawn("{% other_language as o %}{{ o.code }} {% page_language %}") == f"{code} {page}"
