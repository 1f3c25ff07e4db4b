"""Whole pages: frame, headers, error pages, language, and what they load."""

import gzip
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings

from junheng.web.layout.assets import Assets

WEB = Path(__file__).resolve().parents[3] / "src/junheng/web"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
BUDGET = 450 * 1024


@pytest.fixture
def visitor(settings, db) -> Client:
    """A browser before the sample page; errors come as pages, as they do on a server."""
    settings.ROOT_URLCONF = "tests.web.layout.sample"
    return Client(raise_request_exception=False)


def content(response) -> bytes:
    """The body of an answer, streamed or not; at the end of a file it is closed."""
    body: bytes = response.getvalue()
    return body


def loaded(text: str) -> list[str]:
    """The addresses of everything that a page fetches by itself."""
    found = re.findall(r'<(?:script|img)[^>]*\ssrc="([^"]+)"|<link[^>]*\shref="([^"]+)"|<use href="([^"#]+)', text)
    return sorted({address for group in found for address in group if address})


def test_page_when_answered_then_allows_no_inline_script_and_no_other_host(visitor: Client) -> None:
    policy = visitor.get("/sample/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy.replace("https:", "http:")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)  # fmt: skip
def test_page_when_answered_then_the_strict_headers_stand(visitor: Client, header: str, value: str) -> None:
    assert visitor.get("/sample/").headers[header] == value


def test_error_page_when_answered_then_the_strict_headers_stand_too(visitor: Client) -> None:
    assert "Content-Security-Policy" in visitor.get("/nowhere/").headers


def test_first_page_when_everything_is_fetched_then_stays_within_the_budget(visitor: Client) -> None:
    response = visitor.get("/sample/")
    addresses = loaded(response.content.decode())

    sizes = {address: len(gzip.compress(content(visitor.get(address)), 6)) for address in addresses}

    assert "/static/vendor/echarts.min.js" in sizes
    assert sum(sizes.values()) + len(gzip.compress(response.content, 6)) <= BUDGET, sizes


def test_page_when_it_fetches_then_only_from_its_own_server(visitor: Client) -> None:
    addresses = loaded(visitor.get("/sample/").content.decode())

    assert [address for address in addresses if not address.startswith("/static/")] == []
    assert [address for address in addresses if not content(visitor.get(address))] == []


@pytest.mark.parametrize(
    "bad",
    [
        "<script>f()</script>",
        '<a onclick="f()">',
        "<style>a{}</style>",
        '<a href="javascript:f()">',
        '<i hx-on:click="f()">',
    ],
)
def test_inline_code_when_a_template_has_it_then_is_found(bad: str) -> None:
    assert inline_code(bad) != []


def inline_code(text: str) -> list[str]:
    """Pieces of a template that the content security policy would stop."""
    pattern = r"<script(?![^>]*\ssrc=)[^>]*>|\son\w+\s*=\s*[\"']|<style[\s>]|javascript:|\shx-on[:=-]|hx-vals=[\"']js:"
    return re.findall(pattern, text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_template_when_read_then_has_no_inline_code_and_names_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert inline_code(text) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', text) == []


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("/nowhere/", 404, "没有这个页面,或您看不到它"), ("/fail/", 500, "系统出错,已记录"),
     ("/refused/", 403, "当前角色不能做这件事"),
     ("/odd/", 400, "请求不完整")],
)  # fmt: skip
def test_error_page_when_something_went_wrong_then_says_what_to_do(
    visitor: Client, address: str, status: int, words: str
) -> None:
    response = visitor.get(address)

    assert response.status_code == status
    assert f"<h1>{words}</h1>" in response.content.decode()
    assert 'href="/"' in response.content.decode()


def test_stale_form_when_sent_then_says_that_nothing_is_lost(settings, db) -> None:
    settings.ROOT_URLCONF = "tests.web.layout.sample"

    response = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})

    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_page_when_a_browser_asks_for_english_then_stays_chinese_until_it_is_chosen(visitor: Client) -> None:
    before = visitor.get("/nowhere/", headers={"accept-language": "en-US"})
    visitor.post("/language/", {"language": "en", "next": "/sample/"})
    after = visitor.get("/nowhere/")

    assert '<html lang="zh-CN"' in before.content.decode()
    assert (before.headers["Content-Language"], after.headers["Content-Language"]) == ("zh-CN", "en")
    assert "This page does not exist" in after.content.decode()


def test_page_when_the_cookie_names_no_language_then_is_chinese(visitor: Client) -> None:
    visitor.cookies["django_language"] = "xx"

    assert visitor.get("/sample/").headers["Content-Language"] == "zh-CN"


def test_page_when_it_is_shown_then_has_its_landmarks(visitor: Client) -> None:
    text = visitor.get("/sample/").content.decode()

    assert '<a class="jh-skip" href="#main">' in text
    assert text.count("<h1>") == 1
    assert '<main id="main"' in text
    assert 'aria-label="主导航"' in text
    assert "青石县教育局" in text


def test_assets_when_nothing_was_collected_then_the_plain_file_is_named() -> None:
    assert Assets().url("junheng/junheng.css") == "/static/junheng/junheng.css"


def test_assets_when_a_file_does_not_exist_then_refuses() -> None:
    with pytest.raises(ValueError, match="missing"):
        Assets().url("junheng/missing.css")


def test_assets_when_collected_then_names_are_hashed_and_files_compressed(settings, tmp_path) -> None:
    with override_settings(STATIC_ROOT=tmp_path / "static"):
        call_command("collectstatic", interactive=False, verbosity=0)
        address = Assets().url("junheng/junheng.css")

    assert re.fullmatch(r"/static/junheng/junheng\.[0-9a-f]{12}\.css", address)
    assert (tmp_path / address.lstrip("/")).with_name(f"{Path(address).name}.gz").is_file()
