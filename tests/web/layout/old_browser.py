"""What Chromium 86 (October 2020), the browser of many government desks, does not have, and a scan that finds it.

Each feature: name, the version that brought it, a pattern over the file without its comments. Features that an older
browser merely passes over, or that a vendored file asks for before it uses them, are in `HARMLESS`, with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Feature:
    """Something that came after Chromium 86."""

    name: str
    since: int
    pattern: str
    sample: str


CSS = (
    Feature(":has()", 105, r":has\(", "p:has(b){color:red}"),
    Feature(":is() :where()", 88, r":(is|where)\(", ":is(h1,h2){margin:0}"),
    Feature(":dir()", 120, r":dir\(", "a:dir(rtl){margin:0}"),
    Feature(":user-invalid", 119, r":user-(in)?valid", "input:user-invalid{color:red}"),
    Feature(":modal, :popover-open", 105, r":(modal|popover-open)\b", "dialog:modal{margin:0}"),
    Feature(":not() with a list", 88, r":not\([^()]*,", "a:not(.b,.c){margin:0}"),
    Feature("::file-selector-button", 89, r"::file-selector-button", "input::file-selector-button{color:red}"),
    Feature("nesting", 112, r"[{;}]\s*&", "a{&:hover{color:red}}"),
    Feature("color-mix()", 111, r"color-mix\(", "a{color:color-mix(in srgb,red,blue)}"),
    Feature("light-dark()", 123, r"light-dark\(", "a{color:light-dark(red,blue)}"),
    Feature("oklch() lab() color()", 111, r"[:\s,(](ok)?l(ch|ab)\(|[:\s,(]color\(", "a{color:oklch(1 0 0)}"),
    Feature("hwb()", 101, r"[:\s,(]hwb\(", "a{color:hwb(1 0% 0%)}"),
    Feature("relative colours", 119, r"(rgba?|hsla?)\(\s*from\b", "a{color:rgb(from red r g b)}"),
    Feature("@container", 105, r"@container|container-type\s*:", "@container (width>1px){a{margin:0}}"),
    Feature("@layer", 99, r"@layer", "@layer a{b{margin:0}}"),
    Feature("@scope", 118, r"@scope", "@scope (a){b{margin:0}}"),
    Feature("@starting-style", 117, r"@starting-style", "@starting-style{a{margin:0}}"),
    Feature("media ranges", 104, r"@media[^{]*[<>]", "@media (width >= 1px){a{margin:0}}"),
    Feature("aspect-ratio", 88, r"[{;\s]aspect-ratio\s*:", "a{aspect-ratio:1}"),
    Feature("inset", 87, r"[{;\s]inset(-(inline|block)(-(start|end))?)?\s*:", "a{inset:0}"),
    Feature(
        "margin-inline and the like", 87, r"[{;\s](margin|padding|border)-(inline|block)\s*:", "a{margin-inline:0}"
    ),
    Feature("translate, rotate, scale as properties", 104, r"[{;\s](translate|rotate|scale)\s*:", "a{rotate:9deg}"),
    Feature("dvh, svh, lvh", 108, r"\d[dsl]v[hwib]\b", "a{height:100dvh}"),
    Feature("overflow: clip", 90, r"overflow(-[xy])?\s*:\s*clip", "a{overflow:clip}"),
    Feature("subgrid", 117, r"subgrid", "a{grid-template-rows:subgrid}"),
    Feature("text-wrap", 114, r"text-wrap\s*:", "a{text-wrap:balance}"),
    Feature("accent-color", 93, r"accent-color\s*:", "a{accent-color:red}"),
    Feature("field-sizing", 123, r"field-sizing\s*:", "a{field-sizing:content}"),
    Feature("scrollbar-gutter", 94, r"scrollbar-gutter\s*:", "a{scrollbar-gutter:stable}"),
    Feature("mask without prefix", 120, r"[{;\s]mask(-image)?\s*:", "a{mask:none}"),
    Feature("print-color-adjust without prefix", 136, r"[{;\s]print-color-adjust\s*:", "a{print-color-adjust:exact}"),
    Feature("trigonometry", 111, r"[:\s(,*/+-](sin|cos|tan|atan2?|pow|sqrt|hypot)\(", "a{width:calc(1px*sin(1))}"),
    Feature("round() mod() rem()", 125, r"[:\s(,](round|mod|rem)\(", "a{width:round(1px,1px)}"),
)
JS = (
    Feature("logical assignment", 85, r"(\|\||&&|\?\?)=(?!=)", "a ||= 1"),
    Feature("static blocks", 94, r"\bstatic\s*\{", "class A { static { f(); } }"),
    Feature("#name in object", 91, r"#\w+\s+in\s", "if (#a in b) f();"),
    Feature("top-level await", 89, r"(^|;)\s*await\s", "await f();"),
    Feature("flags d and v", 90, r"/[gimsuy]*[dv][gimsuy]*\.(test|exec)\(", "/a/d.test(b)"),
    Feature("Array.at", 92, r"\.at\(\s*-?\d", "a.at(-1)"),
    Feature("findLast", 97, r"\.findLast(Index)?\(", "a.findLast(f)"),
    Feature("toSorted and the like", 110, r"\.to(Sorted|Reversed|Spliced)\(", "a.toSorted()"),
    Feature("groupBy", 117, r"\b(Object|Map)\.groupBy\(", "Object.groupBy(a, f)"),
    Feature("Array.fromAsync", 121, r"Array\.fromAsync\(", "Array.fromAsync(a)"),
    Feature("Object.hasOwn", 93, r"Object\.hasOwn\(", "Object.hasOwn(a, 'b')"),
    Feature("structuredClone", 98, r"\bstructuredClone\(", "structuredClone(a)"),
    Feature("randomUUID", 92, r"\.randomUUID\(", "crypto.randomUUID()"),
    Feature("Promise.withResolvers", 119, r"Promise\.(withResolvers|try)\(", "Promise.withResolvers()"),
    Feature("AbortSignal.timeout", 103, r"AbortSignal\.(timeout|any)\(", "AbortSignal.timeout(1)"),
    Feature(
        "Intl.Segmenter", 87, r"Intl\.(Segmenter|DurationFormat|ListFormat\.prototype)", "new Intl.Segmenter('zh')"
    ),
    Feature("checkVisibility", 105, r"\.checkVisibility\(", "a.checkVisibility()"),
    Feature("showPicker", 99, r"\.showPicker\(", "a.showPicker()"),
    Feature("popover", 114, r"\.(show|hide|toggle)Popover\(", "a.showPopover()"),
    Feature("view transitions", 111, r"startViewTransition\(", "document.startViewTransition(f)"),
    Feature("moveBefore", 133, r"\.moveBefore\(", "a.moveBefore(b, c)"),
    Feature("scheduler", 94, r"\bscheduler\.(postTask|yield)\(", "scheduler.yield()"),
    Feature("URL.canParse", 120, r"URL\.(canParse|parse)\(", "URL.canParse(a)"),
    Feature("sets as sets", 122, r"\.(isSubsetOf|isSupersetOf|symmetricDifference)\(", "a.isSubsetOf(b)"),
    Feature(":has() :is() :where() in a selector", 88, r":(has|is|where)\(", "a.querySelector(':has(b)')"),
    Feature("userAgentData", 90, r"userAgentData\.", "navigator.userAgentData.platform"),
    Feature("import attributes", 123, r"\bwith\s*\{\s*type\s*:", "import a from 'b' with { type: 'json' }"),
    Feature("OffscreenCanvas filters", 99, r"\.roundRect\(", "a.roundRect(0, 0, 1, 1)"),
)
HTML = (
    Feature("popover attribute", 114, r"\spopover(=|\s|>)", "<div popover>"),
    Feature("inert", 102, r"\sinert(=|\s|>)", "<div inert>"),
    Feature("<search>", 118, r"<search\b", "<search>"),
    Feature("command attributes", 135, r"\scommand(for)?=", "<button commandfor=a>"),
    Feature("details name", 120, r"<details[^>]*\sname=", "<details name=a>"),
)
FEATURES = {".css": CSS, ".js": JS, ".html": HTML}


def scan(path: Path) -> Iterator[tuple[str, str]]:
    """The features that a file uses, each with a piece of the file around it."""
    text = without_comments(path.read_text(encoding="utf-8"), path.suffix)
    for feature in FEATURES[path.suffix]:
        found = re.search(feature.pattern, text, re.MULTILINE)
        if found:
            yield feature.name, text[max(0, found.start() - 30) : found.end() + 30]


def without_comments(text: str, suffix: str) -> str:
    """The file without comments; what a comment speaks of is not used."""
    if suffix == ".html":
        return re.sub(r"\{#.*?#\}|<!--.*?-->|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE) if suffix == ".js" else text


# (file or *, feature): why an older browser gets along without it. A line that no longer applies fails the test.
HARMLESS: dict[tuple[str, str], str] = {
    ("*", "accent-color"): "an older browser keeps its own blue",
    ("print.css", "print-color-adjust without prefix"): "the prefixed name stands before it",
    ("bootstrap.min.css", "print-color-adjust without prefix"): "the prefixed name stands before it",
    ("bootstrap.min.css", "::file-selector-button"): "the same rule with -webkit-file-upload-button stands beside it",
    ("bootstrap.min.css", "inset"): "floating labels only, which no page uses",
    ("bootstrap.min.css", "mask without prefix"): "moving placeholders only; the prefixed name stands before it",
    ("htmx.min.js", "view transitions"): "asked for with `if (document.startViewTransition)`, and switched off",
    ("htmx.min.js", "moveBefore"): "asked for before it is called",
}
