"""Strict YAML for standards: every scalar stays the text that was written, and whatever is ambiguous is refused.

A number read as binary floating point is no longer the number of the document (4.2 would become 4.2000000000000002), so no scalar
is resolved here; `Node` turns text into exact values where the meaning of a key is known. A `Node` carries its file and key path,
so that every refusal says where it is.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from junheng.core.errors import StandardError

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MAX_BYTES = 2_000_000
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of parsed YAML (text, list or mapping) with the place it came from."""

    value: Any
    file: str
    path: str = ""

    def refuse(self, reason: str) -> StandardError:
        """The exception that names file, key path and reason; the caller raises it."""
        return StandardError(f"{self.file} 的 {self.path or '顶层'}：{reason}")

    def mapping(self, known: Collection[str] | None = None, required: Collection[str] = ()) -> Mapping[str, Any]:
        """The value as a mapping; StandardError when it is none, holds a key not in `known`, or lacks a required one."""
        if not isinstance(self.value, Mapping):
            raise self.refuse("这里应当是“键: 值”的映射，请检查缩进。")
        unknown = sorted(set(self.value) - set(known)) if known is not None else []
        if unknown:
            raise self.refuse(f"有不认识的键 {'、'.join(unknown)}。请改为下列之一：{'、'.join(sorted(known or ()))}。")
        missing = [key for key in required if key not in self.value]
        if missing:
            raise self.refuse(f"缺少 {'、'.join(missing)}，请补上。")
        return self.value

    def child(self, key: str) -> "Node":
        """The node under a key (StandardError when it is missing)."""
        value = self.mapping(required=(key,))[key]
        return Node(value, self.file, f"{self.path}.{key}" if self.path else key)

    def get(self, key: str) -> "Node | None":
        """The node under a key, None when the key is missing."""
        return self.child(key) if key in self.mapping() else None

    def entries(self) -> Iterator["Node"]:
        """The nodes of a list; an element with an id is named by it in the path."""
        if not isinstance(self.value, list):
            raise self.refuse("这里应当是列表，每项以“- ”开头。")
        for number, value in enumerate(self.value, start=1):
            name = value.get("id", number) if isinstance(value, Mapping) else number
            yield Node(value, self.file, f"{self.path}[{name}]")

    def text(self) -> str:
        """The value as non-empty text."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("这里应当写一段文字，不能为空。")
        return " ".join(self.value.split())

    def number(self) -> Fraction:
        """The value as an exact fraction, from plain decimal notation."""
        if not isinstance(self.value, str) or not _NUMBER.fullmatch(self.value):
            raise self.refuse(f"“{self.value}”不是数。请写十进制数，如 4.2 或 0.85（比例写成小数，不带百分号）。")
        return Fraction(Decimal(self.value))

    def integer(self) -> int:
        """The value as a whole number."""
        number = self.number()
        if number.denominator != 1:
            raise self.refuse(f"“{self.value}”应当是整数。")
        return number.numerator

    def day(self) -> date:
        """The value as a day in ISO notation."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.refuse(f"“{self.value}”不是日期。请写成 2017-04-26 的样子。") from None

    def boolean(self) -> bool:
        """The value as true or false."""
        if self.value not in ("true", "false"):
            raise self.refuse(f"“{self.value}”应当是 true 或 false。")
        return bool(self.value == "true")

    def identifier(self) -> str:
        """The value as an id: lower-case English words joined by underscores."""
        text = self.text()
        if not _ID.fullmatch(text):
            raise self.refuse(f"编号“{text}”只能由小写英文字母、数字和下划线组成，以字母开头。")
        return text

    def choice(self, choices: Collection[str]) -> str:
        """The value as one of the choices."""
        text = self.text()
        if text not in choices:
            raise self.refuse(f"“{text}”不存在。请改为下列之一：{'、'.join(sorted(choices))}。")
        return text


def read_yaml(path: Path, name: str) -> Node:
    """The content of a YAML file as text, lists and mappings.

    `name` is how the file is called in messages. StandardError when the file cannot be read, is too large, is not YAML, repeats a
    key, or uses anchors (every value must be readable where it stands).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StandardError(f"标准文件 {name} 读不出来({error.strerror})。请检查路径。") from error
    if len(data) > _MAX_BYTES:
        raise StandardError(f"标准文件 {name} 超过 {_MAX_BYTES // 1_000_000} MB，不像是标准。请检查是否选错文件。")
    try:
        return Node(_construct(yaml.compose(data.decode("utf-8"), Loader=_LOADER), name, set()), name)
    except RecursionError as error:
        raise StandardError(f"标准文件 {name} 嵌套过深，不像是标准。请检查是否选错文件。") from error
    except UnicodeDecodeError as error:
        raise StandardError(f"标准文件 {name} 不是 UTF-8 编码。请另存为 UTF-8。") from error
    except yaml.YAMLError as error:
        raise StandardError(f"标准文件 {name} 不是合格的 YAML：{_problem(error)}") from error


def _problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"第 {mark.line + 1} 行第 {mark.column + 1} 列附近" if mark else "位置不明"
    return f"{where}写法有误（{getattr(error, 'problem', None) or error}）。请检查缩进、冒号和引号。"


def _construct(node: Any, name: str, seen: set[int]) -> Any:
    if node is None:
        raise StandardError(f"标准文件 {name} 是空的。")
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise StandardError(
            f"标准文件 {name} 第 {line} 行用了 YAML 锚点（& 和 *）。请把内容写全，每个数值都要在原处看得见。"
        )
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_construct(entry, name, seen) for entry in node.value]
    return _mapping(node, name, seen)


def _mapping(node: Any, name: str, seen: set[int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = _construct(key_node, name, seen)
        if not isinstance(key, str) or key in result:
            raise StandardError(
                f"标准文件 {name} 第 {key_node.start_mark.line + 1} 行的键“{key}”重复或不是文字。请只留一个。"
            )
        result[key] = _construct(value_node, name, seen)
    return result
