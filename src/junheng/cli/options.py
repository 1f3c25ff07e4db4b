"""Files that options name, to read and to write."""

from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.core.errors import InputError

ForceOption = Annotated[bool, typer.Option("--force", help="文件已经存在时覆盖它。")]


def unless_there(path: Path, *, is_forced: bool) -> Path:
    """A file to be filled in by people. InputError when it is there already: what they typed must not be lost."""
    if path.exists() and not is_forced:
        raise InputError(f"“{path}”已经存在,没有覆盖。请换一个文件名;确实要覆盖,请加 --force。")
    return path


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
