"""A scenario in YAML (or JSON): nested texts with the line of every entry. Numbers stay the text that was written."""

from pathlib import Path
from typing import Any

import yaml

from junheng.core.errors import InputError
from junheng.core.findings import Location

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_MAX_BYTES = 5_000_000
_DEEPEST = 10
_NOTHING = ("", "~", "null")


def read_scenario_yaml(path: Path) -> tuple[Any, dict[str, Location]]:
    """The content and the place of every entry by its path (rows of tables as `budgets[1]`). A plain `null` or nothing is None.

    InputError when the file cannot be read, is too large, is not YAML, repeats a key or uses anchors.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"打不开方案文件“{path}”：{error.strerror}。") from error
    if len(content) > _MAX_BYTES:
        raise InputError(f"方案文件“{path}”超过 {_MAX_BYTES // 1_000_000} MB，不像是方案。请检查是否选错文件。")
    places: dict[str, Location] = {}
    try:
        text = content.decode("utf-8-sig")
        _require_shallow(text, path)
        node = yaml.compose(text, Loader=_LOADER)
        return (None if node is None else _construct(node, path.name, "", places)), places
    except UnicodeDecodeError as error:
        raise InputError(f"方案文件“{path}”不是 UTF-8 编码，请另存为 UTF-8。") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark is not None else "有一处"
        raise InputError(f"方案文件“{path}”{where}写法有误，请检查缩进、冒号和引号。") from error


def _require_shallow(text: str, path: Path) -> None:
    """Refuses deep nesting before the tree is built: building it follows the nesting with the machine's own stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InputError(f"方案文件“{path}”嵌套过深，请从模板开始填写。")


def _construct(node: Any, file: str, path: str, places: dict[str, Location]) -> Any:
    line = node.start_mark.line + 1
    if path in places:
        raise InputError(f"方案文件“{file}”第 {line} 行又写了一次“{path}”，或用了 YAML 锚点。请只在一处写全。")
    places[path] = Location(file=file, row=line, field=path)
    if isinstance(node, yaml.ScalarNode):
        is_nothing = not node.style and node.value in _NOTHING
        return None if is_nothing else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_construct(entry, file, f"{path}[{place}]", places) for place, entry in enumerate(node.value, start=1)]
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        found[key] = _construct(value_node, file, f"{path}.{key}" if path else key, places)
    return found
