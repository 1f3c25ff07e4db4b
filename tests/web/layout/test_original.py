"""Chinese on English pages is called Chinese."""

import pytest
from django.test import Client

from junheng.web.layout.original import marked
from tests.web.layout.chinese import unmarked


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<p> 学校 12 所 </p>", '<p> <span lang="zh-CN">学校 12 所</span> </p>'),
        ("<p>Data of 学校（一）, 3</p>", '<p>Data of <span lang="zh-CN">学校（一）</span>, 3</p>'),
        ("<p>&quot;学校&quot;</p>", '<p><span lang="zh-CN">&quot;学校&quot;</span></p>'),
        ("<option selected>学校</option>", '<option selected lang="zh-CN">学校</option>'),
        ('<option lang="zh-CN">学校</option>', '<option lang="zh-CN">学校</option>'),
        ("<title>学校 · Junheng</title>", '<title lang="zh-CN">学校 · Junheng</title>'),
        ("<textarea>学校</textarea><b>a</b>", '<textarea lang="zh-CN">学校</textarea><b>a</b>'),
        ('<script>{"a": "<b>学校"}</script>', '<script>{"a": "<b>学校"}</script>'),
        ("<style>p::after{content:'学校'}</style>", "<style>p::after{content:'学校'}</style>"),
        ('<b title="学校 > 1">a</b>', '<b title="学校 > 1">a</b>'),
        ("<!-- <p>学校 --><p>a</p>", "<!-- <p>学校 --><p>a</p>"),
        ("学校", '<span lang="zh-CN">学校</span>'),
    ],
)
def test_marked_when_there_is_chinese_then_only_texts_of_the_page_are_marked(given: str, expected: str) -> None:
    assert marked(given) == expected


def test_page_when_it_is_english_then_no_chinese_is_taken_for_english(settings, db) -> None:
    settings.ROOT_URLCONF = "tests.web.layout.sample"
    visitor = Client(raise_request_exception=False)
    chinese = visitor.get("/sample/").content.decode()
    visitor.cookies.load({"django_language": "en"})
    english = visitor.get("/sample/")

    assert unmarked(english.content.decode()) == []
    assert 'lang="zh-CN">' in english.content.decode()
    assert int(english.headers["Content-Length"]) == len(english.content)
    assert "<span lang=" not in chinese
