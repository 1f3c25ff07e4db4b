"""Style sheets, scripts and templates on the browser of a government desk."""

from pathlib import Path

import pytest

from tests.web.layout.old_browser import FEATURES, HARMLESS, Feature, scan

WEB = Path(__file__).resolve().parents[3] / "src/junheng/web"
SAMPLES = [(suffix, feature) for suffix, features in FEATURES.items() for feature in features]


def web_files() -> list[Path]:
    return sorted(path for path in WEB.rglob("*") if path.suffix in FEATURES)


def test_web_files_when_scanned_then_nothing_is_newer_than_chromium_86() -> None:
    found = [(path.name, name, text) for path in web_files() for name, text in scan(path)]

    assert [entry for entry in found if entry[:2] not in HARMLESS and ("*", entry[1]) not in HARMLESS] == []


def test_harmless_list_when_the_files_change_then_holds_nothing_that_is_gone() -> None:
    found = {pair for path in web_files() for name, _text in scan(path) for pair in [(path.name, name), ("*", name)]}

    assert set(HARMLESS) <= found


def test_web_files_when_scanned_then_own_and_vendored_ones_are_seen() -> None:
    names = {path.name for path in web_files()}

    assert {"junheng.css", "charts.js", "bootstrap.min.css", "htmx.min.js", "echarts.min.js", "base.html"} <= names


@pytest.mark.parametrize(("suffix", "feature"), SAMPLES, ids=lambda value: getattr(value, "name", value))
def test_scan_when_a_file_uses_a_new_feature_then_names_it(tmp_path: Path, suffix: str, feature: Feature) -> None:
    bad = tmp_path / f"bad{suffix}"
    bad.write_text(feature.sample, encoding="utf-8")

    assert feature.name in {name for name, _text in scan(bad)}


def test_scan_when_a_feature_stands_in_a_comment_then_says_nothing(tmp_path: Path) -> None:
    style = tmp_path / "good.css"
    style.write_text("/* no :has() here */ a { color: red }", encoding="utf-8")
    script = tmp_path / "good.js"
    script.write_text("// structuredClone(a) came later\nvar a = 1;", encoding="utf-8")

    assert [*scan(style), *scan(script)] == []
