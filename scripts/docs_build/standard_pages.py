"""docs/standards/ID.md: each standard pack as a page: what it judges, with which numbers, and the worked cases.

The page is made from the pack's own YAML, so it says what the pack says, differences of an extended pack included.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

PACKS = "src/junheng/standards"
SECTIONS = {
    "indicators": "资源配置指标",
    "items": "其他指标",
    "vetoes": "一票否决",
    "exceptions": "过渡性例外",
    "notes": "约定与说明",
}
CASES_HEADING = "## 算例"
LABELS = {
    "applies_to": "适用于", "author": "作者", "checker": "核对人", "clause": "条款", "clauses": "条款",
    "decided": "由我们约定", "text": "内容",
    "document": "文件",
    "dispersion": "校际差异", "effect": "效果", "exceptions": "启用的例外", "expect": "预期", "extends": "继承自",
    "facts": "事实", "floor": "余项下限", "formula": "公式", "id": "编号", "indicators": "资源配置指标", "issued_on": "发布",
    "issuer": "发布单位", "kind": "类别", "limits": "上限", "name": "名称", "needs_judgement": "需资料审核", "note": "说明",
    "notes": "约定与说明", "number": "序号", "on": "判定日", "params": "参数", "part": "部分", "per_students": "每多少名学生",
    "place": "地区", "points": "分值", "required_met": "至少达到项数", "review_by": "复核期限", "school": "学校",
    "school_rule": "学校达标", "scope": "范围", "scoring": "评分", "sharing": "资源拆分", "short_name": "简称", "since": "起",
    "stage": "学段", "sub_items": "评分要点", "subject": "对象", "thresholds": "界限", "title": "名称", "unit": "单位",
    "until": "止", "value": "值", "version": "版本", "weights": "权重",
}  # fmt: skip


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
        text = ";".join(f"{LABELS.get(str(key), key)}: {plain(each)}" for key, each in value.items())
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
    lines = ["| " + " | ".join(LABELS.get(each, each) for each in columns) + " |", "|" + "---|" * len(columns)]
    return lines + ["| " + " | ".join(plain(row.get(column)) for column in columns) + " |" for row in rows]


def render(pack: Mapping[str, Any], cases: Any) -> str:
    """The page of one pack."""
    lines = [f"# {plain(pack.get('title') or pack.get('id'))}", ""]
    rest = {key: value for key, value in pack.items() if key not in {"title", *SECTIONS}}
    lines += [*table([{"项": LABELS.get(key, key), "内容": value} for key, value in rest.items()]), ""]
    for section, heading in SECTIONS.items():
        rows = entries(pack, section)
        if rows:
            lines += [f"## {heading}", "", *table(rows), ""]
    rows = case_rows(cases)
    if rows:
        lines += [CASES_HEADING, "", "只写与算例有关的事实;每个算例都由测试逐条运行。", "", *table(rows), ""]
    return "\n".join(lines)


def case_rows(cases: Any) -> list[dict[str, Any]]:
    """The worked cases of a `cases.yaml`, one row for each subject of a case."""
    listed = cases.get("cases", []) if isinstance(cases, Mapping) else []
    rows = []
    for case in listed:
        rest = {key: value for key, value in case.items() if key not in {"subject", "subjects"}}
        rows += [{"subject": subject, **rest} for subject in subjects(case)]
    return rows


def subjects(case: Mapping[str, Any]) -> list[str]:
    """What a worked case is about: its one `subject` or its several `subjects`."""
    return [str(each) for each in case.get("subjects") or [case.get("subject")]]


def build(root: Path) -> dict[str, str]:
    """One page per pack, and an index when there is any."""
    pages = {}
    index = ["# 标准", "", "| 编号 | 名称 | 继承自 | 复核期限 |", "|---|---|---|---|"]
    for folder in packs(root):
        pack = load(folder / "standard.yaml")
        cases = load(folder / "cases.yaml") if (folder / "cases.yaml").exists() else None
        pages[f"docs/standards/{folder.name}.md"] = render(pack, cases)
        title, parent, review = plain(pack.get("title")), plain(pack.get("extends")), plain(pack.get("review_by"))
        index.append(f"| [{folder.name}]({folder.name}.md) | {title} | {parent} | {review} |")
    if pages:
        pages["docs/standards/README.md"] = "\n".join(index)
    return pages
