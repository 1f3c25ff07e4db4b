"""A roster of schools from a workbook of any layout: one row a school, found by the titles of its columns.

Every file is hostile: it is read like any other, in a child process with limits (`junheng.readers.grids`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from junheng.core.findings import Finding, Level, Location, has_errors
from junheng.readers.cells import Parsed, parse_choice, parse_text
from junheng.readers.dictionary import load_dictionary
from junheng.readers.grids import read_grids
from junheng.readers.sheets import Grid

__all__ = ["ROSTER_COLUMNS", "Roster", "RosterRow", "read_roster", "school_types"]

ROSTER_COLUMNS = {"code": "学校标识码", "name": "学校名称", "township": "所在乡镇（街道）", "school_type": "学校类别"}
"""The columns of a roster and their titles in the template. The last two may be missing."""

_TITLES = {
    "code": ("学校标识码", "标识码", "学校（机构）标识码", "学校代码", "机构代码"),
    "name": ("学校名称", "名称", "校名", "学校（机构）名称"),
    "township": ("所在乡镇（街道）", "所在乡镇", "乡镇", "乡镇街道", "乡镇（街道）", "所属乡镇"),
    "school_type": ("学校类别", "学校类型", "类别", "类型", "办学类型"),
}
_CODE_DIGITS = 10
_LONGEST_NAME = 100
_SEARCHED_ROWS = 20


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One school as the file has it. `township` and `school_type` are "" when blank; `places` says where each cell stands."""

    code: str
    name: str
    township: str
    school_type: str
    places: Mapping[str, Location] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows that could be read, in the order of the file, and all findings."""

    rows: tuple[RosterRow, ...]
    findings: tuple[Finding, ...]

    @property
    def is_usable(self) -> bool:
        """True when no finding blocks and there is at least one school."""
        return bool(self.rows) and not has_errors(list(self.findings))


def school_types() -> dict[str, str]:
    """Each school type of the field dictionary → its Chinese label, in the dictionary's order."""
    return dict(load_dictionary().field("schools", "school_type").choices)


def read_roster(path: Path) -> Roster:
    """The schools listed in a workbook or text table. InputError only when the path cannot be used at all."""
    read = read_grids(path)
    findings = list(read.findings)
    for grid in read.grids:
        columns = _find_columns(grid)
        if columns is not None:
            rows = _rows(grid, *columns, findings)
            findings += _repeated(rows)
            return Roster(tuple(rows), tuple(findings))
    if not has_errors(findings):
        text = f"“{path.name}”里没有找到同时有“学校标识码”和“学校名称”两列的表。"
        findings.append(
            _error("roster-no-header", text, "请下载名录模板,把内容粘贴进去再上传。", Location(file=path.name))
        )
    return Roster((), tuple(findings))


def _find_columns(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The index of the title row and of each column; None when this sheet is no roster."""
    for row_index, row in enumerate(grid.rows[:_SEARCHED_ROWS]):
        titles = {_title(cell): index for index, cell in reversed(list(enumerate(row))) if isinstance(cell, str)}
        columns = {
            name: next(titles[_title(word)] for word in words if _title(word) in titles)
            for name, words in _TITLES.items()
            if any(_title(word) in titles for word in words)
        }
        if {"code", "name"} <= set(columns):
            return row_index, columns
    return None


def _title(cell: object) -> str:
    text = str(parse_text(str(cell)).value or "")
    return "".join(text.split()).rstrip("*").replace("(", "（").replace(")", "）")


def _rows(grid: Grid, head: int, columns: dict[str, int], findings: list[Finding]) -> list[RosterRow]:
    aliases = load_dictionary().field("schools", "school_type").aliases
    types = {label: identity for identity, label in school_types().items()}
    found = []
    for index in range(head + 1, len(grid.rows)):
        cells = grid.rows[index]
        if all(cells[column] in (None, "") for column in columns.values()):
            continue
        places = {name: grid.location(index, column) for name, column in columns.items()}
        parsed = {
            name: parse_choice(cells[column], types, aliases) if name == "school_type" else parse_text(cells[column])
            for name, column in columns.items()
        }
        problems = _problems(parsed, places)
        findings += problems
        if not has_errors(problems):
            texts = {name: str(parsed[name].value or "") if name in parsed else "" for name in ROSTER_COLUMNS}
            found.append(RosterRow(**texts, places=places))
    return found


def _problems(parsed: Mapping[str, Parsed], places: Mapping[str, Location]) -> list[Finding]:
    """What is wrong in the cells of one row."""
    found = []
    for column, cell in parsed.items():
        if cell.problem is not None:
            text = f"{places[column].cell} 的{ROSTER_COLUMNS[column]}:{cell.problem.reason}。"
            found.append(_error("roster-cell", text, "请改正这一格后重新上传。", places[column]))
    code, name = parsed["code"], parsed["name"]
    if code.problem is None and not _is_code(code.value):
        shown = f"“{code.value}”" if code.value else "空白"
        text = f"{places['code'].cell} 的学校标识码是{shown},应是 {_CODE_DIGITS} 位数字。"
        hint = "请对照教育部学校（机构）代码填写;单元格格式请设为“文本”,以免丢掉数字。"
        found.append(_error("roster-code", text, hint, places["code"]))
    if name.problem is None and not 0 < len(str(name.value or "")) <= _LONGEST_NAME:
        text = f"{places['name'].cell} 没有填学校名称,或超过 {_LONGEST_NAME} 个字。"
        found.append(_error("roster-name", text, "请填写学校全称。", places["name"]))
    return found


def _is_code(value: object) -> bool:
    return isinstance(value, str) and len(value) == _CODE_DIGITS and value.isascii() and value.isdigit()


def _repeated(rows: list[RosterRow]) -> list[Finding]:
    counts = Counter(row.code for row in rows)
    return [
        _error(
            "roster-repeated",
            f"{row.places['code'].cell} 的学校标识码 {row.code} 在名录中出现 {counts[row.code]} 次。",
            "每所学校只列一行;请删去重复的行,或核对标识码。",
            row.places["code"],
        )
        for row in rows
        if counts[row.code] > 1
    ]


def _error(code: str, message: str, hint: str, place: Location) -> Finding:
    return Finding(Level.ERROR, code, message, hint, place)
