"""docs/cli.md: every command of `junheng` with its arguments and options, taken from the Typer application itself."""

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

PAGE = "docs/cli.md"


def has_cli() -> bool:
    """True when the command line exists."""
    return importlib.util.find_spec("junheng.cli") is not None


def application() -> Any:
    """The root command, as Typer builds it."""
    return typer.main.get_command(importlib.import_module("junheng.cli").app)


def commands(root: Any, prefix: str = "junheng") -> Iterator[tuple[str, Any]]:
    """Every command below and including the root, with the words that call it; hidden ones are left out."""
    yield prefix, root
    for name, command in sorted(getattr(root, "commands", {}).items()):
        if not command.hidden:
            yield from commands(command, f"{prefix} {name}")


def spelling(parameter: Any) -> str:
    """How an option or argument is written: `--out`, `--serve/--no-serve`, `FILES…`."""
    if parameter.param_type_name == "argument":
        return f"{(parameter.metavar or parameter.name).upper()}{'…' if parameter.nargs == -1 else ''}"
    return "/".join([*parameter.opts, *parameter.secondary_opts])


def _default(parameter: Any) -> str:
    if parameter.required:
        return "必填"
    default = parameter.default
    if default is None or callable(default) or default in ((), [], "") or isinstance(default, bool):
        return ""
    return f"`{getattr(default, 'value', default)}`"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _section(words: str, command: Any) -> str:
    lines = [f"## {words}", "", " ".join((command.help or "").split()), ""]
    parameters = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    if parameters:
        lines += ["| 参数 | 说明 | 默认 |", "|---|---|---|"]
        lines += [f"| `{spelling(each)}` | {_cell(each.help)} | {_default(each)} |" for each in parameters]
        lines.append("")
    return "\n".join(lines)


def render(root: Any) -> str:
    """The whole page for a root command."""
    intro = "# 命令行参考\n\nEvery command and option of `junheng`. 退出码见 `src/junheng/core/errors.py`。\n"
    return "\n".join([intro, *(_section(words, command) for words, command in commands(root))])


def build(_root: Path) -> dict[str, str]:
    """The page, or nothing as long as there is no command line."""
    return {PAGE: render(application())} if has_cli() else {}


def undocumented(root: Any, page: str) -> list[str]:
    """Options that the page does not name, and commands or options without a word of help."""
    problems = []
    for words, command in commands(root):
        if not (command.help or "").strip():
            problems.append(f"{words} has no help")
        for parameter in command.params:
            is_hidden = getattr(parameter, "hidden", False)
            if not is_hidden and f"`{spelling(parameter)}`" not in _part(page, words):
                problems.append(f"{words} {spelling(parameter)} is not in {PAGE}")
            if not is_hidden and not (parameter.help or "").strip():
                problems.append(f"{words} {spelling(parameter)} has no help")
    return problems


def _part(page: str, words: str) -> str:
    """The section of one command on the page."""
    return page.partition(f"## {words}\n")[2].partition("\n## ")[0]
