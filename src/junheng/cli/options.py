"""Files that options name."""

from pathlib import Path
from typing import Any

from junheng.core.errors import InputError


def json_object(path: Path, what: str) -> dict[str, Any]:
    """A JSON file that holds one object; `what` names it in messages. InputError when it does not."""
    import json

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"打不开{what}“{path}”:{error.strerror}。") from error
    except ValueError as error:
        raise InputError(f"{what}“{path}”不是有效的 JSON:{error}。") from error
    if not isinstance(data, dict):
        raise InputError(f'{what}“{path}”应是一个对象,如 {{"编号": "内容"}}。')
    return data
