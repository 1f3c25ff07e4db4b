"""The page for a leader on paper: one sheet of A4, whatever the verdict, in both languages."""

import io
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdf
import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Route, sync_playwright

from junheng.web.access.roles import Role
from junheng.web.evaluations.models import Run
from scripts import browser as chromium

pytestmark = pytest.mark.browser

ORIGIN = "http://paper.invalid"
A4 = (595, 842)  # points, 210 × 297 mm


def printed(pages: dict[str, str]) -> Iterator[tuple[str, pypdf.PdfReader]]:
    """Every page as the browser prints it. They were made before: Django and the browser do not share a thread."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.strip("/") in pages:
            route.fulfill(body=pages[path.strip("/")], content_type="text/html; charset=utf-8")
            return
        found = finders.find(path.removeprefix("/static/"))
        assert isinstance(found, str), path
        route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0] or "")

    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        page = engine.new_page()
        page.route("**/*", answer)
        for name in pages:
            page.goto(f"{ORIGIN}/{name}/", wait_until="networkidle")
            paper = page.pdf(prefer_css_page_size=True, print_background=True)
            yield name, pypdf.PdfReader(io.BytesIO(paper))
        engine.close()


def worst(run: Run) -> None:
    """A trial without the data of many, with more and longer things to do than any county has."""
    text, school = (
        "初中生均教学及辅助用房面积差异系数高于标准规定的上限" * 8,
        {"school_id": "9900000001", "text": "1/7"},
    )
    steps: list[dict[str, Any]] = run.summary["steps"]
    step = {**steps[0], "text": text, "action": text, "school_count": 300}
    step["schools"] = [{**school, "name": "青石县某某乡镇某某村九年一贯制实验学校" * 2} for _ in range(5)]
    run.summary["steps"] = [step] * 40
    run.figures["standard_title"] *= 3
    run.is_trial, run.missing = True, ["青石县某某乡镇九年一贯制实验学校"] * 30
    run.figures["findings"]["error"] = 999
    run.save()


def test_brief_when_printed_then_is_one_sheet_however_much_there_is_to_say(world, published, client_for) -> None:
    client = client_for(world.member(Role.LEADER, "county"))
    address = reverse("evaluations:brief", args=[published.pk])
    pages = {}
    for name in ("usual", "worst"):
        if name == "worst":
            worst(published)
        for language in ("zh-hans", "en"):
            client.cookies["django_language"] = language
            answer = client.get(address)
            assert answer.status_code == 200
            pages[f"{name}-{language}"] = answer.content.decode()

    sheets = {
        name: [(page.mediabox.width, page.mediabox.height) for page in paper.pages] for name, paper in printed(pages)
    }

    assert {name: len(sizes) for name, sizes in sheets.items()} == dict.fromkeys(pages, 1)
    assert {(round(width), round(height)) for sizes in sheets.values() for width, height in sizes} == {A4}
