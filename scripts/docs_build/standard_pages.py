"""docs/standards/ID.md: each standard pack as a page: what it judges, with which numbers, and the worked cases.

The page is made from the pack's own YAML, so it says what the pack says, differences of an extended pack included.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

PACKS = "src/junheng/standards"
SECTIONS = {"indicators": "资源配置指标", "items": "其他指标", "vetoes": "一票否决", "exceptions": "过渡性例外"}


def load(path: Path) -> Any:
    """The content of a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def packs(root: Path) -> list[Path]:
    """The folders of all standard packs, sorted by id."""
    return sorted(path.parent for path in (root / PACKS).glob("*/standard.yaml"))


def entries(pack: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    """The entries of one section with their ids, whether the section is a list or a mapping by id."""
    content = pack.get(section) or []
    if isinstance(content, Mapping):
        return [{"id": key, **(value or {})} for key, value in content.items()]
    return [dict(entry) for entry in content]


def plain(value: Any) -> str:
    """Any YAML value on one line of a Markdown table cell."""
    if isinstance(value, Mapping):
        text = ";".join(f"{key}: {plain(each)}" for key, each in value.items())
    elif isinstance(value, (list, tuple)):
        text = "、".join(plain(each) for each in value)
    elif isinstance(value, bool):
        text = "是" if value else "否"
    else:
        text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|")


def table(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Rows with their own keys as a Markdown table; columns in the order in which keys first appear."""
    rows = list(rows)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return lines + ["| " + " | ".join(plain(row.get(column)) for column in columns) + " |" for row in rows]


def render(pack: Mapping[str, Any], cases: Any) -> str:
    """The page of one pack."""
    lines = [f"# {plain(pack.get('title') or pack.get('id'))}", ""]
    listed = {"title", *SECTIONS}
    lines += [*table([{"项": key, "内容": value} for key, value in pack.items() if key not in listed]), ""]
    for section, heading in SECTIONS.items():
        rows = entries(pack, section)
        if rows:
            lines += [f"## {heading}", "", *table(rows), ""]
    rows = case_rows(cases)
    if rows:
        lines += ["## 算例", "", "每个算例都由测试逐条运行。", "", *table(rows), ""]
    return "\n".join(lines)


def case_rows(cases: Any) -> list[dict[str, Any]]:
    """Worked cases as rows, from a list, from `cases: [...]`, or from a mapping of an id to its list."""
    if isinstance(cases, Mapping) and set(cases) == {"cases"}:
        cases = cases["cases"]
    if isinstance(cases, Mapping):
        return [
            {"id": key, **(each if isinstance(each, Mapping) else {"case": each})}
            for key, group in cases.items()
            for each in (group if isinstance(group, list) else [group])
        ]
    return [dict(each) for each in cases or []]


def build(root: Path) -> dict[str, str]:
    """One page per pack, and an index when there is any."""
    pages = {}
    index = ["# 标准", "", "| 编号 | 名称 | 继承自 | 复核期限 |", "|---|---|---|---|"]
    for folder in packs(root):
        pack = load(folder / "standard.yaml")
        cases = load(folder / "cases.yaml") if (folder / "cases.yaml").exists() else []
        pages[f"docs/standards/{folder.name}.md"] = render(pack, cases)
        title, parent, review = plain(pack.get("title")), plain(pack.get("extends")), plain(pack.get("review_by"))
        index.append(f"| [{folder.name}]({folder.name}.md) | {title} | {parent} | {review} |")
    if pages:
        pages["docs/standards/README.md"] = "\n".join(index)
    return pages
