"""The colours of the style sheet: text on its ground has a contrast of at least 4.5, signs and lines one of 3 (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "src/junheng/web/layout/static/junheng"
TEXT = [
    ("text", "page"), ("text", "surface"), ("text", "sunken"), ("text", "current"),
    ("muted", "page"), ("muted", "surface"), ("muted", "sunken"),
    ("link", "page"), ("link", "surface"), ("link", "current"), ("link-hover", "surface"),
    ("header-text", "header"), ("primary-text", "primary"), ("primary-text", "primary-hover"),
    *((f"{tone}-text", tone) for tone in ("good", "bad", "warn", "info", "neutral")),
    *((f"{tone}-text", "surface") for tone in ("good", "bad", "warn")),
    *(("text", tone) for tone in ("good", "bad", "warn", "info")),
    *((text, f"heat-{level}") for level in ("far", "near", "met", "high") for text in ("heat-text", "heat-link")),
]  # fmt: skip
SIGNS = [
    ("control", "surface"), ("limit", "surface"),
    *((f"series-{n}", "surface") for n in (1, 2, 3, 4)),
    *((f"point-{tone}", "surface") for tone in ("good", "bad", "unknown")),
]  # fmt: skip


def tokens(name: str, theme: str) -> dict[str, str]:
    """The colours of a theme: the last word of every block that applies to it."""
    found: dict[str, str] = {}
    sheet = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        if ":root" in selector or f'"{theme}"' in selector:
            found |= dict(re.findall(r"--jh-([\w-]+):\s*(#[0-9a-f]{6});", body))
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    light = tokens("junheng.css", "light")
    return {
        "light": light,
        "dark": light | tokens("junheng.css", "dark"),
        "paper": light | tokens("print.css", "light"),
    }


def weak(palette: dict[str, str], pairs: list[tuple[str, str]], least: float) -> list[str]:
    found = [(text, ground, contrast(palette[text], palette[ground])) for text, ground in pairs]
    return [f"{text} on {ground}: {ratio:.2f}" for text, ground, ratio in found if ratio < least]


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_text_colours_when_on_their_ground_then_can_be_read(theme: str) -> None:
    assert weak(palettes()[theme], TEXT, 4.5) == []


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
def test_sign_colours_when_on_their_ground_then_can_be_seen(theme: str) -> None:
    assert weak(palettes()[theme], SIGNS, 3.0) == []


def test_contrast_when_black_stands_on_white_then_is_21() -> None:
    # (1 + 0.05) / (0 + 0.05) = 21
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_weak_when_grey_stands_on_white_then_names_the_pair() -> None:
    # #999999: luminance 0.3185, (1.05) / (0.3685) = 2.85
    assert weak({"a": "#999999", "b": "#ffffff"}, [("a", "b")], 4.5) == ["a on b: 2.85"]
